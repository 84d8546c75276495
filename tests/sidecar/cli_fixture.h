// Runs the real `rocktune` program against a real admin server.
#ifndef ROCKTUNE_TESTS_SIDECAR_CLI_FIXTURE_H_
#define ROCKTUNE_TESTS_SIDECAR_CLI_FIXTURE_H_

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/sidecar/admin_fixture.h"

namespace rocktune {

struct Outcome {
  int exit_code = -1;
  std::string out;
  std::string err;
};

inline std::string FileText(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// In characters, not bytes.
inline size_t LongestLine(const std::string& text) {
  size_t longest = 0, length = 0;
  for (const char c : text) {
    const bool starts = (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    length = c == '\n' ? 0 : length + (starts ? 1 : 0);
    longest = std::max(longest, length);
  }
  return longest;
}

class CliTest : public AdminServerTest {
 protected:
  // Runs the program in `directory_` and waits for its end.
  Outcome Run(const std::vector<std::string>& words,
              const std::string& program = ROCKTUNE_CLI) {
    const std::string out = directory_.path() + "/out";
    const std::string err = directory_.path() + "/err";
    const std::string here = directory_.path();
    std::vector<char*> argv = {const_cast<char*>(program.c_str())};
    for (const std::string& word : words) {
      argv.push_back(const_cast<char*>(word.c_str()));
    }
    argv.push_back(nullptr);
    const pid_t child = fork();
    if (child == 0) {
      dup2(open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), 1);
      dup2(open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), 2);
      if (chdir(here.c_str()) == 0) execv(program.c_str(), argv.data());
      _exit(127);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128, FileText(out),
            FileText(err)};
  }

  // With the server's socket named.
  Outcome Ask(std::vector<std::string> words) {
    words.insert(words.begin(), {"--socket", socket_path_});
    return Run(words);
  }
};

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_SIDECAR_CLI_FIXTURE_H_
