// worth: shares of variance, on made projects whose shares are known.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <random>

#include "joulery/worth.h"

namespace joulery {
namespace {

/// A project whose searcher looked longest where it was good: levels are tried unequally often, and
/// the learning rate was chosen by the batch size.
struct MadeProject {
  std::vector<double> metric;
  std::vector<std::string> rate, batch, width;
  std::vector<HyperParameter> parameters() const {
    const auto views = [](const std::vector<std::string>& texts) {
      return std::vector<std::string_view>(texts.begin(), texts.end());
    };
    return {{"rate", views(rate)}, {"batch", views(batch)}, {"width", views(width)}};
  }
};

constexpr double kRate[] = {0, 2, -1}, kBatch[] = {0.8, 0}, kWidth[] = {0, 0, 0, 0};
// Of batch 32 and 64: how often each rate was tried.
constexpr double kRateGiven[2][3] = {{0.15, 0.75, 0.10}, {0.55, 0.10, 0.35}};
constexpr double kOfBatch[] = {0.6, 0.4}, kOfWidth[] = {0.4, 0.3, 0.2, 0.1};
constexpr double kNoise = 0.7;

std::size_t pick(std::mt19937_64& random, const double* weights, std::size_t count) {
  double at = std::uniform_real_distribution<double>(0, 1)(random);
  for (std::size_t i = 0; i + 1 < count; ++i)
    if ((at -= weights[i]) < 0) return i;
  return count - 1;
}

MadeProject made(std::uint64_t seed, std::size_t runs) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> noise(0, kNoise);
  const char* const rates[] = {"0.1", "0.01", "1e-3"};
  const char* const batches[] = {"32", "64"};
  const char* const widths[] = {"a", "b", "c", "d"};
  MadeProject out;
  for (std::size_t i = 0; i < runs; ++i) {
    const std::size_t batch = pick(random, kOfBatch, 2);
    const std::size_t rate = pick(random, kRateGiven[batch], 3);
    const std::size_t width = pick(random, kOfWidth, 4);
    out.metric.push_back(50 + kRate[rate] + kBatch[batch] + kWidth[width] + noise(random));
    out.rate.emplace_back(rates[rate]);
    out.batch.emplace_back(batches[batch]);
    out.width.emplace_back(widths[width]);
  }
  return out;
}

double variance(const double* effects, const double* weights, std::size_t count) {
  double mean = 0, squares = 0;
  for (std::size_t i = 0; i < count; ++i) mean += weights[i] * effects[i];
  for (std::size_t i = 0; i < count; ++i) squares += weights[i] * std::pow(effects[i] - mean, 2);
  return squares;
}

/// The planted shares: rate, batch, width, rest.
std::vector<double> truth() {
  double of_rate[3];
  for (std::size_t i = 0; i < 3; ++i)
    of_rate[i] = kOfBatch[0] * kRateGiven[0][i] + kOfBatch[1] * kRateGiven[1][i];
  std::vector<double> v = {variance(kRate, of_rate, 3), variance(kBatch, kOfBatch, 2),
                           variance(kWidth, kOfWidth, 4), kNoise * kNoise};
  const double all = std::accumulate(v.begin(), v.end(), 0.0);
  for (double& share : v) share /= all;
  return v;
}

const ExplainedShare& share_of(const Sensitivity& sensitivity, const std::string& name) {
  for (const ExplainedShare& share : sensitivity.parameters)
    if (share.name == name) return share;
  ADD_FAILURE() << name;
  return sensitivity.rest;
}

/// Whether the interval holds what was planted.
bool covers(const ExplainedShare& share, double planted) {
  return share.interval && share.interval->first <= planted && planted <= share.interval->second;
}

/// Of so many made projects, how many intervals held the planted share of one parameter.
struct Covered {
  int rate = 0, batch = 0, rest = 0, alone = 0;
};
Covered count_covered(int projects, std::size_t runs) {
  const std::vector<double> planted = truth();
  Covered out;
  for (int i = 1; i <= projects; ++i) {
    const MadeProject project = made(static_cast<std::uint64_t>(i), runs);
    const Sensitivity all = explain_variance(project.metric, project.parameters());
    out.rate += covers(share_of(all, "rate"), planted[0]) ? 1 : 0;
    out.batch += covers(share_of(all, "batch"), planted[1]) ? 1 : 0;
    out.rest += covers(all.rest, planted[3]) ? 1 : 0;
    // The naive way: a parameter alone, as if the others were balanced over its values.
    const Sensitivity alone = explain_variance(project.metric, {project.parameters()[1]});
    out.alone += covers(share_of(alone, "batch"), planted[1]) ? 1 : 0;
  }
  return out;
}

TEST(Sensitivity, RecoversPlantedSharesOfAnUnbalancedProject) {
  const std::vector<double> planted = truth();
  const MadeProject project = made(7, 400);

  const Sensitivity seen = explain_variance(project.metric, project.parameters());

  EXPECT_EQ(seen.runs, 400u);
  EXPECT_EQ(seen.left_out, 0u);
  EXPECT_TRUE(covers(share_of(seen, "rate"), planted[0]));
  EXPECT_TRUE(covers(share_of(seen, "batch"), planted[1]));
  EXPECT_TRUE(covers(seen.rest, planted[3]));
  EXPECT_NEAR(*share_of(seen, "rate").share, planted[0], 0.08);
  EXPECT_LT(*share_of(seen, "width").share, 0.01);
  EXPECT_EQ(seen.parameters[0].name, "rate");
  // What is left of this project is chance, and runs of the same values say so.
  EXPECT_NEAR(*seen.chance, *seen.rest.share, 0.03);
}

TEST(Sensitivity, ItsIntervalsHoldThePlantedShareAndANaiveOneDoesNot) {
  constexpr int kProjects = 200;

  const Covered covered = count_covered(kProjects, 200);

  // 95 % is meant; 88 % is five standard deviations of 200 trials below.
  EXPECT_GE(covered.rate, 0.88 * kProjects);
  EXPECT_GE(covered.batch, 0.88 * kProjects);
  EXPECT_GE(covered.rest, 0.88 * kProjects);
  EXPECT_LE(covered.alone, 0.3 * kProjects);
}

TEST(Sensitivity, DoesNotFavourWhatChanceWouldGive) {
  double sum = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const MadeProject project = made(seed, 60);
    sum += *share_of(explain_variance(project.metric, project.parameters()), "batch").share;
  }
  EXPECT_NEAR(sum / 100, truth()[1], 0.01);
}

