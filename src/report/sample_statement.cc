// report: a fixed statement for tests, see sample_statement.h.
#include "report/sample_statement.h"

#include <string>

#include "report/sample_account.h"

namespace joulery {
namespace {

Account run_of(const std::string& id, std::chrono::minutes later) {
  Account account = sample_account();
  account.job.id = id;
  account.begin += later;
  account.place.name = "hpc";
  account.place.intensity.basis = "location";
  return account;
}

void use(Account& account, double joules) {
  const double factor = joules / account.it_energy.value->count();
  account.it_energy.value = Joules(joules);
  account.it_energy.u = factor * account.it_energy.u;
  for (ComponentAccount& component : account.components) {
    if (component.energy) component.energy.value = factor * *component.energy.value;
    for (Contribution& term : component.budget) term.u = factor * term.u;
  }
}

Account elsewhere() {
  Account account = run_of("20261127T080000-dddddd", std::chrono::hours(41));
  account.job.host = "vm-1";
  account.place.name = "";
  account.place.intensity.region = "mix-example";
  account.place.intensity.source = "a table of mixes";
  account.place.pue.source = "site cloud";
  use(account, 18000);
  return account;
}

Account swept(int number, const std::string& cap, double joules, double seconds) {
  Account account = run_of("20261126T10000" + std::to_string(number) + "-eeeeee",
                           std::chrono::hours(18 + number));
  account.job.tags = {{"sweep", "20261126T095900-s"}, {"sweep.cap", cap}};
  use(account, joules);
  account.duration.value = Seconds(seconds);
  return account;
}

/// 150 kg a board, which serves four years.
Embodied made_in() {
  return {Estimate<GramsCo2>::of(GramsCo2(150e3), GramsCo2(45e3), Evidence::kConstant,
                                 "embodied carbon"),
          Seconds(1461 * 86400.0)};
}

}  // namespace

Statement sample_statement() {
  Account failed = run_of("20261126T090000-bbbbbb", std::chrono::hours(17));
  failed.job.exit_status = 1;
  SiteEntry mix;
  mix.id = "mix-example";
  mix.group = "mix";
  mix.mix = {{"hydro", 0.6}, {"natural gas", 0.355}};
  StatementExtras extras;
  extras.embodied = made_in();
  extras.left_out = {"20261126T110000-ffffff"};
  return make_statement({elsewhere(), failed, run_of("20261125T153412-k3x9qa", {}),
                         swept(0, "found 400 W", 190000, 300), swept(1, "250 W", 160000, 310),
                         swept(2, "250 W", 161000, 311), swept(3, "found 400 W", 191000, 301)},
                        "thesis", {mix}, extras);
}

Statement hostile_statement() {
  const std::string nasty =
      "a&b%c$d#e_f{g}h~i^j\\k<l>|`\"'--*[x](y)<!--\n---\r\n: - !!python/x \x1b[31m\x01\xff "
      "Zürich ðþ \xe4\xb8\xad\xe6\x96\x87 \xf0\x9f\x94\xa5 \xe2\x80\xa8 \\end{document} CO2e";
  Account account = sample_account();
  account.job.host = nasty;
  account.place.pue.source = nasty;
  account.place.intensity.source = nasty;
  account.place.intensity.region = nasty;
  for (ComponentAccount& component : account.components) component.model = nasty;
  account.excludes = {nasty};
  account.job.tags = {{"training_type", nasty}};
  return make_statement({account}, nasty, {});
}

}  // namespace joulery
