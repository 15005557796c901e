// series: kept answers, see live_cache.h. A file is the URL, the time and the answer, a line each.
#include "series/live_cache.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "base/file.h"
#include "base/text.h"

namespace joulery::series {
namespace {

constexpr std::uint64_t kMostBytes = 8 << 20;  // twice what an answer may have

/// The URL with what may not stand in a name replaced; the first line of the file tells the rest.
std::string path_of(const std::string& folder, const std::string& url) {
  constexpr std::size_t kLongest = 200;
  std::string name = url.substr(url.size() > kLongest ? url.size() - kLongest : 0);
  std::replace_if(
      name.begin(), name.end(),
      [](char c) {
        return !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9');
      },
      '-');
  return folder + "/" + name;
}

}  // namespace

std::string cache_folder() {
  const char* const cache = ::secure_getenv("XDG_CACHE_HOME");
  if (cache != nullptr && cache[0] == '/') return std::string(cache) + "/joulery";
  const char* const home = ::secure_getenv("HOME");
  if (home != nullptr && home[0] == '/') return std::string(home) + "/.cache/joulery";
  return "";
}

std::optional<KeptAnswer> find_kept(const std::string& folder, const std::string& url) {
  if (folder.empty()) return {};
  const auto text = load_file(path_of(folder, url), kMostBytes);
  if (!text) return {};
  const std::size_t first = text->find('\n');
  const std::size_t second = first == std::string::npos ? first : text->find('\n', first + 1);
  if (second == std::string::npos || text->substr(0, first) != url) return {};
  const auto asked = parse_time(std::string_view(*text).substr(first + 1, second - first - 1));
  if (!asked) return {};
  return KeptAnswer{*asked, text->substr(second + 1)};
}

Result<void> keep(const std::string& folder, const std::string& url, const KeptAnswer& answer) {
  if (folder.empty())
    return Error{ErrorCode::kUnavailable, "neither XDG_CACHE_HOME nor HOME is set"};
  std::error_code error;
  const bool made = std::filesystem::create_directories(folder, error);
  if (made) std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  if (error) return Error{ErrorCode::kUnavailable, folder + ": " + error.message()};
  return save_file(path_of(folder, url),
                   fmt::format("{}\n{}\n{}", url, format_time(answer.asked), answer.body));
}

}  // namespace joulery::series
