// The scripted replies through parser and calibration: first as they are,
// then broken at random, when only the promises of safety are left.
#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "llm/briefing_words.h"
#include "llm/reply_changes.h"
#include "tests/llm/reply_cases.h"
#include "tests/policy/calibration_fixture.h"
#include "tests/policy/safety_checker.h"

namespace rocktune {
namespace {

// A sanitizer takes ten times as long.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kMutations = 10000;
#else
constexpr int kMutations = 100000;
#endif

const CalibrationFixture& Fixture() {
  static const auto* const kFixture = new CalibrationFixture;
  return *kFixture;
}

const std::vector<ReplyCase>& Cases() {
  static const auto* const kCases =
      new std::vector<ReplyCase>(ReadReplyCases());
  return *kCases;
}

CalibrationResult CalibrateReply(const ParsedReply& reply,
                                 const CalibrationFixture& fixture) {
  if (!reply.proposal) return {};
  return Calibrate(*reply.proposal, fixture.Context());
}

bool IsPlain(const std::string& text, size_t most) {
  return text.size() <= most &&
         std::all_of(text.begin(), text.end(), absl::ascii_isprint);
}

// What holds of every parsed reply, whatever it was.
void ExpectBounded(const ParsedReply& reply, const Catalogue& catalogue) {
  EXPECT_LE(reply.issues.size(), kMostReplyIssues);
  EXPECT_TRUE(IsPlain(reply.summary, 200));
  EXPECT_TRUE(reply.proposal || reply.nothing_to_change ||
              !reply.issues.empty());
  EXPECT_FALSE(reply.proposal && reply.nothing_to_change);
  for (const ReplyIssue& issue : reply.issues) {
    EXPECT_TRUE(IsPlain(issue.line, 300)) << issue.line;
    for (const std::string& name : {issue.option, issue.nearest}) {
      EXPECT_TRUE(name.empty() || catalogue.Find(name) != nullptr) << name;
    }
  }
  if (!reply.proposal) return;
  EXPECT_EQ(reply.proposal->source, ProposalSource::kLlm);
  EXPECT_FALSE(reply.proposal->changes.empty());
  for (const ProposedChange& change : reply.proposal->changes) {
    EXPECT_NE(catalogue.Find(change.option), nullptr) << change.option;
    EXPECT_TRUE(IsPlain(change.value, 300)) << change.value;
    EXPECT_TRUE(IsPlain(change.reason, 200)) << change.reason;
    EXPECT_TRUE(IsPlain(change.expected_effect, 200));
  }
}

TEST(ReplyCorpus, HasFiveHundredCasesWithNamesOfTheirOwn) {
  std::set<std::string> names;
  for (const ReplyCase& one : Cases()) names.insert(one.name);
  EXPECT_EQ(names.size(), Cases().size());
  EXPECT_GE(Cases().size(), 500u);
}

TEST(ReplyCorpus, ComesToWhatEachCaseExpects) {
  for (const ReplyCase& one : Cases()) {
    const ParsedReply reply =
        ParseReply(one.reply, {Fixture().catalogue, Fixture().database});
    const CalibrationResult result = CalibrateReply(reply, Fixture());
    EXPECT_EQ(OutcomeText(reply, result), one.expected)
        << one.file << ": " << one.name << "\n"
        << one.reply.substr(0, 1000) << "\n"
        << Describe(result);
    ExpectBounded(reply, Fixture().catalogue);
  }
}

TEST(ReplyCorpus, OnlyMeetsCalibrationCodesThatAModelCanBeTold) {
  for (const ReplyCase& one : Cases()) {
    const ParsedReply reply =
        ParseReply(one.reply, {Fixture().catalogue, Fixture().database});
    for (const CalibrationNote& note : CalibrateReply(reply, Fixture()).notes) {
      EXPECT_EQ(NoteWordOf(note.code).code, note.code);
    }
  }
}

TEST(ReplyCorpus, AsksAgainInWordsOfTheCatalogueOnly) {
  for (const ReplyCase& one : Cases()) {
    const ParsedReply reply =
        ParseReply(one.reply, {Fixture().catalogue, Fixture().database});
    std::string ask = WriteSecondAsk(reply.issues);
    EXPECT_LE(ask.size(), 2000u);
    std::vector<ReplyIssue> without_lines = reply.issues;
    for (ReplyIssue& issue : without_lines) issue.line.clear();
    EXPECT_EQ(ask, WriteSecondAsk(without_lines));
  }
}

class Mutator {
 public:
  explicit Mutator(uint32_t seed) : random_(seed) {}

