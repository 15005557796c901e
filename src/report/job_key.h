// report: what tells jobs apart, a column of a table or an axis of a grid with its value, as text.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace joulery {

using JobKey = std::vector<std::pair<std::string, std::string>>;

/// "network=resnet50  batch=8", safe for a terminal.
std::string key_text(const JobKey& key);
/// "network  batch", the same, for a heading over values.
std::string key_names(const JobKey& key);
/// "resnet50  8", as they are.
std::string key_values(const JobKey& key, std::string_view between);

}  // namespace joulery
