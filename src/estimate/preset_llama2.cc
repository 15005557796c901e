// estimate: Touvron et al.: Llama 2: Open Foundation and Fine-Tuned Chat Models. 2023, arXiv
// 2307.09288, Table 2; and the model card of meta-llama/llama-models.
#include <array>

#include "estimate/preset.h"

namespace joulery::estimate {
namespace {

struct Llama2Row {
  const char* name;
  const char* device_hours;  ///< as a flag
  const char* printed_hours;
  const char* power;
  const char* tonnes;
};
constexpr std::array kTable2 = {
    Llama2Row{"Llama 2 7B", "184320h", "184,320", "400W", "31.22"},
    Llama2Row{"Llama 2 13B", "368640h", "368,640", "400W", "62.44"},
    Llama2Row{"Llama 2 34B", "1038336h", "1,038,336", "350W", "153.90"},
    Llama2Row{"Llama 2 70B", "1720320h", "1,720,320", "400W", "291.42"},
};

// Neither is printed there; Touvron et al., "LLaMA", arXiv 2302.13971, section 6, has both.
constexpr const char* kLlama2Pue = "1.1";
constexpr const char* kLlama2Intensity = "0.385kg/kWh";
// The card cuts digits instead of rounding them, so it may be off by a whole last digit.
constexpr double kCutSlack = 0.005 / 62.44;

}  // namespace

Result<Preset> llama2() {
  PresetTable table{"Table 2: pretraining", {"model", "GPU hours", "t CO2e"}, {}, {}};
  Preset preset{"llama2",
                "Touvron et al.: Llama 2. 2023, arXiv 2307.09288, Table 2, and its model card",
                {},
                {}};
  for (const Llama2Row& printed : kTable2) {
    JOULERY_TRY(EstimatedRow row, row_of({{"name", printed.name},
                                          {"device", "A100-SXM4-80GB"},
                                          {"device_hours", printed.device_hours},
                                          {"power", printed.power},
                                          {"pue", kLlama2Pue},
                                          {"intensity", kLlama2Intensity}}));
    table.rows.push_back(
        {printed.name,
         {cell(printed.printed_hours, row.request.device_time.value->count() / 3600),
          cell(printed.tonnes, tonnes(row.site.carbon), kCutSlack)}});
    preset.rows.push_back(std::move(row));
  }
  const EstimateTotal total = total_of(preset.rows);
  Seconds all_time{0};
  for (const EstimatedRow& row : preset.rows) all_time += *row.request.device_time.value;
  table.rows.push_back(
      {"all",
       {cell("3,311,616", all_time.count() / 3600), cell("539.00", tonnes(total.site.carbon))}});
  table.notes = {
      "PUE 1.1 and 385 g/kWh are printed beside the first LLaMA only; they reproduce these too.",
      "The power is the TDP: CPU, DRAM and the rest of the node are left out, so energy and carbon "
      "are lower bounds.",
      "The card cuts digits where others round (62.4476 is printed 62.44), and leaves out the 34B "
      "row that its total includes."};
  preset.tables.push_back(std::move(table));
  return preset;
}

}  // namespace joulery::estimate
