// lease: records as text, see record.h.
#include "lease/record.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "base/utf8.h"

namespace joulery {
namespace {

constexpr std::string_view kHead = "joulery-lease 1";
constexpr std::int64_t kMostMicrowatts = 1'000'000'000'000;  // 1 MW: no device has that limit
constexpr std::int64_t kMostMegahertz = 1'000'000;           // 1 THz: no device has that clock
constexpr std::string_view kFoundClock = "unlocked,cannot-be-read";
constexpr std::size_t kMostWord = 128;  // of ids: a UUID takes 40

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '-';
}

Error broken(const std::string& what) { return {ErrorCode::kInvalid, "lease record: " + what}; }

/// Takes lines "key=value" in the order in which they are written; the first mistake stays.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::optional<std::string_view> take_optional(std::string_view key) {
    if (!text_.starts_with(key) || text_.substr(key.size(), 1) != "=") return std::nullopt;
    const std::size_t end = text_.find('\n');
    const std::string_view value = text_.substr(key.size() + 1, end - key.size() - 1);
    text_.remove_prefix(end == std::string_view::npos ? text_.size() : end + 1);
    return value;
  }
  std::string_view take(std::string_view key) {
    const auto value = take_optional(key);
    if (!value) fail(key);
    return value.value_or(std::string_view());
  }
  /// Letters, digits and ".:_-/", as ids and epochs are made of.
  std::string take_word(std::string_view key, bool may_be_empty) {
    const std::string_view value = take(key);
    const bool plain = std::all_of(value.begin(), value.end(),
                                   [](char c) { return is_plain(c) || c == '/' || c == ':'; });
    if (!plain || value.size() > kMostWord || (value.empty() && !may_be_empty)) fail(key);
    return std::string(value);
  }
  template <class Number>
  Number number(std::string_view key, std::string_view text, int base = 10) {
    Number value{};
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc() || rest != text.data() + text.size()) fail(key);
    return value;
  }
  std::int64_t power(std::string_view key, std::string_view text) {
    const auto value = number<std::int64_t>(key, text);
    if (value < 0 || value > kMostMicrowatts) fail(key);
    return value;
  }
  std::optional<std::int64_t> take_optional_power(std::string_view key) {
    const auto text = take_optional(key);
    if (!text) return std::nullopt;
    return power(key, *text);
  }
  std::optional<std::int64_t> take_optional_clock(std::string_view key) {
    const auto text = take_optional(key);
    if (!text) return std::nullopt;
    const auto mhz = number<std::int64_t>(key, *text);
    if (mhz <= 0 || mhz > kMostMegahertz) fail(key);
    return mhz;
  }
  std::string take_command() {
    const std::string_view value = take("command");
    if (value.size() > kMostCommandBytes || printable(value) != value) fail("command");
    return std::string(value);
  }
  void fail(std::string_view key) {
    if (wrong_.empty()) wrong_ = key;
  }
  [[nodiscard]] const std::string& wrong() const { return wrong_; }
  [[nodiscard]] bool at_end() const { return text_.empty(); }

 private:
  std::string_view text_;
  std::string wrong_;
};

void take_holder(Reader& reader, LeaseRecord& record) {
  const std::string_view text = reader.take("holder");
  const std::size_t colon = std::min(text.find(':'), text.size());
  record.holder.pid = reader.number<pid_t>("holder", text.substr(0, colon));
  record.holder.start =
      reader.number<std::uint64_t>("holder", text.substr(std::min(colon + 1, text.size())));
  if (record.holder.pid <= 0) reader.fail("holder");
  record.pid_namespace = reader.number<std::uint64_t>("pids", reader.take("pids"));
  record.uid = reader.number<std::uint32_t>("uid", reader.take("uid"));
}

void take_limits(Reader& reader, LeaseRecord& record) {
  record.found_uw = reader.power("found_uw", reader.take("found_uw"));
  record.asked_uw = reader.power("asked_uw", reader.take("asked_uw"));
  record.before_uw = reader.take_optional_power("before_uw");
  record.foreign_uw = reader.take_optional_power("foreign_uw");
  record.clock_mhz = reader.take_optional_clock("clock_mhz");
  if (record.clock_mhz && reader.take("found_clock") != kFoundClock) reader.fail("found_clock");
  if (record.clock_mhz) record.foreign_clock_mhz = reader.take_optional_clock("foreign_clock_mhz");
}

