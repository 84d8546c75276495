#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_format.h"
#include "policy/expert_rules.h"

namespace rocktune {
namespace {

constexpr double kMiB = 1 << 20;
// Of a load that writes most of the time the cache takes a part of the free
// memory only, so that a later step of the write buffers is not blocked.
// Guesses.
constexpr double kWriteShare = 0.65;
constexpr double kRoomShareOfCache = 0.8;
// Fewer writes leave memtables mostly for reads to look through; smaller ones
// than this make many files. Guesses.
constexpr double kFewWrites = 0.35;
constexpr double kLeastMemtableBytes = 16 * kMiB;
// Compactions that run, on average, where more writes need more hands. A guess.
constexpr double kOftenRunning = 0.3;
// Scans of fewer entries are point reads to the block size. A guess.
constexpr double kShortScan = 16;
// Smaller blocks than this make the index large. A guess.
constexpr double kLeastBlockBytes = 2048;
// Where the first sorted level is smaller, files are too small. A guess.
constexpr double kLeastLevelBase = 64 * kMiB;
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

// What memtables commit and the writes do not fill.
struct SpareMemtables {
  double size = 0;    // of one, now
  double copies = 1;  // of it, in all families
  double bytes = 0;   // that a smaller size would free
};

// Where writes are few a memtable need not hold more than they bring in
// kMemtableSeconds.
SpareMemtables FindSpareMemtables(const ExpertView& s) {
  const std::optional<double> size = s.Number("write_buffer_size");
  if (!size || s.writes >= kFewWrites || s.stall_share > 0.01) return {};
  SpareMemtables spare{*size, s.MemtableCopies()};
  const double needed =
      std::max(kLeastMemtableBytes,
               kMemtableSeconds * s.Rate(Ticker::kBytesWritten) / s.families);
  spare.bytes = std::max(0.0, *size - needed) * spare.copies;
  return spare;
}

// Wishes for a cache and, as far as it does not fit into `room` bytes, for
// smaller memtables beside it; calibration scales what does not fit even so.
void WishCache(const ExpertView& s, const Wish& wish, double room,
               const SpareMemtables& spare, Symptom* symptom) {
  Add(s.Move(wish), symptom);
  const double lacking = wish.value - room;
  if (symptom->changes.empty() || lacking <= 0 || spare.bytes <= 0) return;
  Add(s.Move({"write_buffer_size", spare.size - lacking / spare.copies,
              wish.reason, "memory for the cache"}),
      symptom);
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
  const double room =
      *capacity + (s.writes < kWriteShare ? 1 : kRoomShareOfCache) *
                      static_cast<double>(s.room_bytes);
  const SpareMemtables spare = FindSpareMemtables(s);
  double most = room + spare.bytes;
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
  WishCache(s,
            {"block_cache.capacity", wish.bytes, symptom.summary,
             std::move(wish.effect)},
            room, spare, &symptom);
  if (symptom.changes.empty()) return std::nullopt;
  // The time that reads save, a host in a closed loop writes in: compaction
  // that is often busy already would fall behind.
  if (s.writes >= 0.1 && s.running_compactions >= kOftenRunning &&
      s.cpu_share < kCpuForJobs) {
    WishMoreJobs(s, &symptom);
    WishMoreSubcompactions(s, &symptom);
  }
  return symptom;
}

std::optional<Symptom> LargeBlocksForPointReads(const ExpertView& s) {
  const char* const kBlockSize = "block_based_table_factory.block_size";
  const std::optional<double> size = s.Number(kBlockSize);
  const std::optional<double> capacity = s.Number("block_cache.capacity");
  if (!size || !capacity || *size <= kLeastBlockBytes || s.reads < 0.3 ||
      EntriesPerScan(s) >= kShortScan) {
    return std::nullopt;
  }
  // Memory first: it helps at once, and no file has to be written again.
  if (static_cast<double>(s.room_bytes) > 0.2 * *capacity) return std::nullopt;
  const double misses = s.PerOperation(s.cache_misses);
  const double entry = s.reads > 0 ? s.PerOperation(static_cast<double>(
                                         s.window.ticker(Ticker::kBytesRead))) /
                                         s.reads
                                   : 0;
  if (misses < 0.05 || entry > *size / 4) return std::nullopt;
  Symptom symptom;
  symptom.strength = std::min(0.5, 0.15 + misses);
  symptom.summary = absl::StrFormat(
      "gets of %.0f bytes bring blocks of %.0f into a cache that misses %.0f "
      "%% of its lookups",
      entry, *size, 100 * s.cache_miss_ratio);
  Add(s.Move({kBlockSize, std::max(kLeastBlockBytes, *size / 2),
              symptom.summary, "fewer cold entries beside the hot ones"}),
      &symptom);
  return NotEmpty(symptom);
}

std::optional<Symptom> ManyL0FilesToRead(const ExpertView& s) {
  const std::optional<double> trigger =
      s.Number("level0_file_num_compaction_trigger");
  if (!trigger || *trigger <= 2 || s.reads + s.seeks < 0.35 ||
      s.stall_share > 0.02 || s.l0_files < 1.5) {
    return std::nullopt;
  }
  Symptom symptom;
  // Each file costs a get one look and a seek one merge source.
  symptom.strength = std::min(0.5, 0.08 * s.l0_files);
  symptom.summary = absl::StrFormat(
      "reads look through %.1f level-0 files with compaction from %.0f on",
      s.l0_files, *trigger);
  const double fewer = std::max(2.0, std::floor(*trigger / 2));
  Add(s.Move({"level0_file_num_compaction_trigger", fewer, symptom.summary,
              "fewer files for each read"}),
      &symptom);
  if (symptom.changes.empty()) return std::nullopt;
  if (s.writes < 0.05) return symptom;
  // Level 0 is compacted twice as often and each time with all of level 1.
  const std::optional<double> base = s.Number("max_bytes_for_level_base");
  const double level0 = std::max(kLeastLevelBase, fewer * s.l0_file_bytes);
  if (base && 1.5 * level0 < *base) {
    Add(s.Move({"max_bytes_for_level_base", level0, symptom.summary,
                "level 1 as large as level 0"}),
        &symptom);
  }
  if (s.cpu_share < kCpuForJobs) {
    WishMoreSubcompactions(s, &symptom);
    WishMoreJobs(s, &symptom);
  }
  return symptom;
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
  const double entries = EntriesPerScan(s);
  if (s.seeks < 0.1 || entries < 64) return std::nullopt;
  Symptom symptom;
  symptom.strength = 0.25;
  symptom.summary = absl::StrFormat(
      "scans of %.0f entries, %.0f %% of the "
      "operations",
      entries, 100 * s.seeks);
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
     "wiki: RocksDB Tuning Guide, read amplification (number of sorted runs), "
     "level style compaction (level 0 about as large as level 1)",
     ManyL0FilesToRead},
    {"large_blocks_for_point_reads",
     "wiki: RocksDB Tuning Guide, block size; Block-based Table Format",
     LargeBlocksForPointReads},
    {"memtable_without_bloom",
     "wiki: MemTable; RocksDB Tuning Guide, memtable_prefix_bloom_size_ratio",
     MemtableWithoutBloom},
    {"long_scans", "wiki: Iterator, automatic readahead", LongScans},
};

}  // namespace

double EntriesPerScan(const ExpertView& s) {
  const uint64_t nexts =
      s.window.ticker(Ticker::kNexts) + s.window.ticker(Ticker::kPrevs);
  const uint64_t scans = s.window.ticker(Ticker::kSeeks);
  if (scans == 0) return 0;
  return static_cast<double>(nexts) / static_cast<double>(scans);
}

absl::Span<const ExpertRule> ReadRules() { return kReadRules; }

}  // namespace rocktune
