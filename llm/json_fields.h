// Reads the fields we know of a JSON reply and remembers the first that is not
// of the kind it must be. Inside llm/ only.
#ifndef ROCKTUNE_LLM_JSON_FIELDS_H_
#define ROCKTUNE_LLM_JSON_FIELDS_H_

#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "llm/model_call.h"

namespace rocktune {

// A parsed text. Elements live as long as it does.
class JsonText {
 public:
  using Element = simdjson::dom::element;

  // InvalidArgument with the reason, such as "not JSON": over `max_bytes`,
  // nested deeper than kMaxReplyDepth, not UTF-8, not JSON. Call once.
  absl::StatusOr<Element> Parse(absl::string_view text,
                                size_t max_bytes = kMaxReplyBytes);

 private:
  simdjson::dom::parser parser_;
};

// A field that is absent and one that is null are the same. A field of another
// kind reads as absent too, and the first such is `problem()`.
class JsonFields {
 public:
  using Element = JsonText::Element;

  std::optional<Element> Any(Element parent, std::string_view name);
  std::optional<Element> Object(Element parent, std::string_view name);
  std::vector<Element> Array(Element parent, std::string_view name);
  std::string Text(Element parent, std::string_view name);

  // A count of tokens, at most kMostTokens. What is no whole number above
  // zero counts as unknown, 0, and is no problem: a good answer is not thrown
  // away for its bill.
  static constexpr uint64_t kMostTokens = 10 * 1000 * 1000;
  uint64_t Tokens(Element parent, std::string_view name);

  // One line such as `"content" is a number, not text`; empty without one.
  const std::string& problem() const { return problem_; }

 private:
  void Note(std::string_view name, Element found, const char* expected);

  std::string problem_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_LLM_JSON_FIELDS_H_
