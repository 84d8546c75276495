// The history from the loop's side: every call is queued for the worker
// thread, every answer comes back on the loop thread.
#ifndef ROCKTUNE_SIDECAR_HISTORY_KEEPER_H_
#define ROCKTUNE_SIDECAR_HISTORY_KEEPER_H_

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sidecar/history.h"
#include "sidecar/loop.h"
#include "sidecar/worker.h"

namespace rocktune {

// What an earlier session left of one database.
struct Leftovers {
  std::vector<Trial> unfinished;
  OptionValues proven;
  std::vector<Pin> pins;
  std::vector<MemoryEntry> memory;
};

// Thread-safe: calls may come from any thread. `loop` and `worker` must
// outlive *this.
class HistoryKeeper {
 public:
  template <typename T>
  using Answer = absl::AnyInvocable<void(absl::StatusOr<T>)>;

  HistoryKeeper(Loop* loop, Worker* worker) : loop_(loop), worker_(worker) {}

  using Done = absl::AnyInvocable<void(absl::Status)>;

  // The two calls that wait, on the host's thread at Attach: at most
  // kWaitLimit, then kDeadlineExceeded. What went wrong at Open is also what
  // every later call answers.
  absl::Status Open(const std::string& state_dir, const HistoryLimits& limits,
                    const std::string& rocksdb_version, absl::Time now);
  absl::StatusOr<Leftovers> ReadLeftovers(const std::string& database);
  static constexpr absl::Duration kWaitLimit = absl::Seconds(10);

  void OpenTrial(const Trial& trial, absl::Time now, Answer<int64_t> done);
  void CloseTrial(const Trial& trial, absl::Time now, Done done);
  void RecordReadBack(int64_t trial, const std::vector<ReadBackValue>& values,
                      Done done);
  void SetProven(const std::string& database, const OptionValues& values,
                 absl::Time now, int64_t trial, Done done);
  void SetPins(const std::string& database, const std::vector<Pin>& pins,
               Done done);
  void SaveMemory(const std::string& database, const MemoryEntry& entry,
                  Done done);
  void ForgetMemory(const std::string& database, int64_t id, Done done);
  void SaveSpend(const SpendRow& row, Done done);
  void ReadSpend(Answer<std::vector<SpendRow>> done);
  // Best effort: lines beyond kMaxWaitingNotes are dropped and counted, so
  // that an operator who shouts never delays samples or verdicts. False when
  // dropped.
  bool Note(HistoryEntry entry);
  static constexpr int kMaxWaitingNotes = 64;
  void Entries(std::string database, size_t limit,
               Answer<std::vector<HistoryEntry>> done);
  void TrialById(int64_t id, Answer<Trial> done);
  void TrialsOf(std::string database, std::string option, size_t limit,
                Answer<std::vector<Trial>> done);

  // Ends the session and closes the file. Waits, at most kWaitLimit.
  void Close(absl::Time now);

  int64_t session() const { return session_; }

 private:
  // Runs `call(History&)` on the worker, its result on the loop.
  template <typename T, typename Call>
  void Ask(Call call, Answer<T> done);
  // The same for calls that only write.
  template <typename Call>
  void Write(Call call, Done done);
  // Runs `call()` on the worker and waits, at most kWaitLimit. The call may
  // run later than that: it owns all it uses.
  template <typename T, typename Call>
  absl::StatusOr<T> Wait(Call call);

  Loop* const loop_;
  Worker* const worker_;
  std::atomic<int64_t> session_{0};  // constant after Open
  std::atomic<int> waiting_notes_{0};
  std::atomic<int> dropped_notes_{0};
  // Both only on the worker thread.
  std::unique_ptr<History> history_;
  absl::Status trouble_ = absl::UnavailableError("the history is not open yet");
};

}  // namespace rocktune

#endif  // ROCKTUNE_SIDECAR_HISTORY_KEEPER_H_
