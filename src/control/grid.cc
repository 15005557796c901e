// control: the axes of a grid, see grid.h.
#include "control/grid.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>

#include "base/file.h"
#include "base/text.h"
#include "base/toml.h"

namespace joulery {
namespace {

constexpr std::uint64_t kMostBytes = 1 << 20;  // a grid that a person wrote is far below
// Choices: more combinations than anybody waits for, and a length that a command line can hold.
constexpr std::size_t kMostPoints = 1000;
constexpr std::size_t kMostValue = 4096;

Error error_at(const std::string& file, const toml::source_region& source,
               const std::string& what) {
  return {ErrorCode::kInvalid,
          fmt::format("{}:{}:{}: {}", file, source.begin.line, source.begin.column, what)};
}

/// An axis may become a variable of the environment.
bool is_axis_name(std::string_view name) {
  const auto fits = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
  };
  return !name.empty() && std::isdigit(static_cast<unsigned char>(name[0])) == 0 &&
         std::all_of(name.begin(), name.end(), fits);
}

std::optional<std::string> text_of(const toml::node& node) {
  if (const auto text = node.value_exact<std::string>())
    return text->size() <= kMostValue && text->find('\0') == std::string::npos ? text
                                                                               : std::nullopt;
  if (const auto whole = node.value_exact<std::int64_t>()) return fmt::format("{}", *whole);
  if (const auto number = node.value_exact<double>(); number && std::isfinite(*number))
    return fmt::format("{}", *number);
  if (const auto flag = node.value_exact<bool>()) return *flag ? "true" : "false";
  return std::nullopt;
}

Result<GridAxis> read_axis(const std::string& file, std::string_view name, const toml::node& node) {
  if (!is_axis_name(name))
    return error_at(file, node.source(),
                    "'" + std::string(name) + "': an axis is named by letters, digits and _");
  GridAxis axis{.name = std::string(name), .values = {}};
  const toml::array* const list = node.as_array();
  if (list == nullptr || list->empty())
    return error_at(file, node.source(),
                    axis.name + ": needs a list of values, for example [8, 16, 32]");
  for (const toml::node& item : *list) {
    auto value = text_of(item);
    if (!value)
      return error_at(file, item.source(),
                      axis.name + ": a value is a text, a number, true or false");
    if (std::find(axis.values.begin(), axis.values.end(), *value) != axis.values.end())
      return error_at(file, item.source(), axis.name + ": " + *value + " is given twice");
    axis.values.push_back(std::move(*value));
  }
  return axis;
}

// toml++ sorts the keys by name: the order in the file is the user's.
std::vector<std::pair<std::string, const toml::node*>> in_order(const toml::table& table) {
  std::vector<std::pair<std::string, const toml::node*>> nodes;
  for (const auto& [key, node] : table) nodes.emplace_back(std::string(key.str()), &node);
  std::sort(nodes.begin(), nodes.end(), [](const auto& a, const auto& b) {
    const auto& x = a.second->source().begin;
    const auto& y = b.second->source().begin;
    return x.line != y.line ? x.line < y.line : x.column < y.column;
  });
  return nodes;
}

Result<std::vector<GridAxis>> read_axes(const toml::table& root, const std::string& file) {
  for (const auto& [key, node] : root)
    if (key.str() != "axes")
      return error_at(file, node.source(),
                      "'" + std::string(key.str()) + "': a grid has one table, [axes]");
  const toml::node* const node = root.get("axes");
  const toml::table* const table = node == nullptr ? nullptr : node->as_table();
  if (table == nullptr || table->empty())
    return Error{ErrorCode::kInvalid,
                 file + ":1:1: needs a table [axes], for example: [axes] and batch = [8, 16]"};
  std::vector<GridAxis> axes;
  std::size_t points = 1;
  for (const auto& [name, axis_node] : in_order(*table)) {
    JOULERY_TRY(GridAxis axis, read_axis(file, name, *axis_node));
    points *= axis.values.size();
    if (points > kMostPoints)
      return error_at(file, axis_node->source(),
                      fmt::format("more than {} combinations", kMostPoints));
    axes.push_back(std::move(axis));
  }
  return axes;
}

using Key = std::vector<std::pair<std::string, std::string>>;

/// Puts values where `word` says {AXIS}, in one pass: a value that looks like one stays as it is.
/// Marks in `used` which axes were.
std::string substituted(const std::string& word, const Key& key, std::vector<bool>& used) {
  std::string out;
  for (std::size_t at = 0; at < word.size();) {
    const auto is_here = [&](const auto& axis) {
      const std::string wanted = "{" + axis.first + "}";
      return word.compare(at, wanted.size(), wanted) == 0;
    };
    const auto axis = word[at] == '{' ? std::find_if(key.begin(), key.end(), is_here) : key.end();
    if (axis == key.end()) {
      out += word[at++];
      continue;
    }
    out += axis->second;
    at += axis->first.size() + 2;
    used[static_cast<std::size_t>(axis - key.begin())] = true;
  }
  return out;
}

std::vector<std::string> command_for(const Key& key, const std::vector<std::string>& command) {
  std::vector<bool> used(key.size(), false);
  std::vector<std::string> words;
  for (const std::string& word : command) words.push_back(substituted(word, key, used));
  std::vector<std::string> out;
  for (std::size_t i = 0; i < key.size(); ++i)
    if (!used[i]) out.push_back(key[i].first + "=" + key[i].second);
  if (!out.empty()) out.insert(out.begin(), "env");
  out.insert(out.end(), words.begin(), words.end());
  return out;
}

}  // namespace

Result<std::vector<GridAxis>> parse_grid(std::string_view text, const std::string& file) {
  try {
    return read_axes(toml::parse(text, file), file);
  } catch (const toml::parse_error& error) {
    return error_at(file, error.source(), std::string(error.description()));
  }
}

Result<std::vector<GridAxis>> load_grid(const std::string& path) {
  JOULERY_TRY(const std::string text, load_file(path, kMostBytes));
  return parse_grid(text, path);
}

std::vector<GridPoint> make_grid(const std::vector<GridAxis>& axes,
                                 const std::vector<std::string>& command) {
  std::size_t count = 1;
  for (const GridAxis& axis : axes) count *= axis.values.size();
  std::vector<GridPoint> points;
  for (std::size_t number = 0; number < count; ++number) {
    GridPoint point;
    std::size_t block = count;
    for (const GridAxis& axis : axes) {
      block /= axis.values.size();
      point.key.emplace_back(axis.name, axis.values[number / block % axis.values.size()]);
    }
    point.command = command_for(point.key, command);
    points.push_back(std::move(point));
  }
  return points;
}

}  // namespace joulery
