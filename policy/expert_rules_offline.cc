// What is right from the start, or needs a restart. Numbers that decide are
// guesses unless a source is named: a run of the benchmark corrects them.
#include <algorithm>

#include "absl/strings/str_format.h"
#include "policy/expert_rules.h"

namespace rocktune {
namespace {

constexpr double kMiB = 1 << 20;
constexpr double kMostlyWrites = 0.7;
// Written by compaction for each byte of the host, where universal compaction
// would write less: level style writes about ten a level.
constexpr double kMuchRewriting = 3;
constexpr double kLongScan = 64;
constexpr double kScanBlockBytes = 16 * 1024;

// Gets that were answered by a memtable read no file.
double ReadsOfFiles(const ExpertView& s) {
  const auto hit = static_cast<double>(s.window.ticker(Ticker::kMemtableHit));
  const auto miss = static_cast<double>(s.window.ticker(Ticker::kMemtableMiss));
  if (hit + miss <= 0) return s.reads;
  return s.reads * miss / (hit + miss);
}

Symptom Seen(double strength, std::string summary) {
  Symptom symptom;
  symptom.strength = strength;
  symptom.summary = std::move(summary);
  return symptom;
}

// The part of the time spent in operations that gets take; 0: not known.
double TimeOfGets(const ExpertView& s) {
  double gets = 0, all = 0;
  for (int i = 0; i < kOpKinds; ++i) {
    const auto kind = static_cast<OpKind>(i);
    const OpStats& op = s.window.op(kind);
    const double time = static_cast<double>(op.count) * op.latency_us_mean;
    all += time;
    if (kind == OpKind::kGet || kind == OpKind::kMultiGet) gets += time;
  }
  return all > 0 ? gets / all : 0;
}

// Beside many quick writes few gets may be most of the time.
std::optional<Symptom> NoFilter(const ExpertView& s) {
  const char* const kFilter = "block_based_table_factory.filter_policy";
  const double reads = ReadsOfFiles(s);
  const double time = s.reads > 0 ? TimeOfGets(s) * reads / s.reads : 0;
  if (s.Text(kFilter) != "nullptr" || std::max(reads, time) < 0.1 ||
      s.data_bytes == 0) {
    return std::nullopt;
  }
  Symptom symptom =
      Seen(std::min(0.9, 0.3 + std::max(reads, time)),
           absl::StrFormat("gets that look into files are %.0f %% of the "
                           "operations and %.0f %% of their time, and no file "
                           "has a filter",
                           100 * reads, 100 * time));
  Add(s.Say(kFilter, "bloomfilter:10:false", symptom.summary), &symptom);
  return NotEmpty(symptom);
}

std::optional<Symptom> FiltersOfTheLastLevelAreIdle(const ExpertView& s) {
  const auto read = static_cast<double>(s.window.ticker(Ticker::kKeysRead));
  const auto found = static_cast<double>(
      s.window.ticker(Ticker::kMemtableHit) +
      s.window.ticker(Ticker::kGetHitL0) + s.window.ticker(Ticker::kGetHitL1) +
      s.window.ticker(Ticker::kGetHitL2AndUp));
  const char* const kFilter = "block_based_table_factory.filter_policy";
  if (s.reads < 0.5 || read <= 0 || found < 0.98 * read ||
      s.InForce(kFilter).empty() || s.InForce(kFilter) == "nullptr" ||
      static_cast<double>(s.data_bytes) < static_cast<double>(s.memory_bytes)) {
    return std::nullopt;
  }
  Symptom symptom =
      Seen(0.12, absl::StrFormat("%.1f %% of the gets find their key: the last "
                                 "level's filters hold nothing back",
                                 100 * found / read));
  Add(s.Say("optimize_filters_for_hits", "true", symptom.summary), &symptom);
  return NotEmpty(symptom);
}

// Index and filters grow with the data, beside the cache and its budget.
std::optional<Symptom> IndexOutsideTheCache(const ExpertView& s) {
  const char* const kCached =
      "block_based_table_factory.cache_index_and_filter_blocks";
  const auto readers = static_cast<double>(s.table_reader_bytes);
  const double capacity = s.Number("block_cache.capacity").value_or(0);
  if (s.Text(kCached) != "false" || readers < 0.2 * capacity ||
      readers < static_cast<double>(s.room_bytes)) {
    return std::nullopt;
  }
  Symptom symptom = Seen(
      0.15, absl::StrFormat("index and filters take %.0f MiB beside a cache of "
                            "%.0f MiB, and %.0f MiB of the budget are left",
                            readers / kMiB, capacity / kMiB,
                            static_cast<double>(s.room_bytes) / kMiB));
  Add(s.Say(kCached, "true", symptom.summary), &symptom);
  Add(s.Say("block_based_table_factory.pin_l0_filter_and_index_blocks_in_cache",
            "true", symptom.summary),
      &symptom);
  return NotEmpty(symptom);
}

// The other way round: they push each other and the data out.
std::optional<Symptom> IndexPushedOut(const ExpertView& s) {
  const char* const kCached =
      "block_based_table_factory.cache_index_and_filter_blocks";
  const double misses = s.PerOperation(
      static_cast<double>(s.window.ticker(Ticker::kBlockCacheIndexMiss) +
                          s.window.ticker(Ticker::kBlockCacheFilterMiss)));
  if (s.Text(kCached) != "true" || misses < 0.02) return std::nullopt;
  Symptom symptom = Seen(
      std::min(0.5, 0.1 + misses),
      absl::StrFormat("%.2f index and filter blocks an operation are not in "
                      "the cache",
                      misses));
  // With less memory than they need, only their partitions fit.
  if (static_cast<double>(s.room_bytes) >
      0.01 * static_cast<double>(s.data_bytes)) {
    Add(s.Say(kCached, "false", symptom.summary), &symptom);
    return NotEmpty(symptom);
  }
  Add(s.Say("block_based_table_factory.index_type", "kTwoLevelIndexSearch",
            symptom.summary),
      &symptom);
  if (s.InForce("block_based_table_factory.filter_policy") != "nullptr") {
    Add(s.Say("block_based_table_factory.partition_filters", "true",
              symptom.summary),
        &symptom);
  }
  return NotEmpty(symptom);
}

// Reads that find their block in memory are little but search in it.
std::optional<Symptom> SearchInBlocks(const ExpertView& s) {
  if (s.reads < 0.7 || s.cache_miss_ratio > 0.05 || s.seeks > 0.05) {
    return std::nullopt;
  }
  Symptom symptom = Seen(
      0.15, absl::StrFormat("gets are %.0f %% of the operations and find "
                            "%.0f %% of their blocks in the cache",
                            100 * s.reads, 100 * (1 - s.cache_miss_ratio)));
  Add(s.Say("block_based_table_factory.data_block_index_type",
            "kDataBlockBinaryAndHash", symptom.summary),
      &symptom);
  return NotEmpty(symptom);
}

std::optional<Symptom> SmallBlocksForScans(const ExpertView& s) {
  const char* const kBlockSize = "block_based_table_factory.block_size";
  const std::optional<double> size = s.Number(kBlockSize);
  const double entries = EntriesPerScan(s);
  if (!size || *size >= kScanBlockBytes || s.seeks < 0.3 || s.reads > 0.3 ||
      entries < kLongScan) {
    return std::nullopt;
  }
  Symptom symptom =
      Seen(0.25, absl::StrFormat("scans of %.0f entries, %.0f %% of the "
                                 "operations, in blocks of %.0f bytes",
                                 entries, 100 * s.seeks, *size));
  Add(s.Move({kBlockSize, kScanBlockBytes, symptom.summary,
              "fewer blocks for each scan"}),
      &symptom);
  return NotEmpty(symptom);
}

// The page cache would hold what the block cache holds, and what compaction
// passes through.
std::optional<Symptom> DataLargerThanMemory(const ExpertView& s) {
  if (s.data_bytes < s.memory_bytes || s.PerOperation(s.cache_misses) < 0.05) {
    return std::nullopt;
  }
  Symptom symptom = Seen(
      0.15,
      absl::StrFormat("%.0f MiB of data and %.0f MiB of memory: the page cache "
                      "keeps what the block cache keeps",
                      static_cast<double>(s.data_bytes) / kMiB,
                      static_cast<double>(s.memory_bytes) / kMiB));
  for (const char* option :
       {"use_direct_reads", "use_direct_io_for_flush_and_compaction"}) {
    Add(s.Say(option, "true", symptom.summary), &symptom);
  }
  return NotEmpty(symptom);
}

std::optional<Symptom> ClosesFiles(const ExpertView& s) {
  const std::optional<double> files = s.Number("max_open_files");
  // Where descriptors allow it: a file of 64 MiB each.
  if (!files || *files < 0 || s.reads + s.seeks < 0.1 ||
      static_cast<double>(s.data_bytes) / (64 * kMiB) > 100000) {
    return std::nullopt;
  }
  Symptom symptom = Seen(
      0.2, absl::StrFormat("at most %.0f files stay open; opening one reads "
                           "its index again",
                           *files));
  symptom.changes.push_back(
      {"max_open_files", "", "-1", symptom.summary, "files are opened once"});
  return symptom;
}

std::optional<Symptom> RewritesMuch(const ExpertView& s) {
  const double written = s.Rate(Ticker::kBytesWritten);
  const double rewritten = s.Rate(Ticker::kCompactWriteBytes);
  if (s.Text("compaction_style") != "kCompactionStyleLevel" ||
      s.writes < kMostlyWrites || s.seeks > 0.1 || written <= kMiB ||
      rewritten < kMuchRewriting * written) {
    return std::nullopt;
  }
  Symptom symptom = Seen(
      std::min(0.6, 0.06 * rewritten / written + 0.5 * s.stall_share),
      absl::StrFormat("level compaction writes %.1f bytes for each byte of the "
                      "host, of whose operations %.0f %% are writes",
                      rewritten / written, 100 * s.writes));
  Add(s.Say("compaction_style", "kCompactionStyleUniversal", symptom.summary),
      &symptom);
  return NotEmpty(symptom);
}

std::optional<Symptom> WritersWaitForGroups(const ExpertView& s) {
  const auto own =
      static_cast<double>(s.window.ticker(Ticker::kWriteDoneBySelf));
  const auto other =
      static_cast<double>(s.window.ticker(Ticker::kWriteDoneByOther));
  if (s.writes < 0.3 || own + other <= 0 || other < 0.2 * (own + other)) {
    return std::nullopt;
  }
  Symptom symptom =
      Seen(0.2, absl::StrFormat("%.0f %% of the writes were written by another "
                                "writer's group",
                                100 * other / (own + other)));
  Add(s.Say("enable_pipelined_write", "true", symptom.summary), &symptom);
  return NotEmpty(symptom);
}

std::optional<Symptom> FixedLevels(const ExpertView& s) {
  const char* const kDynamic = "level_compaction_dynamic_level_bytes";
  if (s.InForce("compaction_style") != "kCompactionStyleLevel" ||
      s.Text(kDynamic) != "false" || s.writes < 0.05) {
    return std::nullopt;
  }
  Symptom symptom =
      Seen(0.12, absl::StrFormat("level targets are fixed while %.0f MiB of "
                                 "data grow",
                                 static_cast<double>(s.data_bytes) / kMiB));
  Add(s.Say(kDynamic, "true", symptom.summary), &symptom);
  return NotEmpty(symptom);
}

std::optional<Symptom> FewJobs(const ExpertView& s) {
  const std::optional<double> jobs = s.Number("max_background_jobs");
  if (!jobs || *jobs >= s.cores || s.writes < 0.1 ||
      s.cpu_share >= kCpuForJobs) {
    return std::nullopt;
  }
  Symptom symptom =
      Seen(0.15,
           absl::StrFormat("%.0f background jobs on %d cores", *jobs, s.cores));
  WishMoreJobs(s, &symptom);
  WishMoreSubcompactions(s, &symptom);
  return NotEmpty(symptom);
}

// Cores have time, and the device has not.
std::optional<Symptom> WritesUncompressed(const ExpertView& s) {
  const double files =
      s.Rate(Ticker::kFlushWriteBytes) + s.Rate(Ticker::kCompactWriteBytes);
  const double misses = s.PerOperation(s.cache_misses);
  if (s.Text("compression") != "kNoCompression" || s.cpu_share > 0.6 ||
      (files < 32 * kMiB && misses < 0.1)) {
    return std::nullopt;
  }
  Symptom symptom = Seen(
      0.25, absl::StrFormat("files are not compressed: %.0f MiB/s are written "
                            "and %.2f blocks an operation read, with %d cores "
                            "%.0f %% busy",
                            files / kMiB, misses, s.cores, 100 * s.cpu_share));
  Add(s.Say("compression", "kLZ4Compression", symptom.summary), &symptom);
  return NotEmpty(symptom);
}

// Most data is in the last level, and is compressed once.
std::optional<Symptom> LargeLastLevel(const ExpertView& s) {
  const double misses = s.PerOperation(s.cache_misses);
  const std::optional<std::string> bottommost =
      s.Text("bottommost_compression");
  if (!bottommost || *bottommost == "kZSTD" || misses < 0.2 ||
      s.cpu_share > 0.4 || s.data_bytes < s.memory_bytes) {
    return std::nullopt;
  }
  Symptom symptom = Seen(
      0.15, absl::StrFormat("%.2f blocks an operation are read from %.0f MiB "
                            "of data, with %d cores %.0f %% busy",
                            misses, static_cast<double>(s.data_bytes) / kMiB,
                            s.cores, 100 * s.cpu_share));
  Add(s.Say("bottommost_compression", "kZSTD", symptom.summary), &symptom);
  return NotEmpty(symptom);
}

const ExpertRule kOfflineRules[] = {
    {"no_filter", "wiki: RocksDB Bloom Filter; RocksDB Tuning Guide", NoFilter},
    {"filters_of_the_last_level_are_idle",
     "wiki: RocksDB Bloom Filter; options.h, optimize_filters_for_hits",
     FiltersOfTheLastLevelAreIdle},
    {"index_outside_the_cache",
     "wiki: Block Cache, caching index and filter blocks",
     IndexOutsideTheCache},
    {"index_pushed_out", "wiki: Partitioned Index Filters", IndexPushedOut},
    {"search_in_blocks", "wiki: Data Block Hash Index", SearchInBlocks},
    {"small_blocks_for_scans", "wiki: RocksDB Tuning Guide, block size",
     SmallBlocksForScans},
    {"data_larger_than_memory", "wiki: Direct IO", DataLargerThanMemory},
    {"closes_files", "wiki: RocksDB Tuning Guide, max_open_files", ClosesFiles},
    {"rewrites_much",
     "wiki: Universal Compaction; Compaction, amplification of each style",
     RewritesMuch},
    {"writers_wait_for_groups", "wiki: Pipelined Write", WritersWaitForGroups},
    {"fixed_levels",
     "wiki: Leveled Compaction, level_compaction_dynamic_level_bytes; Dong et "
     "al., Optimizing Space Amplification in RocksDB, CIDR 2017",
     FixedLevels},
    {"few_jobs", "wiki: RocksDB Tuning Guide, parallelism options", FewJobs},
    {"writes_uncompressed", "wiki: Compression; RocksDB Tuning Guide",
     WritesUncompressed},
    {"large_last_level",
     "wiki: Compression, bottommost_compression; Dong et al., CIDR 2017",
     LargeLastLevel},
};

}  // namespace

absl::Span<const ExpertRule> OfflineRules() { return kOfflineRules; }

}  // namespace rocktune
