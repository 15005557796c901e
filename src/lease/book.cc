// lease: records on disk, see book.h.
#include "lease/book.h"

namespace joulery {
namespace {

Error named(const std::string& place, Error error) {
  error.message = place + ": " + error.message;
  return error;
}

// Not a record's name, so that a draft that a kill left is nothing to anybody.
std::string draft_name(const std::string& record) { return "." + record + ".draft"; }

}  // namespace

Result<BookContent> LeaseBook::load() {
  BookContent content;
  const auto names = files_.list();
  if (!names && names.error().code == ErrorCode::kUnavailable) return content;
  if (!names) return names.error();
  for (const std::string& name : *names) {
    if (!name.ends_with(".lease")) continue;
    const auto text = files_.read(name);
    if (!text && text.error().code == ErrorCode::kUnavailable) continue;  // given back meanwhile
    auto record = text ? parse_record(*text) : Result<LeaseRecord>(text.error());
    if (record && record_name(record->device) == name)
      content.records.push_back(std::move(*record));
    else
      content.damaged.push_back(
          {name, record ? "lease record: of another device" : record.error().message});
  }
  return content;
}

Result<std::optional<LeaseRecord>> LeaseBook::find(const std::string& device) {
  const std::string name = record_name(device);
  const auto text = files_.read(name);
  if (!text && text.error().code == ErrorCode::kUnavailable) return std::optional<LeaseRecord>();
  if (!text) return text.error();
  auto record = parse_record(*text);
  if (!record) return named(files_.place(name), record.error());
  if (record->device != device)
    return Error{ErrorCode::kInvalid, files_.place(name) + ": lease record: of another device"};
  return std::optional<LeaseRecord>(std::move(*record));
}

Result<void> LeaseBook::store(const LeaseRecord& record) {
  const std::string name = record_name(record.device);
  if (name.empty())
    return Error{ErrorCode::kUnavailable, record.device + ": no name that a file can have"};
  const std::string text = format_record(record);
  // Nothing goes to disk that whoever comes next could not read.
  if (const auto read = parse_record(text); !read) return named(files_.place(name), read.error());
  const std::string draft = draft_name(name);
  auto done = files_.create(draft);
  // One of somebody who was killed while writing.
  if (!done && done.error().code == ErrorCode::kInvalid && files_.remove(draft))
    done = files_.create(draft);
  if (done) done = files_.write(draft, text);
  if (done) done = files_.sync(draft);
  if (done) done = files_.rename(draft, name);
  if (done) done = files_.sync_directory();
  return done;
}

Result<void> LeaseBook::erase(const std::string& device) {
  auto removed = files_.remove(record_name(device));
  // Somebody has removed it by hand: it is gone all the same.
  if (!removed && removed.error().code != ErrorCode::kUnavailable) return removed;
  return files_.sync_directory();
}

Result<BookLock> BookLock::take(LeaseBook& book, const std::string& device) {
  const std::string name = record_name(device);
  if (name.empty())
    return Error{ErrorCode::kUnavailable, device + ": no name that a file can have"};
  JOULERY_CHECK(book.files().lock(name + ".lock"));
  return BookLock(book.files());
}

}  // namespace joulery
