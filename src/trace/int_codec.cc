// trace: columns of whole numbers, see int_codec.h.
#include "trace/int_codec.h"

#include <zstd.h>

#include <algorithm>
#include <array>
#include <bit>

namespace joulery {
namespace {

constexpr std::uint8_t kPlainCoding = 3;  // codings 0 to 2 are the order of the differences
constexpr std::uint8_t kRawPlane = 0;
constexpr std::uint8_t kConstantPlane = 1;
constexpr std::uint8_t kZstdPlane = 2;

// Level 1 finds as much in noise as higher ones do. Noise repeats short runs by chance, and each
// that is taken costs more than it saves: only runs of 7 bytes count, looked up in a table that
// stays in the nearest cache.
constexpr int kLevel = 1;
constexpr int kShortestMatch = 7;
constexpr int kTableBits = 6;
// A packed plane has to save a sixteenth, or reading it costs more time than the bytes are worth.
constexpr std::size_t kWorthwhile = 16;
// Every fourth value tells which order is best as well as all of them do.
constexpr std::size_t kProbeStep = 4;

std::uint64_t bits(std::int64_t value) { return static_cast<std::uint64_t>(value); }
std::int64_t number(std::uint64_t value) { return static_cast<std::int64_t>(value); }

// Differences are taken modulo 2^64, so that no column overflows.
std::uint64_t residual(std::span<const std::int64_t> v, std::size_t i, int order) {
  switch (order) {
    case 0:
      return bits(v[i]);
    case 1:
      return bits(v[i]) - bits(v[i - 1]);
    default:
      return bits(v[i]) - 2 * bits(v[i - 1]) + bits(v[i - 2]);
  }
}

std::uint64_t distance(std::uint64_t a, std::uint64_t b) { return std::min(a - b, b - a); }

// The order whose residuals lie closest together, by the bits that they need around one of them.
int best_order(std::span<const std::int64_t> v) {
  if (v.size() < 4) return 0;
  std::array<std::uint64_t, 3> cost{};
  for (int order = 0; order < 3; ++order) {
    const std::uint64_t centre = residual(v, v.size() / 2, order);
    for (std::size_t i = 2; i < v.size(); i += kProbeStep)
      cost[static_cast<std::size_t>(order)] +=
          static_cast<std::uint64_t>(std::bit_width(distance(residual(v, i, order), centre)));
  }
  return static_cast<int>(std::min_element(cost.begin(), cost.end()) - cost.begin());
}

// The planes are joined in one pass; the width as a constant lets the compiler unroll it.
template <std::size_t Width>
void join_planes(const std::array<const unsigned char*, 8>& plane, std::uint64_t smallest,
                 std::span<std::int64_t> out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    std::uint64_t value = 0;
    for (std::size_t k = 0; k < Width; ++k) value |= std::uint64_t{plane[k][i]} << (8 * k);
    out[i] = number(value + smallest);
  }
}

using Join = void (*)(const std::array<const unsigned char*, 8>&, std::uint64_t,
                      std::span<std::int64_t>);
constexpr std::array<Join, 9> kJoin = {join_planes<0>, join_planes<1>, join_planes<2>,
                                       join_planes<3>, join_planes<4>, join_planes<5>,
                                       join_planes<6>, join_planes<7>, join_planes<8>};

void sum_up(std::span<std::int64_t> out, std::size_t order) {
  if (order == 1) {
    std::uint64_t value = bits(out[0]);
    for (std::size_t i = 1; i < out.size(); ++i) out[i] = number(value += bits(out[i]));
  } else if (order == 2) {
    std::uint64_t value = bits(out[1]);
    std::uint64_t step = value - bits(out[0]);
    for (std::size_t i = 2; i < out.size(); ++i) out[i] = number(value += step += bits(out[i]));
  }
}

}  // namespace

void IntEncoder::Free::operator()(ZSTD_CCtx_s* context) const { ZSTD_freeCCtx(context); }
void IntDecoder::Free::operator()(ZSTD_DCtx_s* context) const { ZSTD_freeDCtx(context); }
IntEncoder::IntEncoder() : context_(ZSTD_createCCtx()) {
  ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_compressionLevel, kLevel);
  ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_minMatch, kShortestMatch);
  ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_hashLog, kTableBits);
}
IntEncoder::~IntEncoder() = default;
IntDecoder::IntDecoder() : context_(ZSTD_createDCtx()) {}
IntDecoder::~IntDecoder() = default;

