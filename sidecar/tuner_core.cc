// The host's side of the tuner: attach, detach, start, stop.
#include "sidecar/tuner_core.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "hooks/rocksdb_status.h"
#include "policy/pins.h"
#include "sidecar/machine_config.h"

namespace rocktune {
namespace {

// How long Attach waits for the values of an interrupted trial to be put
// back; it goes on in the background after that.
constexpr absl::Duration kRestoreWait = absl::Seconds(5);

std::string LastPart(const std::string& path) {
  const size_t end = path.find_last_not_of('/');
  if (end == std::string::npos) return path;
  const size_t slash = path.rfind('/', end);
  return path.substr(slash == std::string::npos ? 0 : slash + 1,
                     end - (slash == std::string::npos ? 0 : slash + 1) + 1);
}

std::vector<Pin> PinsOf(const Config& config, const MachineFacts& facts,
                        std::string* trouble) {
  std::vector<Pin> pins;
  for (const PinConfig& wish : config.pins) {
    absl::StatusOr<Pin> pin = CanonicalPin(
        {wish.option, wish.column_family, wish.denied, wish.min, wish.max},
        facts.catalogue, facts.database);
    if (pin.ok()) {
      pin->origin = PinOrigin::kConfig;
      pins.push_back(*std::move(pin));
    } else {
      *trouble = absl::StrCat("a pin of the configuration: ",
                              std::string(pin.status().message()));
    }
  }
  return pins;
}

}  // namespace

TunerCore::TunerCore(const Config& config)
    : config_(config), mode_(ModeOf(config.mode)) {
  services_.clock = &clock_;
  services_.loop = &loop_;
  services_.worker = &worker_;
  services_.applier = &applier_;
  services_.history = &history_;
  services_.log = [this](const std::string& line) { log_.Write(line); };
  services_.trouble = [this](const std::string& why) { OnTrouble(why); };
}

TunerCore::~TunerCore() {
  std::vector<rocksdb::DB*> attached;
  {
    absl::MutexLock lock(&mutex_);
    for (const auto& [db, attachment] : attachments_) attached.push_back(db);
  }
  for (rocksdb::DB* db : attached) (void)Detach(db, DetachOptions());
  loop_.PostAndWait([this] {
    admin_.reset();
    model_.reset();
  });
  history_.Close(clock_.Now());
  loop_.Stop();
}

void TunerCore::Start() {
  absl::MutexLock host(&host_mutex_);
  loop_.Every(absl::FromChrono(config_.window), [this] { Tick(); });
  loop_.PostAndWait([this] { StartModel(); });
  if (!config_.state_dir.empty()) OpenState(config_.state_dir, "");
}

void TunerCore::SetTrouble(const std::string& why) {
  absl::MutexLock lock(&mutex_);
  trouble_ = why;
}

// Trouble here never stops the host: tuning freezes and Health() says why.
void TunerCore::OpenState(const std::string& state_dir,
                          const std::string& version) {
  state_open_ = true;
  HistoryLimits limits;
  limits.trials = config_.history_trials;
  const absl::Status opened =
      history_.Open(state_dir, limits, version, clock_.Now());
  if (!opened.ok()) {
    SetTrouble(absl::StrCat("history in ", state_dir, ": ",
                            std::string(opened.message())));
  }
  loop_.PostAndWait([&] {
    state_dir_ = state_dir;
    ResumeSpend();
  });
  if (config_.admin_socket == "none") return;
  AdminOptions options;
  options.socket_path = config_.admin_socket.empty()
                            ? absl::StrCat(state_dir, "/admin.sock")
                            : config_.admin_socket;
  options.viewer_uids = config_.viewer_uids;
  // Asking the model may take longer than any command.
  options.answer_deadline =
      std::max(options.answer_deadline,
               absl::FromChrono(config_.llm.call_limit) + absl::Seconds(5));
  loop_.PostAndWait([&] {
    auto admin = AdminServer::Start(loop_.context(), options, this);
    absl::MutexLock lock(&mutex_);
    if (admin.ok()) {
      admin_ = *std::move(admin);
      admin_socket_ = admin_->socket_path();
    } else if (trouble_.empty()) {
      trouble_ =
          absl::StrCat("admin socket: ", std::string(admin.status().message()));
    }
  });
}

absl::Status TunerCore::CheckName(const std::string& name) {
  bool taken = false;
  loop_.PostAndWait([&] { taken = by_name_.contains(name); });
  if (!taken) return absl::OkStatus();
  return absl::AlreadyExistsError(
      absl::StrCat("a database named ", name,
                   " is attached already; give another name in AttachOptions"));
}

rocksdb::Status TunerCore::Attach(
    rocksdb::DB* db, const std::vector<rocksdb::ColumnFamilyHandle*>& handles,
    const AttachOptions& options) {
  if (db == nullptr) return rocksdb::Status::InvalidArgument("null database");
  absl::MutexLock host(&host_mutex_);
  const std::string path = db->GetName();
  const std::string name = options.name.empty() ? LastPart(path) : options.name;
  if (absl::Status ok = CheckName(name); !ok.ok()) return ToRocksdb(ok);
  auto attached = AttachedDb::Attach(db, handles, name);
  if (!attached.ok()) return ToRocksdb(attached.status());
  std::unique_ptr<AttachedDb> hold = *std::move(attached);
  auto values = hold->ReadValues();
  if (!values.ok()) return ToRocksdb(values.status());
  {
    absl::MutexLock lock(&mutex_);
    rocksdb_version_ = hold->host().rocksdb_version;
  }
  log_.Add(db);
  if (!state_open_) {
    const std::string dir = config_.state_dir.empty()
                                ? absl::StrCat(path, ".rocktune")
                                : config_.state_dir;
    OpenState(dir, hold->host().rocksdb_version);
  }
  FromHistory found = ReadHistory(name);
  found.event.values = *std::move(values);
  AddToLoop(db, std::move(hold), std::move(found));
  return rocksdb::Status::OK();
}

TunerCore::FromHistory TunerCore::ReadHistory(const std::string& name) {
  FromHistory found;
  auto leftovers = history_.ReadLeftovers(name);
  if (!leftovers.ok()) {
    found.trouble = absl::StrCat("the history cannot be read: ",
                                 std::string(leftovers.status().message()));
    return found;
  }
  found.pins = std::move(leftovers->pins);
  found.event.unfinished = std::move(leftovers->unfinished);
  if (config_.restart != RestartPolicy::kDrop) {
    found.event.proven = std::move(leftovers->proven);
    found.event.memory = std::move(leftovers->memory);
  } else {
    for (const MemoryEntry& entry : leftovers->memory) {
      history_.ForgetMemory(name, entry.id, [](absl::Status) {});
    }
  }
  found.event.keep_proven = config_.restart == RestartPolicy::kKeep;
  return found;
}

void TunerCore::AddToLoop(rocksdb::DB* db, std::unique_ptr<AttachedDb> hold,
                          FromHistory found) {
  const std::string name = hold->facts().name;
  auto restored = std::make_shared<absl::Notification>();
  loop_.PostAndWait([&] {
    if (!process_) {
      const double share =
          config_.memory_fraction *
          static_cast<double>(hold->host().UsableMemoryBytes());
      process_ = std::make_unique<ProcessState>(
          config_.memory_budget_bytes > 0 ? config_.memory_budget_bytes
                                          : static_cast<uint64_t>(share));
      services_.process = process_.get();
    }
    auto attachment = std::make_shared<Attachment>(
        &services_, std::move(hold), MachineConfigOf(config_, mode_),
        TracePlanOf(config_));
    for (Pin& pin :
         PinsOf(config_, attachment->machine().facts(), &found.trouble)) {
      found.pins.push_back(std::move(pin));
    }
    attachment->machine().SetPins(std::move(found.pins));
    by_name_[name] = attachment;
    {
      absl::MutexLock lock(&mutex_);
      attachments_[db] = attachment;
    }
    attachment->Deliver(std::move(found.event));
    if (!found.trouble.empty()) {
      SetTrouble(found.trouble);
      attachment->Deliver(event::Trouble{found.trouble});
    }
    attachment->WhenRestored([restored] { restored->Notify(); });
  });
  restored->WaitForNotificationWithTimeout(kRestoreWait);
}

TunerCore::AttachmentPtr TunerCore::Find(rocksdb::DB* db) const {
  absl::MutexLock lock(&mutex_);
  auto found = attachments_.find(db);
  return found == attachments_.end() ? nullptr : found->second;
}

rocksdb::Status TunerCore::AddColumnFamily(
    rocksdb::DB* db, rocksdb::ColumnFamilyHandle* handle) {
  AttachmentPtr attachment = Find(db);
  if (!attachment) return rocksdb::Status::NotFound("database not attached");
  return ToRocksdb(attachment->db().AddColumnFamily(handle));
}

rocksdb::Status TunerCore::RemoveColumnFamily(
    rocksdb::DB* db, rocksdb::ColumnFamilyHandle* handle) {
  AttachmentPtr attachment = Find(db);
  if (!attachment) return rocksdb::Status::NotFound("database not attached");
  return ToRocksdb(attachment->db().RemoveColumnFamily(handle));
}

rocksdb::Status TunerCore::Detach(rocksdb::DB* db,
                                  const DetachOptions& options) {
  absl::MutexLock host(&host_mutex_);
  AttachmentPtr attachment = Find(db);
  if (!attachment) return rocksdb::Status::NotFound("database not attached");
  const absl::Duration limit = absl::FromChrono(options.limit);
  auto ready = std::make_shared<absl::Notification>();
  const absl::Time deadline = clock_.Now() + limit;
  // Ready means: rolled back, and for good, so that no job that is still
  // running brings the candidate's values back after we are gone.
  loop_.Post([attachment, ready, restore = options.restore] {
    attachment->Detach(restore, [attachment, ready] {
      attachment->WhenSettled([ready] { ready->Notify(); });
    });
  });
  // When writes are stopped for good a rollback cannot go out. The history
  // keeps the open trial, and the next Attach restores the values.
  ready->WaitForNotificationWithTimeout(limit);
  applier_.Forget(&attachment->db());
  const absl::Status left = attachment->db().Detach(
      std::max(deadline - clock_.Now(), absl::Milliseconds(100)));
  if (!left.ok()) return ToRocksdb(left);
  applier_.AwaitUnused(&attachment->db());
  loop_.PostAndWait([&] {
    by_name_.erase(attachment->machine().facts().database.name);
    attachment->Close();
  });
  log_.Remove(db);
  absl::MutexLock lock(&mutex_);
  attachments_.erase(db);
  return rocksdb::Status::OK();
}

std::string TunerCore::AdminSocket() const {
  absl::MutexLock lock(&mutex_);
  return admin_socket_;
}

std::string TunerCore::Health() const {
  absl::MutexLock lock(&mutex_);
  return trouble_.empty() ? "ok" : trouble_;
}

void TunerCore::Tick() {
  for (const auto& [name, attachment] : by_name_) attachment->Tick();
}

void TunerCore::OnTrouble(const std::string& why) {
  SetTrouble(why);
  for (const auto& [name, attachment] : by_name_) {
    attachment->Deliver(event::Trouble{why});
  }
}

}  // namespace rocktune
