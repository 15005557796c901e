// hw: root's rights, see privilege.h.
#include "hw/privilege.h"

#include <grp.h>
#include <pwd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <optional>

#include "base/errors.h"
#include "base/text.h"

namespace joulery {
namespace {

Result<std::optional<std::uint32_t>> id_in(const char* variable) {
  const char* const text = ::secure_getenv(variable);
  if (text == nullptr) return std::optional<std::uint32_t>();
  const auto id = parse_integer(text);
  // The highest number means "unchanged" to the kernel.
  if (!id || *id < 0 || *id >= std::numeric_limits<std::uint32_t>::max())
    return Error{ErrorCode::kInvalid, std::string(variable) +
                                          ": not the number of a user or group: '" +
                                          std::string(text).substr(0, 40) + "'"};
  return std::optional(static_cast<std::uint32_t>(*id));
}

/// The groups of a user; of one that the database does not know, their main group.
std::vector<gid_t> groups_of(const std::string& name, gid_t main) {
  constexpr int kMost = 65536;  // NGROUPS_MAX of Linux
  int count = 64;
  std::vector<gid_t> groups(static_cast<std::size_t>(count));
  while (!name.empty() && count <= kMost) {
    const int before = count;
    if (::getgrouplist(name.c_str(), main, groups.data(), &count) >= 0) {
      groups.resize(static_cast<std::size_t>(count));
      return groups;
    }
    if (count <= before) count = 2 * before;
    groups.resize(static_cast<std::size_t>(count));
  }
  return {main};
}

/// Fills in what the user database knows; false where it does not know them.
bool take_entry(const passwd* entry, Caller& caller) {
  if (entry == nullptr) return false;
  caller.name = entry->pw_name;
  caller.home = entry->pw_dir;
  caller.credentials.uid = entry->pw_uid;
  caller.credentials.gid = entry->pw_gid;
  return true;
}

// Of an account that the database does not know (a container's) the numbers are enough.
Result<Caller> caller_of_sudo() {
  JOULERY_TRY(const auto uid, id_in("SUDO_UID"));
  JOULERY_TRY(const auto gid, id_in("SUDO_GID"));
  if (!uid || !gid)
    return invalid(std::string("who called sudo is not clear: ") + (uid ? "SUDO_UID" : "SUDO_GID") +
                   " is set, " + (uid ? "SUDO_GID" : "SUDO_UID") + " is not");
  Caller caller;
  take_entry(::getpwuid(*uid), caller);
  caller.credentials.uid = *uid;
  caller.credentials.gid = *gid;
  return caller;
}

Result<Caller> caller_of_pkexec() {
  JOULERY_TRY(const auto uid, id_in("PKEXEC_UID"));
  Caller caller;
  if (take_entry(::getpwuid(uid.value_or(0)), caller)) return caller;
  return invalid("PKEXEC_UID: no such user: " + std::to_string(uid.value_or(0)));
}

Result<Caller> caller_of_doas() {
  const std::string name = ::secure_getenv("DOAS_USER");
  Caller caller;
  if (take_entry(::getpwnam(name.c_str()), caller)) return caller;
  return invalid("DOAS_USER: no such user: '" + name.substr(0, 40) + "'");
}

bool is_set(const char* variable) { return ::secure_getenv(variable) != nullptr; }

Error denied(const char* call) {
  return {ErrorCode::kDenied, std::string(call) + ": " + std::strerror(errno)};
}

}  // namespace

bool can_be_root() {
  uid_t real = 0;
  uid_t effective = 0;
  uid_t saved = 0;
  return ::getresuid(&real, &effective, &saved) == 0 && (real == 0 || effective == 0 || saved == 0);
}

Result<Caller> find_caller() {
  if (::getuid() != 0) return Caller{};
  const bool sudo = is_set("SUDO_UID") || is_set("SUDO_GID");
  const bool pkexec = is_set("PKEXEC_UID");
  const bool doas = is_set("DOAS_USER");
  // doas can be told to keep the environment, in which its caller may have set the others'.
  if (int{sudo} + int{pkexec} + int{doas} > 1)
    return invalid(
        "who called is not clear: more than one of SUDO_UID, PKEXEC_UID and DOAS_USER "
        "is set; unset those that are left over");
  if (!sudo && !pkexec && !doas) return Caller{};
  JOULERY_TRY(Caller caller, sudo     ? caller_of_sudo()
                             : pkexec ? caller_of_pkexec()
                                      : caller_of_doas());
  if (caller.credentials.uid == 0) return Caller{};
  caller.known = true;
  caller.credentials.groups = groups_of(caller.name, caller.credentials.gid);
  return caller;
}

Result<void> lower_effective(const Credentials& credentials) {
  if (::setgroups(credentials.groups.size(), credentials.groups.data()) != 0)
    return denied("setgroups");
  if (::setresgid(0, credentials.gid, 0) != 0) return denied("setresgid");
  if (::setresuid(0, credentials.uid, 0) != 0) return denied("setresuid");
  return {};
}

bool become_for_good(const Credentials& credentials) {
  const uid_t uid = credentials.uid;
  const gid_t gid = credentials.gid;
  return ::syscall(SYS_setresuid, 0, 0, 0) == 0 &&
         ::syscall(SYS_setgroups, credentials.groups.size(), credentials.groups.data()) == 0 &&
         ::syscall(SYS_setresgid, gid, gid, gid) == 0 &&
         ::syscall(SYS_setresuid, uid, uid, uid) == 0;
}

RootScope::RootScope(bool wanted) : before_(::geteuid()) {
  constexpr auto kUnchanged = static_cast<uid_t>(-1);
  if (wanted && before_ != 0) raised_ = ::syscall(SYS_setresuid, kUnchanged, 0, kUnchanged) == 0;
}

RootScope::~RootScope() {
  constexpr auto kUnchanged = static_cast<uid_t>(-1);
  // A thread that cannot give up its rights must not go on with them.
  if (raised_ && ::syscall(SYS_setresuid, kUnchanged, before_, kUnchanged) != 0) ::abort();
}

}  // namespace joulery
