// simulate: what is said of the series of a place.
#include "simulate/remarks.h"

#include <gmock/gmock.h>

#include "simulate/made_workload.h"

namespace joulery::simulate {
namespace {

TEST(Remarks, NotesWhatIsAssumedOfSeriesOnce) {
  PlaceSignals place = place_of(hourly({1}));
  place.intensity.kind.clear();
  place.constants.pue.estimate = Estimate<double>::missing("no PUE: --pue");
  std::vector<std::string> notes;
  add_place_notes({place, place}, notes);
  EXPECT_THAT(notes, testing::ElementsAre(testing::HasSubstr("taken as 10 %"),
                                          testing::HasSubstr("--intensity-kind"),
                                          testing::HasSubstr("cancels")));
}

TEST(Remarks, DoNotAssumeWhatTheSourcesOfAMixTell) {
  PlaceSignals place = place_of(hourly({1}));
  place.intensity.errors = {{"coal", true, {0.1}}};
  std::vector<std::string> notes;
  add_place_notes({place}, notes);
  EXPECT_THAT(notes, testing::IsEmpty());
}

TEST(Remarks, SayThatACapOfWhichNothingTellsHowSureItIsCountsAsExact) {
  SimulationRequest request;
  request.policies = {Shift::kRunNow, Shift::kCapsByHour};
  request.cap = CapEffect{"150W", 1.1, 0.8};
  std::vector<std::string> notes;
  add_cap_note(request, notes);
  EXPECT_THAT(notes, testing::ElementsAre(testing::HasSubstr("taken as exact")));
  notes.clear();
  request.cap->energy_u = 0.01;
  add_cap_note(request, notes);
  request.cap.reset();
  add_cap_note(request, notes);
  EXPECT_THAT(notes, testing::IsEmpty());
}

}  // namespace
}  // namespace joulery::simulate
