// Column families that come and go while we read and set: nothing of ours may
// touch a handle the host has deleted.
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hooks/attached_db.h"
#include "rocksdb/env.h"
#include "tests/hooks/families_db.h"
#include "tests/hooks/scripted_file_system.h"
#include "tests/status_matchers.h"

namespace rocktune {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

const absl::Time kStart = absl::UnixEpoch() + absl::Hours(1);
constexpr int kWindowsUntilNoticed = 8;

std::unique_ptr<AttachedDb> Attached(
    rocksdb::DB* db,
    const std::vector<rocksdb::ColumnFamilyHandle*>& handles = {}) {
  auto attached = AttachedDb::Attach(db, handles, "orders");
  EXPECT_OK(attached);
  return std::move(attached).value();
}

void SampleUntilNoticed(AttachedDb* attached) {
  for (int i = 0; i < kWindowsUntilNoticed; ++i) attached->Sample(kStart);
}

std::vector<std::string> Names(const AttachedDb& attached) {
  std::vector<std::string> names;
  for (const ColumnFamilyFacts& family : attached.facts().column_families) {
    names.push_back(family.name);
  }
  return names;
}

TEST(AttachedFamilies, NamesAFamilyItWasNotGiven) {
  FamiliesDb db;
  db.Create("before");
  auto attached = Attached(db.db());
  EXPECT_THAT(attached->facts().missing,
              Contains("column family before is not tuned: pass its handle to "
                       "AddColumnFamily"));
  db.Create("after");
  SampleUntilNoticed(attached.get());
  EXPECT_THAT(attached->facts().missing,
              Contains(HasSubstr("column family after is not tuned")));

  ASSERT_OK(attached->AddColumnFamily(db.handle("after")));
  EXPECT_THAT(Names(*attached), ElementsAre("default", "after"));
  EXPECT_THAT(attached->facts().missing, Not(Contains(HasSubstr("after"))));
  EXPECT_EQ(attached->Sample(kStart).column_families.size(), 2u);
}

TEST(AttachedFamilies, ForgetsADroppedFamilyThoughItsHandleLives) {
  FamiliesDb db;
  db.Create("a");
  db.Create("b");
  auto attached = Attached(db.db(), {db.handle("a"), db.handle("b")});
  db.Drop("a");
  SampleUntilNoticed(attached.get());
  EXPECT_THAT(Names(*attached), ElementsAre("default", "b"));

  // Setting notices it at once.
  db.Drop("b");
  EXPECT_FALSE(attached
                   ->Set(OptionScope::kColumnFamily, "b",
                         {{"write_buffer_size", "33554432"}})
                   .ok());
  EXPECT_THAT(Names(*attached), ElementsAre("default"));
  EXPECT_THAT(attached->Set(OptionScope::kColumnFamily, "b",
                            {{"write_buffer_size", "33554432"}}),
              IsError(absl::StatusCode::kFailedPrecondition, "family b"));
}

TEST(AttachedFamilies, TakesAFamilyCreatedAgainUnderTheSameName) {
  FamiliesDb db;
  auto attached = Attached(db.db(), {db.Create("a")});
  rocksdb::ColumnFamilyHandle* old = db.handle("a");
  db.Drop("a");
  ASSERT_OK(attached->AddColumnFamily(db.Create("a")));
  const std::vector<ColumnFamilyFacts> families = {
      {0, "default", "kCompactionStyleLevel", 1},
      {2, "a", "kCompactionStyleLevel", 1}};
  EXPECT_EQ(attached->facts().column_families, families);
  EXPECT_TRUE(db->DestroyColumnFamilyHandle(old).ok());
}

TEST(AttachedFamilies, NoticesThatAHandleIsDeleted) {
  FamiliesDb db;
  db.Create("a");
  auto attached = Attached(db.db(), {db.handle("a")});
  db.DeleteHandle("a");
  EXPECT_THAT(Names(*attached), ElementsAre("default"));
  EXPECT_OK(attached->ReadValues());
}

TEST(AttachedFamilies, IsToldToForgetAHandleWithoutInstrumentation) {
  FamiliesDb db(Instrumented::kNo);
  db.Create("a");
  auto attached = Attached(db.db(), {db.handle("a")});
  ASSERT_OK(attached->RemoveColumnFamily(db.handle("a")));
  EXPECT_THAT(attached->RemoveColumnFamily(db.handle("a")),
              IsError(absl::StatusCode::kNotFound, "by this handle"));
  db.DeleteHandle("a");
  EXPECT_THAT(Names(*attached), ElementsAre("default"));
  EXPECT_OK(attached->ReadValues());
}

TEST(AttachedFamilies, DoesNotMindWhatHappensToTheHostsDefaultHandle) {
  const TemporaryFolder folder;
  rocksdb::DB* opened = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  ASSERT_TRUE(rocksdb::DB::Open(QuietOptions(), folder.path(),
                                {{"default", QuietOptions()}}, &handles,
                                &opened)
                  .ok());
  const std::unique_ptr<rocksdb::DB> db(opened);
  auto attached = Attached(db.get(), handles);
  EXPECT_OK(attached->RemoveColumnFamily(handles[0]));
  ASSERT_TRUE(db->DestroyColumnFamilyHandle(handles[0]).ok());
  EXPECT_OK(attached->ReadValues());
  EXPECT_THAT(Names(*attached), ElementsAre("default"));
}

// One database whose OPTIONS files wait, so that a call of ours stays inside.
class SlowOptions : public ::testing::Test {
 protected:
  SlowOptions()
      : files_(std::make_shared<ScriptedFileSystem>()),
        env_(rocksdb::NewCompositeEnv(files_)),
        db_(Instrumented::kYes, WithEnv(env_.get())) {}
  static rocksdb::Options WithEnv(rocksdb::Env* env) {
    rocksdb::Options options = QuietOptions();
    options.env = env;
    return options;
  }
  // Returns once the call is inside RocksDB.
  std::thread SetOn(AttachedDb* attached, const std::string& family) {
    files_->Hold("OPTIONS");
    std::thread setter([attached, family] {
      EXPECT_OK(attached->Set(OptionScope::kColumnFamily, family,
                              {{"write_buffer_size", "33554432"}}));
    });
    EXPECT_TRUE(files_->WaitUntilHeld());
    return setter;
  }

