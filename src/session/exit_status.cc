// session: exit statuses, see exit_status.h.
#include "session/exit_status.h"

#include <sys/wait.h>

namespace joulery {
namespace {

constexpr int kCannotExecute = 126;
constexpr int kNotFound = 127;

}  // namespace

int exit_code_of_start(const Error& error) {
  if (error.code == ErrorCode::kUnavailable) return kNotFound;
  return error.code == ErrorCode::kTransient ? kOwnFailure : kCannotExecute;
}

int exit_code_of_end(int wait_status) {
  if (WIFSIGNALED(wait_status)) return kSignalBase + WTERMSIG(wait_status);
  return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : kOwnFailure;
}

}  // namespace joulery
