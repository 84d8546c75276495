// One recorded exchange as the JSON text of its file. Inside llm/ only.
#ifndef ROCKTUNE_LLM_RECORDING_TEXT_H_
#define ROCKTUNE_LLM_RECORDING_TEXT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "llm/recording.h"
#include "llm/secret.h"

namespace rocktune {

constexpr int kRecordingFormat = 1;

// More than the largest request and reply take, escaped.
constexpr size_t kMaxRecordingFileBytes = 4 << 20;

// Valid JSON, whatever the reply holds. `secrets` are taken out of every text
// in it, and out of the texts of a reply that is JSON itself.
std::string WriteExchange(const RecordedExchange& exchange,
                          const std::vector<Secret>& secrets);

// InvalidArgument says what is wrong: too large, not JSON, of another format,
// or a field is missing or of another kind. `file` stays empty.
absl::StatusOr<RecordedExchange> ReadExchange(absl::string_view text);

}  // namespace rocktune

#endif  // ROCKTUNE_LLM_RECORDING_TEXT_H_
