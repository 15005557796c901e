// report: devices that can be capped, their limits and who holds them, for people.
#include <fmt/format.h>

#include <map>
#include <optional>
#include <ostream>
#include <utility>

#include "base/text.h"
#include "base/utf8.h"
#include "joulery/report.h"
#include "report/text_table.h"

namespace joulery {
namespace {

constexpr std::size_t kCapDeviceColumns = 50;

std::string limit(const std::optional<Watts>& watts) {
  return watts ? fmt::format("{:g} W", watts->count()) : "-";
}

std::string range(const CapDevice& device) {
  if (!device.most) return device.least ? fmt::format("from {:g} W", device.least->count()) : "-";
  if (!device.least) return fmt::format("to {:g} W", device.most->count());
  return fmt::format("{:g}-{:g} W", device.least->count(), device.most->count());
}

std::string megahertz(Hertz clock) {
  return fmt::format("{:g} MHz", clock.count() / kHertzPerMegahertz);
}

std::string state(const CapDevice& device) {
  if (device.holder) return device.holder->dead ? "left over" : "held";
  return device.refused.empty() ? "free" : "refused";
}

std::string describe(const CapHolder& holder) {
  const std::string left =
      holder.left ? ", for " + format_duration(*holder.left) + " more" : std::string();
  const std::string clock =
      holder.clock ? fmt::format(", its clock locked to at most {} (before: not to be read)",
                                 megahertz(*holder.clock))
                   : std::string();
  return fmt::format("{} {:g} W (found at {:g} W){}, by {}, process {} of user {}, since {}{}",
                     holder.dead ? "left at" : "held at", holder.asked.count(),
                     holder.found.count(), clock, printable(holder.command), holder.pid, holder.uid,
                     format_time(holder.since), holder.dead ? ", which has ended" : left);
}

void write_details(const CapDevice& device, std::ostream& out) {
  if (!device.holder && device.notes.empty()) return;
  out << '\n';
  write_paragraph(out, "", printable(device.id) + ":");
  if (device.holder) write_paragraph(out, "  ", describe(*device.holder));
  for (const std::string& note : device.notes) write_paragraph(out, "  note: ", printable(note));
}

/// Devices often share one reason (a missing right): each is explained once.
void write_refusals(const std::vector<CapDevice>& devices, std::ostream& out) {
  std::map<std::pair<std::string, std::string>, std::string> ids;
  for (const CapDevice& device : devices) {
    if (device.refused.empty()) continue;
    std::string& list = ids[{device.refused, device.advice}];
    if (!list.empty()) list += ", ";
    list += printable(device.id);
  }
  for (const auto& [reason, list] : ids) {
    out << '\n';
    write_paragraph(out, "", list + ":");
    write_paragraph(out, "  refused: ", printable(reason.first));
    if (!reason.second.empty()) write_paragraph(out, "  to do: ", printable(reason.second));
  }
}

/// Devices of one kind share their range: it is told once.
void write_clocks(const std::vector<CapDevice>& devices, std::ostream& out) {
  std::map<std::string, std::string> ids;
  for (const CapDevice& device : devices) {
    if (!device.least_clock || !device.most_clock) continue;
    std::string& list = ids[fmt::format("{:g}-{}", device.least_clock->count() / kHertzPerMegahertz,
                                        megahertz(*device.most_clock))];
    list += (list.empty() ? "" : ", ") + printable(device.id);
  }
  if (!ids.empty()) out << '\n';
  for (const auto& [range, list] : ids)
    write_paragraph(out, "", fmt::format("clocks can be locked, {}: {}", range, list));
}

}  // namespace

void write_cap_text(const std::vector<CapDevice>& devices, std::ostream& out) {
  if (devices.empty()) {
    out << "No devices: nothing on this machine has a power limit that can be set.\n";
    return;
  }
  TextTable table(
      {"device", "range", "default", "request", "enforced", "state"},
      {Align::kLeft, Align::kRight, Align::kRight, Align::kRight, Align::kRight, Align::kLeft});
  for (const CapDevice& device : devices)
    table.add({shortened_path(printable(device.id), kCapDeviceColumns), range(device),
               limit(device.default_limit), limit(device.requested), limit(device.enforced),
               state(device)});
  table.write(out, 0);
  write_clocks(devices, out);
  for (const CapDevice& device : devices) write_details(device, out);
  write_refusals(devices, out);
}

void write_given_back_text(const std::vector<GivenBack>& given_back, std::ostream& out) {
  for (const GivenBack& device : given_back) {
    std::string text = printable(device.device) + ": ";
    if (device.restored)
      text += fmt::format("back at {:g} W, as it was found", device.found.count());
    else
      text +=
          (device.failed ? "not given back: " : "nothing to give back: ") + printable(device.why);
    if (device.unlocked) text += "; its clock is unlocked";
    write_paragraph(out, "", text);
  }
}

}  // namespace joulery
