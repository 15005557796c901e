// trace: columns of whole numbers, small on disk and fast to read: differences, their smallest
// taken off, split into byte planes, each plane raw, constant or zstd. docs/formats/record.md says
// every byte.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "trace/bytes.h"

struct ZSTD_CCtx_s;
struct ZSTD_DCtx_s;

namespace joulery {

/// Reuses its buffers: no allocation once they have grown. Thread-compatible.
class IntEncoder {
 public:
  IntEncoder();
  ~IntEncoder();
  /// Appends the column, as small as this codec makes it; some 20 ns a value.
  void encode(std::span<const std::int64_t> values, std::string& out);
  /// Appends the column as it is, 8 bytes a value: for frames that live for seconds.
  static void encode_plain(std::span<const std::int64_t> values, std::string& out);

 private:
  void encode_plane(std::string_view plane, std::string& out);

  struct Free {
    void operator()(ZSTD_CCtx_s* context) const;
  };
  std::unique_ptr<ZSTD_CCtx_s, Free> context_;
  std::vector<std::uint64_t> residual_;
  std::string plane_;
  std::string packed_;
};

/// Reuses its buffers. Thread-compatible.
class IntDecoder {
 public:
  IntDecoder();
  ~IntDecoder();
  /// Takes a column of out.size() values. False where the bytes are not one.
  [[nodiscard]] bool decode(ByteReader& in, std::span<std::int64_t> out);

 private:
  [[nodiscard]] bool decode_plane(ByteReader& in, std::size_t size, std::string& scratch,
                                  const unsigned char*& plane);

  struct Free {
    void operator()(ZSTD_DCtx_s* context) const;
  };
  std::unique_ptr<ZSTD_DCtx_s, Free> context_;
  std::string scratch_[8];
};

}  // namespace joulery
