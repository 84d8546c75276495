#include "sidecar/cli/plugin.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <vector>

#include "absl/strings/ascii.h"

namespace rocktune::cli {
namespace {

namespace fs = std::filesystem;

// Nothing that could leave the directory.
bool IsPlainWord(const std::string& word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' ||
           c == '_';
  });
}

}  // namespace

std::string PluginPath(const std::string& command) {
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  if (error || !IsPlainWord(command)) return "";
  const fs::path path = self.parent_path() / ("rocktune-" + command);
  return access(path.c_str(), X_OK) == 0 && fs::is_regular_file(path, error)
             ? path.string()
             : "";
}

int RunPlugin(const std::string& path, int index, char** argv) {
  std::vector<char*> words;
  std::string name = path;
  words.push_back(name.data());
  for (char** word = argv + index + 1; *word != nullptr; ++word) {
    words.push_back(*word);
  }
  words.push_back(nullptr);
  execv(path.c_str(), words.data());
  std::fprintf(stderr, "rocktune: cannot run %s: %s\n", path.c_str(),
               std::strerror(errno));
  return 1;
}

}  // namespace rocktune::cli
