// Runs programs under `rocktune run`, and looks at them from outside.
#ifndef ROCKTUNE_TESTS_PRELOAD_PRELOAD_FIXTURE_H_
#define ROCKTUNE_TESTS_PRELOAD_PRELOAD_FIXTURE_H_

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temp_dir.h"

namespace rocktune {

using Words = std::vector<std::string>;

struct Outcome {
  int exit_code = -1;  // 128 + the signal's number, as shells say
  std::string out;
  std::string err;
};

// A program that runs until its end, at the latest that of the object.
class Process {
 public:
  // `environment` is added to ours.
  Process(const TempDir& dir, const Words& words,
          const std::map<std::string, std::string>& environment);
  ~Process();

  // Standard output until now.
  std::string Out() const;
  void EndInput();
  void Kill(int signal);
  bool Ended();
  // After EndInput(). Fails the test when it takes more than two minutes.
  Outcome Wait();

  pid_t pid() const { return pid_; }

 private:
  std::string out_, err_;  // paths
  int input_ = -1;
  pid_t pid_ = -1;
  bool ended_ = false;
  int status_ = 0;
};

// False when the condition does not come true within a minute.
bool Eventually(const std::function<bool()>& condition);

std::string FileText(const std::string& path);

class PreloadTest : public testing::Test {
 protected:
  // "rocktune run OPTIONS -- WORDS".
  static Words Under(const Words& options, const Words& words);

  static std::string Host(const std::string& name = "host") {
    return ROCKTUNE_HOSTS + name;
  }

  Process Start(const Words& words) { return {dir_, words, environment_}; }
  Outcome Run(const Words& words) { return Start(words).Wait(); }

  // A configuration with every time as short as it may be.
  std::string QuickConfig() const;

  std::string Socket(const std::string& db) const {
    return db + ".rocktune/admin.sock";
  }
  // The answer to a GET; empty when nobody answers.
  std::string Get(const std::string& db, const std::string& target) const;
  // Waits until `name` is attached.
  bool Attached(const std::string& db, const std::string& name) const;

  const TempDir dir_;
  std::map<std::string, std::string> environment_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_PRELOAD_PRELOAD_FIXTURE_H_
