#include "hooks/running_jobs.h"

#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace rocktune {
namespace {

const int kDb = 0;
const int kOtherDb = 0;

JobKey Job(int id, uint64_t thread) { return {&kDb, id, 0, thread}; }

TEST(RunningJobs, EndWhenTheJobsOfTheSnapshotDo) {
  RunningJobs jobs;
  jobs.Begin(Job(1, 11));
  jobs.Begin(Job(2, 12));
  RunningJobs::Snapshot both = jobs.Take();
  EXPECT_EQ(both.count, 2);
  EXPECT_TRUE(both.complete);
  jobs.Begin(Job(3, 13));  // later than the snapshot
  EXPECT_FALSE(jobs.AllEnded(both));
  jobs.End(Job(1, 11));
  EXPECT_FALSE(jobs.AllEnded(both));
  jobs.End(Job(2, 12));
  EXPECT_TRUE(jobs.AllEnded(both));
  EXPECT_EQ(jobs.running(), 1);
}

TEST(RunningJobs, OfNobodyHaveAllEnded) {
  RunningJobs jobs;
  EXPECT_TRUE(jobs.AllEnded(jobs.Take()));
}

TEST(RunningJobs, ThatReuseASlotAreNotMistakenForTheOldOnes) {
  RunningJobs jobs;
  jobs.Begin(Job(1, 11));
  RunningJobs::Snapshot snapshot = jobs.Take();
  jobs.End(Job(1, 11));
  jobs.Begin(Job(1, 11));
  EXPECT_TRUE(jobs.AllEnded(snapshot));
}

TEST(RunningJobs, ThatFailedEndWhenTheirThreadBeginsTheNext) {
  RunningJobs jobs;
  jobs.Begin(Job(1, 11));  // fails: RocksDB says no more about it
  RunningJobs::Snapshot snapshot = jobs.Take();
  jobs.Begin(Job(2, 11));
  EXPECT_TRUE(jobs.AllEnded(snapshot));
  EXPECT_EQ(jobs.running(), 1);
}

TEST(RunningJobs, OfAnAtomicFlushAreOnePerFamily) {
  RunningJobs jobs;
  jobs.Begin({&kDb, 1, 0, 11});
  jobs.Begin({&kDb, 1, 1, 11});
  RunningJobs::Snapshot snapshot = jobs.Take();
  EXPECT_EQ(snapshot.count, 2);
  jobs.End({&kDb, 1, 0, 11});
  EXPECT_FALSE(jobs.AllEnded(snapshot));
  jobs.End({&kDb, 1, 1, 11});
  EXPECT_TRUE(jobs.AllEnded(snapshot));
}

TEST(RunningJobs, OfTwoDatabasesMayHaveTheSameId) {
  RunningJobs jobs;
  jobs.Begin({&kDb, 1, 0, 11});
  jobs.Begin({&kOtherDb, 1, 0, 12});
  RunningJobs::Snapshot snapshot = jobs.Take();
  jobs.End({&kDb, 1, 0, 11});
  EXPECT_FALSE(jobs.AllEnded(snapshot));
}

TEST(RunningJobs, BeyondTheTableAreWaitedForUntilNoneRuns) {
  RunningJobs jobs;
  const int all = RunningJobs::kCapacity + 3;
  for (int i = 0; i < all; ++i) jobs.Begin(Job(i, 100 + i));
  RunningJobs::Snapshot snapshot = jobs.Take();
  EXPECT_FALSE(snapshot.complete);
  EXPECT_EQ(jobs.running(), all);
  for (int i = 0; i < all; ++i) {
    EXPECT_FALSE(jobs.AllEnded(snapshot));
    jobs.End(Job(i, 100 + i));
  }
  EXPECT_TRUE(jobs.AllEnded(snapshot));
  EXPECT_EQ(jobs.running(), 0);
}

TEST(RunningJobs, AreNoneAfterManyThreadsBeganAndEndedTheirs) {
  RunningJobs jobs;
  std::vector<std::thread> threads;
  for (int t = 1; t <= 4; ++t) {
    threads.emplace_back([&jobs, t] {
      for (int i = 0; i < 5000; ++i) {
        JobKey job = Job(t * 100000 + i, static_cast<uint64_t>(t));
        jobs.Begin(job);
        RunningJobs::Snapshot snapshot = jobs.Take();
        jobs.End(job);
        if (snapshot.complete && i % 100 == 0) (void)jobs.AllEnded(snapshot);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(jobs.running(), 0);
}

}  // namespace
}  // namespace rocktune
