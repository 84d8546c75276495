// The demo's story: baseline, tuning, a refused proposal, a bad one that is
// rolled back, and the way back to the first values.
#ifndef ROCKTUNE_BENCH_DEMO_DEMO_H_
#define ROCKTUNE_BENCH_DEMO_DEMO_H_

#include <atomic>
#include <boost/json/object.hpp>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "bench/demo/console.h"
#include "bench/demo/record.h"
#include "bench/demo/session.h"

namespace rocktune {

struct DemoPlan {
  std::vector<std::string> service;  // program and arguments
  std::string advisor = "the built-in expert";
  bool asks_a_model = false;
  absl::Duration load_limit = absl::Minutes(4);
  absl::Duration tuning = absl::Seconds(150);  // at most
  int warm_up_seconds = 8;
  int measure_seconds = 15;
};

// Runs once. Not thread-safe.
class Demo {
 public:
  Demo(DemoPlan plan, Console* console, DemoRecord* record,
       const std::atomic<bool>* stop)
      : plan_(std::move(plan)),
        console_(console),
        record_(record),
        session_(console, record, stop) {}

  // The record holds what was seen even when a step failed.
  absl::Status Run();

 private:
  absl::Status Baseline();
  absl::Status Tune();
  absl::Status EndOpenTrial();
  absl::Status Refuse();
  absl::Status ProposeBad();
  absl::Status GoBack();
  absl::Status ProposeRefused(const std::string& option,
                              const std::string& value);
  // Whether there is one to ask; then what asking cost.
  absl::Status ShowModel();
  void ShowNotes(const boost::json::object& reply);
  void ShowTuning(const boost::json::object& database, double left_s);

  const DemoPlan plan_;
  Console* const console_;
  DemoRecord* const record_;
  Session session_;
  std::map<std::string, std::string> first_values_;
  std::string shown_state_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_DEMO_DEMO_H_
