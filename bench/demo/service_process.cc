#include "bench/demo/service_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/json/parse.hpp>
#include <chrono>
#include <utility>

#include "absl/memory/memory.h"

namespace rocktune {
namespace {

constexpr absl::Duration kQuitLimit = absl::Seconds(20);
constexpr size_t kMostEvents = 10'000;  // hours of unread seconds

// Between fork and exec: only what is safe there.
[[noreturn]] void RunChild(char* const* arguments, int input, int output,
                           pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);
  // Ctrl-C is the parent's to handle; it ends the child in order.
  ::signal(SIGINT, SIG_IGN);
  ::dup2(input, STDIN_FILENO);
  ::dup2(output, STDOUT_FILENO);
  ::execv(arguments[0], arguments);
  ::_exit(127);
}

}  // namespace

absl::StatusOr<std::unique_ptr<ServiceProcess>> ServiceProcess::Start(
    const std::vector<std::string>& command) {
  std::vector<char*> arguments;
  for (const std::string& word : command) {
    arguments.push_back(const_cast<char*>(word.c_str()));
  }
  arguments.push_back(nullptr);
  if (::access(arguments[0], X_OK) != 0) {
    return absl::UnavailableError("no program " + command[0]);
  }
  int in[2], out[2];
  if (::pipe2(in, O_CLOEXEC) != 0) return absl::UnavailableError("no pipe");
  if (::pipe2(out, O_CLOEXEC) != 0) {
    ::close(in[0]);
    ::close(in[1]);
    return absl::UnavailableError("no pipe");
  }
  const pid_t self = ::getpid();
  const pid_t pid = ::fork();
  if (pid == 0) RunChild(arguments.data(), in[0], out[1], self);
  ::close(in[0]);
  ::close(out[1]);
  if (pid < 0) {
    ::close(in[1]);
    ::close(out[0]);
    return absl::UnavailableError("cannot start " + command[0]);
  }
  return absl::WrapUnique(new ServiceProcess(pid, in[1], out[0]));
}

ServiceProcess::ServiceProcess(pid_t pid, int input, int output)
    : pid_(pid), input_(input), output_(output), reader_([this] { Read(); }) {}

ServiceProcess::~ServiceProcess() {
  ::close(input_);  // end of commands: it quits
  {
    std::unique_lock lock(mutex_);
    if (!wake_.wait_for(lock, absl::ToChronoSeconds(kQuitLimit),
                        [this] { return ended_; })) {
      ::kill(pid_, SIGKILL);
    }
  }
  reader_.join();
  ::waitpid(pid_, nullptr, 0);
  ::close(output_);
}

absl::Status ServiceProcess::Send(const std::string& line) {
  const std::string text = line + "\n";
  if (::write(input_, text.data(), text.size()) !=
      static_cast<ssize_t>(text.size())) {
    return absl::UnavailableError("the service takes no commands");
  }
  return absl::OkStatus();
}

void ServiceProcess::Read() {
  std::string pending;
  char buffer[4096];
  ssize_t n = 0;
  while ((n = ::read(output_, buffer, sizeof(buffer))) > 0) {
    pending.append(buffer, static_cast<size_t>(n));
    size_t end = 0;
    while ((end = pending.find('\n')) != std::string::npos) {
      boost::system::error_code error;
      boost::json::value event =
          boost::json::parse(pending.substr(0, end), error);
      pending.erase(0, end + 1);
      if (error || !event.is_object()) continue;
      std::lock_guard lock(mutex_);
      events_.push_back(std::move(event.get_object()));
      if (events_.size() > kMostEvents) events_.pop_front();
      wake_.notify_all();
    }
  }
  std::lock_guard lock(mutex_);
  ended_ = true;
  wake_.notify_all();
}

std::optional<boost::json::object> ServiceProcess::Next(absl::Duration limit) {
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, absl::ToChronoMilliseconds(limit),
                 [this] { return !events_.empty() || ended_; });
  if (events_.empty()) return std::nullopt;
  boost::json::object event = std::move(events_.front());
  events_.pop_front();
  return event;
}

bool ServiceProcess::running() {
  std::lock_guard lock(mutex_);
  return !ended_ || !events_.empty();
}

}  // namespace rocktune
