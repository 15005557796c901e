// joulery: the command line of a sweep, see sweep_request.h.
#include "sweep_request.h"

#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <string>
#include <system_error>

#include "base/text.h"
#include "cap_request.h"
#include "common.h"
#include "joulery/report.h"
#include "output.h"

namespace joulery::cli {
namespace {

constexpr std::array kFlags = {
    Flag{"--caps", "LIST", "100W,150W,200W",
         "power caps with commas, in watts or percent of the default limit of a device"},
    Flag{
        "--repeat", "N", "5",
        "runs at each cap, 1 to 1000 (default 3; with --max-slowdown as many more as their scatter "
        "asks for, at most 8, and none that take more than 4h together)"},
    Flag{"--warm-up", "", "", "run CMD once first, without counting it"},
    Flag{"--cool-down", "DURATION", "30s",
         "wait so long before each run (default: until the devices draw their idle power again, at "
         "most 2min)"},
    Flag{"--same", "FILE", "loss.txt",
         "a file that every run writes: runs that wrote another one did other work and are not "
         "compared"},
    Flag{
        "--device", "LIST", "0,cpu/0/package",
        "devices to cap with commas: ids that cap get tells, indices of GPUs (PCI order), UUIDs or "
        "their beginnings (default: the GPUs of the job, else the CPU packages)"},
    Flag{"--resume", "", "",
         "go on with the newest sweep like this one, keeping its finished runs, also by a larger "
         "--repeat"},
    Flag{"--seed", "N", "17", "of the order of the caps within each repeat (default: drawn)"},
    Flag{"--grid", "FILE", "grid.toml",
         "sweep every combination of the axes in FILE: {AXIS} in CMD becomes its value"},
    Flag{"--plot", "FILE", "sweep.svg", "draw relative time and energy to FILE (.svg, .pdf, .png)"},
    Flag{"--output", "FILE", "sweep.json", "write the result to FILE as a JSON document"},
    Flag{"--quiet", "", "", "print no table at the end"},
    Flag{"--period", "DURATION", "100ms",
         "how often the sensors are read, 1ms to 1h (default 100ms)", false, "JOULERY_PERIOD"},
    Flag{"--gpus", "LIST", "0,2",
         "all, or indices (PCI order) and UUIDs with commas (default: CUDA_VISIBLE_DEVICES, "
         "SLURM_JOB_GPUS, else all)"},
    Flag{"--json", "", "",
         "refused: standard output belongs to CMD; --output FILE writes the document"},
};

Result<std::int64_t> number_of(const Args& args, const std::string& flag, std::int64_t least,
                               std::int64_t most, const char* example) {
  const auto number = parse_integer(args.get(flag));
  if (number && *number >= least && *number <= most) return *number;
  return Error{ErrorCode::kUsage,
               fmt::format("{}: '{}' is no whole number from {} to {}; for example {} {}", flag,
                           args.get(flag), least, most, flag, example)};
}

Result<Seconds> time_of(const Args& args, const std::string& flag, Seconds least, Seconds most) {
  JOULERY_TRY(const Seconds value, parse_duration(args.get(flag), flag));
  if (value >= least && value <= most) return value;
  return Error{ErrorCode::kUsage,
               fmt::format("{}: {} is not within {} and {}", flag, args.get(flag),
                           format_duration(least), format_duration(most))};
}

Result<void> read_runs(const Args& args, SweepOptions& options) {
  using std::chrono::hours, std::chrono::milliseconds;
  if (!args.has("--caps"))
    return Error{ErrorCode::kUsage, "sweep needs --caps, for example --caps 100W,150W,200W"};
  JOULERY_TRY(options.caps, parse_caps(args.get("--caps"), "--caps"));
  if (args.has("--repeat")) {
    JOULERY_TRY(const auto repeat, number_of(args, "--repeat", 1, 1000, "3"));
    options.repeat = static_cast<int>(repeat);
  }
  if (args.has("--seed")) {
    JOULERY_TRY(const auto seed, number_of(args, "--seed", 0, INT64_MAX, "17"));
    options.seed = static_cast<std::uint64_t>(seed);
  }
  if (args.has("--cool-down")) {
    JOULERY_TRY(options.cool_down, time_of(args, "--cool-down", Seconds(0), hours(24)));
  }
  options.session.period = milliseconds(100);
  if (!args.get("--period").empty()) {
    JOULERY_TRY(options.session.period, time_of(args, "--period", milliseconds(1), hours(1)));
  }
  options.warm_up = args.has("--warm-up");
  options.same = args.get("--same");
  if (args.has("--same") && options.same.empty())
    return Error{ErrorCode::kUsage, "--same: the file has no name"};
  return {};
}

bool is_one_file(const std::string& a, const std::string& b) {
  std::error_code none;
  if (std::filesystem::equivalent(a, b, none)) return true;
  // Of files that are not there yet their names tell.
  const auto place = [&](const std::string& path) {
    return std::filesystem::weakly_canonical(std::filesystem::absolute(path, none), none);
  };
  return place(a) == place(b);
}

// What is written at the end would be the other one's.
Result<void> check_apart(const Args& args) {
  constexpr std::array kWritten{"--output", "--plot"};
  constexpr std::array kAll{"--plot", "--same", "--grid"};
  for (const std::string written : kWritten)
    for (const std::string other : kAll)
      if (written != other && args.has(written) && args.has(other) &&
          is_one_file(args.get(written), args.get(other)))
        return Error{ErrorCode::kUsage, fmt::format("{} and {} name the same file, {}", written,
                                                    other, args.get(written))};
  return {};
}

Result<void> read_files(const Args& args, SweepRequest& request) {
  if (args.has("--json"))
    return Error{ErrorCode::kUsage,
                 "--json: standard output belongs to the command; for example --output sweep.json"};
  request.quiet = args.has("--quiet");
  request.output = args.get("--output");
  if (request.output == "-")
    return Error{ErrorCode::kUsage,
                 "--output -: standard output belongs to the command; for example --output "
                 "sweep.json"};
  JOULERY_CHECK(check_apart(args));
  if (args.has("--output")) JOULERY_CHECK(check_output(request.output, "--output"));
  request.plot = args.get("--plot");
  if (!args.has("--plot")) return {};
  JOULERY_CHECK(check_plot_name(request.plot));
  return check_output(request.plot, "--plot");
}

Result<std::vector<GridPoint>> read_grid(const Args& args) {
  if (!args.has("--grid")) return std::vector<GridPoint>{{.key = {}, .command = args.words()}};
  JOULERY_TRY(const auto axes, load_grid(args.get("--grid")));
  return make_grid(axes, args.words());
}

}  // namespace

const std::span<const Flag> kSweepFlags = kFlags;

Result<SweepRequest> read_sweep_request(const Args& args) {
  SweepRequest request;
  SweepOptions& options = request.options;
  JOULERY_CHECK(read_runs(args, options));
  request.gpus = args.get("--gpus");
  request.caps = cap_options_of(args);
  request.devices = args.list("--device");
  JOULERY_TRY(options.session.sensors.gpus, find_gpu_selection(request.gpus));
  options.session.sensors.sysroot = sysroot_of(args);
  options.session.sensors.calibration_dir = calibration_directory();
  JOULERY_TRY(request.grid, read_grid(args));
  for (const GridPoint& point : request.grid) {
    JOULERY_CHECK(check_stays_here(point.command));
    for (const auto& [name, value] : point.key)
      if (name == "CUDA_VISIBLE_DEVICES" && args.has("--gpus"))
        return Error{
            ErrorCode::kUsage,
            "--gpus: the axis CUDA_VISIBLE_DEVICES of --grid says which GPUs are measured"};
  }
  using Resume = SweepOptions::Resume;
  if (args.has("--resume"))
    options.resume = request.grid.size() > 1 ? Resume::kIfThere : Resume::kYes;
  JOULERY_TRY(options.job, make_job(args, args.words()));
  JOULERY_TRY(options.place, make_place_from(args));
  JOULERY_TRY(options.rules, choice_rules_of(args));
  JOULERY_CHECK(read_files(args, request));
  return request;
}

}  // namespace joulery::cli
