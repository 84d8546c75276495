#include "llm/secret.h"

#include <openssl/crypto.h>

#include <utility>

#include "absl/strings/str_replace.h"

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

}  // namespace rocktune
