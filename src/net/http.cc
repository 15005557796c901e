// net: GET through the module, see http.h.
#include "net/http.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "base/module.h"
#include "base/text.h"
#include "base/utf8.h"
#include "net/http_module.h"

namespace joulery {
namespace {

/// "127.0.0.1" of "http://127.0.0.1:8080/v3": empty where it is no plain URL of that scheme. A name
/// and password before '@' would hide the host.
std::string_view host_of(std::string_view url, std::string_view scheme) {
  if (!url.starts_with(scheme)) return {};
  std::string_view host = url.substr(scheme.size());
  host = host.substr(0, host.find_first_of("/?#\\"));
  if (host.find('@') != std::string_view::npos) return {};
  if (host.starts_with('[')) return host.substr(0, host.find(']') + 1);
  return host.substr(0, host.find(':'));
}

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "127.0.0.1" || host == "[::1]";
}

bool is_clean(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

/// Without a query, for errors.
std::string shown(const std::string& url) { return printable(url.substr(0, url.find('?'))); }

Result<bool> check_url(const HttpRequest& request) {
  const bool loopback = is_loopback(host_of(request.url, "http://"));
  if (!is_clean(request.url) || (!loopback && host_of(request.url, "https://").empty()))
    return Error{ErrorCode::kUsage,
                 fmt::format("{}: a URL begins with https:// and a host; http:// is for this "
                             "machine, as in http://127.0.0.1:8080",
                             shown(request.url))};
  if (!is_clean(request.secret_header))
    return Error{ErrorCode::kUsage, "a token is one line of letters, digits and signs"};
  return loopback;
}

Result<void> check_status(long status, const std::string& url) {
  if (status == 200) return {};
  const std::string said = fmt::format("{}: answers with HTTP {}", shown(url), status);
  if (status == 401 || status == 403)
    return Error{ErrorCode::kDenied, said + ": the token is not one for this"};
  if (status >= 300 && status < 400)
    return Error{ErrorCode::kUnavailable, said + ", a redirect, which is not followed"};
  return Error{ErrorCode::kUnavailable, said};
}

void append(void* to, const char* bytes, std::size_t count) {
  static_cast<std::string*>(to)->append(bytes, count);
}

}  // namespace

Result<std::string> http_get(const HttpRequest& request) {
  JOULERY_TRY(const bool loopback, check_url(request));
  const auto library = open_module("joulery_http");
  if (!library)
    return Error{ErrorCode::kUnavailable,
                 "a live source needs the module joulery_http.so and libcurl (Debian: libcurl4): " +
                     library.error().message};
  const auto* const module = static_cast<const HttpModule*>(symbol_of(*library, kHttpModuleSymbol));
  if (module == nullptr || module->version != kHttpModuleVersion)
    return Error{ErrorCode::kUnavailable, "joulery_http.so is of another version of Joulery"};
  const char* const header =
      request.secret_header.empty() ? nullptr : request.secret_header.c_str();
  const HttpOrder order{
      request.url.c_str(),       header, loopback, request.most_bytes, request.most_time.count(),
      request.most_stall.count()};
  std::string body;
  std::array<char, 256> why{};
  const long status = module->get(&order, {&body, append}, why.data(), why.size());
  if (status == 0)
    return Error{ErrorCode::kUnavailable, fmt::format("{}: {}", shown(request.url), why.data())};
  JOULERY_CHECK(check_status(status, request.url));
  return body;
}

}  // namespace joulery
