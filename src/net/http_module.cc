// net: the module joulery_http.so. Apart from the program, so that no command but one that asks a
// live source loads libcurl.
#include "net/http_module.h"

#include <curl/curl.h>

#include <cstdio>
#include <memory>

namespace joulery {
namespace {

struct CloseHandle {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

// libcurl bounds a line of the header, not their sum; servers send some KiB (a choice).
constexpr std::uint64_t kMostHeaderBytes = 256 * 1024;

struct Body {
  HttpSink sink;
  std::uint64_t left = 0;
  std::uint64_t header_left = kMostHeaderBytes;
  bool too_large = false;
};

std::size_t count_header(const char*, std::size_t size, std::size_t count, void* of) {
  auto& body = *static_cast<Body*>(of);
  const std::size_t all = size * count;
  body.too_large = all > body.header_left;
  if (body.too_large) return 0;  // which ends the transfer
  body.header_left -= all;
  return all;
}

std::size_t take(const char* bytes, std::size_t size, std::size_t count, void* to) {
  auto& body = *static_cast<Body*>(to);
  const std::size_t all = size * count;
  if (all > body.left) {
    body.too_large = true;
    return 0;  // which ends the transfer
  }
  body.left -= all;
  body.sink.append(body.sink.to, bytes, all);
  return all;
}

void set_protocol(CURL* handle, bool loopback) {
#if LIBCURL_VERSION_NUM >= 0x075500
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, loopback ? "http" : "https");
#else
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS, loopback ? CURLPROTO_HTTP : CURLPROTO_HTTPS);
#endif
  if (loopback) curl_easy_setopt(handle, CURLOPT_PROXY, "");
}

void set_limits(CURL* handle, const HttpOrder& order) {
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  // A redirect would carry the token to wherever it points.
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(order.most_seconds * 1000));
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(order.stalled_seconds * 1000));
  // Seconds are whole there.
  curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, static_cast<long>(order.stalled_seconds + 0.99));
}

long perform(CURL* handle, const Body& body, char* why, std::size_t why_size) {
  const CURLcode code = curl_easy_perform(handle);
  if (body.too_large) {
    std::snprintf(why, why_size, "the answer is larger than any of a series");
    return 0;
  }
  if (code != CURLE_OK) {
    std::snprintf(why, why_size, "%s", curl_easy_strerror(code));
    return 0;
  }
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  return status;
}

long get(const HttpOrder* order, HttpSink sink, char* why, std::size_t why_size) {
  const std::unique_ptr<CURL, CloseHandle> handle(curl_easy_init());
  const std::unique_ptr<curl_slist, FreeList> headers(
      order->header == nullptr ? nullptr : curl_slist_append(nullptr, order->header));
  if (!handle || (order->header != nullptr && !headers)) {
    std::snprintf(why, why_size, "libcurl has no memory");
    return 0;
  }
  Body body;
  body.sink = sink;
  body.left = order->most_bytes;
  curl_easy_setopt(handle.get(), CURLOPT_URL, order->url);
  curl_easy_setopt(handle.get(), CURLOPT_USERAGENT, "joulery");
  curl_easy_setopt(handle.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(handle.get(), CURLOPT_WRITEFUNCTION, take);
  curl_easy_setopt(handle.get(), CURLOPT_WRITEDATA, &body);
  curl_easy_setopt(handle.get(), CURLOPT_HEADERFUNCTION, count_header);
  curl_easy_setopt(handle.get(), CURLOPT_HEADERDATA, &body);
  set_protocol(handle.get(), order->loopback);
  set_limits(handle.get(), *order);
  return perform(handle.get(), body, why, why_size);
}

}  // namespace
}  // namespace joulery

// A symbol of C, kHttpModuleSymbol.
// NOLINTBEGIN(readability-identifier-naming)
extern "C" {
extern __attribute__((visibility("default"))) const joulery::HttpModule joulery_http_module;
const joulery::HttpModule joulery_http_module = {joulery::kHttpModuleVersion, joulery::get};
}
// NOLINTEND(readability-identifier-naming)
