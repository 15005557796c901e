// joulery: the ledger as a sweep sees it.
#pragma once

#include "joulery/control.h"
#include "joulery/ledger.h"

namespace joulery::cli {

class LedgerStore : public SweepStore {
 public:
  explicit LedgerStore(Ledger& ledger) : ledger_(ledger) {}
  Result<std::unique_ptr<SweepRecord>> begin(const Job& job, const Place& place,
                                             std::span<const Channel> channels,
                                             const TraceInfo& start) override;
  Result<KeptRun> load(const std::string& id) override;
  Result<void> remove(const std::string& id) override { return ledger_.remove(id); }
  Result<std::vector<KeptTags>> list() override;

 private:
  Ledger& ledger_;
};

}  // namespace joulery::cli
