// estimate: Patterson, Gonzalez, Le, Liang, Munguia, Rothchild, So, Texier, Dean: Carbon Emissions
// and Large Neural Network Training. 2021, arXiv 2104.10350: Table 4.
#include <fmt/format.h>

#include <array>

#include "estimate/preset.h"

namespace joulery::estimate {
namespace {

/// As printed; `watts` is the mean of a system per accelerator, hosts and network included.
struct Patterson2021Row {
  const char* name;
  const char* device;
  int count;
  double watts;
  const char* days;
  double half_day_digit;  ///< half of the last digit of the days
  const char* pue;
  const char* intensity;  ///< gross
  const char* energy_mwh;
  const char* tonnes;  ///< gross
};
constexpr std::array kPatterson2021Table4 = {
    Patterson2021Row{"Evolved Transformer NAS", "TPUv2", 200, 208, "6.8", 0.05, "1.10",
                     "0.431kg/kWh", "7.5", "3.2"},
    Patterson2021Row{"T5", "TPUv3", 512, 310, "20", 0.5, "1.12", "0.545kg/kWh", "85.7", "46.7"},
    Patterson2021Row{"Meena", "TPUv3", 1024, 289, "30", 0.5, "1.09", "0.415kg/kWh", "232", "96.4"},
    Patterson2021Row{"GShard-600B", "TPUv3", 1024, 288, "3.1", 0.05, "1.09", "0.201kg/kWh", "24.1",
                     "4.8"},
    Patterson2021Row{"Switch Transformer", "TPUv3", 1024, 245, "27", 0.5, "1.10", "0.403kg/kWh",
                     "179", "72.2"},
    Patterson2021Row{"GPT-3", "V100", 10'000, 330, "14.8", 0.05, "1.10", "0.429kg/kWh", "1287",
                     "552.1"},
};

// Half of the last digit of the printed PUE and intensity (0.005 of 1.09, 0.0005 of 0.201).
constexpr double kPueSlack = 0.005 / 1.09;
constexpr double kIntensitySlack = 0.0005 / 0.201;

/// How far a product of the printed inputs may be off because they are rounded.
double energy_slack(const Patterson2021Row& printed, double days) {
  return printed.half_day_digit / days + 0.5 / printed.watts + kPueSlack;
}

double energy_printed_slack(const Patterson2021Row& printed, double mwh) {
  const std::string text = printed.energy_mwh;
  return (text.find('.') == std::string::npos ? 0.5 : 0.05) / mwh + kIntensitySlack;
}

struct Both {
  EstimatedRow by_power, by_energy;
};

Result<Both> rows_of(const Patterson2021Row& printed) {
  Both both;
  const std::string days = std::string(printed.days) + "d";
  const std::string count = fmt::format("{}", printed.count);
  JOULERY_TRY(both.by_power,
              row_of({{"name", printed.name},
                      {"device", printed.device},
                      {"count", count},
                      {"node_power", fmt::format("{}W", printed.watts * printed.count)},
                      {"duration", days},
                      {"pue", printed.pue},
                      {"intensity", printed.intensity}}));
  JOULERY_TRY(both.by_energy,
              row_of({{"name", std::string(printed.name) + ", from the printed energy"},
                      {"device", printed.device},
                      {"count", count},
                      {"energy", std::string(printed.energy_mwh) + "MWh"},
                      {"energy_includes_pue", "true"},
                      {"duration", days},
                      {"pue", printed.pue},
                      {"intensity", printed.intensity}}));
  return both;
}

PresetTable::Row cells_of(const Patterson2021Row& printed, const Both& both) {
  const double days = both.by_power.request.duration.value->count() / 86'400;
  const double slack = energy_slack(printed, days);
  const double mwh = kilowatt_hours(both.by_power.site.site_energy) / 1000;
  return {printed.name,
          {cell(printed.energy_mwh, mwh, slack),
           cell(printed.tonnes, tonnes(both.by_power.site.carbon), slack + kIntensitySlack),
           cell(printed.tonnes, tonnes(both.by_energy.site.carbon),
                energy_printed_slack(printed, mwh))}};
}

}  // namespace

Result<Preset> patterson2021() {
  PresetTable table{
      "Table 4: training of large models, gross emissions",
      {"model", "MWh x PUE", "t CO2e, by power", "t CO2e, by energy"},
      {},
      {"The printed energy includes the PUE: GPT-3's 1,287 MWh are what its site drew, and 552.1 t "
       "follow from them alone, without a PUE.",
       "By power: accelerators x days x mean power of a system per accelerator x PUE; the days are "
       "printed rounded, so the last digits differ. GPT-3's V100 draw 330 W each with their "
       "hosts, above the 300 W of the TDP.",
       "Gross is by the grid's average; the paper's net figures take off what Google buys of "
       "carbon-free energy, and are not held here."}};
  Preset preset{"patterson2021",
                "Patterson et al.: Carbon Emissions and Large Neural Network Training. 2021, arXiv "
                "2104.10350",
                {},
                {}};
  for (const Patterson2021Row& printed : kPatterson2021Table4) {
    JOULERY_TRY(Both both, rows_of(printed));
    table.rows.push_back(cells_of(printed, both));
    preset.rows.push_back(std::move(both.by_power));
    preset.rows.push_back(std::move(both.by_energy));
  }
  preset.tables.push_back(std::move(table));
  return preset;
}

}  // namespace joulery::estimate
