// A loaded RocksDB with rocktune linked in, that proposes and collects the
// verdicts over the admin socket, as an operator would.
#ifndef ROCKTUNE_BENCH_VERDICT_HOST_H_
#define ROCKTUNE_BENCH_VERDICT_HOST_H_

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bench/demo/admin_client.h"
#include "bench/demo/load_generator.h"
#include "bench/verdict_phases.h"
#include "rocksdb/db.h"
#include "rocktune/rocktune.h"

namespace rocktune {

// As quick a loop as leaves a verdict its evidence.
Config VerdictConfigOf(const std::string& state_dir);

struct VerdictRow {
  std::string candidate;  // "option before -> after"
  std::string design;
  std::string verdict;
  std::string ended;
  std::string why;
  double effect = 0;   // relative: 0.1 = 10 % better
  double seconds = 0;  // from the proposal to the verdict
  double in_force_s = 0;
  bool restored = false;  // read back as before the trial
};

// What the clients saw, outside of any trial.
struct HarmFigures {
  double before_ops_per_s = 0;
  double with_ops_per_s = 0;
  double after_ops_per_s = 0;
};

// Not thread-safe. Every wait is for a condition and ends with Cancelled once
// `stop` is true, with DeadlineExceeded after some minutes.
class VerdictHost {
 public:
  // Makes and fills a database in `dir` and starts the load.
  static absl::StatusOr<std::unique_ptr<VerdictHost>> Start(
      const std::string& dir, const VerdictPhase& phase,
      const std::atomic<bool>* stop);
  ~VerdictHost();

  // Sets the candidate past rocktune, and back. Before Attach().
  absl::StatusOr<HarmFigures> MeasureHarm(const Candidate& candidate);
  absl::Status Attach();
  // Proposes, waits for the verdict, takes back what was kept, and waits until
  // nothing of the candidate is left in cache, files and backlog.
  absl::StatusOr<VerdictRow> Try(const Candidate& candidate);

 private:
  VerdictHost(std::string dir, VerdictPhase phase,
              const std::atomic<bool>* stop)
      : dir_(std::move(dir)), phase_(std::move(phase)), stop_(stop) {}

  absl::Status Open();
  absl::Status WaitFor(const char* what,
                       const std::function<absl::StatusOr<bool>()>& condition);
  absl::StatusOr<double> Throughput();
  absl::Status SetPastUs(const std::string& option, const std::string& value);
  // Tables made with compression `type`, or with any other.
  absl::StatusOr<int> Tables(const std::string& type,
                             bool others = false) const;
  uint64_t Property(const char* name) const;
  absl::Status WaitUntilAsBefore();
  absl::StatusOr<std::string> State() const;
  absl::StatusOr<std::vector<std::string>> ValuesNow(
      const Candidate& candidate) const;
  absl::StatusOr<boost::json::object> Get(const std::string& target) const;
  absl::Status Post(const std::string& target,
                    const boost::json::object& body) const;

  const std::string dir_;
  const VerdictPhase phase_;
  const std::atomic<bool>* const stop_;
  std::string first_compression_;
  uint64_t cache_usage_bytes_ = 0;  // once warm
  std::unique_ptr<rocksdb::DB> db_;
  std::unique_ptr<Tuner> tuner_;
  std::unique_ptr<AdminClient> client_;
  std::unique_ptr<LoadGenerator> load_;  // stops before the database closes
  int64_t next_trial_ = 1;
};

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_VERDICT_HOST_H_
