#include "llm/provider_presets.h"

namespace rocktune {
namespace {

// Reasoning models refuse the old name of chat's limit, some local servers
// ignore the new one silently: each row begins with what is safe there.
constexpr char kOldLimit[] = "max_tokens";
constexpr char kNewLimit[] = "max_completion_tokens";

constexpr Preset kPresets[] = {
    {
        .name = "openai",
        .base_url = "https://api.openai.com/v1",
        .key_variables = "OPENAI_API_KEY",
        .token_limit_field = kNewLimit,
        .other_token_limit_field = kOldLimit,
    },
    {
        .name = "openai-responses",
        .dialect = Dialect::kOpenAiResponses,
        .base_url = "https://api.openai.com/v1",
        .key_variables = "OPENAI_API_KEY",
        .token_limit_field = "max_output_tokens",
    },
    {
        .name = "azure",
        .base_url_example = "https://RESOURCE.openai.azure.com/openai/v1",
        .key_header = "api-key",
        .key_prefix = "",
        .key_variables = "AZURE_OPENAI_API_KEY",
        .token_limit_field = kNewLimit,
        .other_token_limit_field = kOldLimit,
    },
    {
        .name = "anthropic",
        .dialect = Dialect::kAnthropic,
        .base_url = "https://api.anthropic.com",
        .key_header = "x-api-key",
        .key_prefix = "",
        .key_variables = "ANTHROPIC_API_KEY",
        .token_limit_field = kOldLimit,
        .header_name = "anthropic-version",
        .header_value = "2023-06-01",
    },
    {
        .name = "gemini",
        .dialect = Dialect::kGemini,
        .base_url = "https://generativelanguage.googleapis.com",
        .key_header = "x-goog-api-key",
        .key_prefix = "",
        .key_variables = "GOOGLE_API_KEY GEMINI_API_KEY",
        .token_limit_field = "maxOutputTokens",
    },
    {
        .name = "openrouter",
        .base_url = "https://openrouter.ai/api/v1",
        .key_variables = "OPENROUTER_API_KEY",
        .token_limit_field = kOldLimit,
        .other_token_limit_field = kNewLimit,
        // It routes to others: only to those that keep nothing of a prompt.
        .extra_body = R"({"provider":{"data_collection":"deny"}})",
    },
    {
        .name = "ollama",
        .base_url = "http://127.0.0.1:11434/v1",
        .key_variables = "OLLAMA_API_KEY",
        .key_optional = true,
        .token_limit_field = kOldLimit,
        // Of the other name it takes no notice, and so never refuses it.
    },
    {
        .name = "vllm",
        .base_url = "http://127.0.0.1:8000/v1",
        .key_variables = "VLLM_API_KEY",
        .key_optional = true,
        .token_limit_field = kOldLimit,
        .other_token_limit_field = kNewLimit,
    },
    {
        .name = "llama-cpp",
        // It has no port of its own to rely on.
        .base_url_example = "http://127.0.0.1:8080/v1",
        .key_variables = "LLAMA_API_KEY",
        .key_optional = true,
        .token_limit_field = kOldLimit,
    },
    {
        .name = "custom",
        .base_url_example = "https://gateway.example/v1",
        .key_variables = "ROCKTUNE_LLM_KEY",
        .key_optional = true,
        .token_limit_field = kOldLimit,
        .other_token_limit_field = kNewLimit,
    },
};

}  // namespace

absl::Span<const Preset> Presets() { return kPresets; }

}  // namespace rocktune
