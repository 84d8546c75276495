// What the tests of the history share: a private folder and a full trial.
#ifndef ROCKTUNE_TESTS_SIDECAR_HISTORY_FIXTURE_H_
#define ROCKTUNE_TESTS_SIDECAR_HISTORY_FIXTURE_H_

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "policy/trial.h"

namespace rocktune {

// A new folder, removed with everything in it.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string pattern = testing::TempDir() + "/rocktune-XXXXXX";
    path_ = mkdtemp(pattern.data());
  }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  std::string operator/(const std::string& name) const {
    return path_ + "/" + name;
  }

 private:
  std::string path_;
};

inline absl::Time WallTime(int second) {
  return absl::FromUnixSeconds(1'700'000'000 + second);
}

// Changes one option from `before` to `after`.
inline Trial TrialOf(const std::string& option, const std::string& before,
                     const std::string& after) {
  Trial trial;
  trial.database = "orders";
  trial.summary = option + " to " + after;
  trial.change_set.changes = {{{option, "default"}, before, after, "a reason"}};
  trial.inverse = InverseOf(trial.change_set);
  return trial;
}

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_SIDECAR_HISTORY_FIXTURE_H_
