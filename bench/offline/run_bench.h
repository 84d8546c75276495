// One run of the benchmark with given options: written, tried, measured.
#ifndef ROCKTUNE_BENCH_OFFLINE_RUN_BENCH_H_
#define ROCKTUNE_BENCH_OFFLINE_RUN_BENCH_H_

#include <string>

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
  // opens a database with some options; empty: nothing is tried.
  RunBench(const OfflineOptions& options, Evaluator* evaluator, std::string dir,
           std::string try_options)
      : options_(options),
        evaluator_(evaluator),
        dir_(std::move(dir)),
        try_options_(std::move(try_options)) {}

  // Whether RocksDB takes the start with `changed` over it. InvalidArgument: it
  // does not, with its words. ResourceExhausted, Unavailable: cannot be said.
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
  const std::string dir_;
  const std::string try_options_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_OFFLINE_RUN_BENCH_H_
