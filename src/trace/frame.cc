// trace: the frames of a record, see frame.h.
#include "trace/frame.h"

#include <xxhash.h>

#include <cstring>

#include "trace/bytes.h"

namespace joulery {
namespace {

constexpr std::string_view kMagic = "JRF1";
constexpr std::size_t kChecksumAt = 32;

// Over the header up to the checksum, then the payload.
std::uint64_t checksum_of(std::string_view frame, std::uint64_t key) {
  const std::uint64_t head = XXH3_64bits_withSeed(frame.data(), kChecksumAt, key);
  const std::string_view payload = frame.substr(kFrameHeaderSize);
  return XXH3_64bits_withSeed(payload.data(), payload.size(), head);
}

void store(std::string& out, std::size_t at, std::uint64_t value) {
  std::memcpy(out.data() + at, &value, sizeof value);
}

}  // namespace

std::size_t begin_frame(std::string& out) {
  const std::size_t start = out.size();
  out.append(kFrameHeaderSize, '\0');
  return start;
}

std::uint64_t finish_frame(std::string& out, std::size_t start, const Frame& frame,
                           std::uint64_t key) {
  kMagic.copy(out.data() + start, kMagic.size());
  out[start + 4] = static_cast<char>(frame.type);
  store(out, start + 8, out.size() - start - kFrameHeaderSize);
  store(out, start + 16, frame.first);
  store(out, start + 24, frame.last);
  const std::uint64_t checksum = checksum_of(std::string_view(out).substr(start), key);
  store(out, start + kChecksumAt, checksum);
  return checksum;
}

bool FrameReader::next(Frame& frame) {
  const std::string_view left = bytes_.substr(offset_);
  torn_ = !left.empty() && left.size() < kFrameHeaderSize;
  if (left.size() < kFrameHeaderSize) return false;
  ByteReader in(left);
  std::string_view magic;
  std::uint32_t type = 0;
  std::uint64_t size = 0, checksum = 0;
  const bool whole = in.take_bytes(kMagic.size(), magic) && in.take(type) && in.take(size) &&
                     in.take(frame.first) && in.take(frame.last) && in.take(checksum);
  if (!whole || magic != kMagic || size >= kMaxPayload) return false;
  torn_ = size > in.rest().size();
  if (torn_ || checksum != checksum_of(left.substr(0, kFrameHeaderSize + size), key_)) return false;
  frame.type = static_cast<FrameType>(type);
  if (type < 1 || type > 3 || frame.first > frame.last) return false;
  frame.payload = left.substr(kFrameHeaderSize, size);
  checksum_ = checksum;
  offset_ += kFrameHeaderSize + size;
  return true;
}

}  // namespace joulery
