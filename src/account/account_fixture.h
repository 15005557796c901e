// account: what the tests of the account share.
#pragma once

#include <gtest/gtest.h>

#include "account/made_trace.h"
#include "joulery/account.h"

namespace joulery {

inline Account account_of(const account::MadeTrace& made, const Job& job = {},
                          const Place& place = {}) {
  Result<Account> account = make_account(made.build(), job, place);
  EXPECT_TRUE(account) << account.error().message;
  return *account;
}

inline double joules(const Estimate<Joules>& energy) {
  return energy.value ? energy.value->count() : -1;
}

inline account::MadeTrace::Function steady(double watts) {
  return [watts](double t) { return watts * t; };
}

}  // namespace joulery
