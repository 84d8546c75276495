// Who is asked, and how: the presets of the configuration and what one
// becomes. Nothing here is a list of models: what a model can do is
// configuration, or found out by the fallback ladder.
#ifndef ROCKTUNE_LLM_PROVIDER_H_
#define ROCKTUNE_LLM_PROVIDER_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "llm/http_exchange.h"
#include "llm/key_reader.h"

namespace rocktune {

enum class Dialect { kOpenAiChat, kOpenAiResponses, kAnthropic, kGemini };
absl::string_view ToString(Dialect dialect);  // "openai-chat", ...

// How the form of the reply is asked for, strictest first.
enum class Structured {
  kJsonSchema,  // the provider holds the model to the schema
  kJsonObject,  // some JSON object; the schema stands in the instructions
  kPlain,       // the schema stands in the instructions, no more
};
absl::string_view ToString(Structured structured);  // "json_schema", ...

// One rung of the fallback ladder: what of the request is sent.
struct Rung {
  Structured structured = Structured::kJsonSchema;
  bool effort = true;       // if one is configured
  bool temperature = true;  // if one is configured
  bool other_token_limit_field = false;
  bool operator==(const Rung&) const = default;
};

// As the operator writes it; an empty field means the preset's.
struct ProviderConfig {
  std::string provider;  // name of a preset
  std::string base_url;  // see ParseEndpoint
  std::string model;     // as the provider calls it; Azure: the deployment
  std::string key_file;  // see KeySource for these three
  std::string key_env;
  std::string key_credential = "llm-key";
  std::string token_limit_field;
  std::optional<double> temperature;  // many models accept none
  std::string reasoning_effort;       // "low", ...: by dialect
  std::vector<std::pair<std::string, std::string>> extra_headers;
  std::string structured = "auto";  // json_schema, json_object, plain
};

// A configuration that was found good. Plain data without the key itself.
struct Provider {
  std::string name;
  Dialect dialect = Dialect::kOpenAiChat;
  Endpoint endpoint;
  std::string model;
  KeySource key;
  std::string key_header;  // in lower case
  std::string key_prefix;  // "Bearer " or ""
  std::string token_limit_field;
  std::string other_token_limit_field;  // "" without another
  std::optional<double> temperature;
  std::string reasoning_effort;
  // Of the preset, then of the operator; the latter may hold secrets.
  std::vector<std::pair<std::string, std::string>> preset_headers;
  std::vector<std::pair<std::string, std::string>> extra_headers;
  std::string extra_body;     // members of the request body, as a JSON object
  Rung first;                 // where the fallback ladder begins
  bool may_step_down = true;  // to a less strict form of reply
};

// InvalidArgument for everything: tell the operator. The message names what is
// known instead, and repeats no value that could be a key in the wrong place.
absl::StatusOr<Provider> ResolveProvider(const ProviderConfig& config);

// Names of the presets, in the order of the table.
std::vector<std::string> ProviderNames();

}  // namespace rocktune

#endif  // ROCKTUNE_LLM_PROVIDER_H_
