#include "tests/preload/preload_fixture.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

#include "tests/support/admin_client.h"

namespace rocktune {
namespace {

constexpr std::chrono::seconds kLongest{120};

void Become(const Words& words,
            const std::map<std::string, std::string>& environment) {
  std::vector<char*> argv;
  for (const std::string& word : words) {
    argv.push_back(const_cast<char*>(word.c_str()));
  }
  argv.push_back(nullptr);
  for (const auto& [name, value] : environment) {
    setenv(name.c_str(), value.c_str(), 1);
  }
  execvp(argv[0], argv.data());
  _exit(125);
}

}  // namespace

Process::Process(const TempDir& dir, const Words& words,
                 const std::map<std::string, std::string>& environment) {
  static std::atomic<int> count{0};
  const std::string number = std::to_string(++count);
  out_ = dir / ("out" + number);
  err_ = dir / ("err" + number);
  int pipe[2];
  EXPECT_EQ(pipe2(pipe, O_CLOEXEC), 0);
  input_ = pipe[1];
  pid_ = fork();
  if (pid_ == 0) {
    dup2(pipe[0], 0);
    dup2(open(out_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), 1);
    dup2(open(err_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), 2);
    Become(words, environment);
  }
  close(pipe[0]);
}

Process::~Process() {
  if (!Ended()) {
    Kill(SIGKILL);
    waitpid(pid_, &status_, 0);
  }
  EndInput();
}

std::string Process::Out() const { return FileText(out_); }

void Process::EndInput() {
  if (input_ >= 0) close(input_);
  input_ = -1;
}

void Process::Kill(int signal) { kill(pid_, signal); }

bool Process::Ended() {
  if (!ended_) ended_ = waitpid(pid_, &status_, WNOHANG) == pid_;
  return ended_;
}

Outcome Process::Wait() {
  EndInput();
  const auto deadline = std::chrono::steady_clock::now() + kLongest;
  while (!Ended() && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::yield();
  }
  EXPECT_TRUE(Ended()) << "it hangs";
  const int code =
      WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_);
  return {code, FileText(out_), FileText(err_)};
}

bool Eventually(const std::function<bool()>& condition) {
  const auto deadline =
      std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

std::string FileText(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

Words PreloadTest::Under(const Words& options, const Words& words) {
  Words all = {ROCKTUNE_CLI, "run"};
  all.insert(all.end(), options.begin(), options.end());
  all.push_back("--");
  all.insert(all.end(), words.begin(), words.end());
  return all;
}

std::string PreloadTest::QuickConfig() const {
  std::string path = dir_ / "quick.toml";
  std::ofstream(path) << "window = \"200ms\"\n"
                         "baseline = \"2s\"\n"
                         "one_way_baseline = \"2s\"\n"
                         "settle = \"1s\"\n"
                         "measure_min = \"2s\"\n"
                         "measure_max = \"4s\"\n"
                         "probation = \"1s\"\n"
                         "cool_down = \"1s\"\n";
  return path;
}

std::string PreloadTest::Get(const std::string& db,
                             const std::string& target) const {
  return AdminRequest(Socket(db), target).body;
}

bool PreloadTest::Attached(const std::string& db,
                           const std::string& name) const {
  return Eventually([&] {
    return Get(db, "/v1/databases").find("\"name\":\"" + name + "\"") !=
           std::string::npos;
  });
}

}  // namespace rocktune
