#include "hooks/attached_db.h"

#include <atomic>
#include <initializer_list>
#include <mutex>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "hooks/attachment_claim.h"
#include "hooks/db_sampler.h"
#include "hooks/family_names.h"
#include "hooks/family_set.h"
#include "hooks/host_facts.h"
#include "hooks/missing_facts.h"
#include "hooks/option_access.h"
#include "hooks/pending_jobs.h"
#include "hooks/trace_bursts.h"
#include "hooks/tuning_listener.h"
#include "hooks/tuning_statistics.h"
#include "hooks/use_gate.h"
#include "hooks/versions.h"
#include "policy/option_knowledge.h"
#include "policy/status_macros.h"
#include "rocksdb/write_batch.h"

namespace rocktune {
namespace {

// Looking for families lists the database's directory. A guess between the
// cost of that and the wait for a new family to be noticed.
constexpr uint64_t kFamilyCheckWindows = 8;

// SetOptions on a read-only instance answers OK and destroys the primary, so
// something is asked first that a primary refuses for its argument, before it
// looks at anything, and the others refuse for what they are. An empty write
// without WAL would tell too, but makes RocksDB believe that there is data
// without WAL: closing then flushes, and waits for a write stop to end.
absl::Status ProbeWritablePrimary(rocksdb::DB* db) {
  const rocksdb::Status status =
      db->IngestExternalFile(db->DefaultColumnFamily(), /*external_files=*/{},
                             rocksdb::IngestExternalFileOptions());
  if (status.IsInvalidArgument()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "only a writable primary can be tuned: ", status.ToString()));
}

double PerSecond(const Window& window, std::initializer_list<Ticker> tickers) {
  const double seconds = absl::ToDoubleSeconds(window.length);
  if (seconds <= 0) return 0;
  uint64_t count = 0;
  for (const Ticker ticker : tickers) count += window.ticker(ticker);
  return static_cast<double>(count) / seconds;
}

absl::Status Detached() {
  return absl::FailedPreconditionError("the database is detached");
}

// What has to outlive the AttachedDb for the listener's callback.
struct Hold {
  explicit Hold(rocksdb::DB* db) : families(db), bursts(db, &families) {}

  // Shuts everybody out; true when nobody is inside any more.
  bool End(absl::Duration limit) {
    if (!gate.Shut(limit)) return false;
    std::lock_guard<std::mutex> lock(claim_mutex);
    claim.reset();
    return true;
  }

  void OnHandleDeletion(rocksdb::ColumnFamilyHandle* handle) {
    if (families.IsDefaultHandle(handle)) {
      bursts.DatabaseGone();
      End(absl::InfiniteDuration());  // the database itself goes
    } else {
      families.Remove(handle).IgnoreError();  // perhaps not one of ours
    }
  }

  UseGate gate;  // around every use of the database
  FamilySet families;
  TraceBursts bursts;
  std::mutex claim_mutex;
  std::unique_ptr<AttachmentClaim> claim;
};

}  // namespace

struct AttachedDb::Impl {
  Impl(rocksdb::DB* root, Instrumentation instrument, std::string its_name)
      : db(root),
        path(root->GetName()),
        name(std::move(its_name)),
        instrumentation(std::move(instrument)),
        features(FeaturesOf(LoadedRocksdbVersion())),
        hold(std::make_shared<Hold>(root)) {}

  void MakeCatalogue();
  void CheckFamilies();
  const RunningJobs* jobs() const {
    return instrumentation.listener == nullptr
               ? nullptr
               : &instrumentation.listener->jobs();
  }

  // Constant after Attach.
  rocksdb::DB* const db;
  const std::string path;
  const std::string name;
  const Instrumentation instrumentation;
  const RocksdbFeatures features;
  const std::shared_ptr<Hold> hold;
  HostFacts host;
  Catalogue catalogue;

  std::unique_ptr<DbSampler> sampler;  // one thread at a time

  // In the last window.
  std::atomic<double> lookups_per_s{0};  // of blocks
  std::atomic<double> writes_per_s{0};   // of keys
  std::atomic<double> written_bytes_per_s{0};

  std::mutex names_mutex;
  FamilyNames names;  // guarded by names_mutex
};

