#include "tests/fakes/dialect_replies.h"

#include <boost/json.hpp>

namespace rocktune {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

constexpr int kTokensIn = 1000;
constexpr int kTokensOut = 200;

}  // namespace

std::string OpenAiChatReply(const std::string& text) {
  const object message = {
      {"role", "assistant"}, {"content", text}, {"refusal", nullptr}};
  const object choice = {
      {"index", 0}, {"message", message}, {"finish_reason", "stop"}};
  const object usage = {{"prompt_tokens", kTokensIn},
                        {"completion_tokens", kTokensOut},
                        {"total_tokens", kTokensIn + kTokensOut}};
  return serialize(object{{"id", "chatcmpl-1"},
                          {"object", "chat.completion"},
                          {"created", 1767225600},
                          {"model", "scripted-1"},
                          {"choices", array{value(choice)}},
                          {"usage", usage}});
}

std::string ResponsesReply(const std::string& text) {
  const object reasoning = {
      {"id", "rs_1"}, {"type", "reasoning"}, {"summary", array{}}};
  const object part = {
      {"type", "output_text"}, {"text", text}, {"annotations", array{}}};
  const object message = {{"id", "msg_1"},
                          {"type", "message"},
                          {"role", "assistant"},
                          {"status", "completed"},
                          {"content", array{value(part)}}};
  const object usage = {{"input_tokens", kTokensIn},
                        {"output_tokens", kTokensOut},
                        {"total_tokens", kTokensIn + kTokensOut}};
  return serialize(object{{"id", "resp_1"},
                          {"object", "response"},
                          {"status", "completed"},
                          {"error", nullptr},
                          {"incomplete_details", nullptr},
                          {"model", "scripted-1"},
                          {"output", array{value(reasoning), value(message)}},
                          {"usage", usage}});
}

std::string AnthropicReply(const std::string& text) {
  const object block = {{"type", "text"}, {"text", text}};
  const object usage = {{"input_tokens", kTokensIn},
                        {"cache_creation_input_tokens", 0},
                        {"cache_read_input_tokens", 0},
                        {"output_tokens", kTokensOut}};
  return serialize(object{{"id", "msg_1"},
                          {"type", "message"},
                          {"role", "assistant"},
                          {"model", "scripted-1"},
                          {"content", array{value(block)}},
                          {"stop_reason", "end_turn"},
                          {"stop_sequence", nullptr},
                          {"usage", usage}});
}

std::string GeminiReply(const std::string& text) {
  const object part = {{"text", text}};
  const object content = {{"role", "model"}, {"parts", array{value(part)}}};
  const object candidate = {
      {"index", 0}, {"content", content}, {"finishReason", "STOP"}};
  const object usage = {{"promptTokenCount", kTokensIn},
                        {"candidatesTokenCount", kTokensOut},
                        {"totalTokenCount", kTokensIn + kTokensOut}};
  return serialize(object{{"candidates", array{value(candidate)}},
                          {"usageMetadata", usage},
                          {"modelVersion", "scripted-1"},
                          {"responseId", "r1"}});
}

}  // namespace rocktune
