#include "llm/reply_lenient.h"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "llm/reply_line.h"
#include "llm/reply_text.h"

namespace rocktune {
namespace {

// What a Markdown table says in its columns.
struct Columns {
  int option = -1;
  int value = -1;
  int scope = -1;
  int reason = -1;
};

class LooseReader {
 public:
  LooseReader(const Catalogue& catalogue, ReplyContent& content)
      : words_{catalogue}, content_(content) {}

  void ReadLine(absl::string_view line) {
    line = absl::StripAsciiWhitespace(line);
    if (line.empty()) {
      in_table_ = false;
      return;
    }
    if (ReadHeading(line) || skips_section_ || ReadRow(line)) return;
    in_table_ = false;
    const std::string plain = WithoutMarks(line);
    if (SaysNothing(plain)) content_.says_nothing = true;
    if (!ReadItem(plain) && !ReadAssignment(plain)) ReadSentence(plain);
  }

  void Finish() { Flush(); }

 private:
  // "[CFOptions "cf1"]", "### cf1", "cf1:"; what follows belongs there.
  bool ReadHeading(absl::string_view line) {
    if (std::optional<OptionsSection> section = ReadSection(line)) {
      Flush();
      skips_section_ = section->is_other;
      prefix_ = section->is_table ? "block_based_table_factory." : "";
      scope_ = section->scope;
      return true;
    }
    const bool is_heading = absl::StartsWith(line, "#");
    const std::string title = WithoutMarks(line);
    absl::string_view name = title;
    absl::ConsumeSuffix(&name, ":");
    if (IsScopeWord(name) && (is_heading || name.size() < title.size())) {
      scope_ = std::string(name);
      return true;
    }
    return is_heading;
  }

  // A row of a Markdown table. The first row names the columns, or the first
  // two are option and value.
  bool ReadRow(absl::string_view line) {
    if (std::count(line.begin(), line.end(), '|') < 2) return false;
    absl::ConsumePrefix(&line, "|");
    absl::ConsumeSuffix(&line, "|");
    std::vector<std::string> cells;
    for (absl::string_view cell : absl::StrSplit(line, '|')) {
      cells.push_back(WithoutMarks(cell));
    }
    if (!in_table_) {
      in_table_ = true;
      columns_ = {};
      if (ReadColumns(cells)) return true;
      columns_ = {.option = 0, .value = 1};
    }
    const auto cell = [&cells](int column) {
      return column < 0 || static_cast<size_t>(column) >= cells.size()
                 ? std::string()
                 : cells[column];
    };
    if (!words_.MayBeOption(cell(columns_.option))) return true;
    AddChange(cell(columns_.option), cell(columns_.scope), cell(columns_.value),
              cell(columns_.reason));
    return true;
  }

  bool ReadColumns(const std::vector<std::string>& cells) {
    for (size_t i = 0; i < cells.size(); ++i) {
      const int column = static_cast<int>(i);
      switch (FieldOf(cells[i])) {
        case ChangeField::kOption:
          columns_.option = column;
          break;
        case ChangeField::kValue:
          columns_.value = column;
          break;
        case ChangeField::kScope:
          columns_.scope = column;
          break;
        case ChangeField::kReason:
        case ChangeField::kEffect:
          if (columns_.reason < 0) columns_.reason = column;
          break;
        case ChangeField::kNone:
          break;
      }
    }
    return columns_.option >= 0 && columns_.value >= 0;
  }

  // "option: write_buffer_size" and the lines of YAML after it.
  bool ReadItem(absl::string_view line) {
    const size_t colon = line.find(':');
    if (colon == line.npos) return false;
    const ChangeField field = FieldOf(line.substr(0, colon));
    if (field == ChangeField::kNone) return false;
    const absl::string_view text =
        absl::StripAsciiWhitespace(line.substr(colon + 1));
    if (field == ChangeField::kOption) {
      if (!words_.MayBeOption(text)) return false;
      Flush();
      item_.option = PrintableText(text, kLongestToken);
      item_is_open_ = true;
      return true;
    }
    if (!item_is_open_) return false;
    switch (field) {
      case ChangeField::kScope:
        item_.scope = PrintableText(text, kLongestToken);
        break;
      case ChangeField::kValue:
        item_.value = words_.ReadValue(text, item_.option).value;
        break;
      case ChangeField::kReason:
        item_.reason = PrintableText(text, kLongestFreeText);
        break;
      default:
        item_.expected_effect = PrintableText(text, kLongestFreeText);
        break;
    }
    return true;
  }

  void Flush() {
    if (item_is_open_) content_.Add(std::move(item_));
    item_ = {};
    item_is_open_ = false;
  }

  bool ReadAssignment(absl::string_view line) {
    const size_t sign = line.find_first_of("=:");
    if (sign == line.npos) return false;
    absl::string_view name = absl::StripAsciiWhitespace(line.substr(0, sign));
    absl::string_view value = line.substr(sign + 1);
    absl::ConsumePrefix(&value, "=");  // ":=", "=="
    if (!words_.MayBeOption(name)) return false;
    AddChange(name, "", value, "");
    return true;
  }

  // "Set write_buffer_size to 128 MB because ...".
  void ReadSentence(absl::string_view line) {
    const std::optional<Sentence> said = ReadOrder(line);
    if (!said || !words_.MayBeOption(said->option)) return;
    AddChange(said->option, "", said->value, "");
  }

  void AddChange(absl::string_view option, absl::string_view scope,
                 absl::string_view value, absl::string_view reason) {
    Flush();
    std::string name = absl::StrCat(prefix_, option);
    if (!prefix_.empty() && !words_.Knows(name)) name = std::string(option);
    const LooseValue read = words_.ReadValue(value, name);
    ReplyChange change;
    change.option = PrintableText(name, kLongestToken);
    change.scope = PrintableText(scope.empty() ? scope_ : scope, kLongestToken);
    if (!read.value.empty()) change.value = read.value;
    change.reason =
        PrintableText(reason.empty() ? absl::string_view(read.rest) : reason,
                      kLongestFreeText);
    // "Compression: data compress well" is not a change.
    change.may_be_prose = option.find_first_of("_.") == option.npos;
    if (change.may_be_prose && !words_.IsValue(read.value, name)) return;
    content_.Add(std::move(change));
  }

  LooseWords words_;
  ReplyContent& content_;
  std::string scope_;
  std::string prefix_;
  bool skips_section_ = false;
  bool in_table_ = false;
  Columns columns_;
  ReplyChange item_;
  bool item_is_open_ = false;
};

}  // namespace

void ReadLooseReply(absl::string_view text, const Catalogue& catalogue,
                    ReplyContent& content) {
  LooseReader reader(catalogue, content);
  size_t lines = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    if (++lines > kMostReplyLines) {
      ++content.lines_left_out;
    } else if (line.size() <= kLongestReplyLine) {
      reader.ReadLine(line);
    }
  }
  reader.Finish();
}

}  // namespace rocktune
