// session: measure one job: open sensors, start the command, sample, wait. The command never
// notices.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "joulery/export.h"
#include "joulery/job.h"
#include "joulery/sensor.h"
#include "joulery/trace.h"

namespace joulery {

struct SessionOptions {
  SensorOptions sensors;
  Seconds period{0.1};
  Seconds idle{0};  ///< measure the idle machine for so long before the command starts
  /// A second signal that would end this process, half a second after the first or later, kills the
  /// command: for callers that have something to give back.
  bool insists = false;
};

struct Outcome {
  int exit_code = 125;  ///< what `joulery run` returns: the child's, 128+n for a signal, 126, 127
  std::optional<int> exit_status;  ///< of the child, where it exited
  std::optional<int> signal;
  std::optional<CpuUse> cpu_use;
  std::vector<Survivor> survivors;
  TraceInfo info;                      ///< begin, end, idle_begin, loop stats, events
  std::optional<Error> start_failure;  ///< the command could not be started (126, 127)
  std::optional<int> interrupt;  ///< SIGINT, SIGTERM, SIGHUP or SIGQUIT, where one was sent to this
                                 ///< process meanwhile, by a key or by somebody but the command
};

/// One measured command. Not movable; one run() each, from one thread.
class JOULERY_EXPORT Session {
 public:
  virtual ~Session() = default;
  virtual std::span<const Channel> channels() const = 0;
  virtual const std::vector<ChannelReport>& reports() const = 0;
  virtual const TraceInfo& start_info() const = 0;
  /// Starts `command` with the standard streams, terminal, process group and signals of this
  /// process, forwards what is sent to this process alone, and returns when it has ended. A failing
  /// sensor or sink never ends it. Errors: kTransient, where no thread could be started; the
  /// command was not.
  virtual Result<Outcome> run(const std::vector<std::string>& command, const std::string& run_id,
                              std::vector<SampleSink*> sinks) = 0;
  /// In place of run(): samples without a command, for `most` or until `enough`, which is asked
  /// every 50 ms from this thread, says so. Returns the signal that ended it early, if one did.
  virtual Result<std::optional<int>> rest(Seconds most, const std::function<bool()>& enough,
                                          std::vector<SampleSink*> sinks) = 0;
};
/// Changes this thread's signal mask until the session is destroyed: open it before other threads.
/// Errors: those of open_sensors; kUsage (a period out of range).
JOULERY_EXPORT Result<std::unique_ptr<Session>> open_session(const SessionOptions& options);

/// Sessions in turn in one process. While it lives no signal ends this process, also between two
/// commands, and each command inherits what this process had before. Not thread-safe.
class JOULERY_EXPORT SessionSeries {
 public:
  virtual ~SessionSeries() = default;
  /// Errors: those of open_session(). The session must end before the series.
  virtual Result<std::unique_ptr<Session>> open(const SessionOptions& options) = 0;
  /// Between two sessions: waits, at most until a signal that would end this process; returns it.
  virtual std::optional<int> pause(Seconds time) = 0;
};
/// Changes this thread's signal mask: open it before other threads. Errors: kUnavailable.
JOULERY_EXPORT Result<std::unique_ptr<SessionSeries>> open_session_series();

/// A command that is run as Session runs it, and not measured. One run() each, from one thread.
class JOULERY_EXPORT CommandRunner {
 public:
  virtual ~CommandRunner() = default;
  /// Returns what the command's end makes of the exit status: its own, or 128 + n for a signal.
  /// `each_second` is called about once a second meanwhile. Errors: it could not be started.
  virtual Result<int> run(const std::vector<std::string>& command,
                          const std::function<void()>& each_second) = 0;
};
/// As open_session(): open it before other threads.
JOULERY_EXPORT Result<std::unique_ptr<CommandRunner>> open_command_runner();
/// The exit status for a command that could not be started: 127, 126, 125.
JOULERY_EXPORT int exit_code_of(const Error& start_failure);

/// The GPUs of the job: `flag` (--gpus: "all", or indices and UUIDs with commas), else
/// CUDA_VISIBLE_DEVICES, else SLURM_JOB_GPUS, else all. Errors: kUsage where the flag is malformed;
/// a malformed variable counts as absent.
JOULERY_EXPORT Result<GpuSelection> find_gpu_selection(const std::string& flag);

/// A line on the terminal `fd` that tells power by kind, time and energy so far, rewritten with
/// each call; the last one is wiped when it is destroyed. Never blocks: what the terminal does not
/// take is dropped.
JOULERY_EXPORT std::unique_ptr<SampleSink> make_live_line(std::span<const Channel> channels,
                                                          int fd);

/// `joulery mark NAME`, called inside a measured job: starts a phase.
/// Errors: kUnavailable (not inside a job: the variable is named), kGone (the meter has ended),
/// kUsage (the name).
JOULERY_EXPORT Result<void> send_mark(const std::string& name);

}  // namespace joulery
