// joulery estimate: energy, carbon and cost of work that was not measured as a whole.
#include <algorithm>
#include <iostream>

#include "commands.h"
#include "common.h"
#include "joulery/estimate.h"
#include "joulery/report.h"

namespace joulery::cli {
namespace {

constexpr std::array kWorkFlags = {
    Flag{"--name", "NAME", "\"BERT base\"", "name of the row"},
    Flag{"--device", "NAME", "V100",
         "accelerator, as `joulery device list` has it, with the prices that --cloud-price table "
         "takes"},
    Flag{"--count", "NUMBER", "64", "of devices (default: 1; of --from: as many as the run had)"},
    Flag{"--duration", "DURATION", "79.2h",
         "how long they worked; known to half its last digit, or as 84h+-1h says"},
    Flag{"--device-hours", "DURATION", "184320h",
         "instead of --duration: hours summed over devices, in h or d"},
    Flag{"--steps", "NUMBER", "979M", "instead of --duration: steps of training, with --rate"},
    Flag{"--rate", "STEPS/DURATION", "300k/84h", "how fast such hardware makes steps"},
};
constexpr std::array kTrainingFlags = {
    Flag{"--parameters", "NUMBER", "175G",
         "of a model that is trained, with --tokens: its operations"},
    Flag{"--active-parameters", "NUMBER", "37G",
         "of a mixture of experts: those that a token meets"},
    Flag{"--layers", "NUMBER", "96", "instead of --parameters, with --hidden: of a transformer"},
    Flag{"--hidden", "NUMBER", "12288", "width of a layer"},
    Flag{"--sequence", "NUMBER", "2048", "with --layers: tokens of a sequence, for its attention"},
    Flag{"--vocabulary", "NUMBER", "51200", "with --layers: for the last layer"},
    Flag{"--tokens", "NUMBER", "300G", "that are trained on, all epochs together"},
    Flag{"--operations", "NUMBER", "3.14e23", "floating-point operations, instead of all these"},
    Flag{"--mfu", "SHARE", "40%",
         "instead of --duration: share of the device's tensor peak that the work runs at"},
};
constexpr std::array kPowerFlags = {
    Flag{"--power", "POWER", "188W",
         "per device (u: 5 %, or as 188W+-5W says), or \"unknown\": no energy, but a cost"},
    Flag{"--node-power", "POWER", "12041.51W", "of everything together, hosts included"},
    Flag{"--from", "RUN", "last", "a measured run whose parts' power is scaled to --count"},
    Flag{"--gpus-per-node", "NUMBER", "8",
         "with --from: GPUs that share a host (default: as in the run)"},
    Flag{"--utilisation", "SHARE", "60%",
         "share of the TDP that a device draws (default: its measured mean, else 60 %, u 27 %)"},
    Flag{"--cpu-power", "POWER", "120W", "of all CPU sockets together, beside the devices"},
    Flag{"--dram-power", "POWER", "30W", "of all memory together"},
    Flag{"--rest-power", "POWER", "200W", "of fans, boards, disks, network together"},
    Flag{"--energy", "ENERGY", "1287MWh", "instead of a power"},
    Flag{"--energy-includes-pue", "", "", "the energy is what the site drew, not the hardware"},
};
constexpr std::array kWorthFlags = {
    Flag{"--embodied", "MASS", "150kg", "CO2e of making one device, with --lifetime"},
    Flag{"--lifetime", "DURATION", "1461d", "how long a device serves"},
    Flag{"--per", "UNIT", "\"1.5M responses\"",
         "the work done: gives carbon for one of it (SCI, ISO/IEC 21031), with --embodied"},
    Flag{"--metric", "NUMBER", "28.4", "what the work reached: rows that have one, side by side"},
    Flag{"--metric-better", "WHICH", "lower", "higher or lower (default: higher)"},
    Flag{"--published-energy", "ENERGY", "1507kWh", "what was printed, to hold ours against"},
    Flag{"--published-carbon", "MASS", "1438lb", "the same, in g, kg, t or lb"},
};
constexpr std::array kPresetFlag = {
    Flag{"--preset", "NAME", "strubell2019",
         "a published table beside ours: strubell2019, patterson2021 or llama2"},
};

/// "--device-hours" is the key device_hours.
std::string key_of(const Flag& flag) {
  std::string key(flag.name + 2);
  std::replace(key.begin(), key.end(), '-', '_');
  return key;
}

template <class Flags>
void add_typed(const Args& args, const Flags& flags, WrittenRow& row) {
  for (const Flag& flag : flags)
    if (args.has(flag.name))
      row.values.insert_or_assign(key_of(flag),
                                  WrittenValue{args.get(flag.name), flag.name, ErrorCode::kUsage});
}

void add_work(const Args& args, WrittenRow& row) {
  add_typed(args, kWorkFlags, row);
  add_typed(args, kTrainingFlags, row);
  add_typed(args, kPowerFlags, row);
  add_typed(args, kWorthFlags, row);
}

/// What was typed before what a row says, and that before what the environment names.
void add_place(const Args& args, WrittenRow& row) {
  // The one settles what the other would.
  if (args.has("--region")) row.values.erase("intensity");
  if (args.has("--intensity")) row.values.erase("region");
  add_typed(args, kPlaceFlags, row);
  const std::string site = args.get("--site");
  if (!site.empty() && row.values.count("region") == 0)
    row.values.emplace("site", WrittenValue{site, "--site", ErrorCode::kUsage});
}

/// Of a file's rows only the place may be told by flags.
Result<std::vector<WrittenRow>> rows_of_file(const Args& args) {
  WrittenRow typed;
  add_work(args, typed);
  if (!typed.values.empty())
    return Error{ErrorCode::kUsage, typed.values.begin()->second.where +
                                        ": belongs into the rows of the file; beside it only the "
                                        "place is told by flags"};
  return load_estimate_rows(args.words()[0]);
}

Result<int> print_preset(const Args& args) {
  if (!args.words().empty()) return Error{ErrorCode::kUsage, "--preset: takes no FILE beside it"};
  WrittenRow others;
  add_work(args, others);
  add_typed(args, kPlaceFlags, others);
  if (!others.values.empty())
    return Error{ErrorCode::kUsage, "--preset: a published table is as it is: no " +
                                        others.values.begin()->second.where + " beside it"};
  JOULERY_TRY(const Preset preset, make_preset(args.get("--preset")));
  if (args.has("--json"))
    write_preset_json(preset, std::cout);
  else
    write_preset_text(preset, std::cout);
  return 0;
}

Result<int> cmd_estimate(const Args& args) {
  if (args.has("--preset")) return print_preset(args);
  std::vector<WrittenRow> written{{"estimate", ErrorCode::kUsage, {}}};
  if (args.words().empty()) {
    add_work(args, written[0]);
  } else {
    JOULERY_TRY(written, rows_of_file(args));
  }
  EstimateSources sources;
  sources.config_files = config_files();
  JOULERY_TRY(sources.accelerators, load_accelerators(sources.config_files));
  sources.find_run = find_measured_run;
  std::vector<EstimatedRow> rows;
  for (WrittenRow& row : written) {
    add_place(args, row);
    JOULERY_TRY(const EstimateRequest request, make_estimate_request(row, sources));
    rows.push_back(estimate_row(request));
  }
  if (args.has("--json"))
    write_estimates_json(rows, std::cout);
  else
    write_estimates_text(rows, std::cout);
  return 0;
}

}  // namespace

Command estimate_command() {
  return {.name = "estimate",
          .summary = "Estimates energy, carbon and cost from hardware, hours and a place.",
          .usage = "[FLAG...] | FILE.toml [FLAG...] | --preset NAME",
          .least_words = 0,
          .most_words = 1,
          .word = "a FILE",
          .flags = {kWorkFlags, kTrainingFlags, kPowerFlags, kPlaceFlags, kWorthFlags, kPresetFlag,
                    kJsonFlag},
          .example =
              "joulery estimate --device V100 --count 64 --duration 79.2h --power 188W --pue "
              "1.58 --region US",
          .run = cmd_estimate};
}

}  // namespace joulery::cli
