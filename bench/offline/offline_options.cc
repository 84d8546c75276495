#include "bench/offline/offline_options.h"

#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "bench/cell/utf8.h"
#include "hooks/versions.h"
#include "policy/option_knowledge.h"
#include "policy/status_macros.h"

namespace rocktune {
namespace {

// Distinct options of one proposal: a bundle larger than this says nothing
// about its parts. A guess.
constexpr int kMostChanges = 8;

Catalogue CatalogueOf(const OptionSet& options, const HostFacts& host) {
  std::vector<CatalogueRow> rows;
  for (const DiscoveredOption& option : DiscoverOfflineOptions(options)) {
    rows.push_back(DescribeOption(option, host, TuningSetting::kOffline));
  }
  return Catalogue(std::move(rows));
}

}  // namespace

absl::StatusOr<std::unique_ptr<OfflineOptions>> OfflineOptions::Make(
    Spec spec) {
  const std::string wal_dir = std::exchange(spec.start.db.wal_dir, "");
  const std::string log_dir = std::exchange(spec.start.db.db_log_dir, "");
  std::unique_ptr<OfflineOptions> made(new OfflineOptions(std::move(spec)));
  made->wal_dir_ = wal_dir;
  made->log_dir_ = log_dir;
  const Spec& given = made->spec_;
  made->catalogue_ = CatalogueOf(given.start, given.host);
  made->features_ = FeaturesOf(LoadedRocksdbVersion());
  made->facts_.name = "offline";
  made->facts_.instrumented = true;
  made->facts_.column_families = FamilyFacts(given.start);
  if (!given.every_family) made->facts_.column_families.resize(1);
  for (const ColumnFamilyFacts& family : made->facts_.column_families) {
    if (AsUtf8(family.name) == family.name) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        "the column family \"", AsUtf8(family.name),
        "\" has a name that is not UTF-8 text, which results cannot hold"));
  }
  std::set<std::string> families = {""};
  for (const ColumnFamilyFacts& family : made->facts_.column_families) {
    families.insert(family.name);
  }
  ROCKTUNE_ASSIGN_OR_RETURN(OptionValues values,
                            ReadOptionValues(given.start, made->catalogue_));
  for (auto& [key, value] : values) {
    if (families.count(key.column_family) == 0) continue;
    made->start_[key] = std::move(value);
  }
  return made;
}

OptionValues OfflineOptions::Values(const OptionValues& changed) const {
  OptionValues values = start_;
  for (const auto& [key, value] : changed) values[key] = value;
  return values;
}

absl::StatusOr<OptionSet> OfflineOptions::With(
    const OptionValues& changed) const {
  OptionSet options = spec_.start;
  ROCKTUNE_RETURN_IF_ERROR(SetOptionValues(&options, changed));
  return options;
}

absl::StatusOr<OptionSet> OfflineOptions::ForService(
    const OptionValues& changed) const {
  ROCKTUNE_ASSIGN_OR_RETURN(OptionSet options, With(changed));
  options.db.wal_dir = wal_dir_;
  options.db.db_log_dir = log_dir_;
  return options;
}

CalibrationContext OfflineOptions::Context(const OptionValues& values,
                                           absl::Span<const Window> windows) {
  CalibrationContext context;
  context.catalogue = &catalogue_;
  context.database = &facts_;
  context.host = &spec_.host;
  context.features = &features_;
  context.values = &values;
  context.window = windows.empty() ? &nothing_ : &windows.back();
  context.pins = &spec_.closed;
  context.memory_budget_bytes = spec_.memory_bytes;
  context.max_changes = kMostChanges;
  context.setting = TuningSetting::kOffline;
  return context;
}

}  // namespace rocktune
