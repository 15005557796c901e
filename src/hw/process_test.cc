#include "hw/process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/file.h"
#include "hw/fake_file_tree.h"

namespace joulery {
namespace {

/// A command whose standard output is read; its exit status is returned.
struct Finished {
  std::string output;
  int status = -1;
};

Finished run(const std::vector<std::string>& command, const std::vector<std::string>& environment,
             const Inheritance& inherit) {
  int ends[2];
  EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const FileDescriptor read_end(ends[0]);
  const FileDescriptor kept(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 10));
  ::dup2(ends[1], STDOUT_FILENO);
  const auto pid = start_process(command, environment, inherit);
  ::dup2(kept.get(), STDOUT_FILENO);
  ::close(ends[1]);
  Finished finished;
  if (!pid) return finished;
  std::array<char, 4096> piece;
  for (ssize_t n; (n = ::read(read_end.get(), piece.data(), piece.size())) > 0;)
    finished.output.append(piece.data(), static_cast<std::size_t>(n));
  int status = 0;
  ::waitpid(*pid, &status, 0);
  finished.status = WEXITSTATUS(status);
  return finished;
}

TEST(Process, GetsExactlyTheEnvironmentGiven) {
  const Finished finished = run({"/usr/bin/env"}, {"A=1", "B=x y"}, Inheritance::take());

  EXPECT_EQ(finished.output, "A=1\nB=x y\n");
  EXPECT_EQ(finished.status, 0);
}

TEST(Process, GetsBackTheSignalMaskAndTheIgnoredChildSignal) {
  const Inheritance as_found = Inheritance::take();
  sigset_t term;
  sigemptyset(&term);
  sigaddset(&term, SIGTERM);
  ::sigprocmask(SIG_BLOCK, &term, nullptr);

  const Finished finished =
      run({"grep", "SigBlk", "/proc/self/status"}, make_environment({}, {}), as_found);
  ::sigprocmask(SIG_UNBLOCK, &term, nullptr);

  EXPECT_EQ(finished.output, "SigBlk:\t0000000000000000\n");
}

TEST(Process, InheritsNoDescriptorThatWasOpenedSince) {
  const Inheritance as_found = Inheritance::take();
  const FileDescriptor careless(
      ::open("/dev/null", O_RDONLY));  // as a vendor's library may: no O_CLOEXEC
  const std::string path = "/proc/self/fd/" + std::to_string(careless.get());

  const Finished finished = run({"test", "-e", path}, make_environment({}, {}), as_found);

  EXPECT_EQ(finished.status, 1);
}

TEST(Process, KeepsADescriptorThatWasThereBefore) {
  const FileDescriptor given(::open("/dev/null", O_RDONLY));
  const std::string path = "/proc/self/fd/" + std::to_string(given.get());

  const Finished finished =
      run({"test", "-e", path}, make_environment({}, {}), Inheritance::take());

  EXPECT_EQ(finished.status, 0);
}

TEST(Process, InheritsNoDescriptorThatWasOpenedSinceTheyWereNoted) {
  const FileDescriptor given(::open("/dev/null", O_RDONLY));
  const pid_t child = ::fork();  // what is noted is so for the whole process
  if (child == 0) {
    Inheritance::note_descriptors();
    const FileDescriptor careless(::open("/dev/null", O_RDONLY));
    Inheritance::note_descriptors();
    const auto kept = Inheritance::take().file_descriptors;
    const auto keeps = [&](int fd) { return std::count(kept.begin(), kept.end(), fd) == 1; };
    ::_exit(keeps(given.get()) && !keeps(careless.get()) ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);

  EXPECT_EQ(status, 0);
}

TEST(Process, SaysLikeAShellWhyItDidNotStart) {
  const Inheritance inherit = Inheritance::take();

  const auto absent = start_process({"no-such-command-joulery"}, {}, inherit);
  const auto directory = start_process({"/etc"}, {}, inherit);
  const auto empty = start_process({""}, {}, inherit);

  ASSERT_FALSE(absent || directory || empty);
  EXPECT_EQ(absent.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(directory.error().code, ErrorCode::kDenied);
  EXPECT_EQ(empty.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(absent.error().message.find("no-such-command-joulery"), std::string::npos);
}

TEST(Process, EnvironmentReplacesAndDropsByName) {
  ::setenv("JOULERY_TEST_A", "old", 1);
  ::setenv("JOULERY_TEST_AB", "other", 1);
  ::setenv("JOULERY_TEST_C", "gone", 1);

  const auto environment = make_environment({"JOULERY_TEST_A=new"}, {"JOULERY_TEST_C"});

  const auto holds = [&](const char* entry) {
    return std::count(environment.begin(), environment.end(), entry) == 1;
  };
  EXPECT_TRUE(holds("JOULERY_TEST_A=new"));
  EXPECT_TRUE(holds("JOULERY_TEST_AB=other"));
  EXPECT_FALSE(holds("JOULERY_TEST_A=old"));
  EXPECT_FALSE(holds("JOULERY_TEST_C=gone"));
}

TEST(ProcessSearch, FindsWhoCarriesTheVariableWhereverItStands) {
  const std::string padding =
      "PAD=" + std::string(20'000, 'x');  // more than one piece of the reader
  const auto pid = start_process({"/bin/sleep", "60"}, {padding, "JOULERY_TEST_ID=a1", "Z=1"},
                                 Inheritance::take());
  ASSERT_TRUE(pid) << pid.error().message;

  const auto found = find_processes_with("JOULERY_TEST_ID=a1", std::chrono::seconds(60));
  const auto prefix = find_processes_with("JOULERY_TEST_ID=a", std::chrono::seconds(60));
  const auto no_time = find_processes_with("JOULERY_TEST_ID=a1", Micros(0));
  const pid_t parent = parent_of(*pid);
  ::kill(*pid, SIGKILL);
  ::waitpid(*pid, nullptr, 0);

  ASSERT_EQ(found.found.size(), 1u);
  EXPECT_EQ(found.found[0].pid, *pid);
  EXPECT_EQ(found.found[0].name, "sleep");
  EXPECT_TRUE(found.complete);
  EXPECT_TRUE(prefix.found.empty());
  EXPECT_FALSE(no_time.complete);
  EXPECT_EQ(parent, ::getpid());
  EXPECT_EQ(parent_of(*pid), 0);
}

TEST(BusyTime, CountsAllButWaitingAndStolenTime) {
  FakeFileTree files;
  files.set("/proc/stat", "cpu  100 10 30 5000 70 2 3 900 50 0\ncpu0 1 1 1 1\n");

  const auto busy = read_busy_time(files);

  ASSERT_TRUE(busy) << busy.error().message;
  EXPECT_DOUBLE_EQ(busy->count(), 145.0 / static_cast<double>(::sysconf(_SC_CLK_TCK)));
}

TEST(BusyTime, RefusesAForeignFile) {
  FakeFileTree files;
  for (const char* text : {"", "cpu  1 2 3", "intr 1 2 3 4 5 6 7 8", "cpu a b c d e f g"}) {
    files.set("/proc/stat", text);
    EXPECT_FALSE(read_busy_time(files)) << text;
  }
}

}  // namespace
}  // namespace joulery
