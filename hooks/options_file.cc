#include "hooks/options_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "hooks/option_text.h"
#include "hooks/options_file_check.h"
#include "hooks/options_file_text.h"
#include "hooks/rocksdb_status.h"
#include "hooks/set_objects.h"
#include "hooks/versions.h"
#include "policy/status_macros.h"
#include "policy/value_parser.h"
#include "rocksdb/convenience.h"
#include "rocksdb/table.h"
#include "rocksdb/utilities/options_util.h"

namespace rocktune {
namespace {

// 100 column families make 424 KB.
constexpr uintmax_t kLargestFile = 64 << 20;

absl::Status InFile(const std::string& path, const absl::Status& status) {
  return absl::Status(status.code(),
                      absl::StrCat(path, ": ", status.message()));
}

absl::StatusOr<std::string> ReadText(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    return absl::NotFoundError(absl::StrCat(path, ": no such file"));
  }
  if (!std::filesystem::is_regular_file(path, error)) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": is no file"));
  }
  if (std::filesystem::file_size(path, error) > kLargestFile) {
    return absl::ResourceExhaustedError(absl::StrCat(
        path, ": larger than ", kLargestFile, " bytes is no OPTIONS file"));
  }
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  if (!file) {
    return absl::UnavailableError(absl::StrCat(path, ": cannot be read"));
  }
  return text.str();
}

absl::StatusOr<OptionSet> Load(const std::string& path,
                               const OptionsFileText& text) {
  rocksdb::ConfigOptions config;
  config.ignore_unknown_options = false;
  OptionSet options;
  const rocksdb::Status loaded = rocksdb::LoadOptionsFromFile(
      config, path, &options.db, &options.families);
  if (!loaded.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("RocksDB refuses it: ", loaded.ToString()));
  }
  for (const LiveObjectLine& line : text.live_objects) {
    const absl::Status made = MakeLiveObject(line.object, &options);
    if (!made.ok()) return AtLine(line.line, made.message());
  }
  return options;
}

void AddOptions(const OptionText& text, SectionText* section) {
  for (const auto& [name, value] : text) {
    section->options.push_back({0, name, value});
  }
}

// Names of objects that are not there take the place of what is.
void PutBack(const OptionSet& options, absl::string_view prefix,
             SectionText* section) {
  for (const MissingObject& missing : options.missing) {
    if (missing.key.column_family != section->family) continue;
    for (OptionLine& option : section->options) {
      if (absl::StrCat(prefix, option.name) == missing.key.name) {
        option.value = missing.value;
      }
    }
  }
}

SectionText TableSection(const rocksdb::ColumnFamilyDescriptor& family) {
  rocksdb::TableFactory& factory = *family.options.table_factory;
  SectionText section{
      OptionSection::kTable, 0, factory.Name(), family.name, {}};
  OptionText text = TableText(factory, /*mutable_only=*/false);
  if (text.empty()) {  // another format than the block-based one
    std::string printed;
    if (factory.GetOptionString(TextConfig(false), &printed).ok()) {
      text = SplitMembers(printed);
      text.erase("id");
    }
  }
  AddOptions(text, &section);
  return section;
}

OptionsFileText ToText(const OptionSet& options) {
  OptionsFileText file;
  file.rocksdb_version = LoadedRocksdbVersion();
  for (LiveObject& object : LiveObjectsOf(options)) {
    file.live_objects.push_back({0, std::move(object)});
  }
  SectionText db{OptionSection::kDb, 0, "", "", {}};
  AddOptions(DbText(options.db, /*mutable_only=*/false), &db);
  PutBack(options, "", &db);
  file.sections.push_back(std::move(db));
  for (const rocksdb::ColumnFamilyDescriptor& family : options.families) {
    SectionText section{OptionSection::kFamily, 0, "", family.name, {}};
    AddOptions(FamilyText(family.options, /*mutable_only=*/false), &section);
    PutBack(options, "", &section);
    if (family.options.table_factory == nullptr) {
      file.sections.push_back(std::move(section));
      continue;
    }
    section.options.push_back(
        {0, "table_factory", family.options.table_factory->Name()});
    file.sections.push_back(std::move(section));
    file.sections.push_back(TableSection(family));
    PutBack(options, kTablePrefix, &file.sections.back());
  }
  return file;
}

