// simulate: reservations, see calendar.h.
#include "simulate/calendar.h"

#include <algorithm>

namespace joulery::simulate {
namespace {

constexpr std::size_t kMostCells = std::size_t{1} << 20;  // of a minute: two years; 48 MB
constexpr int kMostLooks = 1000;                          // a choice, so that work stays bounded

}  // namespace

Calendar::Calendar(WallTime begin, WallTime end, DeviceCount capacity)
    : begin_(begin), cell_(std::chrono::minutes(1)), capacity_(capacity), last_end_(begin) {
  while (static_cast<std::size_t>((end - begin) / cell_) >= kMostCells) cell_ *= 2;
  while (size_ < static_cast<std::size_t>((end - begin) / cell_) + 1) size_ *= 2;
  nodes_.resize(2 * size_);
}

Calendar::Cells Calendar::cells_of(WallTime begin, WallTime end) const {
  const auto first = static_cast<std::size_t>((begin - begin_) / cell_);
  const auto last = static_cast<std::size_t>((end - begin_ + cell_ - Micros(1)) / cell_);
  return {std::min(first, size_), std::min(last, size_)};
}

void Calendar::add(std::size_t node, Cells of_node, Cells cells, DeviceCount devices) {
  if (cells.end <= of_node.begin || of_node.end <= cells.begin) return;
  Node& at = nodes_[node];
  if (cells.begin <= of_node.begin && of_node.end <= cells.end) {
    at.all += devices;
    return;
  }
  const std::size_t middle = (of_node.begin + of_node.end) / 2;
  add(2 * node, {of_node.begin, middle}, cells, devices);
  add(2 * node + 1, {middle, of_node.end}, cells, devices);
  const Node& left = nodes_[2 * node];
  const Node& right = nodes_[2 * node + 1];
  at.most = std::max(left.most + left.all, right.most + right.all);
  at.least = std::min(left.least + left.all, right.least + right.all);
}

std::size_t Calendar::last_above(std::size_t node, Cells of_node, Cells cells,
                                 DeviceCount most) const {
  const Node& at = nodes_[node];
  if (cells.end <= of_node.begin || of_node.end <= cells.begin || at.most + at.all <= most)
    return 0;
  if (of_node.end - of_node.begin == 1) return of_node.end;
  const std::size_t middle = (of_node.begin + of_node.end) / 2;
  const std::size_t right = last_above(2 * node + 1, {middle, of_node.end}, cells, most - at.all);
  return right > 0 ? right : last_above(2 * node, {of_node.begin, middle}, cells, most - at.all);
}

std::size_t Calendar::first_with_room(std::size_t node, Cells of_node, std::size_t from,
                                      DeviceCount most) const {
  const Node& at = nodes_[node];
  if (of_node.end <= from || at.least + at.all > most) return size_;
  if (of_node.end - of_node.begin == 1) return of_node.begin;
  const std::size_t middle = (of_node.begin + of_node.end) / 2;
  const std::size_t left = first_with_room(2 * node, {of_node.begin, middle}, from, most - at.all);
  return left < size_ ? left
                      : first_with_room(2 * node + 1, {middle, of_node.end}, from, most - at.all);
}

bool Calendar::has_room(WallTime begin, WallTime end, DeviceCount devices) const {
  return last_above(1, {0, size_}, cells_of(begin, end), capacity_ - devices) == 0;
}

void Calendar::hold(WallTime begin, WallTime end, DeviceCount devices) {
  add(1, {0, size_}, cells_of(begin, end), devices);
  last_end_ = std::max(last_end_, end);
}

WallTime Calendar::first_room(WallTime from, Micros length, DeviceCount devices) const {
  for (int look = 0; look < kMostLooks; ++look) {
    const Cells cells = cells_of(from, from + length);
    const std::size_t taken = last_above(1, {0, size_}, cells, capacity_ - devices);
    if (taken == 0) return from;
    const std::size_t next = first_with_room(1, {0, size_}, taken, capacity_ - devices);
    from = begin_ + cell_ * static_cast<Micros::rep>(next);
  }
  return std::max(from, last_end_ + cell_);
}

}  // namespace joulery::simulate
