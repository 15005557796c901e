// fuzz: hostile logs. The first byte chooses the format (or that it is found out) and how many
// devices take turns; a form feed in the rest starts a second file.
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>

#include "trace/import.h"

namespace joulery {
namespace {

std::vector<LogSource> split_files(const std::string& bytes) {
  std::vector<LogSource> sources;
  const std::size_t cut = bytes.find('\f');
  sources.push_back({"a", std::make_unique<std::istringstream>(bytes.substr(0, cut))});
  if (cut != std::string::npos)
    sources.push_back({"b", std::make_unique<std::istringstream>(bytes.substr(cut + 1))});
  return sources;
}

// What every import must give: channels in order of time, with a window and flags.
void check(const Imported& imported) {
  const Trace& trace = *imported.trace;
  if (trace.info().end < trace.info().begin || trace.channels().empty()) std::abort();
  const auto scanned = trace.scan(
      [](const Channel& channel) { return channel.resolution > 0 && !channel.component.empty(); },
      [](std::uint16_t, const Block& block) {
        for (std::size_t i = 0; i < block.time.size(); ++i) {
          if (i > 0 && block.time[i] < block.time[i - 1]) std::abort();
          if (!(block.value[i] > -1e4)) std::abort();
        }
      });
  if (!scanned) std::abort();
}

}  // namespace
}  // namespace joulery

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace joulery;
  if (size == 0) return 0;
  const auto formats = import_formats();
  ImportOptions options;
  const std::size_t which = data[0] % (2 * formats.size());
  if (which < formats.size()) options.format = formats[which].first;
  options.interleaved = data[0] / 64;
  const std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto imported = import_sources(split_files(bytes), options);
  if (imported) check(*imported);
  return 0;
}
