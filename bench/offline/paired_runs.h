// Two configurations compared by runs in turn: which run is next, and what the
// runs so far say. Pure.
#ifndef ROCKTUNE_BENCH_OFFLINE_PAIRED_RUNS_H_
#define ROCKTUNE_BENCH_OFFLINE_PAIRED_RUNS_H_

#include <optional>
#include <string>
#include <vector>

#include "bench/offline/evaluator.h"
#include "policy/trial.h"

namespace rocktune {

struct ComparedRun {
  bool candidate = false;
  RunFigures figures;
};

struct PairRules {
  int min_pairs = 3;  // fewer give no interval worth the name
  int max_pairs = 5;
  double min_effect = 0.01;  // +0.01 = 1 % better
  // Error of keeping what is no better, all looks of one comparison together;
  // each look has its equal share.
  double alpha = 0.05;
  // A gain is not kept when p99 grows by more than this factor.
  double max_p99_ratio = 2;
  // Taking a value back: kept unless something is lost for certain or by the
  // least effect.
  bool simplifies = false;
};

// Whether the next run is the candidate's: A B B A A B ..., so that a drift of
// the machine hits both alike.
bool NextIsCandidate(const std::vector<ComparedRun>& runs);

struct PairVerdict {
  Verdict verdict = Verdict::kOpen;  // kOpen: more runs are needed
  Effect effect;                     // of the whole pairs so far
  std::string why;
};

// The ratio of each whole pair, their mean and a Student t interval on the log
// scale. Decided early where more pairs could not change it: a candidate that
// failed is aborted, one that gave up regressed. A run of the incumbent that
// failed is for the caller to handle: none may be in `runs`. `last_chance`: no
// more runs will come, decide now.
PairVerdict JudgeRuns(const std::vector<ComparedRun>& runs,
                      const PairRules& rules, bool last_chance);

// One side: the mean throughput of its runs, the rest from `windows`.
ArmSummary SummariseRuns(const std::vector<ComparedRun>& runs, bool candidate,
                         const std::vector<Window>& windows);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_OFFLINE_PAIRED_RUNS_H_
