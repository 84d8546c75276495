#include "bench/workload/key_choice.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace rocktune {
namespace {

// --keyrange_num and --keyrange_dist_{a,b,c,d} of db_bench's MixGraph example.
constexpr uint64_t kRanges = 30;
double HeatOf(double x) {
  return 14.18 * std::exp(-2.917 * x) + 0.0164 * std::exp(-0.08082 * x);
}
// --key_dist_b; its --key_dist_a only fits the curve to the number of keys.
constexpr double kPower = 0.3467;

double Unit(std::mt19937_64& random) {
  return std::generate_canonical<double, 53>(random);
}

bool NeedsZipf(KeyChoice keys) {
  return keys == KeyChoice::kZipf || keys == KeyChoice::kLatest;
}

}  // namespace

HotRanges::HotRanges(uint64_t keys, uint64_t seed)
    : keys_(std::max<uint64_t>(keys, 1)),
      range_keys_(std::max<uint64_t>(keys_ / kRanges, 1)) {
  const uint64_t count = std::min(kRanges, keys_);
  std::vector<uint64_t> places(count);
  for (uint64_t i = 0; i < count; ++i) places[i] = i;
  std::mt19937_64 random(seed);
  // Not std::shuffle, whose order differs between standard libraries.
  for (uint64_t i = count; i > 1; --i) {
    std::swap(places[i - 1], places[random() % i]);
  }
  double sum = 0;
  for (uint64_t i = 0; i < count; ++i) {
    sum += HeatOf(static_cast<double>(i + 1));
    ranges_.push_back({sum, places[i] * range_keys_});
  }
  for (Range& range : ranges_) range.up_to /= sum;
}

uint64_t HotRanges::Pick(std::mt19937_64& random) const {
  const double heat = Unit(random);
  size_t range = 0;  // most draws end at the first
  while (range + 1 < ranges_.size() && ranges_[range].up_to <= heat) ++range;
  const auto rank = static_cast<uint64_t>(static_cast<double>(range_keys_) *
                                          std::pow(Unit(random), 1 / kPower));
  return ranges_[range].begin + MixBits(rank + 1) % range_keys_;
}

KeyDistributions::KeyDistributions(const Workload& workload, uint64_t seed) {
  const uint64_t keys = std::max<uint64_t>(workload.data.keys, 2);
  for (const Phase& phase : workload.phases) {
    for (const ClientGroup& group : phase.clients) {
      if (NeedsZipf(group.keys) && zipf_.count(group.zipf_theta) == 0) {
        zipf_.emplace(group.zipf_theta, Zipf(keys, group.zipf_theta));
      }
      if (group.keys == KeyChoice::kHotRanges && !hot_ranges_) {
        hot_ranges_.emplace(keys, seed);
      }
    }
  }
}

KeyChooser::KeyChooser(const Spec& spec, const KeySpace& space,
                       const KeyDistributions& distributions)
    : spec_(spec), space_(space) {
  if (NeedsZipf(spec.keys)) zipf_ = distributions.zipf(spec.zipf_theta);
  if (spec.keys == KeyChoice::kHotRanges) {
    hot_ranges_ = distributions.hot_ranges();
  }
}

uint64_t KeyChooser::Next(const LiveKeys& live, std::mt19937_64& random) {
  if (spec_.keys == KeyChoice::kLatest) return Latest(live, random);
  if (live.complete == 0) return 0;
  switch (spec_.keys) {
    case KeyChoice::kZipf:
      return zipf_->Scattered(random) % live.complete;
    case KeyChoice::kHotRanges:
      return hot_ranges_->Pick(random) % live.complete;
    case KeyChoice::kSequential:
      return (live.complete / static_cast<uint64_t>(spec_.parts) *
                  static_cast<uint64_t>(spec_.part) +
              steps_++) %
             live.complete;
    case KeyChoice::kLatest:
    case KeyChoice::kUniform:
      break;
  }
  return random() % live.complete;
}

uint64_t KeyChooser::Latest(const LiveKeys& live,
                            std::mt19937_64& random) const {
  uint64_t newest = live.complete;
  if (live.lane != kNoLane) {
    newest = std::max(newest, space_.Inserted(0, live.inserted));
  }
  const uint64_t rank = zipf_->Rank(random);
  if (newest == 0) return 0;
  const uint64_t number = newest - 1 - rank % newest;
  return number < live.complete
             ? number
             : space_.Inserted(live.lane, space_.IndexOf(number));
}

}  // namespace rocktune
