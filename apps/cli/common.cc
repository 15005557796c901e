// joulery: what several commands share, see common.h.
#include "common.h"

#include <sys/auxv.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "base/json_writer.h"
#include "joulery/report.h"

namespace joulery::cli {
namespace {

std::string host_name() {
  utsname machine{};
  return ::uname(&machine) == 0 ? machine.nodename : "";
}

// Not the user database: on a cluster it may ask the network.
std::string user_name() {
  const char* const name = ::secure_getenv("USER");
  return name != nullptr && *name != '\0' ? name : std::to_string(::getuid());
}

std::string last_part(const std::string& path) { return path.substr(path.rfind('/') + 1); }

}  // namespace

std::vector<std::string> config_files() {
  std::vector<std::string> files;
  const char* const config = ::secure_getenv("XDG_CONFIG_HOME");
  const char* const home = ::secure_getenv("HOME");
  if (config != nullptr && *config == '/')
    files.push_back(std::string(config) + "/joulery/config.toml");
  else if (home != nullptr && *home == '/')
    files.push_back(std::string(home) + "/.config/joulery/config.toml");
  files.emplace_back("/etc/joulery/config.toml");
  return files;
}

Result<Job> make_job(const Args& args, std::vector<std::string> command) {
  Job job;
  job.name = args.get("--name");
  if (args.has("--name")) JOULERY_CHECK(check_run_name(job.name, "--name"));
  if (job.name.empty() && !command.empty()) job.name = last_part(command[0]);
  job.project = args.get("--project");
  if (!job.project.empty()) JOULERY_CHECK(check_run_name(job.project, "--project"));
  for (const std::string& text : args.all("--tag")) {
    JOULERY_TRY(auto tag, parse_tag(text));
    const auto same_key = [&](const auto& other) { return other.first == tag.first; };
    if (std::any_of(job.tags.begin(), job.tags.end(), same_key))
      return Error{ErrorCode::kUsage, "--tag: " + tag.first + " is given twice"};
    job.tags.push_back(std::move(tag));
  }
  job.command = std::move(command);
  job.host = host_name();
  job.user = user_name();
  job.version = kVersion;
  return job;
}

Result<Place> make_place_from(const Args& args) {
  PlaceRequest request{.site = args.get("--site"),
                       .pue = args.get("--pue"),
                       .intensity = args.get("--intensity"),
                       .region = args.get("--region"),
                       .electricity_price = args.get("--electricity-price"),
                       .cloud_price = args.get("--cloud-price")};
  // A region that was typed is meant more than a site that the environment names.
  if (args.has("--region") && !args.has("--site")) request.site.clear();
  return make_place(request, config_files());
}

Result<std::unique_ptr<Ledger>> open_home_ledger() {
  JOULERY_TRY(const std::string home, default_home());
  auto ledger = open_ledger(home);
  const char* const chosen = ::secure_getenv("JOULERY_HOME");
  if (ledger || chosen == nullptr || *chosen == '\0') return ledger;
  Error error = std::move(ledger).error();
  error.message = "JOULERY_HOME: " + error.message;
  return error;
}

Result<MeasuredPower> find_measured_run(const std::string& run) {
  JOULERY_TRY(const auto ledger, open_home_ledger());
  JOULERY_TRY(const StoredRun stored, ledger->load(run));
  JOULERY_TRY(const Account account, make_account(*stored.trace, stored.job, stored.place));
  return measured_power(account, *stored.trace);
}

Result<Account> make_account_of(Ledger& ledger, const std::string& run) {
  JOULERY_TRY(const StoredRun stored, ledger.load(run));
  return make_account(*stored.trace, stored.job, stored.place);
}

void print_account(const Account& account, const Args& args) {
  if (args.has("--json"))
    write_account_json(account, std::cout);
  else
    write_account_text(account, std::cout);
}

void print_words_json(const std::string& command, const std::string& key,
                      const std::vector<std::string>& words, std::ostream& out) {
  JsonWriter json(out);
  json.begin_object(JsonWriter::Layout::kOneLine);
  json.member("schema", "joulery/" + command + "/1");
  json.member(key, words);
  json.end_object();
}

std::string calibration_directory() {
  const auto home = default_home();
  if (home && ::access((*home + "/calibration").c_str(), F_OK) == 0) return *home + "/calibration";
  return "/etc/joulery/calibration";
}

Result<std::string> shown_name(const Args& args, const std::string& example) {
  std::string name;
  for (std::size_t i = 1; i < args.words().size(); ++i)
    name += (i > 1 ? " " : "") + args.words()[i];
  if (!name.empty()) return name;
  return Error{ErrorCode::kUsage,
               args.words()[0] + " needs a NAME, for example joulery " + example};
}

std::string sysroot_of(const Args& args) {
  return ::getauxval(AT_SECURE) != 0 ? "" : args.get("--sysroot");
}

}  // namespace joulery::cli