  std::shared_ptr<ScriptedFileSystem> files_;
  std::unique_ptr<rocksdb::Env> env_;
  FamiliesDb db_;
};

TEST_F(SlowOptions, LetDetachWaitNoLongerThanItsLimit) {
  auto attached = Attached(db_.db());
  std::thread setter = SetOn(attached.get(), "default");
  EXPECT_THAT(attached->Detach(absl::Milliseconds(20)),
              IsError(absl::StatusCode::kDeadlineExceeded, "still inside"));
  EXPECT_THAT(attached->ReadValues(),
              IsError(absl::StatusCode::kFailedPrecondition, "detached"));
  files_->Release();
  setter.join();
  EXPECT_OK(attached->Detach(absl::Seconds(20)));
}

TEST_F(SlowOptions, HoldUpTheDeletionOfTheHandleTheyAreWrittenFor) {
  db_.Create("a");
  auto attached = Attached(db_.db(), {db_.handle("a")});
  std::thread setter = SetOn(attached.get(), "a");
  std::atomic<bool> deleted = false;
  std::thread host([&] {
    db_.DeleteHandle("a");
    deleted = true;
  });
  // The host's deletion has begun once the family is gone from our list.
  while (attached->facts().column_families.size() == 2) {
    std::this_thread::yield();
  }
  EXPECT_FALSE(deleted);
  files_->Release();
  setter.join();
  host.join();
  EXPECT_THAT(Names(*attached), ElementsAre("default"));
}

TEST(AttachedFamilies, ComeAndGoUnderSamplingReadingAndSetting) {
  constexpr int kRounds = 30;
  FamiliesDb db;
  auto attached = Attached(db.db());
  std::atomic<bool> done = false;
  std::thread sampler([&] {
    while (!done) attached->Sample(kStart);
  });
  std::thread reader([&] {
    while (!done) {
      EXPECT_OK(attached->ReadValues());
      attached->Proximity();
      attached->facts();
    }
  });
  std::thread setter([&] {
    for (int i = 0; !done; ++i) {
      attached
          ->Set(OptionScope::kColumnFamily, absl::StrCat("f", i % 3),
                {{"write_buffer_size", absl::StrCat((32 + i % 2) << 20)}})
          .IgnoreError();  // the family may be gone, or not there yet
      attached->AllEnded(*attached->JobsInFlight());
    }
  });
  for (int round = 0; round < kRounds; ++round) {
    const std::string name = absl::StrCat("f", round % 3);
    rocksdb::ColumnFamilyHandle* handle = db.Create(name);
    EXPECT_OK(attached->AddColumnFamily(handle));
    EXPECT_TRUE(db->Put(rocksdb::WriteOptions(), handle, "k", "v").ok());
    EXPECT_TRUE(db->Flush(rocksdb::FlushOptions(), handle).ok());
    if (round % 3 == 0) {
      attached->RemoveColumnFamily(handle).IgnoreError();
    }
    db.Drop(name);
    db.DeleteHandle(name);
  }
  done = true;
  sampler.join();
  reader.join();
  setter.join();
  EXPECT_OK(attached->Detach(absl::Seconds(20)));
}

}  // namespace
}  // namespace rocktune
