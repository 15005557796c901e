// control: one run and its record, see recorded_run.h.
#include "control/recorded_run.h"

#include <algorithm>

#include "control/same_file.h"
#include "control/trial.h"
#include "control/watch.h"

namespace joulery {
namespace {

void remark(SampleSink& sink, const std::string& text, Instant time) {
  sink.note({.time = time, .kind = Event::Kind::kNote, .text = text});
}

void write_remarks(const LeaseWatch& watch, const Outcome& outcome, const SameFile* same,
                   SampleSink& sink) {
  const Instant end = outcome.info.end;
  for (const auto& lost : watch.lost())
    remark(sink, std::string(kLostControlNote) + describe(lost.watch), std::min(lost.time, end));
  if (outcome.interrupt)
    remark(sink, std::string(kInterruptNote) + std::to_string(*outcome.interrupt), end);
  if (same != nullptr) {
    const auto digest = same->digest();
    remark(sink,
           digest ? std::string(kDigestNote) + *digest
                  : std::string(kRemarkNote) + digest.error().message,
           end);
  }
  sink.accept({});
}

Result<void> close(SweepRecord& record, const Outcome& outcome, Job job) {
  job.exit_status = outcome.exit_status;
  job.signal = outcome.signal;
  job.cpu_use = outcome.cpu_use;
  job.survivors = outcome.survivors;
  return record.close(outcome.info, job);
}

}  // namespace

Result<RecordedRun> record_run(const SweepOptions& options, const SweepTools& tools,
                               CapLease& lease, Job job) {
  SessionOptions measured = options.session;
  measured.insists = true;  // no command keeps a cap in force
  JOULERY_TRY(const auto session, tools.sessions.open(measured));
  JOULERY_TRY(const auto record,
              tools.store.begin(job, options.place, session->channels(), session->start_info()));
  job.id = record->id();
  const SameFile same(options.same);
  LeaseWatch watch(lease);
  auto outcome = session->run(job.command, job.id, {&record->sink(), &watch});
  if (!outcome || outcome->start_failure) {
    const auto closed = record->close(outcome ? outcome->info : session->start_info(), job);
    if (closed) JOULERY_CHECK(tools.store.remove(job.id));
    return outcome ? *outcome->start_failure : outcome.error();
  }
  watch.look();
  write_remarks(watch, *outcome, options.same.empty() ? nullptr : &same, record->sink());
  RecordedRun run{
      .id = job.id, .outcome = *outcome, .lost_control = !watch.lost().empty(), .unclosed = {}};
  if (const auto closed = close(*record, *outcome, std::move(job)); !closed)
    run.unclosed = closed.error();
  return run;
}

}  // namespace joulery
