// net: what the module joulery_http.so offers. Plain C types, so that the program that opens it
// needs nothing of libcurl.
#pragma once

#include <cstddef>
#include <cstdint>

namespace joulery {

struct HttpOrder {
  const char* url;
  const char* header;  ///< "auth-token: ...", or null
  bool loopback;       ///< plain HTTP, and never through a proxy
  std::uint64_t most_bytes;
  double most_seconds;
  double stalled_seconds;  ///< so long without a byte
};

/// Where the answer goes: bytes as they come.
struct HttpSink {
  void* to;
  void (*append)(void* to, const char* bytes, std::size_t count);
};

struct HttpModule {
  int version;
  /// The status of the answer; 0 after a failure, which `why` then tells, of `why_size` bytes.
  long (*get)(const HttpOrder* order, HttpSink sink, char* why, std::size_t why_size);
};

inline constexpr int kHttpModuleVersion = 1;
inline constexpr const char* kHttpModuleSymbol = "joulery_http_module";

}  // namespace joulery
