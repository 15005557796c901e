// fuzz: hostile grids, and the commands that are made of them; a form feed ends the grid, what
// follows is the command, a word a line.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "control/grid.h"

namespace {

void require(bool holds) {
  if (!holds) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t cut = std::min(text.find('\f'), text.size());
  std::vector<std::string> command;
  for (const std::string_view word : joulery::split(text.substr(cut), '\n'))
    command.emplace_back(word);
  if (const auto stays = joulery::check_stays_here(command); !stays)
    require(!stays.error().message.empty());
  if (const auto caps = joulery::parse_caps(text, "--caps"); caps)
    for (const joulery::WantedCap& cap : *caps) require(cap.value > 0);

  const auto axes = joulery::parse_grid(text.substr(0, cut), "grid.toml");
  if (!axes) {
    require(axes.error().message.starts_with("grid.toml:"));
    return 0;
  }
  const auto points = joulery::make_grid(*axes, command);
  require(!points.empty() && points.size() <= 1000);
  for (const joulery::GridPoint& point : points) {
    require(point.key.size() == axes->size());
    require(point.command.size() >= command.size());
  }
  return 0;
}
