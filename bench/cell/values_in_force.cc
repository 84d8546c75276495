#include "bench/cell/values_in_force.h"

#include <filesystem>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "hooks/host_facts.h"
#include "hooks/option_set.h"
#include "policy/option_knowledge.h"
#include "policy/status_macros.h"
#include "policy/value_parser.h"
#include "rocksdb/table.h"

namespace rocktune {
namespace {

absl::StatusOr<OptionValues> ValuesOf(const rocksdb::Options& options) {
  OptionSet set;
  set.db = options;
  set.families = {{rocksdb::kDefaultColumnFamilyName, options}};
  const HostFacts host = ReadHostFacts("/");
  std::vector<CatalogueRow> rows;
  for (const DiscoveredOption& option : DiscoverOfflineOptions(set)) {
    rows.push_back(DescribeOption(option, host, TuningSetting::kOffline));
  }
  return ReadOptionValues(set, Catalogue(std::move(rows)));
}

// RocksDB sanitizes what it is opened with.
absl::StatusOr<rocksdb::Options> Opened(rocksdb::Options options,
                                        const std::string& dir) {
  options.env = rocksdb::Env::Default();
  // Copies of options share it, and with it the block cache.
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory());
  rocksdb::DB* raw = nullptr;
  if (rocksdb::Status s = rocksdb::DB::Open(options, dir, &raw); !s.ok()) {
    return absl::InternalError(absl::StrCat(dir, ": ", s.ToString()));
  }
  std::unique_ptr<rocksdb::DB> db(raw);
  options = db->GetOptions();
  db.reset();
  std::error_code ignored;
  std::filesystem::remove_all(dir, ignored);
  return options;
}

}  // namespace

absl::StatusOr<OptionValues> ChangedSince(const rocksdb::Options& before,
                                          rocksdb::DB* db,
                                          const std::string& scratch_dir) {
  ROCKTUNE_ASSIGN_OR_RETURN(const rocksdb::Options opened,
                            Opened(before, scratch_dir));
  ROCKTUNE_ASSIGN_OR_RETURN(const OptionValues was, ValuesOf(opened));
  ROCKTUNE_ASSIGN_OR_RETURN(OptionValues values, ValuesOf(db->GetOptions()));
  for (auto it = values.begin(); it != values.end();) {
    const auto old = was.find(it->first);
    const bool same = old != was.end() && SameValue(old->second, it->second);
    it = same ? values.erase(it) : std::next(it);
  }
  return values;
}

}  // namespace rocktune
