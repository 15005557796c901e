// report: pictures of caps: every kind of file, hostile names, and what does not fit.
#include <gtest/gtest.h>

#include "joulery/report.h"
#include "report/plot_fixture.h"
#include "report/sample_choice.h"

namespace joulery {
namespace {

using PlotCaps = PlotTest;

TEST_F(PlotCaps, DrawsEveryKindOfPicture) {
  const auto jobs = sample_recommendations(3);
  for (const auto& [name, begin] :
       {std::pair{"p.svg", "<?xml"}, {"p.pdf", "%PDF"}, {"p.png", "\x89PNG"}}) {
    const auto done = plot_caps(jobs, dir_ + "/" + name);
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_EQ(picture(name).substr(0, 4), std::string(begin).substr(0, 4));
  }
  EXPECT_NE(picture("p.svg").find("200 W *"), std::string::npos);
  EXPECT_NE(picture("p.svg").find("50, 16"), std::string::npos);
}

TEST_F(PlotCaps, NeverRunsWhatAKeySays) {
  auto jobs = sample_recommendations(1);
  const std::string mark = dir_ + "/mark";
  jobs[0].key = {{"`touch " + mark + "`", "\"; system('touch " + mark + "')\n!touch " + mark},
                 {"a", "</text><script>alert(1)</script>"}};

  const auto done = plot_caps(jobs, dir_ + "/p.svg");

  ASSERT_TRUE(done) << done.error().message;
  EXPECT_FALSE(std::filesystem::exists(mark));
  EXPECT_EQ(picture("p.svg").find("<script>"), std::string::npos);
}

TEST_F(PlotCaps, RefusesMoreJobsThanPanels) {
  const auto done = plot_caps(sample_recommendations(20), dir_ + "/p.svg");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::kUsage);
  EXPECT_TRUE(std::filesystem::is_empty(dir_));
}

}  // namespace
}  // namespace joulery
