// report: sources in a paper's words, see statement_sources.h.
#include "report/statement_sources.h"

#include <string_view>

#include "base/utf8.h"

namespace joulery {
namespace {

// What site/place.cc writes behind a source.
constexpr std::string_view kAssumed = " (no uncertainty given: taken as ";

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
    text.replace(at, from.size(), to);
    at += to.size();
  }
}

/// What an uncertainty was taken as; the source loses the remark.
std::string take_assumed(std::string& source) {
  const std::size_t at = source.find(kAssumed);
  if (at == std::string::npos) return "";
  std::string assumed = source.substr(at + kAssumed.size());
  source.erase(at);
  if (assumed.ends_with(')')) assumed.pop_back();
  replace_all(assumed, "+-", "\u00b1");
  return assumed;
}

}  // namespace

std::string told_source(const std::string& source) {
  std::string text = printable(source);
  const std::string assumed = take_assumed(text);
  if (text.starts_with("--")) text = "as given";
  constexpr std::string_view kTable = "table: ";
  if (text.starts_with(kTable)) text.erase(0, kTable.size());
  replace_all(text, ", table: ", ", ");
  return assumed.empty() ? text : text + ", uncertainty assumed: " + assumed;
}

std::string bracketed_source(const std::string& source) {
  std::string text = told_source(source);
  replace_all(text, "(", "[");
  replace_all(text, ")", "]");
  return text;
}

std::string told_reason(const std::string& why) {
  std::string text = printable(why);
  replace_all(text, ": --", ", give --");
  return text;
}

}  // namespace joulery
