// fuzz: hostile records. The first byte chooses what the rest is: 0 a record with its tail, whose
// checksums are made right so that the bytes behind them are read too; 1 the payload of a batch; 2
// a column of whole numbers.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "trace/batch.h"
#include "trace/frame.h"
#include "trace/record_reader.h"

namespace joulery {
namespace {

// The same frames with right checksums; what is no whole frame stays as it is.
std::string sealed(std::string_view bytes, std::uint64_t& key) {
  std::string out;
  while (bytes.size() >= kFrameHeaderSize) {
    Frame frame;
    std::uint64_t size = 0;
    std::memcpy(&size, bytes.data() + 8, sizeof size);
    std::memcpy(&frame.first, bytes.data() + 16, sizeof frame.first);
    std::memcpy(&frame.last, bytes.data() + 24, sizeof frame.last);
    frame.type = static_cast<FrameType>(bytes[4]);
    if (size > bytes.size() - kFrameHeaderSize) break;
    const std::size_t start = begin_frame(out);
    out += bytes.substr(kFrameHeaderSize, size);
    const std::uint64_t checksum = finish_frame(out, start, frame, key);
    if (key == 0) key = checksum;
    bytes.remove_prefix(kFrameHeaderSize + size);
  }
  return out += bytes;
}

// What every reader of a trace relies on.
void check_block(const Block& block) {
  const std::size_t size = block.value.size();
  const bool sound = size > 0 && block.time.size() == size && block.half_width_us.size() == size &&
                     (block.restart.empty() || block.restart.size() == size) &&
                     std::is_sorted(block.time.begin(), block.time.end());
  if (!sound) __builtin_trap();
}

void read_record(std::string_view bytes) {
  std::uint32_t size = 0;
  if (bytes.size() < sizeof size) return;
  std::memcpy(&size, bytes.data(), sizeof size);
  bytes.remove_prefix(sizeof size);
  const std::size_t split = std::min<std::size_t>(size, bytes.size());
  std::uint64_t key = 0;
  const std::string record = sealed(bytes.substr(0, split), key);
  const std::string tail = sealed(bytes.substr(split), key);
  const auto read = RecordBytes::read(record, tail);
  if (!read) return;
  (void)read->scan([](const Channel&) { return true; },
                   [](std::uint16_t, const Block& block) { check_block(block); });
}

void read_batch(std::string_view payload) {
  std::vector<Channel> channels(3);
  for (Channel& channel : channels) channel.resolution = 1e-3;
  BatchReader reader(channels);
  BatchHead head;
  (void)reader.read_head(payload, head);
  (void)reader.scan(payload, std::vector<bool>(3, true),
                    [](std::uint16_t, const Block& block) { check_block(block); });
}

void read_column(std::string_view bytes) {
  ByteReader in(bytes);
  std::uint16_t count = 0;
  if (!in.take(count)) return;
  std::vector<std::int64_t> column(count);
  (void)IntDecoder().decode(in, column);
}

}  // namespace
}  // namespace joulery

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (bytes.empty()) return 0;
  if (bytes[0] == 0) joulery::read_record(bytes.substr(1));
  if (bytes[0] == 1) joulery::read_batch(bytes.substr(1));
  if (bytes[0] == 2) joulery::read_column(bytes.substr(1));
  return 0;
}
