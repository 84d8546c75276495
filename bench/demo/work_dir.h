// Where the demo's data live, and that they go away afterwards.
#ifndef ROCKTUNE_BENCH_DEMO_WORK_DIR_H_
#define ROCKTUNE_BENCH_DEMO_WORK_DIR_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace rocktune {

// Deletes only what a demo made: a directory that is not empty and has no
// mark of an earlier demo is refused.
class WorkDir {
 public:
  // FailedPrecondition: somebody else's files, or less than `need_bytes` free.
  static absl::StatusOr<std::unique_ptr<WorkDir>> Make(const std::string& path,
                                                       uint64_t need_bytes);
  ~WorkDir();  // removes it

  const std::string& db() const { return db_; }
  // Short enough for a unix socket inside it.
  const std::string& state() const { return state_; }

 private:
  explicit WorkDir(std::string path);
  void Remove();

  const std::string path_;
  std::string db_;
  std::string state_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_DEMO_WORK_DIR_H_
