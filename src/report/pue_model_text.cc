// report: the model of PUE for people: its formula, how well it tells, average and marginal.
#include <fmt/format.h>

#include <ostream>

#include "base/utf8.h"
#include "joulery/report.h"
#include "report/number.h"
#include "report/text_table.h"

namespace joulery {
namespace {

Estimate<double> term(const PueModel& model, std::size_t i, double value) {
  return Estimate<double>::of(value, model.term_u(i), Evidence::kModelled);
}

void write_formula(const PueModel& model, std::ostream& out) {
  if (model.capacity)
    write_paragraph(
        out, "Model: ",
        fmt::format("PUE = 1 + a + b/u + k max(0, T - T_fc), u: IT load as a share of {:.4g} kW "
                    "({}), T: {}",
                    model.capacity->count() / 1000, printable(model.capacity_source),
                    printable(model.temperature)));
  else
    write_paragraph(
        out, "Model: ",
        fmt::format("PUE = 1 + a + k max(0, T - T_fc), T: {}", printable(model.temperature)));
}

void write_terms(const PueModel& model, std::ostream& out) {
  TextTable table({"term", "value", ""}, {Align::kLeft, Align::kLeft, Align::kLeft});
  table.add({"a", plus_minus(term(model, 0, model.a)), "overhead in proportion to the IT"});
  if (model.capacity)
    table.add({"b", plus_minus(term(model, 1, model.b)), "overhead that is there without IT"});
  table.add({"k", plus_minus(term(model, 2, model.k)), "cooling per degree above the knee"});
  if (model.k > 0)
    table.add({"T_fc", plus_minus(term(model, 3, model.knee_c)),
               "knee in degrees Celsius, up to which the outdoor air cools alone"});
  table.write(out, 2);
}

std::string block_text(const PueModel& model) {
  if (model.block_days == 1) return "day";
  return model.block_days == 7 ? "week" : fmt::format("{} days", model.block_days);
}

void write_error(const PueModel& model, std::ostream& out) {
  const std::string block = block_text(model);
  write_paragraph(
      out, "  ",
      fmt::format("Fitted to {} hours: standard deviation {:.3g} about the fit. Of hours of a {} "
                  "that was left out of it {:.3g}, of the mean of such a {} {:.3g}.",
                  model.hours, model.residual_sd, block, model.predicted_sd, block,
                  model.block_sd));
}

void write_examples(const PueModel& model, std::ostream& out) {
  TextTable table({"T (degrees Celsius)", "average PUE", "marginal PUE"},
                  {Align::kRight, Align::kRight, Align::kRight});
  for (const double celsius : {model.least_c, model.knee_c, model.greatest_c})
    table.add({fmt::format("{:.1f}", celsius), plus_minus(model.predict(celsius)),
               plus_minus(model.marginal(celsius))});
  table.write(out, 2);
  write_paragraph(out, "  ",
                  model.capacity
                      ? "Average: over all IT, at its mean load. Marginal: what one more joule of "
                        "IT draws at the site; without b, which is drawn anyway."
                      : "No marginal PUE: " + model.marginal(model.knee_c).why + ".");
}

}  // namespace

void write_pue_model_text(const PueModel& model, std::ostream& out) {
  write_formula(model, out);
  write_terms(model, out);
  write_error(model, out);
  write_examples(model, out);
  out << '\n';
}

}  // namespace joulery
