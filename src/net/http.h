// net: one document by HTTP, within limits.
#pragma once

#include <cstdint>
#include <string>

#include "joulery/result.h"
#include "joulery/units.h"

namespace joulery {

struct HttpRequest {
  std::string url;            ///< https://, or http:// of this machine
  std::string secret_header;  ///< "auth-token: ...", or empty; in no error and no log
  std::uint64_t most_bytes = 4 << 20;
  Seconds most_time{30};
  Seconds most_stall{10};  ///< without a byte
};

/// The body of an answer with status 200. Redirects are not followed: they would carry the secret
/// on. Needs the module joulery_http.so. Blocks, at most `most_time`. Errors: kUsage for another
/// URL or a header of several lines; kDenied for 401 and 403; kUnavailable otherwise. None quotes
/// what the server sent, which may repeat the secret.
Result<std::string> http_get(const HttpRequest& request);

}  // namespace joulery
