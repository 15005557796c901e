#include "report/text_table.h"

#include <gtest/gtest.h>

namespace joulery {
namespace {

TEST(ShortenedPath, KeepsBothEnds) {
  EXPECT_EQ(shortened_path("gpu/GPU-1b2c3d4e-5f6a-7b8c/board", 24), "gpu/GPU-1b2c3d4e../board");
  EXPECT_EQ(shortened_path("cpu/0/package", 24), "cpu/0/package");
}

}  // namespace
}  // namespace joulery
