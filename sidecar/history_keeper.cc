#include "sidecar/history_keeper.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "policy/status_macros.h"

namespace rocktune {
namespace {

absl::Status Overloaded() {
  return absl::ResourceExhaustedError("the worker thread is stuck");
}

}  // namespace

template <typename T, typename Call>
void HistoryKeeper::Ask(Call call, Answer<T> done) {
  auto shared_done = std::make_shared<Answer<T>>(std::move(done));
  const bool posted =
      worker_->Post([this, call = std::move(call), shared_done]() mutable {
        absl::StatusOr<T> result =
            history_ ? call(*history_) : absl::StatusOr<T>(trouble_);
        loop_->Post([shared_done, result = std::move(result)]() mutable {
          (*shared_done)(std::move(result));
        });
      });
  if (!posted) {
    loop_->Post([shared_done] { (*shared_done)(Overloaded()); });
  }
}

template <typename Call>
void HistoryKeeper::Write(Call call, Done done) {
  Ask<bool>(
      [call = std::move(call)](History& history) -> absl::StatusOr<bool> {
        ROCKTUNE_RETURN_IF_ERROR(call(history));
        return true;
      },
      [done = std::move(done)](absl::StatusOr<bool> result) mutable {
        done(result.status());
      });
}

template <typename T, typename Call>
absl::StatusOr<T> HistoryKeeper::Wait(Call call) {
  struct Shared {
    absl::Notification done;
    absl::StatusOr<T> result = absl::UnknownError("not run");
  };
  auto shared = std::make_shared<Shared>();
  if (!worker_->Post([shared, call = std::move(call)]() mutable {
        shared->result = call();
        shared->done.Notify();
      })) {
    return Overloaded();
  }
  if (!shared->done.WaitForNotificationWithTimeout(kWaitLimit)) {
    return absl::DeadlineExceededError(absl::StrCat(
        "the history did not answer in ", absl::FormatDuration(kWaitLimit)));
  }
  return shared->result;
}

absl::Status HistoryKeeper::Open(const std::string& state_dir,
                                 const HistoryLimits& limits,
                                 const std::string& rocksdb_version,
                                 absl::Time now) {
  auto open = [=, this]() -> absl::StatusOr<bool> {
    absl::StatusOr<std::unique_ptr<History>> opened =
        History::Open(state_dir, limits);
    if (!opened.ok()) return trouble_ = opened.status();
    absl::StatusOr<int64_t> session =
        (*opened)->BeginSession(rocksdb_version, now);
    if (!session.ok()) return trouble_ = session.status();
    session_ = *session;
    history_ = *std::move(opened);
    return true;
  };
  return Wait<bool>(std::move(open)).status();
}

absl::StatusOr<Leftovers> HistoryKeeper::ReadLeftovers(
    const std::string& database) {
  return Wait<Leftovers>([=, this]() -> absl::StatusOr<Leftovers> {
    if (!history_) return trouble_;
    Leftovers found;
    ROCKTUNE_ASSIGN_OR_RETURN(found.unfinished, history_->OpenTrials(database));
    ROCKTUNE_ASSIGN_OR_RETURN(found.proven, history_->Proven(database));
    ROCKTUNE_ASSIGN_OR_RETURN(found.pins, history_->Pins(database));
    ROCKTUNE_ASSIGN_OR_RETURN(found.memory, history_->Memory(database));
    return found;
  });
}

void HistoryKeeper::OpenTrial(const Trial& trial, absl::Time now,
                              Answer<int64_t> done) {
  Ask<int64_t>(
      [this, trial, now](History& history) {
        return history.OpenTrial(session_, trial, now);
      },
      std::move(done));
}

void HistoryKeeper::CloseTrial(const Trial& trial, absl::Time now, Done done) {
  Write([=](History& history) { return history.CloseTrial(trial, now); },
        std::move(done));
}

void HistoryKeeper::RecordReadBack(int64_t trial,
                                   const std::vector<ReadBackValue>& values,
                                   Done done) {
  Write([=](History& history) { return history.RecordReadBack(trial, values); },
        std::move(done));
}

void HistoryKeeper::SetProven(const std::string& database,
                              const OptionValues& values, absl::Time now,
                              int64_t trial, Done done) {
  Write(
      [=](History& history) {
        return history.SetProven(database, values, now, trial);
      },
      std::move(done));
}

void HistoryKeeper::SetPins(const std::string& database,
                            const std::vector<Pin>& pins, Done done) {
  Write([=](History& history) { return history.SetPins(database, pins); },
        std::move(done));
}

void HistoryKeeper::SaveMemory(const std::string& database,
                               const MemoryEntry& entry, Done done) {
  Write([=](History& history) { return history.SaveMemory(database, entry); },
        std::move(done));
}

void HistoryKeeper::ForgetMemory(const std::string& database, int64_t id,
                                 Done done) {
  Write([=](History& history) { return history.ForgetMemory(database, id); },
        std::move(done));
}

void HistoryKeeper::SaveSpend(const SpendRow& row, Done done) {
  Write([row](History& history) { return history.SaveSpend(row); },
        std::move(done));
}

void HistoryKeeper::ReadSpend(Answer<std::vector<SpendRow>> done) {
  Ask<std::vector<SpendRow>>(
      [](History& history) { return history.ReadSpend(); }, std::move(done));
}

bool HistoryKeeper::Note(HistoryEntry entry) {
  if (waiting_notes_ >= kMaxWaitingNotes) {
    ++dropped_notes_;
    return false;
  }
  ++waiting_notes_;
  Write(
      [this, entry = std::move(entry)](History& history) {
        const absl::Status status = history.Note(session_, entry);
        const int dropped = dropped_notes_.exchange(0);
        if (dropped > 0) {
          HistoryEntry gap{.at = entry.at, .kind = "dropped"};
          gap.line = absl::StrCat(dropped, " lines came too fast to be kept");
          (void)history.Note(session_, gap);
        }
        return status;
      },
      [this](absl::Status) {  // what matters reports its own failure
        --waiting_notes_;
      });
  return true;
}

void HistoryKeeper::Entries(std::string database, size_t limit,
                            Answer<std::vector<HistoryEntry>> done) {
  Ask<std::vector<HistoryEntry>>(
      [database = std::move(database), limit](History& history) {
        return history.Entries(database, limit);
      },
      std::move(done));
}

void HistoryKeeper::TrialById(int64_t id, Answer<Trial> done) {
  Ask<Trial>([id](History& history) { return history.TrialById(id); },
             std::move(done));
}

void HistoryKeeper::TrialsOf(std::string database, std::string option,
                             size_t limit, Answer<std::vector<Trial>> done) {
  Ask<std::vector<Trial>>(
      [database = std::move(database), option = std::move(option),
       limit](History& history) {
        return history.TrialsOf(database, option, limit);
      },
      std::move(done));
}

void HistoryKeeper::Close(absl::Time now) {
  (void)Wait<bool>([=, this]() -> absl::StatusOr<bool> {
    if (history_) (void)history_->EndSession(session_, now);
    history_.reset();
    trouble_ = absl::CancelledError("the tuner has stopped");
    return true;
  });
}

}  // namespace rocktune
