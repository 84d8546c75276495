#include <algorithm>
#include <memory>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "bench/scale/scale.h"
#include "hooks/applier.h"
#include "hooks/attached_db.h"
#include "policy/clock.h"
#include "policy/status_macros.h"

namespace rocktune::bench {
namespace {

constexpr char kOption[] = "write_buffer_size";
constexpr const char* kValues[] = {"8388608", "4194304"};
constexpr absl::Duration kAnswerLimit = absl::Minutes(2);

class WallClock : public Clock {
 public:
  absl::Time Now() const override { return absl::Now(); }
};

struct Answer {
  absl::Notification arrived;
  absl::Status status;
};

// Milliseconds from asking to the answer.
absl::StatusOr<double> ApplyMs(Applier* applier, AttachedDb* db,
                               ChangeSet changes) {
  auto answer = std::make_shared<Answer>();
  const absl::Time begin = absl::Now();
  ApplyRequest request;
  request.change_set = std::move(changes);
  applier->Submit(db, std::move(request), [answer](ApplyReport report) {
    answer->status = report.status;
    answer->arrived.Notify();
  });
  if (!answer->arrived.WaitForNotificationWithTimeout(kAnswerLimit)) {
    return absl::DeadlineExceededError("no answer of the applier");
  }
  ROCKTUNE_RETURN_IF_ERROR(answer->status);
  return absl::ToDoubleMilliseconds(absl::Now() - begin);
}

Change To(const std::string& family, const char* value) {
  return {{kOption, family}, "", value, ""};
}

absl::Status Measure(Applier* applier, AttachedDb* db, const Fleet& fleet,
                     int writes, ScaleFigures* figures) {
  std::vector<double> one, all;
  for (int i = 0; i < writes; ++i) {
    ROCKTUNE_ASSIGN_OR_RETURN(
        double ms,
        ApplyMs(applier, db, ChangeSet{{To("default", kValues[i % 2])}}));
    one.push_back(ms);
  }
  for (const char* value : kValues) {
    ChangeSet changes;
    for (rocksdb::ColumnFamilyHandle* handle : fleet.members()[0].handles) {
      changes.changes.push_back(To(handle->GetName(), value));
    }
    ROCKTUNE_ASSIGN_OR_RETURN(double ms,
                              ApplyMs(applier, db, std::move(changes)));
    all.push_back(ms);
  }
  figures->one_family_ms = Median(one);
  figures->one_family_ms_max = *std::max_element(one.begin(), one.end());
  figures->all_families_ms = Median(all);
  return absl::OkStatus();
}

}  // namespace

absl::Status MeasureOptionWrites(const Fleet& fleet, int writes,
                                 ScaleFigures* figures) {
  const Fleet::Member& member = fleet.members()[0];
  ROCKTUNE_ASSIGN_OR_RETURN(
      std::unique_ptr<AttachedDb> db,
      AttachedDb::Attach(member.db, member.handles, "scale"));
  WallClock clock;
  absl::Status status;
  {
    Applier applier(&clock);
    status = Measure(&applier, db.get(), fleet, writes, figures);
    applier.Forget(db.get());
    applier.AwaitUnused(db.get());
  }
  const absl::Status detached = db->Detach(kAnswerLimit);
  return status.ok() ? detached : status;
}

}  // namespace rocktune::bench
