// session: marks, see marks.h.
#include "session/marks.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/clock.h"
#include "base/text.h"
#include "job/name.h"
#include "joulery/session.h"

namespace joulery {
namespace {

constexpr std::string_view kPrefix = "joulery-mark/1 ";
constexpr std::size_t kMaxMessage =
    kPrefix.size() + 20 + 1 + kMaxNameBytes;  // 20: digits of 64 bits

Result<sockaddr_un> address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path)
    return Error{ErrorCode::kUnavailable, path + ": longer than the " +
                                              std::to_string(sizeof address.sun_path - 1) +
                                              " bytes of a socket's name"};
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

const sockaddr* generic(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

// A directory of our own (0700), the per-user one of the system first.
Result<std::string> make_private_directory() {
  const char* const runtime = ::secure_getenv("XDG_RUNTIME_DIR");
  Error last{ErrorCode::kUnavailable, "no directory for the socket of marks"};
  for (const std::string base : {runtime != nullptr ? runtime : "", "/tmp"}) {
    if (base.empty() || base[0] != '/' || base.size() > 64) continue;
    std::string path = base + "/joulery-XXXXXX";
    if (::mkdtemp(path.data()) != nullptr) return path;
    last = errno_error(path, "create", errno);
  }
  return last;
}

struct Datagram {
  std::string text;
  bool of_this_user = false;
};

bool sent_by_this_user(msghdr& header) {
  for (cmsghdr* part = CMSG_FIRSTHDR(&header); part != nullptr; part = CMSG_NXTHDR(&header, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_CREDENTIALS) continue;
    ucred sender{};
    std::memcpy(&sender, CMSG_DATA(part), sizeof sender);
    return sender.uid == ::geteuid();
  }
  return false;
}

// Empty when the queue is.
std::optional<Datagram> receive(int fd) {
  std::array<char, kMaxMessage + 1>
      text;  // one more, so that a longer message is seen to be longer
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(ucred))> control;
  iovec data{text.data(), text.size()};
  msghdr header{};
  header.msg_iov = &data;
  header.msg_iovlen = 1;
  header.msg_control = control.data();
  header.msg_controllen = control.size();
  const ssize_t n = ::recvmsg(fd, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  if (n < 0) return std::nullopt;
  return Datagram{std::string(text.data(), static_cast<std::size_t>(n)), sent_by_this_user(header)};
}

}  // namespace

std::string encode_mark(const Mark& mark) {
  return std::string(kPrefix) + std::to_string(mark.time.time_since_epoch().count()) + " " +
         mark.name;
}

std::optional<Mark> decode_mark(std::string_view message) {
  if (message.size() > kMaxMessage || message.rfind(kPrefix, 0) != 0) return std::nullopt;
  message.remove_prefix(kPrefix.size());
  const std::size_t blank = message.find(' ');
  if (blank == std::string_view::npos) return std::nullopt;
  const auto stamp = parse_integer(message.substr(0, blank));
  const std::string_view name = message.substr(blank + 1);
  if (!stamp || !check_name(name, "mark")) return std::nullopt;
  return Mark{Instant(Micros(*stamp)), std::string(name)};
}

Result<MarkSocket> MarkSocket::open() {
  JOULERY_TRY(const std::string directory, make_private_directory());
  MarkSocket made(FileDescriptor(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)),
                  directory, directory + "/marks");
  if (!made.fd_) return errno_error(made.path_, "make a socket", errno);
  JOULERY_TRY(const sockaddr_un address, address_of(made.path_));
  const int yes = 1;
  if (::setsockopt(made.fd(), SOL_SOCKET, SO_PASSCRED, &yes, sizeof yes) != 0)
    return errno_error(made.path_, "ask for the sender", errno);
  if (::bind(made.fd(), generic(address), sizeof address) != 0)
    return errno_error(made.path_, "bind", errno);
  return made;
}

MarkSocket::~MarkSocket() {
  if (directory_.empty()) return;
  ::unlink(path_.c_str());
  ::rmdir(directory_.c_str());
}

std::optional<Mark> MarkSocket::next(Instant begin) {
  while (auto datagram = receive(fd_.get())) {
    auto mark = datagram->of_this_user ? decode_mark(datagram->text) : std::nullopt;
    if (!mark) continue;
    const Instant now = monotonic_now();
    if (mark->time < begin || mark->time > now) mark->time = now;
    return mark;
  }
  return std::nullopt;
}

Result<void> send_mark(const std::string& name) {
  const Instant now = monotonic_now();
  JOULERY_CHECK(check_name(name, "mark NAME"));
  const char* const path = ::secure_getenv(kMarkVariable);
  if (path == nullptr || *path == '\0')
    return Error{ErrorCode::kUnavailable,
                 std::string(kMarkVariable) +
                     " is not set: marks are made inside a command that `joulery run` measures"};
  JOULERY_TRY(const sockaddr_un address, address_of(path));
  const FileDescriptor fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!fd) return errno_error(path, "make a socket", errno);
  const timeval patience{
      1, 0};  // the queue is full while the meter is stopped; the job must not stop with it
  ::setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  const std::string message = encode_mark({now, name});
  if (::sendto(fd.get(), message.data(), message.size(), MSG_NOSIGNAL, generic(address),
               sizeof address) >= 0)
    return {};
  if (errno == ENOENT || errno == ECONNREFUSED)
    return Error{ErrorCode::kGone, std::string(path) + ": the meter of this job has ended"};
  return errno_error(path, "send the mark", errno);
}

}  // namespace joulery
