// control: standard input of a sweep, see same_input.h.
#include "control/same_input.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

namespace joulery {

SameInput::SameInput(int fd) : fd_(fd) {
  struct stat info {};
  if (::fstat(fd_, &info) != 0) return;
  if (S_ISREG(info.st_mode)) {
    const off_t place = ::lseek(fd_, 0, SEEK_CUR);
    if (place >= 0) place_ = place;
  }
  if (!S_ISFIFO(info.st_mode) && !S_ISSOCK(info.st_mode)) return;
  const FileDescriptor nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (nothing) ::dup2(nothing.get(), fd_);
}

void SameInput::rewind() const {
  if (place_) ::lseek(fd_, *place_, SEEK_SET);
}

}  // namespace joulery
