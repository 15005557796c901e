// project: where the runs of a log were: each record's own place, and what the flags say over it.
#pragma once

#include <vector>

#include "joulery/project.h"

namespace joulery::project {

/// The same factors from the same source.
bool is_same_place(const Place& a, const Place& b);

/// By JobRecord::place: first that of the request, then each record's own: what a flag gives goes
/// first, then what the record has, then what the request has from elsewhere.
std::vector<Place> places_of(const std::vector<Place>& records, const ProjectRequest& request);

/// For people: the factors that all records share; those that differ are missing, and say so.
Place common_place(const std::vector<Place>& places);

}  // namespace joulery::project
