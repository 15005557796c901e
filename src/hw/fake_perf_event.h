// hw: perf events in memory for tests: what is set for a config on a CPU is what is read.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "hw/perf_event.h"

namespace joulery {

class FakePerfEvents final : public PerfEvents {
 public:
  void set(std::uint64_t config, int cpu, std::uint64_t count) {
    (*counts_)[{config, cpu}] = count;
  }
  void remove(std::uint64_t config, int cpu) { counts_->erase({config, cpu}); }
  void deny() { denied_ = true; }
  [[nodiscard]] int opened() const { return opened_; }

  Result<std::unique_ptr<PerfCounter>> open(const PerfEvent& event) override {
    if (denied_) return Error{ErrorCode::kDenied, event.name + ": permission denied"};
    if (!counts_->contains({event.config, event.cpu}))
      return Error{ErrorCode::kUnavailable, event.name + ": no such event"};
    ++opened_;
    return std::unique_ptr<PerfCounter>(
        std::make_unique<Counter>(counts_, Key{event.config, event.cpu}));
  }

 private:
  using Key = std::pair<std::uint64_t, int>;
  using Counts = std::map<Key, std::uint64_t>;

  class Counter final : public PerfCounter {
   public:
    Counter(std::shared_ptr<Counts> counts, Key key) : counts_(std::move(counts)), key_(key) {}
    Result<std::uint64_t> read() override {
      const auto found = counts_->find(key_);
      if (found == counts_->end()) return Error{ErrorCode::kGone, "the event ended"};
      return found->second;
    }

   private:
    std::shared_ptr<Counts> counts_;
    Key key_;
  };

  std::shared_ptr<Counts> counts_ = std::make_shared<Counts>();
  bool denied_ = false;
  int opened_ = 0;
};

}  // namespace joulery
