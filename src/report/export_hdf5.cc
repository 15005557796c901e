// report: every sample of a run as HDF5, through the module joulery_hdf5.so; docs/formats/export.md
// says every name.
#include <unistd.h>

#include <array>
#include <memory>

#include "base/module.h"
#include "base/text.h"
#include "base/utf8.h"
#include "joulery/report.h"
#include "report/hdf5_module.h"
#include "report/sample_text.h"

namespace joulery {
namespace {

// `text` is not copied: it outlives the call that the attribute is for.
Hdf5Attribute text_attribute(const char* name, const std::string& text) {
  return {name, text.c_str(), 0};
}
Hdf5Attribute number_attribute(const char* name, double number) { return {name, nullptr, number}; }

/// One file while it is written; closed and removed unless finish() was reached.
class Hdf5File {
 public:
  Hdf5File(const Hdf5Module& module, std::string path) : module_(module), path_(std::move(path)) {}
  ~Hdf5File() {
    if (file_ != nullptr) module_.close(file_);
    if (created_ && !finished_) ::unlink(path_.c_str());
  }
  Hdf5File(const Hdf5File&) = delete;
  Hdf5File& operator=(const Hdf5File&) = delete;

  Result<void> create(const StoredRun& run);
  Result<void> put_channel(const Trace& trace, std::size_t index);
  Result<void> finish();

 private:
  [[nodiscard]] Error failed() const {
    return {ErrorCode::kUnavailable, path_ + ": " + module_.failure()};
  }
  Result<void> put_samples(const Trace& trace, std::size_t index);

  const Hdf5Module& module_;
  std::string path_;
  void* file_ = nullptr;
  bool created_ = false;
  bool finished_ = false;
};

Result<void> Hdf5File::create(const StoredRun& run) {
  const std::string id = printable(run.job.id);
  const std::string name = printable(run.job.name);
  const std::string host = printable(run.job.host);
  const std::string begin = format_time(run.trace->info().wall_begin);
  const Seconds length = run.trace->info().end - run.trace->info().begin;
  const std::array attributes = {Hdf5Attribute{"schema", "joulery/export/1", 0},
                                 text_attribute("id", id),
                                 text_attribute("name", name),
                                 text_attribute("host", host),
                                 text_attribute("begin", begin),
                                 number_attribute("duration_s", length.count())};
  file_ = module_.create(path_.c_str(), attributes.data(), attributes.size());
  if (file_ == nullptr) return failed();
  created_ = true;
  return {};
}

Result<void> Hdf5File::put_channel(const Trace& trace, std::size_t index) {
  const Channel& channel = trace.channels()[index];
  const std::string id = printable(channel.id);
  const std::string component = printable(channel.component);
  const std::string source = printable(channel.source);
  const std::string model = printable(channel.model);
  const std::string flags = printable(joined_flags(channel.flags));
  const std::array attributes = {text_attribute("id", id),
                                 text_attribute("component", component),
                                 Hdf5Attribute{"kind", name_of(channel.kind), 0},
                                 Hdf5Attribute{"measure", name_of(channel.measure), 0},
                                 Hdf5Attribute{"unit", unit_of(channel.measure), 0},
                                 text_attribute("source", source),
                                 text_attribute("model", model),
                                 text_attribute("flags", flags),
                                 number_attribute("update_period_s", channel.update_period.count()),
                                 number_attribute("averaging_s", channel.averaging.count())};
  if (!module_.begin_channel(file_, attributes.data(), attributes.size())) return failed();
  return put_samples(trace, index);
}

Result<void> Hdf5File::put_samples(const Trace& trace, std::size_t index) {
  const std::string& id = trace.channels()[index].id;
  std::vector<std::int64_t> time;
  std::vector<std::uint8_t> restart;
  bool written = true;
  JOULERY_CHECK(trace.scan([&](const Channel& channel) { return channel.id == id; },
                           [&](std::uint16_t channel, const Block& block) {
                             if (channel != index || !written) return;
                             time.clear();
                             for (const Instant at : block.time)
                               time.push_back(utc_us(trace.info(), at));
                             restart.assign(block.restart.begin(), block.restart.end());
                             restart.resize(block.time.size(), 0);
                             written = module_.append(file_, time.data(), block.value.data(),
                                                      block.half_width_us.data(), restart.data(),
                                                      time.size());
                           }));
  if (!written) return failed();
  return {};
}

Result<void> Hdf5File::finish() {
  const bool closed = module_.close(file_);
  file_ = nullptr;
  if (!closed) return failed();
  finished_ = true;
  return {};
}

}  // namespace

Result<void> export_hdf5(const StoredRun& run, const std::string& path) {
  const auto library = open_module("joulery_hdf5");
  if (!library)
    return Error{ErrorCode::kUnavailable,
                 "export to HDF5 needs the module joulery_hdf5.so and HDF5 (Debian: "
                 "libhdf5-103-1): " +
                     library.error().message};
  const auto* const module = static_cast<const Hdf5Module*>(symbol_of(*library, kHdf5ModuleSymbol));
  if (module == nullptr || module->version != kHdf5ModuleVersion)
    return Error{ErrorCode::kUnavailable, "joulery_hdf5.so is of another version of Joulery"};
  Hdf5File file(*module, path);
  JOULERY_CHECK(file.create(run));
  for (std::size_t i = 0; i < run.trace->channels().size(); ++i)
    JOULERY_CHECK(file.put_channel(*run.trace, i));
  return file.finish();
}

}  // namespace joulery
