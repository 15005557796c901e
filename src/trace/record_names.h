// trace: the words and bounds of a record's header, which its writer and its reader share.
#pragma once

#include <array>
#include <cstdint>

namespace joulery {

inline constexpr int kRecordVersion = 1;
// Unpacked: many times the largest node's channels.
inline constexpr std::uint32_t kMostRecordText = 16U << 20;
// The two numbers above are the time columns.
inline constexpr std::size_t kMostRecordChannels = 0xfffe;

template <std::size_t N>
using RecordNames = std::array<const char*, N>;

// In the order of the enumerations; a name stays when the order changes.
inline constexpr RecordNames<5> kKinds = {"gpu", "cpu", "dram", "node", "other"};
inline constexpr RecordNames<11> kMeasures = {
    "energy",     "power",       "utilization",   "memory_used", "temperature", "clock",
    "throughput", "power_limit", "throttle_time", "cpu_time",    "count"};
inline constexpr RecordNames<5> kRules = {"none", "counter", "trapezoid", "plain_mean",
                                          "window_average"};
inline constexpr RecordNames<5> kEvidences = {"measured", "integrated", "modelled", "constant",
                                              "missing"};

}  // namespace joulery
