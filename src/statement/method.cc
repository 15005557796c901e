// statement: on what hardware, and how the energy of each part came to be known.
#include <algorithm>
#include <set>
#include <tuple>

#include "statement/parts.h"

namespace joulery::statement {
namespace {

void note(std::vector<std::string>& words, const std::string& word) {
  if (word.empty() || std::find(words.begin(), words.end(), word) != words.end()) return;
  words.push_back(word);
}

}  // namespace

std::vector<StatedHardware> count_hardware(const Runs& runs) {
  std::map<std::pair<ComponentKind, std::string>, StatedHardware> models;
  std::set<std::pair<std::string, std::string>> seen;
  for (const Account* run : runs) {
    for (const ComponentAccount& component : run->components) {
      // What another component counts is a part of that device, and memory is no device.
      if (component.part_of || component.kind == ComponentKind::kDram) continue;
      StatedHardware& model = models[{component.kind, component.model}];
      model.kind = component.kind;
      model.model = component.model;
      if (seen.insert({run->job.host, component.id}).second) ++model.count;
      if (run->duration) model.device_time += *run->duration.value;
    }
  }
  std::vector<StatedHardware> hardware;
  for (auto& [key, model] : models) hardware.push_back(std::move(model));
  return hardware;
}

std::vector<StatedMethod> group_methods(const Runs& runs) {
  std::map<Evidence, StatedMethod> methods;
  for (const Account* run : runs) {
    for (const ComponentAccount& component : run->components) {
      if (!component.energy || component.part_of) continue;
      StatedMethod& method = methods[component.energy.evidence];
      method.evidence = component.energy.evidence;
      method.energy += *component.energy.value;
      note(method.kinds, name_of(component.kind));
      note(method.sources, component.source);
    }
  }
  std::vector<StatedMethod> list;
  for (auto& [evidence, method] : methods) list.push_back(std::move(method));
  return list;
}

}  // namespace joulery::statement
