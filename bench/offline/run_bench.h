// One run of the benchmark with given options: written, tried, measured.
#ifndef ROCKTUNE_BENCH_OFFLINE_RUN_BENCH_H_
#define ROCKTUNE_BENCH_OFFLINE_RUN_BENCH_H_

#include <atomic>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bench/offline/evaluator.h"
#include "bench/offline/offline_options.h"
#include "policy/option.h"

namespace rocktune {

// Not thread-safe. All must outlive it.
class RunBench {
 public:
  // `dir`: for OPTIONS files and runs; exists. `try_options`: the program that
  // opens a database with some options.
  struct Spec {
    std::string dir;
    std::string try_options;
    const std::atomic<bool>* stop = nullptr;
  };
  RunBench(const OfflineOptions& options, Evaluator* evaluator, Spec spec)
      : options_(options), evaluator_(evaluator), spec_(std::move(spec)) {}

  // Whether RocksDB takes the start with `changed` over it. InvalidArgument: it
  // does not, with its words. ResourceExhausted, Unavailable: cannot be said.
  // Cancelled: interrupted.
  absl::Status Try(const OptionValues& changed) const;

  struct Reference {
    double score = 0;  // 0: none
    double seconds = 0;
  };
  // See Evaluator::Run().
  absl::StatusOr<RunFigures> Run(const OptionValues& changed,
                                 const Reference& reference) const;

 private:
  absl::StatusOr<std::string> Write(const OptionValues& changed) const;

  const OfflineOptions& options_;
  Evaluator* const evaluator_;
  const Spec spec_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_OFFLINE_RUN_BENCH_H_
