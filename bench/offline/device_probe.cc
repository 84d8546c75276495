#include "bench/offline/device_probe.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <random>
#include <thread>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "bench/offline/fio_probe.h"
#include "policy/status_macros.h"

namespace rocktune {
namespace {

constexpr uint64_t kFileBytes = 256ull << 20;
constexpr size_t kSmall = 4096;
constexpr size_t kLarge = 1 << 20;
constexpr int kPhases = 6;
constexpr int kDepth = 16;
// Of the limit, for fio: to measure, and for all, so that there is some left
// should it not come to an end.
constexpr double kFioMeasures = 0.5, kFioTakes = 0.8;

struct FreeBuffer {
  void operator()(char* buffer) const { std::free(buffer); }
};
using Buffer = std::unique_ptr<char, FreeBuffer>;

// Aligned as direct I/O wants it, and not all zeros.
Buffer MakeBuffer() {
  Buffer buffer(static_cast<char*>(std::aligned_alloc(kSmall, kLarge)));
  std::mt19937_64 random(1);
  for (size_t i = 0; i < kLarge; ++i) {
    buffer.get()[i] = static_cast<char>(random());
  }
  return buffer;
}

class Probe {
 public:
  Probe(int file, absl::Duration phase, const std::atomic<bool>* stop)
      : file_(file), phase_(phase), stop_(stop) {}

  absl::Status Run(DeviceFigures* figures) {
    ROCKTUNE_RETURN_IF_ERROR(Sequential(true, &figures->write_bytes_per_s));
    ROCKTUNE_RETURN_IF_ERROR(Sequential(false, &figures->read_bytes_per_s));
    ROCKTUNE_RETURN_IF_ERROR(Random(false, 1, &figures->read_iops_1));
    ROCKTUNE_RETURN_IF_ERROR(Random(false, kDepth, &figures->read_iops_16));
    ROCKTUNE_RETURN_IF_ERROR(Random(true, kDepth, &figures->write_iops_16));
    return Syncs(&figures->sync_us);
  }

 private:
  bool Over(absl::Time begin) const {
    return absl::Now() - begin >= phase_ || stop_->load();
  }

  absl::Status Ended(bool failed, int error) const {
    if (stop_->load()) return absl::CancelledError("interrupted");
    if (!failed) return absl::OkStatus();
    const std::string text = absl::StrCat("the probe: ", std::strerror(error));
    return error == ENOSPC || error == EFBIG || error == EDQUOT
               ? absl::ResourceExhaustedError(text)
               : absl::UnavailableError(text);
  }

  absl::Status Sequential(bool write, double* bytes_per_s) {
    const absl::Time begin = absl::Now();
    const uint64_t end = write ? kFileBytes : written_;
    uint64_t at = 0;
    bool failed = false;
    while (at < end && !failed && !Over(begin)) {
      const auto offset = static_cast<off_t>(at);
      const ssize_t done = write
                               ? ::pwrite(file_, buffer_.get(), kLarge, offset)
                               : ::pread(file_, buffer_.get(), kLarge, offset);
      failed = done != static_cast<ssize_t>(kLarge);
      if (!failed) at += kLarge;
    }
    const int error = errno;
    if (write) {
      written_ = at;
      ::fdatasync(file_);
    }
    *bytes_per_s =
        static_cast<double>(at) / absl::ToDoubleSeconds(absl::Now() - begin);
    return Ended(failed, error);
  }

  absl::Status Random(bool write, int depth, double* iops) {
    std::atomic<uint64_t> count{0};
    std::atomic<int> error{0};
    const uint64_t places = written_ / kSmall;
    if (places == 0) return absl::UnavailableError("the probe: no data");
    const absl::Time begin = absl::Now();
    std::vector<std::thread> threads;
    for (int i = 0; i < depth; ++i) {
      threads.emplace_back([&, i] {
        const Buffer buffer = MakeBuffer();
        std::mt19937_64 random(static_cast<uint64_t>(i));
        while (error == 0 && !Over(begin)) {
          const auto at = static_cast<off_t>(random() % places * kSmall);
          const ssize_t done = write ? ::pwrite(file_, buffer.get(), kSmall, at)
                                     : ::pread(file_, buffer.get(), kSmall, at);
          if (done != static_cast<ssize_t>(kSmall)) error = errno;
          ++count;
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    *iops = static_cast<double>(count.load()) /
            absl::ToDoubleSeconds(absl::Now() - begin);
    return Ended(error != 0, error);
  }

  absl::Status Syncs(double* sync_us) {
    const absl::Time begin = absl::Now();
    int count = 0;
    bool failed = false;
    while (!failed && !Over(begin)) {
      failed = ::pwrite(file_, buffer_.get(), kSmall, 0) !=
                   static_cast<ssize_t>(kSmall) ||
               ::fdatasync(file_) != 0;
      ++count;
    }
    const int error = errno;
    *sync_us =
        absl::ToDoubleMicroseconds(absl::Now() - begin) / std::max(1, count);
    return Ended(failed, error);
  }

  const int file_;
  const absl::Duration phase_;
  const std::atomic<bool>* const stop_;
  const Buffer buffer_ = MakeBuffer();
  uint64_t written_ = 0;
};

absl::StatusOr<DeviceFigures> ProbeWithThreads(const std::string& dir,
                                               absl::Duration limit,
                                               const std::atomic<bool>* stop) {
  const std::string path = dir + "/probe.tmp";
  constexpr int kFlags = O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC;
  DeviceFigures figures;
  int file = ::open(path.c_str(), kFlags | O_DIRECT, 0600);
  figures.direct = file >= 0;
  if (file < 0) file = ::open(path.c_str(), kFlags, 0600);
  if (file < 0) {
    return absl::UnavailableError(
        absl::StrCat(path, ": ", std::strerror(errno)));
  }
  absl::Cleanup remove = [&] {
    ::close(file);
    ::unlink(path.c_str());
  };
  ROCKTUNE_RETURN_IF_ERROR(Probe(file, limit / kPhases, stop).Run(&figures));
  return figures;
}

}  // namespace

absl::StatusOr<DeviceFigures> ProbeDevice(const std::string& dir,
                                          absl::Duration limit,
                                          const std::atomic<bool>* stop) {
  const absl::Time end = absl::Now() + limit;
  auto figures =
      ProbeWithFio(dir, {kFioMeasures * limit, kFioTakes * limit}, stop);
  if (figures.ok() || absl::IsCancelled(figures.status())) return figures;
  return ProbeWithThreads(dir, end - absl::Now(), stop);
}

std::string Describe(const DeviceFigures& figures) {
  return absl::StrFormat(
      "4 KiB reads %.0f/s alone, %.0f/s at depth 16; writes %.0f/s at depth "
      "16; sequential %.0f MB/s read, %.0f MB/s write; sync %.0f us%s%s",
      figures.read_iops_1, figures.read_iops_16, figures.write_iops_16,
      figures.read_bytes_per_s / 1e6, figures.write_bytes_per_s / 1e6,
      figures.sync_us, figures.by_fio ? " (fio)" : "",
      figures.direct ? "" : " (through the page cache: no direct I/O here)");
}

}  // namespace rocktune
