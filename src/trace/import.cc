// trace: reading other tools' logs: which format it is, and one trace from all files.
#include "trace/import.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>

#include "base/file.h"
#include "base/text.h"

namespace joulery {
namespace {

// Every format, in the order in which --help lists them. A new one is one file and one line.
constexpr std::array kFormats = {
    ImportFormat{"nvidia-smi", "nvidia-smi --query-gpu=timestamp,power.draw,... --format=csv",
                 claims_nvidia_smi, read_nvidia_smi},
    ImportFormat{"ptdaemon", "MLPerf PTDaemon spl.txt", claims_ptdaemon, read_ptdaemon},
    ImportFormat{"codecarbon", "CodeCarbon emissions.csv", claims_codecarbon, read_codecarbon},
    ImportFormat{"zeus", "Zeus windows: window_name,elapsed_time,gpu0_energy,...", claims_zeus,
                 read_zeus},
    ImportFormat{"dcgm", "dcgmi dmon -e 155,156,...", claims_dcgm, read_dcgm},
    ImportFormat{"joulery", "joulery export --format csv", claims_joulery_csv, read_joulery_csv},
    ImportFormat{"csv", "timestamp and power_w or energy_j", claims_plain_csv, read_plain_csv},
};

std::string known_names() {
  std::vector<std::string> names;
  for (const ImportFormat& format : kFormats) names.emplace_back(format.name);
  return fmt::format("{}", fmt::join(names, ", "));
}

Result<const ImportFormat*> named_format(const std::string& name) {
  for (const ImportFormat& format : kFormats)
    if (name == format.name) return &format;
  return Error{ErrorCode::kUsage,
               fmt::format("--format: '{}' is unknown; it reads {}", name, known_names())};
}

Result<const ImportFormat*> recognised_format(const std::string& file, std::string_view head) {
  std::vector<const ImportFormat*> claimed;
  for (const ImportFormat& format : kFormats)
    if (format.claims(head)) claimed.push_back(&format);
  if (claimed.size() == 1) return claimed[0];
  const auto what = claimed.empty()
                        ? fmt::format("is in no known format")
                        : fmt::format("could be {} or {}", claimed[0]->name, claimed[1]->name);
  return Error{ErrorCode::kInvalid,
               fmt::format("{}:1: {}; name it with --format: {}", file, what, known_names())};
}

// An input may be endless, and what is kept of it has a bound of its own (kMostReadings). A choice:
// five days of eight devices at 100 ms, in a line of 100 bytes each.
constexpr std::uint64_t kMostBytes = std::uint64_t{4} << 30;
constexpr std::uint64_t kMostLines = std::uint64_t{64} << 20;

Result<LogSource> open_log(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored))
    return Error{ErrorCode::kInvalid, fmt::format("{}: is a directory, not a log", path)};
  auto in = std::make_unique<std::ifstream>(path, std::ios::binary);
  if (!*in) return errno_error(path, "open", errno);
  return LogSource{path, std::move(in)};
}

Result<const ImportFormat*> read_source(const LogSource& source, const ImportFormat* format,
                                        ImportContext& context) {
  LogLines lines(*source.in, source.name, kMostBytes, kMostLines);
  const std::string_view head = lines.head();
  if (trim(head).empty())
    return Error{ErrorCode::kInvalid, fmt::format("{}: is empty", source.name)};
  const ImportFormat* own = format;
  if (context.options.format.empty()) {
    JOULERY_TRY(own, recognised_format(source.name, head));
  }
  if (format != nullptr && own != format)
    return Error{ErrorCode::kInvalid,
                 fmt::format("{}:1: is {}, but the files before it are {}; import them one by one",
                             source.name, own->name, format->name)};
  if (lines.utf16()) context.repairs.note(fmt::format("utf16_converted: {}", source.name));
  context.trace.begin_file(source.name);
  const auto done = own->read(lines, context);
  JOULERY_CHECK(context.trace.room());  // of what was read until then, `done` may say anything
  if (lines.beyond())
    return Error{
        ErrorCode::kInvalid,
        fmt::format("{}: more than {} MiB or {} lines: no meter's log is as long; import it "
                    "a part at a time",
                    source.name, kMostBytes >> 20, kMostLines)};
  JOULERY_CHECK(done);
  if (source.in->bad())
    return Error{ErrorCode::kTransient,
                 fmt::format("{}: reading failed behind line {}", source.name, lines.number())};
  return own;
}

}  // namespace

int UnnamedDevices::first_of(Instant first, Instant last, int count) {
  const bool overlaps = std::any_of(windows_.begin(), windows_.end(), [&](const auto& window) {
    return first < window.second && window.first < last;
  });
  windows_.emplace_back(first, last);
  const int start = overlaps ? devices_ : 0;
  devices_ = std::max(devices_, start + count);
  return start;
}

Result<Imported> import_sources(std::vector<LogSource> sources, const ImportOptions& options,
                                std::size_t most_readings) {
  if (sources.empty()) return Error{ErrorCode::kUsage, "import: no file was named"};
  constexpr int kMaxInterleaved = 1024;
  if (options.interleaved < 0 || options.interleaved > kMaxInterleaved)
    return Error{
        ErrorCode::kUsage,
        fmt::format("--interleaved: {} devices; for example --interleaved 4", options.interleaved)};
  const ImportFormat* format = nullptr;
  if (!options.format.empty()) {
    JOULERY_TRY(format, named_format(options.format));
  }
  ImportContext context{.options = options, .repairs = {}, .most_readings = most_readings};
  Imported imported;
  for (const LogSource& source : sources) {
    JOULERY_TRY(format, read_source(source, format, context));
    imported.command.push_back(source.name);
  }
  imported.format = format->name;
  if (options.interleaved > 0 && imported.format != "nvidia-smi")
    return Error{ErrorCode::kUsage,
                 fmt::format("--interleaved {}: only for nvidia-smi logs; {} is {}, whose rows say "
                             "what they are of",
                             options.interleaved, sources[0].name, imported.format)};
  JOULERY_TRY(imported.trace, context.trace.finish(options, std::move(context.events)));
  return imported;
}

Result<Imported> import_logs(const std::vector<std::string>& paths, const ImportOptions& options) {
  std::vector<LogSource> sources;
  for (const std::string& path : paths) {
    JOULERY_TRY(LogSource source, open_log(path));
    sources.push_back(std::move(source));
  }
  return import_sources(std::move(sources), options);
}

std::vector<std::pair<std::string, std::string>> import_formats() {
  std::vector<std::pair<std::string, std::string>> formats;
  for (const ImportFormat& format : kFormats) formats.emplace_back(format.name, format.about);
  return formats;
}

}  // namespace joulery
