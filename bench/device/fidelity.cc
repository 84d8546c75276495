#include "bench/device/fidelity.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <random>
#include <thread>

#include "absl/strings/str_cat.h"
#include "bench/device/device_wait.h"

namespace rocktune {
namespace {

constexpr uint64_t kFileBytes = uint64_t{256} << 20;
constexpr uint64_t kLargeBytes = uint64_t{1} << 20;

absl::Status ToStatus(const rocksdb::IOStatus& status, const char* what) {
  if (status.ok()) return absl::OkStatus();
  return absl::InternalError(
      absl::StrCat("cannot ", what, " the test file: ", status.ToString()));
}

double ProcessorSeconds() {
  rusage usage;
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * time.tv_usec;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// A file of the base, as large as all cells need, gone with the object.
class TestFile {
 public:
  explicit TestFile(const std::string& folder)
      : path_(absl::StrCat(folder, "/rocktune-fidelity.", ::getpid())) {}
  ~TestFile() { ::unlink(path_.c_str()); }
  TestFile(const TestFile&) = delete;
  TestFile& operator=(const TestFile&) = delete;

  absl::Status Fill() const {
    const auto base = rocksdb::FileSystem::Default();
    std::unique_ptr<rocksdb::FSWritableFile> file;
    rocksdb::IOStatus status =
        base->NewWritableFile(path_, rocksdb::FileOptions(), &file, nullptr);
    const std::string data(kLargeBytes, 'r');
    for (uint64_t i = 0; status.ok() && i < kFileBytes / kLargeBytes; ++i) {
      status = file->Append(data, rocksdb::IOOptions(), nullptr);
    }
    if (status.ok()) status = file->Close(rocksdb::IOOptions(), nullptr);
    return ToStatus(status, "write");
  }
  const std::string& path() const { return path_; }

 private:
  const std::string path_;
};

// The callers of one cell.
class Callers {
 public:
  Callers(const ClosedLoop& loop, uint64_t seed, rocksdb::FSRandomRWFile* file)
      : loop_(loop),
        seed_(seed),
        file_(file),
        samples_(static_cast<size_t>(loop.operations)) {}

  absl::Status Run() {
    std::vector<std::thread> threads;
    threads.reserve(static_cast<size_t>(loop_.depth));
    for (int i = 0; i < loop_.depth; ++i) {
      threads.emplace_back([this, i] { Call(i); });
    }
    for (std::thread& thread : threads) thread.join();
    return error_;
  }
  const std::vector<ClosedLoopSample>& samples() const { return samples_; }

 private:
  void Call(int caller) {
    std::mt19937_64 random(seed_ + static_cast<uint64_t>(caller));
    std::string buffer(loop_.bytes, 'w');
    const uint64_t places = kFileBytes / loop_.bytes;
    for (;;) {
      const size_t index = next_.fetch_add(1, std::memory_order_relaxed);
      if (index >= samples_.size()) return;
      const uint64_t place = loop_.sequential ? index : random();
      const uint64_t offset = place % places * loop_.bytes;
      samples_[index].begin = MonotonicNow();
      const rocksdb::IOStatus status = Operate(offset, &buffer);
      samples_[index].end = MonotonicNow();
      if (status.ok()) continue;
      const std::lock_guard<std::mutex> lock(mutex_);
      error_.Update(ToStatus(status, "read or write"));
      return;
    }
  }

  rocksdb::IOStatus Operate(uint64_t offset, std::string* buffer) {
    const rocksdb::IOOptions options;
    if (loop_.op == DeviceOp::kWrite) {
      return file_->Write(offset, *buffer, options, nullptr);
    }
    rocksdb::Slice result;
    return file_->Read(offset, buffer->size(), options, &result, buffer->data(),
                       nullptr);
  }

  const ClosedLoop loop_;
  const uint64_t seed_;
  rocksdb::FSRandomRWFile* const file_;
  std::atomic<size_t> next_{0};
  std::vector<ClosedLoopSample> samples_;
  std::mutex mutex_;
  absl::Status error_;
};

}  // namespace

std::vector<ClosedLoop> FidelityLoops() {
  std::vector<ClosedLoop> loops;
  for (const DeviceOp op : {DeviceOp::kRead, DeviceOp::kWrite}) {
    for (const uint64_t bytes : {uint64_t{4096}, kLargeBytes}) {
      for (const int depth : {1, 4, 16}) loops.push_back({op, bytes, depth});
    }
    loops.push_back({op, kLargeBytes, 1, true});
  }
  return loops;
}

absl::StatusOr<FidelityCell> MeasureFidelity(const DeviceProfile& profile,
                                             ClosedLoop loop,
                                             const FidelityPlan& plan) {
  FidelityCell cell;
  cell.promised_iops = PromisedIops(profile, loop);
  loop.operations =
      std::max(plan.least_operations,
               static_cast<int>(cell.promised_iops * plan.seconds));
  cell.loop = loop;
  cell.expected = RunVirtually(profile, plan.seed, loop);

  const TestFile test_file(plan.folder);
  if (absl::Status status = test_file.Fill(); !status.ok()) return status;
  const auto device =
      NewDeviceFileSystem(rocksdb::FileSystem::Default(),
                          std::make_shared<DeviceModel>(profile, plan.seed));
  rocksdb::FileOptions direct;
  direct.use_direct_reads = direct.use_direct_writes = true;
  std::unique_ptr<rocksdb::FSRandomRWFile> file;
  absl::Status status = ToStatus(
      device->NewRandomRWFile(test_file.path(), direct, &file, nullptr),
      "open");
  if (!status.ok()) return status;

  Callers callers(loop, plan.seed, file.get());
  const double cpu_before_s = ProcessorSeconds();
  const absl::Time start = MonotonicNow();
  status = callers.Run();
  if (!status.ok()) return status;
  cell.cores = (ProcessorSeconds() - cpu_before_s) /
               absl::ToDoubleSeconds(MonotonicNow() - start);
  cell.measured = FiguresOf(callers.samples(), loop.bytes);
  return cell;
}

}  // namespace rocktune
