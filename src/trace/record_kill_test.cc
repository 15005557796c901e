// A writer that is killed at any moment leaves a record that holds everything up to its last
// second.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <random>

#include "base/file.h"
#include "joulery/trace.h"
#include "trace/record_fixture.h"

namespace joulery {
namespace {

constexpr std::int64_t kTicksABatch = 40;

// Writes batches as fast as it can and says so after each, until it is killed.
[[noreturn]] void write_until_killed(const std::string& path, int say) {
  auto writer = RecordWriter::create(path, three_channels(), TraceInfo{}, "about");
  if (!writer) ::_exit(1);
  for (std::int64_t i = 0;; ++i) {
    (*writer)->accept(ticks(i * kTicksABatch, (i + 1) * kTicksABatch));
    if (::write(say, "x", 1) != 1) ::_exit(1);
  }
}

// Kills the writer once it has said `batches`; returns how many it had said in all.
std::int64_t kill_after(const std::string& path, std::int64_t batches) {
  int pipe[2];
  if (::pipe(pipe) != 0) return -1;
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(pipe[0]);
    write_until_killed(path, pipe[1]);
  }
  ::close(pipe[1]);
  std::int64_t said = 0;
  char byte = 0;
  while (said < batches && ::read(pipe[0], &byte, 1) == 1) ++said;
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  while (::read(pipe[0], &byte, 1) == 1) ++said;
  ::close(pipe[0]);
  return said;
}

TEST(RecordKill, LeavesEverythingThatHadBeenAccepted) {
  const TemporaryFolder folder;
  std::mt19937 random(20'261'125);
  for (int trial = 0; trial < 50; ++trial) {
    const std::string path = folder.file("run" + std::to_string(trial));

    const std::int64_t said = kill_after(path, 1 + static_cast<std::int64_t>(random() % 120));
    const auto record = load_record(path);

    ASSERT_TRUE(record) << record.error().message;
    const std::int64_t kept = count_prefix(**record, ticks(0, (said + 2) * kTicksABatch));
    EXPECT_GE(kept, 3 * said * kTicksABatch) << "trial " << trial;
    EXPECT_FALSE((*record)->info().complete);
  }
}

TEST(RecordKill, ChangesNoByteOfWhatWasThereBefore) {
  const TemporaryFolder folder;
  auto writer =
      RecordWriter::create(folder.file("before"), three_channels(), TraceInfo{}, "").value();
  writer->accept(ticks(0, 3000));
  ASSERT_TRUE(writer->close(TraceInfo{}, ""));
  const std::string before = load_file(folder.file("before"), 1 << 20).value();

  ASSERT_GE(kill_after(folder.file("run"), 30), 30);

  EXPECT_EQ(load_file(folder.file("before"), 1 << 20).value(), before);
}

}  // namespace
}  // namespace joulery
