// trace: the sensors that are read at one pace, by one thread, into one buffer that another thread
// empties.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "joulery/trace.h"
#include "trace/alarm.h"
#include "trace/tick_schedule.h"

namespace joulery {

/// What a lane has had to say since it was last asked.
struct LaneNews {
  std::vector<Sample> samples;
  std::vector<Event> events;  ///< lost sensors, as they were lost
};

/// What all slow sensors together may take at the end of a job that lasted so long, for the reads
/// under way and the last ones: a thousandth of it, but 2 ms at least and 20 ms at most.
Micros quick_read(Micros job);

/// Shared by its own thread and by the loop: a thread that hangs in a sensor keeps the lane alive,
/// and nothing waits for it.
class Lane {
 public:
  Lane(Micros period, std::shared_ptr<Alarm> pump);
  /// Before start(): `first` is the index of the sensor's first channel in the trace.
  void add(std::unique_ptr<Sensor> sensor, std::uint16_t first);

  /// Sets up the buffers. `now` reads every sensor in the calling thread; the thread then begins a
  /// period later.
  static Result<void> start(const std::shared_ptr<Lane>& lane, bool now);
  /// Waits for a read under way, but leaves it behind at `until`. Else reads one last time in the
  /// calling thread: `always`, or where its longest read so far would be done by `until`. Ends the
  /// thread.
  void finish(bool always, Instant until);

  /// Any thread. Swaps the samples with `news.samples`, whose room is used for the next ones.
  void take(LaneNews& news);
  /// Any thread. How many ticks were late or lost and how many reads failed since the last call, in
  /// words.
  void summarize(std::vector<Event>& events);
  [[nodiscard]] LoopStats stats() const;  ///< any thread; `cpu` once the thread has ended
  [[nodiscard]] Micros period() const { return period_; }

 private:
  struct Slot {
    std::unique_ptr<Sensor> sensor;
    std::uint16_t first = 0;
    bool lost = false;
  };
  void run();
  bool begin_read();
  void end_read(Instant woke);
  void read_sensors();
  void append_scratch();
  void read(Slot& slot);
  void fail(Slot& slot, const Error& error);

  const Micros period_;
  std::vector<Slot> slots_;      // of the thread that reads
  std::vector<Sample> scratch_;  // of the thread that reads: one tick

  mutable std::mutex mutex_;
  std::condition_variable read_ended_;
  bool reading_ = false;   // the thread is inside a sensor
  bool finished_ = false;  // no read may begin
  TickSchedule schedule_;
  TickCounts told_;  // in the last summary
  ReadTimes read_times_;
  Micros longest_read_{0};
  std::vector<Sample> filling_;
  std::size_t room_ = 0;     // samples that filling_ may hold
  std::size_t ring_at_ = 0;  // samples at which the pump is called
  std::vector<Event> events_;
  std::uint64_t failed_ = 0;  // reads, since the last summary
  std::string last_failure_;
  std::uint64_t dropped_ = 0;  // ticks that found no room, since the start
  Seconds cpu_{0};

  Alarm alarm_;
  std::shared_ptr<Alarm> pump_;
  std::thread thread_;
};

}  // namespace joulery
