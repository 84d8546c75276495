// Where the key of a provider comes from.
#ifndef ROCKTUNE_LLM_KEY_READER_H_
#define ROCKTUNE_LLM_KEY_READER_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "llm/secret.h"

namespace rocktune {

// The first of these that is there: `file`; else $CREDENTIALS_DIRECTORY/
// `credential`, as systemd's LoadCredential= puts it; else the first of the
// environment variables `variables` that is not empty.
struct KeySource {
  std::string file;  // an absolute path; when set, nothing else is looked at
  std::string credential;
  std::vector<std::string> variables;
  // Local servers want no key: nothing found is an empty Secret then.
  bool optional = false;
};

constexpr size_t kMaxKeyBytes = 8 * 1024;

// Reads the key, without spaces and line ends around it. No message holds any
// part of the key.
//   NotFound: no source has one. Tell the operator where it was looked for.
//   FailedPrecondition: the file cannot be read, is no regular file, is owned
//     by another user or open to others. Tell the operator; the message holds
//     the command that mends it.
//   InvalidArgument: empty, over kMaxKeyBytes, or with bytes that no header
//     may hold.
absl::StatusOr<Secret> ReadKey(const KeySource& source);

// Who may own a file with a key: this user, or root, who may read it anyway.
// FailedPrecondition, with the command that mends it.
struct KeyFileOwner {
  std::string path;
  uint32_t owner = 0;
  uint32_t self = 0;  // the user this process acts as
};
absl::Status CheckKeyFileOwner(const KeyFileOwner& file);

// Reads the key anew at each call: calls to a model are rare, and so a key is
// rotated by rewriting its file. Thread-compatible.
class KeyReader {
 public:
  explicit KeyReader(KeySource source) : source_(std::move(source)) {}
  absl::StatusOr<Secret> Get() const { return ReadKey(source_); }

 private:
  KeySource source_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_LLM_KEY_READER_H_
