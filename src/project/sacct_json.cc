// project: `sacct --json`, job after job, in the memory of one. The only unit that includes
// nlohmann's JSON here.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "project/columns.h"
#include "project/readers.h"

namespace joulery::project {
namespace {

// One text of a job (its script, its environment) may be long; longer than this is no such log.
constexpr std::size_t kMostText = std::size_t{4} << 20;
constexpr std::size_t kMostDepth = 64;
// Choices: of one job. Slurm's own clusters tell some ten kinds of resources.
constexpr std::size_t kMostTres = 1000;
constexpr std::size_t kMostTags = std::size_t{64} << 10;

/// Feeds the parser byte by byte, what was taken of the input first. Ends an input without end, and
/// inside a text without end: the parser would keep all of it in memory.
class BoundedInput {
 public:
  BoundedInput(std::string_view head, std::istream& in, std::uint64_t most_bytes)
      : head_(head), buffer_(in.rdbuf()), most_bytes_(most_bytes) {}

  int next() {
    const int c = take();
    if (c == std::char_traits<char>::eof()) return c;
    if (!inside_) {
      inside_ = c == '"';
      length_ = 0;
    } else if (escaped_) {
      escaped_ = false;
    } else if (c == '\\') {
      escaped_ = true;
    } else if (c == '"') {
      inside_ = false;
    }
    if (inside_ && ++length_ > kMostText) return std::char_traits<char>::eof();
    return c;
  }

  [[nodiscard]] bool beyond() const { return beyond_; }

 private:
  int take() {
    const int c =
        bytes_ < head_.size() ? static_cast<unsigned char>(head_[bytes_]) : buffer_->sbumpc();
    if (c == std::char_traits<char>::eof()) return c;
    beyond_ = bytes_ == most_bytes_;
    if (beyond_) return std::char_traits<char>::eof();
    ++bytes_;
    return c;
  }

  std::string_view head_;
  std::streambuf* buffer_;
  const std::uint64_t most_bytes_;
  std::uint64_t bytes_ = 0;
  std::size_t length_ = 0;
  bool beyond_ = false;
  bool inside_ = false;
  bool escaped_ = false;
};

/// What nlohmann's parser wants of an input: a pair of iterators over bytes.
class ByteIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  ByteIterator() = default;
  explicit ByteIterator(BoundedInput* input) : input_(input) { ++*this; }
  reference operator*() const { return byte_; }
  ByteIterator& operator++() {
    const int c = input_->next();
    if (c == std::char_traits<char>::eof())
      input_ = nullptr;
    else
      byte_ = static_cast<char>(c);
    return *this;
  }
  friend bool operator==(const ByteIterator& a, const ByteIterator& b) {
    return a.input_ == b.input_;
  }
  friend bool operator!=(const ByteIterator& a, const ByteIterator& b) { return !(a == b); }

 private:
  BoundedInput* input_ = nullptr;
  char byte_ = 0;
};

/// One resource of tres.allocated.
struct Tres {
  std::string type, name;
  double count = 0;
};

/// What is kept of the present job.
struct Job {
  std::string user, account, state, partition, qos, name, cluster, tags;
  std::string id, array_id, task;
  std::optional<double> submit, start, end, elapsed, cpus;
  std::vector<Tres> tres;
  // Of its steps: the batch step lasts as long as the job and holds the others on its node.
  std::string step_name;
  double step_energy = 0, batch_energy = 0, steps_energy = 0;
};

/// The keys from the job down to a value, joined by dots, the empty ones of arrays left out;
/// numbers of the newer form {"set": true, "number": 5} are values of their own.
class Handler : public nlohmann::json_sax<nlohmann::json> {
 public:
  Handler(const JobLogOptions& options, std::uint64_t most_jobs, LogBuilder& builder)
      : options_(options), most_jobs_(most_jobs), builder_(builder) {}

