// Drives one tuning machine over a simulated store in virtual time: the
// windows, the applier, the history and the advisor's wire.
#ifndef ROCKTUNE_TESTS_SIMULATION_SIMULATION_H_
#define ROCKTUNE_TESTS_SIMULATION_SIMULATION_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "policy/advisor.h"
#include "policy/process_state.h"
#include "policy/tuning_machine.h"
#include "tests/simulation/event_log.h"
#include "tests/simulation/plant.h"
#include "tests/simulation/store.h"
#include "tests/simulation/weather.h"

namespace rocktune::simulation {

// How often an option call goes wrong; probabilities of one call.
struct Faults {
  double refused = 0;         // kInvalidArgument, nothing changed
  double unavailable = 0;     // kUnavailable, nothing changed
  double late = 0;            // returns after 5 to 60 s
  double partly_undone = 0;   // some took and were restored
  double partly = 0;          // some took and stayed
  double history_fails = 0;   // a trial cannot be recorded
  double crashes_per_h = 0;   // of the process
  double advice_delay_s = 0;  // on average
  double advice_lost = 0;     // never answered
};

struct SimulationConfig {
  StoreHost host;
  Load load;
  Climate climate;
  OptionValues values;  // at the start
  std::optional<Plant> plant;
  Faults faults;
  MachineConfig machine;
  uint64_t seed = 1;
  double first_advice_s = 0;  // the advisor is silent before
  double trace_every_s = 0;   // bursts of tracing; 0: none
  bool tuned = true;          // false: nobody touches the options
};

// Not thread-safe.
class Simulation {
 public:
  // `log` may be null; it must outlive *this.
  Simulation(const SimulationConfig& config, std::unique_ptr<Advisor> advisor,
             EventLog* log);
  Simulation(const Simulation&) = delete;
  Simulation& operator=(const Simulation&) = delete;

  // One second of load, then its window.
  void RunSecond();
  void SetLoad(const Load& load) { load_ = load; }
  const Load& load() const { return load_; }
  // The advisor has something to say that it did not have when consulted.
  void OfferAdvice() { Deliver(event::AdviceOffered{}); }

  double second() const { return second_; }
  // Trials that were opened, and those that have a verdict, oldest first.
  int trials_opened() const { return trials_opened_; }
  const std::vector<Trial>& closed() const { return closed_; }
  const TuningMachine& machine() const { return *machine_; }
  const Store& store() const { return store_; }
  const OptionValues& values() const { return values_; }  // in the store
  const OptionValues& proven() const { return proven_; }  // in the history
  double operations() const { return operations_; }       // in all
  // Trials of the history without a verdict.
  const std::vector<Trial>& unfinished() const { return unfinished_; }
  // Values that were in force when the machine came, less what trials that a
  // crash ended had changed: the host's own.
  const OptionValues& base() const { return base_; }
  int crashes() const { return crashes_; }
  // Option calls that have not returned.
  bool calls_out() const;
  EventLog* log() { return log_; }

 private:
  struct Due {
    double second;
    Event event;
  };

  void StartMachine();
  void Crash();
  void MakeWindow(const Second& second);
  void DeliverDue();
  void Deliver(Event event);
  void SetValue(const OptionKey& key, const std::string& value);
  void SetStore();
  void LogWindow(const Second& second, double factor);
  void Log(absl::string_view what, const std::string& line);

  void Do(const action::Consult& action);
  void Do(const action::RecordTrial& action);
  void Do(const action::ApplyValues& action);
  void Do(const action::CloseTrial& action);
  void Do(const action::SaveProven& action);
  void Do(const action::SaveMemory& action);
  void Do(const action::ForgetMemory& action);
  void Do(const action::Learn& action);
  void Do(const action::Forget& action);
  void Do(const action::Note& action);
  template <typename Other>
  void Do(const Other&) {}
  ApplyReport Apply(const action::ApplyValues& action, double* delay_s);

  const SimulationConfig config_;
  std::unique_ptr<Advisor> advisor_;
  EventLog* const log_;
  Load load_;
  Store store_;
  Weather weather_;
  Random faults_;
  std::optional<PlantedEffect> plant_;
  OptionValues values_;
  OptionValues base_;
  ProcessState process_;
  std::optional<TuningMachine> machine_;
  event::WindowClosed closed_window_;
  double second_ = 0;
  double next_trace_s_ = 60;
  double operations_ = 0;
  std::deque<Event> inbox_;
  bool delivering_ = false;
  std::vector<Due> due_;
  // The history, which outlives a crash.
  int64_t next_id_ = 1;
  std::vector<Trial> unfinished_;
  OptionValues proven_;
  std::vector<MemoryEntry> memory_;
  int trials_opened_ = 0;
  int crashes_ = 0;
  std::vector<Trial> closed_;
};

}  // namespace rocktune::simulation

#endif  // ROCKTUNE_TESTS_SIMULATION_SIMULATION_H_
