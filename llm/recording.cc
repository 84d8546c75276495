#include "llm/recording.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "llm/recording_text.h"
#include "policy/status_macros.h"

namespace rocktune {
namespace {

namespace fs = std::filesystem;

struct RecordingFile {
  int number = 0;
  std::string name;  // "0007-ok.json"
  uint64_t bytes = 0;
};

absl::Status Trouble(const std::string& path, absl::string_view why) {
  return absl::FailedPreconditionError(
      absl::StrCat("recording: ", path, ": ", why));
}

absl::Status TroubleOfSystem(const std::string& path) {
  return Trouble(path, std::strerror(errno));
}

int NumberOf(const std::string& name) {
  int number = 0;
  const size_t dash = name.find('-');
  if (dash == name.npos || !absl::EndsWith(name, ".json") ||
      !absl::SimpleAtoi(name.substr(0, dash), &number)) {
    return 0;
  }
  return number;
}

absl::Status CheckLimits(const std::string& dir,
                         const std::vector<RecordingFile>& files) {
  uint64_t bytes = 0;
  for (const RecordingFile& file : files) bytes += file.bytes;
  if (files.size() <= kMaxRecordedExchanges && bytes <= kMaxRecordedBytes) {
    return absl::OkStatus();
  }
  return Trouble(
      dir, absl::StrCat("holds more than ", kMaxRecordedExchanges, " files or ",
                        kMaxRecordedBytes >> 20, " MiB"));
}

// By number.
absl::StatusOr<std::vector<RecordingFile>> ListFiles(const std::string& dir) {
  std::vector<RecordingFile> files;
  std::error_code error;
  for (fs::directory_iterator at(dir, error), end; !error && at != end;
       at.increment(error)) {
    RecordingFile file;
    file.name = at->path().filename().string();
    if (absl::StartsWith(file.name, ".")) continue;
    file.number = NumberOf(file.name);
    std::error_code no_size;
    file.bytes = at->file_size(no_size);
    if (file.number < 1 || no_size) {
      return Trouble(at->path().string(), "no file of a recording");
    }
    files.push_back(std::move(file));
    if (files.size() > kMaxRecordedExchanges) break;
  }
  if (error) return Trouble(dir, error.message());
  ROCKTUNE_RETURN_IF_ERROR(CheckLimits(dir, files));
  std::sort(files.begin(), files.end(),
            [](const RecordingFile& a, const RecordingFile& b) {
              return a.number < b.number;
            });
  return files;
}

bool IsSecret(const HttpRequest& request, const std::string& header) {
  const auto& names = request.secret_headers;
  return std::find(names.begin(), names.end(), header) != names.end();
}

// Whatever could be the key in what is recorded.
std::vector<Secret> SecretsIn(const HttpRequest& request, const Secret& key) {
  std::vector<std::pair<std::string, std::string>> headers;
  for (const auto& header : request.headers) {
    if (IsSecret(request, header.first)) headers.push_back(header);
  }
  std::vector<Secret> secrets;
  secrets.emplace_back(std::string(key.Reveal()));
  for (Secret& secret : SecretsOf(headers)) {
    secrets.push_back(std::move(secret));
  }
  return secrets;
}

void TakeRequest(const HttpRequest& request, RecordedExchange* exchange) {
  exchange->target = request.target;
  exchange->body = request.body;
  exchange->secret_headers = request.secret_headers;
  for (const auto& [name, value] : request.headers) {
    if (!IsSecret(request, name)) exchange->headers.emplace_back(name, value);
  }
}

}  // namespace

absl::StatusOr<std::vector<RecordedExchange>> ReadRecording(
    const std::string& dir) {
  ROCKTUNE_ASSIGN_OR_RETURN(const auto files, ListFiles(dir));
  std::vector<RecordedExchange> exchanges;
  for (const RecordingFile& file : files) {
    const std::string path = absl::StrCat(dir, "/", file.name);
    if (file.bytes > kMaxRecordingFileBytes) return Trouble(path, "too large");
    std::ifstream stream(path, std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(stream)),
                           std::istreambuf_iterator<char>());
    if (!stream.good() && !stream.eof()) return Trouble(path, "cannot be read");
    auto exchange = ReadExchange(text);
    if (!exchange.ok()) {
      return Trouble(path, std::string(exchange.status().message()));
    }
    exchange->file = file.name;
    exchanges.push_back(*std::move(exchange));
  }
  if (exchanges.empty()) return Trouble(dir, "holds no exchange");
  return exchanges;
}

absl::StatusOr<RecordingWriter> RecordingWriter::Open(const std::string& dir) {
  if (mkdir(dir.c_str(), 0700) != 0 && errno != EEXIST) {
    return TroubleOfSystem(dir);
  }
  if (access(dir.c_str(), W_OK | X_OK) != 0) return TroubleOfSystem(dir);
  ROCKTUNE_ASSIGN_OR_RETURN(const auto files, ListFiles(dir));
  RecordingWriter writer(dir);
  for (const RecordingFile& file : files) {
    writer.bytes_ += file.bytes;
    writer.next_ = file.number + 1;
  }
  return writer;
}

absl::Status RecordingWriter::Write(RecordedExchange exchange,
                                    const HttpRequest& request,
                                    const Secret& key) {
  if (full_) return absl::OkStatus();
  TakeRequest(request, &exchange);
  const std::string text = WriteExchange(exchange, SecretsIn(request, key));
  if (next_ > kMaxRecordedExchanges ||
      bytes_ + text.size() > kMaxRecordedBytes) {
    full_ = true;
    return absl::ResourceExhaustedError(absl::StrCat(
        "recording: ", dir_, ": full, nothing more is recorded (",
        kMaxRecordedExchanges, " files, ", kMaxRecordedBytes >> 20, " MiB)"));
  }
  ROCKTUNE_RETURN_IF_ERROR(
      WriteFile(absl::StrFormat("%04d-%s.json", next_,
                                std::string(ToString(exchange.outcome))),
                text));
  ++next_;
  bytes_ += text.size();
  return absl::OkStatus();
}

// Who looks into the folder sees whole files only.
absl::Status RecordingWriter::WriteFile(const std::string& name,
                                        const std::string& text) {
  const std::string path = absl::StrCat(dir_, "/", name);
  const std::string temporary = absl::StrCat(dir_, "/.", name, ".tmp");
  unlink(temporary.c_str());  // of a process that was killed
  const int fd = open(temporary.c_str(),
                      O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                      S_IRUSR | S_IWUSR);
  if (fd < 0) return TroubleOfSystem(temporary);
  auto remove = absl::MakeCleanup([&] { unlink(temporary.c_str()); });
  absl::Status written = absl::OkStatus();
  for (size_t at = 0; at < text.size() && written.ok();) {
    const ssize_t count = write(fd, text.data() + at, text.size() - at);
    if (count >= 0) {
      at += static_cast<size_t>(count);
    } else if (errno != EINTR) {
      written = TroubleOfSystem(temporary);
    }
  }
  close(fd);
  ROCKTUNE_RETURN_IF_ERROR(written);
  if (rename(temporary.c_str(), path.c_str()) != 0) {
    return TroubleOfSystem(path);
  }
  std::move(remove).Cancel();
  return absl::OkStatus();
}

}  // namespace rocktune
