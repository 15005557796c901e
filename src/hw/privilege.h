// hw: root's rights, lowered for everything but single calls, and given up for good.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "joulery/result.h"

namespace joulery {

struct Credentials {
  uid_t uid = 0;
  gid_t gid = 0;
  std::vector<gid_t> groups;
};

/// Whether this process can have root's rights: its real or saved user is root.
bool can_be_root();

/// Whoever called sudo (SUDO_UID and SUDO_GID), pkexec (PKEXEC_UID) or doas (DOAS_USER), and their
/// groups. Known only where the real user is root, and the caller is not. What these variables say
/// is believed: whoever is root may set them, and nobody else is asked.
struct Caller {
  bool known = false;
  Credentials credentials;
  std::string name, home;  ///< empty: not in the user database
};
/// Errors: kInvalid (malformed, incomplete, no such user, or several of them: never root instead).
Result<Caller> find_caller();

/// Lowers the effective user, group and groups of the whole process; real and saved stay root's.
Result<void> lower_effective(const Credentials& credentials);

/// Becomes `credentials` for good. Only system calls, so that a child may call it after its fork;
/// errno tells why it failed.
bool become_for_good(const Credentials& credentials);

/// While it lives this thread, and no other, acts as root where the process can: Linux keeps
/// credentials by thread (credentials(7)), and the calls of the C library would change all.
class RootScope {
 public:
  /// `wanted`: false: does nothing.
  explicit RootScope(bool wanted = true);
  ~RootScope();
  RootScope(const RootScope&) = delete;
  RootScope& operator=(const RootScope&) = delete;

 private:
  uid_t before_;
  bool raised_ = false;
};

}  // namespace joulery
