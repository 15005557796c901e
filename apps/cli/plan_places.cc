// joulery: the places of a plan, with their series, see plan_places.h.
#include "plan_places.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/errors.h"
#include "common.h"
#include "joulery/pue.h"

namespace joulery::cli {
namespace {

struct SeriesFlag {
  const char* flag;
  SeriesMeasure measure;
  std::optional<Series> PlanPlace::*into;
};
constexpr SeriesFlag kSeries[] = {
    {"--series", SeriesMeasure::kIntensity, &PlanPlace::intensity},
    {"--forecast", SeriesMeasure::kIntensity, &PlanPlace::forecast},
    {"--pue-series", SeriesMeasure::kPue, &PlanPlace::pue},
    {"--price-series", SeriesMeasure::kPrice, &PlanPlace::price},
};

/// What a word of --series names: all of it, or what follows "NAME=" of a place.
std::string file_for(const std::string& word, const std::string& place) {
  if (place.empty()) return word;
  return word.starts_with(place + "=") ? word.substr(place.size() + 1) : "";
}

constexpr const char* kFileFlags[] = {"--series",    "--forecast", "--pue-series", "--price-series",
                                      "--pue-model", "--weather",  "--it-load"};

bool has_series(const Args& args, const std::string& place) {
  for (const char* flag : kFileFlags)
    for (const std::string& word : args.all(flag))
      if (!file_for(word, place).empty()) return true;
  return false;
}

Result<Series> series_of(const Args& args, const SeriesFlag& flag, const std::string& file) {
  SeriesRequest request;
  request.file = file;
  request.flag = flag.flag;
  request.measure = flag.measure;
  request.time_zone = args.get("--time-zone");
  request.config_files = config_files();
  if (flag.measure == SeriesMeasure::kIntensity) {
    request.kind = args.get("--intensity-kind");
    request.unit = args.get("--intensity-unit");
  }
  if (flag.measure == SeriesMeasure::kPrice) request.unit = args.get("--price-unit");
  JOULERY_TRY(Series series, read_series(request));
  series.forecast = series.forecast || flag.into == &PlanPlace::forecast;
  return series;
}

/// The word of a flag that is of this place; empty: there is none.
Result<std::string> one_word(const Args& args, const char* flag, const std::string& place) {
  std::string found;
  for (const std::string& word : args.all(flag)) {
    const std::string file = file_for(word, place);
    if (file.empty()) continue;
    if (!found.empty())
      return usage(fmt::format("{}: '{}' is a second one of the same place", flag, word));
    found = file;
  }
  return found;
}

Result<Series> beside_model(const Args& args, const char* flag, const std::string& file,
                            SeriesMeasure measure) {
  return read_series(
      {.file = file, .flag = flag, .measure = measure, .time_zone = args.get("--time-zone")});
}

/// What a fitted model makes of the weather, and of the IT load where it is told.
Result<void> put_modelled_pue(const Args& args, PlanPlace& place) {
  JOULERY_TRY(const std::string file, one_word(args, "--pue-model", place.name));
  JOULERY_TRY(const std::string weather, one_word(args, "--weather", place.name));
  JOULERY_TRY(const std::string load_file, one_word(args, "--it-load", place.name));
  if (file.empty() && weather.empty() && load_file.empty()) return {};
  if (file.empty() || weather.empty())
    return usage(
        "--pue-model and --weather go together, --it-load beside them: --pue-model m.toml "
        "--weather forecast.csv:temperature");
  if (place.pue) return usage("--pue-model: --pue-series tells the PUE already: one of both");
  auto model = load_pue_model(file);
  if (!model) return Error{model.error().code, "--pue-model: " + model.error().message};
  JOULERY_TRY(const Series temperature,
              beside_model(args, "--weather", weather, SeriesMeasure::kTemperature));
  std::optional<Series> load;
  if (!load_file.empty()) {
    JOULERY_TRY(load, beside_model(args, "--it-load", load_file, SeriesMeasure::kPower));
  }
  JOULERY_TRY(place.pue, pue_series(*model, temperature, load));
  if (model->capacity && !load)
    place.pue->notes.emplace_back("at the mean IT load of the fit: --it-load tells another");
  return {};
}

/// --intensity-kind is also of a constant that tells none itself, where no series stands before it.
Result<void> put_kind(const Args& args, PlanPlace& place) {
  Factor<GramsPerJoule>& intensity = place.place.intensity;
  if (!args.has("--intensity-kind") || place.intensity || place.forecast || !intensity.estimate)
    return {};
  const std::string wanted = args.get("--intensity-kind");
  const auto is_kind = [](const std::string& kind) {
    return kind == "average" || kind == "marginal";
  };
  if (!is_kind(wanted))
    return usage(
        fmt::format("--intensity-kind: '{}' is no kind of intensity: average or marginal", wanted));
  if (is_kind(intensity.kind) && intensity.kind != wanted)
    return usage(fmt::format("--intensity-kind: {} is of {} intensities, not {} ones",
                             intensity.source, intensity.kind, wanted));
  intensity.kind = wanted;
  return {};
}

Result<void> put_series(const Args& args, PlanPlace& place) {
  for (const SeriesFlag& flag : kSeries) {
    for (const std::string& word : args.all(flag.flag)) {
      const std::string file = file_for(word, place.name);
      if (file.empty()) continue;
      if (place.*flag.into)
        return usage(fmt::format("{}: '{}' is a second one of the same place", flag.flag, word));
      JOULERY_TRY(place.*flag.into, series_of(args, flag, file));
    }
  }
  JOULERY_CHECK(put_modelled_pue(args, place));
  JOULERY_CHECK(put_kind(args, place));
  for (const auto& [series, flag] :
       {std::pair(&place.intensity, "--intensity"), std::pair(&place.pue, "--pue"),
        std::pair(&place.price, "--electricity-price")})
    if (*series && args.has(flag))
      (*series)->notes.push_back(fmt::format("{} does not count beside it", flag));
  return {};
}

/// Flags that say more of something that is not there.
Result<void> check_of_nothing(const Args& args, const std::vector<PlanPlace>& places) {
  const bool intensity_series = args.has("--series") || args.has("--forecast");
  if (args.has("--intensity-unit") && !intensity_series)
    return usage("--intensity-unit: is of --series or --forecast, and there is none");
  if (args.has("--price-unit") && !args.has("--price-series"))
    return usage("--price-unit: is of --price-series, and there is none");
  const auto has_intensity = [](const PlanPlace& place) {
    return place.intensity || place.forecast || place.place.intensity.estimate;
  };
  if (args.has("--intensity-kind") && std::none_of(places.begin(), places.end(), has_intensity))
    return usage("--intensity-kind: there is no intensity that it could be of: --series FILE");
  return {};
}

/// A name that no table knows is a place of its own where a series tells of it.
Result<Place> named_place(const Args& args, const std::string& name) {
  PlaceRequest request{.site = name,
                       .pue = args.get("--pue"),
                       .intensity = args.get("--intensity"),
                       .electricity_price = args.get("--electricity-price")};
  auto place = make_place(request, config_files());
  if (place || !has_series(args, name)) {
    if (place) return place;
    Error error = place.error();
    if (error.message.starts_with("--site: "))
      error.message = "--where: " + error.message.substr(std::string_view("--site: ").size());
    return error;
  }
  request.site.clear();
  return make_place(request, config_files());
}

Result<void> check_words(const Args& args) {
  for (const char* flag : kFileFlags)
    for (const std::string& word : args.all(flag))
      if (word.empty()) return usage(fmt::format("{}: '' names no file", flag));
  return {};
}

/// Words of series flags that name no place of --where.
Result<void> check_series_words(const Args& args, const std::vector<std::string>& names) {
  for (const char* flag : kFileFlags) {
    for (const std::string& word : args.all(flag)) {
      const auto is_of = [&](const std::string& name) { return !file_for(word, name).empty(); };
      if (!std::any_of(names.begin(), names.end(), is_of))
        return usage(
            fmt::format("{}: '{}' does not say of which place it is; for example {} "
                        "{}=zones.csv:DE",
                        flag, word, flag, names[0]));
    }
  }
  return {};
}

Result<std::vector<PlanPlace>> all_places_of(const Args& args) {
  std::vector<PlanPlace> places;
  if (!args.has("--where")) {
    JOULERY_TRY(Place place, make_place_from(args));
    places.push_back({"", std::move(place), {}, {}, {}, {}});
    JOULERY_CHECK(put_series(args, places[0]));
    return places;
  }
  if (args.has("--region"))
    return usage("--region: is of one place; with --where each place has its own");
  const auto names = args.list("--where");
  for (const std::string& name : names) {
    if (name.empty() || std::count(names.begin(), names.end(), name) > 1)
      return usage(
          fmt::format("--where: '{}' has an empty name or one twice; for example --where "
                      "FRA,cluster",
                      args.get("--where")));
    JOULERY_TRY(Place place, named_place(args, name));
    places.push_back({name, std::move(place), {}, {}, {}, {}});
    JOULERY_CHECK(put_series(args, places.back()));
  }
  JOULERY_CHECK(check_series_words(args, names));
  return places;
}

}  // namespace

Result<std::vector<PlanPlace>> plan_places_of(const Args& args) {
  JOULERY_CHECK(check_words(args));
  JOULERY_TRY(std::vector<PlanPlace> places, all_places_of(args));
  JOULERY_CHECK(check_of_nothing(args, places));
  return places;
}

}  // namespace joulery::cli
