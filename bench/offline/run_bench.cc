#include "bench/offline/run_bench.h"

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "bench/cell/database_copy.h"
#include "bench/open_check/open_check.h"
#include "hooks/options_file.h"
#include "policy/status_macros.h"

namespace rocktune {
namespace {

// How long a check may take, and once more for so many families. Guesses: 60
// families took 27 s on a busy machine.
constexpr absl::Duration kOpens = absl::Minutes(1);
constexpr size_t kFamilies = 10;

// A full disk is never the options' fault.
absl::Status Sorted(const absl::Status& status) {
  if (SpeaksOfFullDisk(std::string(status.message()))) {
    return absl::ResourceExhaustedError(std::string(status.message()));
  }
  return status;
}

}  // namespace

absl::StatusOr<std::string> RunBench::Write(const OptionValues& changed) const {
  const absl::StatusOr<OptionSet> set = options_.With(changed);
  if (absl::IsNotFound(set.status())) {  // a family or an object
    return absl::InvalidArgumentError(std::string(set.status().message()));
  }
  if (!set.ok()) return set.status();
  const std::string path = spec_.dir + "/run.OPTIONS";
  ROCKTUNE_RETURN_IF_ERROR(Sorted(WriteOptionsFile(*set, path)));
  return path;
}

absl::Status RunBench::Try(const OptionValues& changed) const {
  ROCKTUNE_RETURN_IF_ERROR(Write(changed).status());
  ROCKTUNE_ASSIGN_OR_RETURN(const OptionSet set, options_.With(changed));
  const absl::Status opens = CheckThatItOpens(
      set, {spec_.try_options, spec_.dir,
            kOpens * (1 + set.families.size() / kFamilies), spec_.stop});
  // A terminal interrupts the child too, which is not the options' fault.
  if (spec_.stop->load()) return absl::CancelledError("interrupted");
  if (absl::IsDeadlineExceeded(opens)) {
    return absl::InvalidArgumentError(std::string(opens.message()));
  }
  return Sorted(opens);
}

absl::StatusOr<RunFigures> RunBench::Run(const OptionValues& changed,
                                         const Reference& reference) const {
  RunRequest request;
  ROCKTUNE_ASSIGN_OR_RETURN(request.options_file, Write(changed));
  request.work_dir = spec_.dir + "/run";
  request.reference_score = reference.score;
  request.reference_s = reference.seconds;
  std::error_code ignored;
  std::filesystem::remove_all(request.work_dir, ignored);  // of one killed
  return evaluator_->Run(request);
}

}  // namespace rocktune
