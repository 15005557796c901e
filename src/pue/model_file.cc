// pue: models as files of TOML, docs/formats/pue-model.md.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "base/file.h"
#include "base/text.h"
#include "base/toml.h"
#include "base/utf8.h"
#include "joulery/pue.h"

namespace joulery {
namespace {

constexpr const char* kSchema = "joulery/pue-model/1";
constexpr std::uint64_t kMostBytes = 64 << 10;  // some thirty lines, and a user's notes
constexpr double kMost = 1e15;                  // of hours, watts: no site comes near

/// A number of the file, where it belongs in the model, and within which bounds.
struct Key {
  const char* name;
  const char* what;  ///< the comment behind it
  double PueModel::*member;
  double low, high;
};
constexpr std::array kKeys = {
    Key{"a", "PUE = 1 + a + b / u + k max(0, T - knee_c), u: IT load / capacity_w",  //
        &PueModel::a, 0, 1000},
    Key{"b", "", &PueModel::b, 0, 1000},
    Key{"k", "per degree", &PueModel::k, 0, 1000},
    Key{"knee_c", "degrees Celsius", &PueModel::knee_c, -100, 100},
    Key{"residual_sd", "of an hour", &PueModel::residual_sd, 0, 1000},
    Key{"predicted_sd", "of an hour of days left out", &PueModel::predicted_sd, 0, 1000},
    Key{"block_sd", "of the mean of the days left out", &PueModel::block_sd, 0, 1000},
    Key{"meter_u", "standard uncertainty by the gain of the meters", &PueModel::meter_u, 0, 1000},
    Key{"least_c", "seen by the fit, as are the three below", &PueModel::least_c, -100, 100},
    Key{"greatest_c", "", &PueModel::greatest_c, -100, 100},
    Key{"least_load", "share of capacity_w", &PueModel::least_load, 0, 1000},
    Key{"greatest_load", "", &PueModel::greatest_load, 0, 1000},
    Key{"mean_load", "", &PueModel::mean_load, 0, 1000},
    Key{"mean_pue", "of the fitted hours", &PueModel::mean_pue, 0.5, 1000},
};
constexpr std::array kOtherKeys = {"schema",     "source",          "temperature",
                                   "capacity_w", "capacity_source", "block_days",
                                   "blocks",     "hours",           "covariance"};

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : printable(text)) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string line(const std::string& key, const std::string& value, const std::string& what = "") {
  return fmt::format("{} = {}{}{}\n", key, value, what.empty() ? "" : "  # ", what);
}

/// A number of TOML is written with a point or an exponent.
std::string number(double value) {
  std::string text = fmt::format("{}", value);
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

class ModelReader {
 public:
  ModelReader(const toml::table& table, const std::string& file) : table_(table), file_(file) {}
  Result<PueModel> read();

 private:
  [[nodiscard]] Error error(const toml::node& node, const std::string& what) const {
    return {ErrorCode::kInvalid, fmt::format("{}:{}: {}", file_, node.source().begin.line, what)};
  }
  Result<void> check_keys() const;
  Result<const toml::node*> needed(const std::string& key) const;
  Result<double> number_of(const toml::node& node, const std::string& key, double low,
                           double high) const;
  Result<double> number_at(const std::string& key, double low, double high) const;
  Result<std::string> text_at(const std::string& key) const;
  Result<void> read_capacity(PueModel& model) const;
  Result<void> read_counts(PueModel& model) const;
  Result<void> read_covariance(PueModel& model) const;
  Result<void> check_order(const PueModel& model) const;

  const toml::table& table_;
  const std::string& file_;
};

Result<void> ModelReader::check_keys() const {
  for (const auto& [key, node] : table_) {
    // clang 14 lets no lambda capture a structured binding.
    const std::string_view word = key.str();
    const auto known = [&](std::string_view name) { return word == name; };
    if (std::none_of(kOtherKeys.begin(), kOtherKeys.end(), known) &&
        std::none_of(kKeys.begin(), kKeys.end(), [&](const Key& k) { return known(k.name); }))
      return error(node, fmt::format("unknown key '{}'", printable(std::string(word))));
  }
  return {};
}

Result<const toml::node*> ModelReader::needed(const std::string& key) const {
  if (const toml::node* node = table_.get(key)) return node;
  return Error{ErrorCode::kInvalid, fmt::format("{}: has no {}", file_, key)};
}

Result<double> ModelReader::number_of(const toml::node& node, const std::string& key, double low,
                                      double high) const {
  const auto value = node.value<double>();
  if (value && *value >= low && *value <= high) return *value;
  return error(node, fmt::format("{} is a number from {:g} to {:g}", key, low, high));
}

Result<double> ModelReader::number_at(const std::string& key, double low, double high) const {
  JOULERY_TRY(const toml::node* node, needed(key));
  return number_of(*node, key, low, high);
}

Result<std::string> ModelReader::text_at(const std::string& key) const {
  JOULERY_TRY(const toml::node* node, needed(key));
  const auto text = node->value_exact<std::string>();
  if (!text) return error(*node, key + " is a text in double quotes");
  return *text;
}

Result<void> ModelReader::read_capacity(PueModel& model) const {
  if (table_.get("capacity_w") == nullptr) {
    if (model.b > 0)
      return Error{ErrorCode::kInvalid, file_ + ": has a b and no capacity_w for its load"};
    return {};
  }
  JOULERY_TRY(const double watts, number_at("capacity_w", 1e-3, kMost));
  model.capacity = Watts(watts);
  JOULERY_TRY(model.capacity_source, text_at("capacity_source"));
  return {};
}

Result<void> ModelReader::read_counts(PueModel& model) const {
  JOULERY_TRY(const double days, number_at("block_days", 1, 10000));
  JOULERY_TRY(const double blocks, number_at("blocks", 1, kMost));
  JOULERY_TRY(const double hours, number_at("hours", 1, kMost));
  model.block_days = static_cast<int>(days);
  model.blocks = static_cast<std::size_t>(blocks);
  model.hours = static_cast<std::size_t>(hours);
  return {};
}

Result<void> ModelReader::read_covariance(PueModel& model) const {
  JOULERY_TRY(const toml::node* node, needed("covariance"));
  const toml::array* rows = node->as_array();
  if (rows == nullptr || rows->size() != 4)
    return error(*node, "covariance has four rows of four numbers");
  for (std::size_t i = 0; i < 4; ++i) {
    const toml::array* row = rows->get(i)->as_array();
    if (row == nullptr || row->size() != 4)
      return error(*rows->get(i), "a row of covariance has four numbers");
    for (std::size_t j = 0; j < 4; ++j) {
      JOULERY_TRY(model.covariance[i][j], number_of(*row->get(j), "covariance", -1e9, 1e9));
    }
  }
  return {};
}

Result<void> ModelReader::check_order(const PueModel& model) const {
  if (model.least_c > model.greatest_c || model.least_load > model.greatest_load)
    return Error{ErrorCode::kInvalid, file_ + ": a least value is above the greatest"};
  if (model.capacity &&
      !(model.mean_load >= PueModel::kLeastLoad && model.least_load >= PueModel::kLeastLoad))
    return Error{ErrorCode::kInvalid, file_ + ": the loads of a model with capacity_w are above 0"};
  return {};
}

Result<PueModel> ModelReader::read() {
  JOULERY_TRY(const std::string schema, text_at("schema"));
  if (schema != kSchema)
    return Error{ErrorCode::kInvalid,
                 fmt::format("{}: is no model of PUE: its schema is not {}", file_, kSchema)};
  JOULERY_CHECK(check_keys());
  PueModel model;
  for (const Key& key : kKeys) {
    JOULERY_TRY(model.*key.member, number_at(key.name, key.low, key.high));
  }
  JOULERY_TRY(model.source, text_at("source"));
  JOULERY_TRY(model.temperature, text_at("temperature"));
  JOULERY_CHECK(read_capacity(model));
  JOULERY_CHECK(read_counts(model));
  JOULERY_CHECK(read_covariance(model));
  JOULERY_CHECK(check_order(model));
  return model;
}

}  // namespace

std::string pue_model_toml(const PueModel& model) {
  std::string out = line("schema", quoted(kSchema)) + line("source", quoted(model.source)) +
                    line("temperature", quoted(model.temperature));
  if (model.capacity)
    out += line("capacity_w", number(model.capacity->count())) +
           line("capacity_source", quoted(model.capacity_source));
  for (const Key& key : kKeys) out += line(key.name, number(model.*key.member), key.what);
  out += line("block_days", fmt::format("{}", model.block_days)) +
         line("blocks", fmt::format("{}", model.blocks)) +
         line("hours", fmt::format("{}", model.hours));
  std::vector<std::string> rows;
  for (const auto& row : model.covariance)
    rows.push_back(fmt::format("[{}, {}, {}, {}]", number(row[0]), number(row[1]), number(row[2]),
                               number(row[3])));
  return out + line("covariance", fmt::format("[{}]", fmt::join(rows, ", ")), "of a, b, k, knee_c");
}

Result<PueModel> parse_pue_model(std::string_view text, const std::string& path) {
  try {
    const toml::table table = toml::parse(text, path);
    return ModelReader(table, path).read();
  } catch (const toml::parse_error& error) {
    return Error{ErrorCode::kInvalid,
                 fmt::format("{}:{}: {}", path, error.source().begin.line, error.description())};
  }
}

Result<PueModel> load_pue_model(const std::string& path) {
  JOULERY_TRY(const std::string text, load_file(path, kMostBytes));
  return parse_pue_model(text, path);
}

}  // namespace joulery
