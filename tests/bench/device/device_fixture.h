// A file system on an emulated device, and how long it takes.
#ifndef ROCKTUNE_TESTS_BENCH_DEVICE_DEVICE_FIXTURE_H_
#define ROCKTUNE_TESTS_BENCH_DEVICE_DEVICE_FIXTURE_H_

#include <memory>

#include "absl/time/time.h"
#include "bench/device/device.h"
#include "bench/device/device_wait.h"
#include "rocksdb/file_system.h"

namespace rocktune {

class Device {
 public:
  explicit Device(const DeviceProfile& profile)
      : model_(std::make_shared<DeviceModel>(profile, kSeed)),
        fs_(NewDeviceFileSystem(rocksdb::FileSystem::Default(), model_)) {}

  rocksdb::FileSystem* operator->() const { return fs_.get(); }
  const std::shared_ptr<rocksdb::FileSystem>& fs() const { return fs_; }
  DeviceCounters Counters() const { return model_->Counters(); }

 private:
  static constexpr uint64_t kSeed = 5;
  std::shared_ptr<DeviceModel> model_;
  std::shared_ptr<rocksdb::FileSystem> fs_;
};

// How long `action` took.
template <typename Action>
absl::Duration Took(const Action& action) {
  const absl::Time start = MonotonicNow();
  action();
  return MonotonicNow() - start;
}

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_BENCH_DEVICE_DEVICE_FIXTURE_H_
