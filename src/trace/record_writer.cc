// trace: writes a run's record while it runs, see joulery/trace.h and docs/formats/record.md.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/clock.h"
#include "base/file.h"
#include "trace/batch.h"
#include "trace/frame.h"
#include "trace/record_text.h"

namespace joulery {
namespace {

// About 100 s of a 10 Hz run: planes of this length pack to within a few percent of what longer
// ones do.
constexpr std::size_t kBigRows = 1000;
constexpr std::size_t kBigEvents = 1000;  // marks may come faster than samples
constexpr std::size_t kBigValues = std::size_t{1}
                                   << 18;  // 4 MiB in memory, however many channels there are
// While the disk refuses writes, this much is kept for when it takes them again.
constexpr std::size_t kMostKeptRows = kMaxRows;
constexpr std::size_t kMostKeptValues = std::size_t{1} << 20;
// One call to accept() may bring more than a frame holds.
constexpr std::size_t kBatchRows = 16384;
// Syncs wait for the disk, and on network file systems for the server.
constexpr Seconds kSyncEvery{10};
// A meter that has nothing to write is told from one that was killed by the age of its tail:
// docs/formats/ledger.md.
constexpr Seconds kTouchEvery{1};

/// A file that only grows, and is the user's alone. What a full disk did not take stays queued: no
/// byte is written twice, none is skipped.
class AppendFile {
 public:
  static Result<AppendFile> create(const std::string& path, int flags) {
    const int append = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC;
    FileDescriptor file(::open(path.c_str(), append | flags, 0600));
    if (!file) return errno_error(path, "create", errno);
    return AppendFile(path, std::move(file));
  }
  std::string& queue() { return queue_; }
  [[nodiscard]] bool drained() const { return written_ == queue_.size(); }

  /// Writes what is queued, as far as the disk takes it.
  Result<void> drain() {
    while (!drained()) {
      const ssize_t n = ::write(file_.get(), queue_.data() + written_, queue_.size() - written_);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return errno_error(path_, "write", errno);
      written_ += static_cast<std::size_t>(n);
    }
    queue_.clear();
    written_ = 0;
    return {};
  }
  Result<void> sync() const {
    if (::fdatasync(file_.get()) != 0) return errno_error(path_, "sync", errno);
    return {};
  }
  /// Starts anew, queue and all.
  Result<void> empty() {
    queue_.clear();
    written_ = 0;
    if (::ftruncate(file_.get(), 0) != 0) return errno_error(path_, "truncate", errno);
    return {};
  }
  /// As if it were written now.
  Result<void> touch() const {
    if (::futimens(file_.get(), nullptr) != 0) return errno_error(path_, "touch", errno);
    return {};
  }
  /// A network file system reports some failed writes only here.
  Result<void> close() {
    if (::close(file_.release()) != 0) return errno_error(path_, "close", errno);
    return {};
  }

 private:
  AppendFile(std::string path, FileDescriptor file)
      : path_(std::move(path)), file_(std::move(file)) {}

  std::string path_;
  FileDescriptor file_;
  std::string queue_;
  std::size_t written_ = 0;
};

// True, noting the time, where so much has passed since the last time.
bool is_due(Instant& last, Seconds every) {
  const Instant now = monotonic_now();
  if (now - last < every) return false;
  last = now;
  return true;
}

class Writer : public RecordWriter {
 public:
  Writer(std::string path, AppendFile record, AppendFile tail, std::span<const Channel> channels)
      : path_(std::move(path)),
        record_(std::move(record)),
        tail_(std::move(tail)),
        fresh_(channels),
        kept_(channels) {}

  Result<void> begin(const RecordHeader& header) {
    const std::size_t start = begin_frame(record_.queue());
    encode_header(header, record_.queue());
    key_ = finish_frame(record_.queue(), start, {.type = FrameType::kHeader, .payload = {}}, 0);
    for (const Event& event : header.info.events) fresh_.add(event);
    return record_.drain();
  }

  void accept(std::span<const Sample> samples) override {
    for (const Sample& sample : samples) {
      fresh_.add(sample);
      if (fresh_.rows() >= kBatchRows || fresh_.values() >= kBigValues) take_fresh();
    }
    take_fresh();
    sync_sometimes();
    if (is_due(touched_, kTouchEvery)) remember(tail_.touch());
  }

  void note(const Event& event) override { fresh_.add(event); }

  Result<void> close(const TraceInfo& end, const std::string& closing) override;
  const std::optional<Error>& failure() const override { return failure_; }

 private:
  void remember(Result<void> done) {
    if (!done && !failure_) failure_ = std::move(done).error();
  }
  [[nodiscard]] bool has_room() const {
    return kept_.rows() + fresh_.rows() <= kMostKeptRows &&
           kept_.values() + fresh_.values() <= kMostKeptValues;
  }
  // Fresh samples go to the kept ones, and these to the record when they are many, else the fresh
  // ones to the tail.
  void take_fresh();
  void queue_frame(AppendFile& file, const Batch& batch, bool plain, std::uint64_t first);
  void queue_kept();
  Result<void> restart_tail();
  void sync_sometimes();

