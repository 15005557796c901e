// joulery import FILE...: the same account from a log that another tool wrote, kept in the ledger
// like a run.
#include <fmt/format.h>

#include "base/text.h"
#include "commands.h"
#include "common.h"
#include "joulery/trace.h"

namespace joulery::cli {
namespace {

constexpr std::array kImportFlags = {
    Flag{"--format", "FORMAT", "nvidia-smi",
         "what wrote the log (default: found out from the file)"},
    Flag{"--interleaved", "N", "4",
         "rows of N devices in turn, without an index (default: found out)"},
    Flag{"--begin", "TIME", "2026-11-25T15:34:00Z", "cut the window that begins here (RFC 3339)"},
    Flag{"--end", "TIME", "2026-11-25T16:34:00Z", "cut the window that ends here (RFC 3339)"},
    Flag{"--utc-offset", "OFFSET", "+01:00", "of stamps without a zone (default: UTC)"},
};

Result<std::string> import_format(const Args& args) {
  const std::string format = args.get("--format");
  if (!args.has("--format")) return format;
  std::string names;
  for (const auto& [name, summary] : import_formats()) {
    if (name == format) return format;
    names += (names.empty() ? "" : ", ") + name;
  }
  return Error{ErrorCode::kUsage, fmt::format("--format: \"{}\" is none of {}", format, names)};
}

Result<int> interleaved_of(const Args& args) {
  if (!args.has("--interleaved")) return 0;
  const auto count = parse_integer(args.get("--interleaved"));
  if (!count || *count < 1 || *count > 1024)
    return Error{ErrorCode::kUsage,
                 fmt::format("--interleaved: \"{}\" is no number of devices from 1 to 1024, "
                             "for example --interleaved 4",
                             args.get("--interleaved"))};
  return static_cast<int>(*count);
}

Result<std::optional<WallTime>> time_of(const Args& args, const std::string& flag,
                                        std::optional<std::chrono::minutes> offset) {
  if (!args.has(flag)) return std::optional<WallTime>();
  const auto time = parse_time(args.get(flag), offset);
  if (!time)
    return Error{
        ErrorCode::kUsage,
        fmt::format("{}: \"{}\" is no time of RFC 3339, for example {} 2026-11-25T15:34:00Z", flag,
                    args.get(flag), flag)};
  return time;
}

Result<ImportOptions> import_options(const Args& args) {
  ImportOptions options;
  JOULERY_TRY(options.format, import_format(args));
  JOULERY_TRY(options.interleaved, interleaved_of(args));
  if (args.has("--utc-offset")) {
    JOULERY_TRY(options.utc_offset, parse_utc_offset(args.get("--utc-offset"), "--utc-offset"));
  }
  JOULERY_TRY(options.begin, time_of(args, "--begin", options.utc_offset));
  JOULERY_TRY(options.end, time_of(args, "--end", options.utc_offset));
  if (options.begin && options.end && *options.end <= *options.begin)
    return Error{ErrorCode::kUsage, "--end: does not lie after --begin"};
  return options;
}

Result<int> cmd_import(const Args& args) {
  JOULERY_TRY(const ImportOptions options, import_options(args));
  JOULERY_TRY(const Place place, make_place_from(args));
  JOULERY_TRY(Job job, make_job(args, args.words()));
  JOULERY_TRY(const Imported imported, import_logs(args.words(), options));
  job.origin = "import:" + imported.format;
  job.command = imported.command;
  job.host = imported.host;
  job.user.clear();

  JOULERY_TRY(const auto ledger, open_home_ledger());
  JOULERY_TRY(const std::string id, ledger->store(job, place, *imported.trace));
  JOULERY_TRY(const Account account, make_account_of(*ledger, id));
  print_account(account, args);
  return 0;
}

}  // namespace

Command import_command() {
  return {
      .name = "import",
      .summary =
          "Makes the same account from a log that another tool wrote, and keeps it in the ledger.",
      .usage = "FILE... [FLAG...]",
      .least_words = 1,
      .most_words = kAnyNumber,
      .word = "a FILE",
      .flags = {kImportFlags, kJobFlags, kPlaceFlags, kJsonFlag},
      .example = "joulery import smi.csv --utc-offset +01:00 --pue 1.3",
      .run = cmd_import};
}

}  // namespace joulery::cli