  bool null() override { return true; }
  bool boolean(bool yes) override {
    if (keys_.size() > 1 && keys_.back() == "set") set_ = yes;
    return true;
  }
  bool number_integer(number_integer_t value) override {
    return number(static_cast<double>(value));
  }
  bool number_unsigned(number_unsigned_t value) override {
    return number(static_cast<double>(value));
  }
  bool number_float(number_float_t value, const string_t&) override { return number(value); }
  bool binary(binary_t&) override { return true; }
  bool string(string_t& value) override {
    if (in_job()) take_text(path(), value);
    return true;
  }
  bool start_object(std::size_t) override {
    if (keys_.size() >= kMostDepth) return false;
    if (is_job_array() && arrays_.back()) {
      if (number_ == most_jobs_) {
        beyond_ = true;
        return false;
      }
      job_ = Job();
      job_depth_ = keys_.size();
    }
    if (path() == "tres.allocated") {
      if (job_.tres.size() == kMostTres) return false;
      job_.tres.emplace_back();
    }
    set_ = true;
    keys_.emplace_back();
    arrays_.push_back(false);
    return true;
  }
  bool key(string_t& name) override {
    // What would pass for several keys, or for an array, is in no path that is taken: a value of a
    // resource stands in an object that began one.
    const bool plain = !name.empty() && name.find('.') == std::string::npos;
    keys_.back() = plain ? name.substr(0, 64) : ".";
    return true;
  }
  bool end_object() override {
    keys_.pop_back();
    arrays_.pop_back();
    if (!in_job()) return true;
    if (keys_.size() == job_depth_ + 2 && keys_[job_depth_] == "steps") finish_step();
    if (keys_.size() == job_depth_) {
      finish_job();
      job_depth_ = 0;
    }
    return true;
  }
  bool start_array(std::size_t) override {
    if (keys_.size() >= kMostDepth) return false;
    if (keys_.size() == 1 && keys_[0] == "jobs") found_ = true;
    keys_.emplace_back();
    arrays_.push_back(true);
    return true;
  }
  bool end_array() override {
    keys_.pop_back();
    arrays_.pop_back();
    return true;
  }
  bool parse_error(std::size_t at, const std::string&,
                   const nlohmann::detail::exception&) override {
    error_at_ = at;
    return false;
  }

  [[nodiscard]] bool found() const { return found_; }
  [[nodiscard]] std::optional<std::size_t> error_at() const { return error_at_; }
  [[nodiscard]] std::uint64_t jobs() const { return number_; }
  [[nodiscard]] bool beyond() const { return beyond_; }

 private:
  [[nodiscard]] bool is_job_array() const { return keys_.size() == 2 && keys_[0] == "jobs"; }
  [[nodiscard]] bool in_job() const { return job_depth_ > 0; }

  [[nodiscard]] std::string path() const {
    std::string out;
    if (!in_job()) return out;
    for (std::size_t i = job_depth_; i < keys_.size(); ++i) {
      if (keys_[i].empty()) continue;
      out += (out.empty() ? "" : ".") + keys_[i];
    }
    return out;
  }

  bool number(double value) {
    if (!in_job()) return true;
    std::string where = path();
    if (where.ends_with(".number")) {
      where.resize(where.size() - 7);
      if (!set_) return true;
    }
    take_number(where, value);
    return true;
  }

  void take_text(const std::string& where, const std::string& text) {
    if (where == "user") job_.user = text;
    if (where == "account") job_.account = text;
    if (where == "partition") job_.partition = text;
    if (where == "qos") job_.qos = text;
    if (where == "name") job_.name = text;
    if (where == "cluster") job_.cluster = text;
    if (where == "state.current" && job_.state.empty()) job_.state = text;
    if (where == "comment.job" || where == "comment.administrator")
      job_.tags += ((job_.tags.empty() ? "" : ",") + text)
                       .substr(0, kMostTags - std::min(job_.tags.size(), kMostTags));
    if (where == "state" && job_.state.empty()) job_.state = text;
    if (where == "steps.step.name") job_.step_name = text;
    if (where == "tres.allocated.type") job_.tres.back().type = text;
    if (where == "tres.allocated.name") job_.tres.back().name = text;
  }

  void take_number(const std::string& where, double value) {
    if (where == "job_id") job_.id = fmt::format("{:.0f}", value);
    if (where == "array.job_id" && value > 0) job_.array_id = fmt::format("{:.0f}", value);
    if (where == "array.task_id") job_.task = fmt::format("{:.0f}", value);
    if (where == "time.submission") job_.submit = value;
    if (where == "time.start") job_.start = value;
    if (where == "time.end") job_.end = value;
    if (where == "time.elapsed") job_.elapsed = value;
    if (where == "tres.allocated.count") job_.tres.back().count = value;
    constexpr double kMostEnergy = 1e15;  // Slurm's "not known" is 2^64 - 2
    if (where == "steps.statistics.energy.consumed" && value > 0 && value < kMostEnergy)
      job_.step_energy = value;
  }

  void finish_step() {
    ++builder_.data().steps;
    (job_.step_name == "batch" ? job_.batch_energy : job_.steps_energy) += job_.step_energy;
    job_.step_energy = 0;
    job_.step_name.clear();
  }
  void finish_job();
  void put_times(JobRow& row) const;
  void put_devices(JobRow& row);
  void put_columns(JobRow& row);
  [[nodiscard]] std::string_view column(std::string_view name) const;

