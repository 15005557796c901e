// project: which column of a log is what, by the names that Slurm, clusters' published traces and
// people give them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "joulery/project.h"
#include "project/log_builder.h"

namespace joulery::project {

/// What a row can tell, in the order of kWanted in columns.cc.
enum class Field : std::uint8_t {
  kId,
  kStart,
  kSubmit,
  kEnd,
  kElapsed,
  kTres,  ///< "cpu=8,gres/gpu:a100=4"
  kGres,  ///< "gpu:v100:4", a node
  kNodes,
  kDeviceCount,
  kDeviceShare,  ///< of each device, 0..1
  kDevice,
  kCpus,
  kEnergy,
  kTags,  ///< "stage=tuning,search=17"
  kCount
};

struct FoundColumn {
  std::size_t at = 0;  ///< in the heading
  double unit = 1;     ///< of its numbers, in s, J, or one
};

/// Where the columns of one heading are.
struct LogColumns {
  std::vector<std::string> names;  ///< of the heading
  std::optional<FoundColumn> fields[static_cast<std::size_t>(Field::kCount)];
  std::vector<std::optional<std::size_t>> kept;  ///< of LogData::columns
  std::vector<std::string> tag_names;            ///< of LogData::columns: as a tag
  std::optional<std::size_t> phase;              ///< of kState in the heading

  [[nodiscard]] const std::optional<FoundColumn>& at(Field field) const {
    return fields[static_cast<std::size_t>(field)];
  }
};

/// Sets LogData::has_column and default `by`. Errors: kInvalid (doubled names; no elapsed time nor
/// both ends; nothing that tells devices), kUsage for a column of the options that is not there.
Result<LogColumns> find_log_columns(std::vector<std::string> names, const JobLogOptions& options,
                                    const std::string& place, LogData& data);

/// The value of a tag in "k=v,k2=v2", parted by commas, semicolons or blanks; else empty.
std::string_view tag_of(std::string_view tags, std::string_view name);

/// Resolves names to columns or tags alike for every format: `find` gives the place of a column,
/// `has_tags` whether rows may have tags.
Result<void> check_by(const JobLogOptions& options, const std::vector<std::string>& known,
                      bool has_tags, const std::string& place);
/// The default of --by: device, and user and state where the log has them.
void put_default_by(LogData& data);

}  // namespace joulery::project
