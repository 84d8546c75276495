// A RocksDB of a version that no payload is built for: just enough of it to be
// opened, with the Open of later versions.
#include "tests/preload/hosts/other_rocksdb.h"

#include <memory>
#include <string>

namespace rocksdb {

std::string GetRocksVersionAsString(bool with_patch) {
  return with_patch ? "99.1.0" : "99.1";
}

Status DB::Open(const Options&, const std::string& path,
                std::unique_ptr<DB>* db) {
  *db = std::make_unique<DB>();
  return {path.size()};
}

}  // namespace rocksdb
