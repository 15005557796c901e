// series: names of sources, see source_names.h.
#include "series/source_names.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace joulery::series {
namespace {

using Kind = SourceName::Kind;

struct Known {
  std::string_view plain;
  Kind kind;
  std::string_view id;
};

// "fossil" is dropped. The table's coal is pulverised, hard coal or lignite (IPCC AR5 WG3 Annex
// III). Sources that it does not have have no id.
constexpr std::array kKnown = {
    Known{"biomass", Kind::kSource, "biomass"},
    Known{"coal", Kind::kSource, "coal"},
    Known{"hard coal", Kind::kSource, "coal"},
    Known{"brown coal", Kind::kSource, "coal"},
    Known{"brown coal lignite", Kind::kSource, "coal"},
    Known{"lignite", Kind::kSource, "coal"},
    Known{"gas", Kind::kSource, "gas"},
    Known{"natural gas", Kind::kSource, "gas"},
    Known{"oil", Kind::kSource, "petroleum"},
    Known{"petroleum", Kind::kSource, "petroleum"},
    Known{"nuclear", Kind::kSource, "nuclear"},
    Known{"hydro", Kind::kSource, "hydro"},
    Known{"hydropower", Kind::kSource, "hydro"},
    Known{"large hydro", Kind::kSource, "hydro"},
    Known{"small hydro", Kind::kSource, "hydro"},
    Known{"run of river", Kind::kSource, "hydro"},
    Known{"hydro run of river", Kind::kSource, "hydro"},
    Known{"hydro run of river and poundage", Kind::kSource, "hydro"},
    Known{"hydro water reservoir", Kind::kSource, "hydro"},
    Known{"wind", Kind::kSource, "wind"},
    Known{"wind onshore", Kind::kSource, "wind"},
    Known{"wind offshore", Kind::kSource, "wind-offshore"},
    Known{"solar", Kind::kSource, "solar"},
    Known{"solar rooftop", Kind::kSource, "solar-rooftop"},
    Known{"geothermal", Kind::kSource, "geothermal"},
    Known{"renewable", Kind::kSource, "renewable"},
    Known{"other renewable", Kind::kSource, "renewable"},
    Known{"biogas", Kind::kSource, ""},
    Known{"coal derived gas", Kind::kSource, ""},
    Known{"marine", Kind::kSource, ""},
    Known{"oil shale", Kind::kSource, ""},
    Known{"other", Kind::kSource, ""},
    Known{"peat", Kind::kSource, ""},
    Known{"unknown", Kind::kSource, ""},
    Known{"waste", Kind::kSource, ""},
    Known{"import", Kind::kImport, ""},
    Known{"imports", Kind::kImport, ""},
    Known{"batteries", Kind::kStorage, ""},
    Known{"battery", Kind::kStorage, ""},
    Known{"battery discharge", Kind::kStorage, ""},
    Known{"hydro discharge", Kind::kStorage, ""},
    Known{"hydro pumped storage", Kind::kStorage, ""},
    Known{"pumped storage", Kind::kStorage, ""},
    Known{"storage", Kind::kStorage, ""},
};

bool is_noise(std::string_view word) {
  return word == "fossil" || word == "actual" || word == "aggregated" || word.empty();
}

/// "coal" of "coal_mw": a unit without brackets.
bool is_unit(std::string_view word) {
  return word == "kw" || word == "mw" || word == "gw" || word == "kwh" || word == "mwh" ||
         word == "gwh";
}

}  // namespace

std::string plain_source(std::string_view heading) {
  std::string text = lower(heading.substr(0, heading.find_first_of("([")));
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '-' || c == '_' || c == '/'; }, ' ');
  std::string plain;
  for (const std::string_view word : split(text, ' ')) {
    if (is_noise(word) || (is_unit(word) && !plain.empty())) continue;
    if (!plain.empty()) plain += ' ';
    plain += word;
  }
  return plain;
}

std::optional<SourceName> source_named(std::string_view plain) {
  const auto known = std::find_if(kKnown.begin(), kKnown.end(),
                                  [&](const Known& row) { return row.plain == plain; });
  if (known != kKnown.end()) return SourceName{known->kind, std::string(known->id)};
  for (const std::string_view word : {"import ", "imports "})
    if (plain.starts_with(word))
      return SourceName{Kind::kImport, std::string(plain.substr(word.size()))};
  if (plain.starts_with("export") || plain.ends_with("consumption"))
    return SourceName{Kind::kOut, ""};
  return {};
}

}  // namespace joulery::series
