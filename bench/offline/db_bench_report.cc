#include "bench/offline/db_bench_report.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "hooks/tickers.h"

namespace rocktune {
namespace {

using Words = std::vector<absl::string_view>;

// More than any counter of a run; a double beyond it is no uint64_t.
constexpr double kMostCount = 1e18;
constexpr double kMostOps = 1e15;
constexpr double kBlockBytes = 4096;  // RocksDB's default, before compression
constexpr double kMib = 1024 * 1024;
constexpr size_t kMostLevels = 64;

Words WordsOf(absl::string_view line) {
  return absl::StrSplit(line, absl::ByAnyChar(" \t"), absl::SkipEmpty());
}

// The number before the word `unit`, or 0.
double Before(const Words& words, absl::string_view unit) {
  for (size_t i = 1; i < words.size(); ++i) {
    double number = 0;
    if (words[i] == unit && absl::SimpleAtod(words[i - 1], &number) &&
        std::isfinite(number)) {
      return number;
    }
  }
  return 0;
}

// The number after "WORD :", or 0.
double After(const Words& words, absl::string_view word) {
  for (size_t i = 0; i + 2 < words.size(); ++i) {
    double number = 0;
    if (words[i] == word && words[i + 1] == ":" &&
        absl::SimpleAtod(words[i + 2], &number) && std::isfinite(number)) {
      return number;
    }
  }
  return 0;
}

// Ours by RocksDB's names.
struct Names {
  std::map<std::string, Ticker> tickers;
  std::map<std::string, OpKind> latencies;
};

const Names& KnownNames() {
  static const auto& names = *[] {
    auto* all = new Names;
    for (int i = 0; i < kTickers; ++i) {
      const auto ticker = static_cast<Ticker>(i);
      all->tickers[std::string(RocksdbName(ticker))] = ticker;
    }
    for (int i = 0; i < kOpKinds; ++i) {
      const auto kind = static_cast<OpKind>(i);
      all->latencies[std::string(RocksdbName(kind))] = kind;
    }
    return all;
  }();
  return names;
}

void ReadStatistic(const Words& words, Window* window) {
  const Names& names = KnownNames();
  const std::string name(words[0]);
  const double count = After(words, "COUNT");
  if (const auto it = names.tickers.find(name); it != names.tickers.end()) {
    window->ticker(it->second) =
        static_cast<uint64_t>(std::clamp(count, 0.0, kMostCount));
    window->has_tickers = true;
  }
  if (const auto it = names.latencies.find(name);
      it != names.latencies.end() && count > 0) {
    OpStats& stats = window->op(it->second);
    stats.samples = static_cast<uint64_t>(std::min(count, kMostCount));
    stats.latency_us_p50 = After(words, "P50");
    stats.latency_us_p99 = After(words, "P99");
    stats.latency_us_mean = After(words, "SUM") / count;
    window->has_latencies = true;
  }
}

// "  0        4        12", below "Level Files Size(MB)".
bool ReadLevel(const Words& words, std::vector<LevelShape>* levels) {
  double level = 0, files = 0, mib = 0;
  if (words.size() != 3 || levels->size() >= kMostLevels ||
      !absl::SimpleAtod(words[0], &level) ||
      level != static_cast<double>(levels->size()) ||
      !absl::SimpleAtod(words[1], &files) || files < 0 ||
      !absl::SimpleAtod(words[2], &mib) || mib < 0) {
    return false;
  }
  levels->push_back(
      {static_cast<uint64_t>(files), static_cast<uint64_t>(mib * kMib)});
  return true;
}

void Complete(double seconds, uint64_t block_cache_bytes, Window* window) {
  window->number = 1;
  window->length = absl::Seconds(seconds);
  window->op(OpKind::kGet).count = window->ticker(Ticker::kKeysRead);
  window->op(OpKind::kMultiGet).count = window->ticker(Ticker::kMultiGetCalls);
  window->op(OpKind::kWrite).count = window->ticker(Ticker::kWriteDoneBySelf) +
                                     window->ticker(Ticker::kWriteDoneByOther);
  window->op(OpKind::kSeek).count = window->ticker(Ticker::kSeeks);
  window->stalls.stall_micros = window->ticker(Ticker::kStallMicros);
  const double read =
      kBlockBytes *
      static_cast<double>(window->ticker(Ticker::kBlockCacheMiss));
  window->caches = {{"", block_cache_bytes,
                     static_cast<uint64_t>(std::min(
                         read, static_cast<double>(block_cache_bytes))),
                     0}};
}

Window WithOneFamily() {
  Window window;
  window.column_families.emplace_back();
  window.column_families.back().name = "default";
  return window;
}

}  // namespace

Window WindowOfOutput(const std::string& output, const PlainRun& run) {
  Window window = WithOneFamily();
  for (absl::string_view line : absl::StrSplit(output, '\n')) {
    const Words words = WordsOf(line);
    if (words.size() < 3 || !absl::StartsWith(words[0], "rocksdb.")) continue;
    ReadStatistic(words, &window);
  }
  Complete(run.seconds, run.block_cache_bytes, &window);
  if (window.Operations() == 0) {
    const double half = std::min(run.ops_per_s * run.seconds / 2, kMostOps);
    window.op(OpKind::kGet).count = static_cast<uint64_t>(half);
    window.op(OpKind::kWrite).count = static_cast<uint64_t>(half);
  }
  return window;
}

absl::StatusOr<DbBenchReport> ParseDbBench(const std::string& output,
                                           uint64_t block_cache_bytes) {
  DbBenchReport report;
  report.window = WithOneFamily();
  std::vector<LevelShape> levels;
  double seconds = 0;
  bool in_levels = false;
  // Its progress moves in place.
  for (absl::string_view line :
       absl::StrSplit(output, absl::ByAnyChar("\n\r"), absl::SkipEmpty())) {
    const Words words = WordsOf(line);
    if (words.size() < 3) continue;
    if (absl::StartsWith(words[0], "rocksdb.")) {
      ReadStatistic(words, &report.window);
    } else if (words[0] == "Level" && words[1] == "Files") {
      in_levels = true;
      levels.clear();
    } else if (in_levels) {
      ReadLevel(words, &levels);
    }
    const double ops_per_s = Before(words, "ops/sec");
    if (ops_per_s <= 0 || Before(words, "micros/op") <= 0) continue;
    report.benchmark = std::string(absl::StripSuffix(words[0], ":"));
    report.ops_per_s = ops_per_s;
    seconds += Before(words, "seconds");
  }
  if (report.ops_per_s <= 0) {
    return absl::NotFoundError("db_bench printed no line with ops/sec");
  }
  report.window.column_families.back().levels = std::move(levels);
  Complete(seconds, block_cache_bytes, &report.window);
  uint64_t most = 0;
  for (const OpStats& stats : report.window.ops) {
    if (stats.samples <= most) continue;
    most = stats.samples;
    report.p99_us = stats.latency_us_p99;
  }
  return report;
}

}  // namespace rocktune
