// report: a fixed account, with one of everything that a report has to show, for tests.
#pragma once

#include "joulery/account.h"
#include "joulery/ledger.h"
#include "joulery/sensor.h"

namespace joulery {

/// Four boards would tell no more than two: one counted, one that disagrees with itself; a modelled
/// CPU with a job's share; DRAM that could not be seen; a place with PUE and intensity, without
/// prices.
Account sample_account();
Comparison sample_comparison();
Ledger::Listing sample_listing();
std::vector<ChannelReport> sample_sensors();

}  // namespace joulery
