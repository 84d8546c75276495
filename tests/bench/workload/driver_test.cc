// The load on a real database.
#include "bench/workload/driver.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/bench/workload/test_db.h"
#include "tests/status_matchers.h"

namespace rocktune {
namespace {

using std::chrono::milliseconds;

// Takes intervals until their sum satisfies `enough`, for a minute at most.
LoadInterval RunUntil(Driver* driver,
                      const std::function<bool(const LoadInterval&)>& enough) {
  LoadInterval all = driver->Take();
  while (!enough(all) && all.seconds < 60) {
    std::this_thread::sleep_for(milliseconds(2));
    all.Merge(driver->Take());
  }
  EXPECT_TRUE(enough(all)) << "not within a minute";
  return all;
}

Workload Tiny(const char* name) { return Scaled(*FindWorkload(name), 1 << 20); }

void LoadAll(const TestDb& db, const Workload& workload) {
  const std::atomic<bool> stop{false};
  ASSERT_OK(LoadData(
      db.get(), workload, 1, [](double) {}, &stop));
}

const LatencyRecorder& Of(const LoadInterval& interval, Operation operation) {
  return interval.latency[static_cast<size_t>(operation)];
}

Workload OneWriter(double rate_ops_per_s, absl::Duration length) {
  Workload workload = Tiny("overwrite");
  workload.phases[0].clients[0].threads = 1;
  workload.phases[0].clients[0].rate_ops_per_s = rate_ops_per_s;
  workload.phases[0].length = length;
  return workload;
}

// Of all clients of the first phase together.
double ShareOf(const Workload& workload, size_t operation) {
  double share = 0;
  for (const ClientGroup& group : workload.phases[0].clients) {
    share += group.mix[operation];
  }
  return share;
}

TEST(Driver, RunsEveryWorkloadWithoutAFailure) {
  for (const std::string& name : WorkloadNames()) {
    SCOPED_TRACE(name);
    const TestDb db;
    const Workload workload = Tiny(name.c_str());
    LoadAll(db, workload);
    Driver driver(db.get(), workload, 1);
    const LoadInterval all = RunUntil(&driver, [&](const LoadInterval& sum) {
      for (size_t i = 0; i < sum.latency.size(); ++i) {
        if (ShareOf(workload, i) > 0 && sum.latency[i].count() == 0) {
          return false;
        }
      }
      return sum.Count() > 500;
    });
    EXPECT_EQ(all.failures, 0u) << all.first_failure;
    EXPECT_GT(all.OpsPerS(), 0);
    if (name == "bulk-load-serve") continue;  // may be in its second phase
    for (size_t i = 0; i < all.latency.size(); ++i) {
      EXPECT_TRUE(ShareOf(workload, i) > 0 || all.latency[i].count() == 0) << i;
    }
  }
}

// Hashes of what a thread wrote, in order.
using Trace = std::vector<size_t>;

class Traces {
 public:
  rocksdb::Status Add(const rocksdb::Slice& key, const rocksdb::Slice& value) {
    std::lock_guard lock(mutex_);
    traces_[std::this_thread::get_id()].push_back(
        std::hash<std::string>()(key.ToString() + value.ToString()));
    return rocksdb::Status::OK();
  }
  std::vector<Trace> Get() const {
    std::vector<Trace> all;
    for (const auto& [thread, trace] : traces_) all.push_back(trace);
    return all;
  }
  size_t shortest() {
    std::lock_guard lock(mutex_);
    size_t shortest = traces_.size() < 3 ? 0 : SIZE_MAX;
    for (const auto& [thread, trace] : traces_) {
      shortest = std::min(shortest, trace.size());
    }
    return shortest;
  }

