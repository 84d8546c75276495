#include "sidecar/cli/find_socket.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace rocktune::cli {
namespace {

namespace fs = std::filesystem;

// Bounds of the search (guesses: more would be felt as a wait).
constexpr int kDeepest = 6;
constexpr int kMostEntries = 50000;

constexpr char kSocketName[] = "admin.sock";

void TakeSocketIn(const fs::path& directory, std::vector<std::string>* found) {
  std::error_code ignored;
  if (absl::EndsWith(directory.filename().string(), ".rocktune") &&
      fs::is_socket(directory / kSocketName, ignored)) {
    found->push_back((directory / kSocketName).string());
  }
}

std::vector<std::string> SocketsBelow(const fs::path& top) {
  std::vector<std::string> found;
  std::error_code error;
  TakeSocketIn(top, &found);
  fs::recursive_directory_iterator at(
      top, fs::directory_options::skip_permission_denied, error);
  int seen = 0;
  for (; !error && at != fs::end(at) && ++seen < kMostEntries;
       at.increment(error)) {
    std::error_code ignored;
    if (!at->is_directory(ignored) || at->is_symlink(ignored)) continue;
    TakeSocketIn(at->path(), &found);
    if (at.depth() + 1 >= kDeepest) at.disable_recursion_pending();
  }
  return found;
}

}  // namespace

absl::StatusOr<std::string> FindSocket(const std::string& named) {
  if (!named.empty()) return named;
  const char* from_environment = std::getenv("ROCKTUNE_SOCKET");
  if (from_environment != nullptr && *from_environment != '\0') {
    return std::string(from_environment);
  }
  std::error_code error;
  const fs::path here = fs::current_path(error);
  if (error) return absl::UnavailableError("there is no working directory");
  const std::vector<std::string> found = SocketsBelow(here);
  if (found.size() == 1) return found[0];
  const std::string how = "name one with --socket PATH or in ROCKTUNE_SOCKET";
  if (found.empty()) {
    return absl::UnavailableError(absl::StrCat(
        "no *.rocktune/admin.sock below ", here.string(), "; ", how));
  }
  return absl::InvalidArgumentError(
      absl::StrCat("several sockets below ", here.string(), "; ", how, ":\n  ",
                   absl::StrJoin(found, "\n  ")));
}

}  // namespace rocktune::cli
