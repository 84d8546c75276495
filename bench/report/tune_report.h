// The report of the offline loop: what was tried, and what each step gained.
#ifndef ROCKTUNE_BENCH_REPORT_TUNE_REPORT_H_
#define ROCKTUNE_BENCH_REPORT_TUNE_REPORT_H_

#include <cmath>
#include <string>
#include <vector>

namespace rocktune {

struct TuneChange {
  std::string option;
  std::string family;  // empty: of the whole database, or of every family
  std::string before;
  std::string after;
  std::string reason;  // why the advisor asked for it
};

struct TuneIteration {
  int number = 0;
  std::string verdict;      // "kept", "regressed", "no_gain", "failed", ...
  double ops_per_s = 0;     // 0: not measured
  double effect = NAN;      // relative to the best before it: 0.1 = 10 % better
  double effect_low = NAN;  // its interval; NaN: not known
  double effect_high = NAN;
  std::vector<TuneChange> changes;
  std::string reason;  // of the verdict, or what went wrong
};

struct TuneReport {
  std::string title;     // "rocktune tune: ycsb-a on nvme"
  std::string sentence;  // what ran, on which machine, why it ended
  double start_ops_per_s = 0;
  double final_ops_per_s = 0;
  std::vector<TuneIteration> iterations;
  // What the final OPTIONS file has other than the start; the reason begins
  // with the measured effect.
  std::vector<TuneChange> differences;
  std::string set_options;  // what can be changed online, for copying; or empty
};

// One HTML page without network. Every text is taken for hostile.
std::string TuneReportHtml(const TuneReport& report);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_REPORT_TUNE_REPORT_H_
