// librocktune_payload-VERSION.so: what stands in the place of RocksDB's
// functions in a process that has the RocksDB it was built for. It opens with
// instrumented copies of the host's options, attaches what was opened and lets
// go before a database ends. Whatever fails here, the host's call is made as
// the host made it.
#include <exception>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "rocksdb/db.h"
#include "rocksdb/options.h"
#include "rocksdb/utilities/optimistic_transaction_db.h"
#include "rocksdb/utilities/transaction_db.h"
#include "sidecar/preload/payload_table.h"
#include "sidecar/preload/process_tuner.h"
#include "sidecar/preload/symbols.h"

namespace rocktune {
namespace {

using rocksdb::ColumnFamilyHandle;
using rocksdb::ColumnFamilyOptions;
using rocksdb::DB;
using rocksdb::DBOptions;
using rocksdb::OptimisticTransactionDB;
using rocksdb::OptimisticTransactionDBOptions;
using rocksdb::Options;
using rocksdb::Status;
using rocksdb::TransactionDB;
using rocksdb::TransactionDBOptions;
using Descriptors = std::vector<rocksdb::ColumnFamilyDescriptor>;
using Handles = std::vector<ColumnFamilyHandle*>;

// One Open calls others; only the outermost is ours, because a transaction
// database turns options off and on again around the inner one.
class OutermostOpen {
 public:
  OutermostOpen() { running_ = true; }
  ~OutermostOpen() { running_ = false; }
  static bool running() { return running_; }

