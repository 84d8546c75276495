#include "hooks/options_file_text.h"

#include <set>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "policy/edit_distance.h"
#include "policy/status_macros.h"
#include "policy/value_parser.h"

namespace rocktune {
namespace {

// A comment to RocksDB: what its format has no place for.
constexpr absl::string_view kLiveMark = "#@rocktune ";
constexpr absl::string_view kTableSection = "TableOptions/";
constexpr absl::string_view kFileVersion = "1.1";

struct SectionName {
  absl::string_view name;
  OptionSection kind;
  bool named;  // followed by a column family in quotes
};
constexpr SectionName kSections[] = {
    {"Version", OptionSection::kVersion, false},
    {"DBOptions", OptionSection::kDb, false},
    {"CFOptions", OptionSection::kFamily, true},
    {kTableSection, OptionSection::kTable, true},
};

// RocksDB's escapes: a backslash before '\', '#', ':', and for line ends.
std::string Unescape(absl::string_view text) {
  std::string plain;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      plain += text[i];
      continue;
    }
    const char next = text[++i];
    plain += next == 'n' ? '\n' : next == 'r' ? '\r' : next;
  }
  return plain;
}

std::string Escape(absl::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\n' || c == '\r') {
      escaped += c == '\n' ? "\\n" : "\\r";
      continue;
    }
    if (c == '\\' || c == '#' || c == ':') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

absl::string_view WithoutComment(absl::string_view line) {
  size_t hash = line.find('#');
  while (hash != absl::string_view::npos && hash > 0 &&
         line[hash - 1] == '\\') {
    hash = line.find('#', hash + 1);
  }
  return absl::StripAsciiWhitespace(line.substr(0, hash));
}

absl::StatusOr<SectionText> ParseSection(absl::string_view text, int line) {
  if (text.back() != ']') {
    return AtLine(line, absl::StrCat("the section ", Quoted(text),
                                     " does not end in ']'"));
  }
  const absl::string_view title = absl::StripAsciiWhitespace(
      text.substr(1, text.find_first_of(" \"]") - 1));
  std::vector<std::string> names;
  for (const SectionName& known : kSections) {
    names.emplace_back(known.name);
    const bool is_table = known.kind == OptionSection::kTable;
    if (is_table ? !absl::StartsWith(title, known.name) : title != known.name) {
      continue;
    }
    SectionText section{known.kind, line, "", "", {}};
    if (is_table) section.table = std::string(title.substr(known.name.size()));
    if (!known.named) return section;
    const size_t first = text.find('"');
    const size_t last = text.rfind('"');
    if (first == last) {
      return AtLine(
          line, absl::StrCat("[", title, "] needs a column family in quotes"));
    }
    section.family = Unescape(text.substr(first + 1, last - first - 1));
    return section;
  }
  const std::string nearest = NearestName(title, names);
  return AtLine(line,
                absl::StrCat("unknown section ", Quoted(title),
                             nearest.empty() ? "; write one of "
                                               "[Version], [DBOptions], "
                                               "[CFOptions \"family\"], "
                                               "[TableOptions/FORMAT "
                                               "\"family\"]"
                                             : absl::StrCat("; did you mean [",
                                                            nearest, "]?")));
}

// "name=value" and the families in quotes behind it, C-escaped.
absl::StatusOr<LiveObjectLine> ParseLiveObject(absl::string_view text,
                                               int line) {
  const absl::Status bad =
      AtLine(line, absl::StrCat("expected \"", kLiveMark,
                                "object=number \"family\" ...\", the way "
                                "rocktune writes it"));
  const std::vector<absl::string_view> words =
      absl::StrSplit(text, absl::MaxSplits(' ', 1));
  const std::vector<absl::string_view> parts = absl::StrSplit(words[0], '=');
  if (parts.size() != 2 || !IsLiveObject(parts[0])) return bad;
  LiveObjectLine found;
  found.line = line;
  found.object.name = std::string(parts[0]);
  found.object.value = std::string(parts[1]);
  if (words.size() == 1) return found;
  for (absl::string_view quoted : absl::StrSplit(words[1], ' ')) {
    std::string family;
    if (quoted.size() < 2 || !absl::ConsumePrefix(&quoted, "\"") ||
        !absl::ConsumeSuffix(&quoted, "\"") ||
        !absl::CUnescape(quoted, &family)) {
      return bad;
    }
    found.object.families.push_back(std::move(family));
  }
  return found;
}

