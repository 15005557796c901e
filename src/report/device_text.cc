// report: the tables of hardware for people: a line each, or all that is known of one.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <ostream>

#include "base/utf8.h"
#include "joulery/report.h"
#include "report/number.h"
#include "report/per_hour.h"
#include "report/text_table.h"

namespace joulery {
namespace {

constexpr double kBytesPerGibibyte = 0x1p30;
constexpr double kTera = 1e12;

std::string number_or_dash(std::optional<double> number, double unit, std::string_view name) {
  return number ? fmt::format("{:.4g} {}", *number / unit, name) : "-";
}

std::string watts_or_dash(std::optional<Watts> power) {
  return power ? fmt::format("{:.4g} W", power->count()) : "-";
}

std::string average_of(const Accelerator& row) {
  return row.average_power ? plus_minus(as_number(row.average_power), "W") : "-";
}

std::string amount(const RentalPrice& price) {
  const double low = per_hour(price.low);
  const double high = per_hour(price.high);
  const std::string range =
      low == high ? fmt::format("{:.4g}", low) : fmt::format("{:.4g}..{:.4g}", low, high);
  return range + " " + price.currency + "/h";
}

void write_accelerators(const std::vector<Accelerator>& rows, std::ostream& out) {
  TextTable table({"accelerator", "year", "TDP", "average", "memory", "fp32", "tensor", "vendor"},
                  {Align::kLeft, Align::kRight, Align::kRight, Align::kRight, Align::kRight,
                   Align::kRight, Align::kRight, Align::kLeft});
  for (const Accelerator& row : rows)
    table.add({shortened(printable(row.id), 24), row.year != 0 ? fmt::format("{}", row.year) : "-",
               watts_or_dash(row.tdp), average_of(row),
               number_or_dash(row.memory_bytes, kBytesPerGibibyte, "GiB"),
               number_or_dash(row.fp32_flops, kTera, "TFLOP/s"),
               number_or_dash(row.tensor_flops, kTera, "TFLOP/s"), printable(row.vendor)});
  table.write(out, 0);
}

void write_cpus(const std::vector<Cpu>& cpus, std::ostream& out) {
  TextTable table({"CPU", "year", "TDP", "threads", "source"},
                  {Align::kLeft, Align::kRight, Align::kRight, Align::kRight, Align::kLeft});
  for (const Cpu& cpu : cpus)
    table.add({cpu.name, fmt::format("{}", cpu.year), watts_or_dash(cpu.tdp),
               fmt::format("{}", cpu.threads), cpu.source});
  table.write(out, 0);
}

// "TDP: 300 W (source)", wrapped; nothing where there is no figure.
void write_figure(std::ostream& out, std::string_view name, const std::string& figure,
                  const std::string& source) {
  if (figure == "-") return;
  write_paragraph(out, fmt::format("  {:<9}", name),
                  fmt::format("{}  ({})", figure, printable(source)));
}

void write_one(const Accelerator& row, std::ostream& out) {
  const std::string year = row.year != 0 ? fmt::format(", {}", row.year) : "";
  write_paragraph(
      out, "",
      fmt::format("{}  {} {}{}", printable(row.id), printable(row.vendor), row.kind, year));
  if (!row.aliases.empty())
    write_paragraph(out, "  also     ", printable(fmt::format("{}", fmt::join(row.aliases, ", "))));
  write_figure(out, "TDP", watts_or_dash(row.tdp), row.tdp_source);
  write_figure(out, "average", average_of(row), row.average_power_source);
  write_figure(out, "memory", number_or_dash(row.memory_bytes, kBytesPerGibibyte, "GiB"),
               row.memory_source);
  write_figure(out, "fp32", number_or_dash(row.fp32_flops, kTera, "TFLOP/s"),
               row.throughput_source);
  write_figure(out,
               row.tensor_format.empty() ? "tensor" : shortened(printable(row.tensor_format), 8),
               number_or_dash(row.tensor_flops, kTera, "TFLOP/s"), row.throughput_source);
  for (const RentalPrice& price : row.prices)
    write_figure(
        out, price.spot ? "spot" : "rent",
        fmt::format("{}, {} {}", amount(price), printable(price.provider), printable(price.as_of)),
        price.source);
  if (!row.note.empty()) write_paragraph(out, "  note     ", printable(row.note));
}

void write_one(const Cpu& cpu, std::ostream& out) {
  write_paragraph(out, "",
                  fmt::format("{}  CPU of {} threads, {}", cpu.name, cpu.threads, cpu.year));
  write_figure(out, "TDP", watts_or_dash(cpu.tdp), cpu.source);
}

}  // namespace

void write_devices_text(const DeviceTable& table, std::ostream& out) {
  if (table.accelerators.empty() && table.cpus.empty()) {
    out << "No device has all of these words in its names.\n";
    return;
  }
  if (!table.accelerators.empty()) write_accelerators(table.accelerators, out);
  if (!table.accelerators.empty() && !table.cpus.empty()) out << '\n';
  if (!table.cpus.empty()) write_cpus(table.cpus, out);
}

void write_device_text(const DeviceTable& table, std::ostream& out) {
  for (const Accelerator& row : table.accelerators) write_one(row, out);
  for (const Cpu& cpu : table.cpus) write_one(cpu, out);
}

}  // namespace joulery
