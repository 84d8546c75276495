#include "hooks/options_file_check.h"

#include <map>
#include <memory>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "hooks/option_finder.h"
#include "hooks/option_text.h"
#include "hooks/versions.h"
#include "policy/edit_distance.h"
#include "policy/status_macros.h"
#include "policy/value_parser.h"
#include "rocksdb/convenience.h"
#include "rocksdb/table.h"

namespace rocktune {
namespace {

// What a section's options are parsed by and compared with.
class SectionKind {
 public:
  virtual ~SectionKind() = default;
  virtual rocksdb::Status Parse(const OptionLine& option) const = 0;
  virtual const char* prefix() const { return ""; }

  const OptionText& defaults() const { return defaults_; }

 protected:
  OptionText defaults_;  // what is printed for default-constructed options
};

class DbKind : public SectionKind {
 public:
  DbKind() {
    defaults_ = DbText(rocksdb::DBOptions(), /*mutable_only=*/false);
    for (const FilledOption& filled : FilledDbOptions()) {
      defaults_.insert({filled.name, ""});
    }
    for (const char* path : {"wal_dir", "db_log_dir"}) {
      defaults_.insert({path, ""});
    }
  }
  rocksdb::Status Parse(const OptionLine& option) const override {
    rocksdb::DBOptions parsed;
    return rocksdb::GetDBOptionsFromMap(StrictConfig(), rocksdb::DBOptions(),
                                        {{option.name, option.value}}, &parsed);
  }
};

class FamilyKind : public SectionKind {
 public:
  FamilyKind() {
    defaults_ =
        FamilyText(rocksdb::ColumnFamilyOptions(), /*mutable_only=*/false);
    for (const FilledOption& filled : FilledFamilyOptions()) {
      defaults_.insert({filled.name, ""});
    }
    defaults_.insert({"table_factory", ""});
  }
  rocksdb::Status Parse(const OptionLine& option) const override {
    if (!IsSafeToParse(option.name, option.value)) {
      return rocksdb::Status::InvalidArgument("out of range");
    }
    rocksdb::ColumnFamilyOptions parsed;
    return rocksdb::GetColumnFamilyOptionsFromMap(
        StrictConfig(), rocksdb::ColumnFamilyOptions(),
        {{option.name, option.value}}, &parsed);
  }
};

class TableKind : public SectionKind {
 public:
  explicit TableKind(std::string format) : format_(std::move(format)) {
    std::shared_ptr<rocksdb::TableFactory> factory = Make();
    if (factory == nullptr) return;
    std::string printed;
    if (!factory->GetOptionString(TextConfig(false), &printed).ok()) return;
    defaults_ = SplitMembers(printed);
    defaults_.erase("id");
  }
  rocksdb::Status Parse(const OptionLine& option) const override {
    std::shared_ptr<rocksdb::TableFactory> factory = Make();
    if (factory == nullptr) {
      return rocksdb::Status::InvalidArgument("unknown table format");
    }
    return factory->ConfigureFromMap(StrictConfig(),
                                     {{option.name, option.value}});
  }
  const char* prefix() const override {
    return format_ == rocksdb::TableFactory::kBlockBasedTableName()
               ? "block_based_table_factory."
               : "";
  }
  bool IsKnown() const { return Make() != nullptr; }

 private:
  std::shared_ptr<rocksdb::TableFactory> Make() const {
    std::shared_ptr<rocksdb::TableFactory> factory;
    const rocksdb::Status made = rocksdb::TableFactory::CreateFromString(
        StrictConfig(), format_, &factory);
    return made.ok() ? factory : nullptr;
  }

