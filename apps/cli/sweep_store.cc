// joulery: the ledger as a sweep sees it, see sweep_store.h.
#include "sweep_store.h"

namespace joulery::cli {
namespace {

class LedgerRecord : public SweepRecord {
 public:
  explicit LedgerRecord(std::unique_ptr<OpenRun> run) : run_(std::move(run)) {}
  const std::string& id() const override { return run_->id(); }
  SampleSink& sink() override { return run_->sink(); }
  Result<void> close(const TraceInfo& end, const Job& job) override {
    return run_->close(end, job);
  }

 private:
  std::unique_ptr<OpenRun> run_;
};

}  // namespace

Result<std::unique_ptr<SweepRecord>> LedgerStore::begin(const Job& job, const Place& place,
                                                        std::span<const Channel> channels,
                                                        const TraceInfo& start) {
  JOULERY_TRY(auto run, ledger_.begin_run(job, place, channels, start));
  return std::unique_ptr<SweepRecord>(std::make_unique<LedgerRecord>(std::move(run)));
}

Result<KeptRun> LedgerStore::load(const std::string& id) {
  JOULERY_TRY(StoredRun stored, ledger_.load(id));
  return KeptRun{.job = std::move(stored.job),
                 .place = std::move(stored.place),
                 .trace = std::move(stored.trace)};
}

Result<std::vector<KeptTags>> LedgerStore::list() {
  JOULERY_TRY(const Ledger::Listing listing, ledger_.list(""));
  std::vector<KeptTags> runs;
  for (const RunSummary& run : listing.runs)
    runs.push_back(
        {.id = run.id, .finished = run.complete && run.exit_status == 0, .tags = run.tags});
  return runs;
}

}  // namespace joulery::cli
