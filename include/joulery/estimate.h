// estimate: energy, carbon and money of work that was not measured as a whole, from hardware, hours
// and a place; with the power of a short measured run, of a paper, or of a table.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "joulery/account.h"
#include "joulery/export.h"
#include "joulery/factors.h"
#include "joulery/result.h"
#include "joulery/site.h"
#include "joulery/trace.h"
#include "joulery/units.h"
#include "joulery/worth.h"

namespace joulery {

// ---- from energy and time to what they mean; pure functions

/// What follows from an energy at a place. Each missing with the flag that would give it.
struct Consequences {
  Estimate<Joules> site_energy;
  Estimate<GramsCo2> carbon;
  Estimate<Money> electricity_cost;
};
JOULERY_EXPORT Consequences consequences_of(const Estimate<Joules>& it_energy, const Place& place);
/// Of an energy that includes the PUE already.
JOULERY_EXPORT Consequences consequences_of_site(const Estimate<Joules>& site_energy,
                                                 const Place& place);
/// The place's cloud price for so much time of one device (4 devices for 1 h: 4 h).
JOULERY_EXPORT CostRange rent_of(const Estimate<Seconds>& device_time, const Place& place);

/// The carbon of something familiar, as Table 1 of arXiv 1906.02243 has it.
struct Equivalent {
  std::string what;  ///< "air travel, 1 person, NY to SF"
  GramsCo2 each;
  double count = 0;  ///< how many of it
};
JOULERY_EXPORT std::vector<Equivalent> equivalents_of(GramsCo2 carbon);

/// M of the Software Carbon Intensity (ISO/IEC 21031): the share of what making the devices
/// emitted, `each` a device, that falls on this time of their life.
JOULERY_EXPORT Estimate<GramsCo2> embodied_of(const Estimate<GramsCo2>& each,
                                              const Estimate<Seconds>& device_time,
                                              Seconds lifetime);

// ---- the power of a measured run

/// Whether a run's power stays where it is: what must hold before a short run tells about a long
/// one. Figure 6 of arXiv 2205.09646 shows it of means over a minute.
struct Steadiness {
  Seconds step{0};               ///< length of a block, over which power is averaged
  std::size_t blocks = 0;        ///< that were seen
  std::optional<double> spread;  ///< standard deviation of the blocks' means, relative
  std::optional<double> drift;   ///< mean of the second half over that of the first, less 1
  bool steady = false;           ///< both at most `kSteadyBound`
  double u = 0;                  ///< relative, of the mean power of a longer run
};
/// A choice: the gain of a board's sensor is no better known (arXiv 2312.02741: 5.2 %).
inline constexpr double kSteadyBound = 0.05;
/// One pass over the trace.
JOULERY_EXPORT Result<Steadiness> steadiness_of(const Trace& trace);

/// What a kind of part draws, all pieces of it together.
struct PartPower {
  std::string kind;  ///< "gpu", "cpu", "dram", "node", "rest"
  Estimate<Watts> power;
  std::string source;
};
struct MeasuredPower {
  std::string run;        ///< its id
  std::string gpu_model;  ///< of the first board; empty where there is none
  std::size_t gpus = 0;
  Seconds duration{0};
  std::vector<PartPower> parts;
  std::vector<std::string> excludes;
  Steadiness steadiness;
};
/// The account is that of the trace. Errors: kInvalid where no part has a power.
JOULERY_EXPORT Result<MeasuredPower> measured_power(const Account& account, const Trace& trace);

// ---- rows

/// A value as it was written, and where: a flag, or file, line and key.
struct WrittenValue {
  std::string text;
  std::string where;
  ErrorCode code = ErrorCode::kUsage;  ///< of an error in it
};
/// One row as it was written: key to value. docs/formats/estimate.md tells the keys.
struct WrittenRow {
  std::string where;  ///< "estimate", "FILE:LINE"
  ErrorCode code = ErrorCode::kUsage;
  std::map<std::string, WrittenValue, std::less<>> values;
};
/// The rows of a TOML file. Errors: kInvalid, naming file and line.
JOULERY_EXPORT Result<std::vector<WrittenRow>> load_estimate_rows(const std::string& path);

/// The floating-point operations of a training run: those of the model, without what is computed a
/// second time to save memory.
struct TrainingWork {
  Estimate<double> operations;
  std::string basis;                      ///< "6 x parameters x tokens", "given", ...
  std::optional<Estimate<double>> mfu{};  ///< given: the duration follows from it
};

struct GivenEnergy {
  Estimate<Joules> energy;
  bool includes_pue = false;
};
/// What making the hardware emitted, and how long it serves.
struct Embodied {
  Estimate<GramsCo2> each;
  Seconds lifetime{0};
};
/// The functional unit R of the Software Carbon Intensity: "1.5M responses".
struct FunctionalUnit {
  double number = 0;
  std::string name;
};
/// What somebody else printed of the same work, to hold ours against.
struct PublishedFigures {
  std::optional<Joules> energy;
  std::optional<GramsCo2> carbon;
};

/// One row, with everything looked up that it names.
struct EstimateRequest {
  std::string name;
  std::optional<Accelerator> device;
  std::optional<double> count;    ///< of devices
  Estimate<Seconds> duration;     ///< of the wall clock
  Estimate<Seconds> device_time;  ///< summed over devices
  std::vector<PartPower> parts;   ///< empty where `energy` is given or no power is known
  std::optional<GivenEnergy> energy;
  std::string no_power;                  ///< why there is no power
  std::optional<Steadiness> steadiness;  ///< of the run that gave the power
  std::vector<std::string> excludes;     ///< parts that no power is known of
  Place place;
  std::optional<Embodied> embodied;
  std::optional<FunctionalUnit> unit;
  std::optional<TrainingWork> work;
  std::optional<double> metric;  ///< what the work reached: an accuracy, a loss
  Better better = Better::kHigher;
  PublishedFigures published;
  std::vector<std::string> notes;
};
struct EstimateSources {
  std::vector<Accelerator> accelerators;
  std::vector<std::string> config_files;
  std::function<Result<MeasuredPower>(const std::string& run)> find_run;
};
/// Errors: those of the value's code, naming where it was written.
JOULERY_EXPORT Result<EstimateRequest> make_estimate_request(const WrittenRow& row,
                                                             const EstimateSources& sources);

/// What became of the work: how fast, how near to what the device could do, for how much energy.
struct WorkRate {
  Estimate<double> per_device;  ///< FLOP/s of one device
  Estimate<double>
      utilisation;  ///< share of the device's tensor peak (MFU); it has one or is missing
  Estimate<double> per_joule;  ///< FLOP per joule of IT energy
};

struct EstimatedRow {
  EstimateRequest request;
  Estimate<Joules> it_energy;
  std::vector<std::string> includes, excludes;
  Consequences site;
  CostRange cloud_cost;
  std::vector<Equivalent> equivalents;  ///< empty where there is no carbon
  std::optional<Estimate<GramsCo2>> embodied;
  std::optional<Estimate<GramsCo2>> sci;  ///< per one of request.unit
  std::optional<WorkRate> work;           ///< where request.work is
  std::vector<std::string> flags;         ///< what is implausible, in words
};
/// Equations (1) and (2) of arXiv 1906.02243, with an interval.
JOULERY_EXPORT EstimatedRow estimate_row(const EstimateRequest& request);

/// A row that has a metric beside what it takes; money: the cloud at its upper price.
JOULERY_EXPORT WorthPoint point_of(const EstimatedRow& row);
/// The rows that have a metric, in order. Of rows that differ in which metric is better, those of
/// the first's.
JOULERY_EXPORT std::vector<FrontPoint> fronts_of_rows(const std::vector<EstimatedRow>& rows);

/// Sums over rows. What rows share (a PUE, a sensor) is wrong in the same direction, so
/// uncertainties add up linearly: an upper bound. A sum that lacks a row, or would mix kinds of
/// intensity or currencies, is missing and says why.
struct EstimateTotal {
  Estimate<Joules> it_energy;
  Consequences site;
  CostRange cloud_cost;
  std::string currency;
};
JOULERY_EXPORT EstimateTotal total_of(const std::vector<EstimatedRow>& rows);

// ---- published tables beside ours

struct PresetCell {
  std::string printed;  ///< as the source prints it; empty: it prints none
  std::string ours;     ///< to the same digit
  enum class Verdict : std::uint8_t {
    kSame,      ///< to the printed digit
    kRounding,  ///< follows from inputs that are printed rounded
    kOther,     ///< does not follow from what is printed: see the notes
    kMissing,   ///< neither can be told
  } verdict = Verdict::kSame;
};
struct PresetTable {
  std::string title;
  std::vector<std::string> columns;  ///< the first is the name of the row
  struct Row {
    std::string name;
    std::vector<PresetCell> cells;
  };
  std::vector<Row> rows;
  std::vector<std::string> notes;
};
struct Preset {
  std::string name, source;
  std::vector<PresetTable> tables;
  std::vector<EstimatedRow> rows;
};
/// Errors: kUsage, naming the presets there are.
JOULERY_EXPORT Result<Preset> make_preset(const std::string& name);

}  // namespace joulery