void take_times(Reader& reader, LeaseRecord& record) {
  record.since_us = reader.number<std::int64_t>("since_us", reader.take("since_us"));
  if (const auto text = reader.take_optional("expires_us"))
    record.expires_us = reader.number<std::int64_t>("expires_us", *text);
  if (const auto text = reader.take_optional("detached")) {
    record.detached = true;
    if (*text != "1") reader.fail("detached");
  }
}

std::string checksum_of(std::string_view text) {
  return fmt::format("{:016x}", XXH64(text.data(), text.size(), 0));
}

/// Parts of a command may be anything: what is not printable is written out, and the end is cut.
std::string fit_command(const std::string& command) {
  std::string text = printable(command);
  if (text.size() <= kMostCommandBytes) return text;
  std::size_t end = kMostCommandBytes - 2;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "..";
}

std::string optional_line(const char* key, const std::optional<std::int64_t>& value) {
  return value ? fmt::format("{}={}\n", key, *value) : std::string();
}

}  // namespace

std::string format_record(const LeaseRecord& r) {
  std::string text =
      fmt::format("{}\ndevice={}\nlease={:016x}\nboot={}\ndriver={}\nfound_uw={}\nasked_uw={}\n",
                  kHead, r.device, r.lease, r.boot, r.driver, r.found_uw, r.asked_uw);
  text += optional_line("before_uw", r.before_uw) + optional_line("foreign_uw", r.foreign_uw);
  if (r.clock_mhz)
    text += fmt::format("clock_mhz={}\nfound_clock={}\n", *r.clock_mhz, kFoundClock) +
            optional_line("foreign_clock_mhz", r.foreign_clock_mhz);
  text += fmt::format("holder={}:{}\npids={}\nuid={}\ncommand={}\nsince_us={}\n", r.holder.pid,
                      r.holder.start, r.pid_namespace, r.uid, fit_command(r.command), r.since_us);
  text += optional_line("expires_us", r.expires_us);
  if (r.detached) text += "detached=1\n";
  return text + "check=" + checksum_of(text) + "\n";
}

Result<LeaseRecord> parse_record(std::string_view text) {
  if (text.size() > kMostRecordBytes) return broken("larger than any that is written");
  constexpr std::size_t kCheckLine = 6 + 16 + 1;  // "check=", 16 digits, the line's end
  if (!text.starts_with(kHead) || text.size() < kHead.size() + 1 + kCheckLine)
    return broken("does not begin with '" + std::string(kHead) + "'");
  const std::string_view body = text.substr(0, text.size() - kCheckLine);
  if (text.substr(body.size()) != "check=" + checksum_of(body) + "\n")
    return broken("its checksum is wrong");

  LeaseRecord record;
  if (body.substr(kHead.size(), 1) != "\n") return broken("of another version");
  Reader reader(body.substr(kHead.size() + 1));
  record.device = reader.take_word("device", false);
  const std::string_view lease = reader.take("lease");
  record.lease = reader.number<std::uint64_t>("lease", lease, 16);
  record.boot = reader.take_word("boot", true);
  record.driver = reader.take_word("driver", true);
  take_limits(reader, record);
  take_holder(reader, record);
  record.command = reader.take_command();
  take_times(reader, record);
  if (!reader.wrong().empty()) return broken("cannot read its '" + reader.wrong() + "'");
  if (!reader.at_end()) return broken("has a line too many");
  // What is spelled in another way was not written by us.
  if (format_record(record) != text) return broken("is not spelled as it is written");
  return record;
}

std::string record_name(std::string_view device) {
  std::string name;
  for (const char c : device) {
    if (!is_plain(c) && c != '/') return {};
    name += c == '/' ? ',' : c;
  }
  if (name.empty() || name.size() > kMostWord || name.front() == '.') return {};
  return name + ".lease";
}

}  // namespace joulery
