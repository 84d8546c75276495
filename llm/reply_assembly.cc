#include "llm/reply_assembly.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "llm/briefing_words.h"
#include "llm/reply_scope.h"
#include "llm/reply_text.h"
#include "policy/spelling.h"
#include "policy/value_parser.h"

namespace rocktune {
namespace {

using Code = ReplyIssueCode;

constexpr size_t kLongestLine = 300;
constexpr absl::string_view kTable = "block_based_table_factory";

// A change that names a catalogue row and a column family.
struct Resolved {
  const CatalogueRow* row = nullptr;
  ProposedChange change;
  bool conflicts = false;
};

struct Refusal {
  absl::string_view policy_code;
  Code code;
};
constexpr Refusal kRefusals[] = {
    {"immutable_option", Code::kImmutableOption},
    {"deprecated_option", Code::kDeprecatedOption},
    {"empty_name", Code::kMissingOption},
    {"conflicting_value", Code::kConflictingValues},
    {"several_members", Code::kWrongType}};

Code CodeOf(absl::string_view policy_code) {
  for (const Refusal& refusal : kRefusals) {
    if (refusal.policy_code == policy_code) return refusal.code;
  }
  return Code::kUnknownOption;
}

class Assembly {
 public:
  Assembly(const ReplyContext& context, ParsedReply& reply)
      : context_(context), reply_(reply) {}

  void Take(ReplyChange change) {
    std::string scope = TakeScope(change.option);
    if (change.scope.empty()) change.scope = std::move(scope);
    if (change.value) change.value = FoldProduct(*change.value);
    if (!TakeMembers(change)) TakeOne(std::move(change));
  }

  std::vector<ProposedChange> Finish() {
    std::vector<ProposedChange> changes;
    for (Resolved& resolved : resolved_) {
      if (resolved.conflicts) continue;
      changes.push_back(std::move(resolved.change));
    }
    return changes;
  }

  void Say(Code code, const CatalogueRow* row, absl::string_view line) {
    if (reply_.issues.size() + 1 > kMostReplyIssues) return;
    if (reply_.issues.size() + 1 == kMostReplyIssues) {
      code = Code::kTooManyIssues;
      row = nullptr;
    }
    ReplyIssue issue{code, "", "", PrintableText(line, kLongestLine)};
    if (row != nullptr && CatalogueWord::Name(*row)) issue.option = row->name;
    reply_.issues.push_back(std::move(issue));
  }

 private:
  // "block_based_table_factory = {block_size=8192;format_version=5}" is one
  // change for each member, as an OPTIONS string means it.
  bool TakeMembers(const ReplyChange& change) {
    if (change.option != kTable && change.option != "table_factory") {
      return false;
    }
    if (!change.value || !absl::StartsWith(*change.value, "{")) return false;
    absl::string_view list = absl::string_view(*change.value).substr(1);
    absl::ConsumeSuffix(&list, "}");
    for (absl::string_view member : absl::StrSplit(list, ';')) {
      const size_t equals = member.find('=');
      if (equals == member.npos) continue;
      ReplyChange one = change;
      one.option = absl::StrCat(
          kTable, ".", absl::StripAsciiWhitespace(member.substr(0, equals)));
      one.value =
          std::string(absl::StripAsciiWhitespace(member.substr(equals + 1)));
      TakeOne(std::move(one));
    }
    return true;
  }

  void TakeOne(ReplyChange change) {
    SpelledChange spelled =
        CorrectSpelling({change.option, "", change.value.value_or(""), "", ""},
                        context_.catalogue);
    if (spelled.row == nullptr) {
      if (!change.may_be_prose) Refuse(change, spelled);
      return;
    }
    const CatalogueRow* row = spelled.row;
    if (change.wrong_type) {
      Say(Code::kWrongType, row,
          absl::StrCat(row->name, ": the value is a list or an object"));
      return;
    }
    if (!change.value || absl::StripAsciiWhitespace(spelled.value).empty()) {
      Say(Code::kMissingValue, row, absl::StrCat(row->name, " has no value"));
      return;
    }
    const auto families = ResolveScopes(change.scope, context_.database);
    if (!families) {
      Say(Code::kUnknownScope, row,
          absl::StrCat(row->name, ": no scope ", Quoted(change.scope)));
      return;
    }
    for (const std::string& family : *families) {
      Add({row,
           {row->name, family, spelled.value, change.reason,
            change.expected_effect}});
    }
  }

  void Refuse(const ReplyChange& change, const SpelledChange& spelled) {
    const size_t before = reply_.issues.size();
    Say(CodeOf(spelled.code), nullptr, spelled.message);
    if (reply_.issues.size() == before ||
        reply_.issues.back().code != Code::kUnknownOption) {
      return;
    }
    const std::string nearest = context_.catalogue.Nearest(change.option);
    const CatalogueRow* row = context_.catalogue.Find(nearest);
    if (row != nullptr && IsOpenToModels(*row)) {
      reply_.issues.back().nearest = nearest;
    }
  }

  void Add(Resolved resolved) {
    for (Resolved& earlier : resolved_) {
      if (earlier.row != resolved.row ||
          earlier.change.column_family != resolved.change.column_family) {
        continue;
      }
      if (Agree(earlier, resolved) || earlier.conflicts) return;
      earlier.conflicts = true;
      Say(Code::kConflictingValues, earlier.row,
          absl::StrCat(earlier.row->name, " is both ",
                       Quoted(earlier.change.value), " and ",
                       Quoted(resolved.change.value)));
      return;
    }
    resolved_.push_back(std::move(resolved));
  }

  static bool Agree(const Resolved& a, const Resolved& b) {
    if (a.change.value == b.change.value) return true;
    const auto first = ParseValue(a.change.value, *a.row);
    const auto second = ParseValue(b.change.value, *b.row);
    return first.ok() && second.ok() && SameValue(*first, *second);
  }

  const ReplyContext& context_;
  ParsedReply& reply_;
  std::vector<Resolved> resolved_;
};

void SayLimits(const ReplyContent& content, Assembly& assembly) {
  if (content.changes_left_out > 0) {
    assembly.Say(
        Code::kTooManyChanges, nullptr,
        absl::StrCat(content.changes_left_out, " changes after the first ",
                     kMostReplyChanges, " were not read"));
  }
  if (content.lines_left_out > 0) {
    assembly.Say(Code::kTooManyLines, nullptr,
                 absl::StrCat(content.lines_left_out, " lines were not read"));
  }
}

}  // namespace

ParsedReply AssembleReply(ReplyContent content, const ReplyContext& context) {
  ParsedReply reply;
  Assembly assembly(context, reply);
  const bool names_changes = !content.changes.empty();
  for (ReplyChange& change : content.changes) assembly.Take(std::move(change));
  SayLimits(content, assembly);
  std::vector<ProposedChange> changes = assembly.Finish();
  reply.summary = std::move(content.summary);
  if (!changes.empty()) {
    reply.proposal = Proposal{.source = ProposalSource::kLlm,
                              .summary = reply.summary,
                              .changes = std::move(changes)};
  } else if (content.says_nothing && !names_changes) {
    reply.nothing_to_change = true;
  } else if (reply.issues.empty()) {
    assembly.Say(Code::kNothingFound, nullptr, AdviceOn(Code::kNothingFound));
  }
  return reply;
}

}  // namespace rocktune
