// pue: files of models come back as they were, and damaged ones are refused.
#include <gtest/gtest.h>

#include "joulery/pue.h"

namespace joulery {
namespace {

PueModel made_model() {
  PueModel model;
  model.a = 0.031234567890123456;
  model.b = 0.05;
  model.k = 2e-5;
  model.knee_c = -3;
  model.capacity = Watts(5e5);
  model.capacity_source = "given";
  model.temperature = "wet_bulb_c";
  model.residual_sd = model.predicted_sd = 0.01;
  model.block_sd = 0.005;
  model.meter_u = 0.008;
  model.block_days = 7;
  model.blocks = 53;
  model.hours = 8784;
  for (std::size_t i = 0; i < 4; ++i)
    for (std::size_t j = 0; j < 4; ++j) model.covariance[i][j] = 1e-7 * static_cast<double>(i + j);
  model.least_c = -20;
  model.greatest_c = 31.5;
  model.least_load = 0.25;
  model.greatest_load = 1;
  model.mean_load = 0.5;
  model.mean_pue = 1.2;
  model.source = "hall \"2\"\\.csv, column it\n";
  return model;
}

std::string with(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(PueModelFile, ComesBackAsItWas) {
  const PueModel model = made_model();
  const auto back = parse_pue_model(pue_model_toml(model), "m.toml");

  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->a, model.a);
  EXPECT_EQ(back->k, model.k);
  EXPECT_EQ(back->capacity, model.capacity);
  EXPECT_EQ(back->covariance, model.covariance);
  EXPECT_EQ(back->hours, model.hours);
  EXPECT_EQ(back->predict(20, Watts(4e5)).value, model.predict(20, Watts(4e5)).value);
  EXPECT_EQ(back->marginal(20).u, model.marginal(20).u);
  EXPECT_EQ(pue_model_toml(*back), pue_model_toml(model));
}

TEST(PueModelFile, OfNoLoadHasNoCapacity) {
  PueModel model = made_model();
  model.b = 0;
  model.capacity.reset();
  const auto back = parse_pue_model(pue_model_toml(model), "m.toml");
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_FALSE(back->capacity);
}

TEST(PueModelFile, RefusesWhatIsNoModel) {
  const std::string good = pue_model_toml(made_model());
  const std::pair<std::string, std::string> bad[] = {
      {"", "has no schema"},
      {"schema = \"joulery/run/1\"\n", "is no model"},
      {"[[[", "m.toml:1"},
      {good + "more = 1\n", "unknown key 'more'"},
      {with(good, "k = ", "kk = "), "unknown key 'kk'"},
      {with(good, "k = 2e-05", "k = -1"), "m.toml:8: k is a number from 0"},
      {with(good, "k = 2e-05", "k = nan"), "k is a number"},
      {with(good, "k = 2e-05", "k = \"1\""), "k is a number"},
      {with(good, "capacity_w = 500000", "capacity_w = 0"), "capacity_w"},
      {with(good, "capacity_w = 500000.0\n", ""), "no capacity_w"},
      {with(good, "least_c = -20", "least_c = 40"), "least"},
      {with(good, "mean_load = 0.5", "mean_load = 0"), "above 0"},
      {with(good, "covariance = [[", "covariance = ["), "m.toml"},
      {with(good, "covariance = [", "covariance = [1, "), "four rows"},
      {with(good, "hours = 8784", "hours = 1e30"), "hours"},
      {good.substr(0, good.size() / 2), "m.toml"}};
  for (const auto& [text, told] : bad) {
    const auto model = parse_pue_model(text, "m.toml");
    ASSERT_FALSE(model) << text;
    EXPECT_EQ(model.error().code, ErrorCode::kInvalid);
    EXPECT_NE(model.error().message.find(told), std::string::npos) << model.error().message;
  }
  EXPECT_EQ(load_pue_model("/nowhere/m.toml").error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace joulery
