// series: which headings of a production mix mean which source of electricity.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace joulery::series {

/// What a heading of a mix means.
struct SourceName {
  enum class Kind : unsigned char {
    kSource,   ///< `id` is a row of data/energy_sources.csv, or empty: it has no factor there
    kImport,   ///< `id` is the zone it comes from, or empty
    kStorage,  ///< what it gives was made before
    kOut,      ///< an export, a consumption: nothing that was produced
  };
  Kind kind = Kind::kSource;
  std::string id;
};

/// The heading without its unit and in one spelling: "hydro run of river" of
/// "Hydro Run-of-river [MW]".
std::string plain_source(std::string_view heading);

/// Of ENTSO-E, CAISO, Elexon, Electricity Maps and our own table. Empty: the name of no source.
std::optional<SourceName> source_named(std::string_view plain);

}  // namespace joulery::series
