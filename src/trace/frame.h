// trace: the frames of a record: length, batch numbers and a checksum around a payload.
// docs/formats/record.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace joulery {

enum class FrameType : std::uint8_t { kHeader = 1, kBatch = 2, kClose = 3 };

struct Frame {
  FrameType type = FrameType::kBatch;
  std::uint64_t first = 0;  ///< number of the first batch in it; batches are counted from 1
  std::uint64_t last = 0;   ///< number of the last batch in it
  std::string_view payload;
};

inline constexpr std::size_t kFrameHeaderSize = 40;
/// A payload is smaller than this; what claims more is damage.
inline constexpr std::uint32_t kMaxPayload = 1U << 30;

/// Makes room for a frame's header at the end of `out`; the payload is appended next, then comes
/// finish_frame().
std::size_t begin_frame(std::string& out);
/// Fills in the header of the frame that begins at `start` and ends with `out`. `key` is 0 for the
/// header frame and its checksum for all others, so that a frame of another record never fits.
/// Returns the checksum.
std::uint64_t finish_frame(std::string& out, std::size_t start, const Frame& frame,
                           std::uint64_t key);

/// Takes the frames of a file from its front, for as long as they are whole.
class FrameReader {
 public:
  FrameReader(std::string_view bytes, std::uint64_t key) : bytes_(bytes), key_(key) {}
  /// False at the end, and at the first frame that is torn or damaged.
  bool next(Frame& frame);
  [[nodiscard]] std::size_t offset() const {
    return offset_;
  }  ///< of the frame that next() would take
  [[nodiscard]] bool at_end() const { return offset_ == bytes_.size(); }
  [[nodiscard]] bool torn() const {
    return torn_;
  }  ///< the last frame's end is missing, as after a kill
  [[nodiscard]] std::uint64_t checksum() const { return checksum_; }  ///< of the frame taken last

 private:
  std::string_view bytes_;
  std::uint64_t key_;
  std::size_t offset_ = 0;
  bool torn_ = false;
  std::uint64_t checksum_ = 0;
};

}  // namespace joulery
