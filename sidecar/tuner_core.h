// The tuner: owns the threads, the history, the admin socket and the
// attachments, and answers operators.
#ifndef ROCKTUNE_SIDECAR_TUNER_CORE_H_
#define ROCKTUNE_SIDECAR_TUNER_CORE_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "hooks/applier.h"
#include "rocktune/rocktune.h"
#include "sidecar/admin_server.h"
#include "sidecar/attachment.h"
#include "sidecar/control.h"
#include "sidecar/history_keeper.h"
#include "sidecar/host_log.h"
#include "sidecar/loop.h"
#include "sidecar/steady_clock.h"
#include "sidecar/worker.h"

namespace rocktune {

class TunerCore : public Tuner, private TunerControl {
 public:
  explicit TunerCore(const Config& config);
  ~TunerCore() override;

  // Starts the timer; and history and admin socket, if the state directory is
  // known already.
  void Start();

  rocksdb::Status Attach(
      rocksdb::DB* db, const std::vector<rocksdb::ColumnFamilyHandle*>& handles,
      const AttachOptions& options) override;
  rocksdb::Status AddColumnFamily(rocksdb::DB* db,
                                  rocksdb::ColumnFamilyHandle* handle) override;
  rocksdb::Status RemoveColumnFamily(
      rocksdb::DB* db, rocksdb::ColumnFamilyHandle* handle) override;
  rocksdb::Status Detach(rocksdb::DB* db,
                         const DetachOptions& options) override;
  std::string AdminSocket() const override;
  std::string Health() const override;

 private:
  using AttachmentPtr = std::shared_ptr<Attachment>;

  // What a database's machine starts from.
  struct FromHistory {
    event::Started event;
    std::vector<Pin> pins;
    std::string trouble;  // empty: none
  };

  // Host threads.
  void OpenState(const std::string& state_dir, const std::string& version);
  AttachmentPtr Find(rocksdb::DB* db) const;
  absl::Status CheckName(const std::string& name);
  FromHistory ReadHistory(const std::string& name);
  void AddToLoop(rocksdb::DB* db, std::unique_ptr<AttachedDb> hold,
                 FromHistory found);
  void SetTrouble(const std::string& why);

  // Loop thread.
  void Tick();
  void OnTrouble(const std::string& why);
  absl::StatusOr<AttachmentPtr> ByName(const std::string& name) const;

  // tuner_model.cc
  void StartModel();
  void ResumeSpend();
  void SaveSpend(const SpendRow& row);

  // TunerControl, on the loop thread.
  TunerStatus Status() const override;
  absl::StatusOr<DatabaseStatus> Database(const std::string& name) override;
  absl::StatusOr<std::vector<Window>> Windows(const std::string& name,
                                              size_t limit) override;
  absl::StatusOr<WorkloadProfile> Profile(const std::string& name) override;
  absl::StatusOr<std::vector<OptionView>> Options(
      const std::string& name) override;
  absl::StatusOr<Catalogue> CatalogueOf(const std::string& name) override;
  void History(
      std::string database, size_t limit,
      absl::AnyInvocable<void(absl::StatusOr<std::vector<HistoryEntry>>)> done)
      override;
  void TrialById(int64_t id,
                 absl::AnyInvocable<void(absl::StatusOr<Trial>)> done) override;
  void Why(std::string database, std::string option, size_t limit,
           absl::AnyInvocable<void(absl::StatusOr<std::vector<Trial>>)> done)
      override;
  absl::StatusOr<ModelStatus> Model() const override;
  absl::StatusOr<std::string> Payload(const std::string& name) override;
  void AskModel(
      const std::string& name,
      absl::AnyInvocable<void(absl::StatusOr<AskedModel>)> done) override;
  absl::StatusOr<VettedReply> Vet(const std::string& name,
                                  const std::string& text) override;
  void Execute(
      Command command,
      absl::AnyInvocable<void(absl::StatusOr<CommandReply>)> done) override;
  void ExecuteForAll(
      const Command& command,
      absl::AnyInvocable<void(absl::StatusOr<CommandReply>)> done);

  const Config config_;
  SteadyClock clock_;
  const absl::Time started_ = clock_.Now();
  // In this order: each may still use those above it while it ends.
  HostLog log_{config_.logger};  // the worker's last lines go there
  mutable absl::Mutex mutex_;
  std::map<rocksdb::DB*, AttachmentPtr> attachments_ ABSL_GUARDED_BY(mutex_);
  std::string trouble_ ABSL_GUARDED_BY(mutex_);  // empty: healthy
  std::string admin_socket_ ABSL_GUARDED_BY(mutex_);
  std::string rocksdb_version_ ABSL_GUARDED_BY(mutex_);
  Loop loop_;
  Applier applier_{&clock_};
  HistoryKeeper history_{&loop_, &worker_};
  Services services_;
  Worker worker_;

  // One host call (Attach, Detach ...) at a time.
  absl::Mutex host_mutex_;
  bool state_open_ ABSL_GUARDED_BY(host_mutex_) = false;

  // Only on the loop thread (process_: made there before the first use).
  std::unique_ptr<ProcessState> process_;
  std::map<std::string, AttachmentPtr> by_name_;
  std::unique_ptr<AdminServer> admin_;
  std::unique_ptr<ModelAdvisor> model_;
  std::string model_trouble_;  // empty: none
  bool spend_unwritten_ = false;
  TuningMode mode_;
  std::string state_dir_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_SIDECAR_TUNER_CORE_H_
