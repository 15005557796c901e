// report: every channel that this machine could have, "joulery/sensors/1".
#include <ostream>

#include "base/json_writer.h"
#include "joulery/report.h"
#include "report/status_name.h"

namespace joulery {

void write_sensors_json(const std::vector<ChannelReport>& reports, std::ostream& out) {
  JsonWriter json(out);
  json.begin_object();
  json.member("schema", "joulery/sensors/1");
  json.key("channels");
  json.begin_array(JsonWriter::Layout::kLines);
  for (const ChannelReport& report : reports) {
    json.begin_object();
    json.member("id", report.id);
    json.member("kind", name_of(report.kind));
    json.member("source", report.source);
    json.member("status", status_name(report.status));
    json.member("why", report.why);
    json.member("advice", report.advice);
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

}  // namespace joulery
