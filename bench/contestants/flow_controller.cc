// A controller in the manner of ADOC (Yu et al., "ADOC: Automatically
// Harmonizing Dataflow Between Components in Log-Structured Key-Value Stores
// for Improved Performance", FAST 2023), from the paper's description: each
// second it looks for the component that overflows (memtables, level 0,
// redundant data) and moves two things, the number of background jobs (+2, or
// half) and the size of a memtable (+64 MiB, or half).
#include <algorithm>
#include <memory>

#include "absl/strings/str_cat.h"
#include "bench/contestants/live_options.h"
#include "bench/contestants/makers.h"
#include "policy/status_macros.h"
#include "policy/value_parser.h"

namespace rocktune {
namespace {

constexpr int kJobsStep = 2;
constexpr int kMostJobsPerCore = 4;  // a guess; the paper's machine had more
constexpr double kBufferStep = 64.0 * (1 << 20);
constexpr double kLeastBuffer = 16.0 * (1 << 20);
// Seconds without any overflow after which it takes back half. A guess.
constexpr int kCalmSeconds = 5;

// What overflows.
struct Flow {
  bool memtables = false;
  bool level0 = false;
  bool redundant = false;
  bool any() const { return memtables || level0 || redundant; }
};

class FlowController : public Contestant {
 public:
  explicit FlowController(const CellSpec& spec) : spec_(spec) {}

  absl::Status Start(rocksdb::DB* db) override {
    db_ = db;
    ROCKTUNE_ASSIGN_OR_RETURN(live_, LiveOptions::Attach(db, spec_.budget));
    const rocksdb::Options options = db->GetOptions();
    jobs_ = first_jobs_ = options.max_background_jobs;
    buffer_bytes_ = first_buffer_ =
        static_cast<double>(options.write_buffer_size);
    return absl::OkStatus();
  }

  absl::Status Tick(const LoadInterval&, const Moment& now) override {
    const Flow flow = Look();
    calm_ = flow.any() ? 0 : calm_ + 1;
    int jobs = jobs_;
    double buffer_bytes = buffer_bytes_;
    // More threads for what lies on disk, more room for what comes in.
    if (flow.level0 || flow.redundant) jobs += kJobsStep;
    if (flow.memtables) {
      jobs += kJobsStep;
      buffer_bytes += kBufferStep;
    } else if (flow.level0) {
      buffer_bytes += kBufferStep;
    }
    if (calm_ >= kCalmSeconds) {
      calm_ = 0;
      jobs = std::max(first_jobs_, jobs / 2);
      buffer_bytes = std::max(first_buffer_, buffer_bytes / 2);
    }
    return Move(std::min(jobs, kMostJobsPerCore * spec_.budget.cores),
                std::max(buffer_bytes, kLeastBuffer), now);
  }

  absl::Status Stop(ContestantReport* report) override {
    report->trials = std::move(trials_);
    live_.reset();
    return absl::OkStatus();
  }

 private:
  uint64_t Property(const char* name) const {
    uint64_t value = 0;
    db_->GetIntProperty(name, &value);
    return value;
  }

  Flow Look() const {
    const rocksdb::Options options = db_->GetOptions();
    std::string files = "0";
    db_->GetProperty("rocksdb.num-files-at-level0", &files);
    Flow flow;
    flow.memtables = Property("rocksdb.num-immutable-mem-table") + 1 >=
                     static_cast<uint64_t>(options.max_write_buffer_number);
    flow.level0 = NumberOf(files).value_or(0) >=
                  0.75 * options.level0_slowdown_writes_trigger;
    flow.redundant = Property("rocksdb.estimate-pending-compaction-bytes") >=
                     options.soft_pending_compaction_bytes_limit / 2;
    return flow;
  }

  absl::Status Move(int jobs, double buffer_bytes, const Moment& now) {
    if (jobs == jobs_ && buffer_bytes == buffer_bytes_) {
      return absl::OkStatus();
    }
    jobs_ = jobs;
    buffer_bytes_ = buffer_bytes;
    ROCKTUNE_ASSIGN_OR_RETURN(
        const ChangeSet change_set,
        live_->Set(
            {{"max_background_jobs", "", absl::StrCat(jobs), "", ""},
             {"write_buffer_size", "", FormatWhole(buffer_bytes), "", ""}},
            ProposalSource::kOperator));
    // What calibration left of it, within the memory given.
    buffer_bytes_ = static_cast<double>(db_->GetOptions().write_buffer_size);
    if (!change_set.empty()) {
      trials_.push_back({now.at_s, now.at_s, "moved", Describe(change_set), 0});
    }
    return absl::OkStatus();
  }

  const CellSpec& spec_;
  rocksdb::DB* db_ = nullptr;
  std::unique_ptr<LiveOptions> live_;
  int jobs_ = 0;
  int first_jobs_ = 0;
  double buffer_bytes_ = 0;
  double first_buffer_ = 0;
  int calm_ = 0;
  std::vector<CellTrial> trials_;
};

}  // namespace

ContestantPtr MakeFlowController(const CellSpec& spec) {
  return std::make_unique<FlowController>(spec);
}

}  // namespace rocktune
