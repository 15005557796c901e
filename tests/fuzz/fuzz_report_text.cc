// fuzz: text of users on its way to a terminal and into JSON. What comes out is bounded, printable
// and valid.
#include <cstdint>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "base/json_writer.h"
#include "base/utf8.h"
#include "report/text_table.h"

namespace {

void require(bool holds) {
  if (!holds) __builtin_trap();
}

void check_lines(const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    require(joulery::width_of(line) <= joulery::kTextColumns);
    require(joulery::printable(line) == line);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  std::ostringstream paragraph;
  joulery::write_paragraph(paragraph, "  - ", joulery::printable(text));
  check_lines(paragraph.str());
  const std::string path = joulery::shortened_path(joulery::printable(text), 24);
  require(joulery::width_of(path) <= 24);

  std::ostringstream out;
  joulery::JsonWriter json(out);
  json.begin_array();
  json.value(text);
  json.end_array();
  require(nlohmann::json::accept(out.str()));
  return 0;
}
