// project: names that many jobs share, see string_pool.h.
#include "project/string_pool.h"

namespace joulery::project {

std::uint32_t StringPool::put(std::string_view text) {
  text = text.substr(0, kMostBytes);
  if (!texts_.empty() && texts_[last_] == text) return last_;
  if (const auto found = ids_.find(text); found != ids_.end()) return last_ = found->second;
  if (bytes_ + text.size() > kMostTotal) {
    full_ = true;
    return last_;
  }
  bytes_ += text.size();
  const auto id = static_cast<std::uint32_t>(texts_.size());
  texts_.emplace_back(text);
  ids_.emplace(texts_.back(), id);
  return last_ = id;
}

}  // namespace joulery::project
