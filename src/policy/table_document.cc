// policy: documents of sweeps and recommendations as caps, see table_document.h. The only file here
// that includes nlohmann.
#include "policy/table_document.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "base/json_read.h"
#include "base/text.h"
#include "base/utf8.h"
#include "policy/points.h"
#include "policy/table_ranges.h"
#include "policy/table_rows.h"

namespace joulery {
namespace {

using Json = nlohmann::json;

// A number of a run's device is 6 deep. A grid has at most 1000 combinations: with 49 runs each, of
// some 25 values, that many values.
constexpr JsonBounds kDocumentBounds{.depth = 8, .values = 1'500'000};
// Columns, of the document's own words in a message.
constexpr std::size_t kQuoted = 200;

/// A value and where it stands: "sweep.json: groups[0].points[2].cap_w".
class DocumentValue {
 public:
  DocumentValue(const Json& json, const std::string& file, std::string path = "")
      : json_(&json), file_(&file), path_(std::move(path)) {}

  [[nodiscard]] const Json& json() const { return *json_; }
  [[nodiscard]] Error bad(std::string_view why) const {
    return {ErrorCode::kInvalid,
            fmt::format("{}: {}{}{}", *file_, path_, path_.empty() ? "" : ": ", why)};
  }
  [[nodiscard]] DocumentValue below(const Json& json, std::string_view key) const {
    return {json, *file_, fmt::format("{}{}{}", path_, path_.empty() ? "" : ".", key)};
  }
  /// Empty where it is absent or null.
  [[nodiscard]] std::optional<DocumentValue> find(std::string_view key) const {
    const Json* const found = find_member(*json_, key);
    if (found == nullptr || found->is_null()) return {};
    return below(*found, key);
  }
  [[nodiscard]] Result<DocumentValue> at(std::string_view key) const {
    if (auto found = find(key)) return *std::move(found);
    return bad(fmt::format("has no '{}'", key));
  }
  [[nodiscard]] Result<std::vector<DocumentValue>> list(std::string_view key) const {
    JOULERY_TRY(const DocumentValue all, at(key));
    if (!all.json_->is_array()) return all.bad("is no list");
    std::vector<DocumentValue> out;
    for (const Json& one : *all.json_)
      out.emplace_back(one, *file_, fmt::format("{}[{}]", all.path_, out.size()));
    return out;
  }
  [[nodiscard]] Result<double> number(const TableRange& range) const {
    if (!json_->is_number()) return bad(fmt::format("is {} and no number", json_->type_name()));
    const auto value = json_->get<double>();
    if (range.holds(value)) return value;
    return bad(fmt::format("{:.6g} is not {}", value, range.what));
  }
  [[nodiscard]] Result<double> number(std::string_view key, const TableRange& range) const {
    JOULERY_TRY(const DocumentValue value, at(key));
    return value.number(range);
  }
  [[nodiscard]] Result<std::optional<double>> maybe(std::string_view key,
                                                    const TableRange& range) const {
    const auto value = find(key);
    if (!value) return std::optional<double>();
    JOULERY_TRY(const double number, value->number(range));
    return std::optional(number);
  }
  [[nodiscard]] Result<bool> flag(std::string_view key, bool absent) const {
    const auto value = find(key);
    if (!value) return absent;
    if (value->json_->is_boolean()) return value->json_->get<bool>();
    return value->bad("is neither true nor false");
  }

 private:
  const Json* json_;
  const std::string* file_;
  std::string path_;
};

constexpr TableRange kCounts{"a number of runs", 0, 1e9};

/// The limit that all are held against; of a recommendation one second and one joule.
struct DocumentBaseline {
  Watts cap{};
  Seconds time{1};
  Joules device_energy{1};
  std::optional<Joules> node_energy{};
};

/// The caps of one job.
class DocumentGroup {
 public:
  DocumentGroup(const DocumentValue& value, bool is_sweep, bool succeeded)
      : value_(value), is_sweep_(is_sweep), succeeded_(succeeded) {}

  /// Without rows, but with notes, where nothing can be compared.
  Result<CapGroup> read() {
    JOULERY_CHECK(take_key());
    JOULERY_TRY(const std::vector<DocumentValue> points, value_.list("points"));
    JOULERY_TRY(const bool has_choice, take_baseline());
    if (points.empty() || !has_choice) {
      note_no_choice();
      return std::move(group_);
    }
    for (const DocumentValue& point : points) JOULERY_CHECK(take_point(point));
    if (!has_baseline_)
      return value_.bad(fmt::format("no point is of the baseline, {}", watts_text(baseline_.cap)));
    JOULERY_CHECK(note_group());
    return std::move(group_);
  }

 private:
  Result<void> take_key() {
    const auto key = value_.find("key");
    if (!key) return {};
    if (!key->json().is_object()) return key->bad("is no object");
    for (const auto& [name, value] : key->json().items()) {
      if (!value.is_string())
        return key->below(value, shortened(printable(name), kQuoted)).bad("is no text");
      group_.key.emplace_back(name, value.get<std::string>());
    }
    return {};
  }

