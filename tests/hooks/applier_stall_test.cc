// The applier beside flushes, stalls and calls that do not come back.
#include <vector>

#include "gtest/gtest.h"
#include "hooks/applier.h"
#include "tests/hooks/apply_fixture.h"

namespace rocktune {
namespace {

// Nothing compacts, so level 0 only grows.
rocksdb::Options StallingOptions(int slowdown, int stop) {
  rocksdb::Options options;
  options.compaction_style = rocksdb::kCompactionStyleNone;
  options.level0_file_num_compaction_trigger = 2;
  options.level0_slowdown_writes_trigger = slowdown;
  options.level0_stop_writes_trigger = stop;
  return options;
}

ApplyRequest Request(std::vector<Change> changes) {
  return ApplyRequest{ChangeSet{std::move(changes)}};
}

// RocksDB before 9.11.1: a flush that began before SetOptions re-installs, at
// its end, the options it began with, and GetOptions does not show it. The
// write delay shows it.
TEST_F(ApplierTest, HealsWhatARunningFlushSilentlyReverts) {
  Open(StallingOptions(4, 1000));
  for (int i = 0; i < 4; ++i) AddFile();
  ASSERT_GT(DelayedRate(), 0u);

  files_.Hold(".sst");
  ASSERT_TRUE((*db_)->Put(rocksdb::WriteOptions(), "key", "value").ok());
  rocksdb::FlushOptions no_wait;
  no_wait.wait = false;
  no_wait.allow_write_stall = true;
  ASSERT_TRUE((*db_)->Flush(no_wait).ok());
  ASSERT_TRUE(files_.WaitUntilHeld());

  ApplyRequest relief =
      Request({To("level0_slowdown_writes_trigger", "500", "default")});
  relief.relieves_stall = true;
  const ApplyReport report = Apply(relief);
  ASSERT_EQ(report.outcome, ApplyOutcome::kApplied) << report.status.ToString();
  EXPECT_EQ(DelayedRate(), 0u);
  const bool reverts = attached_->features().running_jobs_revert_options;
  EXPECT_EQ(report.must_reapply, reverts);
  EXPECT_EQ(applier_->Settled(attached_.get()), !reverts);

  // While the flush runs there is nothing to heal yet.
  applier_->Poll(attached_.get());
  ASSERT_TRUE(WaitFor([&] { return !applier_->Busy(attached_.get()); }));
  EXPECT_EQ(applier_->Settled(attached_.get()), !reverts);

  files_.Release();
  ASSERT_TRUE(WaitFor([&] {
    uint64_t running = 1;
    (*db_)->GetIntProperty("rocksdb.num-running-flushes", &running);
    return running == 0;
  }));
  EXPECT_EQ(Value("level0_slowdown_writes_trigger", "default"), "500");
  EXPECT_EQ(DelayedRate() > 0, reverts);

  ASSERT_TRUE(WaitFor([&] {
    applier_->Poll(attached_.get());
    return applier_->Settled(attached_.get());
  }));
  EXPECT_EQ(DelayedRate(), 0u);
  EXPECT_EQ(Value("level0_slowdown_writes_trigger", "default"), "500");
}

TEST_F(ApplierTest, ADelayLetsOnlyRollbacksReliefAndLiveObjectsPass) {
  Open(StallingOptions(4, 1000));
  for (int i = 0; i < 4; ++i) AddFile();
  ASSERT_GT(DelayedRate(), 0u);

  EXPECT_THAT(Apply({To("write_buffer_size", "33554432", "default")}).status,
              IsError(absl::StatusCode::kUnavailable, "delayed"));
  EXPECT_EQ(Apply({To("block_cache.capacity", "4194304")}).outcome,
            ApplyOutcome::kApplied);
  ApplyRequest rollback =
      Request({To("write_buffer_size", "33554432", "default")});
  rollback.is_rollback = true;
  EXPECT_EQ(Apply(rollback).outcome, ApplyOutcome::kApplied);
  ApplyRequest relief =
      Request({To("level0_slowdown_writes_trigger", "500", "default")});
  relief.relieves_stall = true;
  EXPECT_EQ(Apply(relief).outcome, ApplyOutcome::kApplied);
  EXPECT_EQ(DelayedRate(), 0u);
}

TEST_F(ApplierTest, AStopLetsOnlyLiveObjectsPass) {
  Open(StallingOptions(3, 4));
  for (int i = 0; i < 4; ++i) AddFile();
  ApplyRequest rollback =
      Request({To("write_buffer_size", "33554432", "default")});
  rollback.is_rollback = true;
  const ApplyReport refused = Apply(rollback);
  EXPECT_EQ(refused.outcome, ApplyOutcome::kRefused);
  EXPECT_THAT(refused.status,
              IsError(absl::StatusCode::kUnavailable, "stopped"));
  EXPECT_EQ(Value("write_buffer_size", "default"), "67108864");
  EXPECT_EQ(Apply({To("block_cache.capacity", "4194304")}).outcome,
            ApplyOutcome::kApplied);
}

TEST_F(ApplierTest, ACallThatDoesNotComeBackIsSeenAndBlocksNobody) {
  Open(rocksdb::Options());
  EXPECT_EQ(applier_->InsideFor(clock_.Now()), absl::ZeroDuration());
  files_.Hold("OPTIONS");
  Answer stuck;
  applier_->Submit(attached_.get(),
                   Request({To("write_buffer_size", "33554432", "default")}),
                   stuck.Callback());
  ASSERT_TRUE(files_.WaitUntilHeld());
  clock_.Advance(absl::Seconds(7));
  EXPECT_EQ(applier_->InsideFor(clock_.Now()), absl::Seconds(7));

  Answer waiting;
  applier_->Submit(attached_.get(),
                   Request({To("write_buffer_size", "16777216", "default")}),
                   waiting.Callback());
  EXPECT_FALSE(waiting.arrived());
  EXPECT_TRUE(applier_->Busy(attached_.get()));
  EXPECT_FALSE(applier_->Settled(attached_.get()));

  files_.Release();
  EXPECT_EQ(stuck.Wait().outcome, ApplyOutcome::kApplied);
  EXPECT_EQ(waiting.Wait().outcome, ApplyOutcome::kApplied);
  ASSERT_TRUE(WaitFor([&] { return !applier_->Busy(attached_.get()); }));
  EXPECT_EQ(applier_->InsideFor(clock_.Now()), absl::ZeroDuration());
}

TEST_F(ApplierTest, ARollbackOvertakesAndCancelsWaitingChanges) {
  Open(rocksdb::Options());
  files_.Hold("OPTIONS");
  Answer first, overtaken, rollback_answer;
  applier_->Submit(attached_.get(),
                   Request({To("write_buffer_size", "33554432", "default")}),
                   first.Callback());
  ASSERT_TRUE(files_.WaitUntilHeld());
  applier_->Submit(attached_.get(),
                   Request({To("write_buffer_size", "16777216", "default")}),
                   overtaken.Callback());
  ApplyRequest rollback =
      Request({To("write_buffer_size", "67108864", "default")});
  rollback.is_rollback = true;
  applier_->Submit(attached_.get(), rollback, rollback_answer.Callback());
  files_.Release();
  EXPECT_EQ(first.Wait().outcome, ApplyOutcome::kApplied);
  EXPECT_EQ(overtaken.Wait().status.code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(rollback_answer.Wait().outcome, ApplyOutcome::kApplied);
  EXPECT_EQ(Value("write_buffer_size", "default"), "67108864");
}

TEST_F(ApplierTest, TheQueueIsBoundedAndEveryRequestIsAnswered) {
  Open(rocksdb::Options());
  files_.Hold("OPTIONS");
  std::vector<Answer> answers(100);
  applier_->Submit(attached_.get(),
                   Request({To("write_buffer_size", "33554432", "default")}),
                   answers[0].Callback());
  ASSERT_TRUE(files_.WaitUntilHeld());
  for (size_t i = 1; i < answers.size(); ++i) {
    applier_->Submit(attached_.get(),
                     Request({To("write_buffer_size", "33554432", "default")}),
                     answers[i].Callback());
  }
  int refused = 0;
  for (const Answer& answer : answers) refused += answer.arrived();
  EXPECT_EQ(refused, 100 - 1 - 64);
  applier_->Forget(attached_.get());
  files_.Release();
  int cancelled = 0;
  for (const Answer& answer : answers) {
    cancelled += answer.Wait().status.code() == absl::StatusCode::kCancelled;
  }
  EXPECT_EQ(cancelled, 64);
}

TEST_F(ApplierTest, TheDestructorAnswersWhatStillWaits) {
  Open(rocksdb::Options());
  files_.Hold("OPTIONS");
  Answer first, second;
  applier_->Submit(attached_.get(),
                   Request({To("write_buffer_size", "33554432", "default")}),
                   first.Callback());
  ASSERT_TRUE(files_.WaitUntilHeld());
  applier_->Submit(attached_.get(),
                   Request({To("write_buffer_size", "16777216", "default")}),
                   second.Callback());
  std::thread release([this] { files_.Release(); });
  applier_.reset();
  release.join();
  EXPECT_TRUE(first.arrived());
  EXPECT_TRUE(second.arrived());
}

}  // namespace
}  // namespace rocktune
