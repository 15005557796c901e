// site: TOML to layers of words, see config.h.
#include "site/config.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/file.h"
#include "base/text.h"
#include "base/toml.h"

namespace joulery {
namespace {

constexpr std::uint64_t kMaxBytes = 1 << 20;  // a configuration that a person wrote is far below

const std::vector<std::string>& known_keys() {
  static const std::vector<std::string> keys{
      "pue", "pue_u", "intensity", "intensity_u", "region", "electricity_price", "cloud_price"};
  return keys;
}

std::string place_of(const std::string& file, const toml::source_region& source) {
  return fmt::format("{}:{}", file, source.begin.line);
}

Error error_at(const std::string& where, const std::string& what) {
  return {ErrorCode::kInvalid, fmt::format("{}: {}", where, what)};
}

Result<std::string> text_of(const toml::node& node, const std::string& where) {
  if (const auto text = node.value_exact<std::string>()) return *text;
  if (const auto number = node.value<double>(); number && node.is_number())
    return fmt::format("{}", *number);
  return error_at(where, "is neither text nor a number");
}

struct Section {
  std::string file;
  std::string name;  ///< "site NAME" or "defaults"
  bool closed;       ///< whether keys that are not known are an error
};

Result<void> add_table(const toml::table& table, const Section& section, Layer& layer) {
  for (const auto& [key, node] : table) {
    const std::string name(key.str());
    const std::string where = place_of(section.file, node.source()) + ": " + name;
    if (std::find(known_keys().begin(), known_keys().end(), name) == known_keys().end()) {
      if (!section.closed) continue;
      return error_at(where,
                      "unknown key; nearest: " +
                          fmt::format("{}", fmt::join(nearest_names(name, known_keys()), ", ")));
    }
    JOULERY_TRY(std::string text, text_of(node, where));
    layer.emplace(name, Said{std::move(text), where, section.name + " in " + section.file,
                             ErrorCode::kInvalid});
  }
  return {};
}

Result<void> add_sites(const toml::table& root, const std::string& file, SiteConfig& config) {
  const toml::node* node = root.get("site");
  if (node == nullptr) return {};
  if (!node->is_table())
    return error_at(place_of(file, node->source()), "'site' is a set of tables: [site.NAME]");
  for (const auto& [key, site] : *node->as_table()) {
    const std::string name(key.str());
    if (!site.is_table()) {
      return error_at(place_of(file, site.source()),
                      fmt::format("'site.{0}' is a table: [site.{0}]", name));
    }
    JOULERY_CHECK(add_table(*site.as_table(), {file, "site " + name, true}, config.sites[name]));
  }
  return {};
}

}  // namespace

Result<void> add_site_config(std::string_view text, const std::string& file, SiteConfig& config) {
  try {
    const toml::table root = toml::parse(text, file);
    if (const toml::node* node = root.get("defaults"); node != nullptr) {
      if (!node->is_table())
        return error_at(place_of(file, node->source()), "'defaults' is a table: [defaults]");
      JOULERY_CHECK(add_table(*node->as_table(), {file, "defaults", false}, config.defaults));
    }
    return add_sites(root, file, config);
  } catch (const toml::parse_error& error) {
    return error_at(place_of(file, error.source()), std::string(error.description()));
  }
}

Result<SiteConfig> load_site_config(const std::vector<std::string>& files) {
  SiteConfig config;
  for (const std::string& file : files) {
    const auto text = load_file(file, kMaxBytes);
    if (!text && text.error().code == ErrorCode::kUnavailable) continue;
    if (!text) return text.error();
    JOULERY_CHECK(add_site_config(*text, file, config));
  }
  return config;
}

}  // namespace joulery
