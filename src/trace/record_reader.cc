// trace: a record from bytes, see record_reader.h.
#include "trace/record_reader.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "trace/batch.h"
#include "trace/frame.h"
#include "trace/record_text.h"

namespace joulery {

Result<RecordBytes> RecordBytes::read(std::string_view record, std::string_view tail) {
  FrameReader frames(record, 0);
  Frame frame;
  if (!frames.next(frame) || frame.type != FrameType::kHeader)
    return Error{ErrorCode::kInvalid, "not a Joulery record, or its header is damaged"};
  JOULERY_TRY(RecordHeader header, decode_header(frame.payload));

  RecordBytes read;
  read.info = std::move(header.info);
  read.info.complete = false;
  read.channels = std::move(header.channels);
  read.about = std::move(header.about);
  read.key_ = frames.checksum();
  read.read_record(record, frames.offset());
  if (!read.info.complete) read.read_tail(tail);
  read.finish();
  return read;
}

void RecordBytes::read_record(std::string_view bytes, std::size_t header_size) {
  FrameReader frames(bytes.substr(header_size), key_);
  std::size_t start = frames.offset();
  bool sound = true;
  for (Frame frame; sound && !info.complete && frames.next(frame);) {
    if (frame.type == FrameType::kBatch) {
      sound = frame.first == last_batch_ + 1 && take_batch(frame.payload, frame.last);
    } else {
      auto last = decode_closing(frame.payload);
      sound = frame.type == FrameType::kClose && last.has_value();
      if (sound) take_closing(std::move(last->info), std::move(last->text));
    }
    if (sound) start = frames.offset();
  }
  if (sound && frames.at_end()) return;
  const std::string place = " at byte " + std::to_string(header_size + start);
  info.flags.push_back(info.complete   ? "bytes after the end" + place
                       : frames.torn() ? "record cut off inside the frame" + place
                                       : "damaged frame" + place);
}

void RecordBytes::take_closing(TraceInfo end, std::string text) {
  end.events = std::move(info.events);
  info = std::move(end);
  info.complete = true;
  closing = std::move(text);
}

void RecordBytes::read_tail(std::string_view bytes) {
  FrameReader frames(bytes, key_);
  for (Frame frame; frames.next(frame);) {
    if (frame.type != FrameType::kBatch || frame.first > last_batch_ + 1) return;
    if (frame.first == last_batch_ + 1 && !take_batch(frame.payload, frame.last)) return;
  }
}

bool RecordBytes::take_batch(std::string_view payload, std::uint64_t last) {
  BatchHead head;
  if (!BatchReader(channels).read_head(payload, head)) return false;
  last_batch_ = last;
  batches_.push_back(payload);
  std::move(head.events.begin(), head.events.end(), std::back_inserter(info.events));
  if (head.has_samples) newest_ = std::max(newest_.value_or(head.last), head.last);
  return true;
}

void RecordBytes::finish() {
  std::stable_sort(info.events.begin(), info.events.end(),
                   [](const Event& a, const Event& b) { return a.time < b.time; });
  if (info.complete) return;
  info.flags.emplace_back("not closed: whoever wrote the record was ended before the run was");
  info.end = std::max(info.begin, newest_.value_or(info.begin));
}

Result<void> RecordBytes::scan(const Trace::Wanted& wanted, const Trace::Visitor& visit) const {
  std::vector<bool> chosen;
  chosen.reserve(channels.size());
  for (const Channel& channel : channels) chosen.push_back(wanted(channel));
  if (std::find(chosen.begin(), chosen.end(), true) == chosen.end()) return {};
  BatchReader reader(channels);
  for (std::size_t i = 0; i < batches_.size(); ++i)
    if (!reader.scan(batches_[i], chosen, visit))
      return Error{ErrorCode::kInvalid,
                   "frame " + std::to_string(i + 1) + " of samples is malformed"};
  return {};
}

}  // namespace joulery
