#include "tests/llm/reply_cases.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace rocktune {
namespace {

void ReadFile(const std::filesystem::path& path,
              std::vector<ReplyCase>& cases) {
  std::ifstream in(path);
  bool expects = false;
  for (std::string line; std::getline(in, line);) {
    absl::string_view name = line;
    if (absl::ConsumePrefix(&name, "=== ")) {
      cases.push_back({path.filename(), std::string(name), "", ""});
      expects = false;
    } else if (line == "--- expect") {
      expects = true;
    } else if (!cases.empty()) {
      absl::StrAppend(expects ? &cases.back().expected : &cases.back().reply,
                      line, "\n");
    }
  }
}

void Unescape(ReplyCase& one) {
  one.reply.erase(std::remove(one.reply.begin(), one.reply.end(), '\n'),
                  one.reply.end());
  std::string plain;
  std::string error;
  if (absl::CUnescape(one.reply, &plain, &error)) {
    one.reply = std::move(plain);
  } else {
    one.expected = error;
  }
}

}  // namespace

std::vector<ReplyCase> ReadReplyCases() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(
           ROCKTUNE_SOURCE_DIR "/tests/llm/replies")) {
    if (entry.path().extension() == ".txt") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<ReplyCase> cases;
  for (const auto& file : files) ReadFile(file, cases);
  for (ReplyCase& one : cases) {
    if (absl::EndsWith(one.name, "(escaped)")) Unescape(one);
  }
  return cases;
}

std::string OutcomeText(const ParsedReply& reply,
                        const CalibrationResult& result) {
  std::vector<std::string> changes;
  for (const Change& change : result.change_set.changes) {
    changes.push_back(absl::StrCat(ToString(change.key), " ", change.after));
  }
  std::sort(changes.begin(), changes.end());
  std::string text;
  for (const std::string& change : changes) {
    absl::StrAppend(&text, change, "\n");
  }
  for (const ReplyIssue& issue : reply.issues) {
    absl::StrAppend(&text, "issue ", ToString(issue.code), "\n");
  }
  if (reply.nothing_to_change) absl::StrAppend(&text, "nothing\n");
  return text;
}

}  // namespace rocktune
