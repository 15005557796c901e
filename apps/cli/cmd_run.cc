// joulery run -- CMD ARG...: runs CMD untouched, measures it, keeps the record, and tells its
// account.
#include <fmt/format.h>
#include <unistd.h>

#include <iostream>

#include "base/log.h"
#include "base/text.h"
#include "cap_request.h"
#include "commands.h"
#include "common.h"
#include "held_warnings.h"
#include "joulery/report.h"
#include "joulery/session.h"
#include "output.h"

namespace joulery::cli {
namespace {

constexpr std::array kRunFlags = {
    Flag{"--period", "DURATION", "100ms",
         "how often the sensors are read, 1ms to 1h (default 100ms)", false, "JOULERY_PERIOD"},
    Flag{"--gpus", "LIST", "0,2",
         "all, or indices (PCI order) and UUIDs with commas (default: CUDA_VISIBLE_DEVICES, "
         "SLURM_JOB_GPUS, else all)"},
    Flag{"--idle", "DURATION", "30s",
         "measure the idle machine for so long before CMD starts (default 0s)"},
    Flag{"--cap", "POWER", "250W", "not yet: a power cap is refused, and CMD not started"},
    Flag{"--live", "", "", "show power, time and energy so far on the terminal, once a second"},
    Flag{"--quiet", "", "", "print no account at the end"},
    Flag{"--output", "FILE", "run.json", "write the account to FILE as a JSON document"},
    Flag{"--json", "", "",
         "refused: standard output belongs to CMD; --output FILE writes the document"},
};

struct Request {
  SessionOptions session;
  Job job;
  Place place;
  std::string output;  ///< empty: none
  bool quiet = false;
  bool live = false;
};

Result<Seconds> duration_of(const Args& args, const std::string& flag, Seconds fallback,
                            Seconds least, Seconds most) {
  const std::string text = args.get(flag);
  if (text.empty() && !args.has(flag)) return fallback;
  JOULERY_TRY(const Seconds value, parse_duration(text, flag));
  if (value >= least && value <= most) return value;
  return Error{ErrorCode::kUsage, fmt::format("{}: {} is not within {} and {}", flag, text,
                                              format_duration(least), format_duration(most))};
}

Result<Request> read_request(const Args& args) {
  if (args.has("--cap"))
    return Error{ErrorCode::kUsage,
                 "--cap: no power caps yet: the command was not started; run it without --cap"};
  if (args.has("--json"))
    return Error{ErrorCode::kUsage,
                 "--json: standard output belongs to the command; for example --output run.json"};
  Request request;
  using std::chrono::hours, std::chrono::milliseconds;
  JOULERY_TRY(request.session.period,
              duration_of(args, "--period", milliseconds(100), milliseconds(1), hours(1)));
  JOULERY_TRY(request.session.idle, duration_of(args, "--idle", Seconds(0), Seconds(0), hours(24)));
  JOULERY_TRY(request.session.sensors.gpus, find_gpu_selection(args.get("--gpus")));
  request.session.sensors.sysroot = sysroot_of(args);
  request.session.sensors.calibration_dir = calibration_directory();
  JOULERY_TRY(request.job, make_job(args, args.words()));
  JOULERY_TRY(request.place, make_place_from(args));
  request.output = args.get("--output");
  if (args.has("--output")) JOULERY_CHECK(check_output(request.output, "--output"));
  request.quiet = args.has("--quiet");
  request.live = args.has("--live") && ::isatty(STDERR_FILENO) == 1;
  return request;
}

Result<Outcome> measure(Session& session, OpenRun& record, const Request& request) {
  std::unique_ptr<SampleSink> live;
  std::vector<SampleSink*> sinks{&record.sink()};
  if (request.live) {
    live = make_live_line(session.channels(), STDERR_FILENO);
    sinks.push_back(live.get());
  }
  return session.run(request.job.command, record.id(), sinks);
}

Result<void> close_record(OpenRun& record, const Outcome& outcome, Job job) {
  job.id = record.id();
  job.exit_status = outcome.exit_status;
  job.signal = outcome.signal;
  job.cpu_use = outcome.cpu_use;
  job.survivors = outcome.survivors;
  return record.close(outcome.info, job);
}

Result<void> tell(Ledger& ledger, const std::string& id, const Request& request) {
  if (request.quiet && request.output.empty()) return {};
  JOULERY_TRY(const Account account, make_account_of(ledger, id));
  if (!request.quiet) write_account_text(account, std::cerr);
  if (request.output.empty()) return {};
  return write_output(request.output, [&](std::ostream& out) -> Result<void> {
    write_account_json(account, out);
    return {};
  });
}

void warn(const Result<void>& done) {
  if (!done) log_warning(done.error().message);
}

Result<int> cmd_run(const Args& args) {
  JOULERY_TRY(const Request request, read_request(args));
  JOULERY_TRY(const auto session, open_session(request.session));
  const HeldWarnings warnings;
  recover_leases(args);
  JOULERY_TRY(const auto ledger, open_home_ledger());
  JOULERY_TRY(const auto record, ledger->begin_run(request.job, request.place, session->channels(),
                                                   session->start_info()));
  const std::string id = record->id();

  const auto outcome = measure(*session, *record, request);
  if (!outcome || outcome->start_failure) {
    // Closed first: the ledger keeps a record that somebody may still write to.
    const auto closed = record->close(outcome ? outcome->info : session->start_info(), request.job);
    warn(closed ? ledger->remove(id) : closed);
    if (!outcome) return outcome.error();
    log_warning(outcome->start_failure->message);
    return outcome->exit_code;
  }
  // From here on the command has run: its status is what counts, whatever becomes of its account.
  const auto closed = close_record(*record, *outcome, request.job);
  warn(closed);
  warn(tell(*ledger, id, request));
  return outcome->exit_code;
}

}  // namespace

Command run_command() {
  return {
      .name = "run",
      .summary =
          "Runs a command untouched and measures what it used; exits with the command's status.",
      .usage = "[FLAG...] -- CMD [ARG...]",
      .least_words = 1,
      .most_words = kAnyNumber,
      .word = "a command after --",
      .flags = {kRunFlags, kJobFlags, kPlaceFlags, kSysrootFlag},
      .example = "joulery run --name baseline --pue 1.3 --intensity 432g/kWh -- python3 train.py",
      .run = cmd_run,
      .runs_a_child = true};
}

}  // namespace joulery::cli
