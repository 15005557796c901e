// lease: the record of a held device: what is needed to give it back, as text that is whole or
// nothing. docs/formats/lease.md is its description.
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "hw/identity.h"
#include "joulery/result.h"
#include "joulery/units.h"

namespace joulery {

inline constexpr std::size_t kMostRecordBytes = 4096;
inline constexpr std::size_t kMostCommandBytes = 256;  ///< of a holder's command, for people

/// Limits are whole microwatts, the finest unit of those who set them (powercap), so that what is
/// given back is to the digit what was found.
struct LeaseRecord {
  std::string device;       ///< component id
  std::uint64_t lease = 0;  ///< the same for all devices that were taken together
  std::string boot;         ///< /proc/sys/kernel/random/boot_id
  std::string driver;       ///< CapInfo::epoch
  std::int64_t found_uw = 0;
  std::int64_t asked_uw = 0;
  /// Requested before a write that is under way: until it is settled either may be in force.
  std::optional<std::int64_t> before_uw;
  /// What somebody else has asked for: the device is not written again under this lease.
  std::optional<std::int64_t> foreign_uw;
  /// The SM clock is, or may be, locked to this at most: giving back unlocks it, since nobody can
  /// read which lock was found.
  std::optional<std::int64_t> clock_mhz;
  /// Seen above that lock: somebody else has ended or changed it, and it is not touched again.
  std::optional<std::int64_t> foreign_clock_mhz;
  ProcessIdentity holder;
  std::uint64_t pid_namespace = 0;  ///< in which `holder` has its number; 0: not known
  std::uint32_t uid = 0;
  std::string command;                     ///< printable, at most kMostCommandBytes
  std::int64_t since_us = 0;               ///< wall clock, since 1970
  std::optional<std::int64_t> expires_us;  ///< CLOCK_BOOTTIME, which nobody steps
  bool detached = false;

  friend bool operator==(const LeaseRecord&, const LeaseRecord&) = default;
};

std::string format_record(const LeaseRecord& record);
/// Errors: kInvalid: anything that format_record() does not write.
Result<LeaseRecord> parse_record(std::string_view text);

/// "gpu,GPU-1b2c,board.lease"; empty where the id has anything but letters, digits, '.', '_', '-'
/// and '/'.
std::string record_name(std::string_view device);

inline std::int64_t megahertz(Hertz clock) {
  return std::llround(clock.count() / kHertzPerMegahertz);
}
inline Hertz hertz_of(std::int64_t megahertz) {
  return Hertz(static_cast<double>(megahertz) * kHertzPerMegahertz);
}

inline std::int64_t microwatts(Watts limit) {
  return static_cast<std::int64_t>(limit.count() * 1e6 + (limit.count() < 0 ? -0.5 : 0.5));
}
inline Watts watts_of(std::int64_t microwatts) {
  return Watts(static_cast<double>(microwatts) / 1e6);
}

}  // namespace joulery
