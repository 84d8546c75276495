#include "llm/secret.h"

#include <openssl/crypto.h>

#include <utility>

#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace rocktune {

Secret::Secret(std::string text) : bytes_(text.begin(), text.end()) {
  OPENSSL_cleanse(text.data(), text.size());
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    Wipe();
    bytes_ = std::move(other.bytes_);
    other.bytes_.clear();
  }
  return *this;
}

std::string Secret::Redact(absl::string_view text) const {
  if (bytes_.size() < kShortestRedacted) return std::string(text);
  return absl::StrReplaceAll(text, {{Reveal(), "[key]"}});
}

void Secret::Wipe() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

std::vector<Secret> SecretsOf(
    const std::vector<std::pair<std::string, std::string>>& headers) {
  std::vector<Secret> secrets;
  for (const auto& [name, value] : headers) {
    secrets.emplace_back(value);  // whole before its words
    for (const absl::string_view word : absl::StrSplit(value, ' ')) {
      if (word.size() < value.size()) secrets.emplace_back(std::string(word));
    }
  }
  return secrets;
}

std::string Redact(const std::vector<Secret>& secrets, std::string text) {
  for (const Secret& secret : secrets) text = secret.Redact(text);
  return text;
}

}  // namespace rocktune
