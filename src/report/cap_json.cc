// report: devices that can be capped, "joulery/cap/1".
#include <ostream>

#include "base/json_writer.h"
#include "base/text.h"
#include "joulery/report.h"
#include "report/json_quantity.h"

namespace joulery {
namespace {

std::optional<double> megahertz(const std::optional<Hertz>& clock) {
  return clock ? std::optional(clock->count() / kHertzPerMegahertz) : std::nullopt;
}

void write_holder(const CapHolder& holder, JsonWriter& json) {
  json.begin_object();
  json.member("pid", holder.pid);
  json.member("uid", std::int64_t{holder.uid});
  json.member("command", holder.command);
  json.member("since", format_time(holder.since));
  json.member("left_s", holder.left ? std::optional(holder.left->count()) : std::nullopt);
  json.member("found_w", holder.found.count());
  json.member("asked_w", holder.asked.count());
  json.member("clock_mhz", megahertz(holder.clock));
  json.member("dead", holder.dead);
  json.member("detached", holder.detached);
  json.end_object();
}

void write_device(const CapDevice& device, JsonWriter& json) {
  json.begin_object();
  json.member("id", device.id);
  json.member("kind", name_of(device.kind));
  json.member("model", device.model);
  json.member("min_w", watts(device.least));
  json.member("max_w", watts(device.most));
  json.member("default_w", watts(device.default_limit));
  json.member("requested_w", watts(device.requested));
  json.member("enforced_w", watts(device.enforced));
  json.member("min_clock_mhz", megahertz(device.least_clock));
  json.member("max_clock_mhz", megahertz(device.most_clock));
  json.member("refused", device.refused);
  json.member("advice", device.advice);
  json.member("notes", device.notes);
  json.key("lease");
  if (device.holder)
    write_holder(*device.holder, json);
  else
    json.null();
  json.end_object();
}

void write_given_back(const GivenBack& device, JsonWriter& json) {
  json.begin_object();
  json.member("id", device.device);
  json.member("found_w", device.found.count());
  json.member("asked_w", device.asked.count());
  json.member("requested_w", watts(device.requested));
  json.member("restored", device.restored);
  json.member("unlocked", device.unlocked);
  json.member("failed", device.failed);
  json.member("why", device.why);
  json.end_object();
}

}  // namespace

void write_cap_json(const std::vector<CapDevice>& devices, const std::vector<GivenBack>& given_back,
                    std::ostream& out) {
  JsonWriter json(out);
  json.begin_object();
  json.member("schema", "joulery/cap/1");
  json.key("devices");
  json.begin_array(JsonWriter::Layout::kLines);
  for (const CapDevice& device : devices) write_device(device, json);
  json.end_array();
  json.key("given_back");
  json.begin_array(JsonWriter::Layout::kLines);
  for (const GivenBack& device : given_back) write_given_back(device, json);
  json.end_array();
  json.end_object();
}

}  // namespace joulery
