// A key that cannot be printed by mistake.
#ifndef ROCKTUNE_LLM_SECRET_H_
#define ROCKTUNE_LLM_SECRET_H_

#include <cstddef>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace rocktune {

// Holds the bytes of a key: no operator prints or compares them, and they are
// wiped when the object goes. Move-only. Thread-compatible.
class Secret {
 public:
  Secret() = default;  // empty: no key
  // Takes a copy and wipes `text`.
  explicit Secret(std::string text);
  ~Secret() { Wipe(); }
  Secret(Secret&& other) noexcept : bytes_(std::move(other.bytes_)) {
    other.bytes_.clear();
  }
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;

  bool empty() const { return bytes_.empty(); }

  // The key itself: only for the line that writes it into a request header.
  absl::string_view Reveal() const { return {bytes_.data(), bytes_.size()}; }

  // `text` with "[key]" for every copy of the key: what a server sends back
  // may echo it. Placeholders ("none", "ollama") are shorter than any real
  // key and may be words of an honest text: they are left.
  static constexpr size_t kShortestRedacted = 8;
  std::string Redact(absl::string_view text) const;

  template <typename T>
  friend bool operator==(const Secret&, const T&) = delete;
  template <typename Sink>
  friend void AbslStringify(Sink&, const Secret&) = delete;
  friend std::ostream& operator<<(std::ostream&, const Secret&) = delete;

 private:
  void Wipe();

  // Not a string: moving a short one leaves its bytes behind.
  std::vector<char> bytes_;
};

// The values of headers whose values nobody may see, and each word of them:
// of "Bearer abc..." a server may repeat the second only.
std::vector<Secret> SecretsOf(
    const std::vector<std::pair<std::string, std::string>>& headers);

// `text` without any of them.
std::string Redact(const std::vector<Secret>& secrets, std::string text);

}  // namespace rocktune

#endif  // ROCKTUNE_LLM_SECRET_H_
