// report: a fixed account of a project, see sample_project.h.
#include "report/sample_project.h"

#include "report/sample_account.h"

namespace joulery {
namespace {

constexpr double kHourJ = 3600 * 200.0;

JobTotals totals_of(std::uint64_t jobs, double hours, const Place& place) {
  JobTotals totals;
  totals.jobs = jobs;
  totals.device_hours = hours;
  if (jobs >= 100) totals.cpu_hours = 500;
  totals.it_energy = Estimate<Joules>::of(Joules(hours * kHourJ), Joules(hours * kHourJ * 0.1),
                                          Evidence::kModelled, "power of V100", 0.9);
  totals.excludes = {"K80", "cpu", "dram", "rest"};
  totals.site = consequences_of(totals.it_energy, place);
  totals.cloud_cost = {Estimate<Money>::of(Money(hours * 0.74), {}, Evidence::kConstant),
                       Estimate<Money>::of(Money(hours * 2.48), {}, Evidence::kConstant)};
  totals.cost_excludes = {"K80"};
  return totals;
}

std::vector<DeviceRate> rates() {
  DeviceRate known;
  known.device = "V100";
  known.power = Estimate<Watts>::of(Watts(200), Watts(20), Evidence::kModelled, "power");
  known.power_source = "60 % of the TDP of V100-SXM2-16GB, 300 W (data sheet)";
  known.excludes = {"cpu", "dram", "rest"};
  known.rent = std::pair(MoneyPerSecond(0.74 / 3600), MoneyPerSecond(2.48 / 3600));
  known.rent_source = "--cloud-price";
  DeviceRate unknown;
  unknown.device = "K80";
  unknown.priced_as = "P100";
  unknown.power = Estimate<Watts>::missing("no power of K80: --device-power K80=250W");
  return {known, unknown};
}

DevicesInUse in_use() {
  DevicesInUse use;
  use.mean = 2.5;
  use.peak = 8;
  use.peak_at = "2018-03-01T12:00:00.000Z";
  use.begin = "2018-03-01T00:00:00.000Z";
  use.end = "2018-03-03T00:00:00.000Z";
  use.span = Seconds(2 * 86400);
  use.days = {{"2018-03-01", 3, 8}, {"2018-03-02", 2, 4}};
  return use;
}

OwnComparison own(const JobTotals& totals) {
  OwnComparison out;
  out.servers = {Money(20'000), "USD", 8};
  out.devices = 3;
  out.share = Money(7500);
  out.whole_servers = 1;
  out.whole = Money(20'000);
  out.electricity = totals.site.electricity_cost;
  out.whole_of_low = out.share_of_low = 1.5;
  out.whole_of_high = out.share_of_high = 0.48;
  return out;
}

ExplainedShare share(const char* name, double value, double low, double high) {
  ExplainedShare out;
  out.name = name;
  out.share = value;
  out.interval = std::pair(low, high);
  out.values = 8;
  return out;
}

Sensitivity sensitivity() {
  Sensitivity out;
  out.runs = 100;
  out.left_out = 3;
  out.parameters = {share("lr", 0.62, 0.55, 0.7), share("batch_size", 0.08, 0.02, 0.15),
                    ExplainedShare()};
  out.parameters[0].binned = true;
  out.parameters[0].settles = {"schedule"};
  out.parameters[2].name = "schedule";
  out.parameters[2].why = "lr settles it: the runs cannot tell the two apart";
  out.rest = share("rest", 0.3, 0.22, 0.38);
  out.chance = 0.1;
  return out;
}

/// Two groups of --by, of which one reached the target, beside a published estimate.
ProjectWorth worth(const JobTotals& all, const JobTotals& one) {
  ProjectWorth out;
  out.metric = "accuracy";
  out.runs = 100;
  out.without = 20;
  out.best_so_far = {{"2018-03-01T10:00:00.000Z", 0.871, 12, Joules(1e7)},
                     {"2018-03-02T10:00:00.000Z", 0.912, 600, {}}};
  out.improvement = Improvement{"the first run with a metric", 0.871, 0.912, 0.041, all, one};
  out.doublings = {{0.25, 0.871, {}}, {0.5, 0.9, 0.029}, {1, 0.912, 0.012}};
  out.by_energy = true;
  out.sensitivity = sensitivity();
  out.target = 0.9;
  out.columns = {"model"};
  GroupWorth big{{"big"}, 60, 0.912, all, 4, one, all};
  GroupWorth small{{""}, 40, 0.89, one, 0, {}, {}};
  out.groups = {big, small};
  out.front = fronts_of(
      {{"big", 0.912, 9e8, 1e5, 3061}, {"", 0.89, 8e7, {}, 12.5}, {"published", 0.9, 1e9, 2e5, {}}},
      Better::kHigher);
  out.front[2].estimate = true;
  return out;
}

}  // namespace

ProjectAccount sample_project() {
  ProjectAccount account;
  account.place = sample_account().place;
  const auto totals = [&](std::uint64_t jobs, double hours) {
    return totals_of(jobs, hours, account.place);
  };
  account.source = "jobs.txt";
  account.format = "sacct";
  account.totals = totals(120, 1234.5);
  account.includes = {"gpu"};
  account.rates = rates();
  account.device_hours = {{"V100", 1200}, {"K80", 34.5}};
  account.shortest = Seconds(180);
  account.mean = Seconds(40'000);
  account.longest = Seconds(9 * 86400);
  account.by = {{"user", "state", "device"},
                {{{"ann", "COMPLETED", "V100"}, totals(100, 1200)},
                 {{"", "FAILED", "K80"}, totals(20, 34.5)}}};
  account.single = {
      {{"month"}, {{{"2018-03"}, totals(90, 1000)}, {{"2018-04"}, totals(30, 234.5)}}}};
  account.failed = totals(20, 34.5);
  account.in_use = in_use();
  account.development = {{"one model", "the mean of 2 jobs of stage final", 1, totals(1, 120)},
                         {"one tuning", "the mean of 3 searches", 30.5, totals(31, 500)},
                         {"whole project", "all jobs", 120, account.totals}};
  account.roles = RoleComparison{{{"baseline", totals(20, 100), totals(10, 50)},
                                  {"proposed", totals(100, 1100), totals(90, 900)}},
                                 true};
  account.own = own(account.totals);
  account.worth = worth(account.totals, totals(1, 120));
  account.skipped = {{12, "never started"}, {13, "fewer fields than the heading: 7|ann"}};
  account.skipped_lines = 2;
  account.skipped_why = {{"never started", 1, 12}, {"fewer fields than the heading", 1, 13}};
  account.notes = {{"of zero length: counted as jobs, without hours", 3, 40},
                   {"still running: counted up to the log's last stamp", 1, 0}};
  account.steps = 240;
  return account;
}

}  // namespace joulery
