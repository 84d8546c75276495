// One run at a time in a folder.
#ifndef ROCKTUNE_BENCH_COMPARE_FOLDER_LOCK_H_
#define ROCKTUNE_BENCH_COMPARE_FOLDER_LOCK_H_

#include <string>

#include "absl/status/statusor.h"

namespace rocktune {

// Holds a lock on the file `lock` of a folder until it is destroyed or the
// process ends, however it ends. The file stays.
class FolderLock {
 public:
  // Makes the folder. FailedPrecondition: another process has it;
  // ResourceExhausted: the file system.
  static absl::StatusOr<FolderLock> Take(const std::string& dir);
  FolderLock(FolderLock&& other) noexcept : file_(other.file_) {
    other.file_ = -1;
  }
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int file) : file_(file) {}
  int file_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_COMPARE_FOLDER_LOCK_H_
