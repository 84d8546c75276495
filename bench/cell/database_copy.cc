#include "bench/cell/database_copy.h"

#include <filesystem>
#include <fstream>
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "bench/workload/driver.h"
#include "policy/status_macros.h"
#include "rocksdb/db.h"

namespace rocktune {
namespace {

namespace fs = std::filesystem;

constexpr uintmax_t kNothingLeft = 1 << 20;  // file systems keep some back

constexpr const char* kWhole = "rocktune-loaded";  // written last

absl::Status Trouble(const fs::path& path, const std::error_code& error) {
  return absl::ResourceExhaustedError(
      absl::StrCat(path.string(), ": ", error.message(),
                   "; make room and run the same command again"));
}

bool NeverChanges(const fs::path& path) {
  return path.extension() == ".sst" || path.extension() == ".blob";
}

absl::Status CopyFiles(const std::string& from, const std::string& to) {
  std::error_code error;
  fs::create_directories(to, error);
  if (error) return Trouble(to, error);
  for (const fs::directory_entry& entry : fs::directory_iterator(from, error)) {
    if (!entry.is_regular_file()) continue;
    const fs::path target = fs::path(to) / entry.path().filename();
    const std::string name = entry.path().filename().string();
    if (name == "LOCK" || name == "LOG" || absl::StartsWith(name, "LOG.old") ||
        name == kWhole) {
      continue;
    }
    if (NeverChanges(entry.path())) {
      fs::create_hard_link(entry.path(), target, error);
      if (!error) continue;
    }
    fs::copy_file(entry.path(), target, error);
    if (error) return Trouble(target, error);
  }
  if (error) return Trouble(from, error);
  return absl::OkStatus();
}

absl::Status Load(const std::string& dir, const Workload& workload,
                  uint64_t seed, const std::function<void(double)>& progress,
                  const std::atomic<bool>* stop) {
  rocksdb::Options options;
  options.create_if_missing = true;
  // Only how fast it loads, not what comes of it.
  options.max_background_jobs = 4;
  rocksdb::DB* raw = nullptr;
  if (rocksdb::Status s = rocksdb::DB::Open(options, dir, &raw); !s.ok()) {
    return absl::InternalError(absl::StrCat(dir, ": ", s.ToString()));
  }
  const std::unique_ptr<rocksdb::DB> db(raw);
  ROCKTUNE_RETURN_IF_ERROR(LoadData(raw, workload, seed, progress, stop));
  if (rocksdb::Status s = db->Close(); !s.ok()) {
    return absl::InternalError(absl::StrCat(dir, ": ", s.ToString()));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CopyDatabase(const std::string& from, const std::string& to) {
  std::error_code error;
  if (fs::exists(to, error)) {
    return absl::FailedPreconditionError(
        absl::StrCat(to, " exists already; remove it"));
  }
  absl::Status status = CopyFiles(from, to);
  if (!status.ok()) fs::remove_all(to, error);
  return status;
}

bool DiskIsFull(const std::string& dir) {
  std::error_code error;
  const fs::space_info space = fs::space(dir, error);
  return !error && space.available < kNothingLeft;
}

bool SpeaksOfFullDisk(const std::string& text) {
  for (const char* words :
       {"No space left on device", "Disk quota exceeded", "File too large"}) {
    if (absl::StrContains(text, words)) return true;
  }
  return false;
}

absl::Status EnsureLoaded(const std::string& dir, const Workload& workload,
                          uint64_t seed,
                          const std::function<void(double)>& progress,
                          const std::atomic<bool>* stop) {
  std::error_code error;
  if (fs::exists(fs::path(dir) / kWhole, error)) return absl::OkStatus();
  fs::remove_all(dir, error);  // a load that was interrupted
  fs::create_directories(dir, error);
  if (error) return Trouble(dir, error);
  absl::Status status = Load(dir, workload, seed, progress, stop);
  if (!status.ok()) {
    fs::remove_all(dir, error);
    const std::string what(status.message());
    if (absl::IsAborted(status)) return absl::CancelledError("interrupted");
    return SpeaksOfFullDisk(what) ? absl::ResourceExhaustedError(what) : status;
  }
  std::ofstream mark(fs::path(dir) / kWhole);
  mark << workload.name << " seed " << seed << "\n";
  mark.flush();
  if (!mark) return absl::ResourceExhaustedError(dir + ": cannot be marked");
  return absl::OkStatus();
}

}  // namespace rocktune
