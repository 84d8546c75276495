// A file system in front of the real one that stops or fails what a test
// names: table files that wait (a slow flush), OPTIONS files that wait or
// cannot be written.
#ifndef ROCKTUNE_TESTS_HOOKS_SCRIPTED_FILE_SYSTEM_H_
#define ROCKTUNE_TESTS_HOOKS_SCRIPTED_FILE_SYSTEM_H_

#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "rocksdb/file_system.h"

namespace rocktune {

// Thread-safe. Nothing waits longer than 30 s, so that a failing test ends.
class ScriptedFileSystem : public rocksdb::FileSystemWrapper {
 public:
  ScriptedFileSystem()
      : rocksdb::FileSystemWrapper(rocksdb::FileSystem::Default()) {}

  static const char* kClassName() { return "ScriptedFileSystem"; }
  const char* Name() const override { return kClassName(); }

  // New files whose name contains `part` wait until Release().
  void Hold(const std::string& part) {
    absl::MutexLock lock(&mutex_);
    held_ = part;
  }
  void Release() {
    absl::MutexLock lock(&mutex_);
    held_.clear();
  }
  // New files whose name contains `part` fail; "" = none.
  void Fail(const std::string& part) {
    absl::MutexLock lock(&mutex_);
    failing_ = part;
  }

  // True when a file waits within the deadline.
  bool WaitUntilHeld() {
    absl::MutexLock lock(&mutex_);
    const auto held = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return waiting_ > 0;
    };
    return mutex_.AwaitWithTimeout(absl::Condition(&held), kLimit);
  }

  rocksdb::IOStatus NewWritableFile(
      const std::string& name, const rocksdb::FileOptions& options,
      std::unique_ptr<rocksdb::FSWritableFile>* file,
      rocksdb::IODebugContext* debug) override {
    {
      absl::MutexLock lock(&mutex_);
      if (!failing_.empty() && name.find(failing_) != std::string::npos) {
        return rocksdb::IOStatus::IOError("scripted failure");
      }
      if (!held_.empty() && name.find(held_) != std::string::npos) {
        const auto released = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
          return held_.empty();
        };
        ++waiting_;
        mutex_.AwaitWithTimeout(absl::Condition(&released), kLimit);
        --waiting_;
      }
    }
    return rocksdb::FileSystemWrapper::NewWritableFile(name, options, file,
                                                       debug);
  }

 private:
  static constexpr absl::Duration kLimit = absl::Seconds(30);
  absl::Mutex mutex_;
  std::string held_ ABSL_GUARDED_BY(mutex_);
  std::string failing_ ABSL_GUARDED_BY(mutex_);
  int waiting_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_HOOKS_SCRIPTED_FILE_SYSTEM_H_
