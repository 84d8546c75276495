#include "hooks/family_names.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "rocksdb/env.h"

namespace rocktune {

std::string NewestOptionsFile(const std::vector<std::string>& names) {
  std::string newest;
  uint64_t newest_number = 0;
  for (const std::string& name : names) {
    absl::string_view digits = name;
    uint64_t number = 0;
    if (!absl::ConsumePrefix(&digits, "OPTIONS-") ||
        !absl::SimpleAtoi(digits, &number)) {
      continue;  // "OPTIONS-000007.dbtmp" is still being written
    }
    if (newest.empty() || number > newest_number) {
      newest = name;
      newest_number = number;
    }
  }
  return newest;
}

std::set<std::string> FamiliesInOptionsText(absl::string_view text) {
  std::set<std::string> families;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    if (!absl::ConsumePrefix(&line, "[CFOptions \"")) continue;
    const size_t end = line.rfind("\"]");
    if (end != absl::string_view::npos) {
      families.insert(std::string(line.substr(0, end)));
    }
  }
  return families;
}

bool FamilyNames::Refresh(rocksdb::DB* db) {
  dropped_.clear();
  std::vector<std::string> children;
  rocksdb::Env* const env = db->GetEnv();
  const std::string directory = db->GetName();
  if (!env->GetChildren(directory, &children).ok()) return false;
  const std::string newest = NewestOptionsFile(children);
  if (newest.empty() || newest == file_) return false;
  std::string text;
  // It may be gone already, replaced by a newer one: next time, then.
  if (!rocksdb::ReadFileToString(env, absl::StrCat(directory, "/", newest),
                                 &text)
           .ok()) {
    return false;
  }
  std::set<std::string> names = FamiliesInOptionsText(text);
  if (names.empty()) return false;
  std::set_difference(names_.begin(), names_.end(), names.begin(), names.end(),
                      std::back_inserter(dropped_));
  names_ = std::move(names);
  file_ = newest;
  return true;
}

}  // namespace rocktune
