// joulery: files that a user names, see output.h.
#include "output.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>

#include "base/file.h"

namespace joulery::cli {
namespace {

/// Where a path leads.
struct Target {
  std::string file;  // behind the links, also where there is nothing yet
  struct stat info {};
  bool exists = false;
  bool is_stream = false;  // a pipe, a device, an open file: written, never replaced

  /// Where it cannot be replaced, it may still be written.
  [[nodiscard]] bool is_writable_in_place(const Error& refused) const {
    return exists && refused.code == ErrorCode::kDenied && ::euidaccess(file.c_str(), W_OK) == 0;
  }
};

// What a standard stream was redirected to stays the file that the shell opened: proc(5).
bool is_open_file(const std::string& path) {
  return path.starts_with("/proc/") || path.starts_with("/dev/fd/") || path.starts_with("/dev/std");
}

Result<Target> target_of(const std::string& path) {
  Target target{.file = path};
  target.exists = ::stat(path.c_str(), &target.info) == 0;
  if (!target.exists && errno != ENOENT) return errno_error(path, "create", errno);
  target.is_stream = (target.exists && !S_ISREG(target.info.st_mode)) || is_open_file(path);
  constexpr int kMostLinks = 40;  // that the kernel follows: path_resolution(7)
  std::error_code none;
  for (int i = 0; i < kMostLinks && !target.is_stream; ++i) {
    const std::filesystem::path link = target.file;
    if (!std::filesystem::is_symlink(link, none)) break;
    target.file = link.parent_path() / std::filesystem::read_symlink(link, none);
    target.is_stream = is_open_file(target.file);
  }
  return target;
}

/// A new file beside the target, gone with this object unless publish() renamed it.
class Draft {
 public:
  Draft() = default;
  ~Draft() {
    if (file_) ::unlink(name_.c_str());
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  Result<void> create(const Target& target);
  [[nodiscard]] const std::string& name() const { return name_; }
  Result<void> publish(const Target& target);

 private:
  std::string name_;
  FileDescriptor file_;
};

// Not mkostemp(): a new file is to have the mode that the umask leaves. The name is short and
// cannot be foreseen, and what lies there already, be it a link, is left alone.
Result<void> Draft::create(const Target& target) {
  constexpr int kTries = 8;                   // that one of 2^32 names is taken is rare already
  constexpr std::size_t kLongestSuffix = 16;  // more is a part of a long name, that no writer reads
  const std::filesystem::path beside = target.file;
  const std::string suffix = beside.extension().string();
  const mode_t mode = target.exists ? 0600 : 0666;
  std::random_device random;
  for (int i = 0; i < kTries; ++i) {
    const std::string name =
        ".joulery-" + std::to_string(random()) + (suffix.size() > kLongestSuffix ? "" : suffix);
    name_ = (beside.parent_path() / name).string();
    file_ = FileDescriptor(::open(name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
    if (file_) return {};
    if (errno != EEXIST) break;
  }
  return errno_error(target.file, "create", errno);
}

Result<void> Draft::publish(const Target& target) {
  constexpr mode_t kRights = 0777;
  if (target.exists && ::fchmod(file_.get(), target.info.st_mode & kRights) != 0)
    return errno_error(name_, "keep the mode", errno);
  if (::fsync(file_.get()) != 0) return errno_error(name_, "sync", errno);
  if (std::rename(name_.c_str(), target.file.c_str()) != 0)
    return errno_error(target.file, "replace", errno);
  file_.reset();
  return {};
}

// What a library says names the draft; the user named another file.
Error renamed(Error error, const std::string& draft, const std::string& path) {
  for (std::size_t at = 0; (at = error.message.find(draft, at)) != std::string::npos;
       at += path.size())
    error.message.replace(at, draft.size(), path);
  return error;
}

Result<void> write_stream(const std::string& path,
                          const std::function<Result<void>(std::ostream&)>& write) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  if (!out) return errno_error(path, "create", errno);
  JOULERY_CHECK(write(out));
  out.close();
  if (!out) return errno_error(path, "write", errno);
  return {};
}

Result<void> try_target(const std::string& path) {
  JOULERY_TRY(const Target target, target_of(path));
  if (target.is_stream) return {};
  Draft draft;
  auto made = draft.create(target);
  if (!made && target.is_writable_in_place(made.error())) return {};
  return made;
}

}  // namespace

Result<void> check_output(const std::string& path, const std::string& flag) {
  if (path.empty()) return Error{ErrorCode::kUsage, flag + ": the file has no name"};
  struct stat info {};
  if (::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode))
    return Error{ErrorCode::kUsage, flag + ": " + path + " is a directory"};
  auto done = try_target(path);
  if (!done) return Error{done.error().code, flag + ": " + done.error().message};
  return {};
}

Result<void> check_plain_output(const std::string& path, const std::string& flag) {
  struct stat info {};
  if (::stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode))
    return Error{ErrorCode::kUsage,
                 flag + ": " + path + " is a pipe or a device, and this format needs a plain file"};
  return check_output(path, flag);
}

Result<void> write_output_file(const std::string& path,
                               const std::function<Result<void>(const std::string&)>& write) {
  JOULERY_TRY(const Target target, target_of(path));
  if (target.is_stream) return write(path);
  Draft draft;
  if (auto made = draft.create(target); !made)
    return target.is_writable_in_place(made.error()) ? write(path) : made;
  auto done = write(draft.name());
  if (done) done = draft.publish(target);
  if (!done) return renamed(std::move(done).error(), draft.name(), path);
  return {};
}

Result<void> write_output(const std::string& path,
                          const std::function<Result<void>(std::ostream&)>& write) {
  return write_output_file(path,
                           [&](const std::string& draft) { return write_stream(draft, write); });
}

}  // namespace joulery::cli
