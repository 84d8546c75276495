// rocktune-hook-cost: what one event costs in each hook, beside RocksDB's own
// Statistics. Nanoseconds of a thread whose caches are warm: a lower bound.
// bench/overhead_instructions and rocktune-overhead say what a service pays.
// --benchmark_out=FILE writes JSON.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/barrier.h"
#include "absl/synchronization/notification.h"
#include "hooks/block_trace.h"
#include "hooks/event_ring.h"
#include "hooks/keyed_hash.h"
#include "hooks/latency_histogram.h"
#include "hooks/tuning_statistics.h"
#include "policy/window.h"
#include "rocksdb/statistics.h"
#include "rocksdb/system_clock.h"

namespace rocktune {
namespace {

constexpr uint32_t kSampleOneIn = 32;  // the default of Instrument()

// The one that all threads of a benchmark report to, as those of a database
// do. Set and cleared while no thread measures.
std::shared_ptr<rocksdb::Statistics>& Statistics() {
  static auto& statistics = *new std::shared_ptr<rocksdb::Statistics>;
  return statistics;
}

void Ours(const benchmark::State&) {
  Statistics() = std::make_shared<TuningStatistics>(nullptr, kSampleOneIn);
}
void Rocksdbs(const benchmark::State&) {
  Statistics() = rocksdb::CreateDBStatistics();
}
void OursBeforeRocksdbs(const benchmark::State&) {
  Statistics() = std::make_shared<TuningStatistics>(
      rocksdb::CreateDBStatistics(), kSampleOneIn);
}
void NoStatistics(const benchmark::State&) { Statistics() = nullptr; }

void RecordTick(benchmark::State& state) {
  rocksdb::Statistics* const statistics = Statistics().get();
  for (auto _ : state) statistics->recordTick(rocksdb::BLOCK_CACHE_HIT, 1);
}

void HistEnabledForType(benchmark::State& state) {
  const rocksdb::Statistics* const statistics = Statistics().get();
  for (auto _ : state) {
    benchmark::DoNotOptimize(statistics->HistEnabledForType(rocksdb::DB_GET));
  }
}

// What RocksDB calls during a Get whose block is in the cache: timing as its
// StopWatch does it, and the tickers of such a Get.
void MeasuredGet(benchmark::State& state) {
  constexpr uint32_t kGetTickers[] = {rocksdb::BLOCK_CACHE_HIT,
                                      rocksdb::BLOCK_CACHE_DATA_HIT,
                                      rocksdb::BLOCK_CACHE_BYTES_READ,
                                      rocksdb::MEMTABLE_MISS,
                                      rocksdb::GET_HIT_L0,
                                      rocksdb::NUMBER_KEYS_READ,
                                      rocksdb::BYTES_READ};
  rocksdb::Statistics* const statistics = Statistics().get();
  rocksdb::SystemClock* const clock = rocksdb::SystemClock::Default().get();
  for (auto _ : state) {
    const bool timed =
        statistics != nullptr &&
        statistics->get_stats_level() >= rocksdb::kExceptTimers &&
        statistics->HistEnabledForType(rocksdb::DB_GET);
    const uint64_t begin_us = timed ? clock->NowMicros() : 0;
    for (const uint32_t ticker : kGetTickers) {
      if (statistics != nullptr) statistics->recordTick(ticker, 1);
    }
    if (timed) {
      statistics->reportTimeToHistogram(rocksdb::DB_GET,
                                        clock->NowMicros() - begin_us);
    }
  }
}

// A row for each who counts.
void AddWithStatistics(const std::string& name,
                       void (*benchmark)(benchmark::State&)) {
  constexpr struct {
    const char* name;
    void (*setup)(const benchmark::State&);
  } kRows[] = {{"/rocktune", Ours},
               {"/rocksdb", Rocksdbs},
               {"/both", OursBeforeRocksdbs}};
  for (const auto& row : kRows) {
    for (const int threads : {1, 2}) {
      benchmark::RegisterBenchmark((name + row.name).c_str(), benchmark)
          ->Setup(row.setup)
          ->Teardown(NoStatistics)
          ->Threads(threads);
    }
  }
}

// Its consumer takes everything out whenever it is full, which is part of the
// time: a pop for each push.
void RingPushAndPop(benchmark::State& state) {
  EventRing ring(4096);
  Event event;
  for (auto _ : state) {
    if (ring.Push(event)) continue;
    while (ring.Pop(&event)) {
    }
  }
}

void RingPushIntoFull(benchmark::State& state) {
  EventRing ring(4096);
  const Event event;
  while (ring.Push(event)) {
  }
  for (auto _ : state) benchmark::DoNotOptimize(ring.Push(event));
}

void HashOfKey(benchmark::State& state) {
  const std::string key(static_cast<size_t>(state.range(0)), 'k');
  const KeyedHash& hash = KeyedHash::OfProcess();
  for (auto _ : state) {
    benchmark::DoNotOptimize(hash(key.data(), key.size()));
  }
}

// A block lookup of a Get while a burst of tracing runs.
void BlockTraceRecord(benchmark::State& state) {
  constexpr int64_t kBurst = 1 << 16;
  rocksdb::BlockCacheTraceRecord record;
  record.block_type = rocksdb::TraceType::kBlockTraceDataBlock;
  record.caller = rocksdb::TableReaderCaller::kUserGet;
  record.is_cache_hit = true;
  record.referenced_key_exist_in_block = true;
  record.referenced_data_size = 132;
  const std::string block(16, 'b'), key(24 + 8, 'k');
  std::unique_ptr<rocksdb::BlockCacheTraceWriter> writer;
  int64_t left = 0;
  for (auto _ : state) {
    if (left-- == 0) {
      state.PauseTiming();
      writer = NewBlockTraceWriter(std::make_shared<BlockTraceBuffer>(kBurst));
      left = kBurst - 1;
      state.ResumeTiming();
    }
    benchmark::DoNotOptimize(
        writer->WriteBlockAccess(record, block, "default", key));
  }
}

void HistogramRecord(benchmark::State& state) {
  LatencyHistogram histogram;
  uint64_t value_us = 1;
  for (auto _ : state) {
    histogram.Record(value_us);
    value_us = value_us * 5 % 1021;  // all over the common buckets
  }
}

// Once a second on the loop's thread; the argument is how many threads the
// host has, each of which owns a shard.
void WindowCut(benchmark::State& state) {
  TuningStatistics statistics(nullptr, kSampleOneIn);
  absl::Notification done;
  std::vector<std::thread> threads;
  absl::Barrier* const ready =
      new absl::Barrier(static_cast<int>(state.range(0)) + 1);
  for (int64_t i = 0; i < state.range(0); ++i) {
    threads.emplace_back([&] {
      statistics.recordTick(rocksdb::BLOCK_CACHE_HIT, 1);
      if (ready->Block()) delete ready;
      done.WaitForNotification();
    });
  }
  if (ready->Block()) delete ready;
  Window window;
  for (auto _ : state) statistics.Cut(&window);
  done.Notify();
  for (std::thread& thread : threads) thread.join();
}

void AddAll() {
  AddWithStatistics("record_tick", RecordTick);
  AddWithStatistics("hist_enabled", HistEnabledForType);
  benchmark::RegisterBenchmark("measured_get/none", MeasuredGet);
  AddWithStatistics("measured_get", MeasuredGet);
  benchmark::RegisterBenchmark("ring_push_and_pop", RingPushAndPop);
  benchmark::RegisterBenchmark("ring_push_into_full", RingPushIntoFull);
  benchmark::RegisterBenchmark("keyed_hash", HashOfKey)
      ->Arg(16)
      ->Arg(24)
      ->Arg(64);
  benchmark::RegisterBenchmark("block_trace_record", BlockTraceRecord);
  benchmark::RegisterBenchmark("histogram_record", HistogramRecord);
  benchmark::RegisterBenchmark("window_cut", WindowCut)
      ->Arg(1)
      ->Arg(8)
      ->Arg(64);
}

}  // namespace
}  // namespace rocktune

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  rocktune::AddAll();
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
