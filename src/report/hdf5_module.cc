// report: the module joulery_hdf5.so. Apart from the program, so that `joulery run` does not load
// HDF5.
#include "report/hdf5_module.h"

#include <hdf5.h>

#include <array>
#include <memory>
#include <string>

namespace joulery {
namespace {

thread_local std::string last_failure;  // NOLINT: tells the caller, who is in the same thread

constexpr hsize_t kChunk = 16384;  // 128 KiB of doubles: HDF5's chunk cache is 1 MiB
constexpr unsigned kDeflateLevel =
    1;  // columns of a sensor repeat; more takes longer and gives little

/// An HDF5 handle that is closed by the function that fits it.
template <herr_t (*Close)(hid_t)>
class Handle {
 public:
  explicit Handle(hid_t id = -1) : id_(id) {}
  ~Handle() { reset(); }
  Handle(Handle&& other) noexcept : id_(other.id_) { other.id_ = -1; }
  Handle& operator=(Handle&& other) noexcept {
    if (this != &other) {
      reset();
      id_ = other.id_;
      other.id_ = -1;
    }
    return *this;
  }
  [[nodiscard]] hid_t get() const { return id_; }
  explicit operator bool() const { return id_ >= 0; }
  bool reset() {
    const bool closed = id_ < 0 || Close(id_) >= 0;
    id_ = -1;
    return closed;
  }