  std::string path_;
  AppendFile record_, tail_;
  Batch fresh_;  // since the last frame of either file
  Batch kept_;   // since the last frame of the record
  IntEncoder encoder_;
  std::uint64_t key_ = 0;
  std::uint64_t batch_ = 0;       // number of the newest batch
  std::uint64_t kept_first_ = 1;  // number of the first batch in kept_
  std::size_t dropped_ = 0;       // samples for which neither disk nor memory had room
  bool tail_used_ = false;
  // From the start on: a short run is synced once, when it is closed.
  Instant synced_ = monotonic_now(), restarted_ = synced_;
  Instant touched_{};
  std::optional<Error> failure_;
};

void Writer::take_fresh() {
  if (fresh_.empty()) return;
  if (!has_room()) {
    remember(record_.drain());
    if (record_.drained()) queue_kept();  // the disk takes writes again
  }
  if (!has_room()) {
    dropped_ += fresh_.values();
    fresh_.clear();
    return;
  }
  ++batch_;
  kept_.append(fresh_);
  const bool many =
      kept_.rows() >= kBigRows || kept_.values() >= kBigValues || kept_.events() >= kBigEvents;
  if (many && record_.drained()) {
    queue_kept();
  } else if (tail_.drained()) {
    queue_frame(tail_, fresh_, true, batch_);
    tail_used_ = true;
  }
  fresh_.clear();
  remember(record_.drain());
  if (kept_.empty() && tail_used_ && record_.drained()) remember(restart_tail());
  remember(tail_.drain());
}

void Writer::queue_frame(AppendFile& file, const Batch& batch, bool plain, std::uint64_t first) {
  const std::size_t start = begin_frame(file.queue());
  batch.encode(encoder_, plain, file.queue());
  finish_frame(file.queue(), start,
               {.type = FrameType::kBatch, .first = first, .last = batch_, .payload = {}}, key_);
}

void Writer::queue_kept() {
  queue_frame(record_, kept_, false, kept_first_);
  kept_.clear();
  kept_first_ = batch_ + 1;
}

// The record is on the disk before the tail that says the same goes, so that a power cut loses
// seconds, not frames. Fast sampling restarts the tail every second, and may then lose what came
// since the last sync.
Result<void> Writer::restart_tail() {
  if (is_due(restarted_, kSyncEvery)) JOULERY_CHECK(record_.sync());
  tail_used_ = false;
  return tail_.empty();
}

void Writer::sync_sometimes() {
  if (!is_due(synced_, kSyncEvery)) return;
  remember(record_.sync());
  if (tail_used_) remember(tail_.sync());
}

Result<void> Writer::close(const TraceInfo& end, const std::string& closing) {
  JOULERY_CHECK(check_header({}, closing));
  if (!fresh_.empty()) {
    ++batch_;
    kept_.append(fresh_);
    fresh_.clear();
  }
  if (!kept_.empty()) queue_kept();
  RecordClosing last{.info = end, .text = closing};
  if (dropped_ > 0)
    last.info.flags.push_back(std::to_string(dropped_) + " samples were lost: the disk was full");
  const std::size_t start = begin_frame(record_.queue());
  encode_closing(last, record_.queue());
  const std::uint64_t number = batch_ + 1;
  finish_frame(record_.queue(), start,
               {.type = FrameType::kClose, .first = number, .last = number, .payload = {}}, key_);
  JOULERY_CHECK(record_.drain());
  JOULERY_CHECK(record_.sync());
  JOULERY_CHECK(record_.close());
  remember(tail_.close());
  if (::unlink((path_ + ".tail").c_str()) != 0 && errno != ENOENT)
    return errno_error(path_ + ".tail", "remove", errno);
  return {};
}

}  // namespace

Result<std::unique_ptr<RecordWriter>> RecordWriter::create(const std::string& path,
                                                           std::span<const Channel> channels,
                                                           const TraceInfo& start,
                                                           const std::string& about) {
  JOULERY_CHECK(check_header(channels, about));
  JOULERY_TRY(AppendFile record, AppendFile::create(path, O_EXCL));
  auto tail = AppendFile::create(path + ".tail", O_TRUNC);
  Result<void> begun = tail ? Result<void>() : tail.error();
  std::unique_ptr<Writer> writer;
  if (begun) {
    writer = std::make_unique<Writer>(path, std::move(record), std::move(*tail), channels);
    begun = writer->begin(
        {.info = start, .channels = {channels.begin(), channels.end()}, .about = about});
  }
  if (begun) return std::unique_ptr<RecordWriter>(std::move(writer));
  // Nothing stays behind, so that the same path can be tried again.
  ::unlink(path.c_str());
  ::unlink((path + ".tail").c_str());
  return begun.error();
}

}  // namespace joulery
