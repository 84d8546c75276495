// Bodies of good replies, status 200, in the four dialects: each holds `text`
// as the model's words and 1000 tokens in, 200 out.
#ifndef ROCKTUNE_TESTS_FAKES_DIALECT_REPLIES_H_
#define ROCKTUNE_TESTS_FAKES_DIALECT_REPLIES_H_

#include <string>

namespace rocktune {

std::string OpenAiChatReply(const std::string& text);
std::string ResponsesReply(const std::string& text);
std::string AnthropicReply(const std::string& text);
std::string GeminiReply(const std::string& text);

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_FAKES_DIALECT_REPLIES_H_