void AttachedDb::Impl::MakeCatalogue() {
  const HeldFamilies held = hold->families.HoldAll();
  std::vector<CatalogueRow> rows;
  for (const DiscoveredOption& option :
       DiscoverOptions(db, held.refs, features)) {
    rows.push_back(DescribeOption(option, host));
  }
  catalogue = Catalogue(std::move(rows));
}

void AttachedDb::Impl::CheckFamilies() {
  std::vector<std::string> dropped;
  {
    std::lock_guard<std::mutex> lock(names_mutex);
    if (!names.Refresh(db)) return;
    dropped = names.dropped();
  }
  for (const std::string& family : dropped) {
    hold->families.RemoveDropped(family);
  }
}

absl::StatusOr<std::unique_ptr<AttachedDb>> AttachedDb::Attach(
    rocksdb::DB* db, const std::vector<rocksdb::ColumnFamilyHandle*>& handles,
    std::string name) {
  if (db == nullptr) return absl::InvalidArgumentError("the database is null");
  ROCKTUNE_RETURN_IF_ERROR(ProbeWritablePrimary(db));
  // The root knows every call; wrappers leave some out.
  rocksdb::DB* const root = db->GetRootDB();
  Instrumentation instrumentation = FindInstrumentation(root);
  ROCKTUNE_ASSIGN_OR_RETURN(
      std::unique_ptr<AttachmentClaim> claim,
      AttachmentClaim::Claim(root, instrumentation.listener.get()));
  auto impl =
      std::make_unique<Impl>(root, std::move(instrumentation), std::move(name));
  impl->hold->claim = std::move(claim);
  for (rocksdb::ColumnFamilyHandle* handle : handles) {
    ROCKTUNE_RETURN_IF_ERROR(impl->hold->families.Add(handle));
  }
  if (impl->instrumentation.listener != nullptr) {
    impl->instrumentation.listener->OnHandleDeletion(
        [hold = impl->hold](rocksdb::ColumnFamilyHandle* handle) {
          hold->OnHandleDeletion(handle);
        });
  }
  impl->host = ReadHostFacts(impl->path);
  impl->MakeCatalogue();
  impl->CheckFamilies();
  impl->sampler = std::make_unique<DbSampler>(root, &impl->hold->families,
                                              impl->instrumentation,
                                              StallKeysOf(impl->features));
  return std::unique_ptr<AttachedDb>(new AttachedDb(std::move(impl)));
}

