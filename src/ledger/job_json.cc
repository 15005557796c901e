// ledger: job and place as JSON, see job_json.h. The only file here that includes nlohmann.
#include "ledger/job_json.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace joulery {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kVersion = 1;

// ---- text: a JSON string, or {"hex": "…"} of bytes that are not UTF-8, since JSON could not give
// them back

bool is_utf8(const std::string& text) {
  try {
    (void)Json(text).dump();  // strict: throws at the first byte that is not UTF-8
    return true;
  } catch (const Json::exception&) {
    return false;
  }
}

Json put(const std::string& text) {
  if (is_utf8(text)) return text;
  constexpr char kHex[] = "0123456789abcdef";
  std::string hex;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    hex += {kHex[byte >> 4u], kHex[byte & 15u]};
  }
  return {{"hex", hex}};
}

std::string text_of(const Json& json) {
  if (json.is_string()) return json.get<std::string>();
  const std::string hex = json.at("hex").get<std::string>();
  std::string text;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    text += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return text;
}

Json put(const std::vector<std::string>& items) {
  Json list = Json::array();
  for (const std::string& item : items) list.push_back(put(item));
  return list;
}

std::vector<std::string> list_of(const Json& json) {
  std::vector<std::string> items;
  for (const Json& item : json) items.push_back(text_of(item));
  return items;
}

template <class T>
Json put(const std::optional<T>& maybe) {
  return maybe ? Json(*maybe) : Json(nullptr);
}

/// nlohmann would turn 1e99 into some int.
std::int64_t whole_of(const Json& json) {
  if (!json.is_number_integer()) throw std::invalid_argument("not a whole number: " + json.dump());
  return json.get<std::int64_t>();
}

std::optional<int> maybe_of(const Json& json) {
  if (json.is_null()) return std::nullopt;
  return static_cast<int>(whole_of(json));
}

// ---- estimates and factors

double count_of(double value) { return value; }
template <class Kind>
double count_of(Quantity<Kind> value) {
  return value.count();
}

template <class T>
Json put(const Estimate<T>& estimate) {
  const bool sound =
      estimate && std::isfinite(count_of(*estimate.value)) && std::isfinite(count_of(estimate.u));
  if (!sound) return {{"value", nullptr}, {"why", put(estimate.why)}};
  return {{"value", count_of(*estimate.value)},
          {"u", count_of(estimate.u)},
          {"evidence", static_cast<int>(estimate.evidence)},
          {"coverage", estimate.coverage},
          {"top", put(estimate.top)}};
}

template <class T>
Estimate<T> estimate_of(const Json& json) {
  if (json.at("value").is_null()) return Estimate<T>::missing(text_of(json.at("why")));
  const std::int64_t evidence = whole_of(json.at("evidence"));
  if (evidence < 0 || evidence > static_cast<std::int64_t>(Evidence::kMissing))
    throw std::out_of_range("evidence " + std::to_string(evidence));
  return Estimate<T>::of(T(json.at("value").get<double>()), T(json.at("u").get<double>()),
                         static_cast<Evidence>(evidence), text_of(json.at("top")),
                         json.at("coverage").get<double>());
}

template <class T>
Json put(const Factor<T>& factor) {
  return {{"estimate", put(factor.estimate)}, {"source", put(factor.source)},
          {"year", put(factor.year)},         {"region", put(factor.region)},
          {"kind", put(factor.kind)},         {"basis", put(factor.basis)}};
}

template <class T>
Factor<T> factor_of(const Json& json) {
  Factor<T> factor;
  factor.estimate = estimate_of<T>(json.at("estimate"));
  factor.source = text_of(json.at("source"));
  factor.year = maybe_of(json.at("year"));
  factor.region = text_of(json.at("region"));
  factor.kind = text_of(json.at("kind"));
  // Records of the first versions do not tell it.
  if (const auto basis = json.find("basis"); basis != json.end()) factor.basis = text_of(*basis);
  return factor;
}

// ---- job and place

Json put(const Job& job) {
  Json tags = Json::array();
  for (const auto& [name, text] : job.tags) tags.push_back({put(name), put(text)});
  return {{"id", put(job.id)},     {"name", put(job.name)},       {"project", put(job.project)},
          {"tags", tags},          {"command", put(job.command)}, {"host", put(job.host)},
          {"user", put(job.user)}, {"origin", put(job.origin)},   {"version", put(job.version)}};
}

