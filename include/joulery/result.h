// base: failure as a value. A failing sensor is a normal day, so nothing here throws.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>

namespace joulery {

/// What the caller can do about a failure. The message of the Error says what happened, to which
/// file or flag, and the number that was seen.
enum class ErrorCode : std::uint8_t {
  kUnavailable,  ///< not on this machine: skip this backend and say so in the report
  kDenied,       ///< permission: the message names the file or capability that is missing
  kTransient,    ///< try again at the next tick
  kGone,         ///< the device or process ended: stop reading it, keep what was read
  kInvalid,      ///< the user's input: the message names the flag, file and line
  kUsage,        ///< the command line itself is wrong: unknown flag, missing unit
  kInternal,     ///< a bug in this project
};

struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;
};

/// A value or an Error, with the names of std::expected (which g++ 12 lacks in C++20).
template <class T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value)
      : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT: implicit by design
  Result(Error error)
      : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit by design

  [[nodiscard]] bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const& { return std::get<1>(state_); }
  Error&& error() && { return std::get<1>(std::move(state_)); }

  template <class U>
  T value_or(U&& other) const& {
    return has_value() ? value() : static_cast<T>(std::forward<U>(other));
  }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;

  Result() = default;
  Result(Error error) : failed_(true), error_(std::move(error)) {}  // NOLINT: implicit by design

  [[nodiscard]] bool has_value() const { return !failed_; }
  explicit operator bool() const { return has_value(); }
  const Error& error() const& { return error_; }
  Error&& error() && { return std::move(error_); }

 private:
  bool failed_ = false;
  Error error_;
};

}  // namespace joulery

#define JOULERY_CONCAT_(a, b) a##b
#define JOULERY_CONCAT(a, b) JOULERY_CONCAT_(a, b)
#define JOULERY_TRY_(result, target, ...)                          \
  auto result = (__VA_ARGS__);                                     \
  if (!result) return ::joulery::Error(std::move(result).error()); \
  target = std::move(result).value()

/// JOULERY_TRY(const Trace trace, load_trace(path)): declares or assigns the value, or returns the
/// Error.
#define JOULERY_TRY(target, ...) \
  JOULERY_TRY_(JOULERY_CONCAT(joulery_result_, __COUNTER__), target, __VA_ARGS__)

/// JOULERY_CHECK(save(path)): returns the Error of a Result<void>, if there is one.
#define JOULERY_CHECK(...)                                      \
  do {                                                          \
    if (auto joulery_done = (__VA_ARGS__); !joulery_done)       \
      return ::joulery::Error(std::move(joulery_done).error()); \
  } while (false)
