// trace: what an import keeps of a log is bounded, so that one without end ends the import alone.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <streambuf>

#include "trace/import_fixture.h"

namespace joulery {
namespace {

std::string error_of(std::unique_ptr<std::istream> in, std::size_t most) {
  std::vector<LogSource> sources;
  sources.push_back({"a.log", std::move(in)});
  const auto imported = import_sources(std::move(sources), {}, most);
  return imported ? "no error" : imported.error().message;
}

std::string at(int line, int most) {
  return fmt::format(
      "a.log:{}: more than the {} readings that one import keeps; import it a part at a time", line,
      most);
}

/// A heading, and the same row for ever.
class EndlessStream : private std::streambuf, public std::istream {
 public:
  EndlessStream(std::string heading, std::string row)
      : std::istream(this), text_(std::move(heading)), row_(std::move(row)) {
    setg(text_.data(), text_.data(), text_.data() + text_.size());
  }

 private:
  std::streambuf::int_type underflow() override {
    text_ = row_;
    setg(text_.data(), text_.data(), text_.data() + text_.size());
    return std::streambuf::traits_type::to_int_type(text_[0]);
  }
  std::string text_, row_;
};

TEST(ImportBound, EndsAtTheBoundOfWhatItKeepsWhateverTheFormat) {
  const auto error_at = [](const std::string& text, std::size_t most) {
    return error_of(std::make_unique<std::istringstream>(text), most);
  };
  const std::string unnamed =
      "timestamp, power.draw [W], temperature.gpu\n2023/07/08 19:28:27.000, 100.00 W, 54\n"
      "2023/07/08 19:28:27.100, 110.00 W, 54\n2023/07/08 19:28:27.200, 120.00 W, 55\n";
  const std::string named =
      "timestamp, index, power.draw [W]\n2023/07/08 19:28:27.000, 0, 100.00 W\n"
      "2023/07/08 19:28:27.100, 0, [N/A]\n2023/07/08 19:28:27.200, 1, [N/A]\n";
  const std::string csv =
      "timestamp,power_w\n2023-07-08T19:28:27Z,1\n2023-07-08T19:28:28Z,2\n"
      "2023-07-08T19:28:29Z,3\n";
  const std::string dmon =
      "#Entity POWER\nID W\nGPU 0 100.0\nGPU 0 101.0\nGPU 0 102.0\nGPU 0 103.0\nGPU 0 104.0\n";
  const std::string ptdaemon =
      "Time,03-17-2021 04:12:22.264,Watts,1.0\nTime,03-17-2021 04:12:23.264,Watts,2.0\n";
  const std::string zeus = "window_name,elapsed_time,gpu0_energy\na,1,2\nb,1,2\n";
  const std::string codecarbon =
      "timestamp,run_id,duration,cpu_energy,gpu_energy,ram_energy,energy_consumed,emissions\n"
      "2024-05-31T10:39:13,a,10,1,1,1,3,1\n2024-05-31T10:40:13,b,10,1,1,1,3,1\n";

  EXPECT_EQ(error_at(unnamed, 5), at(3, 5));
  EXPECT_EQ(error_at(named, 5), at(2, 5));
  EXPECT_EQ(error_at(csv, 2), at(4, 2));
  EXPECT_EQ(error_at(dmon, 4), at(5, 4));
  EXPECT_EQ(error_at(ptdaemon, 1), at(2, 1));
  EXPECT_EQ(error_at(zeus, 12), at(3, 12));
  EXPECT_EQ(error_at(codecarbon, 15), at(3, 15));
  for (const std::string& text : {unnamed, named, csv, dmon, ptdaemon, zeus, codecarbon})
    EXPECT_EQ(error_at(text, 1000), "no error");
}

TEST(ImportBound, ALogWithoutEndEndsThere) {
  auto endless = std::make_unique<EndlessStream>("timestamp, power.draw [W], temperature.gpu\n",
                                                 "2023/07/08 19:28:27.000, 100.00 W, 54\n");

  EXPECT_EQ(error_of(std::move(endless), 9), at(5, 9));  // a row of 56 bytes is as three readings
}

TEST(ImportBound, HoldsForAllFilesTogether) {
  const std::string heading = "timestamp,power_w\n";
  const auto sources = [&] {
    std::vector<LogSource> made;
    for (const char* row : {"2023-07-08T19:28:27Z,1\n", "2023-07-08T19:28:28Z,2\n"})
      made.push_back({row[18] == '7' ? "a.csv" : "b.csv",
                      std::make_unique<std::istringstream>(heading + row)});
    return made;
  };

  const auto both = import_sources(sources(), {}, 2);
  EXPECT_TRUE(both) << both.error().message;
  EXPECT_THAT(import_sources(sources(), {}, 1).error().message,
              testing::HasSubstr("more than the 1 readings"));
}

}  // namespace
}  // namespace joulery
