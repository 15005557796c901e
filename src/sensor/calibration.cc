// sensor: the reader of calibration files; see calibration.h.
#include "sensor/calibration.h"

#include <set>

#include "base/file.h"
#include "base/text.h"

namespace joulery {
namespace {

constexpr std::uint64_t kMostBytes = 64 * 1024;  // seven keys and the user's notes
// A board further off than this is broken, or the file is for another one. Yang, Adamek, Armour,
// SC24, arXiv 2312.02741, saw gains within 0.8 to 1.2.
constexpr double kLeastGain = 0.5;
constexpr double kMostGain = 2;
constexpr double kMostOffsetW = 100;

// Flat "key = value" lines are the part of TOML that seven keys need; toml++ 3.3 fails its own
// assertions on some malformed files.
struct Line {
  std::string place;  // "FILE:LINE: "
  std::string_view key, value;
};

Error line_error(const Line& line, const std::string& what) {
  return {ErrorCode::kInvalid, line.place + what};
}

/// A number within [low, high], or an error that names the key.
Result<double> number_in(const Line& line, double low, double high) {
  const std::optional<double> value = parse_number(line.value);
  if (value && *value >= low && *value <= high) return *value;
  return line_error(line, std::string(line.key) + " must be a number from " + std::to_string(low) +
                              " to " + std::to_string(high) + ", but is '" +
                              std::string(line.value) + "'");
}

/// What stands between double quotes; there are no escapes.
Result<std::string> quoted(const Line& line) {
  const std::string_view v = line.value;
  if (v.size() >= 2 && v.front() == '"' && v.back() == '"' &&
      v.substr(1, v.size() - 2).find_first_of("\"\\") == v.npos)
    return std::string(v.substr(1, v.size() - 2));
  return line_error(line, std::string(line.key) + " must be a text in double quotes");
}

Result<void> take_field(Calibration& out, const Line& line) {
  JOULERY_TRY(out.field, quoted(line));
  for (const char* known : {"energy", "power", "power_instant", "power_average"})
    if (out.field == known) return {};
  return line_error(line,
                    "field must be \"energy\", \"power\", \"power_instant\" or \"power_average\"");
}

Result<void> take_key(Calibration& out, const Line& line) {
  if (line.key == "gain") {
    JOULERY_TRY(out.gain, number_in(line, kLeastGain, kMostGain));
  } else if (line.key == "u_gain") {
    JOULERY_TRY(out.u_gain, number_in(line, 1e-6, 0.5));
  } else if (line.key == "offset_w") {
    JOULERY_TRY(const double watts, number_in(line, -kMostOffsetW, kMostOffsetW));
    out.offset = Watts(watts);
  } else if (line.key == "u_offset_w") {
    JOULERY_TRY(const double watts, number_in(line, 0, kMostOffsetW));
    out.u_offset = Watts(watts);
  } else if (line.key == "driver_major") {
    JOULERY_TRY(const double major, number_in(line, 1, 9999));
    out.driver_major = static_cast<unsigned>(major);
  } else if (line.key == "field") {
    JOULERY_CHECK(take_field(out, line));
  } else if (line.key == "note") {
    if (auto note = quoted(line); !note) return note.error();
  } else {
    return line_error(line, "unknown key '" + std::string(line.key) + "'");
  }
  return {};
}

/// The text before a comment; a '#' between quotes is none.
std::string_view without_comment(std::string_view text) {
  bool in_quotes = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') in_quotes = !in_quotes;
    if (text[i] == '#' && !in_quotes) return text.substr(0, i);
  }
  return text;
}

}  // namespace

Result<Calibration> parse_calibration(std::string_view text, const std::string& path) {
  Calibration calibration;
  calibration.path = path;
  std::set<std::string_view> seen;
  std::size_t number = 0;
  for (const std::string_view raw : split(text, '\n')) {
    Line line{.place = path + ":" + std::to_string(++number) + ": ", .key = {}, .value = {}};
    const std::string_view content = trim(without_comment(raw));
    if (content.empty()) continue;
    const std::size_t equals = content.find('=');
    if (equals == content.npos) return line_error(line, "is not KEY = VALUE");
    line.key = trim(content.substr(0, equals));
    line.value = trim(content.substr(equals + 1));
    if (!seen.insert(line.key).second)
      return line_error(line, std::string(line.key) + " is given twice");
    JOULERY_CHECK(take_key(calibration, line));
  }
  for (const char* needed : {"gain", "u_gain"})
    if (!seen.contains(needed))
      return Error{ErrorCode::kInvalid, path + ":1: " + needed + " is missing"};
  return calibration;
}

Result<std::optional<Calibration>> load_calibration(const std::string& dir,
                                                    const std::string& board) {
  if (dir.empty()) return std::optional<Calibration>();
  const std::string path = dir + "/" + board + ".toml";
  const auto text = load_file(path, kMostBytes);
  if (!text && text.error().code == ErrorCode::kUnavailable) return std::optional<Calibration>();
  if (!text) return text.error();
  JOULERY_TRY(Calibration calibration, parse_calibration(*text, path));
  return std::optional<Calibration>(std::move(calibration));
}

bool applies(const Calibration& calibration, std::string_view channel, unsigned driver_major) {
  if (calibration.driver_major && *calibration.driver_major != driver_major) return false;
  return calibration.field.empty() || calibration.field == channel;
}

// The gain of the reference meter is common to the boards calibrated by it, so their correlation
// stays.
void apply(const Calibration& calibration, Accuracy& accuracy) {
  accuracy.gain = calibration.gain;
  accuracy.gain_u = calibration.u_gain;
  accuracy.offset = calibration.offset;
  accuracy.offset_u = calibration.u_offset;
  accuracy.source = "calibration " + calibration.path;
}

}  // namespace joulery