  size_t Below(size_t n) { return random_() % n; }

  std::string Mutate(std::string text) {
    const size_t times = 1 + Below(3);
    for (size_t i = 0; i < times; ++i) {
      // Half of them stay readable and ask for something else.
      if (Below(2) == 0) {
        OtherNumber(text);
      } else if (Below(2) == 0) {
        OtherOption(text);
      } else {
        Break(text);
      }
    }
    return text;
  }

 private:
  void OtherNumber(std::string& text) {
    static const std::vector<std::string> kNumbers = {
        "0",     "1",
        "2",     "3",
        "-1",    "7",
        "64",    "100000",
        "0.9",   "1e18",
        "65536", "4 GB",
        "99 TB", "18446744073709551615"};
    const size_t begin =
        text.find_first_of("0123456789", text.empty() ? 0 : Below(text.size()));
    if (begin == text.npos) return;
    const size_t end =
        std::min(text.find_first_not_of("0123456789", begin), text.size());
    text.replace(begin, end - begin, kNumbers[Below(kNumbers.size())]);
  }

  void OtherOption(std::string& text) {
    const auto& rows = Fixture().catalogue.rows();
    for (const CatalogueRow& row : rows) {
      const size_t at = text.find(row.name);
      if (at == text.npos) continue;
      text.replace(at, row.name.size(), rows[Below(rows.size())].name);
      return;
    }
  }

  void Break(std::string& text) {
    static const std::vector<std::string> kPieces = {"{",
                                                     "}",
                                                     "[",
                                                     "]",
                                                     "\"",
                                                     ",",
                                                     ":",
                                                     "\n",
                                                     "\\u0000",
                                                     "null",
                                                     "-1",
                                                     "1e999",
                                                     "99999999999999999999",
                                                     "=",
                                                     "|",
                                                     "```",
                                                     "<think>",
                                                     "</think>",
                                                     "\xff",
                                                     "\x1b[31m",
                                                     "cf0",
                                                     "cf99",
                                                     "all",
                                                     "disable_auto_compactions",
                                                     "true",
                                                     "0",
                                                     "\"value\":",
                                                     "ttl",
                                                     "write_buffer_size: 1\n",
                                                     "nan",
                                                     "inf",
                                                     "0x10",
                                                     "18446744073709551615"};
    const size_t at = text.empty() ? 0 : Below(text.size());
    const size_t length = text.empty() ? 0 : Below(text.size() - at) % 64;
    switch (Below(6)) {
      case 0:
        text.erase(at, length);
        break;
      case 1:
        text.insert(at, kPieces[Below(kPieces.size())]);
        break;
      case 2:
        if (!text.empty()) text[at] = static_cast<char>(Below(256));
        break;
      case 3:
        text.insert(at, text.substr(Below(text.size() + 1), length));
        break;
      case 4:
        text.resize(at);
        break;
      default:
        // Another reply's end after this one's beginning.
        const std::string& other = Cases()[Below(Cases().size())].reply;
        text = text.substr(0, at) + other.substr(Below(other.size() + 1));
        break;
    }
  }

