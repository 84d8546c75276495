// Sets values: the only code that changes a database.
#ifndef ROCKTUNE_HOOKS_APPLIER_H_
#define ROCKTUNE_HOOKS_APPLIER_H_

#include <memory>

#include "absl/functional/any_invocable.h"
#include "absl/time/time.h"
#include "hooks/attached_db.h"
#include "policy/apply_report.h"
#include "policy/clock.h"
#include "policy/proposal.h"

namespace rocktune {

struct ApplyRequest {
  ChangeSet change_set;
  // Restores proven values: goes out even while writes are delayed.
  bool is_rollback = false;
  // Meant to relieve the stall that is on: goes out while writes are delayed.
  bool relieves_stall = false;
};

// One thread for all databases of the process. Submit() and the observers are
// thread-safe and never block on RocksDB.
class Applier {
 public:
  // `clock` must outlive *this.
  explicit Applier(const Clock* clock);
  // Waits for the call that is inside RocksDB; queued requests are answered
  // with kCancelled.
  ~Applier();

  // Reads the values before, sets what really differs with one call per
  // scope, reads back, compares. `done` runs on the applier's thread, exactly
  // once. Refuses (kUnavailable) while writes are stopped, and while they are
  // delayed unless the request says otherwise; live objects alone, which cost
  // the writers nothing, are always set. `db` must stay attached until `done`
  // ran. At most 64 requests wait; more are refused (kResourceExhausted, from
  // the calling thread, which then must not hold a lock that `done` takes).
  //
  // A rollback goes ahead of waiting changes and cancels (kCancelled) those of
  // its own database. It skips families that are gone, sets whatever can be
  // set, and is never undone; anything else that takes only in part is undone.
  void Submit(AttachedDb* db, ApplyRequest request,
              absl::AnyInvocable<void(ApplyReport)> done);

  // Re-applies what jobs in flight at the last call may have reverted, once
  // they have ended (RocksDB before 9.11.1). Call once per window; cheap when
  // there is nothing to do, and the work is done on the applier's thread.
  // Deferred while writes are stopped, and while they are delayed unless the
  // call to repeat was a rollback or was meant to relieve that.
  void Poll(AttachedDb* db);

  // True when the last applied values of `db` are in force for good: nothing
  // of it waits, is being set, or has to be set again.
  bool Settled(const AttachedDb* db) const;

  // Forgets `db`; call before its Detach(). Requests of it that wait are
  // answered with kCancelled, on the applier's thread.
  void Forget(const AttachedDb* db);

  // True while the applier's thread uses `db` or owes an answer about it.
  bool Busy(const AttachedDb* db) const;

  // Returns when the applier's thread is not using `db`. To be called after
  // Forget() and AttachedDb::Detach(), when every call of it returns at once,
  // and before the AttachedDb is deleted.
  void AwaitUnused(const AttachedDb* db) const;

  // How long the current call has been inside RocksDB; zero when there is
  // none. The watchdog of the loop compares it with its limit.
  absl::Duration InsideFor(absl::Time now) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_APPLIER_H_
