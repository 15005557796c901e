// report: what the module joulery_hdf5.so offers. Plain C types, so that the program that opens it
// needs nothing of HDF5.
#pragma once

#include <cstddef>
#include <cstdint>

namespace joulery {

/// Of a file or of one channel.
struct Hdf5Attribute {
  const char* name;
  const char* text;  ///< a number where this is null
  double number;
};

/// Every function returns false after a failure, of which `failure` tells the reason.
struct Hdf5Module {
  int version;
  void* (*create)(const char* path, const Hdf5Attribute* attributes, std::size_t count);
  /// A group /channels/NUMBER with its attributes; append() then adds to it, until the next
  /// begin_channel().
  bool (*begin_channel)(void* file, const Hdf5Attribute* attributes, std::size_t count);
  bool (*append)(void* file, const std::int64_t* time_us, const double* value,
                 const std::uint32_t* half_width_us, const std::uint8_t* restart,
                 std::size_t count);
  /// Frees `file`, whatever it returns.
  bool (*close)(void* file);
  /// The reason of the last failure in this thread.
  const char* (*failure)();
};

inline constexpr int kHdf5ModuleVersion = 1;
inline constexpr const char* kHdf5ModuleSymbol = "joulery_hdf5_module";

}  // namespace joulery
