#include "policy/space_saving.h"

#include <algorithm>
#include <utility>

namespace rocktune {

SpaceSaving::SpaceSaving(size_t counters)
    : capacity_(std::max<size_t>(counters, 1)) {
  heap_.reserve(capacity_);
  // Twice: a table that is less than half full cleans up in place.
  place_of_.reserve(2 * capacity_);
}

void SpaceSaving::Add(uint64_t hash) {
  ++added_;
  if (const auto found = place_of_.find(hash); found != place_of_.end()) {
    const size_t place = found->second;
    ++heap_[place].count;
    SiftDown(place);
    return;
  }
  if (heap_.size() < capacity_) {
    size_t place = heap_.size();
    heap_.push_back({hash, 1, 0});
    place_of_[hash] = place;
    // Nothing is smaller than 1: up to the root or below another 1.
    while (place > 0 && heap_[(place - 1) / 2].count > 1) {
      Swap(place, (place - 1) / 2);
      place = (place - 1) / 2;
    }
    return;
  }
  Counter& least = heap_.front();
  place_of_.erase(least.hash);
  least = {hash, least.count + 1, least.count};
  place_of_[hash] = 0;
  SiftDown(0);
}

void SpaceSaving::SiftDown(size_t place) {
  while (true) {
    size_t least = place;
    for (size_t child : {2 * place + 1, 2 * place + 2}) {
      if (child < heap_.size() && heap_[child].count < heap_[least].count) {
        least = child;
      }
    }
    if (least == place) return;
    Swap(place, least);
    place = least;
  }
}

void SpaceSaving::Swap(size_t a, size_t b) {
  std::swap(heap_[a], heap_[b]);
  place_of_[heap_[a].hash] = a;
  place_of_[heap_[b].hash] = b;
}

std::vector<SpaceSaving::Counter> SpaceSaving::Top() const {
  std::vector<Counter> top = heap_;
  std::sort(top.begin(), top.end(), [](const Counter& a, const Counter& b) {
    if (a.Guaranteed() != b.Guaranteed()) {
      return a.Guaranteed() > b.Guaranteed();
    }
    return a.hash < b.hash;
  });
  return top;
}

}  // namespace rocktune
