#include <gtest/gtest.h>

#include <filesystem>

#include "joulery/report.h"
#include "report/gnuplot.h"
#include "report/plot_fixture.h"
#include "report/sample_run.h"

namespace joulery {
namespace {

using PlotPower = PlotTest;

TEST_F(PlotPower, DrawsEveryKindOfPicture) {
  const StoredRun run = sample_run(30, 20);
  for (const auto& [name, begin] :
       {std::pair{"p.svg", "<?xml"}, {"p.pdf", "%PDF"}, {"p.png", "\x89PNG"}}) {
    const auto done = plot_power({&run}, dir_ + "/" + name);
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_EQ(picture(name).substr(0, 4), std::string(begin).substr(0, 4));
  }
  EXPECT_NE(picture("p.svg").find("gpu/1"), std::string::npos);
  EXPECT_NE(picture("p.svg").find("total"), std::string::npos);
}

TEST_F(PlotPower, OverlaysRunsByTheirNames) {
  StoredRun a = sample_run(30, 30);
  const StoredRun b = sample_run(20, 20);
  a.job.name = "cap 150 W";

  ASSERT_TRUE(plot_power({&a, &b}, dir_ + "/p.svg"));

  EXPECT_NE(picture("p.svg").find("cap 150 W"), std::string::npos);
  EXPECT_NE(picture("p.svg").find(b.job.id), std::string::npos);
}

TEST_F(PlotPower, NeverRunsWhatANameSays) {
  StoredRun a = sample_run(30, 30);
  StoredRun b = sample_run(30, 30);
  const std::string mark = dir_ + "/mark";
  a.job.name = "`touch " + mark + "`\"; system('touch " + mark + "')\n!touch " + mark;
  b.job.name = "</text><script>alert(1)</script>";

  const auto done = plot_power({&a, &b}, dir_ + "/p.svg");

  ASSERT_TRUE(done) << done.error().message;
  EXPECT_FALSE(std::filesystem::exists(mark));
  EXPECT_EQ(picture("p.svg").find("<script>"), std::string::npos);
}

TEST_F(PlotPower, RefusesAnotherSuffix) {
  const StoredRun run = sample_run(1, 1);
  const auto done = plot_power({&run}, dir_ + "/p.bmp");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::kUsage);
  EXPECT_TRUE(std::filesystem::is_empty(dir_));
}

TEST_F(PlotPower, TellsWhatGnuplotSaid) {
  const auto done = run_gnuplot({"no such command\n", ""});
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().message.find("invalid command"), std::string::npos)
      << done.error().message;
}

TEST(PlotWithoutGnuplot, NamesThePackage) {
  const std::string path = std::getenv("PATH");
  ::setenv("PATH", "/nowhere", 1);
  const StoredRun run = sample_run(1, 1);
  const auto done = plot_power({&run}, "/tmp/never.svg");
  ::setenv("PATH", path.c_str(), 1);

  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(done.error().message.find("gnuplot-nox"), std::string::npos);
}

}  // namespace
}  // namespace joulery
