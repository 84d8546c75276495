#include "llm/provider.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "llm/provider_presets.h"
#include "policy/edit_distance.h"
#include "policy/status_macros.h"

namespace rocktune {
namespace {

constexpr size_t kMaxModelBytes = 256;
constexpr size_t kMaxFieldBytes = 64;
constexpr size_t kMaxExtraHeaders = 16;
constexpr size_t kMaxHeaderValueBytes = 4096;

// What the transport and the dialects write themselves.
constexpr absl::string_view kOwnHeaders[] = {
    "host",       "content-length",  "content-type", "transfer-encoding",
    "connection", "accept-encoding", "te",           "expect",
    "upgrade",    "accept",          "user-agent",   "proxy-authorization"};

// The efforts a dialect has words for; what a model makes of one is its own.
struct EffortRow {
  Dialect dialect;
  absl::string_view words;
};

constexpr EffortRow kEfforts[] = {
    {Dialect::kOpenAiChat, "none minimal low medium high xhigh max"},
    {Dialect::kOpenAiResponses, "none minimal low medium high xhigh max"},
    {Dialect::kAnthropic, "low medium high xhigh max"},
    {Dialect::kGemini, "minimal low medium high"},
};

struct StructuredRow {
  absl::string_view word;
  Structured structured;
  bool may_step_down;
};

// An operator who names a form is not given another one silently.
constexpr StructuredRow kStructured[] = {
    {"auto", Structured::kJsonSchema, true},
    {"json_schema", Structured::kJsonSchema, false},
    {"json_object", Structured::kJsonObject, false},
    {"plain", Structured::kPlain, false},
};

absl::Status Refused(absl::string_view why) {
  return absl::InvalidArgumentError(why);
}

bool IsWord(absl::string_view text, absl::string_view also) {
  return !text.empty() && text.size() <= kMaxFieldBytes &&
         absl::c_all_of(text, [also](char c) {
           return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
                  absl::StrContains(also, c);
         });
}

// Bytes that may stand in a header's value.
bool IsHeaderText(absl::string_view text) {
  return absl::c_all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

absl::StatusOr<const Preset*> FindPreset(const std::string& name) {
  for (const Preset& preset : Presets()) {
    if (name == preset.name) return &preset;
  }
  const std::vector<std::string> names = ProviderNames();
  const std::string nearest = NearestName(name, names);
  return Refused(absl::StrCat(
      name.empty() ? "provider is missing" : "unknown provider",
      nearest.empty() ? "" : absl::StrCat("; the nearest is \"", nearest, "\""),
      "; known are ", absl::StrJoin(names, ", ")));
}

absl::Status SetEndpoint(const ProviderConfig& config, const Preset& preset,
                         Provider* provider) {
  if (config.base_url.empty() && preset.base_url[0] == '\0') {
    return Refused(absl::StrCat("provider \"", preset.name,
                                "\" needs base_url, for example \"",
                                preset.base_url_example, "\""));
  }
  ROCKTUNE_ASSIGN_OR_RETURN(
      provider->endpoint,
      ParseEndpoint(config.base_url.empty() ? preset.base_url
                                            : config.base_url));
  return absl::OkStatus();
}

absl::Status SetModel(const ProviderConfig& config, Provider* provider) {
  if (config.model.empty()) {
    return Refused(absl::StrCat("provider \"", provider->name,
                                "\" needs model, the name of one that it "
                                "serves"));
  }
  if (config.model.size() > kMaxModelBytes || !IsHeaderText(config.model)) {
    return Refused("model is at most 256 bytes of printable ASCII");
  }
  provider->model = config.model;
  return absl::OkStatus();
}

absl::Status SetEffort(const ProviderConfig& config, Provider* provider) {
  if (config.reasoning_effort.empty()) return absl::OkStatus();
  for (const EffortRow& row : kEfforts) {
    if (row.dialect != provider->dialect) continue;
    const std::vector<std::string> words = absl::StrSplit(row.words, ' ');
    if (absl::c_linear_search(words, config.reasoning_effort)) break;
    return Refused(absl::StrCat("reasoning_effort for provider \"",
                                provider->name, "\" is one of ",
                                absl::StrJoin(words, ", ")));
  }
  provider->reasoning_effort = config.reasoning_effort;
  return absl::OkStatus();
}

absl::Status SetStructured(const ProviderConfig& config, Provider* provider) {
  for (const StructuredRow& row : kStructured) {
    if (row.word != config.structured) continue;
    provider->first.structured = row.structured;
    provider->may_step_down = row.may_step_down;
    return absl::OkStatus();
  }
  return Refused("structured is one of auto, json_schema, json_object, plain");
}

absl::Status SetTokenLimitField(const ProviderConfig& config,
                                const Preset& preset, Provider* provider) {
  provider->token_limit_field = preset.token_limit_field;
  provider->other_token_limit_field = preset.other_token_limit_field;
  if (config.token_limit_field.empty()) return absl::OkStatus();
  if (!IsWord(config.token_limit_field, "_")) {
    return Refused("token_limit_field is a word of letters, digits and _");
  }
  // What the preset had first is then the one to try next.
  if (config.token_limit_field != preset.token_limit_field) {
    provider->other_token_limit_field = preset.token_limit_field;
  }
  provider->token_limit_field = config.token_limit_field;
  return absl::OkStatus();
}

absl::Status SetHeaders(const ProviderConfig& config, Provider* provider) {
  if (config.extra_headers.size() > kMaxExtraHeaders) {
    return Refused("extra_headers holds more than 16 headers");
  }
  for (const auto& [name, value] : config.extra_headers) {
    const std::string lower = absl::AsciiStrToLower(name);
    if (!IsWord(name, "-_.")) {
      return Refused(
          "the name of an extra header is a word of letters, "
          "digits, - and _");
    }
    if (absl::c_linear_search(kOwnHeaders, lower) ||
        lower == provider->key_header) {
      return Refused(absl::StrCat("extra header \"", lower,
                                  "\" is written by rocktune itself"));
    }
    if (value.size() > kMaxHeaderValueBytes || !IsHeaderText(value)) {
      return Refused(absl::StrCat("the value of extra header \"", lower,
                                  "\" is at most 4096 bytes of printable "
                                  "ASCII"));
    }
    provider->extra_headers.emplace_back(lower, value);
  }
  return absl::OkStatus();
}

void SetKey(const ProviderConfig& config, const Preset& preset,
            Provider* provider) {
  provider->key_header = preset.key_header;
  provider->key_prefix = preset.key_prefix;
  provider->key.file = config.key_file;
  provider->key.credential = config.key_credential;
  if (config.key_env.empty()) {
    provider->key.variables =
        absl::StrSplit(preset.key_variables, ' ', absl::SkipEmpty());
  } else {
    provider->key.variables = {config.key_env};
  }
  // Whoever names a place wants the key to be there.
  provider->key.optional = preset.key_optional && config.key_env.empty();
}

}  // namespace

absl::string_view ToString(Dialect dialect) {
  switch (dialect) {
    case Dialect::kOpenAiChat:
      return "openai-chat";
    case Dialect::kOpenAiResponses:
      return "openai-responses";
    case Dialect::kAnthropic:
      return "anthropic";
    case Dialect::kGemini:
      return "gemini";
  }
  return "?";
}

absl::string_view ToString(Structured structured) {
  switch (structured) {
    case Structured::kJsonSchema:
      return "json_schema";
    case Structured::kJsonObject:
      return "json_object";
    case Structured::kPlain:
      return "plain";
  }
  return "?";
}

absl::StatusOr<Provider> ResolveProvider(const ProviderConfig& config) {
  ROCKTUNE_ASSIGN_OR_RETURN(const Preset* preset, FindPreset(config.provider));
  Provider provider;
  provider.name = preset->name;
  provider.dialect = preset->dialect;
  provider.extra_body = preset->extra_body;
  if (preset->header_name[0] != '\0') {
    provider.preset_headers.emplace_back(preset->header_name,
                                         preset->header_value);
  }
  if (config.temperature &&
      !(*config.temperature >= 0 && *config.temperature <= 2)) {
    return Refused("temperature is a number from 0 to 2");
  }
  provider.temperature = config.temperature;
  SetKey(config, *preset, &provider);
  ROCKTUNE_RETURN_IF_ERROR(SetModel(config, &provider));
  ROCKTUNE_RETURN_IF_ERROR(SetEndpoint(config, *preset, &provider));
  ROCKTUNE_RETURN_IF_ERROR(SetEffort(config, &provider));
  ROCKTUNE_RETURN_IF_ERROR(SetStructured(config, &provider));
  ROCKTUNE_RETURN_IF_ERROR(SetTokenLimitField(config, *preset, &provider));
  ROCKTUNE_RETURN_IF_ERROR(SetHeaders(config, &provider));
  return provider;
}

std::vector<std::string> ProviderNames() {
  std::vector<std::string> names;
  for (const Preset& preset : Presets()) names.emplace_back(preset.name);
  return names;
}

}  // namespace rocktune
