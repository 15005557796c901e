// joulery export RUN: every sample of a stored run, for other programs.
#include <fmt/format.h>

#include <iostream>

#include "commands.h"
#include "common.h"
#include "joulery/report.h"
#include "output.h"

namespace joulery::cli {
namespace {

constexpr std::array kExportFlags = {
    Flag{"--format", "FORMAT", "csv", "csv (default), json or hdf5"},
    Flag{"--output", "FILE", "run.csv", "write FILE (default: standard output; hdf5 needs a file)"},
};

struct Format {
  std::string_view name;
  Result<void> (*to_stream)(const StoredRun&, std::ostream&);
  Result<void> (*to_file)(const StoredRun&, const std::string&);
};

// Every format of samples: one of the two writers is given.
constexpr std::array kFormats = {
    Format{"csv", export_csv, nullptr},
    Format{"json", export_json, nullptr},
    Format{"hdf5", nullptr, export_hdf5},
};

Result<Format> find_format(const std::string& name) {
  for (const Format& format : kFormats)
    if (format.name == name) return format;
  return Error{
      ErrorCode::kUsage,
      fmt::format("--format: \"{}\" is none of csv, json, hdf5; for example --format csv", name)};
}

Result<void> write_run(const StoredRun& run, const Format& format, const std::string& path) {
  if (path.empty()) return format.to_stream(run, std::cout);
  if (format.to_file != nullptr)
    return write_output_file(path,
                             [&](const std::string& draft) { return format.to_file(run, draft); });
  return write_output(path, [&](std::ostream& out) { return format.to_stream(run, out); });
}

Result<int> cmd_export(const Args& args) {
  JOULERY_TRY(const Format format,
              find_format(args.has("--json") ? "json" : args.get("--format", "csv")));
  const std::string path = args.get("--output");
  if (args.has("--output"))
    JOULERY_CHECK(format.to_stream != nullptr ? check_output(path, "--output")
                                              : check_plain_output(path, "--output"));
  if (path.empty() && format.to_stream == nullptr)
    return Error{ErrorCode::kUsage, "--format hdf5 needs a file, for example --output run.h5"};

  JOULERY_TRY(const auto ledger, open_home_ledger());
  JOULERY_TRY(const StoredRun run, ledger->load(args.words()[0]));
  JOULERY_CHECK(write_run(run, format, path));
  return 0;
}

}  // namespace

Command export_command() {
  return {.name = "export",
          .summary = "Writes every sample of a stored run as CSV, JSON or HDF5.",
          .usage = "RUN [--format csv|json|hdf5] [--output FILE]",
          .least_words = 1,
          .most_words = 1,
          .word = "a RUN",
          .flags = {kExportFlags, kJsonFlag},
          .example = "joulery export last --format csv --output run.csv",
          .run = cmd_export};
}

}  // namespace joulery::cli
