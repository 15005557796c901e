#include "control/same_input.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <string>

#include "base/file.h"

namespace joulery {
namespace {

std::string read_from(int fd) {
  std::array<char, 64> bytes;
  const ssize_t n = ::read(fd, bytes.data(), bytes.size());
  return n < 0 ? "cannot be read" : std::string(bytes.data(), static_cast<std::size_t>(n));
}

TEST(SameInput, OfAFileIsReadByEachRunFromWhereItStood) {
  const std::string path = testing::TempDir() + "joulery-same-input-" + std::to_string(::getpid());
  const FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC, 0600));
  ASSERT_TRUE(file);
  ASSERT_EQ(::unlink(path.c_str()), 0);
  ASSERT_EQ(::write(file.get(), "head prompts", 12), 12);
  ASSERT_EQ(::lseek(file.get(), 5, SEEK_SET), 5);
  {
    const SameInput input(file.get());
    EXPECT_EQ(read_from(file.get()), "prompts");
    EXPECT_EQ(read_from(file.get()), "");

    input.rewind();

    EXPECT_EQ(read_from(file.get()), "prompts");
  }
  EXPECT_EQ(read_from(file.get()), "prompts") << "whoever comes next finds it as it was";
}

TEST(SameInput, OfAPipeIsEmptyForAll) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const FileDescriptor read_end(ends[0]);
  const FileDescriptor write_end(ends[1]);
  ASSERT_EQ(::write(write_end.get(), "once", 4), 4);

  const SameInput input(read_end.get());

  EXPECT_EQ(read_from(read_end.get()), "");
}

TEST(SameInput, ThatIsClosedStaysSo) {
  const FileDescriptor other(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const int closed = ::dup(other.get());
  ::close(closed);

  const SameInput input(closed);
  input.rewind();

  EXPECT_EQ(read_from(closed), "cannot be read");
}

}  // namespace
}  // namespace joulery
