// Which column families a database has, without its help: RocksDB cannot list
// them from an open DB, but rewrites its OPTIONS file whenever one is created
// or dropped.
#ifndef ROCKTUNE_HOOKS_FAMILY_NAMES_H_
#define ROCKTUNE_HOOKS_FAMILY_NAMES_H_

#include <set>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "rocksdb/db.h"

namespace rocktune {

// The newest of the names "OPTIONS-<number>", or empty.
std::string NewestOptionsFile(const std::vector<std::string>& names);

// The families an OPTIONS file describes; empty when it is not one.
std::set<std::string> FamiliesInOptionsText(absl::string_view text);

// Follows the OPTIONS files of one database. One thread at a time.
class FamilyNames {
 public:
  // Lists the database's directory, and reads the newest OPTIONS file when it
  // is another than before. Takes no lock of the database. True when `names`
  // or `dropped` may have changed.
  bool Refresh(rocksdb::DB* db);

  // The families of the newest file; empty before the first success.
  const std::set<std::string>& names() const { return names_; }

  // Families that an earlier file had and the newest has not, of the last
  // Refresh().
  const std::vector<std::string>& dropped() const { return dropped_; }

 private:
  std::string file_;
  std::set<std::string> names_;
  std::vector<std::string> dropped_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_FAMILY_NAMES_H_
