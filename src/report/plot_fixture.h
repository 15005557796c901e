// report: a directory for the pictures of a test, which is skipped where there is no gnuplot.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "base/file.h"
#include "report/gnuplot.h"

namespace joulery {

class PlotTest : public testing::Test {
 protected:
  PlotTest() {
    std::string name = testing::TempDir() + "joulery_plot_XXXXXX";
    dir_ = ::mkdtemp(name.data());
  }
  ~PlotTest() override { std::filesystem::remove_all(dir_); }

  void SetUp() override {
    const auto drawn = run_gnuplot({"set output 'picture'\nset terminal svg\nplot 1\n", ""});
    if (!drawn && drawn.error().code == ErrorCode::kUnavailable)
      GTEST_SKIP() << drawn.error().message;
  }
  std::string picture(const std::string& name) { return *load_file(dir_ + "/" + name, 1 << 26); }

  std::string dir_;
};

}  // namespace joulery
