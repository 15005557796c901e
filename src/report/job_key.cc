// report: keys of jobs as text, see job_key.h.
#include "report/job_key.h"

#include "base/utf8.h"

namespace joulery {
namespace {

template <class Part>
std::string joined(const JobKey& key, std::string_view between, const Part& part) {
  std::string all;
  for (const auto& one : key) {
    if (!all.empty()) all += between;
    all += part(one);
  }
  return all;
}

constexpr std::string_view kBetween = "  ";

}  // namespace

std::string key_text(const JobKey& key) {
  return printable(
      joined(key, kBetween, [](const auto& one) { return one.first + "=" + one.second; }));
}

std::string key_names(const JobKey& key) {
  return printable(joined(key, kBetween, [](const auto& one) { return one.first; }));
}

std::string key_values(const JobKey& key, std::string_view between) {
  return joined(key, between, [](const auto& one) { return one.second; });
}

}  // namespace joulery
