// The column families we were given, each guarded against the host deleting
// its handle while we use it.
#ifndef ROCKTUNE_HOOKS_FAMILY_SET_H_
#define ROCKTUNE_HOOKS_FAMILY_SET_H_

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "hooks/option_access.h"
#include "hooks/use_gate.h"
#include "rocksdb/db.h"

namespace rocktune {

// One family. `handle` may be used only inside `gate`.
struct Family {
  uint32_t id = 0;
  std::string name;
  rocksdb::ColumnFamilyHandle* handle = nullptr;
  int levels = 0;
  std::string compaction_style;  // as in ColumnFamilyFacts
  int min_write_buffer_number_to_merge = 1;
  UseGate gate;

  FamilyRef Ref() const { return {handle, id, name}; }
};

// Families whose handles are all held until this is destroyed. Families that
// go away meanwhile are not in it.
struct HeldFamilies {
  std::vector<FamilyRef> refs;  // by id
  std::vector<std::shared_ptr<Family>> families;
  std::vector<UseGate::Use> uses;  // destroyed first
};

// Thread-safe.
class FamilySet {
 public:
  // The default family always is in the set, by RocksDB's own handle, which
  // lives as long as the database: what the host does with its handle of the
  // default family does not matter.
  explicit FamilySet(rocksdb::DB* db);

  // kAlreadyExists: the family is there already, under another handle; the
  // same handle again is fine. kInvalidArgument: null.
  absl::Status Add(rocksdb::ColumnFamilyHandle* handle);

  // Forgets the family and waits until nobody uses the handle. kNotFound: we
  // do not know the handle.
  absl::Status Remove(rocksdb::ColumnFamilyHandle* handle);

  // As above for a family that was dropped.
  void RemoveDropped(absl::string_view name);

  std::vector<std::shared_ptr<Family>> List() const;  // by id
  std::shared_ptr<Family> Find(absl::string_view name) const;
  HeldFamilies HoldAll() const;

  // True for RocksDB's own handle of the default family. It is deleted when
  // the database is closed, and only then.
  bool IsDefaultHandle(const rocksdb::ColumnFamilyHandle* handle) const {
    return handle == default_handle_;
  }

 private:
  // Waits for the users of a family of `leaving_`. Any number of threads may
  // wait for the same one.
  void WaitAndForget(std::shared_ptr<Family> family);

  rocksdb::DB* const db_;
  const rocksdb::ColumnFamilyHandle* const default_handle_;
  mutable std::mutex mutex_;
  // Guarded by mutex_. A family that is going stays in leaving_ until nobody
  // uses it: whoever else wants its handle gone has to wait as well.
  std::map<uint32_t, std::shared_ptr<Family>> families_;
  std::vector<std::shared_ptr<Family>> leaving_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_FAMILY_SET_H_
