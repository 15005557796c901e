// report: the tables of hardware, "joulery/device/1"; docs/formats/factors.md says every key.
#include <ostream>

#include "joulery/report.h"
#include "report/json_quantity.h"
#include "report/per_hour.h"

namespace joulery {
namespace {

using Layout = JsonWriter::Layout;

// A figure and its source; absent figures have neither key.
template <class T>
void put_figure(JsonWriter& json, std::string_view key, const std::optional<T>& figure,
                std::string_view source_key, const std::string& source) {
  if (!figure) return;
  json.member(key, count_of(*figure));
  json.member(source_key, source);
}

void put_price(JsonWriter& json, const RentalPrice& price) {
  json.begin_object(Layout::kOneLine);
  json.member("provider", price.provider);
  json.member("spot", price.spot);
  json.member("low_per_h", per_hour(price.low));
  json.member("high_per_h", per_hour(price.high));
  json.member("currency", price.currency);
  json.member("as_of", price.as_of);
  json.member("source", price.source);
  json.end_object();
}

void put_average(JsonWriter& json, const Accelerator& row) {
  json.key("average_power");
  json.begin_object(Layout::kOneLine);
  put_quantity_members(json, as_number(row.average_power), "W");
  if (row.average_power) json.member("source", row.average_power_source);
  json.end_object();
}

void put_throughput(JsonWriter& json, const Accelerator& row) {
  if (row.fp32_flops) json.member("fp32_flops", *row.fp32_flops);
  if (row.tensor_flops) {
    json.member("tensor_flops", *row.tensor_flops);
    json.member("tensor_format", row.tensor_format);
  }
  if (row.fp32_flops || row.tensor_flops) json.member("throughput_source", row.throughput_source);
}

void put_accelerator(JsonWriter& json, const Accelerator& row) {
  json.begin_object();
  json.member("id", row.id);
  json.member("aliases", row.aliases);
  json.member("vendor", row.vendor);
  json.member("kind", row.kind);
  if (row.year != 0) json.member("year", row.year);
  put_figure(json, "tdp_w", row.tdp, "tdp_source", row.tdp_source);
  put_figure(json, "memory_bytes", row.memory_bytes, "memory_source", row.memory_source);
  put_throughput(json, row);
  put_average(json, row);
  json.key("prices");
  json.begin_array(Layout::kLines);
  for (const RentalPrice& price : row.prices) put_price(json, price);
  json.end_array();
  if (!row.note.empty()) json.member("note", row.note);
  json.end_object();
}

void put_cpu(JsonWriter& json, const Cpu& cpu) {
  json.begin_object();
  json.member("id", cpu.name);
  json.member("kind", "cpu");
  json.member("year", cpu.year);
  json.member("threads", static_cast<std::uint64_t>(cpu.threads));
  json.member("tdp_w", cpu.tdp.count());
  json.member("tdp_source", cpu.source);
  json.end_object();
}

}  // namespace

void write_devices_json(const DeviceTable& table, std::ostream& out) {
  JsonWriter json(out);
  json.begin_object();
  json.member("schema", "joulery/device/1");
  json.key("devices");
  json.begin_array(Layout::kLines);
  for (const Accelerator& row : table.accelerators) put_accelerator(json, row);
  for (const Cpu& cpu : table.cpus) put_cpu(json, cpu);
  json.end_array();
  json.end_object();
}

}  // namespace joulery
