// series: asking Electricity Maps, see live.h.
#include "series/live.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "series/live_cache.h"
#include "series/live_config.h"
#include "series/live_json.h"
#include "series/order.h"

namespace joulery::series {
namespace {

// A choice: the source has hourly values, and a plan is made again in minutes.
constexpr std::chrono::minutes kFresh(15);
// A choice: a forecast of yesterday is no forecast any more.
constexpr std::chrono::hours kMostAge(24);

/// "DE" and "history" of "live:DE:history".
struct LiveWord {
  std::string zone, list;
};

Result<LiveWord> split_live(const SeriesRequest& request) {
  const std::string_view text = std::string_view(request.file).substr(kLiveWord.size());
  const std::size_t colon = std::min(text.find(':'), text.size());
  LiveWord word{std::string(text.substr(0, colon)), "forecast"};
  if (colon < text.size()) word.list = text.substr(colon + 1);
  constexpr std::size_t kLongestZone = 32;  // the longest of the source's has 12
  const bool is_zone = !word.zone.empty() && word.zone.size() <= kLongestZone &&
                       std::all_of(word.zone.begin(), word.zone.end(), [](char c) {
                         return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                                (c >= '0' && c <= '9') || c == '-';
                       });
  if (!is_zone || (word.list != "forecast" && word.list != "history"))
    return Error{ErrorCode::kUsage,
                 fmt::format("{}: '{}' is not live:ZONE, the forecast, or live:ZONE:history, the "
                             "last 24 h; for example live:DE",
                             request.flag, request.file)};
  if (request.measure != SeriesMeasure::kIntensity || request.kind == "marginal")
    return Error{ErrorCode::kUsage,
                 fmt::format("{}: {}: the live source has average carbon intensities", request.flag,
                             request.file)};
  return word;
}

struct Answer {
  KeptAnswer kept;
  std::string note;
};

/// Kept where it is fresh, else asked for, else kept all the same.
Result<Answer> answer_of(const LiveConfig& config, const LiveWord& word, const LiveWorld& world,
                         const std::string& url) {
  const auto kept = find_kept(world.cache_folder, url);
  // One from the future was kept by a clock that was wrong.
  const auto age = kept ? world.now - kept->asked : kMostAge;
  const bool usable = kept && age >= Micros(0) && age < kMostAge;
  if (usable && age < kFresh) return Answer{*kept, ""};
  HttpRequest http;
  http.url = url;
  http.secret_header = "auth-token: " + config.token;
  auto body = world.get(http);
  // Only what can be read replaces what could be.
  if (body) {
    const auto table = parse_live(*body, word.list, word.zone, url);
    if (!table) body = table.error();
  }
  if (body) {
    Answer answer{{world.now, std::move(*body)}, ""};
    if (const auto done = keep(world.cache_folder, url, answer.kept); !done)
      answer.note = "the answer is not kept: " + done.error().message;
    return answer;
  }
  if (!usable) return body.error();
  return Answer{*kept, fmt::format("{}; its answer of {} counts, {} old", body.error().message,
                                   format_time(kept->asked), format_duration(Seconds(age)))};
}

}  // namespace

// GET /v3/carbon-intensity/forecast and /v3/carbon-intensity/history with the parameter zone and
// the header auth-token, as in the API reference of Electricity Maps (portal.electricitymaps.com,
// developer hub). Values are g CO2eq/kWh, life cycle by default, average by the source's method.
Result<Series> read_live(const SeriesRequest& request, const LiveWorld& world) {
  JOULERY_TRY(const LiveWord word, split_live(request));
  JOULERY_TRY(const LiveConfig config, load_live_config(request.config_files));
  const std::string url =
      fmt::format("{}/v3/carbon-intensity/{}?zone={}", config.url, word.list, word.zone);
  JOULERY_TRY(Answer answer, answer_of(config, word, world, url));
  JOULERY_TRY(Table table, parse_live(answer.kept.body, word.list, word.zone, url));
  Series series;
  series.name = word.zone;
  series.kind = table.kind;
  series.forecast = word.list == "forecast";
  series.source = fmt::format("Electricity Maps, {} of {}, asked {}", word.list, word.zone,
                              format_time(answer.kept.asked));
  if (!answer.note.empty()) series.notes.push_back(std::move(answer.note));
  for (std::string& note : table.notes) series.notes.push_back(std::move(note));
  JOULERY_TRY(const auto readings, in_order(table, TimeZone(), url, series.notes));
  JOULERY_TRY(series.pieces, pieces_of(readings, url, series.notes));
  return series;
}

}  // namespace joulery::series
