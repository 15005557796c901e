// report: what tests hold output with: the files of tests/golden/, and the columns of a terminal.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <sstream>
#include <string>

#include "base/file.h"
#include "base/text.h"
#include "base/utf8.h"
#include "report/text_table.h"

namespace joulery {

/// Compares with tests/golden/NAME, or writes it where tools/update_golden asks for it.
inline void expect_golden(const std::string& name, const std::string& text) {
  const std::string path = std::string(JOULERY_SOURCE_DIR) + "/tests/golden/" + name;
  if (std::getenv("JOULERY_UPDATE_GOLDEN") != nullptr) {
    ASSERT_TRUE(save_file(path, text));
    return;
  }
  const auto golden = load_file(path, 1 << 20);
  ASSERT_TRUE(golden) << golden.error().message;
  EXPECT_EQ(text, *golden) << "if this is meant: tools/update_golden, and read the diff";
}

/// What write(args..., out) writes.
template <class Write, class... Args>
std::string text_of(Write write, const Args&... args) {
  std::ostringstream out;
  write(args..., out);
  return out.str();
}

inline void expect_fits(const std::string& text) {
  for (const std::string_view line : split(text, '\n')) {
    EXPECT_LE(width_of(line), kTextColumns) << line;
    EXPECT_EQ(line.find_first_of("\x1b\x07\r"), std::string_view::npos) << line;
  }
}

}  // namespace joulery
