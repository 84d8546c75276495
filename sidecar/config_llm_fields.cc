// Config::llm: the rows of its table.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "sidecar/config_field_kinds.h"

namespace rocktune {
namespace {

constexpr double kMostCalls = 1e6;
constexpr double kMostTokens = 1e12;
constexpr double kMostDollars = 1e6;
constexpr char kPath[] = "a path as text";

// What a gateway wants in a header is mostly a secret: the name is shown.
ConfigField Headers() {
  ConfigField field = Texts<&LlmConfig::headers>(
      "llm.headers", "a list of texts like \"X-Team: storage\"");
  field.print = [](const Config& config) {
    return absl::StrCat(
        "[",
        absl::StrJoin(config.llm.headers, ", ",
                      [](std::string* out, const std::string& header) {
                        const std::vector<std::string> parts =
                            absl::StrSplit(header, absl::MaxSplits(':', 1));
                        absl::StrAppend(out,
                                        TomlQuoted(parts[0] + ": (not shown)"));
                      }),
        "]");
  };
  field.check = [](const Config& config) {
    for (const std::string& header : config.llm.headers) {
      if (header.find(':') != std::string::npos) continue;
      return absl::InvalidArgumentError(
          "a header without a colon, expected \"Name: value\"");
    }
    return absl::OkStatus();
  };
  return field;
}

}  // namespace

std::vector<ConfigField> LlmConfigFields() {
  using L = LlmConfig;
  return {
      Text<&L::provider>("llm.provider", "the name of a provider as text"),
      Text<&L::model>("llm.model", "the name of a model as text"),
      Text<&L::base_url>("llm.base_url", "a URL as text"),
      Text<&L::key_file>("llm.key_file", kPath),
      Text<&L::key_env>("llm.key_env", "the name of a variable as text"),
      Text<&L::ca_file>("llm.ca_file", kPath),
      Headers(),
      Text<&L::structured>("llm.structured",
                           "\"auto\", \"json_schema\", \"json_object\" or "
                           "\"plain\""),
      Text<&L::token_limit_field>("llm.token_limit_field",
                                  "the name of a field as text"),
      Text<&L::reasoning_effort>("llm.reasoning_effort", "a word as text"),
      Real<&L::temperature>("llm.temperature", {-1, 2}),
      Time<&L::call_limit>("llm.call_limit", {1, 3600}),
      Whole<&L::max_input_tokens>("llm.max_input_tokens", {2000, 1e6}),
      Whole<&L::max_output_tokens>("llm.max_output_tokens", {100, 1e5}),
      Whole<&L::calls_per_hour>("llm.calls_per_hour", {0, kMostCalls}),
      Whole<&L::calls_per_day>("llm.calls_per_day", {0, kMostCalls}),
      Whole<&L::input_tokens_per_hour>("llm.input_tokens_per_hour",
                                       {0, kMostTokens}),
      Whole<&L::input_tokens_per_day>("llm.input_tokens_per_day",
                                      {0, kMostTokens}),
      Whole<&L::output_tokens_per_hour>("llm.output_tokens_per_hour",
                                        {0, kMostTokens}),
      Whole<&L::output_tokens_per_day>("llm.output_tokens_per_day",
                                       {0, kMostTokens}),
      Real<&L::dollars_per_hour>("llm.dollars_per_hour", {0, kMostDollars}),
      Real<&L::dollars_per_day>("llm.dollars_per_day", {0, kMostDollars}),
      Real<&L::price_input>("llm.price_input", {0, kMostDollars}),
      Real<&L::price_cached_input>("llm.price_cached_input", {0, kMostDollars}),
      Real<&L::price_output>("llm.price_output", {0, kMostDollars}),
      Text<&L::record>("llm.record", kPath),
      Text<&L::replay>("llm.replay", kPath),
  };
}

}  // namespace rocktune
