// project: the jobs of a log, see job_store.h.
#include "project/job_store.h"

#include <algorithm>

#include "project/id_table.h"

namespace joulery::project {
namespace {

std::uint64_t key_of(const JobRecord& job) {
  return mixed(job.id ^ mixed(static_cast<std::uint64_t>(job.start_us)));
}

}  // namespace

void JobStore::add(const JobRecord& job) {
  if (size_ % kPiece == 0) pieces_.push_back(std::make_unique<JobRecord[]>(kPiece));
  (*this)[size_++] = job;
}

// At four fifths full, twice as large: 5 to 10 bytes a job.
void JobStore::grow() {
  std::vector<std::uint32_t> old(slots_.empty() ? 1024 : 2 * slots_.size());
  old.swap(slots_);
  const std::size_t mask = slots_.size() - 1;
  for (const std::uint32_t slot : old) {
    if (slot == 0) continue;
    std::size_t at = key_of((*this)[slot - 1]) & mask;
    while (slots_[at] != 0) at = (at + 1) & mask;
    slots_[at] = slot;
  }
}

JobRecord* JobStore::find_or_index(const JobRecord& job) {
  if (5 * (indexed_ + 1) > 4 * slots_.size()) grow();
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = key_of(job) & mask;
  for (; slots_[at] != 0; at = (at + 1) & mask) {
    JobRecord& known = (*this)[slots_[at] - 1];
    if (known.id == job.id && known.start_us == job.start_us) return &known;
  }
  slots_[at] = static_cast<std::uint32_t>(size_ + 1);
  ++indexed_;
  return nullptr;
}

std::size_t JobStore::count_repeats() {
  std::size_t repeats = 0;
  std::fill(slots_.begin(), slots_.end(), 0);
  const std::size_t mask = slots_.empty() ? 0 : slots_.size() - 1;
  for (std::size_t i = 0; i < size_ && !slots_.empty(); ++i) {
    const std::uint64_t id = (*this)[i].id;
    if (id == 0) continue;
    std::size_t at = mixed(id) & mask;
    while (slots_[at] != 0 && (*this)[slots_[at] - 1].id != id) at = (at + 1) & mask;
    if (slots_[at] != 0) ++repeats;
    slots_[at] = static_cast<std::uint32_t>(i + 1);
  }
  std::vector<std::uint32_t>().swap(slots_);
  return repeats;
}

}  // namespace joulery::project
