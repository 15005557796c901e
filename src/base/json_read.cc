// base: bounded JSON, see json_read.h.
#include "base/json_read.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "base/utf8.h"

namespace joulery {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kShownReason = 160;  // columns; a choice: what was read last may be long

/// Looks at a text without keeping it. (A parser that asks a callback walks through the whole list
/// again after each of its objects.)
class BoundsCheck : public nlohmann::json_sax<Json> {
 public:
  explicit BoundsCheck(const JsonBounds& bounds) : bounds_(bounds) {}

  [[nodiscard]] const std::string& why() const { return why_; }

  bool null() override { return count(); }
  bool boolean(bool /*yes*/) override { return count(); }
  bool number_integer(number_integer_t /*value*/) override { return count(); }
  bool number_unsigned(number_unsigned_t /*value*/) override { return count(); }
  bool number_float(number_float_t /*value*/, const string_t& /*text*/) override { return count(); }
  bool string(string_t& /*text*/) override { return count(); }
  bool binary(binary_t& /*bytes*/) override { return count(); }
  bool key(string_t& /*name*/) override { return true; }
  bool start_object(std::size_t /*size*/) override { return begin(); }
  bool start_array(std::size_t /*size*/) override { return begin(); }
  bool end_object() override { return end(); }
  bool end_array() override { return end(); }
  bool parse_error(std::size_t /*at*/, const std::string& /*token*/,
                   const Json::exception& error) override {
    return refuse("is no JSON: " + shortened(printable(error.what()), kShownReason));
  }

 private:
  bool refuse(std::string why) {
    why_ = std::move(why);
    return false;
  }
  bool count() {
    if (depth_ > bounds_.depth)
      return refuse(fmt::format("its brackets are more than {} deep", bounds_.depth));
    if (++values_ > bounds_.values)
      return refuse(fmt::format("has more than {} values", bounds_.values));
    return true;
  }
  bool begin() {
    const bool fits = count();
    ++depth_;
    return fits;
  }
  bool end() {
    --depth_;
    return true;
  }

  const JsonBounds& bounds_;
  int depth_ = 0;
  std::size_t values_ = 0;
  std::string why_;
};

}  // namespace

Result<Json> parse_json(std::string_view text, const JsonBounds& bounds) {
  try {
    BoundsCheck check(bounds);
    if (!Json::sax_parse(text, &check)) return Error{ErrorCode::kInvalid, check.why()};
    return Json::parse(text);
  } catch (const std::exception& error) {
    return Error{ErrorCode::kInvalid, std::string("cannot be kept: ") + error.what()};
  }
}

const Json* find_member(const Json& json, std::string_view key) {
  if (!json.is_object()) return nullptr;
  const auto found = json.find(key);
  return found == json.end() ? nullptr : &*found;
}

}  // namespace joulery
