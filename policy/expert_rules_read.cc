#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_format.h"
#include "policy/expert_rules.h"

namespace rocktune {
namespace {

constexpr double kMiB = 1 << 20;
// The cache leaves this part of the free memory to write buffers, so that a
// later step is not blocked. A guess.
constexpr double kRoomShareOfCache = 0.8;
// Of the hit ratio: less is not worth a trial that warms a cache. A guess.
constexpr double kWorthwhileHitGain = 0.01;
// The knee of a miss-ratio curve: memory beyond it buys little. A guess.
constexpr double kShareOfBestGain = 0.9;
constexpr double kCurveStep = 1.1;

// Where a cache should go, what part of its misses that saves, and why.
struct CacheWish {
  double bytes = 0;
  double saved = 0;
  std::string effect;
};

// Strong evidence goes straight to what the data or the memory allows: every
// trial on the way would pay for warming the cache again.
CacheWish GuessedWish(const ExpertView& s, double capacity, double most) {
  double wish = 2 * capacity;
  if (s.cache_miss_ratio > 0.05) {
    wish = std::max(2 * wish, 1.5 * static_cast<double>(s.data_bytes));
  }
  return {std::min(wish, most), 1,
          absl::StrFormat("fewer of %.0f misses/s",
                          s.PerSecond(static_cast<uint64_t>(s.cache_misses)))};
}

// The smallest capacity that gets most of what `most` would, by the
// miss-ratio curve; none when even that is not worth it. nullopt: the curve
// does not reach far enough to say.
std::optional<CacheWish> PredictedWish(const ExpertView& s, double capacity,
                                       double most) {
  double reach = most;
  while (!s.PredictedHitGain(reach)) {
    reach /= kCurveStep;
    if (reach < std::min(most, 2 * capacity)) return std::nullopt;
  }
  const double best = *s.PredictedHitGain(reach);
  if (best < kWorthwhileHitGain) return CacheWish();
  double wish = capacity;
  double gain = 0;
  while (wish < reach && gain < kShareOfBestGain * best) {
    wish = std::min(reach, wish * kCurveStep);
    gain = s.PredictedHitGain(wish).value_or(0);
  }
  return CacheWish{
      wish, std::min(1.0, gain / s.cache_miss_ratio),
      absl::StrFormat(
          "the hit ratio to rise by %.2f, of the %.2f that %.0f MiB would "
          "bring, by the trace's miss-ratio curve",
          gain, best, reach / kMiB)};
}

std::optional<Symptom> CacheTooSmall(const ExpertView& s) {
  const std::optional<double> capacity = s.Number("block_cache.capacity");
  if (!capacity || *capacity <= 0 || s.reads + s.seeks < 0.05) {
    return std::nullopt;
  }
  double used = 0, largest = 0;
  for (const CacheShape& cache : s.window.caches) {
    used = std::max(used, static_cast<double>(cache.usage_bytes));
    largest = std::max(largest, static_cast<double>(cache.capacity_bytes));
  }
  // A cache that is not full does not miss for want of room.
  if (largest > 0 && used < 0.9 * largest) return std::nullopt;
  const double misses = s.PerOperation(s.cache_misses);
  if (s.cache_miss_ratio < 0.01 || misses < 0.01) return std::nullopt;
  const double data = static_cast<double>(s.data_bytes);
  double most =
      *capacity + kRoomShareOfCache * static_cast<double>(s.room_bytes);
  if (data > 0) most = std::min(most, std::max(3 * data, 32 * kMiB));
  if (most < 1.1 * *capacity) return std::nullopt;
  CacheWish wish = PredictedWish(s, *capacity, most)
                       .value_or(GuessedWish(s, *capacity, most));
  if (wish.bytes < 1.1 * *capacity) return std::nullopt;
  Symptom symptom;
  symptom.strength = std::min(1.0, 0.2 + 2 * misses * wish.saved);
  symptom.summary = absl::StrFormat(
      "block cache of %.0f MiB misses %.0f %% of its lookups, %.2f an "
      "operation",
      *capacity / kMiB, 100 * s.cache_miss_ratio, misses);
  Add(s.Move({"block_cache.capacity", wish.bytes, symptom.summary,
              std::move(wish.effect)}),
      &symptom);
  return NotEmpty(symptom);
}

std::optional<Symptom> ManyL0FilesToRead(const ExpertView& s) {
  const std::optional<double> trigger =
      s.Number("level0_file_num_compaction_trigger");
  if (!trigger || *trigger <= 2 || s.reads + s.seeks < 0.5 || s.writes > 0.3 ||
      s.stall_share > 0.02 || s.l0_files < 1.5) {
    return std::nullopt;
  }
  Symptom symptom;
  // Each file costs a get one look and a seek one merge source.
  symptom.strength = std::min(0.5, 0.08 * s.l0_files);
  symptom.summary = absl::StrFormat(
      "reads look through %.1f level-0 files with compaction from %.0f on",
      s.l0_files, *trigger);
  Add(s.Move({"level0_file_num_compaction_trigger",
              std::max(2.0, std::floor(*trigger / 2)), symptom.summary,
              "fewer files for each read"}),
      &symptom);
  return NotEmpty(symptom);
}

std::optional<Symptom> MemtableWithoutBloom(const ExpertView& s) {
  const std::optional<double> ratio =
      s.Number("memtable_prefix_bloom_size_ratio");
  const double hit = static_cast<double>(s.window.ticker(Ticker::kMemtableHit));
  const double miss =
      static_cast<double>(s.window.ticker(Ticker::kMemtableMiss));
  if (!ratio || *ratio > 0 || s.reads < 0.3 || hit + miss <= 0 ||
      miss / (hit + miss) < 0.5) {
    return std::nullopt;
  }
  // Pays where a read is little but memtable search: with warm caches.
  if (s.PerOperation(s.cache_misses) > 0.2) return std::nullopt;
  Symptom symptom;
  symptom.strength = 0.15;
  symptom.summary =
      absl::StrFormat("%.0f %% of the gets search a memtable in vain",
                      100 * miss / (hit + miss));
  Add(s.Move({"memtable_prefix_bloom_size_ratio", 0.05, symptom.summary,
              "gets skip memtables that do not have the key"}),
      &symptom);
  if (symptom.changes.empty()) return std::nullopt;
  const std::optional<std::string> whole =
      s.Text("memtable_whole_key_filtering");
  if (!whole) return std::nullopt;  // the ratio alone would do nothing
  Add(s.Say("memtable_whole_key_filtering", "true", symptom.summary), &symptom);
  return symptom;
}

std::optional<Symptom> LongScans(const ExpertView& s) {
  const double nexts = static_cast<double>(s.window.ticker(Ticker::kNexts) +
                                           s.window.ticker(Ticker::kPrevs));
  const double scans = static_cast<double>(s.window.ticker(Ticker::kSeeks));
  if (s.seeks < 0.1 || scans <= 0 || nexts / scans < 64) return std::nullopt;
  Symptom symptom;
  symptom.strength = 0.25;
  symptom.summary = absl::StrFormat(
      "scans of %.0f entries, %.0f %% of the "
      "operations",
      nexts / scans, 100 * s.seeks);
  const char* const kInitial =
      "block_based_table_factory.initial_auto_readahead_size";
  const char* const kMost = "block_based_table_factory.max_auto_readahead_size";
  if (const std::optional<double> now = s.Number(kInitial)) {
    Add(s.Move({kInitial, std::max(*now, 64 * 1024.0), symptom.summary,
                "fewer, larger reads from the start"}),
        &symptom);
  }
  if (const std::optional<double> now = s.Number(kMost)) {
    Add(s.Move({kMost, std::max(*now, kMiB), symptom.summary,
                "fewer, larger reads"}),
        &symptom);
  }
  return NotEmpty(symptom);
}

const ExpertRule kReadRules[] = {
    {"cache_too_small",
     "wiki: Setup Options and Basic Tuning (a cache of about a third of the "
     "memory); Block Cache",
     CacheTooSmall},
    {"many_l0_files_to_read",
     "wiki: RocksDB Tuning Guide, read amplification (number of sorted runs)",
     ManyL0FilesToRead},
    {"memtable_without_bloom",
     "wiki: MemTable; RocksDB Tuning Guide, memtable_prefix_bloom_size_ratio",
     MemtableWithoutBloom},
    {"long_scans", "wiki: Iterator, automatic readahead", LongScans},
};

}  // namespace

absl::Span<const ExpertRule> ReadRules() { return kReadRules; }

}  // namespace rocktune
