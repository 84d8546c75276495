// What the four dialects share, and what each must give. Inside llm/ only.
#ifndef ROCKTUNE_LLM_DIALECT_PARTS_H_
#define ROCKTUNE_LLM_DIALECT_PARTS_H_

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "llm/dialect.h"
#include "llm/json_fields.h"

namespace rocktune {

// --- Requests ---

struct RequestParts {
  const Provider& provider;
  const ModelQuestion& question;
  const Rung& rung;
  // Set when `rung` asks for it and the question has a good one.
  std::optional<boost::json::value> schema;
  // The question's, with the schema behind them where it goes no other way.
  std::string instructions;

  bool HasForm(Structured structured) const {
    return rung.structured == structured;
  }
  std::string TokenLimitField() const;
  std::string Effort() const;  // "" = not sent
  // Adds what is the same for all: the limit, the temperature.
  void AddTokenLimit(boost::json::object* to) const;
  void AddTemperature(boost::json::object* to) const;
};

// --- Replies ---

// A word with which a reply says how it ended.
struct Ending {
  const char* word;
  CallOutcome outcome;
  const char* line;  // for the operator; "" with kOk
};

// Fills in outcome and text or error; errors are made printable and cut later,
// for all dialects alike. A word without a row is an addition that
// we do not know yet: the text decides.
void Conclude(absl::Span<const Ending> rows, absl::string_view word,
              std::string text, ModelReply* reply);

// The "text" fields of the items of type `type`, one behind the other; other
// kinds of item are skipped.
std::string TextOfItems(const std::vector<JsonText::Element>& items,
                        std::string_view type, JsonFields* fields);

// --- The dialects ---

struct DialectFunctions {
  Dialect dialect;
  std::string (*path)(const Provider&);  // below the base path, from "/" on
  boost::json::object (*body)(const RequestParts&);
  // Reads a reply with a good status and without an error. What is not of the
  // promised kind stays in `fields` as its problem.
  void (*read)(JsonText::Element root, JsonFields* fields, ModelReply* reply);
};

extern const DialectFunctions kOpenAiChatFunctions;
extern const DialectFunctions kOpenAiResponsesFunctions;
extern const DialectFunctions kAnthropicFunctions;
extern const DialectFunctions kGeminiFunctions;

}  // namespace rocktune

#endif  // ROCKTUNE_LLM_DIALECT_PARTS_H_
