// joulery statement RUN... | --project P: the paragraph for a paper.
#include <algorithm>
#include <iostream>
#include <set>

#include "base/text.h"
#include "commands.h"
#include "common.h"
#include "joulery/report.h"
#include "joulery/statement.h"

namespace joulery::cli {
namespace {

constexpr std::array kStatementFlags = {
    Flag{"--project", "NAME", "thesis", "all runs of that project, failed ones included"},
    Flag{"--format", "FORMAT", "latex",
         "text, markdown, latex, or modelcard: co2_eq_emissions of a Hugging Face model card "
         "(default: text)"},
    Flag{"--pue", "RATIO", "1.3+-0.05",
         "power usage effectiveness, or \"typical\" (1.56, u 0.25) (default: each record's own)"},
    Flag{"--intensity", "CARBON", "432g/kWh", "carbon intensity (default: each record's own)"},
    Flag{"--region", "NAME", "DE", "the same from a row of the shipped table of intensities"},
    Flag{"--market-intensity", "CARBON|NAME", "80g/kWh",
         "of the electricity that was bought, or a market-based row of the table: gives "
         "market-based "
         "carbon beside the other"},
    Flag{"--plan", "FILE", "plan.json",
         "of joulery plan --json, by which time or place was chosen; several times", true},
    Flag{"--embodied", "MASS", "150kg",
         "CO2e of making one accelerator (of runs without: one processor), with --lifetime: gives "
         "the SCI"},
    Flag{"--lifetime", "DURATION", "1461d", "how long a device serves"},
};

Result<const StatementFormat*> statement_format(const Args& args) {
  const std::string wanted = args.get("--format", "text");
  std::vector<std::string> names;
  for (const StatementFormat& format : statement_formats()) {
    if (wanted == format.name) return &format;
    names.emplace_back(format.name);
  }
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  return Error{ErrorCode::kUsage,
               "--format: \"" + wanted + "\" is none of " + list + ", for example --format latex"};
}

/// The ids of the project's runs. Errors: kInvalid where there is none, offering the nearest names.
Result<std::vector<std::string>> ids_of_project(Ledger& ledger, const std::string& project) {
  JOULERY_TRY(const Ledger::Listing listing, ledger.list(project));
  std::vector<std::string> ids;
  for (const RunSummary& run : listing.runs) ids.push_back(run.id);
  for (const std::string& problem : listing.problems)
    std::cerr << "joulery: not in the statement: " << problem << '\n';
  if (!ids.empty()) return ids;
  JOULERY_TRY(const Ledger::Listing all, ledger.list(""));
  std::set<std::string> projects;
  for (const RunSummary& run : all.runs)
    if (!run.project.empty()) projects.insert(run.project);
  const auto nearest = nearest_names(project, {projects.begin(), projects.end()}, 1);
  return Error{ErrorCode::kInvalid, "--project: there is no run of project \"" + project + "\"" +
                                        (nearest.empty() ? "; joulery runs lists them"
                                                         : "; did you mean " + nearest[0] + "?")};
}

Result<std::vector<std::string>> ids_of(Ledger& ledger, const Args& args) {
  if (args.has("--project")) return ids_of_project(ledger, args.get("--project"));
  std::vector<std::string> ids;
  for (const std::string& word : args.words()) {
    JOULERY_TRY(std::string id, ledger.find(word));
    // One run by two of its names is one run.
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(std::move(id));
  }
  return ids;
}

/// What the flags of this call tell of a place, and nothing else does: a default of the
/// configuration need not hold for runs of another time.
Result<Place> place_of(const Args& args) {
  return make_place({.pue = args.get("--pue"),
                     .intensity = args.get("--intensity"),
                     .region = args.get("--region")},
                    {});
}

/// A number with its unit, or a row of the table that tells what a company bought.
Result<Factor<GramsPerJoule>> market_from(const Args& args) {
  const std::string flag = "--market-intensity";
  Factor<GramsPerJoule> market;
  if (!args.has(flag)) return market;
  const std::string text = args.get(flag);
  if (text.empty())
    return Error{ErrorCode::kUsage, flag + ": is empty; for example --market-intensity 80g/kWh"};
  const bool is_row =
      text.find('/') == std::string::npos && text.find_first_of("0123456789.+-") != 0;
  PlaceRequest request;
  (is_row ? request.region : request.intensity) = text;
  auto place = make_place(request, {});
  if (!place) {
    std::string message = place.error().message;
    for (const std::string given : {"--region", "--intensity"})
      for (std::size_t at = 0; (at = message.find(given, at)) != std::string::npos;
           at += flag.size())
        message.replace(at, given.size(), flag);
    return Error{place.error().code, message};
  }
  market = place->intensity;
  if (is_row && market.basis != "market")
    return Error{ErrorCode::kUsage, flag + ": '" + text + "' is " + market.basis +
                                        "-based; for example --market-intensity 80g/kWh"};
  market.basis = "market";
  return market;
}

/// A flag goes before what a run's own record knows, as everywhere.
void put_given(const Place& given, Place& place) {
  if (given.pue.estimate) place.pue = given.pue;
  if (given.intensity.estimate) place.intensity = given.intensity;
}

Result<Account> account_of(Ledger& ledger, const std::string& id, const Place& given) {
  JOULERY_TRY(StoredRun run, ledger.load(id));
  put_given(given, run.place);
  return make_account(*run.trace, run.job, run.place);
}

/// Of a project, a record that cannot be read is named and left out; a RUN that somebody asked for
/// is an error. Errors: those of a RUN; kInvalid where nothing is left.
Result<std::vector<Account>> make_accounts(Ledger& ledger, const std::vector<std::string>& ids,
                                           const Place& given, bool of_project,
                                           std::vector<std::string>& left_out) {
  std::vector<Account> accounts;
  for (const std::string& id : ids) {
    auto account = account_of(ledger, id, given);
    if (account) {
      accounts.push_back(*std::move(account));
      continue;
    }
    if (!of_project) return account.error();
    std::cerr << "joulery: not in the statement: " << account.error().message << '\n';
    left_out.push_back(id);
  }
  if (accounts.empty())
    return Error{ErrorCode::kInvalid, "--project: none of its runs can be read"};
  return accounts;
}

/// Through the rules of `joulery estimate`, whose flags these are.
Result<std::optional<Embodied>> embodied_from(const Args& args) {
  std::optional<Embodied> none;
  if (!args.has("--embodied") && !args.has("--lifetime")) return none;
  WrittenRow row{"statement", ErrorCode::kUsage, {}};
  row.values["duration"] = {"1h", "statement", ErrorCode::kUsage};
  for (const char* key : {"embodied", "lifetime"}) {
    const std::string flag = std::string("--") + key;
    if (args.has(flag)) row.values[key] = {args.get(flag), flag, ErrorCode::kUsage};
  }
  JOULERY_TRY(const EstimateRequest request, make_estimate_request(row, {}));
  return request.embodied;
}

Result<void> check_use(const Args& args) {
  const char* const example = "for example joulery statement last, or --project thesis";
  if (args.has("--project") == !args.words().empty())
    return Error{ErrorCode::kUsage, std::string("give either RUN or --project, ") + example};
  if (args.has("--project") && args.get("--project").empty())
    return Error{ErrorCode::kUsage, "--project: is empty, for example --project thesis"};
  if (args.has("--json") && args.has("--format"))
    return Error{ErrorCode::kUsage, "--json is a format of its own: leave out --format"};
  return {};
}

Result<int> cmd_statement(const Args& args) {
  JOULERY_CHECK(check_use(args));
  JOULERY_TRY(const StatementFormat* const format, statement_format(args));
  JOULERY_TRY(const Place given, place_of(args));
  JOULERY_TRY(const std::vector<SiteEntry> sites, load_sites(config_files()));
  JOULERY_TRY(const auto ledger, open_home_ledger());
  JOULERY_TRY(const std::vector<std::string> ids, ids_of(*ledger, args));
  StatementExtras extras;
  JOULERY_TRY(extras.embodied, embodied_from(args));
  JOULERY_TRY(extras.market, market_from(args));
  for (const std::string& file : args.all("--plan")) {
    JOULERY_TRY(StatedPlan plan, read_stated_plan(file));
    extras.plans.push_back(std::move(plan));
  }
  JOULERY_TRY(std::vector<Account> accounts,
              make_accounts(*ledger, ids, given, args.has("--project"), extras.left_out));
  const Statement statement =
      make_statement(std::move(accounts), args.get("--project"), sites, std::move(extras));
  if (args.has("--json"))
    write_statement_json(statement, std::cout);
  else
    format->write(statement, std::cout);
  return 0;
}

}  // namespace

Command statement_command() {
  return {
      .name = "statement",
      .summary =
          "Writes the energy statement of a paper for runs of the ledger, or for all of a project.",
      .usage = "RUN... | --project NAME [--format FORMAT] [flags of a place] [--json]",
      .least_words = 0,
      .most_words = kAnyNumber,
      .word = "a RUN",
      .flags = {kStatementFlags, kJsonFlag},
      .example = "joulery statement last --format latex",
      .run = cmd_statement};
}

}  // namespace joulery::cli