Job job_of(const Json& json) {
  Job job;
  job.id = text_of(json.at("id"));
  job.name = text_of(json.at("name"));
  job.project = text_of(json.at("project"));
  for (const Json& tag : json.at("tags"))
    job.tags.emplace_back(text_of(tag.at(0)), text_of(tag.at(1)));
  job.command = list_of(json.at("command"));
  job.host = text_of(json.at("host"));
  job.user = text_of(json.at("user"));
  job.origin = text_of(json.at("origin"));
  job.version = text_of(json.at("version"));
  return job;
}

Json put(const Place& place) {
  Json json = {{"name", put(place.name)},
               {"pue", put(place.pue)},
               {"intensity_per_joule", put(place.intensity)},
               {"electricity_price_per_joule", put(place.electricity_price)},
               {"cloud_price_source", put(place.cloud_price_source)},
               {"currency", put(place.currency)}};
  if (place.cloud_price)
    json["cloud_price_per_second"] = {place.cloud_price->first.count(),
                                      place.cloud_price->second.count()};
  return json;
}

Place place_of(const Json& json) {
  Place place;
  place.name = text_of(json.at("name"));
  place.pue = factor_of<double>(json.at("pue"));
  place.intensity = factor_of<GramsPerJoule>(json.at("intensity_per_joule"));
  place.electricity_price = factor_of<MoneyPerJoule>(json.at("electricity_price_per_joule"));
  place.cloud_price_source = text_of(json.at("cloud_price_source"));
  place.currency = text_of(json.at("currency"));
  if (json.contains("cloud_price_per_second")) {
    const Json& price = json.at("cloud_price_per_second");
    place.cloud_price = {MoneyPerSecond(price.at(0).get<double>()),
                         MoneyPerSecond(price.at(1).get<double>())};
  }
  return place;
}

// ---- the end of a job

Json put_end(const Job& job) {
  Json survivors = Json::array();
  for (const Survivor& survivor : job.survivors)
    survivors.push_back({{"pid", survivor.pid}, {"name", put(survivor.name)}});
  Json json = {{"version", kVersion},
               {"exit_status", put(job.exit_status)},
               {"signal", put(job.signal)},
               {"survivors", survivors}};
  if (job.cpu_use)
    json["cpu_use"] = {{"job_s", job.cpu_use->job.count()}, {"busy_s", job.cpu_use->busy.count()}};
  return json;
}

void take_end(const Json& json, Job& job) {
  job.exit_status = maybe_of(json.at("exit_status"));
  job.signal = maybe_of(json.at("signal"));
  for (const Json& survivor : json.at("survivors"))
    job.survivors.push_back({whole_of(survivor.at("pid")), text_of(survivor.at("name"))});
  if (json.contains("cpu_use"))
    job.cpu_use = CpuUse{Seconds(json.at("cpu_use").at("job_s").get<double>()),
                         Seconds(json.at("cpu_use").at("busy_s").get<double>())};
}

/// Runs `body` on the parsed text; what nlohmann throws becomes an Error. Newer versions are
/// refused before `body`.
template <class Body>
Result<void> read(const std::string& text, const char* what, Body body) {
  try {
    const Json json = Json::parse(text);
    const std::int64_t version = whole_of(json.at("version"));
    if (version > kVersion)
      return Error{ErrorCode::kInvalid, std::string(what) +
                                            ": written by a newer Joulery (version " +
                                            std::to_string(version) + "; this one reads up to " +
                                            std::to_string(kVersion) + ")"};
    body(json);
    return {};
  } catch (const std::exception& problem) {
    return Error{ErrorCode::kInvalid, std::string(what) + ": " + problem.what()};
  }
}

}  // namespace

std::string about_text(const Job& job, const Place& place) {
  return Json{{"version", kVersion}, {"job", put(job)}, {"place", put(place)}}.dump();
}

Result<About> parse_about(const std::string& text) {
  About about;
  JOULERY_CHECK(read(text, "what the record says of its run", [&](const Json& json) {
    about.job = job_of(json.at("job"));
    about.place = place_of(json.at("place"));
  }));
  return about;
}

std::string closing_text(const Job& job) { return put_end(job).dump(); }

Result<void> parse_closing(const std::string& text, Job& job) {
  return read(text, "what the record says of its run's end",
              [&](const Json& json) { take_end(json, job); });
}

std::string list_text(const std::vector<std::string>& items) { return put(items).dump(); }

Result<std::vector<std::string>> parse_list(const std::string& text) {
  try {
    return list_of(Json::parse(text));
  } catch (const std::exception& problem) {
    return Error{ErrorCode::kInvalid, std::string("a list in the index: ") + problem.what()};
  }
}

}  // namespace joulery