  std::mt19937 random_;
};

// Odd hosts: pins, a small budget, a queue of files and debt.
std::vector<CalibrationFixture> Hosts() {
  std::vector<CalibrationFixture> hosts(4);
  hosts[1].pins = {{"write_buffer_size", "", false, "33554432", "100000000"},
                   {"max_background_jobs", "", true, "", ""},
                   {"compression", "index", false, "kZSTD", "kZSTD"}};
  hosts[2].memory_budget_bytes = uint64_t{300} << 20;
  hosts[2].max_changes = 2;
  hosts[3].SetL0Files(30);
  hosts[3].SetPendingBytes(uint64_t{200} << 30);
  hosts[3].features.table_options_in_place = true;
  return hosts;
}

TEST(ReplyCorpus, NoMutationLetsADangerThrough) {
  const std::vector<CalibrationFixture> hosts = Hosts();
  int proposals = 0, change_sets = 0;
  for (uint32_t seed = 0; seed < kMutations; ++seed) {
    Mutator mutator(seed);
    const ReplyCase& one = Cases()[seed % Cases().size()];
    const std::string text = mutator.Mutate(one.reply);
    const CalibrationFixture& host = hosts[mutator.Below(hosts.size())];
    const ParsedReply reply = ParseReply(text, {host.catalogue, host.database});
    ExpectBounded(reply, host.catalogue);
    const CalibrationResult result = CalibrateReply(reply, host);
    const std::vector<std::string> dangers =
        DangersOf(result.change_set, host.Context(), ProposalSource::kLlm);
    ASSERT_TRUE(dangers.empty())
        << "seed " << seed << ": " << absl::StrJoin(dangers, "\n") << "\n"
        << text << "\n"
        << Describe(result);
    ASSERT_FALSE(testing::Test::HasFailure()) << "seed " << seed << "\n"
                                              << text;
    proposals += reply.proposal ? 1 : 0;
    change_sets += result.change_set.empty() ? 0 : 1;
  }
  // A parser that reads nothing would be safe, and of no use.
  EXPECT_GT(proposals, kMutations / 5);
  EXPECT_GT(change_sets, kMutations / 10);
}

// Text that costs a careless reader time or memory in the square of it.
TEST(ReplyCorpus, LargeRepliesStayWithinEveryLimit) {
  const std::string pieces[] = {"a",
                                "{",
                                "[",
                                "{\"",
                                "[{\"a\":",
                                "\"",
                                "```\n",
                                "<think>",
                                "</think>",
                                "| a | b |\n",
                                "some_option: 1\n",
                                "write_buffer_size: 1\n",
                                "- \n",
                                "\\",
                                "//",
                                "/*",
                                "[{",
                                " ",
                                "\n",
                                ",",
                                "* ",
                                "x_",
                                "\xff",
                                "\x1b",
                                "option: write_buffer_size\n",
                                "[CFOptions \"x\"]\n",
                                "a = b -> c to d\n",
                                "Set the lowest of them to 4\n",
                                "{\"a_b\": 1}, "};
  for (const std::string& piece : pieces) {
    std::string text;
    while (text.size() + piece.size() <= kMaxReplyBytes) text += piece;
    for (const std::string tail : {"", "}", "\n{\"changes\": []}"}) {
      const ParsedReply reply = ParseReply(
          absl::StrCat(text.substr(0, text.size() - tail.size()), tail),
          {Fixture().catalogue, Fixture().database});
      ExpectBounded(reply, Fixture().catalogue);
    }
  }
  const ParsedReply reply =
      ParseReply(std::string(kMaxReplyBytes + 1, 'a'),
                 {Fixture().catalogue, Fixture().database});
  ASSERT_EQ(reply.issues.size(), 1u);
  EXPECT_EQ(reply.issues[0].code, ReplyIssueCode::kTooLarge);
}

TEST(ReplyCorpus, AMapOfManyKeysIsReadToItsLimit) {
  std::string text = "{";
  for (int i = 0; i < 12000; ++i) {
    absl::StrAppend(&text, i == 0 ? "" : ",", "\"key_", i, "\":", i);
  }
  const ParsedReply reply = ParseReply(
      absl::StrCat(text, "}"), {Fixture().catalogue, Fixture().database});
  EXPECT_EQ(reply.issues.size(), kMostReplyChanges + 1);
  EXPECT_EQ(reply.issues.back().code, ReplyIssueCode::kTooManyChanges);
  ExpectBounded(reply, Fixture().catalogue);
}

}  // namespace
}  // namespace rocktune
