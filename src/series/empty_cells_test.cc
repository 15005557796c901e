// series: columns of several steps in one table, and values that are missing.
#include "series/empty_cells.h"

#include <gmock/gmock.h>

#include "series/made_tables.h"

namespace joulery::series {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

const SeriesRequest kPowers{.measure = SeriesMeasure::kPower};

/// Quarter hours with "5" where `has` says so.
std::string quarters(const std::string& heading, std::size_t rows,
                     const std::function<bool(std::size_t)>& has) {
  return made_table(heading, minutes(15), rows, [&](std::size_t i) { return has(i) ? "5" : ""; });
}

TEST(EmptyCells, OfAColumnOfEveryFourthRowAreOfOthers) {
  for (const bool energy : {false, true}) {
    const Series series = good_made(
        quarters(energy ? "it_kwh" : "it_kw", 80, [](std::size_t i) { return i % 4 == 0; }),
        energy ? kEnergies : kPowers);

    ASSERT_EQ(series.pieces.size(), 20U);
    for (const SeriesPiece& piece : series.pieces) EXPECT_EQ(piece.end - piece.begin, hours(1));
    EXPECT_THAT(series.notes, testing::ElementsAre(HasSubstr("1 of 4 rows")));
  }
}

TEST(EmptyCells, OfASlowMeterWithMissingValuesKeepItsStep) {
  // Hourly, of which one in eight is missing: never an hour's energy in a quarter, nor in two
  // hours.
  const Series series =
      good_made(quarters("it_kwh", 400, [](std::size_t i) { return i % 4 == 0 && i / 4 % 8 != 3; }),
                kEnergies);

  ASSERT_EQ(series.pieces.size(), 87U);
  for (const SeriesPiece& piece : series.pieces) EXPECT_EQ(piece.end - piece.begin, hours(1));
  EXPECT_THAT(series.notes, Contains(HasSubstr("12 gaps")));
}

TEST(EmptyCells, FollowAChangeOfStepInMidFile) {
  const Series series = good_made(
      quarters("it_kwh", 200, [](std::size_t i) { return i < 100 || i % 4 == 0; }), kEnergies);

  Micros known{0};
  for (const SeriesPiece& piece : series.pieces) {
    const bool early = piece.begin < at("2024-01-02T01:00:00Z");
    EXPECT_EQ(piece.end - piece.begin, early ? minutes(15) : minutes(60))
        << format_time(piece.begin);
    known += piece.end - piece.begin;
  }
  // Where the step changes some energies show none, and are left out.
  EXPECT_GE(known, hours(50 - 4));
}

TEST(EmptyCells, OfADenseColumnAreGaps) {
  const Series series =
      good_made(quarters("it_kwh", 100, [](std::size_t i) { return i % 5 != 2; }), kEnergies);

  ASSERT_EQ(series.pieces.size(), 80U);
  for (const SeriesPiece& piece : series.pieces) EXPECT_EQ(piece.end - piece.begin, minutes(15));
  EXPECT_THAT(series.notes, testing::ElementsAre(HasSubstr("20 gaps")));
}

TEST(EmptyCells, WithoutAStepLeaveEnergiesUnknownAndNotPowers) {
  // 1, 2, 3, 4, 5 rows from one value to the next.
  const auto has = [](std::size_t i) {
    const std::size_t k = i % 15;
    return k == 0 || k == 1 || k == 3 || k == 6 || k == 10;
  };
  const auto energies = read_made(quarters("it_kwh", 150, has), kEnergies);
  const Series powers = good_made(quarters("it_kw", 150, has), kPowers);

  ASSERT_TRUE(energies) << energies.error().message;
  EXPECT_EQ(energies->pieces.size(), 10U);  // those that the next row follows
  EXPECT_THAT(energies->notes, Contains(HasSubstr("40 energies, first at 2024-01-01T00:15")));
  EXPECT_EQ(powers.pieces.size(), 50U);
}

TEST(EmptyCells, OfFewEnergiesShowNoStep) {
  const auto series =
      read_made(quarters("it_kwh", 16, [](std::size_t i) { return i % 4 == 0; }), kEnergies);

  ASSERT_FALSE(series);
  EXPECT_THAT(series.error().message, HasSubstr("no row has a value"));
}

}  // namespace
}  // namespace joulery::series