void IntEncoder::encode_plain(std::span<const std::int64_t> values, std::string& out) {
  put(out, kPlainCoding);
  put(out, std::uint8_t{8});
  if (!values.empty())
    out.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
}

void IntEncoder::encode(std::span<const std::int64_t> values, std::string& out) {
  const int order = best_order(values);
  const auto skipped = static_cast<std::size_t>(order);
  residual_.clear();
  for (std::size_t i = skipped; i < values.size(); ++i)
    residual_.push_back(residual(values, i, order));

  const auto less = [](std::uint64_t a, std::uint64_t b) { return number(a) < number(b); };
  const auto [low, high] = std::minmax_element(residual_.begin(), residual_.end(), less);
  const std::uint64_t smallest = residual_.empty() ? 0 : *low;
  const std::uint64_t span = residual_.empty() ? 0 : *high - smallest;
  const auto width = static_cast<std::size_t>(std::bit_width(span) + 7) / 8;

  put(out, static_cast<std::uint8_t>(order));
  put(out, static_cast<std::uint8_t>(width));
  for (std::size_t i = 0; i < skipped; ++i) put(out, values[i]);
  put(out, smallest);
  plane_.resize(residual_.size());
  for (std::size_t k = 0; k < width; ++k) {
    for (std::size_t i = 0; i < residual_.size(); ++i)
      plane_[i] = static_cast<char>((residual_[i] - smallest) >> (8 * k));
    encode_plane(plane_, out);
  }
}

void IntEncoder::encode_plane(std::string_view plane, std::string& out) {
  if (plane.find_first_not_of(plane[0]) == std::string_view::npos) {
    put(out, kConstantPlane);
    put(out, plane[0]);
    return;
  }
  packed_.resize(ZSTD_compressBound(plane.size()));
  const std::size_t size =
      ZSTD_compress2(context_.get(), packed_.data(), packed_.size(), plane.data(), plane.size());
  if (ZSTD_isError(size) != 0 || size + plane.size() / kWorthwhile >= plane.size()) {
    put(out, kRawPlane);
    out.append(plane);
    return;
  }
  put(out, kZstdPlane);
  put(out, static_cast<std::uint32_t>(size));
  out.append(packed_.data(), size);
}

bool IntDecoder::decode(ByteReader& in, std::span<std::int64_t> out) {
  std::uint8_t coding = 0, width = 0;
  if (!in.take(coding) || !in.take(width) || coding > kPlainCoding || width > 8) return false;
  if (coding == kPlainCoding) {
    std::string_view bytes;
    if (!in.take_bytes(out.size_bytes(), bytes)) return false;
    if (!out.empty()) std::memcpy(out.data(), bytes.data(), bytes.size());
    return true;
  }
  const std::size_t order = coding;
  std::uint64_t smallest = 0;
  if (order > out.size()) return false;
  for (std::size_t i = 0; i < order; ++i)
    if (!in.take(out[i])) return false;
  if (!in.take(smallest)) return false;

  std::array<const unsigned char*, 8> planes{};
  for (std::size_t k = 0; k < width; ++k)
    if (!decode_plane(in, out.size() - order, scratch_[k], planes[k])) return false;
  kJoin[width](planes, smallest, out.subspan(order));
  sum_up(out, order);
  return true;
}

bool IntDecoder::decode_plane(ByteReader& in, std::size_t size, std::string& scratch,
                              const unsigned char*& plane) {
  std::uint8_t kind = 0;
  std::string_view bytes;
  if (!in.take(kind)) return false;
  if (kind == kRawPlane) {
    if (!in.take_bytes(size, bytes)) return false;
    plane = reinterpret_cast<const unsigned char*>(bytes.data());
    return true;
  }
  if (scratch.size() < size) scratch.resize(size);
  plane = reinterpret_cast<const unsigned char*>(scratch.data());
  if (kind == kConstantPlane) {
    char value = 0;
    if (!in.take(value)) return false;
    std::fill_n(scratch.begin(), size, value);
    return true;
  }
  std::uint32_t packed = 0;
  if (kind != kZstdPlane || !in.take(packed) || !in.take_bytes(packed, bytes)) return false;
  return ZSTD_decompressDCtx(context_.get(), scratch.data(), size, bytes.data(), bytes.size()) ==
         size;
}

}  // namespace joulery
