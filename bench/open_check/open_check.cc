#include "bench/open_check/open_check.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/cleanup/cleanup.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "hooks/options_file.h"
#include "policy/status_macros.h"

// glibc 2.36 forgot to say so itself.
extern "C" {
#include <sys/pidfd.h>
}

extern char** environ;

namespace rocktune {
namespace {

// The last words are the reason.
constexpr size_t kLongestReason = 1000;
constexpr int kLookMs = 50;

absl::Status SystemError(absl::string_view what, int error) {
  return absl::UnavailableError(
      absl::StrCat("cannot ", what, ": ", strerror(error)));
}

struct Child {
  std::string program;
  std::string options_file;
  std::string db_folder;
  std::string output_file;
};

absl::StatusOr<pid_t> Start(const Child& child) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  absl::Cleanup destroy = [&actions] {
    posix_spawn_file_actions_destroy(&actions);
  };
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null",
                                   O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO,
                                   child.output_file.c_str(),
                                   O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
  std::array<std::string, 3> words = {child.program, child.options_file,
                                      child.db_folder};
  std::array<char*, 4> arguments = {words[0].data(), words[1].data(),
                                    words[2].data(), nullptr};
  pid_t pid = 0;
  const int error = posix_spawn(&pid, child.program.c_str(), &actions, nullptr,
                                arguments.data(), environ);
  if (error != 0) {
    return SystemError(absl::StrCat("start ", child.program), error);
  }
  return pid;
}

// The wait status; DeadlineExceeded or Cancelled after the child was killed.
absl::StatusOr<int> Wait(pid_t pid, const OpenCheck& check) {
  const int handle = pidfd_open(pid, 0);
  int ended = -1;
  bool stopped = false;
  if (handle >= 0) {
    pollfd ready{handle, POLLIN, 0};
    const absl::Time deadline = absl::Now() + check.deadline;
    do {
      stopped = check.stop != nullptr && check.stop->load();
      if (stopped) break;
      const int64_t left_ms = absl::ToInt64Milliseconds(deadline - absl::Now());
      ended = poll(&ready, 1,
                   static_cast<int>(std::clamp<int64_t>(left_ms, 0, kLookMs)));
    } while ((ended < 0 && errno == EINTR) ||
             (ended == 0 && absl::Now() < deadline));
    close(handle);
  }
  if (ended <= 0) kill(pid, SIGKILL);
  int status = 0;
  while (waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) return SystemError("wait for a child", errno);
  }
  if (stopped) return absl::CancelledError("interrupted");
  if (ended < 0) return SystemError("watch a child", errno);
  if (ended == 0) {
    return absl::DeadlineExceededError(
        absl::StrCat("a database with these options was not done after ",
                     absl::FormatDuration(check.deadline), " and was killed"));
  }
  return status;
}

std::string LastWords(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  std::string words = text.str();
  if (words.size() > kLongestReason) {
    words.erase(0, words.size() - kLongestReason);
  }
  return std::string(absl::StripAsciiWhitespace(words));
}

absl::Status Judge(int status, const std::string& output_file) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return absl::OkStatus();
  const std::string words = LastWords(output_file);
  if (WIFSIGNALED(status)) {
    return absl::InvalidArgumentError(
        absl::StrCat("RocksDB ends the process (", strsignal(WTERMSIG(status)),
                     words.empty() ? ")" : "): ", words));
  }
  return absl::InvalidArgumentError(words);
}

}  // namespace

absl::Status CheckThatItOpens(const OptionSet& options,
                              const OpenCheck& check) {
  std::string folder = absl::StrCat(check.scratch, "/open-check-XXXXXX");
  if (mkdtemp(folder.data()) == nullptr) {
    return SystemError(absl::StrCat("make a folder in ", check.scratch), errno);
  }
  absl::Cleanup remove = [&folder] {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  };
  const Child child{check.program, absl::StrCat(folder, "/OPTIONS"),
                    absl::StrCat(folder, "/db"),
                    absl::StrCat(folder, "/output")};
  ROCKTUNE_RETURN_IF_ERROR(WriteOptionsFile(options, child.options_file));
  ROCKTUNE_ASSIGN_OR_RETURN(const pid_t pid, Start(child));
  ROCKTUNE_ASSIGN_OR_RETURN(const int status, Wait(pid, check));
  return Judge(status, child.output_file);
}

}  // namespace rocktune
