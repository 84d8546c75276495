// rocktune-trace-accuracy: how well a burst of tracing predicts the hit ratio
// of a block cache of another size, and what it costs. See bench/README.md.
#include <time.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "bench/overhead_pairs.h"
#include "bench/skewed_reads.h"
#include "policy/status_macros.h"

namespace rocktune::bench {
namespace {

constexpr char kUsage[] =
    "rocktune-trace-accuracy [--rounds N] [--pairs N] [--keys N]\n"
    "    [--theta X] [--cache-mib N] [--threads N] [--burst-ms N]\n"
    "    [--folder DIR] [--json FILE]\n"
    "  Rounds, each on a database of its own: a burst of tracing under skewed\n"
    "  reads, then the cache is really made 0.5, 2 and 4 times as large. "
    "Pairs\n"
    "  of half a second with and without a burst: what it costs.\n";

constexpr double kFactors[] = {0.5, 1, 2, 4};

struct Arguments {
  SkewedPlan plan;
  uint64_t rounds = 3;
  uint64_t pairs = 41;
  uint64_t burst_ms = 2000;
  std::string json;
};

bool ParseOne(const std::string& word, const std::string& value,
              Arguments* arguments) {
  uint64_t mib = 0;
  SkewedPlan& plan = arguments->plan;
  if (word == "--rounds") return absl::SimpleAtoi(value, &arguments->rounds);
  if (word == "--pairs") return absl::SimpleAtoi(value, &arguments->pairs);
  if (word == "--keys") return absl::SimpleAtoi(value, &plan.keys);
  if (word == "--theta") return absl::SimpleAtod(value, &plan.theta);
  if (word == "--threads") return absl::SimpleAtoi(value, &plan.threads);
  if (word == "--burst-ms") {
    return absl::SimpleAtoi(value, &arguments->burst_ms);
  }
  if (word == "--cache-mib") {
    if (!absl::SimpleAtoi(value, &mib)) return false;
    plan.cache_bytes = mib << 20;
    return true;
  }
  if (word == "--folder") {
    plan.folder = value;
    return true;
  }
  if (word != "--json") return false;
  arguments->json = value;
  return true;
}

struct Row {
  double factor = 0;
  uint64_t capacity_bytes = 0;
  double predicted = -1;  // -1: the curve does not reach so far
  double measured = 0;
  double Error() const { return std::abs(predicted - measured); }
};

double HitRatio(const Window& window) {
  const auto hits = static_cast<double>(window.ticker(Ticker::kBlockCacheHit));
  const auto misses =
      static_cast<double>(window.ticker(Ticker::kBlockCacheMiss));
  return hits / std::max(1.0, hits + misses);
}

// After the ratio has levelled off: two seconds in a row within 0.002.
double SettledHitRatio(SkewedReads* reads) {
  (void)reads->attached().Sample(absl::Now());
  double last = -1;
  for (int second = 0; second < 30; ++second) {
    absl::SleepFor(absl::Seconds(1));
    const double now = HitRatio(reads->attached().Sample(absl::Now()));
    if (second >= 2 && std::abs(now - last) < 0.002) break;
    last = now;
  }
  absl::SleepFor(absl::Seconds(3));
  return HitRatio(reads->attached().Sample(absl::Now()));
}

struct Round {
  std::vector<Row> rows;
  TraceFacts facts;
};

absl::StatusOr<Round> RunRound(const Arguments& arguments) {
  ROCKTUNE_ASSIGN_OR_RETURN(std::unique_ptr<SkewedReads> reads,
                            SkewedReads::Start(arguments.plan));
  AttachedDb& attached = reads->attached();
  (void)SettledHitRatio(reads.get());
  const absl::Duration length = absl::Milliseconds(arguments.burst_ms);
  ROCKTUNE_RETURN_IF_ERROR(attached.StartTrace(absl::Now(), length));
  absl::SleepFor(length);
  Round round;
  ROCKTUNE_ASSIGN_OR_RETURN(round.facts, attached.FinishTrace(absl::Now()));
  if (round.facts.curves.empty()) return absl::InternalError("no curve");
  for (const double factor : kFactors) {
    Row row;
    row.factor = factor;
    row.capacity_bytes = static_cast<uint64_t>(
        std::llround(factor * static_cast<double>(arguments.plan.cache_bytes)));
    row.predicted =
        round.facts.curves[0].HitRatioAt(row.capacity_bytes).value_or(-1);
    ROCKTUNE_RETURN_IF_ERROR(attached.Set(
        OptionScope::kLive, "",
        {{"block_cache.capacity", absl::StrCat(row.capacity_bytes)}}));
    row.measured = SettledHitRatio(reads.get());
    round.rows.push_back(row);
  }
  if (reads->failed()) return absl::InternalError("a read failed");
  return round;
}

double ProcessCpuSeconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) +
         1e-9 * static_cast<double>(now.tv_nsec);
}

// Half a second of reads.
struct Block {
  double reads_per_s = 0;
  double cpu_s = 0;  // per read
};
Block RunBlock(SkewedReads* reads) {
  const absl::Time begin = absl::Now();
  const double cpu = ProcessCpuSeconds();
  const uint64_t before = reads->reads();
  absl::SleepFor(absl::Milliseconds(500));
  const double count = std::max<double>(1, reads->reads() - before);
  return {count / absl::ToDoubleSeconds(absl::Now() - begin),
          (ProcessCpuSeconds() - cpu) / count};
}

