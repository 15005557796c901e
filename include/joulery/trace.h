// trace: samples over time, in memory or on disk, and the loop that takes them.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "joulery/export.h"
#include "joulery/sample.h"

namespace joulery {

/// What the sampling loop says of itself.
struct LoopStats {
  std::uint64_t ticks = 0;  ///< deadlines that were served
  std::uint64_t late = 0;   ///< served, but later than half a period after the deadline
  std::uint64_t lost = 0;   ///< deadlines that passed unserved
  Seconds cpu{0};           ///< CPU time of the sampling and writing threads
  Seconds read_p50{0};      ///< length of one tick's reads
  Seconds read_p99{0};
};

/// The frame of a trace: its window on the monotonic clock and how that maps to wall time.
struct TraceInfo {
  Instant begin;        ///< the job's start: just before its exec
  Instant end;          ///< its end; of an unfinished record, the last sample
  WallTime wall_begin;  ///< UTC at `begin`
  Seconds period{0.1};
  std::optional<Instant>
      idle_begin;  ///< where an idle stretch was measured before the job: [idle_begin, begin)
  LoopStats loop;
  std::vector<Event> events;  ///< marks, lost sensors, ..., in time order
  bool complete = true;  ///< false: the writer was killed; the end is the last frame that survived
  std::vector<std::string>
      flags;  ///< notes of readers: "truncated last line", "damaged frame at byte 812", ...
};

/// Consecutive samples of one channel, in time order. The spans are of one length and live until
/// the visitor returns.
struct Block {
  std::span<const Instant> time;
  std::span<const std::uint32_t> half_width_us;
  std::span<const double> value;
  std::span<const std::uint8_t> restart;  ///< empty: none in this block
};

/// Samples of several channels. Implementations: MemoryTrace, and records on disk.
/// Thread-compatible.
class JOULERY_EXPORT Trace {
 public:
  virtual ~Trace() = default;
  virtual const TraceInfo& info() const = 0;
  virtual std::span<const Channel> channels() const = 0;

  using Wanted = std::function<bool(const Channel&)>;
  using Visitor = std::function<void(std::uint16_t channel, const Block&)>;
  /// Calls `visit` for the blocks of each wanted channel. Blocks of one channel come in time order;
  /// those of different channels are interleaved. Columns that nobody wants are not decoded.
  virtual Result<void> scan(const Wanted& wanted, const Visitor& visit) const = 0;
};

/// A trace made from values: imports and tests. Samples of one channel must be added in time order.
class JOULERY_EXPORT MemoryTrace : public Trace {
 public:
  MemoryTrace(TraceInfo info, std::vector<Channel> channels);
  void add(const Sample& sample);
  TraceInfo& info() { return info_; }

  const TraceInfo& info() const override { return info_; }
  std::span<const Channel> channels() const override { return channels_; }
  Result<void> scan(const Wanted& wanted, const Visitor& visit) const override;

 private:
  struct Column {
    std::vector<Instant> time;
    std::vector<std::uint32_t> half_width_us;
    std::vector<double> value;
    std::vector<std::uint8_t> restart;
  };
  TraceInfo info_;
  std::vector<Channel> channels_;
  std::vector<Column> columns_;
};

// ---- records: docs/formats/record.md says every byte

/// Writes one run as it is sampled: checksummed, compressed frames, appended; a kill at any moment
/// loses at most the last second. `about` and the closing text are the caller's (the ledger's),
/// opaque here.
class JOULERY_EXPORT RecordWriter : public SampleSink {
 public:
  /// Creates `path`, which must not exist, and PATH.tail for the last seconds. `start.events` are
  /// its first events. Errors: kDenied, kInvalid (exists), kUnavailable (disk full, no such
  /// folder).
  static Result<std::unique_ptr<RecordWriter>> create(const std::string& path,
                                                      std::span<const Channel> channels,
                                                      const TraceInfo& start,
                                                      const std::string& about);
  /// Samples of one group must come in time order; older ones and values that are not finite are
  /// dropped.
  void accept(std::span<const Sample> samples) override = 0;
  /// Writes what is left and the closing frame, syncs, and removes the tail. Of `end`, the events
  /// are not written again: note() took them. After an error the record is readable up to the last
  /// frame that was written.
  virtual Result<void> close(const TraceInfo& end, const std::string& closing) = 0;
  /// The first error of a write, e.g. a full disk; the run itself goes on, and writes again when
  /// the disk lets it. Not to be called while another thread is in accept().
  virtual const std::optional<Error>& failure() const = 0;
};

/// A record on disk, memory-mapped. Damaged or unfinished ones are read as far as they go, and say
/// so in info().flags.
class JOULERY_EXPORT RecordTrace : public Trace {
 public:
  virtual const std::string& about() const = 0;
  virtual const std::string& closing()
      const = 0;  ///< empty where the run was killed before its end
};
JOULERY_EXPORT Result<std::unique_ptr<RecordTrace>> load_record(const std::string& path);
/// Any trace, e.g. an imported one, as a closed record at `path`, which must not exist; after an
/// error there is none. Takes 24 bytes a sample.
JOULERY_EXPORT Result<void> save_record(const std::string& path, const Trace& trace,
                                        const std::string& about, const std::string& closing);

// ---- the sampling loop

struct LoopOptions {
  Seconds period{0.1};     ///< 1 ms .. 1 h
  Seconds patience{0.02};  ///< how long stop() waits for a read that is under way
};

/// Reads sensors at absolute deadlines until stopped. Slow sensors (Sensor::pace) run on threads of
/// their own. Channels of one group keep one stamp; groups of different sensors are told apart.
class JOULERY_EXPORT SamplingLoop {
 public:
  virtual ~SamplingLoop() = default;
  /// The channels of all sensors, in the order in which Sample::channel counts them.
  virtual std::span<const Channel> channels() const = 0;
  /// Reads every fast sensor once, then starts the threads; slow sensors are read at once on
  /// theirs. The sinks outlive the loop. Errors: kTransient where a thread cannot be started.
  virtual Result<void> start(std::vector<SampleSink*> sinks) = 0;
  /// Puts an event (a mark) between the samples. Any thread.
  virtual void note(Event event) = 0;
  /// Reads every sensor that answers quickly one last time, hands all to the sinks, joins the
  /// threads; one that hangs in a sensor is left behind. Ticks and read times are those
  /// of the loop's own period.
  virtual LoopStats stop() = 0;
};
JOULERY_EXPORT Result<std::unique_ptr<SamplingLoop>> make_sampling_loop(
    std::vector<std::unique_ptr<Sensor>> sensors, const LoopOptions& options);

// ---- other tools' logs

struct ImportOptions {
  std::string format;                  ///< empty: found out from the file
  int interleaved = 0;                 ///< rows of N devices without an index; 0: found out
  std::optional<WallTime> begin, end;  ///< closed window to cut
  std::optional<std::chrono::minutes> utc_offset;  ///< of stamps without a zone; empty: UTC
};
struct Imported {
  std::unique_ptr<Trace> trace;
  std::string format;
  std::vector<std::string> command;  ///< the files
  std::string host;                  ///< where the log names one
};
/// Errors: kInvalid, naming file, line and column.
JOULERY_EXPORT Result<Imported> import_logs(const std::vector<std::string>& paths,
                                            const ImportOptions& options);
/// The formats that import_logs knows, as --format spells them.
JOULERY_EXPORT std::vector<std::pair<std::string, std::string>> import_formats();

}  // namespace joulery
