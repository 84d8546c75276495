// The presets as rows; only ResolveProvider reads them. To add a provider, add
// a row here and one to the tests.
#ifndef ROCKTUNE_LLM_PROVIDER_PRESETS_H_
#define ROCKTUNE_LLM_PROVIDER_PRESETS_H_

#include "absl/types/span.h"
#include "llm/provider.h"

namespace rocktune {

// A field that a row leaves out is as most of them have it.
struct Preset {
  const char* name;
  Dialect dialect = Dialect::kOpenAiChat;
  const char* base_url = "";          // "": the operator must say
  const char* base_url_example = "";  // for the message then
  const char* key_header = "authorization";
  const char* key_prefix = "Bearer ";
  const char* key_variables = "";  // parted by spaces, the first wins
  bool key_optional = false;
  const char* token_limit_field = "";
  const char* other_token_limit_field = "";  // "": there is none to try
  const char* header_name = "";              // one more header; "": none
  const char* header_value = "";
  const char* extra_body = "";  // a JSON object; "": nothing
};

absl::Span<const Preset> Presets();

}  // namespace rocktune

#endif  // ROCKTUNE_LLM_PROVIDER_PRESETS_H_