 private:
  hid_t id_;
};
using FileHandle = Handle<H5Fclose>;
using Group = Handle<H5Gclose>;
using Dataset = Handle<H5Dclose>;
using Space = Handle<H5Sclose>;
using Type = Handle<H5Tclose>;
using AttributeHandle = Handle<H5Aclose>;
using PropertyList = Handle<H5Pclose>;

bool fail(const std::string& what) {
  last_failure = "HDF5 cannot " + what;
  return false;
}

struct ColumnKind {
  const char* name;
  hid_t file_type, memory_type;
};
constexpr std::size_t kColumns = 4;
std::array<ColumnKind, kColumns> column_kinds() {
  return {ColumnKind{"time_us", H5T_STD_I64LE, H5T_NATIVE_INT64},
          ColumnKind{"value", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE},
          ColumnKind{"half_width_us", H5T_STD_U32LE, H5T_NATIVE_UINT32},
          ColumnKind{"restart", H5T_STD_U8LE, H5T_NATIVE_UINT8}};
}

struct OpenFile {
  FileHandle file;
  Group channels;
  Group channel;
  std::array<Dataset, kColumns> columns;
  hsize_t rows = 0;
  std::size_t next_channel = 0;
};

bool put_attribute(hid_t where, const Hdf5Attribute& attribute) {
  const Space space(H5Screate(H5S_SCALAR));
  if (attribute.text == nullptr) {
    const AttributeHandle made(
        H5Acreate2(where, attribute.name, H5T_IEEE_F64LE, space.get(), H5P_DEFAULT, H5P_DEFAULT));
    return made && H5Awrite(made.get(), H5T_NATIVE_DOUBLE, &attribute.number) >= 0;
  }
  const Type type(H5Tcopy(H5T_C_S1));
  H5Tset_size(type.get(), H5T_VARIABLE);
  H5Tset_cset(type.get(), H5T_CSET_UTF8);
  const AttributeHandle made(
      H5Acreate2(where, attribute.name, type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT));
  return made && H5Awrite(made.get(), type.get(), static_cast<const void*>(&attribute.text)) >= 0;
}

bool put_attributes(hid_t where, const Hdf5Attribute* attributes, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    if (!put_attribute(where, attributes[i]))
      return fail(std::string("write the attribute ") + attributes[i].name);
  return true;
}

Dataset make_column(hid_t group, const ColumnKind& kind) {
  const hsize_t none = 0;
  const hsize_t any = H5S_UNLIMITED;
  const Space space(H5Screate_simple(1, &none, &any));
  const PropertyList list(H5Pcreate(H5P_DATASET_CREATE));
  H5Pset_chunk(list.get(), 1, &kChunk);
  H5Pset_shuffle(list.get());
  H5Pset_deflate(list.get(), kDeflateLevel);
  return Dataset(H5Dcreate2(group, kind.name, kind.file_type, space.get(), H5P_DEFAULT, list.get(),
                            H5P_DEFAULT));
}

bool append_column(const Dataset& column, const ColumnKind& kind, hsize_t rows, hsize_t count,
                   const void* values) {
  const hsize_t total = rows + count;
  if (H5Dset_extent(column.get(), &total) < 0) return false;
  const Space file_space(H5Dget_space(column.get()));
  const Space memory_space(H5Screate_simple(1, &count, nullptr));
  return H5Sselect_hyperslab(file_space.get(), H5S_SELECT_SET, &rows, nullptr, &count, nullptr) >=
             0 &&
         H5Dwrite(column.get(), kind.memory_type, memory_space.get(), file_space.get(), H5P_DEFAULT,
                  values) >= 0;
}

void* create(const char* path, const Hdf5Attribute* attributes, std::size_t count) {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);  // it would print to standard error
  auto open = std::make_unique<OpenFile>();
  open->file = FileHandle(H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
  if (!open->file) {
    fail(std::string("create ") + path);
    return nullptr;
  }
  if (!put_attributes(open->file.get(), attributes, count)) return nullptr;
  open->channels =
      Group(H5Gcreate2(open->file.get(), "channels", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
  if (!open->channels) {
    fail("make the group /channels");
    return nullptr;
  }
  return open.release();
}

bool begin_channel(void* file, const Hdf5Attribute* attributes, std::size_t count) {
  auto& open = *static_cast<OpenFile*>(file);
  const std::string name = std::to_string(open.next_channel++);
  open.channel =
      Group(H5Gcreate2(open.channels.get(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
  if (!open.channel) return fail("make the group /channels/" + name);
  open.rows = 0;
  const auto kinds = column_kinds();
  for (std::size_t i = 0; i < kColumns; ++i) {
    open.columns[i] = make_column(open.channel.get(), kinds[i]);
    if (!open.columns[i]) return fail(std::string("make the column ") + kinds[i].name);
  }
  return put_attributes(open.channel.get(), attributes, count);
}

bool append(void* file, const std::int64_t* time_us, const double* value,
            const std::uint32_t* half_width_us, const std::uint8_t* restart, std::size_t count) {
  auto& open = *static_cast<OpenFile*>(file);
  const std::array<const void*, kColumns> values = {time_us, value, half_width_us, restart};
  const auto kinds = column_kinds();
  for (std::size_t i = 0; i < kColumns; ++i)
    if (!append_column(open.columns[i], kinds[i], open.rows, count, values[i]))
      return fail(std::string("write the column ") + kinds[i].name);
  open.rows += count;
  return true;
}

bool close(void* file) {
  const std::unique_ptr<OpenFile> open(static_cast<OpenFile*>(file));
  for (Dataset& column : open->columns) column.reset();
  open->channel.reset();
  open->channels.reset();
  return open->file.reset() || fail("close the file: disk full?");
}

const char* failure() { return last_failure.c_str(); }

}  // namespace
}  // namespace joulery

// A symbol of C, kHdf5ModuleSymbol.
// NOLINTBEGIN(readability-identifier-naming)
extern "C" {
extern __attribute__((visibility("default"))) const joulery::Hdf5Module joulery_hdf5_module;
const joulery::Hdf5Module joulery_hdf5_module = {joulery::kHdf5ModuleVersion,
                                                 joulery::create,
                                                 joulery::begin_channel,
                                                 joulery::append,
                                                 joulery::close,
                                                 joulery::failure};
}
// NOLINTEND(readability-identifier-naming)