 private:
  std::mutex mutex_;
  std::map<std::thread::id, Trace> traces_;
};

// Three threads that write new and old keys, each at least 100 times; `slow`
// holds up one write in four.
std::vector<Trace> TraceOf(uint64_t seed, bool slow) {
  const TestDb db;
  Traces traces;
  WatchedDb watched(
      db.get(), [&](const rocksdb::Slice& key, const rocksdb::Slice& value) {
        if (slow && value[0] % 4 == 0) {
          std::this_thread::sleep_for(milliseconds(1));
        }
        return traces.Add(key, value);
      });
  Workload workload = Tiny("ycsb-d");
  workload.phases[0].clients[0].threads = 3;
  workload.phases[0].clients[0].mix = {0, 0.5, 0.5, 0, 0};
  {
    Driver driver(&watched, workload, seed);
    RunUntil(&driver,
             [&](const LoadInterval&) { return traces.shortest() >= 100; });
  }
  return traces.Get();
}

std::set<Trace> FirstHundreds(const std::vector<Trace>& traces) {
  std::set<Trace> firsts;
  for (const auto& trace : traces) {
    firsts.emplace(trace.begin(), trace.begin() + 100);
  }
  return firsts;
}

TEST(Driver, GivesEachThreadTheSameOperationsWhateverTheSpeed) {
  const auto fast = FirstHundreds(TraceOf(7, false));
  EXPECT_EQ(fast.size(), 3u);
  EXPECT_EQ(fast, FirstHundreds(TraceOf(7, true)));
  EXPECT_NE(fast, FirstHundreds(TraceOf(8, false)));
}

// One writer whose 100th write takes 400 ms; the p90 of 1000 writes and more.
double P90UsWithAStall(double rate_ops_per_s) {
  const TestDb db;
  int writes = 0;
  WatchedDb watched(db.get(), [&](const auto&, const auto&) {
    if (++writes == 100) std::this_thread::sleep_for(milliseconds(400));
    return rocksdb::Status::OK();
  });
  Driver driver(&watched, OneWriter(rate_ops_per_s, absl::InfiniteDuration()),
                1);
  const LoadInterval all = RunUntil(
      &driver, [](const LoadInterval& sum) { return sum.Count() >= 1000; });
  return Of(all, Operation::kUpdate).QuantileUs(0.9);
}

TEST(Driver, CountsInAnOpenLoopWhatAStallDoesToOperationsThatAreDue) {
  // 400 of 1000 were due meanwhile, and 100 of them waited 300 ms.
  EXPECT_GT(P90UsWithAStall(1000), 100'000);
  // A closed loop sends nothing meanwhile: one slow write, and not in the p90.
  EXPECT_LT(P90UsWithAStall(0), 100'000);
}

// Writes wait while it is closed.
class Gate {
 public:
  rocksdb::Status Pass() {
    std::unique_lock lock(mutex_);
    opened_.wait(lock, [&] { return open_; });
    return rocksdb::Status::OK();
  }
  void Open() {
    std::lock_guard lock(mutex_);
    open_ = true;
    opened_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable opened_;
  bool open_ = false;
};

TEST(Driver, SendsEverythingThatWasDueAndSaysHowFarItIsBehind) {
  const TestDb db;
  Gate gate;
  WatchedDb watched(db.get(),
                    [&](const auto&, const auto&) { return gate.Pass(); });
  Driver driver(&watched, OneWriter(1000, absl::InfiniteDuration()), 1);
  const LoadInterval held = RunUntil(
      &driver, [](const LoadInterval& sum) { return sum.behind > 200; });
  EXPECT_EQ(held.Count(), 0u);
  gate.Open();
  LoadInterval all = RunUntil(&driver, [](const LoadInterval& sum) {
    return sum.Count() > 300 && sum.behind < 20;
  });
  all.seconds += held.seconds;
  EXPECT_EQ(all.dropped, 0u);
  // By then as many were due as the rate says.
  EXPECT_NEAR(static_cast<double>(all.Count() + all.behind), 1000 * all.seconds,
              20);
}

TEST(Driver, CountsWhatAPhaseLeavesUnsent) {
  const TestDb db;
  Gate gate;
  WatchedDb watched(db.get(),
                    [&](const auto&, const auto&) { return gate.Pass(); });
  Workload workload = OneWriter(1000, absl::Milliseconds(100));
  workload.phases.push_back(workload.phases[0]);
  workload.phases[1].clients[0].rate_ops_per_s = 1;
  Driver driver(&watched, workload, 1);
  RunUntil(&driver, [](const LoadInterval& sum) { return sum.phase == 1; });
  gate.Open();
  const LoadInterval all = RunUntil(
      &driver, [](const LoadInterval& sum) { return sum.dropped > 0; });
  EXPECT_NEAR(static_cast<double>(all.dropped), 99, 2);
}

TEST(Driver, CountsFailuresAndKeepsTheFirstMessage) {
  const TestDb db;
  int writes = 0;
  WatchedDb watched(db.get(), [&](const auto&, const auto&) {
    return ++writes % 2 == 0
               ? rocksdb::Status::IOError(std::to_string(writes) + "nd write")
               : rocksdb::Status::OK();
  });
  Driver driver(&watched, OneWriter(0, absl::InfiniteDuration()), 1);
  RunUntil(&driver, [](const LoadInterval& sum) { return sum.Count() > 10; });
  const LoadInterval all = RunUntil(
      &driver, [](const LoadInterval& sum) { return sum.failures > 10; });
  EXPECT_EQ(all.first_failure, "IO error: 2nd write");
  EXPECT_NEAR(static_cast<double>(all.Count()),
              static_cast<double>(all.failures), 1);
}

TEST(Driver, GoesThroughThePhasesWithTheClientsOfEach) {
  const TestDb db;
  Workload workload = OneWriter(0, absl::Milliseconds(50));
  workload.phases.push_back(Tiny("ycsb-b").phases[0]);
  workload.phases[1].length = absl::Milliseconds(50);
  workload.phases[1].clients[0].threads = 3;
  Driver driver(db.get(), workload, 1);
  RunUntil(&driver, [&](const LoadInterval&) { return driver.Finished(); });
  // The last goes on.
  const LoadInterval after = RunUntil(
      &driver, [](const LoadInterval& sum) { return sum.Count() > 1000; });
  EXPECT_EQ(after.phase, 1);
  EXPECT_GT(Of(after, Operation::kRead).count(),
            5 * Of(after, Operation::kUpdate).count());
}

TEST(Driver, BeginsAgainWithTheFirstPhaseWhenPhasesCycle) {
  const TestDb db;
  Workload workload = OneWriter(0, absl::Milliseconds(20));
  workload.phases.push_back(Tiny("ycsb-c").phases[0]);
  workload.phases[1].length = absl::Milliseconds(20);
  workload.cycles = true;
  Driver driver(db.get(), workload, 1);
  for (int cycle = 0; cycle < 3; ++cycle) {
    for (int phase : {1, 0}) {
      RunUntil(&driver,
               [&](const LoadInterval& sum) { return sum.phase == phase; });
    }
  }
  EXPECT_FALSE(driver.Finished());
}

TEST(Driver, LoadsAllKeysBeforeItServesThem) {
  const TestDb db;
  const Workload workload = Tiny("bulk-load-serve");
  {
    Driver driver(db.get(), workload, 1);
    const LoadInterval all = RunUntil(&driver, [](const LoadInterval& sum) {
      return sum.phase == 1 && Of(sum, Operation::kRead).count() > 100;
    });
    EXPECT_EQ(Of(all, Operation::kInsert).count(), workload.data.keys);
  }
  // Updates found keys that exist: none is new.
  EXPECT_EQ(db.CountKeys(), workload.data.keys);
}

TEST(Driver, AddsNewKeysToThoseThatWereThere) {
  const TestDb db;
  const Workload workload = Tiny("ycsb-d");
  LoadAll(db, workload);
  uint64_t inserted = 0;
  {
    Driver driver(db.get(), workload, 1);
    RunUntil(&driver, [&](const LoadInterval& sum) {
      inserted = Of(sum, Operation::kInsert).count();
      return inserted > 100;
    });
  }
  EXPECT_GE(db.CountKeys(), workload.data.keys + inserted);
}

TEST(Driver, WaitsForWhatIsNotDueAndEndsMeanwhile) {
  const TestDb db;
  for (double rate_ops_per_s : {1e-4, 1e-12}) {
    Driver driver(db.get(), OneWriter(rate_ops_per_s, absl::Milliseconds(50)),
                  1);
    const LoadInterval all = RunUntil(
        &driver, [&](const LoadInterval&) { return driver.Finished(); });
    EXPECT_EQ(all.Count(), 0u);
    EXPECT_EQ(all.behind, 0u);
  }  // hours before anything is due, or the test times out
}

TEST(LoadInterval, MergesIntoOne) {
  LoadInterval first, later;
  first.seconds = 1;
  first.latency[0].Add(100);
  first.first_failure = "first";
  later.seconds = 2;
  later.phase = 3;
  later.latency[0].Add(300);
  later.failures = 4;
  later.behind = 5;
  later.dropped = 6;
  first.Merge(later);
  EXPECT_EQ(first.seconds, 3);
  EXPECT_EQ(first.phase, 3);
  EXPECT_EQ(first.Count(), 2u);
  EXPECT_NEAR(first.OpsPerS(), 2.0 / 3, 1e-9);
  EXPECT_EQ(first.failures, 4u);
  EXPECT_EQ(first.first_failure, "first");
  EXPECT_EQ(first.behind, 5u);
  EXPECT_EQ(first.dropped, 6u);
}

}  // namespace
}  // namespace rocktune
