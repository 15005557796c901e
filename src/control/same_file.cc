// control: digests of files, see same_file.h.
#include "control/same_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <xxhash.h>

#include <cerrno>
#include <memory>
#include <vector>

#include "base/file.h"

namespace joulery {
namespace {

bool is_untouched(const struct stat& before, const struct stat& after) {
  return before.st_ino == after.st_ino && before.st_dev == after.st_dev &&
         before.st_size == after.st_size && before.st_mtim.tv_sec == after.st_mtim.tv_sec &&
         before.st_mtim.tv_nsec == after.st_mtim.tv_nsec;
}

Result<std::string> digest_file(int fd, const std::string& path) {
  constexpr std::size_t kBlock = 1U << 20;
  std::vector<char> block(kBlock);
  const std::unique_ptr<XXH3_state_t, XXH_errorcode (*)(XXH3_state_t*)> state(XXH3_createState(),
                                                                              XXH3_freeState);
  XXH3_128bits_reset(state.get());
  for (;;) {
    const ssize_t n = ::read(fd, block.data(), block.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno_error(path, "read", errno);
    if (n == 0) break;
    XXH3_128bits_update(state.get(), block.data(), static_cast<std::size_t>(n));
  }
  const XXH128_hash_t hash = XXH3_128bits_digest(state.get());
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

}  // namespace

SameFile::SameFile(std::string path) : path_(std::move(path)) {
  struct stat found {};
  if (::stat(path_.c_str(), &found) == 0) before_ = found;
}

Result<std::string> SameFile::digest() const {
  const FileDescriptor fd(::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd) return errno_error(path_, "open", errno);
  struct stat after {};
  if (::fstat(fd.get(), &after) != 0) return errno_error(path_, "look at", errno);
  if (!S_ISREG(after.st_mode)) return Error{ErrorCode::kInvalid, path_ + ": no plain file"};
  if (before_ && is_untouched(*before_, after))
    return Error{ErrorCode::kUnavailable, path_ + ": was not written by this run"};
  return digest_file(fd.get(), path_);
}

std::string digest_of(std::string_view bytes) {
  return fmt::format("{:016x}", XXH3_64bits(bytes.data(), bytes.size()));
}

}  // namespace joulery
