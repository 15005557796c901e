// lease: the words that joulery-guard is started with, see guard.h.
#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "base/text.h"
#include "lease/guard.h"
#include "lease/guard_start.h"
#include "lease/take.h"

namespace joulery {
namespace {

bool take_directory(GuardWords& out, const std::string& value) {
  out.directory = value;
  return value.starts_with('/');
}
bool take_lease(GuardWords& out, const std::string& value) {
  constexpr std::size_t kDigits = 16;
  const char* const end = value.data() + value.size();
  const auto [rest, error] = std::from_chars(value.data(), end, out.lease, 16);
  return value.size() == kDigits && error == std::errc() && rest == end && out.lease != 0;
}
bool take_holder(GuardWords& out, const std::string& value) {
  const auto holder = parse_identity(value);
  out.holder = holder.value_or(ProcessIdentity());
  return holder.has_value();
}
bool take_patient(GuardWords& out, const std::string& value) {
  out.patient = true;
  return value == "1";
}
bool take_seconds(GuardWords& out, const std::string& value) {
  out.lifetime = Seconds(parse_number(value).value_or(0));
  return out.lifetime > Seconds(0) && out.lifetime <= kLongestLease;
}
bool take_uid(GuardWords& out, const std::string& value) {
  const auto uid = parse_integer(value);
  out.uid = static_cast<std::uint32_t>(uid.value_or(0));
  // The highest number means "unchanged" to the kernel.
  return uid && *uid >= 0 && *uid < std::numeric_limits<std::uint32_t>::max();
}
bool take_command(GuardWords& out, const std::string& value) {
  out.command = value;
  return true;
}
bool take_cap(GuardWords& out, const std::string& value) {
  const std::size_t equals = value.rfind('=');
  if (equals == std::string::npos) return false;
  const auto cap_uw = parse_integer(value.substr(equals + 1));
  out.caps.push_back({value.substr(0, equals), watts_of(cap_uw.value_or(0))});
  return cap_uw && *cap_uw > 0;
}
bool take_clock(GuardWords& out, const std::string& value) {
  const std::size_t equals = value.rfind('=');
  if (equals == std::string::npos) return false;
  const auto clock_mhz = parse_integer(value.substr(equals + 1));
  out.caps.push_back({value.substr(0, equals), {}, hertz_of(clock_mhz.value_or(0))});
  return clock_mhz && *clock_mhz > 0;
}

struct Flag {
  const char* name;
  bool (*take)(GuardWords& out, const std::string& value);
};
constexpr std::array kFlags = {
    Flag{"--dir", take_directory},   Flag{"--lease", take_lease}, Flag{"--holder", take_holder},
    Flag{"--seconds", take_seconds}, Flag{"--uid", take_uid},     Flag{"--command", take_command},
    Flag{"--cap", take_cap},         Flag{"--clock", take_clock}, Flag{"--patient", take_patient}};

}  // namespace

Result<GuardWords> parse_guard_words(const std::vector<std::string>& words) {
  const Error usage{ErrorCode::kUsage,
                    "joulery-guard is started by joulery alone; see docs/actuators.md"};
  GuardWords out;
  if (words.size() % 2 == 0 || (words[0] != "watch" && words[0] != "hold")) return usage;
  out.hold = words[0] == "hold";
  for (std::size_t i = 1; i < words.size(); i += 2) {
    const auto flag = std::find_if(kFlags.begin(), kFlags.end(),
                                   [&](const Flag& f) { return words[i] == f.name; });
    if (flag == kFlags.end() || !flag->take(out, words[i + 1])) return usage;
  }
  const bool whole = out.hold ? !out.caps.empty() && out.lifetime > Seconds(0)
                              : out.lease != 0 && out.holder.pid > 0;
  if (!whole || out.directory.empty()) return usage;
  return out;
}

}  // namespace joulery
