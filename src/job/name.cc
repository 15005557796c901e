// job: names, see name.h.
#include "job/name.h"

#include "base/utf8.h"

namespace joulery {
namespace {

Error bad_name(std::string_view what, const std::string& why) {
  return Error{ErrorCode::kUsage, std::string(what) + ": " + why};
}

}  // namespace

Result<void> check_name(std::string_view name, std::string_view what) {
  if (name.empty()) return bad_name(what, "is empty; give a word, for example epoch-1");
  if (name.size() > kMaxNameBytes)
    return bad_name(what, "has " + std::to_string(name.size()) + " bytes; at most " +
                              std::to_string(kMaxNameBytes));
  for (std::size_t at = 0; at < name.size();) {
    const Utf8 next = next_utf8(name.substr(at));
    if (!next.valid || next.control)
      return bad_name(what,
                      "byte " + std::to_string(at + 1) + " is a control character or not UTF-8");
    at += next.bytes.size();
  }
  return {};
}

Result<void> check_run_name(std::string_view name, std::string_view what) {
  if (name == "last")
    return bad_name(what, "\"last\" always means the newest run; take another name");
  return check_name(name, what);
}

Result<std::pair<std::string, std::string>> parse_tag(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == 0 || equals == std::string_view::npos)
    return bad_name("--tag", "is not KEY=VALUE, for example --tag seed=17");
  const std::string_view key = text.substr(0, equals);
  const std::string_view value = text.substr(equals + 1);
  JOULERY_CHECK(check_name(key, "--tag KEY"));
  if (!value.empty()) JOULERY_CHECK(check_name(value, "--tag VALUE"));
  return std::pair(std::string(key), std::string(value));
}

}  // namespace joulery
