#include "llm/fallback_ladder.h"

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace rocktune {
namespace {

enum class Part { kForm, kEffort, kTokenLimit, kTemperature };

// A part of the rejected parameter's name, in lower case; the first that fits.
struct PartRow {
  const char* name;
  Part part;
};

constexpr PartRow kParts[] = {
    {"effort", Part::kEffort},
    {"thinking", Part::kEffort},
    {"reasoning", Part::kEffort},
    {"token", Part::kTokenLimit},
    {"temperature", Part::kTemperature},
    {"format", Part::kForm},
    {"schema", Part::kForm},
    {"json_object", Part::kForm},
    {"structured", Part::kForm},
    {"mimetype", Part::kForm},
    {"mime_type", Part::kForm},
};

std::optional<Part> PartOf(const std::string& parameter) {
  if (parameter.empty()) return Part::kForm;
  const std::string lower = absl::AsciiStrToLower(parameter);
  for (const PartRow& row : kParts) {
    if (absl::StrContains(lower, row.name)) return row.part;
  }
  return std::nullopt;
}

// Anthropic has no form between the schema and none.
Structured OneDown(Structured structured, Dialect dialect) {
  return structured == Structured::kJsonSchema && dialect != Dialect::kAnthropic
             ? Structured::kJsonObject
             : Structured::kPlain;
}

}  // namespace

FallbackLadder::FallbackLadder(const Provider& provider)
    : dialect_(provider.dialect),
      may_step_down_(provider.may_step_down),
      has_effort_(!provider.reasoning_effort.empty()),
      has_temperature_(provider.temperature.has_value()),
      has_other_token_limit_field_(!provider.other_token_limit_field.empty()),
      begin_(provider.first) {}

std::optional<Rung> FallbackLadder::Next(const Rung& tried,
                                         const ModelReply& reply) const {
  if (reply.outcome != CallOutcome::kBadRequest) return std::nullopt;
  const std::optional<Part> part = PartOf(reply.rejected_parameter);
  if (!part) return std::nullopt;
  Rung next = tried;
  switch (*part) {
    case Part::kForm:
      if (may_step_down_) next.structured = OneDown(tried.structured, dialect_);
      break;
    case Part::kEffort:
      if (has_effort_) next.effort = false;
      break;
    case Part::kTemperature:
      if (has_temperature_) next.temperature = false;
      break;
    case Part::kTokenLimit:
      if (has_other_token_limit_field_) next.other_token_limit_field = true;
      break;
  }
  if (next == tried) return std::nullopt;
  return next;
}

}  // namespace rocktune
