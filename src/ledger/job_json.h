// ledger: what a record says of its job and place, as JSON. docs/formats/ledger.md says every key.
#pragma once

#include <string>
#include <vector>

#include "joulery/job.h"
#include "joulery/site.h"

namespace joulery {

struct About {
  Job job;
  Place place;
};

/// What is known at the start. Reading it back gives the same values, also of text that is not
/// UTF-8.
std::string about_text(const Job& job, const Place& place);
/// Errors: kInvalid, also where a newer Joulery wrote it.
Result<About> parse_about(const std::string& text);

/// What is known at the end.
std::string closing_text(const Job& job);
/// Fills in the end of `job`. Errors as parse_about.
Result<void> parse_closing(const std::string& text, Job& job);

/// A list of texts in one text, for a column of the index.
std::string list_text(const std::vector<std::string>& items);
Result<std::vector<std::string>> parse_list(const std::string& text);

}  // namespace joulery
