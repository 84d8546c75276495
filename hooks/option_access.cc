#include "hooks/option_access.h"

#include <unordered_map>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "hooks/live_objects.h"
#include "hooks/option_text.h"
#include "hooks/rocksdb_status.h"
#include "policy/status_macros.h"
#include "rocksdb/options.h"
#include "rocksdb/utilities/options_util.h"

namespace rocktune {
namespace {

// Everything of one family: mutable options and table members, by the names
// of the catalogue.
OptionText FamilyAndTableText(const rocksdb::Options& options) {
  OptionText text = MutableFamilyText(options);
  if (options.table_factory == nullptr) return text;
  for (auto& [member, value] :
       TableText(*options.table_factory, /*mutable_only=*/false)) {
    text[absl::StrCat(kTablePrefix, member)] = std::move(value);
  }
  return text;
}

// What SetOptions is given: table members go in one map under the one key
// that is right on every version.
std::unordered_map<std::string, std::string> ForSetOptions(
    const std::map<std::string, std::string>& values) {
  std::unordered_map<std::string, std::string> map;
  std::string table;
  for (const auto& [name, value] : values) {
    if (absl::StartsWith(name, kTablePrefix)) {
      absl::StrAppend(&table, absl::StripPrefix(name, kTablePrefix), "=", value,
                      ";");
    } else {
      map[name] = value;
    }
  }
  if (!table.empty()) {
    map[std::string(absl::StripSuffix(kTablePrefix, "."))] =
        absl::StrCat("{", table, "}");
  }
  return map;
}

// Before 8.8 RocksDB only logs that OPTIONS could not be written. Each file it
// writes has a new number, so an old name after the call tells.
class OptionsFileWitness {
 public:
  explicit OptionsFileWitness(rocksdb::DB* db) : db_(db), before_(Latest()) {}

  absl::Status After(const rocksdb::Status& status) const {
    if (!status.ok() || before_.empty() || Latest() != before_) {
      return FromRocksdb(status);
    }
    return absl::DataLossError(
        "in force, but RocksDB did not write its OPTIONS file: the values end "
        "with the process");
  }

 private:
  // Empty when the directory cannot be read: then nothing is claimed.
  std::string Latest() const {
    std::string name;
    if (!rocksdb::GetLatestOptionsFileName(db_->GetName(), db_->GetEnv(), &name)
             .ok()) {
      return "";
    }
    return name;
  }

  rocksdb::DB* const db_;
  const std::string before_;
};

}  // namespace

absl::StatusOr<OptionValues> ReadOptionValues(
    rocksdb::DB* db, absl::Span<const FamilyRef> families,
    const Catalogue& catalogue) {
  OptionValues values;
  const OptionText db_text = MutableDbText(db->GetDBOptions());
  for (const CatalogueRow& row : catalogue.rows()) {
    if (row.scope != OptionScope::kDb) continue;
    auto it = db_text.find(row.name);
    values[{row.name, ""}] = it == db_text.end() ? "" : it->second;
  }
  for (const FamilyRef& family : families) {
    const OptionText text = FamilyAndTableText(db->GetOptions(family.handle));
    if (text.empty()) {
      return absl::InternalError(absl::StrCat(
          "RocksDB did not print the options of family ", family.name));
    }
    for (const CatalogueRow& row : catalogue.rows()) {
      if (row.scope != OptionScope::kColumnFamily) continue;
      auto it = text.find(row.name);
      // Other table formats have none of the members.
      if (it == text.end() && absl::StartsWith(row.name, kTablePrefix)) {
        continue;
      }
      values[{row.name, family.name}] = it == text.end() ? "" : it->second;
    }
  }
  for (auto& [key, value] : ReadLiveValues(db, families)) {
    if (catalogue.Find(key.name) != nullptr) values[key] = std::move(value);
  }
  if (db_text.empty()) {
    return absl::InternalError("RocksDB did not print the database's options");
  }
  return values;
}

absl::Status SetOptionValues(rocksdb::DB* db, OptionScope scope,
                             const FamilyRef& family,
                             const std::map<std::string, std::string>& values) {
  if (values.empty()) return absl::OkStatus();
  switch (scope) {
    case OptionScope::kDb: {
      const OptionsFileWitness witness(db);
      return witness.After(
          db->SetDBOptions(std::unordered_map<std::string, std::string>(
              values.begin(), values.end())));
    }
    case OptionScope::kColumnFamily: {
      if (family.handle == nullptr) {
        return absl::InvalidArgumentError("no column family given");
      }
      const OptionsFileWitness witness(db);
      return witness.After(
          db->SetOptions(family.handle, ForSetOptions(values)));
    }
    case OptionScope::kLive:
      for (const auto& [name, value] : values) {
        ROCKTUNE_RETURN_IF_ERROR(SetLiveValue(db, family, name, value));
      }
      return absl::OkStatus();
  }
  return absl::InvalidArgumentError("unknown option scope");
}

}  // namespace rocktune
