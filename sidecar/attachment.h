// One attached database: its hold, its machine, its advisor, and the driver
// that does what the machine's actions say.
#ifndef ROCKTUNE_SIDECAR_ATTACHMENT_H_
#define ROCKTUNE_SIDECAR_ATTACHMENT_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "hooks/applier.h"
#include "hooks/attached_db.h"
#include "llm/model_advisor.h"
#include "policy/clock.h"
#include "policy/guided_advisor.h"
#include "policy/tuning_machine.h"
#include "sidecar/control.h"
#include "sidecar/history_keeper.h"
#include "sidecar/loop.h"
#include "sidecar/trace_schedule.h"
#include "sidecar/worker.h"

namespace rocktune {

// What the attachments of one tuner share; all outlive them.
struct Services {
  const Clock* clock = nullptr;
  Loop* loop = nullptr;
  Worker* worker = nullptr;
  Applier* applier = nullptr;
  HistoryKeeper* history = nullptr;
  ProcessState* process = nullptr;
  ModelAdvisor* model = nullptr;  // null: none is configured
  // A line for the host's log; called on the worker thread.
  std::function<void(const std::string& line)> log;
  // Something of ours broke; called on the loop thread.
  std::function<void(const std::string& why)> trouble;
};

// Every method but db() and the constructor runs on the loop thread.
class Attachment : public std::enable_shared_from_this<Attachment> {
 public:
  using ReplyTo = absl::AnyInvocable<void(absl::StatusOr<CommandReply>)>;

  Attachment(const Services* services, std::unique_ptr<AttachedDb> db,
             const MachineConfig& config, const TracePlan& trace);

  AttachedDb& db() { return *db_; }
  const TuningMachine& machine() const { return machine_; }
  TuningMachine& machine() { return machine_; }
  const std::deque<Window>& windows() const { return windows_; }
  absl::Duration InState() const;

  // Takes a sample on the worker thread; the window comes back as an event.
  // One sample at a time: a tick that finds the last one running is skipped.
  void Tick();

  // Hands an event to the machine and does what it says.
  void Deliver(Event event);

  void Execute(const Command& command, ReplyTo reply);

  // Calls `done` when no rollback or detach is under way (at once, if so).
  void WhenRestored(absl::AnyInvocable<void()> done);
  // Calls `done` when nothing is left to re-apply: at once, or with a sample.
  void WhenSettled(absl::AnyInvocable<void()> done);
  // Begins the detach; `done` when the machine holds nothing any more.
  void Detach(bool restore, absl::AnyInvocable<void()> done);

  // One call to the model, for an operator: nothing of it is tried.
  void AskModel(absl::AnyInvocable<void(absl::StatusOr<AskedModel>)> done);
  // What it would be asked now.
  ModelAsk Question() const;

  // Answers what waits with kCancelled; nothing is delivered afterwards.
  void Close();

 private:
  struct Sample {
    event::WindowClosed closed;
    DatabaseFacts facts;
    std::optional<event::ValuesRead> values;
    std::optional<event::TraceTaken> trace;
    bool trace_busy = false;  // a burst could not begin
  };
  // What a tick asks for.
  struct SampleOrder {
    bool read_values = false;
    uint64_t epoch = 0;
    TraceSchedule::Step trace = TraceSchedule::Step::kNothing;
  };

  // The answer to a write that must not fail. `what` outlives everything.
  absl::AnyInvocable<void(absl::Status)> TroubleIf(absl::string_view what);

  // attachment_model.cc: a call begins when the advisor wishes for one and
  // nobody else's runs.
  void AskWhenWished();
  void OnAnswer(AskReason reason, const ModelAnswer& answer);
  void NoteOvertaken();

  void TakeSample(const SampleOrder& order);
  // The step of the burst, on the worker thread.
  void Trace(TraceSchedule::Step step, Sample* sample);
  void OnSample(Sample sample);

  void Do(const action::Consult& action);
  void Do(const action::RecordTrial& action);
  void Do(const action::ApplyValues& action);
  void Do(const action::CloseTrial& action);
  void Do(const action::RecordReadBack& action);
  void Do(const action::SaveProven& action);
  void Do(const action::SaveMemory& action);
  void Do(const action::ForgetMemory& action);
  void Do(const action::SavePins& action);
  void Do(const action::Learn& action);
  void Do(const action::Forget& action);
  void Do(const action::Note& action);
  void Do(const action::Reply& action);
  void Do(const action::DetachReady& action);

  const Services* const services_;
  const std::unique_ptr<AttachedDb> db_;
  TuningMachine machine_;
  GuidedAdvisor advisor_;
  // Of the model's last reply; they hold under any load.
  std::vector<ReplyIssue> issues_;

  std::deque<Event> inbox_;  // events the handling of an event caused
  bool delivering_ = false;
  bool closed_ = false;

  std::deque<Window> windows_;  // newest last, at most kMaxWindows
  bool sampling_ = false;
  int ticks_skipped_ = 0;
  uint64_t ticks_ = 0;
  TraceSchedule trace_schedule_;
  const TracePlan trace_plan_;

  uint64_t next_ticket_ = 0;
  std::map<uint64_t, ReplyTo> replies_;
  std::vector<absl::AnyInvocable<void()>> when_restored_;
  std::vector<absl::AnyInvocable<void()>> when_settled_;
  absl::AnyInvocable<void()> when_detached_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_SIDECAR_ATTACHMENT_H_
