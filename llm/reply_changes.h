// What a reply says before anybody asks whether it makes sense: shared by the
// readers of JSON and of free text.
#ifndef ROCKTUNE_LLM_REPLY_CHANGES_H_
#define ROCKTUNE_LLM_REPLY_CHANGES_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace rocktune {

// Changes of one reply that are read; the rest is only counted.
inline constexpr size_t kMostReplyChanges = 16;

// Texts are printable ASCII of a limited length (reply_text.h).
struct ReplyChange {
  std::string option;                // empty: none was named
  std::string scope;                 // "", "all", "cf0", "cf0, cf1", "default"
  std::optional<std::string> value;  // nullopt: none, or null
  bool wrong_type = false;           // a list or an object as the value
  // The name may be a word of a sentence or a remark beside the options: not
  // worth a complaint when there is no such option.
  bool may_be_prose = false;
  std::string reason;
  std::string expected_effect;
};

struct ReplyContent {
  std::string summary;
  std::vector<ReplyChange> changes;
  size_t changes_left_out = 0;
  size_t lines_left_out = 0;
  bool says_nothing = false;  // "nothing to change", in so many words

  // Adds the change, or counts it when there are enough.
  void Add(ReplyChange change) {
    if (changes.size() < kMostReplyChanges) {
      changes.push_back(std::move(change));
    } else {
      ++changes_left_out;
    }
  }
};

// The part a field of a change plays, by the names models give it.
enum class ChangeField { kNone, kOption, kScope, kValue, kReason, kEffect };
ChangeField FieldOf(absl::string_view name);

}  // namespace rocktune

#endif  // ROCKTUNE_LLM_REPLY_CHANGES_H_
