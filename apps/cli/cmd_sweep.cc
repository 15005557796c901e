// joulery sweep --caps LIST -- CMD ARG...: measures CMD at each power cap against the limit in
// force, and recommends one.
#include <fmt/format.h>
#include <unistd.h>

#include <iostream>

#include "base/log.h"
#include "base/text.h"
#include "base/utf8.h"
#include "cap_request.h"
#include "commands.h"
#include "common.h"
#include "held_warnings.h"
#include "joulery/report.h"
#include "output.h"
#include "sweep_request.h"
#include "sweep_store.h"

namespace joulery::cli {
namespace {

/// One line on the terminal before each run; the command may write there too, so it is not erased.
class ProgressLine {
 public:
  ProgressLine(std::string key, bool quiet) : key_(std::move(key)), quiet_(quiet) {}
  void operator()(const SweepProgress& progress) const {
    const bool is_terminal = ::isatty(STDERR_FILENO) == 1;
    if (!progress.news.empty() && (is_terminal || !quiet_))
      std::cerr << fmt::format("joulery: {}{}\n", key_, progress.news);
    if (!is_terminal || !progress.news.empty()) return;
    const std::string left =
        progress.left ? fmt::format(", about {} left", format_duration(*progress.left)) : "";
    std::cerr << fmt::format("joulery: {}run {} of {}: {}{}\n", key_, progress.done + 1,
                             progress.planned, progress.what, left);
  }

 private:
  std::string key_;
  bool quiet_;
};

std::string text_of_key(const GridPoint& point) {
  std::string text;
  for (const auto& [name, value] : point.key)
    text += printable(fmt::format("{}={}", name, value)) + ": ";
  return text;
}

// An axis of this name gives each combination its own GPUs.
Result<GpuSelection> gpus_of(const SweepRequest& request, const GridPoint& point) {
  for (const auto& [name, value] : point.key)
    if (name == "CUDA_VISIBLE_DEVICES") return find_gpu_selection(value);
  return request.options.session.sensors.gpus;
}

Result<std::vector<std::string>> ids_of(const std::vector<std::string>& words, CapControl& caps) {
  std::vector<std::string> ids;
  if (words.empty()) return ids;
  JOULERY_TRY(const auto devices, find_cap_devices(caps.list(), words, "--device"));
  for (const CapDevice& device : devices) ids.push_back(device.id);
  return ids;
}

Result<Sweep> sweep_point(const SweepRequest& request, const GridPoint& point,
                          SessionSeries& sessions, SweepStore& store) {
  SweepOptions options = request.options;
  options.job.command = point.command;
  JOULERY_TRY(options.session.sensors.gpus, gpus_of(request, point));
  CapOptions cap_options = request.caps;
  cap_options.gpus = options.session.sensors.gpus;
  JOULERY_TRY(const auto caps, open_cap_control(cap_options));
  JOULERY_TRY(options.devices, ids_of(request.devices, *caps));
  JOULERY_TRY(Sweep sweep,
              run_sweep(options, {.caps = *caps,
                                  .sessions = sessions,
                                  .store = store,
                                  .progress = ProgressLine(text_of_key(point), request.quiet)}));
  sweep.key = point.key;
  return sweep;
}

// What earlier combinations have measured is worth more than the error of a later one.
Result<std::vector<Sweep>> sweep_all(const SweepRequest& request, SessionSeries& sessions,
                                     SweepStore& store, bool& failed) {
  std::vector<Sweep> sweeps;
  for (const GridPoint& point : request.grid) {
    auto done = sweep_point(request, point, sessions, store);
    if (!done && sweeps.empty()) return done.error();
    if (!done) log_warning(text_of_key(point) + done.error().message);
    failed = failed || !done || !done->succeeded();
    if (!done) break;
    sweeps.push_back(std::move(*done));
    if (sweeps.back().interrupted || sweeps.back().given_back) break;
  }
  return sweeps;
}

Result<void> tell(const std::vector<Sweep>& sweeps, const SweepRequest& request) {
  if (!request.quiet) write_sweep_text(sweeps, std::cerr);
  if (!request.output.empty())
    JOULERY_CHECK(write_output(request.output, [&](std::ostream& out) -> Result<void> {
      write_sweep_json(sweeps, out);
      return {};
    }));
  if (request.plot.empty()) return {};
  return write_output_file(request.plot,
                           [&](const std::string& draft) { return plot_sweep(sweeps, draft); });
}

Result<int> cmd_sweep(const Args& args) {
  JOULERY_CHECK(act_as_caller());
  JOULERY_TRY(const SweepRequest request, read_sweep_request(args));
  JOULERY_TRY(const auto sessions, open_session_series());
  JOULERY_TRY(const auto ledger, open_home_ledger());
  LedgerStore store(*ledger);
  bool failed = false;
  std::vector<Sweep> sweeps;
  {
    const HeldWarnings warnings;
    JOULERY_TRY(sweeps, sweep_all(request, *sessions, store, failed));
  }
  // The runs are in the ledger: a picture that cannot be drawn fails nothing but itself.
  if (const auto told = tell(sweeps, request); !told) {
    std::cerr << "joulery: " << told.error().message << '\n';
    failed = true;
  }
  return failed ? 1 : 0;
}

}  // namespace

Command sweep_command() {
  return {
      .name = "sweep",
      .summary =
          "Measures a command at each of several power caps against the limit in force, and "
          "recommends one.",
      .usage = "--caps LIST [FLAG...] -- CMD [ARG...]",
      .least_words = 1,
      .most_words = kAnyNumber,
      .word = "a command after --",
      .flags = {kSweepFlags, kChoiceFlags, kJobFlags, kPlaceFlags, kSysrootFlag},
      .example = "sudo joulery sweep --caps 100W,150W,200W --max-slowdown 5% -- python3 train.py",
      .run = cmd_sweep,
      .runs_a_child = true};
}

}  // namespace joulery::cli
