// standin: the clock of a machine and its GPUs; see machine.h.
#include "standin/machine.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ctime>

namespace joulery::standin {
namespace {

const volatile double* map_clock(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return nullptr;
  struct stat info {};
  void* memory = MAP_FAILED;
  if (fstat(fd, &info) == 0 && info.st_size >= static_cast<off_t>(sizeof(double)))
    memory = mmap(nullptr, sizeof(double), PROT_READ, MAP_SHARED, fd, 0);
  close(fd);
  return memory == MAP_FAILED ? nullptr : static_cast<const volatile double*>(memory);
}

}  // namespace

std::unique_ptr<Machine> Machine::open(const Config& config, std::string& error) {
  std::unique_ptr<Machine> machine(new Machine(config));
  if (config.virtual_clock) machine->set_time(config.virtual_start);
  if (!config.clock_path.empty() &&
      (machine->shared_now_ = map_clock(config.clock_path)) == nullptr) {
    error = config.clock_path + ": not a file of one double";
    return nullptr;
  }
  machine->state_ = StateFile::open(config.state_path, machine->now(), error);
  if (machine->state_ == nullptr) return nullptr;
  for (std::size_t i = 0; i < config.gpus.size(); ++i)
    machine->gpus_.push_back(std::make_unique<Gpu>(config, i, *machine->state_));
  return machine;
}

double Machine::now() const {
  if (virtual_) return virtual_now_;
  if (shared_now_ != nullptr) return *shared_now_;
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

void Machine::set_time(double t) {
  virtual_now_ = t;
  virtual_ = true;
}

}  // namespace joulery::standin
