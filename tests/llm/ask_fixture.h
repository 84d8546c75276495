// What tests of whole calls share: a database to ask about and what models say
// of it.
#ifndef ROCKTUNE_TESTS_LLM_ASK_FIXTURE_H_
#define ROCKTUNE_TESTS_LLM_ASK_FIXTURE_H_

#include <memory>
#include <ostream>
#include <string>

#include "absl/time/time.h"
#include "llm/model_advisor.h"
#include "llm/prompt.h"
#include "policy/clock.h"
#include "tests/llm/model_world.h"

namespace rocktune {

inline void PrintTo(CallOutcome outcome, std::ostream* out) {
  *out << ToString(outcome);
}

// One change that the world's catalogue knows.
inline constexpr char kAdvice[] =
    R"({"analysis":"Writes wait.","changes":[{"option":"write_buffer_size",)"
    R"("scope":"cf1","value":"128MiB","reason":"r","expected_effect":"e"}]})";
inline constexpr char kNoChange[] = R"({"analysis":"Good.","changes":[]})";
inline constexpr char kUseless[] = "Your database is doing wonderfully.";

// Of a small database.
inline ModelAsk SmallAsk() {
  static const auto& world = *new ModelWorld({}, 3, 2);
  ModelAsk ask;
  ask.question = WriteQuestion(world.Brief(), {});
  ask.catalogue = std::make_shared<Catalogue>(world.catalogue);
  ask.database = world.database;
  return ask;
}

// "write_buffer_size[98family]=128MiB", one after the other; "nothing" when
// that was said, "" when nothing was usable.
inline std::string AdviceIn(const ParsedReply& parsed) {
  if (!parsed.proposal) return parsed.nothing_to_change ? "nothing" : "";
  std::string text;
  for (const ProposedChange& change : parsed.proposal->changes) {
    text += (text.empty() ? "" : " ") + change.option + "[" +
            change.column_family + "]=" + change.value;
  }
  return text;
}
inline constexpr char kAdviceRead[] = "write_buffer_size[98family]=128MiB";

class ManualClock : public Clock {
 public:
  absl::Time Now() const override { return now; }
  absl::Time now = absl::FromUnixSeconds(1767225600);
};

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_LLM_ASK_FIXTURE_H_
