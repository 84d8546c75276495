#include "bench/overhead_pairs.h"

#include <time.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "hooks/tuning_listener.h"
#include "hooks/tuning_statistics.h"
#include "policy/status_macros.h"

namespace rocktune::bench {
namespace {

using SteadyClock = std::chrono::steady_clock;

double ThreadCpuNs() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 +
         static_cast<double>(now.tv_nsec);
}

double NsSince(SteadyClock::time_point start) {
  return std::chrono::duration<double, std::nano>(SteadyClock::now() - start)
      .count();
}

struct Block {
  double wall_ns = 0;  // per operation
  double cpu_ns = 0;   // per operation
  double p99_ns = 0;
  bool ok = false;
};

Block RunBlock(OperationStream* stream, uint64_t operations) {
  constexpr uint64_t kTimedOneIn = 16;
  Block block;
  std::vector<double> timed;
  timed.reserve(operations / kTimedOneIn + 1);
  double cpu = ThreadCpuNs();
  auto start = SteadyClock::now();
  for (uint64_t i = 0; i < operations; ++i) {
    if (i % kTimedOneIn != 0) {
      if (!stream->Next()) return block;
      continue;
    }
    auto begin = SteadyClock::now();
    if (!stream->Next()) return block;
    timed.push_back(NsSince(begin));
  }
  auto count = static_cast<double>(operations);
  block.wall_ns = NsSince(start) / count;
  block.cpu_ns = (ThreadCpuNs() - cpu) / count;
  auto at = timed.begin() + static_cast<ptrdiff_t>(timed.size() * 99 / 100);
  std::nth_element(timed.begin(), at, timed.end());
  block.p99_ns = *at;
  block.ok = true;
  return block;
}

// Cuts windows every second until it dies.
class WindowCutter {
 public:
  explicit WindowCutter(Instrumentation instrumentation)
      : instrumentation_(std::move(instrumentation)), thread_([this] {
          std::unique_lock lock(mutex_);
          while (!ended_.wait_for(lock, std::chrono::seconds(1),
                                  [this] { return end_; })) {
            Window window;
            instrumentation_.statistics->Cut(&window);
            instrumentation_.listener->Drain(&window);
          }
        }) {}
  ~WindowCutter() {
    {
      std::lock_guard lock(mutex_);
      end_ = true;
    }
    ended_.notify_one();
    thread_.join();
  }

 private:
  const Instrumentation instrumentation_;
  std::mutex mutex_;
  std::condition_variable ended_;
  bool end_ = false;
  std::thread thread_;  // last: uses the members above
};

struct PairRatios {
  std::vector<double> throughput;
  std::vector<double> cpu;
  std::vector<double> p99;
  std::vector<double> plain_us;
};

}  // namespace

// The interval between the k-th smallest and k-th largest value covers the
// median with 95 % when k is n/2 - 0.98 sqrt(n) (binomial, normal
// approximation).
MedianRatio MedianOf(std::vector<double> ratios) {
  if (ratios.empty()) return {};
  std::sort(ratios.begin(), ratios.end());
  auto count = static_cast<double>(ratios.size());
  double rank = std::floor(count / 2 - 0.98 * std::sqrt(count));
  auto k = static_cast<size_t>(std::max(rank, 0.0));
  size_t middle = ratios.size() / 2;
  double median = ratios.size() % 2 == 1
                      ? ratios[middle]
                      : (ratios[middle - 1] + ratios[middle]) / 2;
  return {median, ratios[k], ratios[ratios.size() - 1 - k]};
}

absl::StatusOr<PairsResult> ComparePairs(
    const PairsPlan& plan, const ComparedDbs& dbs,
    absl::FunctionRef<absl::Status()> before_pair) {
  OperationStream a(dbs.plain, plan.operation, 42);
  OperationStream b(dbs.other, plan.operation, 42);
  PairRatios ratios;
  // Pair 0 warms up. The order within a pair alternates.
  for (int pair = 0; pair <= plan.pairs; ++pair) {
    ROCKTUNE_RETURN_IF_ERROR(before_pair());
    Block first = RunBlock(pair % 2 == 0 ? &a : &b, plan.operations_per_block);
    Block second = RunBlock(pair % 2 == 0 ? &b : &a, plan.operations_per_block);
    if (!first.ok || !second.ok) {
      return absl::InternalError("an operation failed");
    }
    if (pair == 0) continue;
    const Block& without = pair % 2 == 0 ? first : second;
    const Block& with = pair % 2 == 0 ? second : first;
    ratios.throughput.push_back(without.wall_ns / with.wall_ns);
    ratios.cpu.push_back(with.cpu_ns / without.cpu_ns);
    ratios.p99.push_back(with.p99_ns / without.p99_ns);
    ratios.plain_us.push_back(without.wall_ns / 1000);
  }
  PairsResult result;
  result.operation = plan.operation;
  result.pairs = plan.pairs;
  result.throughput = MedianOf(ratios.throughput);
  result.cpu = MedianOf(ratios.cpu);
  result.p99 = MedianOf(ratios.p99);
  result.plain_us = MedianOf(ratios.plain_us).median;
  return result;
}

absl::StatusOr<PairsResult> RunPairs(const PairsPlan& plan) {
  ROCKTUNE_ASSIGN_OR_RETURN(std::unique_ptr<MeasuredDb> plain,
                            MeasuredDb::Open(plan.folder, Observer::kNone));
  ROCKTUNE_ASSIGN_OR_RETURN(std::unique_ptr<MeasuredDb> observed,
                            MeasuredDb::Open(plan.folder, Observer::kOurs));
  WindowCutter cutter(observed->instrumentation());
  return ComparePairs(plan, {plain->db(), observed->db()},
                      [] { return absl::OkStatus(); });
}

}  // namespace rocktune::bench
