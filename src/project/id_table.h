// project: numbers by the hash of what they stand for.
#pragma once

#include <cstdint>
#include <vector>

namespace joulery::project {

/// Open addressing over numbers 0, 1, 2, ...; what they stand for is the caller's.
class IdTable {
 public:
  /// The number whose thing `same` says is the one of this hash, else none.
  template <class Same>
  [[nodiscard]] const std::uint32_t* find(std::uint64_t hash, const Same& same) const {
    if (slots_.empty()) return nullptr;
    for (std::size_t at = hash & mask();; at = (at + 1) & mask()) {
      const Slot& slot = slots_[at];
      if (slot.number == kFree) return nullptr;
      if (slot.hash == hash && same(slot.number)) return &slot.number;
    }
  }
  /// Of one that find() did not find.
  void add(std::uint64_t hash, std::uint32_t number) {
    if (2 * (count_ + 1) > slots_.size()) grow();
    put({hash, number});
    ++count_;
  }

 private:
  static constexpr std::uint32_t kFree = 0xFFFFFFFF;
  struct Slot {
    std::uint64_t hash = 0;
    std::uint32_t number = kFree;
  };
  [[nodiscard]] std::size_t mask() const { return slots_.size() - 1; }

  void put(const Slot& slot) {
    std::size_t at = slot.hash & mask();
    while (slots_[at].number != kFree) at = (at + 1) & mask();
    slots_[at] = slot;
  }
  void grow() {
    std::vector<Slot> old(slots_.empty() ? 64 : 2 * slots_.size());
    old.swap(slots_);
    for (const Slot& slot : old)
      if (slot.number != kFree) put(slot);
  }

  std::vector<Slot> slots_;
  std::size_t count_ = 0;
};

/// The finaliser of MurmurHash3 (Appleby, public domain): spreads what differs in few bits.
inline std::uint64_t mixed(std::uint64_t x) {
  x ^= x >> 33;
  x *= 0xff51afd7ed558ccdULL;
  x ^= x >> 33;
  x *= 0xc4ceb9fe1a85ec53ULL;
  return x ^ (x >> 33);
}
inline std::uint64_t hash_of(const std::vector<std::uint32_t>& values) {
  std::uint64_t hash = 0;
  for (const std::uint32_t value : values) hash = mixed(hash + value + 1);
  return hash;
}

}  // namespace joulery::project
