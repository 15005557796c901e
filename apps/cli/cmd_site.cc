// joulery site list|show: the tables of places with PUE, intensity and price.
#include <fmt/format.h>

#include <iostream>

#include "commands.h"
#include "common.h"
#include "joulery/report.h"
#include "joulery/site.h"

namespace joulery::cli {
namespace {

Result<int> site_list(const std::vector<SiteEntry>& sites, const Args& args) {
  const std::vector<std::string> words(args.words().begin() + 1, args.words().end());
  const std::vector<SiteEntry> found = search_sites(sites, words);
  if (args.has("--json"))
    write_sites_json(found, std::cout);
  else
    write_sites_text(found, std::cout);
  return 0;
}

Result<int> site_show(const std::vector<SiteEntry>& sites, const Args& args) {
  JOULERY_TRY(const std::string name, shown_name(args, "site show gcp:europe-west1"));
  JOULERY_TRY(const SiteEntry site, find_site(sites, name));
  if (args.has("--json"))
    write_sites_json({site}, std::cout);
  else
    write_site_text(site, std::cout);
  return 0;
}

Result<int> cmd_site(const Args& args) {
  const std::string& action = args.words()[0];
  if (action != "list" && action != "show")
    return Error{
        ErrorCode::kUsage,
        fmt::format("site {}: not list or show; for example joulery site list google", action)};
  JOULERY_TRY(const std::vector<SiteEntry> sites, load_sites(config_files()));
  return action == "list" ? site_list(sites, args) : site_show(sites, args);
}

}  // namespace

Command site_command() {
  return {.name = "site",
          .summary =
              "Shows places with their PUE, carbon intensity and price: shipped ones and "
              "your own.",
          .usage = "list [WORD...] | show NAME [--json]",
          .least_words = 1,
          .most_words = kAnyNumber,
          .word = "list or show",
          .flags = {kJsonFlag},
          .example = "joulery site show gcp:europe-west1",
          .run = cmd_site};
}

}  // namespace joulery::cli
