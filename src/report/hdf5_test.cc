// report: reads an export back with HDF5 itself.
#include <gtest/gtest.h>
#include <hdf5.h>

#include <cstdlib>
#include <filesystem>

#include "joulery/report.h"
#include "report/sample_run.h"

namespace joulery {
namespace {

class ExportHdf5 : public testing::Test {
 protected:
  ExportHdf5() {
    std::string name = testing::TempDir() + "joulery_hdf5_XXXXXX";
    dir_ = ::mkdtemp(name.data());
  }
  ~ExportHdf5() override { std::filesystem::remove_all(dir_); }
  std::string dir_;
};

template <class T>
std::vector<T> read_column(hid_t file, const char* name, hid_t type) {
  const hid_t column = H5Dopen2(file, name, H5P_DEFAULT);
  const hid_t space = H5Dget_space(column);
  std::vector<T> values(static_cast<std::size_t>(H5Sget_simple_extent_npoints(space)));
  EXPECT_GE(H5Dread(column, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), 0);
  H5Sclose(space);
  H5Dclose(column);
  return values;
}

std::string read_text(hid_t file, const char* object, const char* name) {
  const hid_t attribute = H5Aopen_by_name(file, object, name, H5P_DEFAULT, H5P_DEFAULT);
  const hid_t type = H5Aget_type(attribute);
  char* text = nullptr;
  EXPECT_GE(H5Aread(attribute, type, &text), 0);
  const std::string copy = text == nullptr ? "" : text;
  H5free_memory(text);
  H5Tclose(type);
  H5Aclose(attribute);
  return copy;
}

TEST_F(ExportHdf5, HoldsEverySampleAndItsUnit) {
  const StoredRun run =
      sample_run(3000, 10, {"simulated", "mig-parent"});  // more rows than a chunk

  const auto done = export_hdf5(run, dir_ + "/run.h5");

  ASSERT_TRUE(done) << done.error().message;
  const hid_t file = H5Fopen((dir_ + "/run.h5").c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  ASSERT_GE(file, 0);
  EXPECT_EQ(read_text(file, "/", "schema"), "joulery/export/1");
  EXPECT_EQ(read_text(file, "/channels/0", "id"), "gpu/0/energy");
  EXPECT_EQ(read_text(file, "/channels/0", "unit"), "J");
  EXPECT_EQ(read_text(file, "/channels/1", "component"), "gpu/1");
  EXPECT_EQ(read_text(file, "/channels/1", "flags"), "simulated;mig-parent");
  const auto time = read_column<std::int64_t>(file, "/channels/0/time_us", H5T_NATIVE_INT64);
  const auto value = read_column<double>(file, "/channels/0/value", H5T_NATIVE_DOUBLE);
  const auto width =
      read_column<std::uint32_t>(file, "/channels/1/half_width_us", H5T_NATIVE_UINT32);
  const auto restart = read_column<std::uint8_t>(file, "/channels/0/restart", H5T_NATIVE_UINT8);
  H5Fclose(file);
  ASSERT_EQ(value.size(), 30001u);
  EXPECT_EQ(time.back(), 1'790'003'000'000'000);
  EXPECT_EQ(value.front(), 1000.1);
  EXPECT_EQ(value.back(), 1000.1 + 10.0 * 30000);
  EXPECT_EQ(width, std::vector<std::uint32_t>(101, 30));
  EXPECT_EQ(restart.front(), 1);
  EXPECT_EQ(restart.back(), 0);
}

TEST_F(ExportHdf5, LeavesNothingHalfWritten) {
  const auto done = export_hdf5(sample_run(1, 1), dir_ + "/missing/run.h5");

  ASSERT_FALSE(done);
  EXPECT_NE(done.error().message.find("missing/run.h5"), std::string::npos) << done.error().message;
  std::filesystem::create_directory(dir_ + "/taken");
  EXPECT_FALSE(export_hdf5(sample_run(1, 1), dir_ + "/taken"));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(dir_), {}), 1);
}

}  // namespace
}  // namespace joulery