TEST(Sensitivity, CutsNumbersIntoRangesOfAsManyRuns) {
  std::mt19937_64 random(3);
  std::vector<double> metric;
  std::vector<std::string> texts;
  for (int i = 0; i < 800; ++i) {
    const double exponent = std::uniform_real_distribution<double>(-5, -1)(random);
    texts.push_back(fmt::format("{:.6g}", std::pow(10, exponent)));
    metric.push_back(exponent);
  }
  const Sensitivity seen = explain_variance(metric, {{"rate", {texts.begin(), texts.end()}}});

  const ExplainedShare& rate = share_of(seen, "rate");
  EXPECT_TRUE(rate.binned);
  EXPECT_EQ(rate.values, 8u);
  EXPECT_NEAR(*rate.share, 1 - 1.0 / 64, 0.003);  // what is inside eight ranges is rest
  EXPECT_FALSE(seen.chance);
}

TEST(Sensitivity, PutsInteractionsIntoTheRest) {
  std::vector<double> metric;
  std::vector<std::string_view> a, b;
  for (int i = 0; i < 400; ++i) {
    a.push_back(i % 2 == 0 ? "x" : "y");
    b.push_back(i / 2 % 2 == 0 ? "x" : "y");
    metric.push_back((a.back() == b.back() ? 1 : -1) + 1e-3 * (i / 4));
  }
  const Sensitivity seen = explain_variance(metric, {{"a", a}, {"b", b}});

  EXPECT_LT(*share_of(seen, "a").share, 0.01);
  EXPECT_GT(*seen.rest.share, 0.99);
  EXPECT_LT(*seen.chance, 0.01);
}

TEST(Sensitivity, TellsWhichParametersAlwaysChangeTogether) {
  const MadeProject project = made(5, 200);
  std::vector<HyperParameter> parameters = project.parameters();
  std::vector<std::string_view> schedule;  // follows the rate
  for (const std::string_view rate : parameters[0].values)
    schedule.push_back(rate == "0.1" ? "warm" : "cold");
  parameters.push_back({"schedule", schedule});
  parameters.push_back({"again", parameters[0].values});

  const Sensitivity seen = explain_variance(project.metric, parameters);

  EXPECT_TRUE(share_of(seen, "rate").share);
  EXPECT_EQ(share_of(seen, "rate").settles, (std::vector<std::string>{"schedule", "again"}));
  EXPECT_FALSE(share_of(seen, "schedule").share);
  EXPECT_NE(share_of(seen, "again").why.find("rate settles it"), std::string::npos);
}

TEST(Sensitivity, RefusesWhatTheRunsCannotTell) {
  const MadeProject few = made(1, 12);
  EXPECT_FALSE(explain_variance(few.metric, few.parameters()).rest.share);

  // Three parameters of which any two settle the third, but no one another.
  std::vector<double> metric;
  std::vector<std::string_view> a, b, c;
  const char* const words[] = {"0", "1"};
  for (int i = 0; i < 100; ++i) {
    const int x = i % 2, y = i / 2 % 2;
    a.push_back(words[x]), b.push_back(words[y]), c.push_back(words[x | y]);
    metric.push_back(i);
  }
  EXPECT_TRUE(explain_variance(metric, {{"a", a}, {"b", b}, {"c", c}}).rest.share);
  const std::vector<std::string_view> d = {"0", "1", "2"};
  std::vector<std::string_view> e, f, g;
  for (std::size_t i = 0; i < 90; ++i) {
    e.push_back(d[i % 3]), f.push_back(i % 3 < 2 ? d[i / 3 % 2] : "2"), g.push_back(f.back());
    if (g.back() == "2") g.back() = "0";
  }
  metric.resize(90);
  const Sensitivity tied = explain_variance(metric, {{"e", e}, {"f", f}, {"g", g}});
  EXPECT_FALSE(share_of(tied, "g").share);

  const std::vector<double> same(100, 0.5);
  EXPECT_EQ(explain_variance(same, {{"a", a}}).rest.why, "all runs have the same metric");
  EXPECT_FALSE(explain_variance({}, {}).rest.share);
  EXPECT_FALSE(explain_variance({}, {{"a", {}}}).rest.share);
}

TEST(Sensitivity, HoldsHugeAndTinyMetrics) {
  MadeProject project = made(2, 100);
  for (double& metric : project.metric) metric *= 1e300;
  const Sensitivity seen = explain_variance(project.metric, project.parameters());
  for (double& metric : project.metric) metric *= 1e-306;
  const Sensitivity tiny = explain_variance(project.metric, project.parameters());

  EXPECT_TRUE(seen.rest.share && std::isfinite(*seen.rest.share));
  EXPECT_NEAR(*tiny.rest.share, *seen.rest.share, 1e-9);
}

}  // namespace
}  // namespace joulery
