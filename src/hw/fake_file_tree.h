// hw: a small FileTree in memory for tests: files that can be set, scripted, denied, broken and
// removed.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "hw/file_tree.h"

namespace joulery {

/// Copies are the same tree; files opened from a tree follow its later changes. One thread.
class FakeFileTree final : public FileTree {
 public:
  /// Creates or changes a file; forgets what deny(), fail() and script() said of it.
  void set(const std::string& path, std::string content) {
    state_->files[follow(path)] = File{{std::move(content)}, 0, {}};
  }
  /// Each read of the file, by whichever way, gives the next of `contents`; the last one stays.
  void script(const std::string& path, std::vector<std::string> contents) {
    state_->files[follow(path)] = File{std::move(contents), 0, {}};
  }
  void deny(const std::string& path) { fail(path, ErrorCode::kDenied); }
  /// Reads of the file fail with `code` from now on.
  void fail(const std::string& path, ErrorCode code) { state_->files[follow(path)].failure = code; }
  /// The file is no more: open files report kGone, new ones kUnavailable.
  void remove(const std::string& path) { state_->files.erase(follow(path)); }
  /// What lies below directory `to` is seen below `from` too.
  void link(const std::string& from, const std::string& to) { state_->links[from] = to; }

  /// All files, links followed.
  [[nodiscard]] std::vector<std::string> paths() const {
    std::vector<std::string> paths;
    for (const auto& [path, file] : state_->files) paths.push_back(path);
    return paths;
  }

  Result<std::string> read(const std::string& path) const override {
    JOULERY_TRY(std::string content, state_->next(follow(path), ErrorCode::kUnavailable));
    content.erase(content.find_last_not_of(" \n") + 1);
    return content;
  }

  Result<std::vector<std::string>> list(const std::string& path) const override {
    std::vector<std::string> names;
    const auto add_child_of = [&](const std::string& directory, const std::string& entry) {
      if (entry.starts_with(directory + "/"))
        names.push_back(entry.substr(directory.size() + 1,
                                     entry.find('/', directory.size() + 1) - directory.size() - 1));
    };
    for (const auto& [entry, file] : state_->files) add_child_of(follow(path), entry);
    for (const auto& [entry, target] : state_->links) add_child_of(path, entry);
    if (names.empty())
      return Error{ErrorCode::kUnavailable, path + ": cannot list: no such directory"};
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
  }

  Result<std::unique_ptr<KernelFile>> open(const std::string& path) const override {
    const std::string place = follow(path);
    const auto file = state_->files.find(place);
    if (file == state_->files.end())
      return Error{ErrorCode::kUnavailable, path + ": cannot open: no such file"};
    if (file->second.failure == ErrorCode::kDenied)
      return Error{ErrorCode::kDenied, path + ": cannot open: permission denied"};
    return std::unique_ptr<KernelFile>(std::make_unique<Opened>(state_, place));
  }

  Result<std::string> resolve(const std::string& path) const override { return follow(path); }

  Result<void> write(const std::string& path, std::string_view text) const override {
    const auto file = state_->files.find(follow(path));
    if (file == state_->files.end())
      return Error{ErrorCode::kUnavailable, path + ": cannot write: no such file"};
    if (file->second.failure) return Error{*file->second.failure, path + ": cannot write"};
    file->second = File{{std::string(text)}, 0, {}};
    return {};
  }

 private:
  struct File {
    std::vector<std::string> contents;
    std::size_t reads = 0;
    std::optional<ErrorCode> failure;
  };

  struct State {
    std::map<std::string, File> files;
    std::map<std::string, std::string> links;

    Result<std::string> next(const std::string& path, ErrorCode absent) {
      const auto found = files.find(path);
      if (found == files.end()) return Error{absent, path + ": cannot read: no such file"};
      File& file = found->second;
      if (file.failure) return Error{*file.failure, path + ": cannot read"};
      return file.contents[std::min(file.reads++, file.contents.size() - 1)];
    }
  };

  class Opened final : public KernelFile {
   public:
    Opened(std::shared_ptr<State> state, std::string path)
        : state_(std::move(state)), path_(std::move(path)) {}
    Result<std::string_view> read() override {
      JOULERY_TRY(content_, state_->next(path_, ErrorCode::kGone));
      return std::string_view(content_);
    }

   private:
    std::shared_ptr<State> state_;
    std::string path_;
    std::string content_;
  };

  std::string follow(const std::string& path) const {
    for (const auto& [from, to] : state_->links) {
      if (path == from) return to;
      if (path.starts_with(from + "/")) return to + path.substr(from.size());
    }
    return path;
  }

  std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace joulery
