// report: notes to an account, see notes_text.h.
#include "report/notes_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "base/utf8.h"
#include "report/component_text.h"
#include "report/flag_text.h"
#include "report/text_table.h"

namespace joulery {
namespace {

void note_loop(const LoopStats& loop, std::ostream& out) {
  if (loop.late == 0 && loop.lost == 0) return;
  write_paragraph(out, "  - ",
                  fmt::format("Of {} sampling times {} came late and {} not at all.",
                              loop.ticks + loop.lost, loop.late, loop.lost));
}

void note_survivors(const std::vector<Survivor>& survivors, std::ostream& out) {
  if (survivors.empty()) return;
  constexpr std::size_t kMostNamed = 5;
  std::string names;
  for (std::size_t i = 0; i < survivors.size() && i < kMostNamed; ++i)
    names +=
        fmt::format("{}{} ({})", i ? ", " : "", printable(survivors[i].name), survivors[i].pid);
  if (survivors.size() > kMostNamed)
    names += fmt::format(" and {} more", survivors.size() - kMostNamed);
  write_paragraph(
      out, "  - ",
      fmt::format("Still running after the command ended, and not measured further: {}.", names));
}

}  // namespace

void write_notes(const Account& account, Scale energy, std::ostream& out) {
  out << "Notes\n";
  write_paragraph(
      out, "  - ",
      "\u00b1 is k = 2, about 95 %; seen is the share of the run that the sensor covered.");
  const auto& kinds = account.includes;
  if (account.it_energy && std::find(kinds.begin(), kinds.end(), "node") == kinds.end())
    write_paragraph(out, "  - ",
                    "IT energy counts the parts listed; fans, board, disks, network and losses of "
                    "the power supply are not seen, unless by a meter of the whole node.");
  for (const std::string& flag : account.flags)
    if (!flag.starts_with("unseen: "))  // told above, with the reason
      write_paragraph(out, "  - ", "Run: " + explained_flag(flag) + ".");
  write_component_notes(account, energy, out);
  note_loop(account.loop, out);
  note_survivors(account.job.survivors, out);
}

}  // namespace joulery