struct Cost {
  MedianRatio throughput;  // with / without a burst, higher is better
  MedianRatio cpu;         // per read, lower is better
};

absl::StatusOr<Cost> RunCost(const Arguments& arguments) {
  ROCKTUNE_ASSIGN_OR_RETURN(std::unique_ptr<SkewedReads> reads,
                            SkewedReads::Start(arguments.plan));
  (void)SettledHitRatio(reads.get());
  std::vector<double> throughput;
  std::vector<double> cpu;
  for (uint64_t pair = 0; pair < arguments.pairs; ++pair) {
    Block with;
    Block without;
    for (const bool burst : {pair % 2 == 0, pair % 2 != 0}) {
      if (!burst) {
        without = RunBlock(reads.get());
        continue;
      }
      // The sample is chosen for a burst of the usual length.
      ROCKTUNE_RETURN_IF_ERROR(reads->attached().StartTrace(
          absl::Now(), absl::Milliseconds(arguments.burst_ms)));
      with = RunBlock(reads.get());
      ROCKTUNE_RETURN_IF_ERROR(
          reads->attached().FinishTrace(absl::Now()).status());
    }
    throughput.push_back(with.reads_per_s / without.reads_per_s);
    cpu.push_back(with.cpu_s / without.cpu_s);
  }
  return Cost{MedianOf(std::move(throughput)), MedianOf(std::move(cpu))};
}

void Print(const Round& round) {
  const TraceFacts& facts = round.facts;
  std::printf("%llu lookups sampled, one block in %.0f",
              static_cast<unsigned long long>(facts.curves[0].accesses),
              1 / facts.sample_ratio);
  if (facts.read_keys) {
    std::printf("; Zipf %.2f, hottest 1 %% of keys %.2f of reads",
                facts.read_keys->zipf_exponent,
                facts.read_keys->top_1pct_share);
  }
  std::printf("\n%8s %10s %10s %10s %7s\n", "cache", "MiB", "predicted",
              "measured", "error");
  for (const Row& row : round.rows) {
    std::printf("%7.1fx %10.1f %10.3f %10.3f %7.3f\n", row.factor,
                static_cast<double>(row.capacity_bytes) / 1048576,
                row.predicted, row.measured, row.Error());
  }
  std::fflush(stdout);
}

std::string Json(const MedianRatio& ratio) {
  return absl::StrCat("{\"median\": ", ratio.median, ", \"low\": ", ratio.low,
                      ", \"high\": ", ratio.high, "}");
}

std::string Json(const std::vector<Round>& rounds, const Cost& cost,
                 double worst) {
  std::string text = "{\n  \"rounds\": [";
  for (size_t i = 0; i < rounds.size(); ++i) {
    absl::StrAppend(&text, i == 0 ? "" : ",", "\n    [");
    for (size_t j = 0; j < rounds[i].rows.size(); ++j) {
      const Row& row = rounds[i].rows[j];
      absl::StrAppend(&text, j == 0 ? "" : ", ", "{\"factor\": ", row.factor,
                      ", \"predicted\": ", row.predicted,
                      ", \"measured\": ", row.measured, "}");
    }
    text += "]";
  }
  absl::StrAppend(&text, "\n  ],\n  \"worst_error\": ", worst,
                  ",\n  \"burst_throughput_ratio\": ", Json(cost.throughput),
                  ",\n  \"burst_cpu_ratio\": ", Json(cost.cpu), "\n}\n");
  return text;
}

absl::Status Run(const Arguments& arguments) {
  std::vector<Round> rounds;
  double worst = 0;
  for (uint64_t i = 0; i < arguments.rounds; ++i) {
    ROCKTUNE_ASSIGN_OR_RETURN(Round round, RunRound(arguments));
    Print(round);
    for (const Row& row : round.rows) worst = std::max(worst, row.Error());
    rounds.push_back(std::move(round));
  }
  std::printf("worst error %.3f\n", worst);
  Cost cost;
  if (arguments.pairs > 0) {
    ROCKTUNE_ASSIGN_OR_RETURN(cost, RunCost(arguments));
    std::printf(
        "with / without a burst: throughput %.4f [%.4f, %.4f], CPU of "
        "a read %.4f [%.4f, %.4f]\n",
        cost.throughput.median, cost.throughput.low, cost.throughput.high,
        cost.cpu.median, cost.cpu.low, cost.cpu.high);
  }
  if (arguments.json.empty()) return absl::OkStatus();
  std::FILE* file = std::fopen(arguments.json.c_str(), "w");
  const std::string text = Json(rounds, cost, worst);
  const bool ok = file != nullptr &&
                  std::fwrite(text.data(), 1, text.size(), file) == text.size();
  if (file != nullptr && std::fclose(file) == 0 && ok) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("cannot write ", arguments.json));
}

int Main(int argc, char** argv) {
  Arguments arguments;
  for (int i = 1; i < argc; i += 2) {
    if (i + 1 == argc || !ParseOne(argv[i], argv[i + 1], &arguments)) {
      std::fputs(kUsage, stderr);
      return 2;
    }
  }
  const absl::Status status = Run(arguments);
  if (status.ok()) return 0;
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  return 1;
}

}  // namespace
}  // namespace rocktune::bench

int main(int argc, char** argv) { return rocktune::bench::Main(argc, argv); }
