// kill -9 at random moments of trials; the next attach puts everything right.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <random>
#include <thread>

#include "gtest/gtest.h"
#include "rocksdb/convenience.h"
#include "sidecar/history.h"
#include "tests/crash/crash_config.h"
#include "tests/status_matchers.h"
#include "tests/support/admin_client.h"
#include "tests/support/temp_dir.h"

namespace rocktune {
namespace {

constexpr int kRounds = 50;

// A trial holds values in force, or is about to.
bool InTrial(const std::string& socket) {
  const std::string body = AdminRequest(socket, "/v1/databases/db").body;
  for (const char* state :
       {"applying", "settling", "measuring", "probation", "rolling_back"}) {
    if (body.find(std::string("\"state\":\"") + state) != std::string::npos) {
      return true;
    }
  }
  return false;
}

// Runs the service; kills it after `life`, which begins at once or, if
// `in_trial`, when a trial is seen to be under way.
void RunAndKill(const TempDir& dir, bool in_trial,
                std::chrono::milliseconds life) {
  const std::string db = dir / "db", state = dir / "state",
                    acked = dir / "acked";
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    ::execl(ROCKTUNE_CRASH_CHILD, ROCKTUNE_CRASH_CHILD, db.c_str(),
            state.c_str(), acked.c_str(), nullptr);
    ::_exit(127);
  }
  const auto begin = std::chrono::steady_clock::now();
  const auto too_long = begin + std::chrono::seconds(30);
  auto deadline = begin + life;
  int status = 0;
  // The moment of death is what varies here, so waiting for a time is meant.
  while (std::chrono::steady_clock::now() < deadline) {
    ASSERT_EQ(::waitpid(child, &status, WNOHANG), 0)
        << "the service ended by itself, status " << status;
    if (in_trial) {
      in_trial = !InTrial(state + "/admin.sock") &&
                 std::chrono::steady_clock::now() < too_long;
      deadline = std::chrono::steady_clock::now() + life;
    }
    std::this_thread::yield();
  }
  ::kill(child, SIGKILL);
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
}

uint64_t Acked(const TempDir& dir) {
  uint64_t count = 0;
  std::ifstream in(dir / "acked", std::ios::binary);
  in.read(reinterpret_cast<char*>(&count), sizeof(count));
  return count;
}

std::string ValueOf(rocksdb::DB* db, const OptionKey& key) {
  std::string text;
  std::unordered_map<std::string, std::string> values;
  rocksdb::ConfigOptions how;
  if (key.column_family.empty()) {
    (void)rocksdb::GetStringFromDBOptions(how, db->GetDBOptions(), &text);
  } else {
    (void)rocksdb::GetStringFromColumnFamilyOptions(how, db->GetOptions(),
                                                    &text);
  }
  (void)rocksdb::StringToMap(text, &values);
  return values[key.name];
}

// What the next service finds: no lost write, no trial that is still open,
// and no value that an interrupted trial left behind.
void CheckAfterKill(const TempDir& dir, int64_t* interrupted) {
  std::unique_ptr<rocksdb::DB> db = OpenAsService(dir / "db");
  ASSERT_NE(db, nullptr);
  std::vector<Trial> open;
  {
    auto history = History::Open(dir / "state");
    if (absl::IsNotFound(history.status())) return;  // killed before it began
    ASSERT_OK(history);
    auto trials = (*history)->OpenTrials("db");
    ASSERT_OK(trials);
    open = *trials;
  }
  EXPECT_LE(open.size(), 1u);
  std::unique_ptr<Tuner> tuner;
  ASSERT_TRUE(
      Tuner::Open(CrashConfig(dir / "state", Mode::kObserve), &tuner).ok());
  ASSERT_TRUE(tuner->Attach(db.get(), {db->DefaultColumnFamily()}).ok());
  for (const Trial& trial : open) {
    ++*interrupted;
    for (const Change& change : trial.change_set.changes) {
      if (change.key.name == "block_cache.capacity") continue;  // not on disk
      EXPECT_EQ(ValueOf(db.get(), change.key), change.before)
          << ToString(change.key);
    }
  }
  ASSERT_TRUE(tuner->Detach(db.get()).ok());
  tuner.reset();
  auto history = History::Open(dir / "state");
  ASSERT_OK(history);
  auto left = (*history)->OpenTrials("db");
  ASSERT_OK(left);
  EXPECT_TRUE(left->empty());
  const uint64_t acked = Acked(dir);
  std::string value;
  for (uint64_t i = acked > 1000 ? acked - 1000 : 1; i <= acked; ++i) {
    ASSERT_TRUE(db->Get(rocksdb::ReadOptions(), AckedKey(i), &value).ok()) << i;
  }
}

TEST(Crash, FiftyKillsDuringTrialsLeaveNothingUnproven) {
  TempDir dir;
  std::mt19937 random(std::random_device{}());
  int64_t interrupted = 0;
  for (int round = 0; round < kRounds; ++round) {
    SCOPED_TRACE(round);
    RunAndKill(
        dir, /*in_trial=*/round % 2 == 1,
        std::chrono::milliseconds(random() % (round % 2 == 1 ? 700 : 1500)));
    CheckAfterKill(dir, &interrupted);
    if (HasFatalFailure()) return;
  }
  // Otherwise the kills missed what they are meant to hit.
  EXPECT_GE(interrupted, kRounds / 10);
}

}  // namespace
}  // namespace rocktune
