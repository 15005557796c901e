// joulery pue FILE.csv: PUE by hour, day, month and year from a facility's readings, and a model of
// it on weather and load.
#include <fmt/format.h>

#include <iostream>

#include "base/text.h"
#include "commands.h"
#include "common.h"
#include "joulery/pue.h"
#include "joulery/report.h"
#include "output.h"

namespace joulery::cli {
namespace {

constexpr std::array kPueFlags = {
    Flag{"--time-zone", "ZONE", "America/Denver",
         "whose clock makes the hours, days and months, and in which stamps without a zone are "
         "read (default: UTC)"},
    Flag{"--stamps", "ZONE", "UTC", "zone of stamps without one, where it is another"},
    Flag{"--unit", "UNIT", "kW",
         "of IT and facility columns whose heading has none: W, kW, MW, J, kWh, MWh, ..."},
    Flag{"--energy", "HOW", "cumulative",
         "interval: energies of their intervals; cumulative: the states of a meter that counts on "
         "(default: interval, and states are refused)"},
    Flag{"--meter-accuracy", "PERCENT", "0.5%",
         "limits of error of each meter (default: 1%, class 1 of IEC 62053-21)"},
    Flag{"--plot", "FILE", "pue.svg",
         "draw the daily means, and the hourly ones of a week, in .svg, .pdf or .png (needs "
         "gnuplot)"},
    Flag{"--week", "DATE", "2020-07-27",
         "first day of the week that --plot draws by hours (default: that of the greatest "
         "variation)"},
    Flag{"--temperature", "FILE[:COLUMN]", "weather.csv:wet_bulb_c",
         "outdoor temperature for the model (default: a column temperature*, outdoor*, dry_bulb* "
         "or wet_bulb* of FILE)"},
    Flag{"--it-capacity", "POWER", "1.2MW",
         "of which the model counts the IT load as a share (default: the largest hourly mean)"},
    Flag{"--model", "FILE", "pue.toml",
         "keep the model of PUE on temperature and load, for joulery plan"},
};

Result<EnergyReading> energy_reading(const Args& args) {
  const std::string how = args.get("--energy");
  if (how.empty()) return EnergyReading::kGuess;
  if (how == "interval") return EnergyReading::kInterval;
  if (how == "cumulative") return EnergyReading::kCumulative;
  return Error{ErrorCode::kUsage,
               fmt::format("--energy: \"{}\" is neither interval nor cumulative", how)};
}

/// As a share of 1; empty where it is not given.
Result<std::optional<double>> meter_accuracy(const Args& args) {
  constexpr double kMostPct = 20;  // no meter is that bad: a slip of the pen
  if (!args.has("--meter-accuracy")) return std::optional<double>();
  const std::string text = args.get("--meter-accuracy");
  const std::string_view words = trim(text);
  const auto pct =
      words.ends_with('%') ? parse_number(trim(words.substr(0, words.size() - 1))) : std::nullopt;
  if (!pct || *pct < 0 || *pct > kMostPct)
    return Error{ErrorCode::kUsage,
                 fmt::format("--meter-accuracy: \"{}\" is no accuracy from 0% to {}%, for example "
                             "--meter-accuracy 0.5%",
                             text, kMostPct)};
  return std::optional(*pct / 100);
}

Result<std::optional<Watts>> it_capacity(const Args& args) {
  if (!args.has("--it-capacity")) return std::optional<Watts>();
  JOULERY_TRY(const Watts capacity, parse_power(args.get("--it-capacity"), "--it-capacity"));
  if (capacity <= Watts(0))
    return Error{ErrorCode::kUsage, "--it-capacity: 0 W is the capacity of nothing"};
  return std::optional(capacity);
}

Result<void> check_outputs(const Args& args) {
  if (args.has("--week") && !args.has("--plot"))
    return Error{ErrorCode::kUsage, "--week: goes with --plot, whose second picture it chooses"};
  if (args.has("--plot")) {
    JOULERY_CHECK(check_plot_name(args.get("--plot")));
    JOULERY_CHECK(check_output(args.get("--plot"), "--plot"));
  }
  if (args.has("--model")) JOULERY_CHECK(check_output(args.get("--model"), "--model"));
  return {};
}

Result<PueProfile> profile_from(const Args& args) {
  PueRequest request;
  request.file = args.words()[0];
  request.stamp_zone = args.get("--stamps", args.get("--time-zone"));
  request.unit = args.get("--unit");
  request.temperature = args.get("--temperature");
  JOULERY_TRY(request.energy, energy_reading(args));
  JOULERY_TRY(const std::optional<double> accuracy, meter_accuracy(args));
  request.meter_accuracy = accuracy.value_or(kUsualMeterAccuracy);
  JOULERY_TRY(const TimeZone zone, TimeZone::named(args.get("--time-zone", "UTC"), "--time-zone"));
  JOULERY_TRY(const PueReadings readings, read_pue_readings(request));
  return make_pue_profile(readings, zone, accuracy);
}

/// Empty where no temperature is known, or too little of it and nobody asked for a model.
Result<std::optional<PueModel>> model_from(const Args& args, PueProfile& profile) {
  JOULERY_TRY(const std::optional<Watts> capacity, it_capacity(args));
  const bool wanted = args.has("--model");
  if (!wanted && profile.temperature.empty()) return std::optional<PueModel>();
  auto model = fit_pue_model(profile, capacity);
  if (model) return std::optional(std::move(*model));
  if (wanted) return Error{model.error().code, "--model: " + model.error().message};
  profile.notes.push_back("no model: " + model.error().message);
  return std::optional<PueModel>();
}

Result<void> write_files(const Args& args, const PueProfile& profile,
                         const std::optional<PueModel>& model) {
  if (args.has("--plot"))
    JOULERY_CHECK(write_output_file(args.get("--plot"), [&](const std::string& draft) {
      return plot_pue(profile, args.get("--week"), draft);
    }));
  if (args.has("--model"))
    JOULERY_CHECK(write_output(args.get("--model"), [&](std::ostream& out) -> Result<void> {
      out << pue_model_toml(*model);
      return {};
    }));
  return {};
}

Result<int> cmd_pue(const Args& args) {
  JOULERY_CHECK(check_outputs(args));
  JOULERY_TRY(PueProfile profile, profile_from(args));
  JOULERY_TRY(const std::optional<PueModel> model, model_from(args, profile));
  JOULERY_CHECK(write_files(args, profile, model));
  if (args.has("--json"))
    write_pue_json(profile, model, std::cout);
  else
    write_pue_text(profile, model, std::cout);
  return 0;
}

}  // namespace

Command pue_command() {
  return {.name = "pue",
          .summary = "Tells a facility's PUE by hour, day, month and year, and how it varies.",
          .usage = "FILE.csv [FLAG...]",
          .least_words = 1,
          .most_words = 1,
          .word = "a FILE",
          .flags = {kPueFlags, kJsonFlag},
          .example = "joulery pue hall.csv --time-zone America/Denver --plot pue.svg",
          .run = cmd_pue};
}

}  // namespace joulery::cli
