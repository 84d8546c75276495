// The service under load and its admin socket, with everything they report
// written into the record.
#ifndef ROCKTUNE_BENCH_DEMO_SESSION_H_
#define ROCKTUNE_BENCH_DEMO_SESSION_H_

#include <atomic>
#include <boost/json/object.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "bench/demo/admin_client.h"
#include "bench/demo/console.h"
#include "bench/demo/record.h"
#include "bench/demo/service_process.h"

namespace rocktune {

// Not thread-safe. Every wait ends with Cancelled when `stop` becomes true,
// and with Unavailable when the service ends.
class Session {
 public:
  Session(Console* console, DemoRecord* record, const std::atomic<bool>* stop)
      : console_(console), record_(record), stop_(stop) {}

  // Starts the service and waits until it has loaded its data.
  absl::Status Start(const std::vector<std::string>& command,
                     absl::Duration limit);

  // Takes what the service says for `length`; `what` is shown meanwhile.
  absl::Status Wait(absl::Duration length, const std::string& what);
  // What the clients see over `seconds`, after `warm_up_seconds`.
  absl::StatusOr<PhaseFigures> Measure(const std::string& phase,
                                       int warm_up_seconds, int seconds);

  // GET, POST: FailedPrecondition with the socket's own words unless 200.
  absl::StatusOr<boost::json::object> Get(const std::string& target);
  absl::StatusOr<boost::json::object> Post(const std::string& target,
                                           const boost::json::object& body);
  // POST /v1/propose with one change: also a refusal (409) is an answer.
  absl::StatusOr<AdminReply> Propose(const std::string& option,
                                     const std::string& value,
                                     const std::string& reason);
  // The value in force by option.
  absl::StatusOr<std::map<std::string, std::string>> Options();
  // The state of the database; new verdicts, and what was asked of a model,
  // go to record and console.
  absl::StatusOr<boost::json::object> Poll();

  // A phase lasts until the next begins, or to the end.
  void BeginPhase(const std::string& name);
  void EndPhases();
  const SecondPoint& latest() const { return latest_; }
  int64_t next_trial() const { return next_trial_; }

 private:
  void Take(const boost::json::object& event);
  void TakeSecond(const boost::json::object& event);
  absl::Status Pump(absl::Duration limit);
  absl::Status PollTrials();
  absl::Status PollAdvice();
  double Now() const { return absl::ToDoubleSeconds(absl::Now() - origin_); }

  Console* const console_;
  DemoRecord* const record_;
  const std::atomic<bool>* const stop_;
  std::unique_ptr<ServiceProcess> service_;
  std::optional<AdminClient> client_;
  absl::Time origin_ = absl::Now();
  SecondPoint latest_;
  double loaded_ = 0;  // share
  bool ready_ = false;
  std::optional<PhaseFigures> measured_;
  std::string failed_;  // what the service said before it ended
  int64_t next_trial_ = 1;
  int64_t seen_entry_ = 0;  // of the history
};

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_DEMO_SESSION_H_
