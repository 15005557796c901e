// standin: the state of a simulated machine; see state.h.
#include "standin/state.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>

namespace joulery::standin {
namespace {

constexpr int kPatience = 1000;  // tries of a reader before it asks whether the writer lives

MachineState* map_state(int fd) {
  struct stat info {};
  if (fstat(fd, &info) != 0) return nullptr;
  const off_t size = sizeof(MachineState);
  if (info.st_size < size && ftruncate(fd, size) != 0) return nullptr;
  void* memory = mmap(nullptr, sizeof(MachineState), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  return memory == MAP_FAILED ? nullptr : static_cast<MachineState*>(memory);
}

}  // namespace

std::unique_ptr<StateFile> StateFile::open(const std::string& path, double now,
                                           std::string& error) {
  std::unique_ptr<StateFile> file(new StateFile);
  if (path.empty()) {
    file->own_ = std::make_unique<MachineState>();
    file->state_ = file->own_.get();
  } else {
    file->fd_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (file->fd_ < 0 || (file->state_ = map_state(file->fd_)) == nullptr) {
      error = path + ": " + std::strerror(errno);
      return nullptr;
    }
    [[maybe_unused]] const int best_effort =
        fchmod(file->fd_, 0666);  // other users' processes see the same machine
  }
  const Lock lock(*file);
  if (file->state_->magic != MachineState::kMagic) {
    file->state_->origin = now;
    file->state_->magic = MachineState::kMagic;
  }
  return file;
}

StateFile::~StateFile() {
  if (own_ == nullptr && state_ != nullptr) munmap(state_, sizeof(MachineState));
  if (fd_ >= 0) close(fd_);
}

std::vector<Segment> StateFile::read(std::size_t gpu, std::uint64_t& version) {
  const std::lock_guard among_threads(mutex_);  // other processes are kept out by `version`
  GpuState& state = state_->gpus[gpu];
  for (int tries = 1;; ++tries) {
    const std::uint64_t before = state.version.load(std::memory_order_acquire);
    std::vector<Segment> segments;
    const std::uint64_t count = state.count;
    for (std::uint64_t i = count > GpuState::kKept ? count - GpuState::kKept : 0; i < count; ++i)
      segments.push_back(state.ring[i % GpuState::kKept]);
    // Adds nothing, but as a write it keeps the reads above before it: a fence, which
    // ThreadSanitizer does not know, would do as well.
    if (state.version.fetch_add(0, std::memory_order_acq_rel) == before && before % 2 == 0) {
      version = before;
      return segments;
    }
    if (tries % kPatience == 0) const Lock waits_for_the_writer(*this);
  }
}

void StateFile::append(std::size_t gpu, const Segment& segment) {
  GpuState& state = state_->gpus[gpu];
  state.version.fetch_add(1, std::memory_order_acq_rel);
  state.ring[state.count % GpuState::kKept] = segment;
  ++state.count;
  state.version.fetch_add(1, std::memory_order_release);
}

// Whoever has the lock is the only writer, so that an odd version is of one that was killed at
// work. Its segment counts if it got as far as counting it.
void StateFile::finish_for_the_dead() {
  for (GpuState& gpu : state_->gpus)
    if (gpu.version.load(std::memory_order_relaxed) % 2 == 1)
      gpu.version.fetch_add(1, std::memory_order_release);
}

StateFile::Lock::Lock(StateFile& file) : file_(file), held_(file.mutex_) {
  if (file_.locks_++ > 0 || file_.fd_ < 0) return;
  flock(file_.fd_, LOCK_EX);
  file_.finish_for_the_dead();
}

StateFile::Lock::~Lock() {
  if (--file_.locks_ == 0 && file_.fd_ >= 0) flock(file_.fd_, LOCK_UN);
}

}  // namespace joulery::standin
