// The history from the loop's side: every call is queued for the worker
// thread, every answer comes back on the loop thread.
#ifndef ROCKTUNE_SIDECAR_HISTORY_KEEPER_H_
#define ROCKTUNE_SIDECAR_HISTORY_KEEPER_H_

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
};

// Thread-safe: calls may come from any thread. `loop` and `worker` must
// outlive *this.
class HistoryKeeper {
 public:
  template <typename T>
  using Answer = absl::AnyInvocable<void(absl::StatusOr<T>)>;

  HistoryKeeper(Loop* loop, Worker* worker) : loop_(loop), worker_(worker) {}

  // Opens the history on the worker thread and waits (called on the host's
  // thread, at the first Attach). What went wrong is also what every later
  // call answers.
  absl::Status Open(const std::string& state_dir,
                    const std::string& rocksdb_version, absl::Time now);
  absl::StatusOr<Leftovers> ReadLeftovers(const std::string& database);

  void OpenTrial(const Trial& trial, absl::Time now, Answer<int64_t> done);
  void CloseTrial(const Trial& trial, absl::Time now,
                  absl::AnyInvocable<void(absl::Status)> done);
  void SetProven(const std::string& database, const OptionValues& values,
                 absl::Time now, absl::AnyInvocable<void(absl::Status)> done);
  void Note(HistoryEntry entry);  // best effort
  void Entries(std::string database, size_t limit,
               Answer<std::vector<HistoryEntry>> done);
  void TrialById(int64_t id, Answer<Trial> done);
  void TrialsOf(std::string database, std::string option, size_t limit,
                Answer<std::vector<Trial>> done);

  // Ends the session and closes the file, on the worker thread. Waits.
  void Close(absl::Time now);

  int64_t session() const { return session_; }

 private:
  // Runs `call(History&)` on the worker, its result on the loop.
  template <typename T, typename Call>
  void Ask(Call call, Answer<T> done);
  absl::Status RunAndWait(absl::AnyInvocable<absl::Status()> call);

  Loop* const loop_;
  Worker* const worker_;
  int64_t session_ = 0;  // constant after Open
  // Both only on the worker thread.
  std::unique_ptr<History> history_;
  absl::Status trouble_ = absl::UnavailableError("the history is not open yet");
};

}  // namespace rocktune

#endif  // ROCKTUNE_SIDECAR_HISTORY_KEEPER_H_
