// The whole tuner on real databases: the public API, and the admin socket as
// operators see it.
#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rocksdb/db.h"
#include "rocktune/rocktune.h"
#include "sidecar/history.h"
#include "tests/sidecar/tuner_fixture.h"
#include "tests/status_matchers.h"
#include "tests/support/admin_client.h"
#include "tests/support/load.h"
#include "tests/support/temp_dir.h"

namespace rocktune {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;

std::string Get(const Tuner& tuner, const std::string& target) {
  return AdminRequest(tuner.AdminSocket(), target).body;
}

TEST(Tuner, ServesADatabaseFromAttachToDetach) {
  TempDir dir;
  auto db = OpenDb(dir / "db");
  auto tuner = OpenTuner(QuickConfig(dir, Mode::kObserve));
  ASSERT_TRUE(tuner->Attach(db.get(), {db->DefaultColumnFamily()}).ok());
  EXPECT_EQ(tuner->Health(), "ok");
  struct stat info {};
  ASSERT_EQ(::stat(tuner->AdminSocket().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  Load load(db.get(), {db->DefaultColumnFamily()}, {});
  EXPECT_TRUE(Eventually([&] {
    return absl::StrContains(Get(*tuner, "/v1/databases/db/windows?limit=3"),
                             "latency_us_mean");
  }));
  EXPECT_THAT(Get(*tuner, "/v1/databases/db/profile"),
              HasSubstr("{\"database\":\"db\""));
  EXPECT_TRUE(tuner->Detach(db.get()).ok());
  EXPECT_TRUE(tuner->Detach(db.get()).IsNotFound());
  EXPECT_TRUE(tuner->Attach(db.get(), {db->DefaultColumnFamily()}).ok());
}

// What is known of loads after a session with this policy that did nothing.
size_t MemoryAfter(RestartPolicy restart) {
  TempDir dir;
  Config config = QuickConfig(dir, Mode::kObserve);
  config.restart = restart;
  {
    auto history = History::Open(config.state_dir);
    EXPECT_OK(history);
    MemoryEntry entry;
    entry.id = 1;
    entry.profile.value[0] = 0.5;
    EXPECT_OK((*history)->SaveMemory("db", entry));
  }
  auto db = OpenDb(dir / "db");
  auto tuner = OpenTuner(config);
  EXPECT_TRUE(tuner->Attach(db.get(), {db->DefaultColumnFamily()}).ok());
  EXPECT_EQ(tuner->Health(), "ok");
  EXPECT_TRUE(tuner->Detach(db.get()).ok());
  tuner.reset();
  auto history = History::Open(config.state_dir);
  EXPECT_OK(history);
  return (*history)->Memory("db")->size();
}

TEST(Tuner, ForgetsWhatIsKnownOfLoadsOnlyWhenTheRestartPolicyDropsIt) {
  EXPECT_EQ(MemoryAfter(RestartPolicy::kReverify), 1u);
  EXPECT_EQ(MemoryAfter(RestartPolicy::kKeep), 1u);
  EXPECT_EQ(MemoryAfter(RestartPolicy::kDrop), 0u);
}

TEST(Tuner, RefusesAReadOnlyInstance) {
  TempDir dir;
  auto primary = OpenDb(dir / "db");
  rocksdb::DB* raw = nullptr;
  ASSERT_TRUE(
      rocksdb::DB::OpenForReadOnly(rocksdb::Options(), dir / "db", &raw).ok());
  std::unique_ptr<rocksdb::DB> reader(raw);
  auto tuner = OpenTuner(QuickConfig(dir, Mode::kAuto));
  const rocksdb::Status status =
      tuner->Attach(reader.get(), {reader->DefaultColumnFamily()});
  EXPECT_FALSE(status.ok());
  EXPECT_THAT(status.ToString(), HasSubstr("writable primary"));
}

TEST(Tuner, TriesAnOperatorsProposalAndRollsBackToTheValuesAtAttach) {
  TempDir dir;
  auto db = OpenDb(dir / "db");
  auto tuner = OpenTuner(QuickConfig(dir, Mode::kSuggest));
  ASSERT_TRUE(tuner->Attach(db.get(), {db->DefaultColumnFamily()}).ok());
  Load load(db.get(), {db->DefaultColumnFamily()}, {});
  const std::string socket = tuner->AdminSocket();
  const AdminReply proposed = AdminRequest(
      socket, "/v1/propose",
      R"({"changes":[{"option":"write_buffer_size","value":"8MiB"}]})");
  ASSERT_EQ(proposed.status, 200) << proposed.body;
  auto write_buffer = [&] { return db->GetOptions().write_buffer_size; };
  ASSERT_TRUE(Eventually([&] { return write_buffer() == 8u << 20; }));
  const AdminReply rolled =
      AdminRequest(socket, "/v1/rollback", R"({"to":"baseline"})");
  EXPECT_EQ(rolled.status, 200) << rolled.body;
  EXPECT_EQ(write_buffer(), 4u << 20);
  EXPECT_THAT(Get(*tuner, "/v1/status"), HasSubstr("resume to tune again"));
  EXPECT_THAT(Get(*tuner, "/v1/why?option=write_buffer_size"),
              HasSubstr("aborted"));
  EXPECT_EQ(load.failures(), 0u);
}

TEST(Tuner, RefusesAProposalThatWouldAbortRocksdb) {
  TempDir dir;
  auto db = OpenDb(dir / "db");
  auto tuner = OpenTuner(QuickConfig(dir, Mode::kAuto));
  ASSERT_TRUE(tuner->Attach(db.get(), {db->DefaultColumnFamily()}).ok());
  const AdminReply reply = AdminRequest(
      tuner->AdminSocket(), "/v1/propose",
      R"({"changes":[{"option":"prefix_extractor","value":"nonsense"}]})");
  EXPECT_EQ(reply.status, 409) << reply.body;
}

TEST(Tuner, AutoModeTriesSomethingByItselfUnderLoad) {
  TempDir dir;
  auto db = OpenDb(dir / "db");
  auto tuner = OpenTuner(QuickConfig(dir, Mode::kAuto));
  ASSERT_TRUE(tuner->Attach(db.get(), {db->DefaultColumnFamily()}).ok());
  Load load(db.get(), {db->DefaultColumnFamily()},
            {.keys = 400000, .write_percent = 30});
  EXPECT_TRUE(Eventually(
      [&] {
        return absl::StrContains(Get(*tuner, "/v1/history?limit=100"),
                                 "\"kind\":\"trial\"");
      },
      seconds(120)));
  EXPECT_TRUE(tuner->Detach(db.get()).ok());
  EXPECT_EQ(load.failures(), 0u);
}

TEST(Tuner, ServesTwoDatabasesWithOneSocketAndOneOpenTrial) {
  TempDir dir;
  auto a = OpenDb(dir / "a");
  auto b = OpenDb(dir / "b", /*instrument=*/false);
  auto tuner = OpenTuner(QuickConfig(dir, Mode::kSuggest));
  ASSERT_TRUE(tuner->Attach(a.get(), {a->DefaultColumnFamily()}).ok());
  ASSERT_TRUE(tuner->Attach(b.get(), {b->DefaultColumnFamily()}).ok());
  EXPECT_THAT(Get(*tuner, "/v1/databases"), HasSubstr("\"b\""));
  EXPECT_EQ(
      AdminRequest(tuner->AdminSocket(), "/v1/rollback", R"({"to":"baseline"})")
          .status,
      400);  // which one?
  Load load_a(a.get(), {a->DefaultColumnFamily()}, {.threads = 1});
  Load load_b(b.get(), {b->DefaultColumnFamily()}, {.threads = 1});
  for (const char* name : {"a", "b"}) {
    const AdminReply reply = AdminRequest(
        tuner->AdminSocket(), "/v1/propose",
        absl::StrCat(R"({"database":")", name,
                     R"(","changes":[{"option":"max_background_jobs",)"
                     R"("value":3}]})"));
    EXPECT_EQ(reply.status, 200) << reply.body;
  }
  auto jobs = [](rocksdb::DB* db) {
    return db->GetDBOptions().max_background_jobs;
  };
  // Both proposals come to their trial, one after the other.
  EXPECT_TRUE(
      Eventually([&] { return jobs(a.get()) == 3 || jobs(b.get()) == 3; }));
  EXPECT_TRUE(Eventually([&] {
    const std::string history = Get(*tuner, "/v1/history?limit=200");
    return absl::StrContains(history, "waiting for the trial on") ||
           absl::StrContains(Get(*tuner, "/v1/databases/b"),
                             "waiting for the trial on") ||
           absl::StrContains(Get(*tuner, "/v1/databases/a"),
                             "waiting for the trial on");
  }));
}

TEST(Tuner, FreezesAndSaysWhyWhenTheStateDirectoryIsTaken) {
  TempDir dir;
  auto db = OpenDb(dir / "a");
  auto first = OpenTuner(QuickConfig(dir, Mode::kAuto));
  ASSERT_TRUE(first->Attach(db.get(), {db->DefaultColumnFamily()}).ok());
  auto other = OpenDb(dir / "b");
  auto second = OpenTuner(QuickConfig(dir, Mode::kAuto));
  ASSERT_TRUE(second->Attach(other.get(), {other->DefaultColumnFamily()}).ok());
  EXPECT_EQ(first->Health(), "ok");
  EXPECT_THAT(second->Health(), HasSubstr("history"));
}

TEST(Tuner, ModeOffDoesNothing) {
  TempDir dir;
  auto db = OpenDb(dir / "db");
  auto tuner = OpenTuner(QuickConfig(dir, Mode::kOff));
  EXPECT_TRUE(tuner->Attach(db.get(), {db->DefaultColumnFamily()}).ok());
  EXPECT_FALSE(std::filesystem::exists(dir / "state"));
  EXPECT_TRUE(tuner->Detach(db.get()).ok());
}

TEST(Tuner, RestoresTheValuesAtAttachWhenAskedAtDetach) {
  TempDir dir;
  auto db = OpenDb(dir / "db");
  auto tuner = OpenTuner(QuickConfig(dir, Mode::kSuggest));
  ASSERT_TRUE(tuner->Attach(db.get(), {db->DefaultColumnFamily()}).ok());
  Load load(db.get(), {db->DefaultColumnFamily()}, {});
  ASSERT_EQ(AdminRequest(tuner->AdminSocket(), "/v1/propose",
                         R"({"changes":[{"option":"max_background_jobs",)"
                         R"("value":4}]})")
                .status,
            200);
  ASSERT_TRUE(
      Eventually([&] { return db->GetDBOptions().max_background_jobs == 4; }));
  DetachOptions restore;
  restore.restore = true;
  EXPECT_TRUE(tuner->Detach(db.get(), restore).ok());
  EXPECT_EQ(db->GetDBOptions().max_background_jobs, 2);
}

}  // namespace
}  // namespace rocktune
