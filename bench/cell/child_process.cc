#include "bench/cell/child_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <fstream>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"

namespace rocktune {
namespace {

constexpr absl::Duration kLook = absl::Milliseconds(20);
constexpr absl::Duration kTick = absl::Milliseconds(250);
constexpr absl::Duration kTermLimit = absl::Seconds(5);
constexpr absl::Duration kSameSignal = absl::Milliseconds(200);
constexpr int kCannotStart = 127;

// Between fork and exec: only what is safe there.
[[noreturn]] void Become(char* const* arguments, const ChildPlan& plan,
                         int output, pid_t parent) {
  ::setpgid(0, 0);
  ::signal(SIGPIPE, SIG_DFL);  // what we ignore is not for others
  ::signal(SIGXFSZ, SIG_DFL);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(kCannotStart);
  const int nothing = ::open("/dev/null", O_RDWR);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(output >= 0 ? output : nothing, STDOUT_FILENO);
  ::dup2(output >= 0 ? output : nothing, STDERR_FILENO);
  if (!plan.work_dir.empty() && ::chdir(plan.work_dir.c_str()) != 0) {
    ::_exit(kCannotStart);
  }
  ::execvp(arguments[0], arguments);
  ::_exit(kCannotStart);
}

// Waits at most `limit` for the end of `pid`.
bool Ended(pid_t pid, absl::Duration limit, int* status, rusage* usage) {
  const absl::Time deadline = absl::Now() + limit;
  while (true) {
    if (::wait4(pid, status, WNOHANG, usage) == pid) return true;
    if (absl::Now() >= deadline) return false;
    absl::SleepFor(kLook);
  }
}

// SIGTERM to the group, then SIGKILL.
void EndGroup(pid_t pid, int* status, rusage* usage) {
  ::kill(-pid, SIGTERM);
  if (Ended(pid, kTermLimit, status, usage)) {
    ::kill(-pid, SIGKILL);  // what the leader left behind
    return;
  }
  ::kill(-pid, SIGKILL);
  ::wait4(pid, status, 0, usage);
}

ChildEnd EndOf(int status, const rusage& usage) {
  ChildEnd end;
  if (WIFSIGNALED(status)) {
    const int number = WTERMSIG(status);
    end.exit_code = 128 + number;
    end.how = absl::StrCat("signal ", number, " (", ::strsignal(number), ")");
  } else {
    end.exit_code = WEXITSTATUS(status);
    end.how = absl::StrCat("exit ", end.exit_code);
  }
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) +
           1e-6 * static_cast<double>(time.tv_usec);
  };
  end.user_s = seconds(usage.ru_utime);
  end.system_s = seconds(usage.ru_stime);
  return end;
}

// A shutdown ends the child and us with the same signal: ours may come later.
bool WasStopped(const ChildPlan& plan) {
  if (plan.stop == nullptr) return false;
  const absl::Time deadline = absl::Now() + kSameSignal;
  while (!plan.stop->load() && absl::Now() < deadline) absl::SleepFor(kLook);
  return plan.stop->load();
}

absl::StatusOr<pid_t> Start(const ChildPlan& plan) {
  std::vector<char*> arguments;
  for (const std::string& word : plan.command) {
    arguments.push_back(const_cast<char*>(word.c_str()));
  }
  arguments.push_back(nullptr);
  int output = -1;
  if (!plan.output.empty()) {
    output = ::open(plan.output.c_str(),
                    O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644);
    if (output < 0) {
      return absl::UnavailableError(absl::StrCat(
          plan.output, " cannot be written: ", std::strerror(errno)));
    }
  }
  const pid_t self = ::getpid();
  const pid_t pid = ::fork();
  if (pid == 0) Become(arguments.data(), plan, output, self);
  if (output >= 0) ::close(output);
  if (pid < 0) return absl::UnavailableError("no process can be made");
  ::setpgid(pid, pid);  // whoever is first
  return pid;
}

}  // namespace

absl::StatusOr<ChildEnd> RunToEnd(const ChildPlan& plan) {
  if (plan.command.empty()) return absl::InvalidArgumentError("no command");
  absl::StatusOr<pid_t> pid = Start(plan);
  if (!pid.ok()) return pid.status();
  const absl::Time deadline = absl::Now() + plan.limit;
  absl::Time next_tick = absl::Now() + kTick;
  int status = 0;
  rusage usage{};
  while (!Ended(*pid, absl::ZeroDuration(), &status, &usage)) {
    if (plan.stop != nullptr && plan.stop->load()) {
      EndGroup(*pid, &status, &usage);
      return absl::CancelledError("interrupted");
    }
    if (absl::Now() >= deadline) {
      EndGroup(*pid, &status, &usage);
      return absl::DeadlineExceededError(
          absl::StrCat("no end within ", absl::FormatDuration(plan.limit), ": ",
                       absl::StrJoin(plan.command, " ")));
    }
    if (plan.tick && absl::Now() >= next_tick) {
      next_tick = absl::Now() + kTick;
      if (!plan.tick()) {
        EndGroup(*pid, &status, &usage);
        ChildEnd end = EndOf(status, usage);
        end.stopped_early = true;
        return end;
      }
    }
    absl::SleepFor(kLook);
  }
  ::kill(-*pid, SIGKILL);  // what the leader left behind
  ChildEnd end = EndOf(status, usage);
  if (end.exit_code != 0 && WasStopped(plan)) {
    return absl::CancelledError("interrupted");
  }
  if (end.exit_code == kCannotStart) {
    return absl::UnavailableError(
        absl::StrCat("cannot be run: ", absl::StrJoin(plan.command, " "),
                     "; is it installed, and its folder there?"));
  }
  return end;
}

std::string TailOf(const std::string& path, size_t bytes) {
  std::ifstream in(path, std::ios::binary | std::ios::ate);
  if (!in) return "";
  const auto size = static_cast<size_t>(in.tellg());
  const size_t begin = size > bytes ? size - bytes : 0;
  std::string text(size - begin, '\0');
  in.seekg(static_cast<std::streamoff>(begin));
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  return text;
}

}  // namespace rocktune
