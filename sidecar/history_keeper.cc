#include "sidecar/history_keeper.h"

#include <utility>

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

absl::Status HistoryKeeper::RunAndWait(
    absl::AnyInvocable<absl::Status()> call) {
  absl::Notification done;
  absl::Status status;
  if (!worker_->Post([&] {
        status = call();
        done.Notify();
      })) {
    return Overloaded();
  }
  done.WaitForNotification();
  return status;
}

absl::Status HistoryKeeper::Open(const std::string& state_dir,
                                 const std::string& rocksdb_version,
                                 absl::Time now) {
  return RunAndWait([&]() -> absl::Status {
    absl::StatusOr<std::unique_ptr<History>> opened = History::Open(state_dir);
    if (!opened.ok()) return trouble_ = opened.status();
    absl::StatusOr<int64_t> session =
        (*opened)->BeginSession(rocksdb_version, now);
    if (!session.ok()) return trouble_ = session.status();
    session_ = *session;
    history_ = *std::move(opened);
    return trouble_ = absl::OkStatus();
  });
}

absl::StatusOr<Leftovers> HistoryKeeper::ReadLeftovers(
    const std::string& database) {
  Leftovers found;
  absl::Status status = RunAndWait([&]() -> absl::Status {
    if (!history_) return trouble_;
    ROCKTUNE_ASSIGN_OR_RETURN(found.unfinished, history_->OpenTrials(database));
    ROCKTUNE_ASSIGN_OR_RETURN(found.proven, history_->Proven(database));
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  return found;
}

void HistoryKeeper::OpenTrial(const Trial& trial, absl::Time now,
                              Answer<int64_t> done) {
  Ask<int64_t>(
      [this, trial, now](History& history) {
        return history.OpenTrial(session_, trial, now);
      },
      std::move(done));
}

void HistoryKeeper::CloseTrial(const Trial& trial, absl::Time now,
                               absl::AnyInvocable<void(absl::Status)> done) {
  Ask<bool>(
      [trial, now](History& history) -> absl::StatusOr<bool> {
        ROCKTUNE_RETURN_IF_ERROR(history.CloseTrial(trial, now));
        return true;
      },
      [done = std::move(done)](absl::StatusOr<bool> result) mutable {
        done(result.status());
      });
}

void HistoryKeeper::SetProven(const std::string& database,
                              const OptionValues& values, absl::Time now,
                              absl::AnyInvocable<void(absl::Status)> done) {
  Ask<bool>(
      [database, values, now](History& history) -> absl::StatusOr<bool> {
        ROCKTUNE_RETURN_IF_ERROR(history.SetProven(database, values, now));
        return true;
      },
      [done = std::move(done)](absl::StatusOr<bool> result) mutable {
        done(result.status());
      });
}

void HistoryKeeper::Note(HistoryEntry entry) {
  Ask<bool>(
      [this,
       entry = std::move(entry)](History& history) -> absl::StatusOr<bool> {
        ROCKTUNE_RETURN_IF_ERROR(history.Note(session_, entry));
        return true;
      },
      [](absl::StatusOr<bool>) {});  // what matters reports its own failure
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
  (void)RunAndWait([&]() -> absl::Status {
    if (history_) (void)history_->EndSession(session_, now);
    history_.reset();
    trouble_ = absl::CancelledError("the tuner has stopped");
    return absl::OkStatus();
  });
}

}  // namespace rocktune