absl::Status ParseStatement(absl::string_view text, int line,
                            OptionsFileText* file) {
  if (file->sections.empty()) {
    return AtLine(line, absl::StrCat(Quoted(text),
                                     " stands before the first "
                                     "section"));
  }
  const size_t equals = text.find('=');
  if (equals == absl::string_view::npos || equals == 0) {
    return AtLine(line, absl::StrCat(Quoted(text), " is no name=value"));
  }
  OptionLine option;
  option.line = line;
  option.name = std::string(absl::StripAsciiWhitespace(text.substr(0, equals)));
  // Escapes in values are left to RocksDB, which wrote them.
  option.value =
      std::string(absl::StripAsciiWhitespace(text.substr(equals + 1)));
  SectionText& section = file->sections.back();
  for (const OptionLine& earlier : section.options) {
    if (earlier.name != option.name) continue;
    return AtLine(line, absl::StrCat(option.name, " was set in line ",
                                     earlier.line, " already"));
  }
  if (section.kind == OptionSection::kVersion &&
      option.name == "rocksdb_version") {
    file->rocksdb_version = option.value;
  }
  section.options.push_back(std::move(option));
  return absl::OkStatus();
}

// One [DBOptions], the default family first, tables of families that are.
absl::Status CheckSections(const OptionsFileText& file, int last_line) {
  std::set<std::pair<OptionSection, std::string>> seen;
  for (const SectionText& section : file.sections) {
    if (!seen.insert({section.kind, section.family}).second) {
      return AtLine(section.line,
                    section.family.empty()
                        ? "this section was there before"
                        : absl::StrCat("column family ", Quoted(section.family),
                                       " has such a section already"));
    }
    const bool has_family =
        seen.contains({OptionSection::kFamily, section.family});
    if (section.kind == OptionSection::kTable && !has_family) {
      return AtLine(section.line, absl::StrCat("there is no [CFOptions \"",
                                               section.family, "\"] above"));
    }
    if (section.kind == OptionSection::kFamily &&
        !seen.contains({OptionSection::kFamily, "default"})) {
      return AtLine(section.line,
                    "the first [CFOptions] must be that of \"default\"");
    }
  }
  if (!seen.contains({OptionSection::kDb, ""})) {
    return AtLine(last_line, "the file ends without a [DBOptions] section");
  }
  if (!seen.contains({OptionSection::kFamily, "default"})) {
    return AtLine(last_line,
                  "the file ends without a [CFOptions \"default\"] section");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status AtLine(int line, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("line ", line, ": ", what));
}

absl::StatusOr<OptionsFileText> ParseOptionsFile(absl::string_view text) {
  OptionsFileText file;
  int number = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    if (absl::c_any_of(line, [](char c) {
          return absl::ascii_iscntrl(static_cast<unsigned char>(c)) &&
                 c != '\t' && c != '\r';
        })) {
      return AtLine(number, "a control character; is this an OPTIONS file?");
    }
    absl::string_view live = absl::StripAsciiWhitespace(line);
    if (absl::ConsumePrefix(&live, kLiveMark)) {
      ROCKTUNE_ASSIGN_OR_RETURN(LiveObjectLine object,
                                ParseLiveObject(live, number));
      file.live_objects.push_back(std::move(object));
      continue;
    }
    const absl::string_view code = WithoutComment(line);
    if (code.empty()) continue;
    if (code.front() != '[') {
      ROCKTUNE_RETURN_IF_ERROR(ParseStatement(code, number, &file));
      continue;
    }
    ROCKTUNE_ASSIGN_OR_RETURN(SectionText section, ParseSection(code, number));
    file.sections.push_back(std::move(section));
  }
  ROCKTUNE_RETURN_IF_ERROR(CheckSections(file, number));
  return file;
}

std::string PrintOptionsFile(const OptionsFileText& file) {
  std::string text = "# RocksDB options, written by rocktune.\n";
  if (!file.live_objects.empty()) {
    absl::StrAppend(&text,
                    "# RocksDB's format has no place for these; to RocksDB "
                    "they are comments.\n");
  }
  for (const LiveObjectLine& line : file.live_objects) {
    absl::StrAppend(&text, kLiveMark, line.object.name, "=", line.object.value);
    for (const std::string& family : line.object.families) {
      // Octal for spaces: they part the names.
      std::string quoted = absl::CEscape(family);
      for (size_t at; (at = quoted.find(' ')) != std::string::npos;) {
        quoted.replace(at, 1, "\\040");
      }
      absl::StrAppend(&text, " \"", quoted, "\"");
    }
    text += '\n';
  }
  absl::StrAppend(&text,
                  "\n[Version]\n  rocksdb_version=", file.rocksdb_version,
                  "\n  options_file_version=", kFileVersion, "\n");
  for (const SectionText& section : file.sections) {
    absl::string_view title;
    for (const SectionName& known : kSections) {
      if (known.kind == section.kind) title = known.name;
    }
    absl::StrAppend(&text, "\n[", title, section.table);
    if (section.kind != OptionSection::kDb) {
      absl::StrAppend(&text, " \"", Escape(section.family), "\"");
    }
    text += "]\n";
    for (const OptionLine& option : section.options) {
      absl::StrAppend(&text, "  ", option.name, "=", option.value, "\n");
    }
  }
  return text;
}

}  // namespace rocktune
