// Many databases, or many column families, in one process: a host to be tuned.
#ifndef ROCKTUNE_BENCH_SCALE_FLEET_H_
#define ROCKTUNE_BENCH_SCALE_FLEET_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "rocksdb/db.h"

namespace rocktune::bench {

struct FleetShape {
  int databases = 1;
  int families = 1;  // of each database, the default family included
};

// One thread at a time. Everything is in a folder of its own, which is removed
// at the end.
class Fleet {
 public:
  struct Member {
    rocksdb::DB* db = nullptr;
    std::vector<rocksdb::ColumnFamilyHandle*> handles;  // default first
  };

  // `instrumented`: opened with Instrument(), as a host that is to be tuned.
  static absl::StatusOr<std::unique_ptr<Fleet>> Open(const std::string& parent,
                                                     const FleetShape& shape,
                                                     bool instrumented);
  ~Fleet();

  const std::vector<Member>& members() const { return members_; }
  const std::string& path() const { return path_; }

  // Overwrites one of 1000 entries in the family whose turn it is.
  rocksdb::Status PutNext();

 private:
  Fleet() = default;
  absl::Status OpenMember(const FleetShape& shape, bool instrumented);

  std::string path_;
  std::shared_ptr<rocksdb::Cache> cache_;  // one for all, as hosts have it
  std::vector<Member> members_;
  uint64_t turn_ = 0;
};

}  // namespace rocktune::bench

#endif  // ROCKTUNE_BENCH_SCALE_FLEET_H_
