// joulery account FILE: what a whole project used, from the log of its jobs.
#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include "base/text.h"
#include "commands.h"
#include "common.h"
#include "joulery/factors.h"
#include "joulery/project.h"
#include "joulery/report.h"

namespace joulery::cli {
namespace {

constexpr std::array kAccountFlags = {
    Flag{"--format", "FORMAT", "sacct",
         "sacct (parsable text or JSON), csv or swf (default: found out from the file)"},
    Flag{"--ledger", "", "", "the measured runs of the ledger, instead of a FILE"},
    Flag{"--project", "NAME", "thesis", "with --ledger: only the runs of that project"},
    Flag{"--by", "COL,...", "user,month",
         "total by these columns or tags; device and month too (default: user, state, device)"},
    Flag{"--search", "COL", "sweep_id",
         "column or tag that names a search (default: search, grid_search or sweep)"},
    Flag{"--stage", "COL", "purpose",
         "column or tag with development, tuning, final, evaluation (default: stage or purpose)"},
    Flag{"--role", "COL", "model", "column or tag with baseline or proposed (default: role)"},
    Flag{"--device", "NAME", "V100", "of jobs whose log names no kind of accelerator"},
    Flag{"--device-power", "DEVICE=POWER,...", "V100=300W",
         "power of one device, in W or kW (default: that of the table of devices)", true},
    Flag{"--device-price", "DEVICE=PRICE,...", "P100=0.43..1.46USD/h",
         "rent of one device, before --cloud-price", true},
    Flag{"--price-as", "DEVICE=DEVICE,...", "Titan-X=P100",
         "priced as another device, by --device-price or the table of devices", true},
    Flag{"--own", "PRICE/DEVICES", "20000USD/8",
         "hold buying servers of so many devices against the cloud"},
    Flag{"--own-devices", "N", "58", "devices that are bought (default: the mean in use)"},
    Flag{"--tuning-jobs", "N", "24",
         "jobs of one tuning, each as long as one model (default: the mean of the searches)"},
    Flag{"--metric", "COL", "accuracy",
         "column, tag or mark with what a run reached: what improving it took"},
    Flag{"--metric-better", "WHICH", "lower", "higher or lower (default: higher)"},
    Flag{"--parameters", "COL,...", "lr,batch_size",
         "hyper-parameters: the share of the metric's variance that each explains"},
    Flag{"--target", "NUMBER", "0.76", "of the metric: what reaching it took, by --by"},
    Flag{"--beside", "FILE.toml", "models.toml",
         "estimates with a metric, held against the groups of --by"},
    Flag{"--now", "TIME", "2026-11-25T15:34:00Z",
         "end of jobs that still run (default: the log's last stamp)"},
};

Result<std::vector<std::string>> columns_of(const Args& args, const std::string& flag,
                                            const std::string& example) {
  std::vector<std::string> columns;
  for (const std::string& column : args.list(flag)) {
    if (column.empty() || std::find(columns.begin(), columns.end(), column) != columns.end())
      return Error{ErrorCode::kUsage,
                   fmt::format("{}: \"{}\" has an empty or a doubled name; for example {} {}", flag,
                               args.get(flag), flag, example)};
    columns.push_back(column);
  }
  return columns;
}

Result<JobLogOptions> log_options(const Args& args) {
  JobLogOptions options;
  options.format = args.get("--format");
  JOULERY_TRY(options.by, columns_of(args, "--by", "user,month"));
  JOULERY_TRY(options.parameters, columns_of(args, "--parameters", "lr,batch_size"));
  options.metric = args.get("--metric");
  options.search = args.get("--search");
  options.stage = args.get("--stage");
  options.role = args.get("--role");
  options.device = args.get("--device");
  if (args.has("--now")) {
    options.now = parse_time(args.get("--now"));
    if (!options.now)
      return Error{ErrorCode::kUsage, fmt::format("--now: \"{}\" is no time of RFC 3339, for "
                                                  "example --now 2026-11-25T15:34:00Z",
                                                  args.get("--now"))};
  }
  return options;
}

Result<JobLog> read_log(const Args& args) {
  JOULERY_TRY(const JobLogOptions options, log_options(args));
  const bool ledger = args.has("--ledger");
  if (ledger == !args.words().empty())
    return Error{ErrorCode::kUsage,
                 "account takes a FILE or --ledger, for example joulery account jobs.txt"};
  if (args.has("--project") && !ledger)
    return Error{ErrorCode::kUsage, "--project: goes with --ledger, whose runs have one"};
  if (!ledger) return read_job_log(args.words()[0], options);
  if (args.has("--format"))
    return Error{ErrorCode::kUsage, "--format: is of a FILE, not of the ledger"};
  JOULERY_TRY(const auto home, open_home_ledger());
  return read_ledger_jobs(*home, args.get("--project"), options);
}

/// A positive number of a flag; empty where it is not given.
Result<std::optional<double>> count_of(const Args& args, const std::string& flag) {
  constexpr double kMost = 1e6;  // devices or jobs: a slip of the pen beyond
  if (!args.has(flag)) return std::optional<double>();
  const auto number = parse_number(args.get(flag));
  if (!number || *number <= 0 || *number > kMost)
    return Error{ErrorCode::kUsage,
                 fmt::format("{}: \"{}\" is no number from 1 to a million", flag, args.get(flag))};
  return number;
}

Result<void> check_worth_flags(const Args& args) {
  for (const char* flag : {"--metric-better", "--parameters", "--target", "--beside"})
    if (args.has(flag) && args.get("--metric").empty())
      return Error{ErrorCode::kUsage,
                   fmt::format("{}: needs --metric COL, for example --metric accuracy", flag)};
  const std::vector<std::string> parameters = args.list("--parameters");
  if (std::find(parameters.begin(), parameters.end(), args.get("--metric")) != parameters.end())
    return Error{ErrorCode::kUsage, "--parameters: holds the metric itself"};
  return {};
}

/// The rows of an estimate that have a metric.
Result<std::vector<WorthPoint>> read_beside(const Args& args, Better better,
                                            const std::vector<Accelerator>& accelerators) {
  std::vector<WorthPoint> points;
  if (!args.has("--beside")) return points;
  JOULERY_TRY(const auto rows, load_estimate_rows(args.get("--beside")));
  EstimateSources sources;
  sources.config_files = config_files();
  sources.accelerators = accelerators;
  sources.find_run = find_measured_run;
  for (const WrittenRow& written : rows) {
    JOULERY_TRY(const EstimateRequest request, make_estimate_request(written, sources));
    if (!request.metric) continue;
    if (request.better != better && written.values.count("metric_better") > 0)
      return Error{ErrorCode::kInvalid,
                   written.where + ": metric_better differs from --metric-better"};
    points.push_back(point_of(estimate_row(request)));
  }
  return points;
}

Result<void> put_worth_request(const Args& args, const std::vector<Accelerator>& accelerators,
                               ProjectRequest& request) {
  if (args.has("--metric-better")) {
    JOULERY_TRY(request.better,
                parse_better(args.get("--metric-better"), "--metric-better", ErrorCode::kUsage));
  }
  if (args.has("--target")) {
    request.target = parse_number(args.get("--target"));
    if (!request.target)
      return Error{ErrorCode::kUsage, fmt::format("--target: \"{}\" is no number, for example "
                                                  "--target 0.76",
                                                  args.get("--target"))};
  }
  JOULERY_TRY(request.beside, read_beside(args, request.better, accelerators));
  return {};
}

Result<ProjectRequest> project_request(const Args& args, const JobLog& log) {
  ProjectRequest request;
  JOULERY_TRY(request.place, make_place_from(args));
  const bool site = args.has("--site");
  request.given = {.pue = site || args.has("--pue"),
                   .intensity = site || args.has("--intensity") || args.has("--region"),
                   .electricity_price = site || args.has("--electricity-price")};
  JOULERY_TRY(const std::vector<Accelerator> table, load_accelerators(config_files()));
  const RateRequest rates{args.all("--device-power"), args.all("--device-price"),
                          args.all("--price-as")};
  JOULERY_TRY(request.rates, make_device_rates(log.devices(), rates, request.place, table));
  if (args.has("--own")) {
    JOULERY_TRY(request.own, parse_own_servers(args.get("--own"), "--own"));
  }
  JOULERY_TRY(request.own_devices, count_of(args, "--own-devices"));
  if (request.own_devices && !request.own)
    return Error{ErrorCode::kUsage, "--own-devices: needs --own, for example --own 20000USD/8"};
  JOULERY_TRY(request.tuning_jobs, count_of(args, "--tuning-jobs"));
  JOULERY_CHECK(put_worth_request(args, table, request));
  return request;
}

Result<int> cmd_account(const Args& args) {
  JOULERY_CHECK(check_worth_flags(args));
  JOULERY_TRY(const JobLog log, read_log(args));
  JOULERY_TRY(const ProjectRequest request, project_request(args, log));
  JOULERY_TRY(const ProjectAccount account, account_project(log, request));
  if (args.has("--json"))
    write_project_json(account, std::cout);
  else
    write_project_text(account, std::cout);
  return 0;
}

}  // namespace

Command account_command() {
  return {
      .name = "account",
      .summary = "Accounts for a whole project from the log of its jobs: energy, carbon, money.",
      .usage = "FILE | --ledger [FLAG...]",
      .least_words = 0,
      .most_words = 1,
      .word = "a FILE",
      .flags = {kAccountFlags, kPlaceFlags, kJsonFlag},
      .example = "joulery account --ledger --by user,month --pue 1.3 --region DE",
      .run = cmd_account};
}

}  // namespace joulery::cli
