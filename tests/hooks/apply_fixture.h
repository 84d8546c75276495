// A database under an Applier, with a clock moved by hand.
#ifndef ROCKTUNE_TESTS_HOOKS_APPLY_FIXTURE_H_
#define ROCKTUNE_TESTS_HOOKS_APPLY_FIXTURE_H_

#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "hooks/applier.h"
#include "hooks/attached_db.h"
#include "hooks/instrumentation.h"
#include "policy/clock.h"
#include "tests/hooks/scripted_file_system.h"
#include "tests/hooks/temp_db.h"
#include "tests/status_matchers.h"

namespace rocktune {

class HandClock : public Clock {
 public:
  absl::Time Now() const override {
    absl::MutexLock lock(&mutex_);
    return now_;
  }
  void Advance(absl::Duration by) {
    absl::MutexLock lock(&mutex_);
    now_ += by;
  }

 private:
  mutable absl::Mutex mutex_;
  absl::Time now_ ABSL_GUARDED_BY(mutex_) = absl::UnixEpoch();
};

// True when `condition` became true within 30 s.
template <typename Condition>
bool WaitFor(const Condition& condition) {
  const absl::Time deadline = absl::Now() + absl::Seconds(30);
  while (!condition()) {
    if (absl::Now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

// An answer that arrives on the applier's thread.
class Answer {
 public:
  absl::AnyInvocable<void(ApplyReport)> Callback() {
    return [state = state_](ApplyReport report) {
      state->report = std::move(report);
      state->arrived.Notify();
    };
  }
  // Call once.
  ApplyReport Wait() const {
    if (!state_->arrived.WaitForNotificationWithTimeout(absl::Seconds(60))) {
      ADD_FAILURE() << "no answer";
      return ApplyReport();
    }
    return std::move(state_->report);  // so that one thread has its status
  }
  bool arrived() const { return state_->arrived.HasBeenNotified(); }

 private:
  struct State {
    absl::Notification arrived;
    ApplyReport report;
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

class ApplierTest : public ::testing::Test {
 protected:
  ~ApplierTest() override {
    files_.Release();
    applier_.reset();
    attached_.reset();
    db_.reset();
  }

  void Open(rocksdb::Options options,
            const std::vector<std::string>& more_families = {}) {
    env_ = rocksdb::NewCompositeEnv(
        std::shared_ptr<rocksdb::FileSystem>(&files_, [](void*) {}));
    options.env = env_.get();
    InstrumentOptionsOf(&options, InstrumentOptions());
    db_ = std::make_unique<TempDb>(options, more_families);
    auto attached = AttachedDb::Attach(db_->get(), db_->handles(), "test");
    ASSERT_OK(attached);
    attached_ = *std::move(attached);
    applier_ = std::make_unique<Applier>(&clock_);
  }

  static Change To(std::string name, std::string value,
                   std::string family = "") {
    return {{std::move(name), std::move(family)}, "", std::move(value), ""};
  }

  ApplyReport Apply(ApplyRequest request) {
    Answer answer;
    applier_->Submit(attached_.get(), std::move(request), answer.Callback());
    return answer.Wait();
  }
  ApplyReport Apply(std::vector<Change> changes) {
    return Apply(ApplyRequest{ChangeSet{std::move(changes)}});
  }

  std::string Value(const std::string& name, const std::string& family = "") {
    absl::StatusOr<OptionValues> values = attached_->ReadValues();
    EXPECT_OK(values);
    return values.ok() ? (*values)[{name, family}] : "";
  }

  // One more file in level 0 of the default family.
  void AddFile() {
    ASSERT_TRUE((*db_)->Put(rocksdb::WriteOptions(), "key", "value").ok());
    rocksdb::FlushOptions flush;
    flush.allow_write_stall = true;  // else it waits for the stall to end
    ASSERT_TRUE((*db_)->Flush(flush).ok());
  }

  uint64_t DelayedRate() {
    uint64_t rate = 0;
    EXPECT_TRUE(
        (*db_)->GetIntProperty("rocksdb.actual-delayed-write-rate", &rate));
    return rate;
  }

  HandClock clock_;
  ScriptedFileSystem files_;
  std::unique_ptr<rocksdb::Env> env_;
  std::unique_ptr<TempDb> db_;
  std::unique_ptr<AttachedDb> attached_;
  std::unique_ptr<Applier> applier_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_HOOKS_APPLY_FIXTURE_H_
