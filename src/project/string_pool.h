// project: names that many jobs share, stored once.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

namespace joulery::project {

/// Strings by number. A name longer than kMostBytes is cut: no user, state or search has one.
class StringPool {
 public:
  static constexpr std::size_t kMostBytes = 256;
  /// Of all names together; a choice that bounds what a wrong --by column costs.
  static constexpr std::size_t kMostTotal = std::size_t{128} << 20;

  /// The same number for the same text. `full()` tells where names had to be dropped.
  std::uint32_t put(std::string_view text);
  [[nodiscard]] const std::string& at(std::uint32_t id) const { return texts_[id]; }
  [[nodiscard]] std::size_t size() const { return texts_.size(); }
  [[nodiscard]] bool full() const { return full_; }

 private:
  std::deque<std::string> texts_;  // never moves: the map's keys are views into it
  std::unordered_map<std::string_view, std::uint32_t> ids_;
  std::size_t bytes_ = 0;
  std::uint32_t last_ = 0;
  bool full_ = false;
};

}  // namespace joulery::project
