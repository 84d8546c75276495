// What the demo saw: the source of its table, its JSON and its report.
#ifndef ROCKTUNE_BENCH_DEMO_RECORD_H_
#define ROCKTUNE_BENCH_DEMO_RECORD_H_

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace rocktune {

// What the clients saw over one phase.
struct PhaseFigures {
  double throughput_ops_per_s = 0;
  double read_p99_us = 0;
  double write_p99_us = 0;
};

// Times are seconds since the load began to run.
struct SecondPoint {
  double at_s = 0;
  double throughput_ops_per_s = 0;
  double read_p99_us = 0;
};

struct PhaseSpan {
  double begin_s = 0;
  double end_s = 0;
  std::string name;
};

struct ChangeLine {
  std::string option;
  std::string before;
  std::string after;
};

struct TrialLine {
  int64_t id = 0;
  std::string source;
  std::string verdict;  // "open" until closed
  std::string why;
  std::vector<ChangeLine> changes;
  double effect_mean = 0;  // relative: 0.1 = 10 % better
  double effect_low = 0;
  double effect_high = 0;
  bool measured = false;  // there is an effect to show
  double begin_s = 0;
  double end_s = 0;
  double in_force_s = 0;
};

// A reason calibration gave for refusing or correcting a value.
struct NoteLine {
  bool rejected = false;
  std::string option;
  std::string asked;
  std::string given;
  std::string message;
};

// What became of a question to the model, or of a proposal that calibration
// refused as a whole: the history's own words.
struct AdviceLine {
  double at_s = 0;
  bool refused = false;
  std::string text;
};

struct DemoRecord {
  std::string load;     // one sentence: what ran
  std::string rocksdb;  // its version
  PhaseFigures baseline;
  PhaseFigures tuned;
  PhaseFigures restored;
  std::vector<SecondPoint> seconds;
  std::vector<PhaseSpan> phases;
  std::vector<TrialLine> trials;
  std::vector<NoteLine> notes;
  std::vector<AdviceLine> advice;
  int trials_kept = 0;
  int trials_rolled_back = 0;
  int proposals_refused = 0;
  double bad_value_in_force_s = 0;
  bool restored_exactly = false;
  std::vector<std::string> not_restored;

  double TunedOverBaseline() const {
    return baseline.throughput_ops_per_s > 0
               ? tuned.throughput_ops_per_s / baseline.throughput_ops_per_s
               : 0;
  }
};

// From a body of GET /v1/trials/{id} (or an open_trial); `origin` is second 0.
TrialLine TrialFromJson(const boost::json::object& trial, absl::Time origin);
NoteLine NoteFromJson(const boost::json::object& note);

// "64 MiB" for large whole numbers of bytes, else the value.
std::string ShortValue(const std::string& value);
// "block_cache.capacity 8 MiB -> 64 MiB, ..."
std::string ShortChanges(const std::vector<ChangeLine>& changes);
// "+12.3 % [+10.1, +14.5]"
std::string ShortEffect(const TrialLine& trial);
// "1 h 04 min", "7 min", "40 s"
std::string ShortSeconds(double seconds);
// 12345.6 -> "12,346"
std::string WithCommas(double number);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_DEMO_RECORD_H_
