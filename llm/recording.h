// A folder with exchanges as they were: one JSON file for each, to look at, to
// send with a report, to replay. No file holds a key.
#ifndef ROCKTUNE_LLM_RECORDING_H_
#define ROCKTUNE_LLM_RECORDING_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "llm/http_exchange.h"
#include "llm/model_call.h"
#include "llm/provider.h"
#include "llm/secret.h"

namespace rocktune {

// Of one recording; whatever is beyond is neither written nor read.
constexpr int kMaxRecordedExchanges = 10'000;
constexpr uint64_t kMaxRecordedBytes = 256 << 20;

// One exchange. The fields of the request are filled by RecordingWriter.
struct RecordedExchange {
  std::string file;      // its name in the folder
  int call = 0;          // the number of the first exchange of the same call
  std::string provider;  // name of the preset
  Dialect dialect = Dialect::kOpenAiChat;
  std::string model;  // that was asked
  int families = 0;   // column families of the database, cf0 ...
  ModelQuestion question;
  Rung rung;
  // The request; headers with secrets are named without their values.
  std::string target;
  std::vector<std::pair<std::string, std::string>> headers;
  std::vector<std::string> secret_headers;
  std::string body;
  // Without the headers that tell who asked (cookies, accounts).
  HttpResult result;
  CallOutcome outcome = CallOutcome::kOk;  // as it was read then
  std::string error;
  absl::Time began;
  absl::Duration took;  // in milliseconds
};

// All exchanges of the folder in the order they were recorded, at least one.
// FailedPrecondition with the file and what is wrong with it: the folder or a
// file cannot be read, a file is broken, of another format or none of ours
// (hidden files are skipped), or there is more than the limits above. Tell the
// operator.
absl::StatusOr<std::vector<RecordedExchange>> ReadRecording(
    const std::string& dir);

// Writes into a folder, behind what is already there. Thread-compatible; one
// writer a folder.
class RecordingWriter {
 public:
  // Makes the folder (0700), but not its parents. FailedPrecondition when it
  // cannot be made or read, or holds foreign files.
  static absl::StatusOr<RecordingWriter> Open(const std::string& dir);

  // The number of the next exchange.
  int next() const { return next_; }

  // Writes `exchange` with the facts of `request`, whole or not at all, in a
  // file of mode 0600. `key` and the values of the request's secret headers
  // are taken out wherever they stand, escaped or not.
  // ResourceExhausted, once: the recording is full, and nothing is written any
  // more; later calls are OK and do nothing. FailedPrecondition: this exchange
  // could not be written. Tell the operator and go on.
  absl::Status Write(RecordedExchange exchange, const HttpRequest& request,
                     const Secret& key);

 private:
  explicit RecordingWriter(std::string dir) : dir_(std::move(dir)) {}
  absl::Status WriteFile(const std::string& name, const std::string& text);

  std::string dir_;
  int next_ = 1;
  uint64_t bytes_ = 0;  // in the folder
  bool full_ = false;
};

}  // namespace rocktune

#endif  // ROCKTUNE_LLM_RECORDING_H_
