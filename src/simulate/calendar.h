// simulate: how many devices are spoken for at each moment to come.
#pragma once

#include <vector>

#include "simulate/cluster.h"

namespace joulery::simulate {

/// In cells of a minute (longer over more than two years): what is held in a part of a cell is held
/// in all of it, so that plans made with it never need more than there is. A segment tree: every
/// call takes O(log cells).
class Calendar {
 public:
  Calendar(WallTime begin, WallTime end, DeviceCount capacity);

  [[nodiscard]] bool has_room(WallTime begin, WallTime end, DeviceCount devices) const;
  void hold(WallTime begin, WallTime end, DeviceCount devices);
  /// The first moment from `from` on at which there is room; where that takes many looks, the
  /// moment at which everything is free for good.
  [[nodiscard]] WallTime first_room(WallTime from, Micros length, DeviceCount devices) const;

 private:
  struct Node {
    // In use in the fullest and the emptiest of its cells, without what is held above it.
    DeviceCount most = 0, least = 0;
    DeviceCount all = 0;  // held in all of them
  };
  struct Cells {
    std::size_t begin, end;
  };
  [[nodiscard]] Cells cells_of(WallTime begin, WallTime end) const;
  void add(std::size_t node, Cells of_node, Cells cells, DeviceCount devices);
  /// The end of the last of these cells in which more than `most` is in use; 0: none.
  [[nodiscard]] std::size_t last_above(std::size_t node, Cells of_node, Cells cells,
                                       DeviceCount most) const;
  /// The first cell from `from` on in which no more than `most` is in use; size_: none.
  [[nodiscard]] std::size_t first_with_room(std::size_t node, Cells of_node, std::size_t from,
                                            DeviceCount most) const;

  WallTime begin_;
  Micros cell_;
  DeviceCount capacity_;
  std::size_t size_ = 1;  // cells, a power of two
  std::vector<Node> nodes_;
  WallTime last_end_;
};

}  // namespace joulery::simulate
