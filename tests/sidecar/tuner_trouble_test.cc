// Trouble of ours is never the host's: the database goes on, tuning freezes,
// and Health() and the admin socket say why.
#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/sidecar/tuner_fixture.h"
#include "tests/support/admin_client.h"
#include "tests/support/load.h"

namespace rocktune {
namespace {

using testing::HasSubstr;

constexpr const char* kProposal =
    R"({"changes":[{"option":"max_background_jobs","value":4}]})";

// Threads of this process whose name begins with "rocktune".
int OwnThreads() {
  int count = 0;
  for (const auto& task :
       std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream in(task.path() / "comm");
    std::string name;
    if (std::getline(in, name) && name.rfind("rocktune-", 0) == 0) ++count;
  }
  return count;
}

uint64_t ResidentBytes() {
  std::ifstream in("/proc/self/statm");
  uint64_t all = 0, resident = 0;
  in >> all >> resident;
  return resident * 4096;
}

void ExpectTheHostToBeFine(rocksdb::DB* db) {
  EXPECT_TRUE(db->Put(rocksdb::WriteOptions(), "k", "v").ok());
  std::string value;
  EXPECT_TRUE(db->Get(rocksdb::ReadOptions(), "k", &value).ok());
}

TEST(TunerTrouble, ACorruptHistoryFreezesTuningAndIsLeftAsItIs) {
  TempDir dir;
  std::filesystem::create_directory(dir / "state");
  std::filesystem::permissions(dir / "state",
                               std::filesystem::perms::owner_all);
  const std::string garbage(8192, 'x');
  std::ofstream(dir / "state/history.db") << garbage;
  std::filesystem::permissions(
      dir / "state/history.db",
      std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  auto db = OpenDb(dir / "db");
  auto tuner = OpenTuner(QuickConfig(dir, Mode::kAuto));
  ASSERT_TRUE(tuner->Attach(db.get(), {db->DefaultColumnFamily()}).ok());
  EXPECT_THAT(tuner->Health(), HasSubstr("history"));
  const AdminReply refused =
      AdminRequest(tuner->AdminSocket(), "/v1/propose", kProposal);
  EXPECT_EQ(refused.status, 409) << refused.body;
  EXPECT_THAT(refused.body, HasSubstr("frozen"));
  ExpectTheHostToBeFine(db.get());
  std::ifstream in(dir / "state/history.db");
  std::string first;
  std::getline(in, first);
  EXPECT_EQ(first, garbage);
}

TEST(TunerTrouble, AStateDirectoryThatCannotBeMadeFreezesTuning) {
  TempDir dir;
  std::ofstream(dir / "file") << "not a directory";
  Config config = QuickConfig(dir, Mode::kAuto);
  config.state_dir = dir / "file/state";
  auto db = OpenDb(dir / "db");
  auto tuner = OpenTuner(config);
  ASSERT_TRUE(tuner->Attach(db.get(), {db->DefaultColumnFamily()}).ok());
  EXPECT_THAT(tuner->Health(), HasSubstr("history"));
  EXPECT_EQ(tuner->AdminSocket(), "");
  ExpectTheHostToBeFine(db.get());
  EXPECT_TRUE(tuner->Detach(db.get()).ok());
}

TEST(TunerTrouble, RunsOnThreeThreadsAndLittleMemory) {
  TempDir dir;
  auto a = OpenDb(dir / "a");
  auto b = OpenDb(dir / "b");
  Load load(a.get(), {a->DefaultColumnFamily()}, {.keys = 100});
  [[maybe_unused]] const uint64_t before = ResidentBytes();
  auto tuner = OpenTuner(QuickConfig(dir, Mode::kObserve));
  ASSERT_TRUE(tuner->Attach(a.get(), {a->DefaultColumnFamily()}).ok());
  ASSERT_TRUE(tuner->Attach(b.get(), {b->DefaultColumnFamily()}).ok());
  ASSERT_TRUE(Eventually([&] {
    return AdminRequest(tuner->AdminSocket(),
                        "/v1/databases/a/windows?limit=20")
               .body.find("\"number\":20") != std::string::npos;
  }));
  EXPECT_EQ(OwnThreads(), 3);  // loop, worker, applier
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  // The host's own memtable grows meanwhile: at most 8 MiB here. A sanitizer
  // keeps what is freed.
  EXPECT_LT(ResidentBytes() - before, (32u + 8u) << 20);
#endif
}

TEST(TunerTrouble, AnOperatorWhoShoutsDelaysNeitherSamplesNorHistory) {
  TempDir dir;
  auto db = OpenDb(dir / "db");
  auto tuner = OpenTuner(QuickConfig(dir, Mode::kSuggest));
  ASSERT_TRUE(tuner->Attach(db.get(), {db->DefaultColumnFamily()}).ok());
  for (int i = 0; i < 3000; ++i) {
    AdminRequest(tuner->AdminSocket(), "/v1/propose",
                 R"({"changes":[{"option":"nonsense","value":1}]})");
  }
  const AdminReply history =
      AdminRequest(tuner->AdminSocket(), "/v1/history?limit=5");
  EXPECT_EQ(history.status, 200) << history.body;
  EXPECT_EQ(tuner->Health(), "ok");
}

TEST(TunerTrouble, AnOperatorsPinOutlivesTheProcess) {
  TempDir dir;
  auto db = OpenDb(dir / "db");
  for (int run = 0; run < 2; ++run) {
    SCOPED_TRACE(run);
    auto tuner = OpenTuner(QuickConfig(dir, Mode::kSuggest));
    ASSERT_TRUE(tuner->Attach(db.get(), {db->DefaultColumnFamily()}).ok());
    if (run == 0) {
      const AdminReply pinned = AdminRequest(
          tuner->AdminSocket(), "/v1/pin",
          R"({"option":"max_background_jobs","min":"2","max":"3"})");
      ASSERT_EQ(pinned.status, 200) << pinned.body;
    } else {
      EXPECT_THAT(
          AdminRequest(tuner->AdminSocket(), "/v1/databases/db/options").body,
          HasSubstr("\"2..3\""));
    }
    ASSERT_TRUE(tuner->Detach(db.get()).ok());
  }
}

}  // namespace
}  // namespace rocktune