  const std::string format_;
};

bool IsNumber(absl::string_view text) {
  double number = 0;
  return !text.empty() && absl::SimpleAtod(text, &number);
}

// RocksDB stops reading at the first character that is no digit: "2x" is 2.
bool IsNumberOrSize(absl::string_view text) {
  if (IsNumber(text)) return true;
  return text.size() > 1 &&
         absl::StrContains("kmgtKMGT", text.substr(text.size() - 1)) &&
         IsNumber(text.substr(0, text.size() - 1));
}

std::vector<std::string> NamesOf(const OptionText& text) {
  std::vector<std::string> names;
  for (const auto& [name, value] : text) names.push_back(name);
  return names;
}

absl::Status UnknownOption(const OptionLine& option, const SectionKind& kind,
                           const std::string& version) {
  const std::string nearest =
      NearestName(option.name, NamesOf(kind.defaults()));
  const std::string loaded = LoadedRocksdbVersion();
  return AtLine(
      option.line,
      absl::StrCat(
          "unknown option ", Quoted(option.name),
          nearest.empty() ? "" : absl::StrCat("; did you mean ", nearest, "?"),
          version.empty() || version == loaded
              ? ""
              : absl::StrCat(" (the file is of RocksDB ", version, ", this is ",
                             loaded, ")")));
}

// OK with `missing` filled where the value names an object of others.
absl::Status CheckLine(const OptionLine& option, const SectionText& section,
                       const SectionKind& kind, const std::string& version,
                       std::vector<MissingObject>* missing) {
  const rocksdb::Status status = kind.Parse(option);
  const std::string reason = status.ToString();
  auto usual = kind.defaults().find(option.name);
  if (!status.ok() && absl::StrContains(reason, "Could not load") &&
      option.name != "table_factory") {
    missing->push_back(
        {{absl::StrCat(kind.prefix(), option.name), section.family},
         option.value});
    return absl::OkStatus();
  }
  const bool is_known = usual != kind.defaults().end();
  // Names that were once options are still taken, and print nothing.
  if (!status.ok() && !is_known) return UnknownOption(option, kind, version);
  const bool no_number =
      is_known && IsNumber(usual->second) && !IsNumberOrSize(option.value);
  if (!status.ok() || no_number) {
    return AtLine(
        option.line,
        absl::StrCat(option.name, " cannot be ", Quoted(option.value),
                     no_number ? "; expected a number"
                               : absl::StrCat("; RocksDB says: ", reason)));
  }
  return absl::OkStatus();
}

// Families are mostly alike; what was fine in one is fine in the next.
using LinesSeen = std::set<std::pair<std::string, std::string>>;

absl::Status CheckSection(const SectionText& section, const SectionKind& kind,
                          const std::string& version, LinesSeen* fine,
                          std::vector<MissingObject>* missing) {
  for (const OptionLine& option : section.options) {
    if (fine->contains({option.name, option.value})) continue;
    const size_t before = missing->size();
    ROCKTUNE_RETURN_IF_ERROR(
        CheckLine(option, section, kind, version, missing));
    // An object is missing in each family that names it.
    if (missing->size() == before) fine->insert({option.name, option.value});
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<MissingObject>> CheckOptionLines(
    const OptionsFileText& file) {
  const DbKind db;
  const FamilyKind family;
  LinesSeen fine_in_db;
  LinesSeen fine_in_families;
  std::map<std::string, LinesSeen> fine_in_tables;  // by format
  std::vector<MissingObject> missing;
  for (const SectionText& section : file.sections) {
    switch (section.kind) {
      case OptionSection::kVersion:
        break;
      case OptionSection::kDb:
        ROCKTUNE_RETURN_IF_ERROR(CheckSection(section, db, file.rocksdb_version,
                                              &fine_in_db, &missing));
        break;
      case OptionSection::kFamily:
        ROCKTUNE_RETURN_IF_ERROR(CheckSection(section, family,
                                              file.rocksdb_version,
                                              &fine_in_families, &missing));
        break;
      case OptionSection::kTable: {
        const TableKind table(section.table);
        if (!table.IsKnown()) {
          return AtLine(section.line,
                        absl::StrCat("this program has no table format ",
                                     Quoted(section.table)));
        }
        ROCKTUNE_RETURN_IF_ERROR(
            CheckSection(section, table, file.rocksdb_version,
                         &fine_in_tables[section.table], &missing));
        break;
      }
    }
  }
  return missing;
}

}  // namespace rocktune
