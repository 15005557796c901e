// joulery: what several commands share: flags, the ledger of this user, documents on standard
// output, files.
#pragma once

#include <array>
#include <functional>
#include <iosfwd>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "args.h"
#include "joulery/account.h"
#include "joulery/estimate.h"
#include "joulery/job.h"
#include "joulery/ledger.h"
#include "joulery/policy.h"
#include "joulery/site.h"

namespace joulery::cli {

inline constexpr const char* kVersion = JOULERY_VERSION;

inline constexpr std::array kSysrootFlag = {
    Flag{"--sysroot", "DIR", "machines/epyc",
         "read sensors below DIR (/sys, /proc, /dev), none of this machine"}};

inline constexpr std::array kJsonFlag = {
    Flag{"--json", "", "", "print one JSON document instead of text"}};

inline constexpr std::array kJobFlags = {
    Flag{"--name", "NAME", "baseline",
         "name of the run; RUN of other commands may be a name (default: the command's)"},
    Flag{"--project", "NAME", "thesis", "project that the run belongs to", false,
         "JOULERY_PROJECT"},
    Flag{"--tag", "KEY=VALUE", "seed=17", "a note kept with the run; may be given several times",
         true},
};

inline constexpr std::array kPlaceFlags = {
    Flag{
        "--site", "NAME", "cluster",
        "PUE, intensity and prices that a [site.NAME] table of the configuration tells, or PUE and "
        "intensity of a place that joulery site list shows",
        false, "JOULERY_SITE"},
    Flag{"--pue", "RATIO", "1.3+-0.05",
         "power usage effectiveness, 1 or more, or \"typical\" (1.56, u 0.25)"},
    Flag{"--intensity", "CARBON", "432g/kWh",
         "carbon intensity of the electricity, in g/kWh, kg/kWh or lb/kWh"},
    Flag{"--region", "NAME", "DE", "carbon intensity of a place that joulery site list shows"},
    Flag{"--electricity-price", "PRICE", "0.12USD/kWh",
         "price of the electricity, or \"table\": the published average at --region or --site, "
         "where "
         "joulery site show has one"},
    Flag{"--cloud-price", "PRICE", "0.74..2.48USD/h", "rent of one device, or a range"},
};

inline constexpr std::array kChoiceFlags = {
    Flag{"--objective", "NAME", "energy",
         "what is made small: energy, edp (energy x time) or cost (default: energy)"},
    Flag{"--max-slowdown", "PERCENT", "5%",
         "longest time against the baseline (default: no bound)"},
    Flag{"--base-power", "POWER", "100W",
         "of the node per device, beside the device's own, in W, kW or MW (default: none)"},
};

/// Of recommend and sweep: kChoiceFlags, and the prices of kPlaceFlags. Errors: kUsage, naming the
/// flag.
Result<ChoiceRules> choice_rules_of(const Args& args);

/// Of run and import: id, name, project, tags, host, user, version are filled in; `command` is the
/// caller's.
Result<Job> make_job(const Args& args, std::vector<std::string> command);
/// The user's, then the machine's.
std::vector<std::string> config_files();
Result<Place> make_place_from(const Args& args);

Result<std::unique_ptr<Ledger>> open_home_ledger();
Result<Account> make_account_of(Ledger& ledger, const std::string& run);
/// The power of a run of the home ledger, for rows of estimates that name one.
Result<MeasuredPower> find_measured_run(const std::string& run);

/// The account on standard output, as --json says.
void print_account(const Account& account, const Args& args);
/// {"schema": "joulery/COMMAND/1", KEY: [WORD, …]}, for commands that have little to say.
void print_words_json(const std::string& command, const std::string& key,
                      const std::vector<std::string>& words, std::ostream& out);

/// Files of gain and offset per board: $JOULERY_HOME/calibration (of the ledger's home), else
/// /etc/joulery/calibration.
std::string calibration_directory();

/// Of `show NAME`: the words after the first, which need no quotes. Errors: kUsage with `example`.
Result<std::string> shown_name(const Args& args, const std::string& example);

/// --sysroot, which a process with privileges that its caller lacks ignores.
std::string sysroot_of(const Args& args);

}  // namespace joulery::cli
