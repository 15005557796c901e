// plan: a plan that was written down, see document.h. The only file here that includes nlohmann.
#include "plan/document.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/json_read.h"
#include "base/text.h"
#include "base/utf8.h"

namespace joulery::plan {
namespace {

using Json = nlohmann::json;

constexpr std::uint64_t kMostBytes = 16U << 20;  // a choice: a slot takes some 60 bytes
constexpr std::size_t kNameColumns = 60;         // a choice: of an objective, of a place
// A time of a slot is 4 deep, and has 10 bytes at least.
constexpr JsonBounds kBounds{.depth = 16, .values = kMostBytes / 10};
constexpr const char* kSchema = "joulery/plan/1";

/// A member that may be absent or null; null here, too.
const Json* member(const Json& object, const char* key) {
  const Json* const found = find_member(object, key);
  return found == nullptr || found->is_null() ? nullptr : found;
}

const std::string& text_in(const Json& value) {
  if (!value.is_string()) throw std::runtime_error(std::string(value.type_name()) + " is no text");
  return value.get_ref<const std::string&>();
}

WallTime time_in(const Json& value) {
  const std::string& text = text_in(value);
  const auto time = parse_time(text);
  if (!time) throw std::runtime_error('"' + text + "\" is no time of RFC 3339");
  return *time;
}

std::optional<WallTime> time_of(const Json& object, const char* key) {
  const Json* time = member(object, key);
  return time == nullptr ? std::nullopt : std::optional(time_in(*time));
}

std::string name_of(const Json& object, const char* key) {
  const Json* name = member(object, key);
  return name == nullptr ? "" : shortened(text_in(*name), kNameColumns);
}

std::optional<double> number_of(const Json& object, const char* key) {
  const Json* number = member(object, key);
  if (number == nullptr) return {};
  if (!number->is_number()) throw std::runtime_error(std::string(key) + " is no number");
  return number->get<double>();
}

std::vector<Slot> slots_in(const Json& list) {
  if (!list.is_array() || list.empty()) throw std::runtime_error("it has no slots");
  std::vector<Slot> slots;
  for (const Json& ends : list) {
    const Slot slot{time_in(ends.at(0)), time_in(ends.at(1))};
    if (slot.end <= slot.begin) throw std::runtime_error("a slot ends before it begins");
    if (!slots.empty() && slot.begin < slots.back().end)
      throw std::runtime_error("its slots are not in order");
    slots.push_back(slot);
  }
  return slots;
}

Document document_in(const Json& root) {
  if (root.at("schema") != kSchema)
    throw std::runtime_error(std::string("its schema is not ") + kSchema);
  const Json& planned = root.at("planned");
  Document document;
  document.objective = name_of(root, "objective");
  document.place = name_of(planned, "place");
  if (const Json* now = member(root, "now")) document.now = time_of(*now, "start");
  document.deadline = time_of(root, "deadline");
  document.slots = slots_in(planned.at("slots"));
  document.saving_pct = number_of(root, "saving_pct");
  document.saving_u_pct = number_of(root, "saving_u_pct");
  if (document.saving_u_pct.value_or(0) < 0) throw std::runtime_error("saving_u_pct is negative");
  return document;
}

}  // namespace

Result<Document> parse_document(std::string_view text, const std::string& file) {
  try {
    const auto json = parse_json(text, kBounds);
    if (!json) throw std::runtime_error(json.error().message);
    return document_in(*json);
  } catch (const std::exception& error) {
    return Error{ErrorCode::kInvalid,
                 fmt::format("{}: no document of joulery plan --json: {}", printable(file),
                             shortened(printable(error.what()), 200))};
  }
}

Result<Document> read_document(const std::string& file) {
  JOULERY_TRY(const std::string text, load_file(file, kMostBytes));
  return parse_document(text, file);
}

}  // namespace joulery::plan
