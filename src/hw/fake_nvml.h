// hw: the stand-in NVML in a test's own process, on a clock that the test sets.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>

#include "hw/nvml.h"
#include "standin/nvml.h"

namespace joulery {

/// One at a time: the functions of NVML have no argument that could tell two machines apart.
class FakeNvml {
 public:
  /// `config` as JOULERY_STANDIN takes it; time stands at 1000 s, the machine's beginning,
  /// until set_time().
  explicit FakeNvml(const std::string& config) {
    std::string error;
    auto parsed = standin::parse_config("pcie_ms=0;clock=virtual:1000;" + config, error);
    if (parsed) machine_ = standin::Machine::open(*parsed, error);
    if (!machine_) throw std::invalid_argument(error);  // a mistake in the test
    standin::use_machine(machine_.get());
  }
  ~FakeNvml() { standin::use_machine(nullptr); }
  FakeNvml(const FakeNvml&) = delete;
  FakeNvml& operator=(const FakeNvml&) = delete;

  Result<std::shared_ptr<const Nvml>> open() { return Nvml::bind(&standin::find_symbol); }
  standin::Machine& machine() { return *machine_; }
  void set_time(double seconds) { machine_->set_time(seconds); }
  double now() const { return machine_->now(); }

 private:
  std::unique_ptr<standin::Machine> machine_;
};

}  // namespace joulery