  /// False where no run of it could be compared.
  Result<bool> take_baseline() {
    const auto baseline = value_.find("baseline");
    if (!baseline || !baseline->find("time_s")) return false;
    JOULERY_TRY(const double cap, baseline->number("cap_w", kCapRange));
    JOULERY_TRY(const double time, baseline->number("time_s", kTimeRange));
    JOULERY_TRY(const double energy, baseline->number("energy_j", kEnergyRange));
    JOULERY_TRY(const auto device_energy, baseline->maybe("device_energy_j", kEnergyRange));
    baseline_.cap = Watts(cap);
    group_.baseline = baseline_.cap;
    group_.relative = !is_sweep_;
    has_node_ = device_energy.has_value();
    if (is_sweep_) {
      baseline_.time = Seconds(time);
      baseline_.device_energy = Joules(device_energy.value_or(energy));
      JOULERY_TRY(const std::vector<DocumentValue> devices, value_.list("devices"));
      if (devices.empty()) return value_.bad("'devices' is empty");
      group_.devices = static_cast<int>(devices.size());
    }
    if (has_node_) baseline_.node_energy = is_sweep_ ? Joules(energy) : Joules(1);
    return true;
  }

  Result<void> take_point(const DocumentValue& point) {
    JOULERY_TRY(const double cap, point.number("cap_w", kCapRange));
    const bool is_baseline = Watts(cap) == baseline_.cap;
    // Where devices were found at limits of their own, a cap may be as high as their mean.
    const bool twice = !caps_.insert(cap).second;
    if (twice && is_baseline) {
      note(Watts(cap), "left out: as high as the baseline");
      return {};
    }
    if (twice)
      return point.bad(
          fmt::format("'cap_w' is {}, as of a point before it", watts_text(Watts(cap))));
    has_baseline_ = has_baseline_ || is_baseline;
    JOULERY_TRY(const std::string why, why_left_out(point, is_baseline));
    if (!why.empty()) {
      note(Watts(cap), "left out: " + why);
      return {};
    }
    JOULERY_TRY(CapRow row, row_of(point, Watts(cap), is_baseline));
    JOULERY_CHECK(note_runs(point, row));
    group_.rows.push_back(row);
    return {};
  }

  /// Empty: it is taken.
  Result<std::string> why_left_out(const DocumentValue& point, bool is_baseline) const {
    JOULERY_TRY(const bool equal_work, point.flag("equal_work", true));
    JOULERY_TRY(const bool inert, point.flag("inert", false));
    JOULERY_TRY(const auto time, point.maybe("time_s", kTimeRange));
    if (is_baseline) return std::string();
    if (!equal_work) return std::string("some of its runs did other work");
    if (!time || !point.find("time_change_pct") || !point.find("energy_change_pct"))
      return std::string("no run of it could be compared");
    if (inert) return std::string("it never bound, so that what it changes is scatter");
    return std::string();
  }

  Result<CapRow> row_of(const DocumentValue& point, Watts cap, bool is_baseline) {
    CapRow row{cap, baseline_.time, baseline_.device_energy};
    row.node_energy = baseline_.node_energy;
    JOULERY_TRY(const auto trials, point.maybe("trials", kCounts));
    row.rows = static_cast<std::size_t>(trials.value_or(1));
    if (is_baseline) {
      JOULERY_TRY(const auto change, point.maybe("time_change_pct", kChangeRange));
      if (change.value_or(0) != 0) return point.bad("a change of the baseline against itself");
      return row;
    }
    JOULERY_TRY(const double time, ratio_of(point, "time_change", row.time_u));
    JOULERY_TRY(const double energy, ratio_of(point, "energy_change", row.energy_u));
    row.time = row.time * time;
    row.energy = row.energy * energy;
    if (has_node_) {
      std::optional<double> unused;
      JOULERY_TRY(const double of_devices, ratio_of(point, "device_energy_change", unused));
      row.energy = baseline_.device_energy * of_devices;
      row.node_energy = *baseline_.node_energy * energy;
    }
    return row;
  }

  /// 1.08 of a change of 8 %; `u` relative to it.
  static Result<double> ratio_of(const DocumentValue& point, const std::string& change,
                                 std::optional<double>& u) {
    JOULERY_TRY(const double percent, point.number(change + "_pct", kChangeRange));
    JOULERY_TRY(const auto u_pct, point.maybe(change + "_u_pct", kChangeURange));
    const double ratio = 1 + percent / 100;
    if (u_pct) u = *u_pct / 100 / ratio;
    return ratio;
  }

  void note_no_choice() {
    const auto notes = value_.find("notes");
    std::string why;
    if (notes && notes->json().is_array() && !notes->json().empty() &&
        notes->json().back().is_string())
      why = ": " + shortened(printable(notes->json().back().get<std::string>()), kQuoted);
    group_.notes.push_back(value_.bad("nothing could be compared").message + why);
  }

  void note(Watts cap, std::string_view what) {
    if (++noted_ <= kMostNotes)
      group_.notes.push_back(fmt::format("{}: {}", watts_text(cap), what));
  }

