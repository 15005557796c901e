// trace: records on disk, memory-mapped, see joulery/trace.h; and other traces saved as records.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/file.h"
#include "trace/record_reader.h"

namespace joulery {
namespace {

// A tail is started anew long before this; a larger one is not a tail.
constexpr std::uint64_t kMostTail = 256U << 20;

class MappedFile {
 public:
  static Result<MappedFile> open(const std::string& path) {
    const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) return errno_error(path, "open", errno);
    struct stat status {};
    if (::fstat(file.get(), &status) != 0) return errno_error(path, "stat", errno);
    if (!S_ISREG(status.st_mode) || status.st_size == 0)
      return Error{ErrorCode::kInvalid, path + ": is empty, or no file"};
    const auto size = static_cast<std::size_t>(status.st_size);
    void* const start = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
    if (start == MAP_FAILED) return errno_error(path, "map", errno);
    return MappedFile(std::string_view(static_cast<const char*>(start), size));
  }
  MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}
  MappedFile& operator=(MappedFile&&) = delete;
  ~MappedFile() {
    if (!bytes_.empty()) ::munmap(const_cast<char*>(bytes_.data()), bytes_.size());
  }
  [[nodiscard]] std::string_view bytes() const { return bytes_; }

 private:
  explicit MappedFile(std::string_view bytes) : bytes_(bytes) {}
  std::string_view bytes_;
};

class MappedRecord : public RecordTrace {
 public:
  MappedRecord(std::string path, std::string tail, MappedFile file)
      : path_(std::move(path)), tail_(std::move(tail)), file_(std::move(file)) {}

  Result<void> read() {
    auto record = RecordBytes::read(file_.bytes(), tail_);
    if (!record) return named(record.error());
    record_ = std::move(*record);
    return {};
  }
  const TraceInfo& info() const override { return record_.info; }
  std::span<const Channel> channels() const override { return record_.channels; }
  const std::string& about() const override { return record_.about; }
  const std::string& closing() const override { return record_.closing; }
  Result<void> scan(const Wanted& wanted, const Visitor& visit) const override {
    auto done = record_.scan(wanted, visit);
    return done ? done : named(done.error());
  }

 private:
  [[nodiscard]] Error named(const Error& error) const {
    return {error.code, path_ + ": " + error.message};
  }

  std::string path_;
  std::string tail_;
  MappedFile file_;
  RecordBytes record_;
};

// All samples in the order of time, as a writer wants them.
Result<std::vector<Sample>> samples_of(const Trace& trace) {
  std::vector<Sample> samples;
  const auto all = [](const Channel&) { return true; };
  JOULERY_CHECK(trace.scan(all, [&](std::uint16_t channel, const Block& block) {
    for (std::size_t i = 0; i < block.time.size(); ++i)
      samples.push_back({.time = block.time[i],
                         .value = block.value[i],
                         .half_width_us = block.half_width_us[i],
                         .channel = channel,
                         .restart = !block.restart.empty() && block.restart[i] != 0});
  }));
  std::stable_sort(samples.begin(), samples.end(),
                   [](const Sample& a, const Sample& b) { return a.time < b.time; });
  return samples;
}

}  // namespace

// The tail first: what leaves it meanwhile is in the record by then. One that is missing or too
// large is no tail.
Result<std::unique_ptr<RecordTrace>> load_record(const std::string& path) {
  std::string tail = load_file(path + ".tail", kMostTail).value_or(std::string());
  JOULERY_TRY(MappedFile file, MappedFile::open(path));
  auto record = std::make_unique<MappedRecord>(path, std::move(tail), std::move(file));
  JOULERY_CHECK(record->read());
  return std::unique_ptr<RecordTrace>(std::move(record));
}

Result<void> save_record(const std::string& path, const Trace& trace, const std::string& about,
                         const std::string& closing) {
  JOULERY_TRY(const std::vector<Sample> samples, samples_of(trace));
  JOULERY_TRY(const auto writer, RecordWriter::create(path, trace.channels(), trace.info(), about));
  writer->accept(samples);
  auto done = writer->close(trace.info(), closing);
  if (done && writer->failure()) done = *writer->failure();
  if (done) return done;
  ::unlink(path.c_str());
  ::unlink((path + ".tail").c_str());
  return done;
}

}  // namespace joulery