  const JobLogOptions& options_;
  const std::uint64_t most_jobs_;
  LogBuilder& builder_;
  std::vector<std::string> keys_{};
  std::vector<bool> arrays_;
  std::size_t job_depth_ = 0;
  bool found_ = false;
  bool beyond_ = false;
  bool set_ = true;
  std::optional<std::size_t> error_at_;
  std::uint64_t number_ = 0;
  Job job_;
  TresCounts counts_;
};

constexpr const char* kSacctColumns[] = {"user", "account", "state",  "partition",
                                         "qos",  "name",    "cluster"};

std::string_view Handler::column(std::string_view name) const {
  if (name == "user") return job_.user;
  if (name == "account") return job_.account;
  if (name == "state") return job_.state;
  if (name == "partition") return job_.partition;
  if (name == "qos") return job_.qos;
  if (name == "name" || name == "jobname") return job_.name;
  return name == "cluster" ? std::string_view(job_.cluster) : std::string_view();
}

// Slurm writes 0 where a job has not started or not ended.
void Handler::put_times(JobRow& row) const {
  const auto stamp = [](const std::optional<double>& seconds) {
    constexpr double kYear2100 = 4102444800;
    if (!seconds || *seconds <= 0) return Stamp{};
    if (*seconds > kYear2100) return Stamp{Stamp::Kind::kGarbled, true, 0};
    return Stamp{Stamp::Kind::kTime, true, std::llround(*seconds * 1e6)};
  };
  row.start = stamp(job_.start);
  row.end = stamp(job_.end);
  row.submit = stamp(job_.submit);
  if (row.start.kind == Stamp::Kind::kGarbled || row.end.kind == Stamp::Kind::kGarbled)
    row.garbled = "its start or end is no time";
  row.elapsed.reset();
  if (!job_.elapsed) return;
  row.elapsed = parse_elapsed(fmt::format("{}", *job_.elapsed));
  if (!row.elapsed) row.garbled = "its elapsed time is none";
}

void Handler::put_devices(JobRow& row) {
  std::string text;
  for (const Tres& tres : job_.tres) {
    const std::string key = tres.type == "gres" ? "gres/" + tres.name : tres.type;
    text += fmt::format("{}{}={}", text.empty() ? "" : ",", key, tres.count);
  }
  parse_tres(text, counts_);
  if (counts_.garbled) row.garbled = "its devices are no count";
  put_gpus(counts_, options_.device, builder_.data(), row);
  const double of_steps = std::max(job_.batch_energy, job_.steps_energy);
  const double energy_j = counts_.energy_j > 0 ? counts_.energy_j : of_steps;
  row.energy_j.reset();
  if (energy_j > 0) row.energy_j = energy_j;
  row.energy_u_j = kEnergyU * row.energy_j.value_or(0);
}

void Handler::put_columns(JobRow& row) {
  LogData& data = builder_.data();
  row.columns.clear();
  for (std::size_t i = 0; i < data.columns.size(); ++i) {
    std::string wanted = data.columns[i];
    if (i == kSearch && !options_.search.empty()) wanted = options_.search;
    if (i == kStage && !options_.stage.empty()) wanted = options_.stage;
    if (i == kRole && !options_.role.empty()) wanted = options_.role;
    std::string_view value = column(lower(wanted));
    if (value.empty()) value = tag_of(job_.tags, wanted);
    if (!value.empty()) data.has_column[i] = true;
    row.columns.push_back(value);
  }
}

void Handler::finish_job() {
  JobRow row;
  row.line = ++number_;
  if (job_.array_id.empty() || job_.task.empty()) {
    row.id = job_.id;
  } else {
    job_.array_id += "_" + job_.task;
    row.id = job_.array_id;
  }
  put_times(row);
  put_devices(row);
  put_columns(row);
  builder_.add(row);
}

}  // namespace

Result<void> read_sacct_json(std::string_view head, std::istream& in, const LogBounds& bounds,
                             const JobLogOptions& options, LogBuilder& builder) {
  LogData& data = builder.data();
  const std::string& file = data.source;
  JOULERY_CHECK(
      check_by(options, {std::begin(kSacctColumns), std::end(kSacctColumns)}, true, file));
  Handler handler(options, bounds.lines, builder);
  BoundedInput input(head, in, bounds.bytes);
  bool whole = false;
  try {
    whole = nlohmann::json::sax_parse(ByteIterator(&input), ByteIterator(), &handler);
  } catch (const std::exception& error) {
    return Error{ErrorCode::kInvalid,
                 fmt::format("{}: JSON that cannot be read: {}", file, error.what())};
  }
  if (input.beyond() || handler.beyond()) return too_long(file, bounds);
  if (!whole && !handler.error_at())
    return Error{ErrorCode::kInvalid,
                 fmt::format("{}: after {} jobs, brackets {} deep or a job of {} resources: no log "
                             "of sacct",
                             file, handler.jobs(), kMostDepth, kMostTres)};
  if (!whole)
    return Error{ErrorCode::kInvalid, fmt::format("{}: not JSON from byte {} on, after {} jobs",
                                                  file, *handler.error_at(), handler.jobs())};
  if (!handler.found())
    return Error{ErrorCode::kInvalid, file + ": JSON without an array \"jobs\" at its top"};
  put_default_by(data);
  return {};
}

}  // namespace joulery::project