  Result<void> note_runs(const DocumentValue& point, const CapRow& row) {
    JOULERY_TRY(const auto failed, point.maybe("failed", kCounts));
    if (failed.value_or(0) > 0)
      note(row.cap, fmt::format("{:.0f} of its runs failed, or lost its limit; {} are in its "
                                "means",
                                *failed, row.rows));
    JOULERY_TRY(const bool equal_work, point.flag("equal_work", true));
    if (!equal_work) note(row.cap, "some of its runs did other work and are not in its means");
    JOULERY_TRY(const bool obeyed, point.flag("obeyed", true));
    if (!obeyed && !is_sweep_) note(row.cap, "the cap was not obeyed");
    if (!is_sweep_) return {};
    JOULERY_TRY(const double time, point.number("time_s", kTimeRange));
    JOULERY_TRY(const double energy, point.number("energy_j", kEnergyRange));
    const double differ = std::max(std::abs(time / row.time.count() - 1),
                                   std::abs(energy / row.whole_energy().count() - 1));
    if (differ > kSamePower)
      note(row.cap,
           fmt::format("its means and its changes against the baseline differ by {:.0f} %: "
                       "the changes, which have no drift, were taken",
                       100 * differ));
    return {};
  }

  Result<void> note_group() {
    JOULERY_TRY(const bool inert, value_.flag("cap_inert", false));
    if (inert && !is_sweep_)
      group_.notes.emplace_back(
          "inert: the mean draw at the baseline lies below the lowest cap: what these caps change "
          "is scatter, or bursts that they clip");
    if (succeeded_) return {};
    group_.notes.emplace_back(
        was_interrupted()
            ? "the sweep was interrupted: runs are missing, and may be of one cap more "
              "than of another"
            : "not all runs of the document were made and ended well");
    return {};
  }

  [[nodiscard]] bool was_interrupted() const {
    const auto runs = value_.find("runs");
    if (!runs || !runs->json().is_array()) return false;
    return std::any_of(runs->json().begin(), runs->json().end(), [](const Json& run) {
      const Json* const interrupted = find_member(run, "interrupted");
      return interrupted != nullptr && interrupted->is_boolean() && interrupted->get<bool>();
    });
  }

  const DocumentValue& value_;
  const bool is_sweep_, succeeded_;
  bool has_node_ = false, has_baseline_ = false;
  DocumentBaseline baseline_;
  std::set<double> caps_;
  std::size_t noted_ = 0;
  CapGroup group_;
};

/// Whether it is a sweep, and no recommendation.
Result<bool> is_sweep_document(const DocumentValue& root) {
  JOULERY_TRY(const DocumentValue schema, root.at("schema"));
  if (schema.json() == "joulery/sweep/1") return true;
  if (schema.json() == "joulery/recommend/1") return false;
  const std::string told = schema.json().is_string() ? schema.json().get<std::string>() : "";
  return schema.bad(fmt::format("'{}' is neither joulery/sweep/1 nor joulery/recommend/1",
                                shortened(printable(told), kQuoted)));
}

std::string_view without_mark(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  return bytes;
}

constexpr std::string_view kUtf16Braces[] = {{"\xFF\xFE{\0", 4}, {"\xFE\xFF\0{", 4}};

bool is_utf16_document(std::string_view bytes) {
  return std::any_of(std::begin(kUtf16Braces), std::end(kUtf16Braces),
                     [&](std::string_view brace) { return bytes.starts_with(brace); });
}

}  // namespace

bool is_cap_document(std::string_view bytes) {
  return is_utf16_document(bytes) || trim(without_mark(bytes)).starts_with('{');
}

Result<std::vector<CapGroup>> read_cap_document(std::string_view bytes, const std::string& file) {
  const std::string name = printable(file);
  if (is_utf16_document(bytes))
    return Error{ErrorCode::kInvalid, name + ": is in UTF-16; documents of joulery are in UTF-8"};
  const auto json = parse_json(without_mark(bytes), kDocumentBounds);
  if (!json) return Error{ErrorCode::kInvalid, fmt::format("{}: {}", name, json.error().message)};
  const DocumentValue root(*json, name);
  JOULERY_TRY(const bool is_sweep, is_sweep_document(root));
  JOULERY_TRY(const bool succeeded, root.flag("succeeded", !is_sweep));
  JOULERY_TRY(const std::vector<DocumentValue> values, root.list("groups"));
  if (values.empty()) return root.bad("'groups' is empty");
  std::vector<CapGroup> groups;
  std::vector<std::string> lost;  // notes of groups of which nothing can be compared
  for (const DocumentValue& value : values) {
    JOULERY_TRY(CapGroup group, DocumentGroup(value, is_sweep, succeeded).read());
    if (group.rows.empty() && lost.size() < kMostNotes)
      lost.insert(lost.end(), group.notes.begin(), group.notes.end());
    if (!group.rows.empty()) groups.push_back(std::move(group));
  }
  if (groups.empty()) return Error{ErrorCode::kInvalid, lost.front()};
  auto& notes = groups.front().notes;
  notes.insert(notes.end(), lost.begin(), lost.end());
  return groups;
}

}  // namespace joulery
