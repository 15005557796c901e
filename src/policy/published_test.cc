// policy: what follows from published numbers is what the paper says.
#include <gtest/gtest.h>

#include "joulery/policy.h"

namespace joulery {
namespace {

struct Answer {
  double cap_w, time_pct, energy_pct;
};

Answer answer_of(const PublishedCaps& row) {
  const auto choice = choose_cap(row.group, {.max_slowdown = row.max_slowdown});
  EXPECT_TRUE(choice) << choice.error().message;
  const CapPoint& best = choice->points[*choice->recommended];
  return {best.cap.count(), best.time_change->pct, best.energy_change->pct};
}

TEST(PublishedCaps, Mcdonald2022SaysWhatThePaperSays) {
  const auto rows = find_published_caps("mcdonald2022");
  ASSERT_TRUE(rows);
  ASSERT_EQ(rows->size(), 5u);
  const Answer expected[] = {
      {200, 8.2, -12.0}, {150, 22.7, -24.2}, {150, 8.5, -12.3}, {150, 6.8, -13.7}, {70, 0, 0}};

  for (std::size_t i = 0; i < rows->size(); ++i) {
    const Answer answer = answer_of((*rows)[i]);
    EXPECT_EQ(answer.cap_w, expected[i].cap_w) << i;
    EXPECT_NEAR(answer.time_pct, expected[i].time_pct, 1e-9) << i;
    EXPECT_NEAR(answer.energy_pct, expected[i].energy_pct, 1e-9) << i;
    EXPECT_FALSE((*rows)[i].source.empty());
  }
}

TEST(PublishedCaps, AnUnknownPresetIsNamedWithThoseThereAre) {
  const auto rows = find_published_caps("mcdonald");
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().code, ErrorCode::kUsage);
  EXPECT_NE(rows.error().message.find("mcdonald2022"), std::string::npos);
}

}  // namespace
}  // namespace joulery
