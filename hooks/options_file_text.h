// The text of an OPTIONS file, line by line: RocksDB's parser names a line for
// some mistakes only. Pure functions of their arguments.
#ifndef ROCKTUNE_HOOKS_OPTIONS_FILE_TEXT_H_
#define ROCKTUNE_HOOKS_OPTIONS_FILE_TEXT_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "hooks/set_objects.h"

namespace rocktune {

struct OptionLine {
  int line = 0;  // from 1
  std::string name;
  std::string value;  // as RocksDB would see it: unescaped
};

enum class OptionSection { kVersion, kDb, kFamily, kTable };

struct SectionText {
  OptionSection kind = OptionSection::kVersion;
  int line = 0;
  std::string table;   // kTable: "BlockBasedTable"
  std::string family;  // kFamily, kTable
  std::vector<OptionLine> options;
};

struct LiveObjectLine {
  int line = 0;
  LiveObject object;
};

struct OptionsFileText {
  std::string rocksdb_version;  // that wrote the file
  std::vector<SectionText> sections;
  std::vector<LiveObjectLine> live_objects;
};

// kInvalidArgument, beginning with "line N: ", for whatever is no section, no
// statement, or a section too many or too few.
absl::StatusOr<OptionsFileText> ParseOptionsFile(absl::string_view text);

// The reverse: what ParseOptionsFile() reads.
std::string PrintOptionsFile(const OptionsFileText& file);

absl::Status AtLine(int line, absl::string_view what);

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_OPTIONS_FILE_TEXT_H_
