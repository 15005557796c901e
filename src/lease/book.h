// lease: the records of this machine's held devices: written whole, synced, before what they tell
// of is done.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lease/lease_files.h"
#include "lease/record.h"

namespace joulery {

/// A record that is there and cannot be read.
struct DamagedRecord {
  std::string name;
  std::string why;
};
struct BookContent {
  std::vector<LeaseRecord> records;
  std::vector<DamagedRecord> damaged;
};

/// Thread-compatible. Everything that writes needs the device's lock, see BookLock.
class LeaseBook {
 public:
  explicit LeaseBook(LeaseFiles& files) : files_(files) {}

  /// What is held now. Empty where there is no directory. Errors: kDenied, kInvalid.
  Result<BookContent> load();
  /// The record of one device; nothing where it is free. Errors: kInvalid (damaged), kDenied.
  Result<std::optional<LeaseRecord>> find(const std::string& device);

  /// On disk when it returns, in the place of an older one. On error the older one, or the new one,
  /// is there.
  Result<void> store(const LeaseRecord& record);
  Result<void> erase(const std::string& device);

  LeaseFiles& files() { return files_; }

 private:
  LeaseFiles& files_;
};

/// Holds the lock of one device while it lives: a device that hangs delays no other.
class BookLock {
 public:
  /// Errors: kTransient (another process has it), kDenied.
  static Result<BookLock> take(LeaseBook& book, const std::string& device);
  BookLock(BookLock&& other) noexcept : files_(std::exchange(other.files_, nullptr)) {}
  BookLock& operator=(BookLock&&) = delete;
  ~BookLock() {
    if (files_ != nullptr) files_->unlock();
  }

 private:
  explicit BookLock(LeaseFiles& files) : files_(&files) {}
  LeaseFiles* files_;
};

}  // namespace joulery
