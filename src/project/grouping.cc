// project: totals by columns, see grouping.h.
#include "project/grouping.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace joulery::project {
namespace {

constexpr std::uint16_t kNoMonth = 0xFFFF;

double count_of(const DeviceSet& set) {
  double sum = 0;
  for (const DeviceCount& part : set) sum += part.count;
  return sum;
}

}  // namespace

void add_job(const LogData& data, const JobRecord& job, double share,
             const std::optional<std::uint32_t>& device, Tally& tally) {
  const double hours = static_cast<double>(job.elapsed_us) / kMicrosPerHour * share;
  const bool measured = job.has(JobRecord::kHasEnergy);
  const DeviceSet& set = data.devices.at(job.devices);
  double part = 1;
  for (const DeviceCount& held : set) {
    if (device && held.device != *device) continue;
    tally.add(job.place(), held.device, hours * held.count, measured);
    if (device) part = held.count / count_of(set);
  }
  if (set.empty() && !measured) tally.deviceless_h += hours;
  if (!measured) return;
  tally.add_energy({job.place(), job.energy_j * share * part,
                    static_cast<double>(job.energy_u_j) * share * part});
}

const MonthReader::Month& MonthReader::of(std::int64_t us) {
  if (us >= month_.begin_us && us < month_.end_us) return month_;
  using std::chrono::floor, std::chrono::days, std::chrono::sys_days, std::chrono::months;
  const std::chrono::year_month_day day(floor<days>(WallTime(Micros(us))));
  const auto first = day.year() / day.month() / 1;
  const auto begin = WallTime(sys_days(first));
  const auto end = WallTime(sys_days(first + months(1)));
  const int number = (static_cast<int>(day.year()) - 1970) * 12 +
                     static_cast<int>(static_cast<unsigned>(day.month())) - 1;
  month_ = {begin.time_since_epoch().count(), end.time_since_epoch().count(),
            static_cast<std::uint16_t>(std::clamp(number, 0, kNoMonth - 1))};
  return month_;
}

std::string MonthReader::name(std::uint16_t number) {
  return number == kNoMonth ? "" : fmt::format("{}-{:02}", 1970 + number / 12, number % 12 + 1);
}

Grouping::Grouping(const LogData& data, std::vector<std::string> columns)
    : data_(data), names_(std::move(columns)), of_kind_(data.kind_count(), 0) {
  for (const std::string& name : names_) {
    if (name == "device") {
      by_device_ = true;
    } else if (name == "month") {
      by_month_ = true;
    } else {
      const auto at = std::find(data.columns.begin(), data.columns.end(), name);
      kept_.push_back(static_cast<std::size_t>(at - data.columns.begin()));
    }
  }
}

std::uint32_t Grouping::values_of(std::uint32_t kind) {
  if (of_kind_[kind] != 0) return of_kind_[kind] - 1;
  std::vector<std::uint32_t> values;
  for (const std::size_t column : kept_)
    values.push_back(data_.kinds[kind * data_.columns.size() + column]);
  const std::uint64_t hash = hash_of(values);
  const auto same = [&](std::uint32_t number) { return values_[number] == values; };
  if (const std::uint32_t* known = by_hash_.find(hash, same)) {
    of_kind_[kind] = *known + 1;
    return *known;
  }
  const auto number = static_cast<std::uint32_t>(values_.size());
  values_.push_back(std::move(values));
  by_hash_.add(hash, number);
  of_kind_[kind] = number + 1;
  return number;
}

Tally& Grouping::tally_of(std::uint32_t values, std::uint32_t device, std::uint16_t month) {
  const Key key{values, device, month};
  const std::uint64_t hash = mixed(std::uint64_t{values} << 32 | device << 16 | month);
  const auto same = [&](std::uint32_t number) { return keys_[number] == key; };
  if (const std::uint32_t* known = group_of_.find(hash, same)) return tallies_[*known];
  group_of_.add(hash, static_cast<std::uint32_t>(tallies_.size()));
  keys_.push_back(key);
  return tallies_.emplace_back();
}

void Grouping::add_part(const JobRecord& job, std::uint16_t month, double share, bool counts) {
  const std::uint32_t values = values_of(job.kind);
  const auto add = [&](const std::optional<std::uint32_t>& device, std::uint32_t key) {
    Tally& tally = tally_of(values, key, month);
    add_job(data_, job, share, device, tally);
    if (counts) tally.jobs += 1;
  };
  const DeviceSet& set = data_.devices.at(job.devices);
  if (!by_device_) return add({}, 0);
  constexpr std::uint32_t kNone = 0xFFFF;
  if (set.empty()) return add({}, kNone);
  for (const DeviceCount& held : set) add(held.device, held.device);
}

void Grouping::add(const JobRecord& job) {
  const bool has_month = by_month_ && data_.calendar && job.has(JobRecord::kHasStart);
  if (!has_month) return add_part(job, by_month_ ? kNoMonth : std::uint16_t{0}, 1, true);
  const std::int64_t end = job.start_us + job.elapsed_us;
  for (std::int64_t at = job.start_us;;) {
    const MonthReader::Month month = months_.of(at);
    const std::int64_t until = std::min(end, month.end_us);
    const double share = job.elapsed_us > 0
                             ? static_cast<double>(until - at) / static_cast<double>(job.elapsed_us)
                             : 1;
    add_part(job, month.number, share, at == job.start_us);
    if (until >= end) return;
    at = until;
  }
}

std::vector<std::string> Grouping::key_of(std::size_t group) const {
  const Key& key = keys_[group];
  std::vector<std::string> out;
  std::size_t kept = 0;
  for (const std::string& name : names_) {
    if (name == "device")
      out.push_back(key.device < data_.devices.names().size() ? data_.devices.names()[key.device]
                                                              : "");
    else if (name == "month")
      out.push_back(MonthReader::name(key.month));
    else
      out.push_back(data_.names.at(values_[key.values][kept++]));
  }
  return out;
}

JobGrouping Grouping::finish(const Pricing& pricing) const {
  std::vector<std::size_t> order(tallies_.size());
  std::vector<double> hours;
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  for (const Tally& tally : tallies_) hours.push_back(tally.hours());
  const bool by_time = names_.size() == 1 && by_month_;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return by_time ? keys_[a].month < keys_[b].month : hours[a] > hours[b];
  });
  JobGrouping out{names_, {}};
  out.groups.reserve(order.size());
  for (const std::size_t group : order)
    out.groups.push_back({key_of(group), pricing.totals(tallies_[group], by_device_)});
  return out;
}

}  // namespace joulery::project