absl::Status SystemError(absl::string_view what, const std::string& path) {
  return absl::UnavailableError(
      absl::StrCat(path, ": cannot ", what, ": ", strerror(errno)));
}

absl::Status WriteDurably(const std::string& text, const std::string& path) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
                        S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH);
  if (file < 0) return SystemError("create", path);
  absl::Cleanup close_file = [file] { close(file); };
  size_t written = 0;
  while (written < text.size()) {
    const ssize_t more =
        write(file, text.data() + written, text.size() - written);
    if (more < 0 && errno == EINTR) continue;
    if (more <= 0) return SystemError("write", path);
    written += static_cast<size_t>(more);
  }
  if (fsync(file) != 0) return SystemError("sync", path);
  return absl::OkStatus();
}

// So that the new name outlasts a power failure.
absl::Status SyncFolderOf(const std::string& path) {
  std::string folder = std::filesystem::path(path).parent_path();
  if (folder.empty()) folder = ".";
  const int file = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return SystemError("open the folder of", path);
  absl::Cleanup close_file = [file] { close(file); };
  if (fsync(file) != 0) return SystemError("sync the folder of", path);
  return absl::OkStatus();
}

// The first value that another reading of the file does not give back.
absl::Status CheckSurvived(const OptionSet& before, const OptionSet& after) {
  const OptionValues wanted = AllOptionValues(before);
  const OptionValues got = AllOptionValues(after);
  for (const auto& [key, value] : wanted) {
    auto found = got.find(key);
    const std::string now = found == got.end() ? "" : found->second;
    if (SameValue(value, now)) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        ToString(key), " = ", Quoted(value),
        " does not survive the format: it reads back as ", Quoted(now)));
  }
  for (const auto& [key, value] : got) {
    if (wanted.contains(key) || value.empty()) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        ToString(key), " reads back as ", Quoted(value), " and was not set"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<OptionSet> ReadOptionsFile(const std::string& path) {
  ROCKTUNE_ASSIGN_OR_RETURN(const std::string content, ReadText(path));
  absl::StatusOr<OptionsFileText> text = ParseOptionsFile(content);
  if (!text.ok()) return InFile(path, text.status());
  auto missing = CheckOptionLines(*text);
  if (!missing.ok()) return InFile(path, missing.status());
  absl::StatusOr<OptionSet> options = Load(path, *text);
  if (!options.ok()) return InFile(path, options.status());
  options->missing = *std::move(missing);
  return options;
}

absl::StatusOr<OptionSet> ReadLatestOptions(const std::string& db_path) {
  std::string name;
  const rocksdb::Status found = rocksdb::GetLatestOptionsFileName(
      db_path, rocksdb::Env::Default(), &name);
  if (!found.ok()) {
    return absl::NotFoundError(absl::StrCat(
        db_path, ": no OPTIONS file of a database: ", found.ToString()));
  }
  return ReadOptionsFile(absl::StrCat(db_path, "/", name));
}

absl::Status WriteOptionsFile(const OptionSet& options,
                              const std::string& path) {
  const std::string temporary = absl::StrCat(path, ".tmp");
  absl::Cleanup remove_temporary = [&temporary] { unlink(temporary.c_str()); };
  ROCKTUNE_RETURN_IF_ERROR(
      WriteDurably(PrintOptionsFile(ToText(options)), temporary));
  ROCKTUNE_ASSIGN_OR_RETURN(const OptionSet read, ReadOptionsFile(temporary));
  ROCKTUNE_RETURN_IF_ERROR(CheckSurvived(options, read));
  if (rename(temporary.c_str(), path.c_str()) != 0) {
    return SystemError("rename to", path);
  }
  std::move(remove_temporary).Cancel();
  return SyncFolderOf(path);
}

}  // namespace rocktune
