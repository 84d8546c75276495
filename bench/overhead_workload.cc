#include "bench/overhead_workload.h"

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "hooks/rocksdb_status.h"
#include "policy/status_macros.h"
#include "rocksdb/cache.h"
#include "rocksdb/statistics.h"
#include "rocksdb/table.h"

namespace rocktune::bench {
namespace {

struct ObserverName {
  Observer observer;
  absl::string_view name;
};
constexpr ObserverName kObservers[] = {
    {Observer::kNone, "none"},
    {Observer::kOurs, "rocktune"},
    {Observer::kRocksdb, "rocksdb"},
    {Observer::kBoth, "both"},
};

struct OperationName {
  Operation operation;
  absl::string_view name;
};
constexpr OperationName kOperations[] = {
    {Operation::kGet, "get"},
    {Operation::kOverwrite, "overwrite"},
    {Operation::kSeek, "seek"},
    {Operation::kMixed, "mixed"},
};

void WriteKey(uint32_t number, char* key) {
  std::memcpy(key, "key-000000000000", MeasuredDb::kKeyBytes);
  for (size_t at = MeasuredDb::kKeyBytes; number > 0; number /= 10) {
    key[--at] = static_cast<char>('0' + number % 10);
  }
}

rocksdb::Options OptionsFor(Observer observer, Instrumentation* ours) {
  rocksdb::Options options;
  options.create_if_missing = true;
  // Large enough that overwriting seldom flushes: background work is the
  // largest noise there is.
  options.write_buffer_size = size_t{256} << 20;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(size_t{64} << 20);
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  if (observer == Observer::kRocksdb || observer == Observer::kBoth) {
    options.statistics = rocksdb::CreateDBStatistics();
  }
  if (observer == Observer::kOurs || observer == Observer::kBoth) {
    *ours = InstrumentOptionsOf(&options, {});
  }
  return options;
}

}  // namespace

absl::string_view ToString(Observer observer) {
  for (const ObserverName& row : kObservers) {
    if (row.observer == observer) return row.name;
  }
  return "?";
}

absl::StatusOr<Observer> ParseObserver(absl::string_view name) {
  for (const ObserverName& row : kObservers) {
    if (row.name == name) return row.observer;
  }
  return absl::InvalidArgumentError(absl::StrCat("no observer ", name));
}

absl::string_view ToString(Operation operation) {
  for (const OperationName& row : kOperations) {
    if (row.operation == operation) return row.name;
  }
  return "?";
}

absl::StatusOr<Operation> ParseOperation(absl::string_view name) {
  for (const OperationName& row : kOperations) {
    if (row.name == name) return row.operation;
  }
  return absl::InvalidArgumentError(absl::StrCat("no operation ", name));
}

absl::StatusOr<std::unique_ptr<MeasuredDb>> MeasuredDb::Open(
    const std::string& parent, Observer observer) {
  std::string pattern = absl::StrCat(parent, "/rocktune-overhead-XXXXXX");
  if (mkdtemp(pattern.data()) == nullptr) {
    return absl::UnavailableError(absl::StrCat("no folder in ", parent));
  }
  std::unique_ptr<MeasuredDb> measured(new MeasuredDb);
  measured->path_ = pattern;
  rocksdb::Options options = OptionsFor(observer, &measured->instrumentation_);
  rocksdb::DB* db = nullptr;
  ROCKTUNE_RETURN_IF_ERROR(
      FromRocksdb(rocksdb::DB::Open(options, pattern, &db)));
  measured->db_.reset(db);
  ROCKTUNE_RETURN_IF_ERROR(measured->Load());
  return measured;
}

absl::Status MeasuredDb::Load() {
  const std::string value(kValueBytes, 'v');
  char key[kKeyBytes];
  for (uint32_t i = 0; i < kKeys; ++i) {
    WriteKey(i, key);
    ROCKTUNE_RETURN_IF_ERROR(FromRocksdb(db_->Put(
        rocksdb::WriteOptions(), rocksdb::Slice(key, kKeyBytes), value)));
  }
  ROCKTUNE_RETURN_IF_ERROR(FromRocksdb(db_->Flush(rocksdb::FlushOptions())));
  ROCKTUNE_RETURN_IF_ERROR(FromRocksdb(
      db_->CompactRange(rocksdb::CompactRangeOptions(), nullptr, nullptr)));
  // Fills the cache.
  std::unique_ptr<rocksdb::Iterator> it(
      db_->NewIterator(rocksdb::ReadOptions()));
  uint32_t keys = 0;
  for (it->SeekToFirst(); it->Valid(); it->Next()) ++keys;
  if (keys != kKeys) return absl::DataLossError("keys are missing");
  return FromRocksdb(it->status());
}

MeasuredDb::~MeasuredDb() {
  db_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

OperationStream::OperationStream(rocksdb::DB* db, Operation operation,
                                 uint64_t seed)
    : db_(db),
      operation_(operation),
      random_(seed),
      value_(MeasuredDb::kValueBytes, 'w') {}

rocksdb::Slice OperationStream::NextKey() {
  // A linear congruential step (Knuth's MMIX constants).
  random_ = random_ * 6364136223846793005u + 1442695040888963407u;
  WriteKey(static_cast<uint32_t>(((random_ >> 32) * MeasuredDb::kKeys) >> 32),
           key_);
  return rocksdb::Slice(key_, MeasuredDb::kKeyBytes);
}

bool OperationStream::Next() {
  if (operation_ != Operation::kMixed) return Run(operation_);
  // Half reads, a quarter each of writes and seeks.
  switch ((random_ >> 40) & 3) {
    case 0:
      return Run(Operation::kOverwrite);
    case 1:
      return Run(Operation::kSeek);
    default:
      return Run(Operation::kGet);
  }
}

bool OperationStream::Run(Operation operation) {
  rocksdb::Slice key = NextKey();
  switch (operation) {
    case Operation::kOverwrite:
      return db_->Put(rocksdb::WriteOptions(), key, value_).ok();
    case Operation::kSeek:
      if (iterator_ == nullptr) {
        iterator_.reset(db_->NewIterator(rocksdb::ReadOptions()));
      }
      iterator_->Seek(key);
      return iterator_->Valid();
    case Operation::kGet:
    case Operation::kMixed:
      break;
  }
  read_.Reset();
  return db_
      ->Get(rocksdb::ReadOptions(), db_->DefaultColumnFamily(), key, &read_)
      .ok();
}

}  // namespace rocktune::bench
