// joulery recommend FILE: the best power cap from a table that somebody else measured, or from the
// document of a sweep.
#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include "base/text.h"
#include "commands.h"
#include "common.h"
#include "joulery/policy.h"
#include "joulery/report.h"
#include "output.h"

namespace joulery::cli {
namespace {

constexpr std::array kRecommendFlags = {
    Flag{"--by", "COL,...", "network,batch_size",
         "columns that tell jobs apart (default: all that are neither measured nor count rows)"},
    Flag{"--preset", "NAME", "mcdonald2022",
         "numbers that a paper published, instead of a FILE: mcdonald2022"},
    Flag{"--plot", "FILE", "caps.svg",
         "draw relative time and energy at each cap, in .svg, .pdf or .png (needs gnuplot)"},
};
constexpr std::array kPriceFlags = {
    Flag{"--electricity-price", "PRICE", "0.12USD/kWh",
         "price of the electricity, for --objective cost"},
    Flag{"--cloud-price", "PRICE", "0.74..2.48USD/h",
         "rent of one device, or a range of which the middle counts, for --objective cost"},
};

Result<std::vector<std::string>> columns_of(const Args& args) {
  std::vector<std::string> columns = args.list("--by");
  for (const std::string& name : columns)
    if (name.empty())
      return Error{
          ErrorCode::kUsage,
          fmt::format("--by: \"{}\" has an empty name; for example --by network,batch_size",
                      args.get("--by"))};
  return columns;
}

Result<Recommendation> recommend(const CapGroup& group, const ChoiceRules& rules) {
  JOULERY_TRY(CapChoice choice, choose_cap(group, rules));
  const bool of_sweep = group.baseline && !group.relative;
  if (of_sweep)
    choice.notes.emplace_back(
        "by the means of the sweep alone, whatever their scatter: joulery sweep --resume asks its "
        "runs again, and recommends only what saves beyond doubt");
  return Recommendation{group.key, rules.max_slowdown, std::move(choice)};
}

Result<std::vector<Recommendation>> from_table(const Args& args, const ChoiceRules& rules) {
  JOULERY_TRY(const std::vector<std::string> by, columns_of(args));
  JOULERY_TRY(const std::vector<CapGroup> groups, load_cap_table(args.words()[0], by));
  std::vector<Recommendation> out;
  for (const CapGroup& group : groups) {
    JOULERY_TRY(out.emplace_back(), recommend(group, rules));
  }
  return out;
}

// A row that the paper asks with a bound of its own is left out where the user gave one.
Result<std::vector<Recommendation>> from_preset(const Args& args, const ChoiceRules& rules) {
  if (rules.objective == Objective::kCost || rules.base_power > Watts(0))
    return Error{ErrorCode::kUsage,
                 "--preset: its times and energies are in percent: no cost, no --base-power"};
  JOULERY_TRY(const auto rows, find_published_caps(args.get("--preset")));
  std::vector<Recommendation> out;
  for (const PublishedCaps& row : rows) {
    if (rules.max_slowdown && row.max_slowdown) continue;
    ChoiceRules own = rules;
    if (row.max_slowdown) own.max_slowdown = row.max_slowdown;
    JOULERY_TRY(Recommendation one, recommend(row.group, own));
    one.key.emplace_back("max_slowdown", own.max_slowdown
                                             ? fmt::format("{:.4g} %", 100 * *own.max_slowdown)
                                             : "none");
    out.push_back(std::move(one));
  }
  return out;
}

Result<int> cmd_recommend(const Args& args) {
  JOULERY_TRY(const ChoiceRules rules, choice_rules_of(args));
  if (args.has("--preset") != args.words().empty())
    return Error{ErrorCode::kUsage,
                 "recommend takes a FILE or --preset NAME, for example joulery recommend caps.csv"};
  const std::string picture = args.get("--plot");
  if (args.has("--plot")) {
    JOULERY_CHECK(check_plot_name(picture));
    JOULERY_CHECK(check_output(picture, "--plot"));
  }
  JOULERY_TRY(const std::vector<Recommendation> jobs,
              args.has("--preset") ? from_preset(args, rules) : from_table(args, rules));
  if (args.has("--plot"))
    JOULERY_CHECK(write_output_file(
        picture, [&](const std::string& draft) { return plot_caps(jobs, draft); }));
  if (args.has("--json"))
    write_recommend_json(rules, jobs, std::cout);
  else
    write_recommend_text(rules, jobs, std::cout);
  return 0;
}

}  // namespace

Command recommend_command() {
  return {.name = "recommend",
          .summary =
              "Recommends a power cap from a table or a document of measurements at several caps.",
          .usage = "FILE | --preset NAME [FLAG...]",
          .least_words = 0,
          .most_words = 1,
          .word = "a FILE",
          .flags = {kRecommendFlags, kChoiceFlags, kPriceFlags, kJsonFlag},
          .example = "joulery recommend --preset mcdonald2022 --max-slowdown 10%",
          .run = cmd_recommend};
}

}  // namespace joulery::cli
