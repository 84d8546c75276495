// What happens to the history when the disk, the file or the directory is not
// as it should be. All by real means that work for root and others alike, in a
// container and out of it.
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "sidecar/history.h"
#include "sidecar/history_schema.h"
#include "sidecar/history_sqlite.h"
#include "tests/sidecar/history_fixture.h"
#include "tests/sidecar/real_trouble.h"
#include "tests/status_matchers.h"

namespace rocktune {
namespace {

using absl::StatusCode;

std::string ReadFile(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

mode_t ModeOf(const std::string& path) {
  struct stat facts {};
  EXPECT_EQ(stat(path.c_str(), &facts), 0);
  return facts.st_mode & 07777;
}

class HistoryTrouble : public testing::Test {
 protected:
  std::unique_ptr<History> Open() {
    auto opened = History::Open(dir_);
    EXPECT_OK(opened);
    return opened.ok() ? std::move(*opened) : nullptr;
  }
  // A history with some trials, closed again.
  void Fill(int trials) {
    auto history = Open();
    for (int i = 0; i < trials; ++i) {
      ASSERT_OK(history->OpenTrial(1, TrialOf("a", "1", "2"), WallTime(i)));
    }
  }

  ScratchFolder folder_;
  std::string dir_ = folder_ / "state";
  std::string file_ = folder_ / "state/history.db";
};

TEST_F(HistoryTrouble, KeepsDirectoryAndFilesPrivateWhateverTheUmask) {
  mode_t old = umask(0);
  auto history = Open();
  ASSERT_OK(history->BeginSession("7.8.3", WallTime(0)));
  umask(old);
  EXPECT_EQ(ModeOf(dir_), 0700u);
  for (const auto& entry : std::filesystem::directory_iterator(dir_)) {
    EXPECT_EQ(ModeOf(entry.path()), 0600u) << entry.path();
  }
}

TEST_F(HistoryTrouble, NamesTheHolderOfADirectoryInUse) {
  auto history = Open();
  EXPECT_THAT(History::Open(dir_ + "//"),
              IsError(StatusCode::kFailedPrecondition,
                      absl::StrCat("in use by process ", getpid())));
  history.reset();
  EXPECT_NE(Open(), nullptr);
}

TEST_F(HistoryTrouble, RefusesADirectoryThatIsNotPrivate) {
  ASSERT_EQ(mkdir(dir_.c_str(), 0700), 0);
  ASSERT_EQ(chmod(dir_.c_str(), 0750), 0);
  EXPECT_THAT(History::Open(dir_),
              IsError(StatusCode::kFailedPrecondition, "chmod 700"));
  EXPECT_TRUE(std::filesystem::is_empty(dir_));
}

TEST_F(HistoryTrouble, RefusesADirectoryOfSomebodyElse) {
  // The root folder belongs to root; root itself gives a folder away. Where it
  // cannot (the only user of a container), nothing belongs to anybody else,
  // and the root folder is refused for being open to all.
  std::string other = "/";
  if (geteuid() == 0) {
    ASSERT_EQ(mkdir(dir_.c_str(), 0700), 0);
    if (chown(dir_.c_str(), 1, 1) == 0) other = dir_;
  }
  struct stat facts {};
  ASSERT_EQ(stat(other.c_str(), &facts), 0);
  EXPECT_THAT(
      History::Open(other),
      IsError(StatusCode::kFailedPrecondition,
              facts.st_uid == geteuid() ? "chmod 700" : "belongs to uid"));
}

TEST_F(HistoryTrouble, FollowsNoSymbolicLink) {
  ASSERT_EQ(mkdir((folder_ / "real").c_str(), 0700), 0);
  ASSERT_EQ(symlink((folder_ / "real").c_str(), dir_.c_str()), 0);
  EXPECT_THAT(History::Open(dir_ + "/"),
              IsError(StatusCode::kFailedPrecondition, "symbolic link"));
  std::string real = folder_ / "real";
  for (const char* name : {"/history.db", "/lock"}) {
    std::string link = real + name;
    unlink(link.c_str());
    ASSERT_EQ(symlink("/dev/null", link.c_str()), 0);
    EXPECT_FALSE(History::Open(real).ok()) << name;
    ASSERT_EQ(unlink(link.c_str()), 0);
  }
}

TEST_F(HistoryTrouble, SaysWhenTheDirectoryCannotBeMade) {
  EXPECT_THAT(History::Open(folder_ / "missing/state"),
              IsError(StatusCode::kNotFound, "missing/state"));
  std::ofstream(folder_ / "file") << "x";
  EXPECT_THAT(History::Open(folder_ / "file"),
              IsError(StatusCode::kFailedPrecondition, "not a directory"));
  ASSERT_EQ(mkdir((folder_ / "parent").c_str(), 0500), 0);
  WithoutRootsOverride without;
  EXPECT_THAT(History::Open(folder_ / "parent/state"),
              IsError(StatusCode::kPermissionDenied, "parent/state"));
}

TEST_F(HistoryTrouble, SaysWhenADirectoryIsReadOnly) {
  Fill(1);
  ASSERT_EQ(chmod(dir_.c_str(), 0500), 0);
  {
    WithoutRootsOverride without;
    EXPECT_THAT(History::Open(dir_),
                IsError(StatusCode::kPermissionDenied, "history.db"));
  }
  ASSERT_EQ(chmod(dir_.c_str(), 0700), 0);
  EXPECT_EQ(Open()->OpenTrials("orders")->size(), 1u);
}

TEST_F(HistoryTrouble, WorksAgainWhenAFullDiskHasRoom) {
  auto history = Open();
  ASSERT_OK(history->OpenTrial(1, TrialOf("a", "1", "2"), WallTime(0)));
  uint64_t size = std::filesystem::file_size(file_ + "-wal");
  int64_t written = 1;
  {
    FullDisk full(size + (64 << 10));
    absl::Status status;
    for (int i = 0; i < 1000 && status.ok(); ++i) {
      status =
          history->OpenTrial(1, TrialOf("a", "1", "2"), WallTime(i)).status();
      written += status.ok() ? 1 : 0;
    }
    EXPECT_THAT(status, IsError(StatusCode::kResourceExhausted, "history.db"));
    // What is there can still be read, and so rolled back.
    EXPECT_EQ(history->OpenTrials("orders")->size(),
              static_cast<size_t>(written));
  }
  ASSERT_OK(history->OpenTrial(1, TrialOf("b", "1", "2"), WallTime(0)));
  history.reset();
  EXPECT_EQ(Open()->OpenTrials("orders")->size(),
            static_cast<size_t>(written) + 1);
}

TEST_F(HistoryTrouble, SaysWhenThereIsNoRoomToBegin) {
  {
    FullDisk full(100);
    EXPECT_THAT(History::Open(dir_),
                IsError(StatusCode::kResourceExhausted, "history.db"));
  }
  EXPECT_NE(Open(), nullptr);
}

struct Damage {
  const char* what;
  void (*apply)(std::string* bytes);
};
constexpr Damage kDamages[] = {
    {"header", [](std::string* bytes) { bytes->replace(0, 64, 64, 'x'); }},
    {"pages",
     [](std::string* bytes) {
       for (size_t at = 4096; at + 4096 <= bytes->size(); at += 8192) {
         bytes->replace(at, 2048, 2048, '\xa5');
       }
     }},
    {"cut", [](std::string* bytes) { bytes->resize(bytes->size() / 2 + 77); }},
    {"no database",
     [](std::string* bytes) { *bytes = std::string(5000, '?'); }},
};

TEST_F(HistoryTrouble, LeavesACorruptFileAsItIs) {
  for (const Damage& damage : kDamages) {
    std::filesystem::remove_all(dir_);
    Fill(60);
    std::string bytes = ReadFile(file_);
    damage.apply(&bytes);
    std::ofstream(file_, std::ios::binary) << bytes;
    EXPECT_THAT(History::Open(dir_),
                IsError(StatusCode::kDataLoss, "move " + file_))
        << damage.what;
    EXPECT_TRUE(ReadFile(file_) == bytes) << damage.what;
  }
}

TEST_F(HistoryTrouble, LeavesACorruptFileOfADeadProcessAsItIs) {
  // A process that died leaves a log; opening must not copy it into the file.
  std::string bytes, log;
  {
    auto history = Open();
    for (int i = 0; i < 60; ++i) {
      ASSERT_OK(history->OpenTrial(1, TrialOf("a", "1", "2"), WallTime(i)));
    }
    bytes = ReadFile(file_);
    log = ReadFile(file_ + "-wal");
  }
  ASSERT_FALSE(log.empty());
  kDamages[2].apply(&bytes);
  std::ofstream(file_, std::ios::binary) << bytes;
  std::ofstream(file_ + "-wal", std::ios::binary) << log;
  EXPECT_THAT(History::Open(dir_),
              IsError(StatusCode::kDataLoss, "left as it is"));
  EXPECT_TRUE(ReadFile(file_) == bytes);
  EXPECT_TRUE(ReadFile(file_ + "-wal") == log);
}

TEST_F(HistoryTrouble, RefusesAFileOfANewerRocktune) {
  Fill(1);
  {
    auto db = Sqlite::Open(file_);
    ASSERT_OK(db);
    ASSERT_OK((*db)->Execute("PRAGMA user_version = 99"));
  }
  std::string bytes = ReadFile(file_);
  EXPECT_THAT(History::Open(dir_),
              IsError(StatusCode::kFailedPrecondition, "newer rocktune"));
  EXPECT_TRUE(ReadFile(file_) == bytes);
}

TEST_F(HistoryTrouble, RefusesADatabaseOfSomethingElse) {
  ASSERT_EQ(mkdir(dir_.c_str(), 0700), 0);
  {
    auto db = Sqlite::Open(file_);
    ASSERT_OK(db);
    ASSERT_OK((*db)->Execute("CREATE TABLE accounts(id)"));
  }
  EXPECT_THAT(History::Open(dir_),
              IsError(StatusCode::kDataLoss, "something else"));
}

TEST_F(HistoryTrouble, MigratesAnOlderFileAndKeepsItsTrials) {
  ASSERT_EQ(mkdir(dir_.c_str(), 0700), 0);
  {
    auto db = Sqlite::Open(file_);
    ASSERT_OK(db);
    ASSERT_OK(Migrate(db->get(), 1));
    ASSERT_OK((*db)->Execute(
        "INSERT INTO trials(session, database, source, summary, opened_us) "
        "VALUES(1, 'orders', 'expert', 'an old one', 5)"));
  }
  auto history = Open();
  ASSERT_NE(history, nullptr);
  EXPECT_EQ(history->OpenTrials("orders")->at(0).summary, "an old one");
  ASSERT_OK(history->SetPins("orders", {{"a", "", true, "", ""}}));
  EXPECT_EQ(history->Pins("orders")->size(), 1u);
}

}  // namespace
}  // namespace rocktune
