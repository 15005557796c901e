// plan: how uncertain a saving is, see saving_u.h.
#include "plan/saving_u.h"

#include <cmath>
#include <string>

namespace joulery::plan {
namespace {

// A choice: enough for 1/x from a twentieth to twice its middle, to 1 % of the standard deviation.
constexpr int kSwingSteps = 64;
/// Less is the rounding of sums, in percent.
constexpr double kRounding = 1e-9;

/// By how much one thing moves both totals of each term.
struct Swing {
  std::vector<double> now, planned;
};

class Swings {
 public:
  explicit Swings(std::size_t terms) : terms_(terms) {}
  void add(const std::string& name, std::size_t term, double now, double planned) {
    std::size_t i = 0;
    while (i < names_.size() && names_[i] != name) ++i;
    if (i == names_.size()) {
      names_.push_back(name);
      all_.push_back({std::vector<double>(terms_), std::vector<double>(terms_)});
    }
    all_[i].now[term] += now;
    all_[i].planned[term] += planned;
  }
  [[nodiscard]] const std::vector<Swing>& all() const { return all_; }

 private:
  std::size_t terms_;
  std::vector<std::string> names_;
  std::vector<Swing> all_;
};

const Shift* find(const std::vector<Shift>& shifts, const std::string& name) {
  for (const Shift& shift : shifts)
    if (shift.name == name) return &shift;
  return nullptr;
}

/// At the same place a number that holds at all times moves both runs, and one that may differ
/// from moment to moment moves them alike only where both run at once.
void add_shared(std::size_t term, const Shift& now, const Shift& planned, Swings& swings) {
  if (now.same_at_all_times) {
    swings.add(now.name, term, now.all(), planned.all());
    return;
  }
  swings.add(now.name + ", both", term, now.within, planned.within);
  swings.add(now.name + ", now", term, now.beside, 0);
  swings.add(now.name + ", planned", term, 0, planned.beside);
}

void add_term(std::size_t term, const TermTotal& now, const TermTotal& planned, bool same_place,
              Swings& swings) {
  for (const Shift& shift : now.total.shifts) {
    const Shift* const other = same_place ? find(planned.total.shifts, shift.name) : nullptr;
    if (other != nullptr)
      add_shared(term, shift, *other, swings);
    else
      swings.add(shift.name + ", now", term, shift.all(), 0);
  }
  for (const Shift& shift : planned.total.shifts)
    if (!same_place || find(now.total.shifts, shift.name) == nullptr)
      swings.add(shift.name + ", planned", term, 0, shift.all());
}

/// What is left of running now, in percent, where one thing is off by `e` standard uncertainties.
std::optional<double> left_pct(const std::vector<TermTotal>& now,
                               const std::vector<TermTotal>& planned, const Swing& swing,
                               double e) {
  double sum = 0;
  double weights = 0;
  for (std::size_t t = 0; t < now.size(); ++t) {
    const double whole = now[t].total.value + e * swing.now[t];
    if (whole <= 0) return {};
    sum += now[t].weight * (planned[t].total.value + e * swing.planned[t]) / whole;
    weights += now[t].weight;
  }
  return 100 * sum / weights;
}

/// Where running now might take nothing there is no ratio: in a straight line from where it is.
double straight_pct(const std::vector<TermTotal>& now, const std::vector<TermTotal>& planned,
                    const Swing& swing) {
  double sum = 0;
  double weights = 0;
  for (std::size_t t = 0; t < now.size(); ++t) {
    const double ratio = planned[t].total.value / now[t].total.value;
    sum += now[t].weight * (swing.planned[t] - ratio * swing.now[t]) / now[t].total.value;
    weights += now[t].weight;
  }
  return 100 * sum / weights;
}

/// Mean square of what one thing moves, in percent squared, about what the saving is told as.
double square_of(const std::vector<TermTotal>& now, const std::vector<TermTotal>& planned,
                 const Swing& swing, double told) {
  // The middles of the steps of a rectangle, drawn out until they have a variance of 1.
  const double half = std::sqrt(3.0 / (1 - 1.0 / (double{kSwingSteps} * kSwingSteps)));
  double sum = 0;
  for (int i = 0; i < kSwingSteps; ++i) {
    const auto left = left_pct(now, planned, swing, half * ((2 * i + 1.0) / kSwingSteps - 1));
    if (!left) return std::pow(straight_pct(now, planned, swing), 2);
    sum += std::pow(*left - told, 2);
  }
  return sum / kSwingSteps;
}

}  // namespace

std::optional<double> saving_u_pct(const std::vector<TermTotal>& now,
                                   const std::vector<TermTotal>& planned, bool same_place) {
  Swings swings(now.size());
  for (std::size_t t = 0; t < now.size(); ++t) add_term(t, now[t], planned[t], same_place, swings);
  const std::vector<double> none(now.size());
  const auto told = left_pct(now, planned, {none, none}, 0);
  if (!told) return {};
  double square = 0;
  for (const Swing& swing : swings.all()) square += square_of(now, planned, swing, *told);
  const double u = std::sqrt(square);
  if (u > kRounding * std::max(1.0, std::abs(*told))) return u;
  return {};
}

}  // namespace joulery::plan
