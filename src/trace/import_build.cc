// trace: from the samples of logs to a trace on one clock, see import_build.h.
#include "trace/import_build.h"

#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>
#include <set>

#include "base/text.h"

namespace joulery {
namespace {

constexpr std::size_t kMaxPlaces = 3;
// A node of 16 GPUs with 12 columns each is 192; more than this is a damaged log.
constexpr std::size_t kMaxChannels = 4096;

WallTime wall(Instant time) { return WallTime(time.time_since_epoch()); }

bool earlier(const Sample& a, const Sample& b) { return a.time < b.time; }

bool same_reading(const Sample& a, const Sample& b) {
  return a.time == b.time && a.value == b.value;
}

// Both copies of a long log need not stay in memory, and the allocator would keep the old one.
void release(std::vector<Sample>& samples) {
  constexpr std::size_t kMany = 100'000;
  const bool many = samples.size() > kMany;
  std::vector<Sample>().swap(samples);
  if (many) malloc_trim(0);
}

bool gives_energy(const Channel& channel) { return channel.rule != Rule::kNone; }

}  // namespace

void Repairs::add(std::string_view what, std::string_view file, std::uint64_t line) {
  auto kind = std::find_if(kinds_.begin(), kinds_.end(),
                           [what](const Kind& known) { return known.what == what; });
  if (kind == kinds_.end()) kind = kinds_.insert(kind, {std::string(what), 0, 0, {}, {}});
  if (kind->last_line == line && kind->last_file == file) return;
  kind->last_line = line;
  kind->last_file = file;
  ++kind->count;
  if (kind->places.size() < kMaxPlaces) kind->places.push_back(fmt::format("{}:{}", file, line));
}

void Repairs::note(std::string text) {
  if (std::find(notes_.begin(), notes_.end(), text) == notes_.end())
    notes_.push_back(std::move(text));
}

std::vector<std::string> Repairs::flags() const {
  std::vector<std::string> flags = notes_;
  for (const Kind& kind : kinds_) {
    flags.push_back(kind.count == 1 ? fmt::format("{}: {}", kind.what, kind.places[0])
                                    : fmt::format("{}: {} times, first {}", kind.what, kind.count,
                                                  fmt::join(kind.places, ", ")));
  }
  return flags;
}

void RowCount::bad(std::string_view why) {
  if (bad_++ == 0) first_bad_ = fmt::format("{}: {}", lines_.place(), why);
  repairs_.add(lines_.ended() ? "garbled_line" : "truncated_last_line", lines_.file(),
               lines_.number());
}

Result<void> RowCount::verdict() const {
  if (good_ > 0 && bad_ <= good_) return {};
  if (bad_ == 0)
    return Error{ErrorCode::kInvalid,
                 fmt::format("{}:{}: ends without a row of data", lines_.file(), lines_.number())};
  return Error{ErrorCode::kInvalid,
               fmt::format("{} ({} of {} rows could not be read)", first_bad_, bad_, good_ + bad_)};
}

Result<std::uint16_t> TraceBuilder::channel(const Channel& channel) {
  const auto known = index_.find(channel.id);
  if (known != index_.end()) return known->second;
  if (columns_.size() >= kMaxChannels)
    return Error{ErrorCode::kInvalid, fmt::format("{}: more than {} channels, the next is '{}'",
                                                  file_, kMaxChannels, channel.id)};
  const auto index = static_cast<std::uint16_t>(columns_.size());
  columns_.push_back({.channel = channel, .samples = {}});
  index_.emplace(channel.id, index);
  return index;
}

void TraceBuilder::begin_file(std::string_view file) {
  file_ = file;
  held_ = 0;
  for (Column& column : columns_) column.file_start = column.samples.size();
}

bool TraceBuilder::take(std::size_t readings, std::uint64_t line) {
  if (!full() && added_ + held_ + readings > most_readings_) full_at_ = line;
  return !full();
}

void TraceBuilder::hold(std::size_t bytes, std::uint64_t line) {
  const std::size_t readings = (bytes + sizeof(Sample) - 1) / sizeof(Sample);
  if (take(readings, line)) held_ += readings;
}

Result<void> TraceBuilder::room() const {
  if (!full()) return {};
  return Error{ErrorCode::kInvalid,
               fmt::format("{}:{}: more than the {} readings that one import keeps; import it a "
                           "part at a time",
                           file_, full_at_, most_readings_)};
}

void TraceBuilder::add(const Sample& sample, std::uint64_t line) {
  Column& column = columns_[sample.channel];
  if (column.samples.size() > column.file_start) {
    const Sample& last = column.samples.back();
    if (sample.time < last.time) return repairs_.add("clock_went_back", file_, line);
    if (same_reading(sample, last)) return repairs_.add("duplicate", file_, line);
  } else if (!column.samples.empty() && sample.time < column.samples.back().time) {
    column.ordered = false;
  }
  if (!take(1, line)) return;
  ++added_;
  column.samples.push_back(sample);
}

// Files may come in any order, and may repeat each other where a log was copied.
void TraceBuilder::order_files() {
  for (Column& column : columns_) {
    if (!column.ordered) std::stable_sort(column.samples.begin(), column.samples.end(), earlier);
    const auto end = std::unique(column.samples.begin(), column.samples.end(), same_reading);
    const auto copies = column.samples.end() - end;
    if (copies > 0)
      repairs_.note(fmt::format("duplicate_across_files: {} {}", column.channel.id, copies));
    column.samples.erase(end, column.samples.end());
  }
}

// A channel that was never read is no channel; energy that nobody else counts is part of nothing.
void TraceBuilder::drop_empty() {
  std::set<std::string> seen;
  for (const Column& column : columns_) {
    if (column.samples.empty()) {
      repairs_.note(fmt::format("no_values: {}", column.channel.id));
    } else if (gives_energy(column.channel)) {
      seen.insert(column.channel.component);
    }
  }
  std::erase_if(columns_, [](const Column& column) { return column.samples.empty(); });
  for (Column& column : columns_) {
    auto& whole = column.channel.part_of;
    if (whole && !seen.contains(*whole)) whole.reset();
  }
}

// One channel gives a component's energy: the first one marked so, else the first at all.
void TraceBuilder::choose_preferred() {
  std::unordered_map<std::string, Column*> chosen;
  for (Column& column : columns_) {
    if (!gives_energy(column.channel)) continue;
    Column*& best = chosen[column.channel.component];
    if (best == nullptr || (column.channel.preferred && !best->channel.preferred)) best = &column;
  }
  for (Column& column : columns_)
    if (gives_energy(column.channel))
      column.channel.preferred = chosen[column.channel.component] == &column;
}

bool TraceBuilder::any_inside(const Window& window) const {
  return std::any_of(columns_.begin(), columns_.end(), [&window](const Column& column) {
    if (!gives_energy(column.channel)) return false;
    const auto first = std::lower_bound(column.samples.begin(), column.samples.end(),
                                        Sample{.time = window.begin}, earlier);
    return first != column.samples.end() && first->time <= window.end;
  });
}

Result<TraceBuilder::Window> TraceBuilder::find_window(const ImportOptions& options) const {
  Window window;
  bool found = false;
  for (const Column& column : columns_) {
    if (!gives_energy(column.channel)) continue;
    const Instant first = column.samples.front().time;
    const Instant last = column.samples.back().time;
    window.first = found ? std::min(window.first, first) : first;
    window.last = found ? std::max(window.last, last) : last;
    found = true;
  }
  if (!found)
    return Error{ErrorCode::kInvalid, fmt::format("{}: holds no power or energy reading", file_)};
  window.begin = options.begin ? Instant(options.begin->time_since_epoch()) : window.first;
  window.end = options.end ? Instant(options.end->time_since_epoch()) : window.last;
  if (window.begin > window.end || !any_inside(window))
    return Error{ErrorCode::kInvalid,
                 fmt::format("{}: no reading between {} and {}; the log runs from {} to {}", file_,
                             format_time(wall(window.begin)), format_time(wall(window.end)),
                             format_time(wall(window.first)), format_time(wall(window.last)))};
  return window;
}

// The median step of the first energy channel that has any.
Seconds TraceBuilder::usual_period() const {
  constexpr std::size_t kEnough = 100'000;
  for (const Column& column : columns_) {
    if (!gives_energy(column.channel) || column.samples.size() < 2) continue;
    std::vector<Micros> steps;
    for (std::size_t i = 1; i < column.samples.size() && i < kEnough; ++i)
      steps.push_back(column.samples[i].time - column.samples[i - 1].time);
    const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
    std::nth_element(steps.begin(), middle, steps.end());
    if (*middle > Micros(0)) return *middle;
  }
  return Seconds(1);
}

Result<std::unique_ptr<MemoryTrace>> TraceBuilder::finish(const ImportOptions& options,
                                                          std::vector<Event> events) {
  order_files();
  drop_empty();
  choose_preferred();
  JOULERY_TRY(const Window window, find_window(options));
  const Micros origin = std::min(window.first, window.begin).time_since_epoch();
  TraceInfo info;
  info.begin = window.begin - origin;
  info.end = window.end - origin;
  info.wall_begin = wall(window.begin);
  info.period = usual_period();
  for (Event& event : events) event.time -= origin;
  std::stable_sort(events.begin(), events.end(),
                   [](const Event& a, const Event& b) { return a.time < b.time; });
  info.events = std::move(events);
  info.flags = repairs_.flags();

  std::vector<Channel> channels;
  for (const Column& column : columns_) channels.push_back(column.channel);
  auto trace = std::make_unique<MemoryTrace>(std::move(info), std::move(channels));
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    for (Sample& sample : columns_[i].samples) {
      sample.time -= origin;
      sample.channel = static_cast<std::uint16_t>(i);
      trace->add(sample);
    }
    release(columns_[i].samples);
  }
  return trace;
}

}  // namespace joulery
