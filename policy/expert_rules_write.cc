#include <algorithm>
#include <cmath>

#include "absl/strings/str_format.h"
#include "policy/expert_rules.h"

namespace rocktune {
namespace {

constexpr double kMiB = 1 << 20;
// Stalled for this part of the time, small steps are lost in the noise that
// stalls make. A guess.
constexpr double kMuchStalled = 0.3;
constexpr double kMostlyWrites = 0.7;
constexpr size_t kMostChanges = 4;  // of a proposal

// A stall is worth at least this, and more the more time it takes: its part
// of it, where there are stalls of several kinds.
double StallStrength(const ExpertView& s, uint64_t own) {
  const StallFacts& stalls = s.window.stalls;
  const uint64_t all =
      stalls.memtable_stalls + stalls.l0_stalls + stalls.pending_bytes_stalls;
  const double part = static_cast<double>(own) / static_cast<double>(all);
  return std::min(1.0, 0.3 + 1.5 * s.stall_share * part);
}

// How many times larger memtables are to be so that they last `seconds`; one
// step is at least twice, and at most what calibration lets through.
double MemtableFactor(const ExpertView& s, double size, double seconds) {
  const double filled = s.Rate(Ticker::kFlushWriteBytes);
  return std::clamp(std::ceil(filled * seconds / size), 2.0, 4.0);
}

std::optional<Symptom> StalledByMemtables(const ExpertView& s) {
  const std::optional<double> number = s.Number("max_write_buffer_number");
  const std::optional<double> size = s.Number("write_buffer_size");
  if (!number || s.window.stalls.memtable_stalls == 0) return std::nullopt;
  Symptom symptom;
  symptom.strength = StallStrength(s, s.window.stalls.memtable_stalls);
  symptom.summary = absl::StrFormat(
      "%d write stalls for want of memtables (%.0f allowed), %.0f %% of the "
      "time",
      s.window.stalls.memtable_stalls, *number, 100 * s.stall_share);
  const double more = std::min(8.0, 2 * *number);
  const double added = size ? (more - *number) * *size * s.families : 0;
  if (added <= static_cast<double>(s.room_bytes)) {
    Add(s.Move({"max_write_buffer_number", more, symptom.summary,
                "writes go on while memtables are flushed"}),
        &symptom);
  }
  WishMoreJobs(s, &symptom);
  return NotEmpty(symptom);
}

// Compaction reads its input in large pieces.
void WishReadahead(const ExpertView& s, Symptom* symptom) {
  const std::optional<double> readahead = s.Number("compaction_readahead_size");
  if (!readahead || *readahead >= kMiB) return;
  Add(s.Move({"compaction_readahead_size", 2 * kMiB, symptom->summary,
              "fewer, larger reads of compaction"}),
      symptom);
}

// Limits of level 0 that come later, up to four times RocksDB's own: beyond,
// files would only pile up for reads to look through.
void WishLaterLimits(const ExpertView& s, Symptom* symptom) {
  constexpr double kLatestSlowdown = 80;
  constexpr double kLatestStop = 144;
  const double times = s.stall_share >= kMuchStalled ? 4 : 2;
  const std::optional<double> slowdown =
      s.Number("level0_slowdown_writes_trigger");
  const std::optional<double> stop = s.Number("level0_stop_writes_trigger");
  if (slowdown && *slowdown < kLatestSlowdown) {
    Add(s.Move({"level0_slowdown_writes_trigger",
                std::min(times * *slowdown, kLatestSlowdown), symptom->summary,
                "delays begin later"}),
        symptom);
  }
  if (stop && *stop < kLatestStop) {
    Add(s.Move({"level0_stop_writes_trigger",
                std::min(times * *stop, kLatestStop), symptom->summary,
                "stops come later"}),
        symptom);
  }
}

// Level 0 is emptied too slowly for what comes in: more hands, and larger
// memtables, which make fewer files of what is left after overwriting. Later
// limits alone only put the stall off, so they come last.
std::optional<Symptom> StalledByL0(const ExpertView& s) {
  const uint64_t stalls = s.window.stalls.l0_stalls;
  if (stalls == 0) return std::nullopt;
  Symptom symptom;
  symptom.strength = StallStrength(s, stalls);
  symptom.summary = absl::StrFormat(
      "%d write stalls for too many level-0 files (%.1f on average), %.0f %% "
      "of the time",
      stalls, s.l0_files, 100 * s.stall_share);
  WishMoreJobs(s, &symptom);
  WishMoreSubcompactions(s, &symptom);
  if (s.stall_share >= kMuchStalled) {
    const double size = s.Number("write_buffer_size").value_or(1);
    WishLargerMemtables(s, MemtableFactor(s, size, kMemtableSeconds), &symptom);
    WishTimes(s, "delayed_write_rate", 4, "shorter delays", &symptom);
  }
  if (symptom.changes.size() + 2 <= kMostChanges) WishLaterLimits(s, &symptom);
  if (symptom.changes.size() < kMostChanges) WishReadahead(s, &symptom);
  return NotEmpty(symptom);
}

std::optional<Symptom> StalledByPendingBytes(const ExpertView& s) {
  if (s.window.stalls.pending_bytes_stalls == 0) return std::nullopt;
  Symptom symptom;
  symptom.strength = StallStrength(s, s.window.stalls.pending_bytes_stalls);
  symptom.summary = absl::StrFormat(
      "%d write stalls for %.0f MiB of pending compaction, %.0f %% of the time",
      s.window.stalls.pending_bytes_stalls,
      static_cast<double>(s.pending_bytes) / kMiB, 100 * s.stall_share);
  WishMoreJobs(s, &symptom);
  WishMoreSubcompactions(s, &symptom);
  WishTimes(s, "soft_pending_compaction_bytes_limit", 2, "delays begin later",
            &symptom);
  WishTimes(s, "hard_pending_compaction_bytes_limit", 2, "stops come later",
            &symptom);
  return NotEmpty(symptom);
}

std::optional<Symptom> DelayedTooHard(const ExpertView& s) {
  const uint64_t rate = s.window.stalls.delayed_write_rate;
  if (rate == 0 || s.stall_share < 0.1) return std::nullopt;
  Symptom symptom;
  symptom.strength = 0.2 + 0.5 * s.stall_share;
  symptom.summary =
      absl::StrFormat("writes are delayed to %.1f MiB/s, %.0f %% of the time",
                      static_cast<double>(rate) / kMiB, 100 * s.stall_share);
  WishTimes(s, "delayed_write_rate", 2, "shorter delays", &symptom);
  return NotEmpty(symptom);
}

std::optional<Symptom> CompactionFallsBehind(const ExpertView& s) {
  const std::optional<double> trigger =
      s.Number("level0_file_num_compaction_trigger");
  if (s.writes < 0.02 || s.cpu_share > kCpuForJobs) return std::nullopt;
  const bool all_busy = s.CompactionIsBusy();
  const bool piled_up = trigger && s.l0_files > 1.5 * *trigger;
  const bool growing = s.pending_growth_bytes > static_cast<int64_t>(64 * kMiB);
  if (!piled_up && !growing && !all_busy) return std::nullopt;
  Symptom symptom;
  symptom.strength = 0.15 + (piled_up ? 0.2 : 0) + (growing ? 0.1 : 0);
  symptom.summary = absl::StrFormat(
      "compaction falls behind: %.1f level-0 files, %.1f compactions running, "
      "pending bytes %+.0f MiB in %.0f s",
      s.l0_files, s.running_compactions,
      static_cast<double>(s.pending_growth_bytes) / kMiB, s.seconds);
  WishMoreJobs(s, &symptom);
  WishMoreSubcompactions(s, &symptom);
  return NotEmpty(symptom);
}

std::optional<Symptom> TooManyJobs(const ExpertView& s) {
  const std::optional<double> jobs = s.Number("max_background_jobs");
  if (!jobs || *jobs <= std::max(2, s.cores) || s.cpu_share < 0.95 ||
      s.running_compactions < s.cores || s.reads + s.seeks < 0.5) {
    return std::nullopt;
  }
  Symptom symptom;
  symptom.strength = 0.15;
  symptom.summary = absl::StrFormat(
      "%.1f compactions compete with reads for %d cores that are %.0f %% busy",
      s.running_compactions, s.cores, 100 * s.cpu_share);
  Add(s.Move({"max_background_jobs", std::max(2.0, std::floor(*jobs / 2)),
              symptom.summary, "more CPU for reads"}),
      &symptom);
  return NotEmpty(symptom);
}

std::optional<Symptom> SmallWriteBuffers(const ExpertView& s) {
  const std::optional<double> size = s.Number("write_buffer_size");
  const std::optional<double> trigger =
      s.Number("level0_file_num_compaction_trigger");
  const double filled = s.Rate(Ticker::kFlushWriteBytes);
  // Several memtables a minute: their files make level 0 and its compactions.
  if (!size || s.writes < 0.1 || filled * 20 < *size) return std::nullopt;
  Symptom symptom;
  symptom.strength = std::min(0.4, 0.1 + 0.5 * s.writes);
  symptom.summary =
      absl::StrFormat("memtables of %.0f MiB are flushed every %.0f s",
                      *size / kMiB, *size / filled);
  const double factor = MemtableFactor(s, *size, kMemtableSeconds);
  WishLargerMemtables(s, factor, &symptom);
  if (symptom.changes.empty()) return std::nullopt;
  double files = trigger.value_or(0);
  // Few reads look through level 0: each of its compactions may take in more.
  if (trigger && s.writes >= kMostlyWrites && s.seeks < 0.05) {
    files *= 2;
    Add(s.Move({"level0_file_num_compaction_trigger", files, symptom.summary,
                "fewer, larger compactions of level 0"}),
        &symptom);
  }
  // Level 1 as large as level 0 when its compaction starts.
  const std::optional<double> base = s.Number("max_bytes_for_level_base");
  const double level0 = files * factor * s.l0_file_bytes;
  if (base && level0 > 1.2 * *base) {
    Add(s.Move({"max_bytes_for_level_base", level0, symptom.summary,
                "level 1 as large as level 0"}),
        &symptom);
  }
  return symptom;
}

std::optional<Symptom> WriteAmplification(const ExpertView& s) {
  const double written = s.Rate(Ticker::kBytesWritten);
  const double rewritten = s.Rate(Ticker::kCompactWriteBytes);
  if (s.writes < 0.5 || s.seeks > 0.1 || written <= kMiB ||
      rewritten < 4 * written) {
    return std::nullopt;
  }
  Symptom symptom;
  symptom.strength = std::min(0.35, 0.03 * rewritten / written);
  symptom.summary = absl::StrFormat(
      "compaction writes %.1f bytes for each byte of the host, %.0f MiB/s",
      rewritten / written, rewritten / kMiB);
  WishTimes(s, "max_bytes_for_level_base", 2, "fewer levels to go through",
            &symptom);
  WishTimes(s, "level0_file_num_compaction_trigger", 2,
            "fewer, larger compactions of level 0", &symptom);
  return NotEmpty(symptom);
}

std::optional<Symptom> SmallCompactionReads(const ExpertView& s) {
  const std::optional<double> readahead = s.Number("compaction_readahead_size");
  const double rate = s.Rate(Ticker::kCompactReadBytes);
  if (!readahead || *readahead >= kMiB || rate < 2 * kMiB) {
    return std::nullopt;
  }
  Symptom symptom;
  // Where compaction keeps up, nobody waits for its reads.
  symptom.strength = s.CompactionIsBusy() ? 0.2 : 0.11;
  symptom.summary = absl::StrFormat(
      "compaction reads %.0f MiB/s in pieces of at most %.0f KiB", rate / kMiB,
      *readahead / 1024);
  WishReadahead(s, &symptom);
  return NotEmpty(symptom);
}

std::optional<Symptom> SlowCompression(const ExpertView& s) {
  const std::optional<std::string> type = s.Text("compression");
  if (!type || s.cpu_share < 0.8) return std::nullopt;
  if (*type != "kZSTD" && *type != "kZlibCompression" &&
      *type != "kBZip2Compression" && *type != "kLZ4HCCompression") {
    return std::nullopt;
  }
  // A list per level overrides the one type.
  if (!s.InForce("compression_per_level").empty()) return std::nullopt;
  Symptom symptom;
  symptom.strength = 0.2;
  symptom.summary = absl::StrFormat("%d cores are %.0f %% busy with %s on",
                                    s.cores, 100 * s.cpu_share, *type);
  Add(s.Say("compression", "kLZ4Compression", symptom.summary), &symptom);
  return NotEmpty(symptom);
}

std::optional<Symptom> BurstyFileWrites(const ExpertView& s) {
  const std::optional<double> sync = s.Number("bytes_per_sync");
  const OpStats& write = s.window.op(OpKind::kWrite);
  if (!sync || *sync > 0 || s.writes < 0.1 ||
      write.latency_us_p99 < 50 * std::max(1.0, write.latency_us_p50) ||
      s.Rate(Ticker::kFlushWriteBytes) + s.Rate(Ticker::kCompactWriteBytes) <
          8 * kMiB) {
    return std::nullopt;
  }
  Symptom symptom;
  symptom.strength = 0.12;
  symptom.summary = absl::StrFormat(
      "writes take %.0f us at p99 and %.0f us at p50 while files are written "
      "back in bursts",
      write.latency_us_p99, write.latency_us_p50);
  Add(s.Move({"bytes_per_sync", kMiB, symptom.summary,
              "files are written back evenly"}),
      &symptom);
  return NotEmpty(symptom);
}

const ExpertRule kWriteRules[] = {
    {"stalled_by_memtables", "wiki: Write Stalls, too many memtables",
     StalledByMemtables},
    {"stalled_by_l0", "wiki: Write Stalls, too many level-0 SST files",
     StalledByL0},
    {"stalled_by_pending_bytes",
     "wiki: Write Stalls, too many pending compaction bytes",
     StalledByPendingBytes},
    {"delayed_too_hard", "wiki: Write Stalls, delayed_write_rate",
     DelayedTooHard},
    {"compaction_falls_behind",
     "wiki: RocksDB Tuning Guide, parallelism options; Subcompaction",
     CompactionFallsBehind},
    {"too_many_jobs", "wiki: RocksDB Tuning Guide, parallelism options",
     TooManyJobs},
    {"small_write_buffers",
     "wiki: RocksDB Tuning Guide, level style compaction (level 0 about as "
     "large as level 1)",
     SmallWriteBuffers},
    {"write_amplification", "wiki: RocksDB Tuning Guide, write amplification",
     WriteAmplification},
    {"small_compaction_reads",
     "wiki: RocksDB Tuning Guide, compaction_readahead_size; Direct IO",
     SmallCompactionReads},
    {"slow_compression", "wiki: Compression; RocksDB Tuning Guide, compression",
     SlowCompression},
    {"bursty_file_writes",
     "wiki: Setup Options and Basic Tuning, "
     "bytes_per_sync",
     BurstyFileWrites},
};

}  // namespace

absl::Span<const ExpertRule> WriteRules() { return kWriteRules; }

}  // namespace rocktune
