// series: the table [live] of TOML, see live_config.h.
#include "series/live_config.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <map>

#include "base/file.h"
#include "base/text.h"
#include "base/toml.h"

namespace joulery::series {
namespace {

constexpr std::uint64_t kMaxBytes = 1 << 20;    // a configuration that a person wrote is far below
constexpr std::uint64_t kMaxTokenBytes = 4096;  // a choice: tokens have some tens of letters

/// A token in a file that others may read is no secret any more.
Result<void> check_private(const std::string& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return errno_error(file, "stat", errno);
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) == 0) return {};
  return Error{
      ErrorCode::kDenied,
      fmt::format("{}: holds a token and may be read by others: chmod 600 {}", file, file)};
}

using Words = std::map<std::string, std::string>;

Result<void> add_words(const toml::table& live, const std::string& file, Words& words) {
  for (const auto& [key, node] : live) {
    const std::string name(key.str());
    const std::string where = fmt::format("{}:{}: {}", file, node.source().begin.line, name);
    if (name != "url" && name != "token" && name != "token_file")
      return Error{ErrorCode::kInvalid,
                   where + ": unknown key; [live] has url, token and token_file"};
    const auto text = node.value_exact<std::string>();
    if (!text || text->empty()) return Error{ErrorCode::kInvalid, where + " is text"};
    if (name == "token") JOULERY_CHECK(check_private(file));
    words.emplace(name, *text);
  }
  return {};
}

Result<void> add_file(const std::string& text, const std::string& file, Words& words) {
  try {
    const toml::table root = toml::parse(text, file);
    const toml::node* const live = root.get("live");
    if (live == nullptr) return {};
    if (!live->is_table())
      return Error{ErrorCode::kInvalid, fmt::format("{}:{}: 'live' is a table: [live]", file,
                                                    live->source().begin.line)};
    return add_words(*live->as_table(), file, words);
  } catch (const toml::parse_error& error) {
    // Without the text that it could not read: that may be the token.
    return Error{ErrorCode::kInvalid,
                 fmt::format("{}:{}: is no TOML", file, error.source().begin.line)};
  }
}

Result<std::string> read_token(const std::string& file) {
  JOULERY_TRY(const std::string text, load_file(file, kMaxTokenBytes));
  JOULERY_CHECK(check_private(file));
  const std::string token(trim(text));
  if (token.empty()) return Error{ErrorCode::kInvalid, file + ": holds no token"};
  return token;
}

}  // namespace

Result<LiveConfig> load_live_config(const std::vector<std::string>& files) {
  Words words;
  for (const std::string& file : files) {
    const auto text = load_file(file, kMaxBytes);
    if (!text && text.error().code == ErrorCode::kUnavailable) continue;
    if (!text) return text.error();
    JOULERY_CHECK(add_file(*text, file, words));
    // The first table is taken whole: one file's token never goes to another file's URL.
    if (!words.empty()) break;
  }
  LiveConfig config;
  if (!words["url"].empty()) config.url = words["url"];
  while (config.url.ends_with('/')) config.url.pop_back();
  config.token = words["token"];
  if (config.token.empty() && !words["token_file"].empty()) {
    JOULERY_TRY(config.token, read_token(words["token_file"]));
  }
  if (!config.token.empty()) return config;
  return Error{ErrorCode::kInvalid,
               fmt::format("the live source needs a token: [live] with token_file = \"FILE\" in {}",
                           files.empty() ? "config.toml" : files.front())};
}

}  // namespace joulery::series