 private:
  static inline thread_local bool running_ = false;
};

// A copy of the host's options with our instrumentation; null: use the host's.
template <typename AnyOptions>
std::unique_ptr<AnyOptions> Instrumented(const AnyOptions& options) {
  try {
    auto copy = std::make_unique<AnyOptions>(options);
    if (ProcessTuner::Get().Instrument(copy.get())) return copy;
  } catch (const std::exception&) {  // no memory
  }
  return nullptr;
}

// `handles` is null where Open gives none: the default family's then.
template <typename Result>
void Attach(const Result& result, const Handles* handles) {
  try {
    DB* db = &*result;
    ProcessTuner::Get().Opened(
        db, handles != nullptr ? *handles : Handles{db->DefaultColumnFamily()});
  } catch (const std::exception&) {  // no memory
  }
}

// `open` calls RocksDB's function with the options that it is given.
template <typename AnyOptions, typename Open, typename Result>
Status OpenWith(const AnyOptions& options, const Handles* handles,
                const Result* result, Open open) {
  if (OutermostOpen::running()) return open(options);
  const std::unique_ptr<AnyOptions> instrumented = Instrumented(options);
  if (instrumented == nullptr) return open(options);
  Status status;
  {
    OutermostOpen outermost;
    status = open(*instrumented);
  }
  if (status.ok()) Attach(*result, handles);
  return status;
}

// The functions, each with RocksDB's own in `original`. The kinds of Open
// differ in what stands between options and path, and in what they give.

// Open(options, extra..., path, result).
template <typename Result, typename... Extra>
struct Open {
  static inline Status (*original)(const Options&, Extra..., const std::string&,
                                   Result*) = nullptr;
  static Status Call(const Options& options, Extra... extra,
                     const std::string& path, Result* result) {
    return OpenWith(options, nullptr, result, [&](const Options& used) {
      return original(used, extra..., path, result);
    });
  }
};

// Open(options, extra..., path, descriptors, handles, result).
template <typename Result, typename... Extra>
struct OpenFamilies {
  static inline Status (*original)(const DBOptions&, Extra...,
                                   const std::string&, const Descriptors&,
                                   Handles*, Result*) = nullptr;
  static Status Call(const DBOptions& options, Extra... extra,
                     const std::string& path, const Descriptors& descriptors,
                     Handles* handles, Result* result) {
    return OpenWith(options, handles, result, [&](const DBOptions& used) {
      return original(used, extra..., path, descriptors, handles, result);
    });
  }
};

// The methods of DBImpl, which is not public: `db` is `this`.
struct CreateFamily {
  static inline Status (*original)(DB*, const ColumnFamilyOptions&,
                                   const std::string&,
                                   ColumnFamilyHandle**) = nullptr;
  static Status Call(DB* db, const ColumnFamilyOptions& options,
                     const std::string& name, ColumnFamilyHandle** handle) {
    Status status = original(db, options, name, handle);
    if (status.ok()) ProcessTuner::Get().Created(db, *handle);
    return status;
  }
};

// Some may have been created where the call as a whole failed.
void AllCreated(DB* db, const Handles& handles) {
  for (ColumnFamilyHandle* handle : handles) {
    ProcessTuner::Get().Created(db, handle);
  }
}

struct CreateFamilies {
  static inline Status (*original)(DB*, const ColumnFamilyOptions&,
                                   const std::vector<std::string>&,
                                   Handles*) = nullptr;
  static Status Call(DB* db, const ColumnFamilyOptions& options,
                     const std::vector<std::string>& names, Handles* handles) {
    Status status = original(db, options, names, handles);
    AllCreated(db, *handles);
    return status;
  }
};

struct CreateDescribedFamilies {
  static inline Status (*original)(DB*, const Descriptors&, Handles*) = nullptr;
  static Status Call(DB* db, const Descriptors& descriptors, Handles* handles) {
    Status status = original(db, descriptors, handles);
    AllCreated(db, *handles);
    return status;
  }
};

struct Close {
  static inline Status (*original)(DB*) = nullptr;
  static Status Call(DB* db) {
    ProcessTuner::Get().Ending(db);
    return original(db);
  }
};

template <bool kDeletes>
struct Destructor {
  static inline void (*original)(DB*) = nullptr;
  static void Call(DB* db) {
    ProcessTuner::Get().Ending(db);
    original(db);
  }
};

// By the names in symbols.h. A row that this RocksDB does not have is left
// aside by the stub.
using DbOpen = Open<DB*>;
using DbOpenFamilies = OpenFamilies<DB*>;
using DbOpenUnique = Open<std::unique_ptr<DB>>;
using DbOpenFamiliesUnique = OpenFamilies<std::unique_ptr<DB>>;
using TransactionDbOpen = Open<TransactionDB*, const TransactionDBOptions&>;
using TransactionDbOpenFamilies =
    OpenFamilies<TransactionDB*, const TransactionDBOptions&>;
using OptimisticDbOpen = Open<OptimisticTransactionDB*>;
using OptimisticDbOpenFamilies = OpenFamilies<OptimisticTransactionDB*>;
using OptimisticDbOpenFamiliesWith =
    OpenFamilies<OptimisticTransactionDB*,
                 const OptimisticTransactionDBOptions&>;
using Destroy = Destructor<false>;
using Delete = Destructor<true>;

template <typename Function>
PayloadRow RowOf(const char* symbol) {
  return {symbol, reinterpret_cast<void*>(&Function::Call),
          reinterpret_cast<void**>(&Function::original)};
}

PayloadTable MakeTable() {
#define ROCKTUNE_ROW(name, words, symbol) RowOf<name>(symbol),
  static const PayloadRow rows[] = {ROCKTUNE_STATUS_FUNCTIONS(ROCKTUNE_ROW)
                                        ROCKTUNE_VOID_FUNCTIONS(ROCKTUNE_ROW)};
  static const std::string trouble = ProcessTuner::Get().Configure();
  if (!trouble.empty()) return {trouble.c_str(), nullptr, 0};
  if (ProcessTuner::Get().off()) return {nullptr, nullptr, 0};
  return {nullptr, rows, std::size(rows)};
}

}  // namespace
}  // namespace rocktune

extern "C" __attribute__((visibility("default"))) const rocktune::PayloadTable*
rocktune_payload() {
  try {
    static const auto table = rocktune::MakeTable();
    return &table;
  } catch (const std::exception&) {
    static constexpr rocktune::PayloadTable none = {"no memory", nullptr, 0};
    return &none;
  }
}
