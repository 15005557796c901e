// estimate: rows from TOML, docs/formats/estimate.md.
#include "estimate/rows_toml.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "base/file.h"
#include "base/text.h"
#include "base/toml.h"
#include "estimate/keys.h"

namespace joulery {
namespace {

constexpr std::uint64_t kMostBytes = 16 << 20;  // a choice: a hundred thousand rows
constexpr std::size_t kMostValue = 4096;        // a choice: no value needs a longer text

Error error_at(const std::string& file, const toml::source_region& source,
               const std::string& what) {
  return {ErrorCode::kInvalid, fmt::format("{}:{}: {}", file, source.begin.line, what)};
}

std::optional<std::string> text_of(const toml::node& node) {
  if (const auto text = node.value_exact<std::string>())
    return text->size() <= kMostValue ? text : std::nullopt;
  if (const auto whole = node.value_exact<std::int64_t>()) return fmt::format("{}", *whole);
  if (const auto number = node.value_exact<double>(); number && std::isfinite(*number))
    return fmt::format("{}", *number);
  if (const auto flag = node.value_exact<bool>()) return *flag ? "true" : "false";
  return std::nullopt;
}

Result<void> add_values(const toml::table& table, const std::string& file, WrittenRow& row) {
  const auto& keys = estimate::row_keys();
  for (const auto& [key, node] : table) {
    const std::string name(key.str());
    if (std::find(keys.begin(), keys.end(), name) == keys.end()) {
      const auto nearest = nearest_names(name, keys);
      return error_at(
          file, node.source(),
          fmt::format("unknown key '{}'; {}", name,
                      nearest.empty() ? "docs/formats/estimate.md lists them"
                                      : fmt::format("nearest: {}", fmt::join(nearest, ", "))));
    }
    auto text = text_of(node);
    if (!text)
      return error_at(file, node.source(), name + ": is neither text, a number, true nor false");
    const std::string where = fmt::format("{}:{}: {}", file, node.source().begin.line, name);
    row.values.insert_or_assign(name, WrittenValue{std::move(*text), where, ErrorCode::kInvalid});
  }
  return {};
}

Result<WrittenRow> read_defaults(const toml::table& root, const std::string& file) {
  WrittenRow row;
  const toml::node* node = root.get("defaults");
  if (node == nullptr) return row;
  if (!node->is_table()) return error_at(file, node->source(), "'defaults' is a table: [defaults]");
  JOULERY_CHECK(add_values(*node->as_table(), file, row));
  return row;
}

Result<void> check_root(const toml::table& root, const std::string& file) {
  for (const auto& [key, node] : root)
    if (key.str() != "defaults" && key.str() != "row")
      return error_at(file, node.source(),
                      fmt::format("'{}': a file has [defaults] and [[row]] tables", key.str()));
  return {};
}

/// Keys of a row that settle what a default would: its own power, for example, leaves no room for
/// another kind of power.
void add_defaults(const WrittenRow& defaults, WrittenRow& row) {
  static const std::vector<std::vector<std::string>> either = {
      {"power", "node_power", "from", "energy", "utilisation"},
      {"duration", "device_hours", "steps"},
      {"intensity", "region"}};
  for (const auto& [key, value] : defaults.values) {
    bool settled = false;
    for (const auto& group : either) {
      if (std::find(group.begin(), group.end(), key) == group.end()) continue;
      settled = std::any_of(group.begin(), group.end(),
                            [&](const auto& other) { return row.values.count(other) > 0; });
    }
    if (!settled) row.values.emplace(key, value);
  }
  // A default of what the row then does not have is of the other rows.
  for (const auto& [key, of] :
       {std::pair{"gpus_per_node", "from"}, {"energy_includes_pue", "energy"}}) {
    const auto given = defaults.values.find(key);
    const auto taken = row.values.find(key);
    if (given != defaults.values.end() && taken != row.values.end() && row.values.count(of) == 0 &&
        taken->second.where == given->second.where)
      row.values.erase(taken);
  }
}

Result<std::vector<WrittenRow>> read_rows(const toml::table& root, const std::string& file) {
  JOULERY_CHECK(check_root(root, file));
  JOULERY_TRY(const WrittenRow defaults, read_defaults(root, file));
  const toml::node* node = root.get("row");
  const toml::array* list = node == nullptr ? nullptr : node->as_array();
  if (list == nullptr || list->empty())
    return Error{ErrorCode::kInvalid, file + ":1: has no [[row]]"};
  std::vector<WrittenRow> rows;
  for (const toml::node& item : *list) {
    if (!item.is_table()) return error_at(file, item.source(), "a row is a table: [[row]]");
    WrittenRow row{fmt::format("{}:{}", file, item.source().begin.line), ErrorCode::kInvalid, {}};
    JOULERY_CHECK(add_values(*item.as_table(), file, row));
    add_defaults(defaults, row);
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

Result<std::vector<WrittenRow>> parse_estimate_rows(std::string_view text,
                                                    const std::string& file) {
  try {
    return read_rows(toml::parse(text, file), file);
  } catch (const toml::parse_error& error) {
    return error_at(file, error.source(), std::string(error.description()));
  }
}

Result<std::vector<WrittenRow>> load_estimate_rows(const std::string& path) {
  JOULERY_TRY(const std::string text, load_file(path, kMostBytes));
  return parse_estimate_rows(text, path);
}

}  // namespace joulery
