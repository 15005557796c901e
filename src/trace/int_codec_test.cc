#include "trace/int_codec.h"

#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <random>

namespace joulery {
namespace {

using Column = std::vector<std::int64_t>;

Column make_column(std::size_t size, const std::function<std::int64_t(std::int64_t)>& value) {
  Column column;
  for (std::size_t i = 0; i < size; ++i) column.push_back(value(static_cast<std::int64_t>(i)));
  return column;
}

std::string encoded(const Column& column) {
  std::string bytes;
  IntEncoder().encode(column, bytes);
  return bytes;
}

// What decoding gives, empty where it fails or leaves bytes over.
Column decoded(std::string_view bytes, std::size_t size) {
  Column column(size);
  ByteReader in(bytes);
  if (!IntDecoder().decode(in, column) || !in.rest().empty()) return {};
  return column;
}

TEST(IntCodec, GivesBackEveryKindOfColumn) {
  std::mt19937_64 random(1);
  const auto noise = [&](std::int64_t most) {
    return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(most));
  };
  std::int64_t counter = 0;
  const std::vector<Column> columns = {
      {},
      {7},
      {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max(), 0, -1,
       5},
      make_column(1000, [](std::int64_t) { return -3; }),
      make_column(1000, [](std::int64_t i) { return i * i; }),
      make_column(1000, [&](std::int64_t) { return 300'000 + noise(20'000); }),
      make_column(1000, [&](std::int64_t) { return counter += 30'000 + noise(1'000); }),
      make_column(1000, [&](std::int64_t) { return static_cast<std::int64_t>(random()); })};

  for (const Column& column : columns) EXPECT_EQ(decoded(encoded(column), column.size()), column);
}

TEST(IntCodec, GivesBackAPlainColumn) {
  const Column column = {1, -2, std::numeric_limits<std::int64_t>::max()};

  std::string bytes;
  IntEncoder::encode_plain(column, bytes);

  EXPECT_EQ(bytes.size(), 2 + 3 * 8U);
  EXPECT_EQ(decoded(bytes, column.size()), column);
}

TEST(IntCodec, TakesAFewBytesForWhatCanBePredicted) {
  EXPECT_LE(encoded(make_column(65'536, [](std::int64_t) { return 1'000'000'007; })).size(), 40U);
  EXPECT_LE(encoded(make_column(65'536, [](std::int64_t i) { return 5 + 100'000 * i; })).size(),
            40U);
  EXPECT_LE(encoded(make_column(65'536, [](std::int64_t i) { return 3 * i * i; })).size(), 40U);
}

TEST(IntCodec, TakesLittleMoreThanTheNoiseOfACounter) {
  std::mt19937_64 random(2);
  std::int64_t counter = 0;
  const Column column = make_column(4096, [&](std::int64_t) {
    return counter += 30'000 + static_cast<std::int64_t>(random() % 1024);
  });

  // 10 bits of noise are 1.25 bytes.
  EXPECT_LE(encoded(column).size(), 4096 * 1.25 * 1.05 + 40);
}

TEST(IntCodec, RefusesWhatIsCutOff) {
  std::mt19937_64 random(3);
  const std::string bytes = encoded(
      make_column(500, [&](std::int64_t) { return static_cast<std::int64_t>(random() % 3000); }));

  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_TRUE(decoded(std::string_view(bytes).substr(0, size), 500).empty()) << size;
}

TEST(IntCodec, SurvivesBytesThatAreNoColumn) {
  std::mt19937_64 random(4);
  for (int trial = 0; trial < 20'000; ++trial) {
    std::string bytes(random() % 64, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random() % 6);

    const std::size_t size = random() % 40;
    const Column column = decoded(bytes, size);

    EXPECT_TRUE(column.empty() || column.size() == size);
  }
}

}  // namespace
}  // namespace joulery
