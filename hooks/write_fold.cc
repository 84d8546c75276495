#include "hooks/write_fold.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "policy/key_skew.h"

namespace rocktune {
namespace {

constexpr size_t kFewestWrites = 100;

// Exact. `hashes` is sorted on the way.
SampledKeys CountKeys(std::vector<uint64_t>* hashes) {
  std::sort(hashes->begin(), hashes->end());
  SampledKeys keys;
  keys.uses = static_cast<double>(hashes->size());
  for (auto it = hashes->begin(); it != hashes->end();) {
    const auto next = std::upper_bound(it, hashes->end(), *it);
    keys.distinct += 1;
    if (next - it == 1) keys.once += 1;
    if (next - it == 2) keys.twice += 1;
    it = next;
  }
  return keys;
}

struct Sums {
  std::vector<uint64_t> put_keys;  // of puts and merges
  KeySketch sketch;                // the same
  double deletes = 0;
  double keys = 0;
  double key_bytes = 0;
  double value_bytes = 0;

  void Add(const TracedWrite& write) {
    const bool deletes_range = write.kind == WriteKind::kDeleteRange;
    if (deletes_range || write.kind == WriteKind::kDelete) {
      deletes += 1;
    } else {
      put_keys.push_back(write.key);
      sketch.Add(write.key);
      value_bytes += write.value_bytes;
    }
    if (deletes_range) return;
    keys += 1;
    key_bytes += write.key_bytes;
  }
};

}  // namespace

double DistinctAmong(double uses, const SampledKeys& sample) {
  const double missed =
      sample.once * (sample.once - 1) / (2 * (sample.twice + 1));
  if (missed <= 0 || uses <= sample.uses) return sample.distinct;
  const double chance_of_new =
      sample.once / (sample.uses * missed + sample.once);
  return sample.distinct + missed * -std::expm1((uses - sample.uses) *
                                                std::log1p(-chance_of_new));
}

void FoldWrites(const TracedWrites& traced, TraceFacts* facts) {
  if (traced.writes.size() < kFewestWrites || traced.unknown > 0) return;
  Sums sums;
  for (const TracedWrite& write : traced.writes) sums.Add(write);
  const SampledKeys put = CountKeys(&sums.put_keys);
  const auto sampled = static_cast<double>(traced.writes.size());
  const double all =
      (sampled + static_cast<double>(traced.dropped)) / traced.sample_ratio;
  const double all_put = put.uses * all / sampled;
  const double distinct = DistinctAmong(all_put, put);
  facts->delete_share = sums.deletes / sampled;
  facts->update_share = std::max(0.0, all_put - distinct) / all;
  if (sums.keys == 0) return;
  const double key_bytes = sums.key_bytes / sums.keys;
  if (!facts->key_bytes_mean) facts->key_bytes_mean = key_bytes;
  if (put.uses == 0) return;
  const double value_bytes = sums.value_bytes / put.uses;
  if (!facts->value_bytes_mean) facts->value_bytes_mean = value_bytes;
  facts->written_keys = sums.sketch.Skew(/*key_ratio=*/1, /*expected=*/0);
  if (facts->written_keys) {
    facts->written_keys->distinct_keys = distinct;
    facts->written_keys->working_set_bytes =
        static_cast<uint64_t>(distinct * (key_bytes + value_bytes));
  }
}

}  // namespace rocktune
