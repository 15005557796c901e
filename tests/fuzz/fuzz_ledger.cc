// fuzz: what the ledger reads beside its records. The first byte chooses: 0 a job and its place, 1
// the end of a job, 2 a list, else the bytes of an index.
#include <cstdint>
#include <string>

#include "ledger/index.h"
#include "ledger/job_json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  joulery::Job job;
  switch (data[0]) {
    case 0: {
      // What was read is written and read again.
      const auto about = joulery::parse_about(text);
      if (about && !joulery::parse_about(joulery::about_text(about->job, about->place)))
        __builtin_trap();
      break;
    }
    case 1:
      if (joulery::parse_closing(text, job) &&
          !joulery::parse_closing(joulery::closing_text(job), job))
        __builtin_trap();
      break;
    case 2: {
      const auto items = joulery::parse_list(text);
      if (items && *joulery::parse_list(joulery::list_text(*items)) != *items) __builtin_trap();
      break;
    }
    default:
      (void)joulery::read_index(text);
  }
  return 0;
}
