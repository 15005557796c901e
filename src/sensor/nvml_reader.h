// sensor: the readings of one NVIDIA board that are taken one after another: its fields, then its
// single calls.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sensor/nvml_calls.h"
#include "sensor/nvml_channels.h"
#include "sensor/nvml_fields.h"

namespace joulery {

/// Finds out at the beginning what the board can be asked, then asks only that. One thread; read()
/// does not allocate.
class NvmlReader {
 public:
  /// `first_channel`: of this board within its sensor; `first_group`: likewise.
  NvmlReader(std::shared_ptr<const Nvml> nvml, const NvmlBoard& board, std::function<Instant()> now,
             std::size_t first_channel, std::uint32_t first_group);

  struct Field {
    unsigned id;
    unsigned scope = kNvmlGpuScope;
    double scale;
  };
  /// False where the board does not have it; `error` then says why.
  bool add_field(const Field& field, Channel channel, Error& error);
  /// kUtilization takes two channels. `shares_stamp`: one stamp for this call and the one before
  /// it.
  bool add_call(NvmlReading reading, std::vector<Channel> channels, bool shares_stamp,
                Error& error);

  /// Of a call that is too slow to try: it is there where the library has it.
  bool add_untried(NvmlReading reading, Channel channel, Error& error);

  const std::vector<Channel>& channels() const { return channels_; }
  std::uint32_t groups() const { return groups_; }  ///< how many it has used

  /// Errors: kGone where the board is; of the first call that failed where not one gave a sample.
  Result<void> read(std::vector<Sample>& out);
  Micros took() const { return took_; }  ///< the last read()

 private:
  struct Call {
    NvmlReading reading;
    std::size_t channel;  // its first, within the sensor
    std::size_t count;
  };
  struct Run {  // calls that share a stamp
    std::size_t begin, end;
  };
  Result<void> read_all(Instant& time, std::vector<Sample>& out);
  Result<void> read_run(const Run& run, Instant& time, std::vector<Sample>& out);
  void append_call(NvmlReading reading, std::vector<Channel> channels, bool shares_stamp);
  std::size_t add_channel(Channel channel, std::uint32_t group);

  std::shared_ptr<const Nvml> nvml_;
  NvmlDevice device_;
  std::function<Instant()> now_;
  std::size_t first_channel_;
  std::uint32_t first_group_;
  std::uint32_t groups_ = 1;  // the first is the fields'
  NvmlFieldBatch fields_;
  std::vector<Channel> channels_;
  std::vector<Call> calls_;
  std::vector<Run> runs_;
  double last_energy_ = 0;
  Micros took_{0};
};

}  // namespace joulery
