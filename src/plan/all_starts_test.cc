// plan: one job from every step of a series, against plans of one start and published results.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <map>
#include <optional>
#include <random>

#include "base/file.h"
#include "base/text.h"
#include "joulery/plan.h"
#include "plan/made_times.h"

namespace joulery {
namespace {

using std::chrono::hours;

RateCurve draw_curve(std::mt19937& random) {
  const auto draw = [&](int least, int most) {
    return std::uniform_int_distribution<int>(least, most)(random);
  };
  std::vector<SeriesPiece> pieces;
  for (int hour = 0; hour < 60; ++hour)
    if (draw(0, 19) > 0) pieces.push_back({at(hour), at(hour + 1), double(draw(-3, 20))});
  return std::move(RateCurve::make(std::move(pieces))).value();
}

TEST(AllStarts, AreThePlansOfEachStart) {
  std::mt19937 random(1);
  for (int trial = 0; trial < 300 && !testing::Test::HasFailure(); ++trial) {
    const RateCurve curve = draw_curve(random);
    JobShape job;
    job.length = hours(std::uniform_int_distribution<int>(1, 6)(random));
    job.slack = hours(std::uniform_int_distribution<int>(0, 30)(random));
    job.interruptible = trial % 2 == 0;

    const auto all = plan_all_starts(curve, job);

    ASSERT_TRUE(all) << all.error().message;
    for (const StartCost& start : all->starts) {
      job.release = start.start;
      EXPECT_NEAR(run_now(curve, job)->cost, start.now, 1e-6);
      EXPECT_NEAR(best_window(curve, job)->cost, start.planned, 1e-6);
    }
  }
}

TEST(AllStarts, NeedOneStepThroughout) {
  const auto curve = RateCurve::make({{at(0), at(1), 2}, {at(1), at(3), 1}});
  JobShape job;
  job.length = hours(1);

  const auto all = plan_all_starts(*curve, job);

  ASSERT_FALSE(all);
  EXPECT_EQ(all.error().code, ErrorCode::kInvalid);
}

// ---- the results of github.com/umassos/decarbonization-potential (Sukprasert et al., EuroSys
// 2024)

/// Rows of cells; fields have no quotes.
std::vector<std::vector<std::string>> table_of(const std::string& path) {
  const auto text = load_file(path, 1 << 24);
  EXPECT_TRUE(text) << path;
  std::vector<std::vector<std::string>> rows;
  if (!text) return rows;
  for (const std::string_view line : split(*text, '\n'))
    if (!trim(line).empty()) rows.push_back(*split_csv(trim(line)));
  return rows;
}

std::size_t column_of(const std::vector<std::string>& heads, const std::string& name) {
  const auto found = std::find(heads.begin(), heads.end(), name);
  EXPECT_NE(found, heads.end()) << name;
  return static_cast<std::size_t>(found - heads.begin());
}

/// The last hour of 2022 in g/kWh. The table that was published ends an hour before the year, and
/// the study's own results do not: the value of that hour was solved from them. One number for each
/// zone gives all their means, of both lengths and both kinds, to the last printed digit.
double last_hour(const std::string& zone) {
  const std::map<std::string, double> values{
      {"DE", 210.72}, {"ES", 102.4},           {"FR", 50},
      {"GB", 93.74},  {"US-CAL-CISO", 275.14}, {"US-TEX-ERCO", 352.56}};
  return values.at(zone);
}

/// Hours in g/kWh: integrals in g/kWh x seconds, so that an hour of 1 kW is an integral / 3600.
RateCurve year_of(const std::vector<std::vector<std::string>>& zones, const std::string& zone) {
  const std::size_t column = column_of(zones[0], zone);
  std::vector<SeriesPiece> pieces;
  for (std::size_t i = 1; i < zones.size(); ++i)
    pieces.push_back({at(static_cast<int>(i) - 1), at(static_cast<int>(i)),
                      parse_number(zones[i][column]).value()});
  pieces.push_back({pieces.back().end, pieces.back().end + hours(1), last_hour(zone)});
  return std::move(RateCurve::make(std::move(pieces))).value();
}

/// Means over the starts of the study, which are those of the published table.
AllStarts first_starts(AllStarts all, std::size_t count) {
  all.starts.resize(std::min(count, all.starts.size()));
  all.mean_now = all.mean_planned = 0;
  for (const StartCost& start : all.starts) {
    all.mean_now += start.now / static_cast<double>(count);
    all.mean_planned += start.planned / static_cast<double>(count);
  }
  return all;
}

class Published {
 public:
  Published(std::vector<std::string> heads, std::vector<std::string> row)
      : heads_(std::move(heads)), row_(std::move(row)) {}
  [[nodiscard]] double number(const std::string& column) const {
    return parse_number(text(column)).value();
  }
  [[nodiscard]] const std::string& text(const std::string& column) const {
    return row_[column_of(heads_, column)];
  }
  /// The results at single starts, which the source rounds to two decimals.
  void expect_starts(const AllStarts& all, const std::string& prefix) const {
    for (const std::string& head : heads_) {
      if (!head.starts_with(prefix)) continue;
      const auto start = parse_integer(head.substr(prefix.size())).value();
      EXPECT_NEAR(all.starts[static_cast<std::size_t>(start)].planned / 3600, number(head), 0.00501)
          << head;
    }
  }

 private:
  std::vector<std::string> heads_, row_;
};

void expect_published(const RateCurve& year, const Published& row, bool interruptible) {
  JobShape job;
  job.length = hours(static_cast<int>(row.number("job_hours")));
  job.slack = hours(static_cast<int>(row.number("slack_hours")));
  job.interruptible = interruptible;
  const std::string kind = interruptible ? "interruptible" : "noninterruptible";

  const auto of_year = plan_all_starts(year, job);

  ASSERT_TRUE(of_year) << of_year.error().message;
  const auto count = static_cast<std::size_t>(row.number("n_starts"));
  EXPECT_EQ(of_year->starts.size(), count + 1);
  const std::optional all = first_starts(*of_year, count);
  EXPECT_NEAR(all->mean_now / 3600, row.number("mean_now"), 0.0000501);
  EXPECT_NEAR(all->mean_planned / 3600, row.number("mean_" + kind), 0.0000501);
  EXPECT_NEAR(100 * (1 - all->mean_planned / all->mean_now), row.number("saving_" + kind + "_pct"),
              0.0000501);
  row.expect_starts(*all, interruptible ? "it@" : "ni@");
}

TEST(AllStartsData, AreThePublishedResults) {
  const char* const data = std::getenv("JOULERY_TEST_DATA");
  if (data == nullptr) GTEST_SKIP() << "JOULERY_TEST_DATA is not set";
  const auto zones = table_of(std::string(data) + "/carbon/zones_2022_hourly.csv");
  const auto expected = table_of(std::string(data) + "/carbon/expected_shift_2022.csv");
  ASSERT_EQ(expected.size(), 13u);

  for (std::size_t i = 1; i < expected.size(); ++i) {
    const Published row(expected[0], expected[i]);
    SCOPED_TRACE(row.text("zone") + ", " + row.text("job_hours") + " h");
    const RateCurve year = year_of(zones, row.text("zone"));
    expect_published(year, row, false);
    expect_published(year, row, true);
  }
}

}  // namespace
}  // namespace joulery