AttachedDb::AttachedDb(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

AttachedDb::~AttachedDb() { Detach(absl::InfiniteDuration()).IgnoreError(); }

absl::Status AttachedDb::Detach(absl::Duration limit) {
  impl_->hold->bursts.Close();
  if (!impl_->hold->End(limit)) {
    return absl::DeadlineExceededError(absl::StrCat(
        "a call is still inside RocksDB after ", absl::FormatDuration(limit),
        "; do not delete the database yet"));
  }
  {
    std::lock_guard<std::mutex> lock(impl_->names_mutex);
    if (impl_->sampler != nullptr) impl_->sampler->ReleaseCaches();
  }
  if (impl_->instrumentation.statistics != nullptr) {
    impl_->instrumentation.statistics->StopPacing();
  }
  // Only now: a deletion that waits for our call keeps the callback busy.
  if (impl_->instrumentation.listener != nullptr) {
    impl_->instrumentation.listener->OnHandleDeletion(nullptr);
  }
  return absl::OkStatus();
}

absl::Status AttachedDb::AddColumnFamily(rocksdb::ColumnFamilyHandle* handle) {
  const UseGate::Use use = impl_->hold->gate.Enter();
  if (!use) return Detached();
  return impl_->hold->families.Add(handle);
}

absl::Status AttachedDb::RemoveColumnFamily(
    rocksdb::ColumnFamilyHandle* handle) {
  if (handle == nullptr) {
    return absl::InvalidArgumentError("the column family's handle is null");
  }
  // Never used: RocksDB's own handle is.
  if (handle->GetID() == 0) return absl::OkStatus();
  // Outside of the gate: it is the host that waits here.
  return impl_->hold->families.Remove(handle);
}

const HostFacts& AttachedDb::host() const { return impl_->host; }
const RocksdbFeatures& AttachedDb::features() const { return impl_->features; }
const Catalogue& AttachedDb::catalogue() const { return impl_->catalogue; }
std::string AttachedDb::path() const { return impl_->path; }

DatabaseFacts AttachedDb::facts() const {
  DatabaseFacts facts;
  facts.name = impl_->name;
  facts.instrumented = impl_->instrumentation.listener != nullptr;
  facts.missing = WhatIsMissing(impl_->instrumentation,
                                impl_->sampler->has_host_statistics());
  std::set<std::string> names;
  {
    std::lock_guard<std::mutex> lock(impl_->names_mutex);
    names = impl_->names.names();
  }
  for (const std::shared_ptr<Family>& family : impl_->hold->families.List()) {
    facts.column_families.push_back({family->id, family->name,
                                     family->compaction_style,
                                     family->min_write_buffer_number_to_merge});
    names.erase(family->name);
  }
  for (const std::string& family : names) {
    facts.missing.push_back(
        absl::StrCat("column family ", family,
                     " is not tuned: pass its handle to AddColumnFamily"));
  }
  return facts;
}

absl::StatusOr<OptionValues> AttachedDb::ReadValues() const {
  const UseGate::Use use = impl_->hold->gate.Enter();
  if (!use) return Detached();
  const HeldFamilies held = impl_->hold->families.HoldAll();
  return ReadOptionValues(impl_->db, held.refs, impl_->catalogue);
}

Window AttachedDb::Sample(absl::Time now) {
  Window window;
  if (const UseGate::Use use = impl_->hold->gate.Enter()) {
    window = impl_->sampler->Sample(now);
    if (window.number % kFamilyCheckWindows == 0) impl_->CheckFamilies();
    impl_->lookups_per_s =
        PerSecond(window, {Ticker::kBlockCacheHit, Ticker::kBlockCacheMiss});
    impl_->writes_per_s = PerSecond(window, {Ticker::kKeysWritten});
    impl_->written_bytes_per_s = PerSecond(window, {Ticker::kBytesWritten});
  }
  window.database = impl_->name;
  return window;
}

absl::Status AttachedDb::StartTrace(absl::Time now, absl::Duration length,
                                    bool writes) {
  const UseGate::Use use = impl_->hold->gate.Enter();
  if (!use) return Detached();
  return impl_->hold->bursts.Start({now, length, impl_->lookups_per_s, writes,
                                    impl_->writes_per_s,
                                    impl_->written_bytes_per_s});
}

absl::StatusOr<TraceFacts> AttachedDb::FinishTrace(absl::Time now) {
  const UseGate::Use use = impl_->hold->gate.Enter();
  if (!use) return Detached();
  return impl_->hold->bursts.Finish(now);
}

StallProximity AttachedDb::Proximity() const {
  const UseGate::Use use = impl_->hold->gate.Enter();
  return use ? ReadProximity(impl_->db, impl_->hold->families)
             : StallProximity();
}

absl::Status AttachedDb::Set(OptionScope scope,
                             const std::string& column_family,
                             const std::map<std::string, std::string>& values) {
  const UseGate::Use use = impl_->hold->gate.Enter();
  if (!use) return Detached();
  if (scope == OptionScope::kDb) {
    return SetOptionValues(impl_->db, scope, FamilyRef(), values);
  }
  const FamilySet& families = impl_->hold->families;
  const std::shared_ptr<Family> family =
      families.Find(column_family.empty() ? rocksdb::kDefaultColumnFamilyName
                                          : column_family);
  if (family == nullptr) {
    return absl::FailedPreconditionError(absl::StrCat(
        "no column family ", column_family, " is attached (any more)"));
  }
  absl::Status status;
  {
    const UseGate::Use held = family->gate.Enter();
    if (!held) {
      return absl::FailedPreconditionError(
          absl::StrCat("column family ", column_family, " is gone"));
    }
    status = SetOptionValues(impl_->db, scope, family->Ref(), values);
  }
  // Perhaps because the family was dropped; then it should go at once.
  if (!status.ok()) impl_->CheckFamilies();
  return status;
}

std::shared_ptr<const AttachedDb::Jobs> AttachedDb::JobsInFlight() const {
  const UseGate::Use use = impl_->hold->gate.Enter();
  return use ? std::make_shared<const Jobs>(impl_->db, impl_->jobs())
             : std::make_shared<const Jobs>();
}

bool AttachedDb::AllEnded(const Jobs& jobs) const {
  const UseGate::Use use = impl_->hold->gate.Enter();
  return !use || jobs.AllEnded(impl_->db, impl_->jobs());
}

}  // namespace rocktune
