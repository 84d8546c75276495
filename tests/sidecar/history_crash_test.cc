// Kills a process while it writes trials. What it was told is durable must be
// there afterwards, with the inverse.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <map>
#include <random>

#include "absl/strings/str_cat.h"
#include "sidecar/history.h"
#include "tests/sidecar/history_fixture.h"
#include "tests/status_matchers.h"

namespace rocktune {
namespace {

struct Told {
  int64_t id;
  int64_t value;  // of the option before the change
};

// The child: never returns. Reports each trial after OpenTrial returned.
[[noreturn]] void WriteTrials(const std::string& dir, int round, int out) {
  auto history = History::Open(dir);
  if (!history.ok()) _exit(3);
  auto session = (*history)->BeginSession("7.8.3", WallTime(round));
  if (!session.ok()) _exit(4);
  for (int64_t i = 0;; ++i) {
    int64_t value = round * 1'000'000 + i;
    Trial trial = TrialOf("write_buffer_size", absl::StrCat(value), "1");
    auto id = (*history)->OpenTrial(*session, trial, WallTime(1));
    if (!id.ok()) _exit(5);
    Told told = {*id, value};
    if (write(out, &told, sizeof(told)) != sizeof(told)) _exit(6);
    trial.id = *id;
    trial.verdict = Verdict::kNoGain;
    if (i % 3 == 0 && !(*history)->CloseTrial(trial, WallTime(2)).ok()) {
      _exit(7);
    }
  }
}

// Runs the child until it told of `enough` trials, kills it in whatever it is
// doing, and adds everything it told to `all`.
void KillWhileWriting(const std::string& dir, int round, int enough,
                      std::map<int64_t, int64_t>* all) {
  int pipe_fds[2];
  ASSERT_EQ(pipe(pipe_fds), 0);
  pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    close(pipe_fds[0]);
    WriteTrials(dir, round, pipe_fds[1]);
  }
  close(pipe_fds[1]);
  Told told;
  int count = 0;
  while (read(pipe_fds[0], &told, sizeof(told)) == sizeof(told)) {
    (*all)[told.id] = told.value;
    if (++count == enough) kill(child, SIGKILL);
  }
  close(pipe_fds[0]);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status)) << "exit " << WEXITSTATUS(status);
}

TEST(HistoryCrash, LosesNoTrialThatWasReportedDurable) {
  ScratchFolder folder;
  std::string dir = folder / "state";
  std::map<int64_t, int64_t> all;
  std::mt19937 random(20251);
  for (int round = 0; round < 20; ++round) {
    int enough = std::uniform_int_distribution<int>(1, 40)(random);
    KillWhileWriting(dir, round, enough, &all);
    // Opening checks the file's integrity.
    auto history = History::Open(dir);
    ASSERT_OK(history);
    for (const auto& [id, value] : all) {
      auto trial = (*history)->TrialById(id);
      ASSERT_OK(trial);
      ASSERT_EQ(trial->inverse.changes.size(), 1u);
      EXPECT_EQ(trial->inverse.changes[0].key.name, "write_buffer_size");
      EXPECT_EQ(trial->inverse.changes[0].after, absl::StrCat(value));
    }
    auto open = (*history)->OpenTrials("orders");
    ASSERT_OK(open);
    EXPECT_FALSE(open->empty());
  }
}

}  // namespace
}  // namespace rocktune
