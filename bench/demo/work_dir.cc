#include "bench/demo/work_dir.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <utility>

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"

namespace rocktune {
namespace {

namespace fs = std::filesystem;

constexpr char kMark[] = ".rocktune-demo";
constexpr size_t kMostSocketDir = 80;  // of 107 for the socket's path

}  // namespace

absl::StatusOr<std::unique_ptr<WorkDir>> WorkDir::Make(const std::string& path,
                                                       uint64_t need_bytes) {
  std::error_code error;
  const fs::path dir = fs::absolute(path, error).lexically_normal();
  if (fs::exists(dir, error) && !fs::is_empty(dir, error) &&
      !fs::exists(dir / kMark, error)) {
    return absl::FailedPreconditionError(
        absl::StrCat(dir.string(), " is not empty and no demo made it"));
  }
  fs::create_directories(dir, error);
  const fs::space_info space = fs::space(dir, error);
  if (error) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot use ", dir.string(), ": ", error.message()));
  }
  if (space.available < need_bytes) {
    return absl::FailedPreconditionError(absl::StrCat(
        dir.string(), " has ", space.available >> 20, " MiB free, the demo ",
        "needs ", need_bytes >> 20, " MiB; choose another place with --db"));
  }
  auto made = absl::WrapUnique(new WorkDir(dir.string()));
  made->Remove();  // what a killed demo left
  fs::create_directories(dir, error);
  if (!(std::ofstream(dir / kMark) << "made by rocktune-demo\n")) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot write to ", dir.string()));
  }
  return made;
}

WorkDir::WorkDir(std::string path)
    : path_(std::move(path)), db_(path_ + "/db"), state_(path_ + "/state") {
  if (state_.size() > kMostSocketDir) {
    state_ = absl::StrCat("/tmp/rocktune-demo-", ::getpid());
  }
}

WorkDir::~WorkDir() { Remove(); }

void WorkDir::Remove() {
  std::error_code ignored;  // the rest goes even when a part cannot
  fs::remove_all(db_, ignored);
  fs::remove_all(state_, ignored);
  fs::remove(fs::path(path_) / kMark, ignored);
  fs::remove(path_, ignored);  // if empty
}

}  // namespace rocktune
