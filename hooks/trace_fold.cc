#include "hooks/trace_fold.h"

#include <algorithm>
#include <map>

#include "policy/key_skew.h"
#include "policy/miss_ratio_curve.h"
#include "policy/reuse_distances.h"

namespace rocktune {
namespace {

constexpr size_t kMaxBlocks = 32768;
constexpr uint8_t kMaxLevel = 63;

struct Sampled {
  double hits = 0;
  double misses = 0;
  double data_lookups = 0;

  void Add(const BlockAccess& access) {
    (access.hit ? hits : misses) += 1;
    if (access.is_data) data_lookups += 1;
  }
};

struct Mean {
  double sum = 0;
  uint64_t count = 0;
  void Add(double value) {
    sum += value;
    ++count;
  }
  std::optional<double> Get() const {
    if (count == 0) return std::nullopt;
    return sum / static_cast<double>(count);
  }
};

class Folding {
 public:
  explicit Folding(const TracedBurst& burst) : burst_(burst) {
    for (size_t i = 0; i < burst.caches.size(); ++i) {
      distances_.emplace_back(std::min(kMaxBlocks, burst.accesses.size()),
                              burst.sample_ratio);
      for (const uint32_t id : burst.caches[i].families) cache_of_[id] = i;
    }
  }

  void Add(const BlockAccess& access) {
    if (access.user == BlockUser::kBackground) {
      background_.Add(access);
      return;
    }
    host_.Add(access);
    AddToFamily(access);
    const auto cache = cache_of_.find(access.family);
    if (cache != cache_of_.end()) {
      distances_[cache->second].Add(
          {access.block, access.block_bytes, access.hit, access.stays});
    }
    if (access.key == 0 || access.user != BlockUser::kPointRead) return;
    keys_.Add(access.key);
    key_bytes_.Add(access.key_bytes);
    value_bytes_.Add(access.value_bytes);
  }

  TraceFacts Facts() const {
    TraceFacts facts;
    facts.taken = burst_.begin;
    facts.length = burst_.length;
    facts.sample_ratio = burst_.sample_ratio;
    for (const auto& [id, family] : families_) facts.families.push_back(family);
    double distinct_bytes = 0;
    for (size_t i = 0; i < distances_.size(); ++i) {
      facts.curves.push_back(EstimateCurve(InBurst(i), distances_[i]));
      distinct_bytes += distances_[i].DistinctBytes();
    }
    facts.read_keys = keys_.Skew(burst_.sample_ratio, ExpectedKeys());
    if (facts.read_keys) {
      facts.read_keys->working_set_bytes =
          static_cast<uint64_t>(distinct_bytes);
    }
    facts.key_bytes_mean = key_bytes_.Get();
    facts.value_bytes_mean = value_bytes_.Get();
    return facts;
  }

 private:
  void AddToFamily(const BlockAccess& access) {
    FamilyAccesses& family = families_[access.family];
    family.id = access.family;
    const size_t level = std::min(access.level, kMaxLevel);
    if (family.accesses_by_level.size() <= level) {
      family.accesses_by_level.resize(level + 1);
      family.misses_by_level.resize(level + 1);
    }
    ++family.accesses_by_level[level];
    if (!access.hit) ++family.misses_by_level[level];
  }

  // What of the exact count `all` is the host's and was not dropped.
  double OfHost(uint64_t all, double background) const {
    const auto kept = static_cast<double>(burst_.accesses.size());
    const double recorded =
        kept / std::max(1.0, kept + static_cast<double>(burst_.dropped));
    return std::max(0.0, static_cast<double>(all) * recorded -
                             background / burst_.sample_ratio);
  }

  CacheInBurst InBurst(size_t i) const {
    CacheInBurst cache;
    cache.column_family = burst_.caches[i].column_family;
    cache.capacity_bytes = burst_.caches[i].capacity_bytes;
    if (burst_.counts && burst_.caches.size() == 1) {
      cache.hits = OfHost(burst_.counts->hits, background_.hits);
      cache.misses = OfHost(burst_.counts->misses, background_.misses);
    }
    return cache;
  }

  // Uses of keys that the sample would have if it held its share of the hot
  // blocks; 0 when no counter tells.
  double ExpectedKeys() const {
    if (!burst_.counts || host_.data_lookups == 0) return 0;
    const double expected =
        OfHost(burst_.counts->data_lookups, background_.data_lookups) *
        burst_.sample_ratio;
    return static_cast<double>(keys_.added()) * expected / host_.data_lookups;
  }

  const TracedBurst& burst_;
  std::vector<ReuseDistances> distances_;  // by cache
  std::map<uint32_t, size_t> cache_of_;    // by family
  std::map<uint32_t, FamilyAccesses> families_;
  KeySketch keys_;
  Sampled host_;
  Sampled background_;
  Mean key_bytes_;
  Mean value_bytes_;
};

}  // namespace

TraceFacts FoldBurst(const TracedBurst& burst) {
  Folding folding(burst);
  for (const BlockAccess& access : burst.accesses) folding.Add(access);
  return folding.Facts();
}

}  // namespace rocktune
