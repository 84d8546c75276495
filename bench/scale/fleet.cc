#include "bench/scale/fleet.h"

#include <cstdlib>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "hooks/rocksdb_status.h"
#include "policy/status_macros.h"
#include "rocksdb/cache.h"
#include "rocksdb/table.h"
#include "rocktune/rocktune.h"

namespace rocktune::bench {
namespace {

constexpr uint64_t kKeys = 1000;
constexpr size_t kValueBytes = 100;
constexpr size_t kCacheBytes = size_t{64} << 20;

rocksdb::Options OptionsWith(const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::Options options;
  options.create_if_missing = true;
  // Small, so that 200 memtables are no question of memory.
  options.write_buffer_size = size_t{4} << 20;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Fleet>> Fleet::Open(const std::string& parent,
                                                   const FleetShape& shape,
                                                   bool instrumented) {
  std::string pattern = absl::StrCat(parent, "/rocktune-scale-XXXXXX");
  if (mkdtemp(pattern.data()) == nullptr) {
    return absl::UnavailableError(absl::StrCat("no folder in ", parent));
  }
  std::unique_ptr<Fleet> fleet(new Fleet);
  fleet->path_ = pattern;
  fleet->cache_ = rocksdb::NewLRUCache(kCacheBytes);
  for (int i = 0; i < shape.databases; ++i) {
    ROCKTUNE_RETURN_IF_ERROR(fleet->OpenMember(shape, instrumented));
  }
  // Each family gets a table, so that there is something to sample.
  for (int i = 0; i < 10 * shape.databases * shape.families; ++i) {
    ROCKTUNE_RETURN_IF_ERROR(FromRocksdb(fleet->PutNext()));
  }
  for (const Member& member : fleet->members_) {
    ROCKTUNE_RETURN_IF_ERROR(
        FromRocksdb(member.db->Flush(rocksdb::FlushOptions(), member.handles)));
  }
  return fleet;
}

absl::Status Fleet::OpenMember(const FleetShape& shape, bool instrumented) {
  rocksdb::Options options = OptionsWith(cache_);
  if (instrumented) ROCKTUNE_RETURN_IF_ERROR(FromRocksdb(Instrument(&options)));
  Member member;
  ROCKTUNE_RETURN_IF_ERROR(FromRocksdb(rocksdb::DB::Open(
      options, absl::StrCat(path_, "/db-", members_.size()), &member.db)));
  // Made all at once, which writes the OPTIONS file once.
  std::vector<std::string> names;
  for (int i = 1; i < shape.families; ++i) {
    names.push_back(absl::StrCat("family-", i));
  }
  const absl::Status made = FromRocksdb(
      member.db->CreateColumnFamilies(options, names, &member.handles));
  member.handles.insert(member.handles.begin(),
                        member.db->DefaultColumnFamily());
  members_.push_back(std::move(member));
  return made;
}

Fleet::~Fleet() {
  for (const Member& member : members_) {
    for (rocksdb::ColumnFamilyHandle* handle : member.handles) {
      if (handle != member.db->DefaultColumnFamily()) {
        (void)member.db->DestroyColumnFamilyHandle(handle);
      }
    }
    delete member.db;
  }
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

rocksdb::Status Fleet::PutNext() {
  static const auto& value = *new std::string(kValueBytes, 'v');
  const Member& member = members_[turn_ % members_.size()];
  const uint64_t round = turn_ / members_.size();
  rocksdb::ColumnFamilyHandle* const handle =
      member.handles[round % member.handles.size()];
  const std::string key =
      absl::StrFormat("key-%012d", round / member.handles.size() % kKeys);
  ++turn_;
  return member.db->Put(rocksdb::WriteOptions(), handle, key, value);
}

}  // namespace rocktune::bench
