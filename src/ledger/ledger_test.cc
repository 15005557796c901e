#include "joulery/ledger.h"

#include <gmock/gmock.h>

#include <array>
#include <atomic>
#include <chrono>
#include <thread>

#include "base/clock.h"
#include "base/file.h"
#include "ledger/home.h"
#include "ledger/index.h"
#include "ledger/run_id.h"
#include "ledger/temp_home.h"

namespace joulery {
namespace {

using LedgerTest = TempHome;
using testing::HasSubstr;

std::vector<std::string> names_of(const Ledger::Listing& listing) {
  std::vector<std::string> names;
  for (const RunSummary& run : listing.runs) names.push_back(run.name);
  return names;
}

void expect_same(const RunSummary& a, const RunSummary& b) {
  EXPECT_EQ(a.id, b.id);
  EXPECT_EQ(a.name, b.name);
  EXPECT_EQ(a.command, b.command);
  EXPECT_EQ(a.begin, b.begin);
  EXPECT_EQ(a.complete, b.complete);
  EXPECT_EQ(a.exit_status, b.exit_status);
  EXPECT_EQ(a.tags, b.tags);
  EXPECT_EQ(a.excludes, b.excludes);
  EXPECT_EQ(a.it_energy.value, b.it_energy.value);
  EXPECT_EQ(a.it_energy.u, b.it_energy.u);
  EXPECT_EQ(a.it_energy.top, b.it_energy.top);
  EXPECT_EQ(a.carbon.why, b.carbon.why);
}

// What a meter that was killed a day ago left.
void age(const std::string& path) {
  std::filesystem::last_write_time(
      path, std::filesystem::file_time_type::clock::now() - std::chrono::hours(24));
}

TEST_F(LedgerTest, GivesBackWhatWasStored) {
  Job job = job_named("digits");
  job.survivors = {{4711, "tensorboard"}};
  job.cpu_use = CpuUse{Seconds(1.5), Seconds(3.25)};
  Place place;
  place.currency = "EUR";
  const auto id = ledger_->store(job, place, short_trace());
  ASSERT_TRUE(id) << id.error().message;

  const auto run = ledger_->load(*id);

  ASSERT_TRUE(run) << run.error().message;
  EXPECT_EQ(run->job.id, *id);
  EXPECT_EQ(run->job.name, "digits");
  EXPECT_EQ(run->job.exit_status, 0);
  EXPECT_EQ(run->job.survivors.at(0).pid, 4711);
  EXPECT_EQ(run->job.cpu_use->busy, Seconds(3.25));
  EXPECT_EQ(run->place.currency, "EUR");
  EXPECT_EQ(run->trace->info().end - run->trace->info().begin, Micros(10'000'000));
  std::vector<double> values;
  const auto all = [](const Channel&) { return true; };
  ASSERT_TRUE(run->trace->scan(all, [&](std::uint16_t, const Block& block) {
    values.insert(values.end(), block.value.begin(), block.value.end());
  }));
  ASSERT_EQ(values.size(), 101u);
  EXPECT_DOUBLE_EQ(values.back(), 1000);
}

TEST_F(LedgerTest, KeepsEverySampleOfEveryChannelOfAnImport) {
  const MemoryTrace one = short_trace();
  std::vector<Channel> channels(2, one.channels()[0]);
  channels[1].id = channels[1].component = "gpu/GPU-2/board";
  MemoryTrace trace(one.info(), channels);
  for (int i = 0; i <= 100; ++i)
    for (std::uint16_t channel = 0; channel < 2; ++channel)
      trace.add({one.info().begin + Micros(100'000 * i + channel), 10.0 * i, 50, channel, false});

  const auto id = ledger_->store(job_named("log"), {}, trace);

  ASSERT_TRUE(id) << id.error().message;
  const auto run = ledger_->load(*id);
  ASSERT_TRUE(run) << run.error().message;
  std::array<std::size_t, 2> samples{};
  const auto all = [](const Channel&) { return true; };
  ASSERT_TRUE(run->trace->scan(all, [&](std::uint16_t channel, const Block& block) {
    samples.at(channel) += block.value.size();
  }));
  EXPECT_THAT(samples, testing::ElementsAre(101u, 101u));
}

TEST_F(LedgerTest, ListsTheNewestFirstAndByProject) {
  Job other = job_named("other");
  other.project = "elsewhere";
  ASSERT_TRUE(ledger_->store(job_named("first"), {}, short_trace()));
  ASSERT_TRUE(ledger_->store(other, {}, short_trace()));
  ASSERT_TRUE(ledger_->store(job_named("third"), {}, short_trace()));

  const auto all = ledger_->list("");
  const auto thesis = ledger_->list("thesis");

  ASSERT_TRUE(all && thesis);
  EXPECT_EQ(names_of(*all), (std::vector<std::string>{"third", "other", "first"}));
  EXPECT_EQ(names_of(*thesis), (std::vector<std::string>{"third", "first"}));
  EXPECT_NEAR(all->runs[0].it_energy.value->count(), 1000, 1);
}

TEST_F(LedgerTest, FindsByIdPrefixNameAndLast) {
  const auto first = ledger_->store(job_named("same"), {}, short_trace());
  const auto second = ledger_->store(job_named("same"), {}, short_trace());
  ASSERT_TRUE(first && second);

  EXPECT_EQ(*ledger_->find(*first), *first);
  EXPECT_EQ(*ledger_->find(first->substr(0, 21)), *first);
  EXPECT_EQ(*ledger_->find("same"), *second);
  EXPECT_EQ(*ledger_->find("last"), *second);
}

TEST_F(LedgerTest, NamesTheRunsThatAPrefixCouldMean) {
  const auto first = ledger_->store(job_named("a"), {}, short_trace());
  const auto second = ledger_->store(job_named("b"), {}, short_trace());
  ASSERT_TRUE(first && second);

  const auto found = ledger_->find("20");

  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(found.error().message, HasSubstr(*first));
  EXPECT_THAT(found.error().message, HasSubstr(*second));
  EXPECT_FALSE(ledger_->find(""));
  EXPECT_FALSE(ledger_->find("nobody"));
  EXPECT_FALSE(ledger_->find("../../etc/passwd"));
}

TEST_F(LedgerTest, RemovesARun) {
  const auto id = ledger_->store(job_named("gone"), {}, short_trace());
  ASSERT_TRUE(id);
  ASSERT_TRUE(ledger_->list(""));

  ASSERT_TRUE(ledger_->remove("gone"));

  EXPECT_FALSE(ledger_->find(*id));
  EXPECT_TRUE(ledger_->list("")->runs.empty());
  EXPECT_TRUE(load_index(home_ + "/index.sqlite").empty());
}

TEST_F(LedgerTest, ShowsARunInProgressAndRefusesToRemoveIt) {
  const MemoryTrace trace = short_trace();
  Job job = job_named("live");
  job.exit_status.reset();
  auto run = ledger_->begin_run(job, {}, trace.channels(), trace.info());
  ASSERT_TRUE(run) << run.error().message;

  const auto listing = ledger_->list("");
  const auto removed = ledger_->remove("live");

  ASSERT_EQ(listing->runs.size(), 1u);
  EXPECT_TRUE(listing->runs[0].running);
  EXPECT_FALSE(listing->runs[0].complete);
  EXPECT_TRUE(load_index(home_ + "/index.sqlite").empty());
  ASSERT_FALSE(removed);
  EXPECT_THAT(removed.error().message, HasSubstr("in progress"));

  job.exit_status = 3;
  ASSERT_TRUE((*run)->close(trace.info(), job));
  EXPECT_FALSE(ledger_->list("")->runs[0].running);
  EXPECT_EQ(ledger_->list("")->runs[0].exit_status, 3);
  EXPECT_TRUE(ledger_->remove("live"));
}

TEST_F(LedgerTest, CountsARunAsRunningWhileItsRecordGrows) {
  const MemoryTrace trace = short_trace();
  const auto run = ledger_->begin_run(job_named("fast"), {}, trace.channels(), trace.info());
  ASSERT_TRUE(run);

  age(home_ + "/runs/" + (*run)->id() + ".jrun.tail");

  EXPECT_TRUE(ledger_->list("")->runs.at(0).running);
  EXPECT_FALSE(ledger_->remove("fast"));
}

// The files of these tests have our own clock's times, so a server whose clock differs is one whose
// files have them while it says another time itself.
TEST_F(LedgerTest, JudgesARunByTheClockOfTheFilesServer) {
  const MemoryTrace trace = short_trace();
  const auto run = ledger_->begin_run(job_named("live"), {}, trace.channels(), trace.info());
  ASSERT_TRUE(run);
  const auto served = [&](std::chrono::minutes skew, std::chrono::minutes old) {
    for (const char* suffix : {".jrun", ".jrun.tail"})
      std::filesystem::last_write_time(home_ + "/runs/" + (*run)->id() + suffix,
                                       std::filesystem::file_time_type::clock::now() + skew - old);
    return *open_ledger_by(home_, [=] { return wall_now() + skew; });
  };

  for (const std::chrono::minutes skew : {std::chrono::minutes(-10), std::chrono::minutes(10)}) {
    const auto written_now = served(skew, std::chrono::minutes(0));
    EXPECT_TRUE(written_now->list("")->runs.at(0).running) << skew.count();
    EXPECT_FALSE(written_now->remove("live")) << skew.count();

    const auto killed = served(skew, std::chrono::minutes(2));
    EXPECT_FALSE(killed->list("")->runs.at(0).running) << skew.count();
  }
}

TEST_F(LedgerTest, KeepsARunWhoseMeterWasKilled) {
  const MemoryTrace trace = short_trace();
  auto run = ledger_->begin_run(job_named("killed"), {}, trace.channels(), trace.info());
  ASSERT_TRUE(run);
  const std::string id = (*run)->id();
  const std::vector<Sample> samples = {{trace.info().begin, 0, 50, 0, false},
                                       {trace.info().begin + Micros(1'000'000), 100, 50, 0, false}};
  (*run)->sink().accept(samples);
  run->reset();
  age(home_ + "/runs/" + id + ".jrun");
  age(home_ + "/runs/" + id + ".jrun.tail");

  const auto listing = ledger_->list("");

  ASSERT_EQ(listing->runs.size(), 1u);
  EXPECT_FALSE(listing->runs[0].running);
  EXPECT_FALSE(listing->runs[0].complete);
  EXPECT_NEAR(listing->runs[0].it_energy.value->count(), 100, 1);
  EXPECT_TRUE(ledger_->remove(id));
  EXPECT_TRUE(std::filesystem::is_empty(home_ + "/runs"));
}

TEST_F(LedgerTest, ListsTheSameFromTheIndexAsFromTheRecords) {
  for (int i = 0; i < 5; ++i)
    ASSERT_TRUE(ledger_->store(job_named("run " + std::to_string(i)), {}, short_trace()));

  const auto cold = ledger_->list("");
  ASSERT_EQ(load_index(home_ + "/index.sqlite").size(), 5u);
  const auto warm = ledger_->list("");

  ASSERT_EQ(warm->runs.size(), 5u);
  for (std::size_t i = 0; i < 5; ++i) expect_same(cold->runs[i], warm->runs[i]);
}

TEST_F(LedgerTest, RebuildsAnIndexThatIsMissingOrDamagedAnywhere) {
  for (int i = 0; i < 3; ++i)
    ASSERT_TRUE(ledger_->store(job_named("run " + std::to_string(i)), {}, short_trace()));
  const auto right = ledger_->list("");
  const std::string path = home_ + "/index.sqlite";
  const std::string index = *load_file(path, 1 << 24);

  for (std::size_t at = 0; at < index.size(); at += 61) {
    std::string damaged = index;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x5a);
    ASSERT_TRUE(save_file(path, damaged));
    const auto listing = ledger_->list("");
    ASSERT_TRUE(listing);
    ASSERT_EQ(listing->runs.size(), 3u) << "byte " << at;
    for (std::size_t i = 0; i < 3; ++i) expect_same(listing->runs[i], right->runs[i]);
  }
  for (const std::string& other :
       {std::string(), std::string("not a database"), index.substr(0, 5000)}) {
    ASSERT_TRUE(save_file(path, other));
    EXPECT_EQ(ledger_->list("")->runs.size(), 3u);
  }
  std::filesystem::remove(path);
  EXPECT_EQ(ledger_->list("")->runs.size(), 3u);
  EXPECT_EQ(load_index(path).size(), 3u);
}

TEST_F(LedgerTest, TakesOnlyItsOwnFilesForRecords) {
  const auto id = ledger_->store(job_named("mine"), {}, short_trace());
  ASSERT_TRUE(id);
  const std::string runs = home_ + "/runs/";
  for (const char* name : {"notes.txt", "..jrun", "a\x1b[31m.jrun", "20261125T153412-K3X9QA.jrun",
                           ".jrun.tail", "20261125T153412-k3x9qa.jrun.tail"})
    ASSERT_TRUE(save_file(runs + name, "x"));
  std::filesystem::create_directory(runs + "20260101T000000-dddddd.jrun");
  std::filesystem::create_symlink("/etc/passwd", runs + "20260101T000000-llllll.jrun");

  const auto listing = ledger_->list("");

  EXPECT_EQ(names_of(*listing), std::vector<std::string>{"mine"});
  EXPECT_TRUE(listing->problems.empty());
}

TEST_F(LedgerTest, GoesOnAfterARecordThatCannotBeRead) {
  ASSERT_TRUE(save_file(home_ + "/runs/20260101T000000-000000.jrun", "no record"));
  age(home_ + "/runs/20260101T000000-000000.jrun");
  ASSERT_TRUE(ledger_->store(job_named("good"), {}, short_trace()));

  const auto listing = ledger_->list("");

  EXPECT_EQ(names_of(*listing), std::vector<std::string>{"good"});
  ASSERT_EQ(listing->problems.size(), 1u);
  EXPECT_THAT(listing->problems[0], HasSubstr("20260101T000000-000000"));
}

TEST_F(LedgerTest, IsPrivate) {
  const auto home = home_ + "/new/home";
  const auto ledger = open_ledger(home);
  ASSERT_TRUE(ledger);
  const auto id = (*ledger)->store(job_named("secret"), {}, short_trace());
  ASSERT_TRUE(id);
  ASSERT_TRUE((*ledger)->list(""));

  using std::filesystem::perms;
  const auto mode = [](const std::string& path) {
    return std::filesystem::status(path).permissions();
  };
  EXPECT_EQ(mode(home), perms::owner_all);
  EXPECT_EQ(mode(home + "/runs/" + *id + ".jrun"), perms::owner_read | perms::owner_write);
  EXPECT_EQ(mode(home + "/index.sqlite"), perms::owner_read | perms::owner_write);
}

TEST_F(LedgerTest, RefusesAnIdThatIsNone) {
  Job job = job_named("x");
  job.id = "../escape";
  EXPECT_FALSE(ledger_->store(job, {}, short_trace()));
}

// The times are told, not judged: the machine may be busy with other things.
TEST_F(LedgerTest, ListsTenThousandRuns) {
  const auto id = ledger_->store(job_named("one of many"), {}, short_trace());
  ASSERT_TRUE(id);
  const std::string runs = home_ + "/runs/";
  for (int i = 10001; i < 20000; ++i) {
    const std::string other = "20260101T0" + std::to_string(i) + "-aaaaaa";
    std::filesystem::create_hard_link(runs + *id + ".jrun", runs + other + ".jrun");
  }

  for (const char* kind : {"from_records_ms", "from_index_ms"}) {
    const auto begin = std::chrono::steady_clock::now();
    const auto listing = ledger_->list("");
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
    ASSERT_TRUE(listing);
    EXPECT_EQ(listing->runs.size(), 10000u);
    RecordProperty(kind, static_cast<int>(took.count()));
  }
}

TEST_F(LedgerTest, ServesManyAtOnce) {
  constexpr std::size_t kWriters = 4, kRunsEach = 8;
  std::atomic<int> failures = 0;
  std::vector<std::thread> writers;
  for (std::size_t w = 0; w < kWriters; ++w) {
    writers.emplace_back([&] {
      const auto ledger = std::move(*open_ledger(home_));
      for (std::size_t i = 0; i < kRunsEach; ++i) {
        if (!ledger->store(job_named("many"), {}, short_trace())) ++failures;
        const auto listing = ledger->list("");
        if (!listing) ++failures;
        for (const std::string& problem : listing->problems) ADD_FAILURE() << problem;
      }
    });
  }
  for (std::thread& writer : writers) writer.join();

  EXPECT_EQ(failures, 0);
  EXPECT_EQ(ledger_->list("")->runs.size(), kWriters * kRunsEach);
  EXPECT_EQ(load_index(home_ + "/index.sqlite").size(), kWriters * kRunsEach);
}

TEST_F(LedgerTest, ListsWhereItsIndexCannotBeWritten) {
  ASSERT_TRUE(ledger_->store(job_named("a"), {}, short_trace()));
  std::filesystem::create_directories(home_ +
                                      "/index.sqlite/taken");  // for root, too, no file goes here

  const auto listing = ledger_->list("");

  ASSERT_TRUE(listing);
  EXPECT_EQ(listing->runs.size(), 1u);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(home_), {}),
            2);  // runs, index.sqlite
}

TEST(OpenLedger, NamesWhatIsInTheWay) {
  const auto ledger = open_ledger("/dev/null/home");
  ASSERT_FALSE(ledger);
  EXPECT_THAT(ledger.error().message, HasSubstr("/dev/null"));
}

}  // namespace
}  // namespace joulery
