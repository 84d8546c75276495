// A set of options as the offline loop sees it, with a folder to open it in.
#ifndef ROCKTUNE_TESTS_BENCH_OPEN_CHECK_OFFLINE_WORLD_H_
#define ROCKTUNE_TESTS_BENCH_OPEN_CHECK_OFFLINE_WORLD_H_

#include <stdlib.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "bench/open_check/open_check.h"
#include "gtest/gtest.h"
#include "hooks/host_facts.h"
#include "hooks/option_set.h"
#include "hooks/options_file.h"
#include "hooks/versions.h"
#include "policy/calibration.h"
#include "policy/option_knowledge.h"

namespace rocktune {

class OfflineWorld {
 public:
  OfflineWorld() : options(DefaultOptionSet()) {
    // On a disk, where there is direct I/O.
    folder_ = testing::TempDir() + "/rocktune-offline-XXXXXX";
    if (mkdtemp(folder_.data()) == nullptr) ADD_FAILURE() << folder_;
    host = ReadHostFacts(folder_);
    host.cores = 4;
    host.memory_bytes = uint64_t{4} << 30;
    host.cgroup_memory_bytes.reset();
    host.rocksdb_version = LoadedRocksdbVersion();
    Refresh();
  }
  ~OfflineWorld() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  OfflineWorld(const OfflineWorld&) = delete;
  OfflineWorld& operator=(const OfflineWorld&) = delete;

  // After `options` changed.
  void Refresh() {
    std::vector<CatalogueRow> rows;
    for (const DiscoveredOption& option : DiscoverOfflineOptions(options)) {
      rows.push_back(DescribeOption(option, host, TuningSetting::kOffline));
    }
    catalogue = Catalogue(std::move(rows));
    auto read = ReadOptionValues(options, catalogue);
    EXPECT_TRUE(read.ok()) << read.status().ToString();
    if (read.ok()) values = *std::move(read);
    database.column_families = FamilyFacts(options);
  }

  CalibrationResult Calibrated(const std::vector<ProposedChange>& changes,
                               ProposalSource source) const {
    CalibrationContext context;
    context.catalogue = &catalogue;
    context.database = &database;
    context.host = &host;
    context.features = &features;
    context.values = &values;
    context.window = &window;
    context.pins = &pins;
    context.memory_budget_bytes = uint64_t{3} << 30;
    context.max_changes = 16;
    context.setting = TuningSetting::kOffline;
    Proposal proposal;
    proposal.source = source;
    proposal.changes = changes;
    return Calibrate(proposal, context);
  }

  // The set that the change set makes of `options`.
  absl::StatusOr<OptionSet> With(const ChangeSet& change_set) const {
    OptionValues changed;
    for (const Change& change : change_set.changes) {
      changed[change.key] = change.after;
    }
    OptionSet set = options;
    const absl::Status status = SetOptionValues(&set, changed);
    if (!status.ok()) return status;
    return set;
  }

  OpenCheck Check() const {
    return OpenCheck{ROCKTUNE_TRY_OPTIONS, folder_, absl::Minutes(5)};
  }
  std::string Path(const std::string& name) const {
    return folder_ + "/" + name;
  }
  const std::string& folder() const { return folder_; }

  OptionSet options;
  HostFacts host;
  Catalogue catalogue;
  OptionValues values;
  DatabaseFacts database;
  RocksdbFeatures features;
  Window window;
  std::vector<Pin> pins;

 private:
  std::string folder_;
};

inline bool IsOpenToAdvisors(const CatalogueRow& row) {
  return row.option_class != OptionClass::kForbidden &&
         row.option_class != OptionClass::kApproveOnly;
}

inline std::string Describe(const CalibrationResult& result) {
  std::string text;
  for (const Change& change : result.change_set.changes) {
    absl::StrAppend(&text, ToString(change.key), ": ", change.before, " -> ",
                    change.after, "\n");
  }
  for (const CalibrationNote& note : result.notes) {
    absl::StrAppend(&text, note.rejected ? "rejected " : "", note.option, " ",
                    note.code, ": ", note.message, "\n");
  }
  return text;
}

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_BENCH_OPEN_CHECK_OFFLINE_WORLD_H_
