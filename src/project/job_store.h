// project: the jobs of a log in 48 bytes each, and an index that finds a job which was there.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace joulery::project {

inline constexpr double kMicrosPerHour = 3.6e9;

/// One attempt of a job. What it has in common with others (user, state, ..., its devices) is a
/// number into the tables of the log.
struct JobRecord {
  enum Flag : std::uint32_t {
    kHasStart = 1,
    kHasEnergy = 2,
    kOpen = 4,     ///< no end and no elapsed time yet: counted up to "now"
    kRunning = 8,  ///< was running when the log was written
  };
  std::uint64_t id = 0;         ///< hash of its id, 0: the log has no ids
  std::int64_t start_us = 0;    ///< of kHasStart
  std::int64_t elapsed_us = 0;  ///< not of kOpen
  double energy_j = 0;          ///< of kHasEnergy: as the log says, never computed
  float energy_u_j = 0;
  std::uint32_t devices = 0;  ///< which devices and how many
  std::uint32_t kind = 0;     ///< the values of the columns that are kept
  std::uint32_t flags = 0;

  /// Where it ran: 0: as the whole log; else 1 + the number of LogData::places. In the upper half
  /// of `flags`.
  [[nodiscard]] std::uint32_t place() const { return flags >> 16; }
  void set_place(std::uint32_t place) { flags = (flags & 0xFFFF) | place << 16; }
  static constexpr std::uint32_t kMostPlaces = 0xFFFF;
  [[nodiscard]] bool has(Flag flag) const { return (flags & flag) != 0; }
};
static_assert(sizeof(JobRecord) == 48);

/// Grows in pieces that never move, so that a million jobs take no more than they need. With the
/// index (at most 10 bytes a job, 15 while it grows) a job takes below 64 bytes.
class JobStore {
 public:
  [[nodiscard]] std::size_t size() const { return size_; }
  JobRecord& operator[](std::size_t i) { return pieces_[i / kPiece][i % kPiece]; }
  const JobRecord& operator[](std::size_t i) const { return pieces_[i / kPiece][i % kPiece]; }

  void add(const JobRecord& job);
  /// The job of the same id and start, if there was one; else adds it to the index (the caller
  /// then adds it to the store).
  JobRecord* find_or_index(const JobRecord& job);
  /// Attempts of jobs that had one before, and gives the index's memory back.
  std::size_t count_repeats();

 private:
  static constexpr std::size_t kPiece = 8192;
  void grow();

  std::vector<std::unique_ptr<JobRecord[]>> pieces_;
  std::size_t size_ = 0;
  std::vector<std::uint32_t> slots_;  // 1 + number of the job; 0: free
  std::size_t indexed_ = 0;
};

}  // namespace joulery::project
