// report: a fixed account for tests, see sample_account.h.
#include "report/sample_account.h"

namespace joulery {
namespace {

constexpr WallTime kRunBegin{std::chrono::sys_days{std::chrono::year{2026} / 11 / 25} +
                             std::chrono::hours(15) + std::chrono::minutes(34) +
                             std::chrono::seconds(12)};

template <class T>
Estimate<T> measured(double value, double u, std::string top, double coverage = 1) {
  return Estimate<T>::of(T(value), T(u), Evidence::kMeasured, std::move(top), coverage);
}

ComponentAccount board(std::string id, double joules, double coverage) {
  ComponentAccount gpu;
  gpu.id = std::move(id);
  gpu.kind = ComponentKind::kGpu;
  gpu.model = "NVIDIA A100-SXM4-40GB";
  gpu.source = "nvml-counter";
  gpu.energy = measured<Joules>(joules, joules * 0.05, "gpu sensor gain", coverage);
  gpu.mean_power = measured<Watts>(joules / 312.4, joules / 312.4 * 0.05, "gpu sensor gain");
  gpu.peak_power = Estimate<Watts>::of(Watts(401.2), Watts(20), Evidence::kIntegrated, "gain");
  gpu.idle_energy = measured<Joules>(17180, 860, "gpu sensor gain");
  gpu.samples = 3125;
  gpu.budget = {{"gpu sensor gain", Joules(joules * 0.05)}, {"window edge", Joules(12.5)}};
  gpu.accuracy_source = "Yang, Adamek, Armour, SC24, arXiv 2312.02741";
  return gpu;
}

ComponentAccount modelled_cpu() {
  ComponentAccount cpu;
  cpu.id = "cpu/0/package";
  cpu.kind = ComponentKind::kCpu;
  cpu.model = "AMD EPYC 7742 64-Core Processor";
  cpu.source = "cpu-model";
  cpu.energy =
      Estimate<Joules>::of(Joules(31240), Joules(6248), Evidence::kModelled, "model", 0.9996);
  cpu.mean_power = Estimate<Watts>::of(Watts(100), Watts(20), Evidence::kModelled, "model");
  cpu.peak_power = Estimate<Watts>::of(Watts(131), Watts(26), Evidence::kModelled, "model");
  cpu.idle_energy = Estimate<Joules>::missing("no idle stretch was measured (--idle 30s)");
  cpu.job_share = Estimate<Joules>::of(Joules(15620), Joules(3130), Evidence::kModelled, "model");
  cpu.samples = 3125;
  return cpu;
}

ComponentAccount unseen_dram() {
  ComponentAccount dram;
  dram.id = "dram/0";
  dram.kind = ComponentKind::kDram;
  dram.source = "powercap";
  dram.energy = Estimate<Joules>::missing(
      "/sys/class/powercap/intel-rapl:0:0/energy_uj may not be read (see joulery sensors)");
  dram.mean_power = Estimate<Watts>::missing("no energy");
  dram.peak_power = Estimate<Watts>::missing("no energy");
  dram.idle_energy = Estimate<Joules>::missing("no energy");
  return dram;
}

Job sample_job() {
  Job job;
  job.id = "20261125T153412-k3x9qa";
  job.name = "digits";
  job.project = "thesis";
  job.tags = {{"lr", "3e-4"}};
  job.command = {"python", "train.py", "--title", "two words"};
  job.host = "node7";
  job.user = "ada";
  job.version = "0.1.0";
  job.exit_status = 0;
  job.survivors = {{4711, "tensorboard"}};
  return job;
}

Place place_without_price() {
  Place place;
  place.pue.estimate = Estimate<double>::of(1.58, 0.1, Evidence::kConstant, "--pue");
  place.pue.source = "--pue";
  place.intensity.estimate =
      Estimate<GramsPerJoule>::of(GramsPerJoule(432 / kJoulesPerKilowattHour),
                                  GramsPerJoule(22 / kJoulesPerKilowattHour), Evidence::kConstant);
  place.intensity.kind = "average";
  place.intensity.source = "--intensity";
  place.intensity.year = 2022;
  place.intensity.region = "US-MA";
  place.electricity_price.estimate =
      Estimate<MoneyPerJoule>::missing("no price was given (--electricity-price 0.12USD/kWh)");
  return place;
}

void add_sums(Account& account) {
  account.it_energy = Estimate<Joules>::of(Joules(187980), Joules(11000), Evidence::kModelled,
                                           "gpu sensor gain", 0.9987);
  account.includes = {"gpu", "cpu"};
  account.excludes = {"dram"};
  account.site_energy =
      Estimate<Joules>::of(Joules(297008), Joules(25600), Evidence::kModelled, "PUE", 0.9987);
  account.carbon =
      Estimate<GramsCo2>::of(GramsCo2(35.64), GramsCo2(3.6), Evidence::kModelled, "PUE", 0.9987);
  account.electricity_cost =
      Estimate<Money>::missing("no price was given (--electricity-price 0.12USD/kWh)");
  account.cloud_cost.low = account.cloud_cost.high =
      Estimate<Money>::missing("no price was given (--cloud-price 0.74..2.48USD/h)");
}

}  // namespace

Account sample_account() {
  Account account;
  account.job = sample_job();
  account.begin = kRunBegin;
  account.duration = measured<Seconds>(312.4, 1e-4, "clock");
  account.components = {board("gpu/GPU-1b2c3d4e-5f6a-7b8c-9d0e-1f2a3b4c5d6e/board", 78100, 1),
                        board("gpu/GPU-2b2c3d4e-5f6a-7b8c-9d0e-1f2a3b4c5d6e/board", 78640, 0.9968),
                        modelled_cpu(), unseen_dram()};
  account.components[1].flags = {"sensor_disagree", "aliased"};
  account.components[1].cross_check = Joules(70100);
  account.components[0].flags = {"aliased"};
  account.place = place_without_price();
  add_sums(account);
  account.phases = {{"load data", measured<Seconds>(12.4, 1e-3, "mark"),
                     measured<Joules>(3980, 240, "gpu sensor gain")},
                    {"train", measured<Seconds>(300, 1e-3, "mark"),
                     measured<Joules>(184000, 10800, "gpu sensor gain")}};
  account.loop = LoopStats{3124, 3, 1, Seconds(0.42), Seconds(0.0006), Seconds(0.0021)};
  account.flags = {"clock_step"};
  return account;
}

Comparison sample_comparison() {
  const auto number = [](double value, double u) {
    return Estimate<double>::of(value, u, Evidence::kMeasured, "gpu sensor gain");
  };
  Comparison comparison;
  comparison.rows = {{"duration", "s", number(312.4, 1e-4), number(341.0, 1e-4),
                      number(28.6, 1.4e-4), number(0.09155, 5e-7), false},
                     {"it_energy", "J", number(187980, 11000), number(161200, 9400),
                      number(-26780, 1900), number(-0.1425, 0.004), true},
                     {"dram/0", "J", Estimate<double>::missing("not seen"), number(8000, 100),
                      Estimate<double>::missing("not seen in A"),
                      Estimate<double>::missing("not seen in A"), false}};
  comparison.notes = {"dram could be seen in B only"};
  return comparison;
}

Ledger::Listing sample_listing() {
  RunSummary train;
  train.id = "20261125T153412-k3x9qa";
  train.name = "digits";
  train.project = "thesis";
  train.command = "python train.py";
  train.host = "node7";
  train.origin = "run";
  train.begin = kRunBegin;
  train.exit_status = 0;
  train.duration = measured<Seconds>(312.4, 1e-4, "clock");
  train.it_energy = measured<Joules>(187980, 11000, "gpu sensor gain");
  train.carbon = measured<GramsCo2>(35.64, 3.6, "PUE");
  train.excludes = {"dram"};
  train.tags = {{"lr", "3e-4"}};
  RunSummary running = train;
  running.id = "20261125T160000-0a0b0c";
  running.name = "";
  running.command = "\x1b[31msleep 1000 && something long";
  running.exit_status.reset();
  running.complete = false;
  running.running = true;
  running.excludes.clear();
  running.carbon = Estimate<GramsCo2>::missing("no intensity was given");
  return {{running, train}, {"runs/20250101T000000-aaaaaa.jrun: not a run record"}};
}

std::vector<ChannelReport> sample_sensors() {
  return {{"gpu/GPU-1b2c3d4e-5f6a-7b8c-9d0e-1f2a3b4c5d6e/board", ComponentKind::kGpu,
           "nvml-counter", ChannelStatus::kOk, "energy counter of the board", ""},
          {"cpu/0/package", ComponentKind::kCpu, "powercap", ChannelStatus::kDenied,
           "/sys/class/powercap/intel-rapl:0/energy_uj: Permission denied",
           "as root, allow your group to read it with a udev rule: SUBSYSTEM==\"powercap\", "
           "ACTION==\"add\", RUN+=\"/bin/chgrp -R energy /sys%p\", and join that group"},
          {"cpu/1/package", ComponentKind::kCpu, "powercap", ChannelStatus::kDenied,
           "/sys/class/powercap/intel-rapl:0/energy_uj: Permission denied",
           "as root, allow your group to read it with a udev rule: SUBSYSTEM==\"powercap\", "
           "ACTION==\"add\", RUN+=\"/bin/chgrp -R energy /sys%p\", and join that group"},
          {"node/*", ComponentKind::kNode, "none", ChannelStatus::kUnavailable,
           "no sensor of the whole node is known here", ""}};
}

}  // namespace joulery
