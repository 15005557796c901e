// plan: a document of `joulery plan --json`, read again by what follows a plan: what hands it to
// Slurm, what states that it was followed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "joulery/plan.h"
#include "joulery/result.h"

namespace joulery::plan {

/// What a plan chose. What the document does not tell is empty.
struct Document {
  std::string objective;             ///< as PlanObjective::text
  std::string place;                 ///< where, if there were several
  std::optional<WallTime> now;       ///< begin without the plan
  std::optional<WallTime> deadline;  ///< by which the job must have ended
  std::vector<Slot> slots;           ///< at least one, each of some length, in order
  std::optional<double> saving_pct, saving_u_pct;
};

/// Errors: kInvalid, naming `file`, for what no plan tells: no slot, slots out of order, an
/// uncertainty below 0.
Result<Document> parse_document(std::string_view text, const std::string& file);
/// Errors: those of load_file() too.
Result<Document> read_document(const std::string& file);

}  // namespace joulery::plan
