// report: statements whose names are what a format might take for its own.
#include "joulery/statement.h"

#include <gmock/gmock.h>
#include <stdlib.h>

#include <cctype>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/file.h"
#include "base/text.h"
#include "base/utf8.h"
#include "joulery/report.h"
#include "report/golden.h"
#include "report/sample_account.h"
#include "report/sample_statement.h"
#include "report/text_table.h"

namespace joulery {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string written(const std::string& name, const Statement& statement) {
  std::ostringstream out;
  for (const StatementFormat& format : statement_formats())
    if (name == format.name) format.write(statement, out);
  return out.str();
}

/// The text as one line.
std::string unwrapped(const std::string& text) {
  std::istringstream words(text);
  std::string line;
  for (std::string word; words >> word;) line += word + ' ';
  return line;
}

nlohmann::json document(const Statement& statement) {
  std::ostringstream out;
  write_statement_json(statement, out);
  return nlohmann::json::parse(out.str());
}

TEST(Golden, Statements) {
  for (const StatementFormat& format : statement_formats()) {
    const std::string text = written(format.name, sample_statement());
    expect_golden(std::string("statement.") + format.name, text);
    if (std::string(format.name) == "text") expect_fits(text);
  }
  std::ostringstream json;
  write_statement_json(sample_statement(), json);
  expect_golden("statement.json", json.str());
}

TEST(StatementFormats, NoNameReachesATerminalUnescaped) {
  for (const StatementFormat& format : statement_formats()) {
    const std::string text = written(format.name, hostile_statement());
    for (const char c : text) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
    EXPECT_EQ(printable(text).find("\\xff\\xff"), std::string::npos);
  }
}

TEST(StatementFormats, TextFitsAHundredColumns) {
  const std::string text = written("text", hostile_statement());
  for (const std::string_view line : split(text, '\n')) EXPECT_LE(width_of(line), kTextColumns);
}

// The statement of McDonald et al., Findings of NAACL 2022: 782 kWh, of which some 760 kWh on a
// cluster that is powered mostly by water.
TEST(StatementText, SplitsTheEnergyByPlaceAndNamesTheSourceOfEach) {
  const auto run_at = [](const std::string& place, double kilowatt_hours) {
    Account account = sample_account();
    account.job.id = place;
    account.place.name = place;
    account.it_energy = Estimate<Joules>::of(Joules(kilowatt_hours * kJoulesPerKilowattHour),
                                             Joules(0.01 * kilowatt_hours * kJoulesPerKilowattHour),
                                             Evidence::kIntegrated, "gpu sensor gain");
    return account;
  };
  SiteEntry cluster;
  cluster.id = "cluster";
  cluster.mix = {{"hydro", 0.9}};

  const std::string text =
      written("text", make_statement({run_at("cloud", 22), run_at("cluster", 760)}, "", {cluster}));

  EXPECT_THAT(text, HasSubstr("The 2 runs used at least 782 \u00b1 16 kWh of IT energy (k = 2): "
                              "760 \u00b1 15 kWh at cluster; 22.00 \u00b1 0.44\n  kWh at cloud."));
  EXPECT_THAT(text, HasSubstr("hydro 90.0 %"));
}

TEST(StatementText, TellsACapThatSavesFromOneThatDoesNotAndOneThatCannotBeTold) {
  const auto told = [](double change) {
    Statement statement;
    statement.runs = 4;
    statement.savings = {
        {.sweep = "s",
         .cap = "250 W",
         .baseline = "found 400 W",
         .runs = 4,
         .energy_change = Estimate<double>::of(change, 0.01, Evidence::kMeasured, "scatter"),
         .time_change = Estimate<double>::of(0.1, 0.01, Evidence::kMeasured, "scatter")}};
    return written("text", statement);
  };

  EXPECT_THAT(told(-0.05), HasSubstr("a run at 250 W used 5.0 ± 2.0 % less IT energy"));
  EXPECT_THAT(told(-0.01), HasSubstr("no saving could be told from their scatter"));
  EXPECT_THAT(told(0.05), HasSubstr("none saved IT energy (at 250 W: 5.0 ± 2.0 % more IT\n"));
}

TEST(StatementText, TellsATimeThatCannotBeToldApart) {
  Statement statement;
  statement.runs = 4;
  statement.savings = {
      {.sweep = "s",
       .cap = "250 W",
       .baseline = "found 400 W",
       .runs = 4,
       .energy_change = Estimate<double>::of(-0.3, 0.01, Evidence::kMeasured, "scatter"),
       .time_change = Estimate<double>::of(-0.03, 0.06, Evidence::kMeasured, "scatter")}};

  EXPECT_THAT(unwrapped(written("text", statement)),
              HasSubstr("30.0 ± 2.0 % less IT energy than at the limit that was found, 400 W, and "
                        "took as long within the scatter (3 ± 12 % less time)."));
}

TEST(StatementText, TellsThePlanThatRunsFollowed) {
  Statement statement;
  statement.runs = 3;
  statement.plans = {{.objective = "carbon",
                      .place = "FRA",
                      .now = *parse_time("2026-01-01T18:00:00Z"),
                      .start = *parse_time("2026-01-02T02:00:00Z"),
                      .slots = {},
                      .saving_pct = 14.2,
                      .saving_u_pct = 1.5,
                      .kept = 3}};

  EXPECT_THAT(unwrapped(written("text", statement)),
              HasSubstr("A plan for least carbon chose the place, FRA, and to begin at "
                        "2026-01-02T02:00Z and not at 2026-01-01T18:00Z, which was expected to "
                        "save 14.2 ± 3.0 %; 3 of the 3 runs began within its slots."));
  EXPECT_EQ(document(statement)["steps"][0]["kept_runs"], 3);

  statement.plans[0].objective = "carbon=0.5,cost=0.5";
  statement.plans[0].saving_pct = -2.5;
  statement.plans[0].saving_u_pct.reset();
  EXPECT_THAT(unwrapped(written("text", statement)),
              testing::AllOf(
                  HasSubstr("A plan by weights, carbon=0.5,cost=0.5, chose the place"),
                  HasSubstr("which was expected to take 2.5 % more (no interval is known); 3 of")));
}

// In a paper's paragraph no flag stands in brackets within brackets, and every sum says of what.
TEST(StatementText, SaysSourcesAndReasonsAsAPaperDoes) {
  const auto run_at = [](const std::string& id, double pue, std::optional<double> grams) {
    Account account = sample_account();
    account.job.id = id;
    account.place.pue.estimate = Estimate<double>::of(pue, 0.1, Evidence::kConstant, "PUE");
    account.place.pue.source = "--pue (no uncertainty given: taken as +-0.1)";
    account.place.intensity.source = "table: Ember (2023) as cited by X";
    if (grams)
      account.place.intensity.estimate.value = GramsPerJoule(*grams / kJoulesPerKilowattHour);
    else
      account.place.intensity.estimate =
          Estimate<GramsPerJoule>::missing("no carbon intensity: --region or --intensity");
    return account;
  };
  StatementExtras extras;
  extras.embodied = Embodied{Estimate<GramsCo2>::of(GramsCo2(150e3), GramsCo2(45e3),
                                                    Evidence::kConstant, "embodied carbon"),
                             Seconds(1461 * 86400.0)};

  const Statement statement =
      make_statement({run_at("a", 1.2, 400), run_at("b", 1.3, std::nullopt)}, "", {}, extras);
  const std::string text = unwrapped(written("text", statement));

  EXPECT_THAT(text, HasSubstr("(as given, uncertainty assumed: ±0.1)"));
  EXPECT_THAT(text, HasSubstr("since its runs were given different PUE and carbon intensity."));
  EXPECT_THAT(text,
              HasSubstr("Where its intensity is known, this electricity stands for at least"));
  EXPECT_THAT(text, HasSubstr("no carbon intensity, give --region or --intensity."));
  EXPECT_THAT(text, HasSubstr("The Software Carbon Intensity (ISO/IEC 21031) is not known: "));
  EXPECT_THAT(text, Not(HasSubstr("table: ")));
  EXPECT_THAT(text, Not(HasSubstr("--pue (")));
  EXPECT_THAT(text, Not(HasSubstr("))")));
}

TEST(StatementLatex, EscapesWhatTexTakesForItsOwn) {
  const std::string text = written("latex", hostile_statement());

  EXPECT_THAT(text, HasSubstr("a\\&b\\%c\\$d\\#e\\_f\\{g\\}h\\textasciitilde{}i\\textasciicircum{}"
                              "j\\textbackslash{}k\\ensuremath{<}l"));
  EXPECT_THAT(text, HasSubstr("\\texttt{U+4E2D}\\texttt{U+6587} \\texttt{U+1F525}"));
  EXPECT_THAT(text, HasSubstr("\\texttt{U+00F0}\\texttt{U+00FE}"));
  EXPECT_THAT(text, HasSubstr("Zürich"));
  EXPECT_THAT(text, Not(HasSubstr("\\end{document}")));
  EXPECT_THAT(text, HasSubstr("\\ensuremath{\\pm}"));
  EXPECT_THAT(text, HasSubstr("CO\\textsubscript{2}e"));
}

TEST(StatementLatex, Compiles) {
  if (std::system("command -v pdflatex > /dev/null 2>&1") != 0)
    GTEST_SKIP() << "pdflatex is not installed";
  std::string pattern = testing::TempDir() + "joulery-latex-XXXXXX";
  ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
  const std::string document = "\\documentclass{article}\n\\begin{document}\n" +
                               written("latex", hostile_statement()) +
                               written("latex", sample_statement()) + "\\end{document}\n";
  ASSERT_TRUE(save_file(pattern + "/statement.tex", document));

  const std::string command = "cd '" + pattern +
                              "' && pdflatex -no-shell-escape -halt-on-error "
                              "-interaction=nonstopmode statement.tex > out 2>&1";
  EXPECT_EQ(std::system(command.c_str()), 0) << *load_file(pattern + "/out", 1 << 20);
  EXPECT_TRUE(std::filesystem::exists(pattern + "/statement.pdf"));
  std::filesystem::remove_all(pattern);
}

TEST(StatementModelcard, EveryLineIsAKeyWithAScalarOrAComment) {
  const std::string text = written("modelcard", hostile_statement());

  const auto lines = split(text, '\n');
  EXPECT_EQ(lines.front(), "co2_eq_emissions:");
  for (std::size_t i = 1; i + 1 < lines.size(); ++i) {
    const std::string line(lines[i]);
    if (line.starts_with("  # ")) continue;
    ASSERT_TRUE(line.starts_with("  ")) << line;
    const std::string value = line.substr(line.find(": ") + 2);
    // A double-quoted scalar is one of JSON too, but for characters beyond 16 bits.
    const bool is_json = value.find("\\U") == std::string::npos;
    EXPECT_TRUE(!is_json || nlohmann::json::accept(value)) << value;
    for (const char c : value) EXPECT_TRUE(c >= 0x20 && c < 0x7f) << line;
  }
  EXPECT_THAT(text, HasSubstr("emissions: 35.6\n"));
}

TEST(StatementModelcard, WhatIsNotKnownIsAComment) {
  Account account = sample_account();
  account.place.intensity = {};
  account.place.intensity.estimate =
      Estimate<GramsPerJoule>::missing("no carbon intensity: --region or --intensity");
  account.job.tags.clear();

  const std::string text = written("modelcard", make_statement({account}, "", {}));

  EXPECT_THAT(text, HasSubstr("# emissions: not known: no carbon intensity: --region"));
  EXPECT_THAT(text, HasSubstr("# training_type: not known"));
  EXPECT_THAT(text, Not(HasSubstr("\n  emissions:")));
}

TEST(StatementMarkdown, EscapesWhatMarkdownTakesForItsOwn) {
  const std::string text = written("markdown", hostile_statement());

  EXPECT_THAT(text, HasSubstr("a\\&b%c\\$d\\#e\\_f\\{g\\}h\\~i\\^j\\\\k\\<l\\>\\|\\`"));
  EXPECT_THAT(text, HasSubstr("\\*\\[x\\](y)\\<\\!--"));
}

TEST(StatementJson, IsValidAndTellsWhatIsMissing) {
  const auto json = document(hostile_statement());

  EXPECT_EQ(json.begin().key().empty(), false);
  EXPECT_EQ(json["schema"], "joulery/statement/1");
  EXPECT_EQ(json["carbon_market"]["value"], nullptr);
  EXPECT_EQ(json["carbon_market"]["class"], "missing");
  EXPECT_FALSE(json["carbon_location"]["why"].get<std::string>().empty());
  EXPECT_EQ(json["sci"]["score"]["class"], "missing");
}

TEST(StatementJson, SciTakesTheGridsIntensity) {
  const auto json = document(sample_statement());

  EXPECT_EQ(json["sci"]["functional_units"], 7);
  EXPECT_EQ(json["sci"]["operational"]["value"], json["carbon_location"]["value"]);
  EXPECT_GT(json["sci"]["operational"]["value"], 0);
}

}  // namespace
}  // namespace joulery
