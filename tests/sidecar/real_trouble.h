// Real trouble for one thread or process: no permission, no room.
#ifndef ROCKTUNE_TESTS_SIDECAR_REAL_TROUBLE_H_
#define ROCKTUNE_TESTS_SIDECAR_REAL_TROUBLE_H_

#include <linux/capability.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>

#include "gtest/gtest.h"

namespace rocktune {

// Takes from this thread what lets root ignore permission bits; without root
// there is nothing to take.
class WithoutRootsOverride {
 public:
  WithoutRootsOverride() {
    __user_cap_data_struct data[2];
    Get(data);
    effective_ = data[0].effective;
    data[0].effective &= ~(1u << CAP_DAC_OVERRIDE);
    data[0].effective &= ~(1u << CAP_DAC_READ_SEARCH);
    Set(data);
  }
  ~WithoutRootsOverride() {
    __user_cap_data_struct data[2];
    Get(data);
    data[0].effective = effective_;
    Set(data);
  }

 private:
  void Get(__user_cap_data_struct* data) {
    EXPECT_EQ(syscall(SYS_capget, &header_, data), 0);
  }
  void Set(__user_cap_data_struct* data) {
    EXPECT_EQ(syscall(SYS_capset, &header_, data), 0);
  }
  __user_cap_header_struct header_ = {_LINUX_CAPABILITY_VERSION_3, 0};
  uint32_t effective_ = 0;
};

// While this lives, no file of the process can grow beyond `bytes`: writes
// fail as on a full disk.
class FullDisk {
 public:
  explicit FullDisk(uint64_t bytes) {
    old_handler_ = std::signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &old_limit_);
    rlimit limit = {bytes, old_limit_.rlim_max};
    EXPECT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
  }
  ~FullDisk() {
    setrlimit(RLIMIT_FSIZE, &old_limit_);
    std::signal(SIGXFSZ, old_handler_);
  }

 private:
  rlimit old_limit_;
  void (*old_handler_)(int);
};

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_SIDECAR_REAL_TROUBLE_H_
