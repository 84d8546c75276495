#include "sidecar/admin_message.h"

#include <iterator>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "policy/status_macros.h"
#include "sidecar/json_writer.h"

namespace rocktune {
namespace {

struct StatusRow {
  absl::StatusCode code;
  absl::string_view name;
  int http_status;
};

constexpr StatusRow kStatusRows[] = {
    {absl::StatusCode::kCancelled, "cancelled", 503},
    {absl::StatusCode::kInvalidArgument, "invalid_argument", 400},
    {absl::StatusCode::kDeadlineExceeded, "deadline_exceeded", 504},
    {absl::StatusCode::kNotFound, "not_found", 404},
    {absl::StatusCode::kAlreadyExists, "already_exists", 409},
    {absl::StatusCode::kPermissionDenied, "permission_denied", 403},
    {absl::StatusCode::kResourceExhausted, "resource_exhausted", 429},
    {absl::StatusCode::kFailedPrecondition, "failed_precondition", 409},
    {absl::StatusCode::kAborted, "aborted", 409},
    {absl::StatusCode::kOutOfRange, "out_of_range", 400},
    {absl::StatusCode::kUnimplemented, "unimplemented", 501},
    {absl::StatusCode::kInternal, "internal", 500},
    {absl::StatusCode::kUnavailable, "unavailable", 503},
    {absl::StatusCode::kDataLoss, "data_loss", 500},
    {absl::StatusCode::kUnknown, "unknown", 500},
};

const StatusRow& RowOf(absl::StatusCode code) {
  for (const StatusRow& row : kStatusRows) {
    if (row.code == code) return row;
  }
  return kStatusRows[std::size(kStatusRows) - 1];
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = absl::ascii_tolower(static_cast<unsigned char>(c));
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

absl::StatusOr<std::string> PercentDecoded(absl::string_view text,
                                           bool plus_is_space) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      const int high = i + 1 < text.size() ? HexDigit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? HexDigit(text[i + 2]) : -1;
      if (high < 0 || low < 0) {
        return absl::InvalidArgumentError("bad percent-encoding in the URL");
      }
      out += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return out;
}

}  // namespace

absl::StatusOr<AdminTarget> ParseTarget(absl::string_view target) {
  if (target.empty() || target[0] != '/') {
    return absl::InvalidArgumentError("the request target must be a path");
  }
  AdminTarget parsed;
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(target, absl::MaxSplits('?', 1));
  for (absl::string_view raw : absl::StrSplit(parts.first.substr(1), '/')) {
    ROCKTUNE_ASSIGN_OR_RETURN(std::string segment, PercentDecoded(raw, false));
    parsed.path.push_back(std::move(segment));
  }
  // One slash at the end changes nothing.
  if (parsed.path.size() > 1 && parsed.path.back().empty()) {
    parsed.path.pop_back();
  }
  for (absl::string_view raw :
       absl::StrSplit(parts.second, '&', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> pair =
        absl::StrSplit(raw, absl::MaxSplits('=', 1));
    ROCKTUNE_ASSIGN_OR_RETURN(std::string key,
                              PercentDecoded(pair.first, true));
    ROCKTUNE_ASSIGN_OR_RETURN(std::string value,
                              PercentDecoded(pair.second, true));
    if (!parsed.query.emplace(key, std::move(value)).second) {
      return absl::InvalidArgumentError(
          absl::StrCat("parameter \"", key, "\" is given twice"));
    }
  }
  return parsed;
}

std::string PercentEncoded(absl::string_view text) {
  std::string out;
  for (char c : text) {
    const unsigned char byte = static_cast<unsigned char>(c);
    if (absl::ascii_isalnum(byte) || c == '-' || c == '.' || c == '_' ||
        c == '~') {
      out += c;
    } else {
      absl::StrAppendFormat(&out, "%%%02X", byte);
    }
  }
  return out;
}

absl::string_view ErrorCodeName(absl::StatusCode code) {
  return RowOf(code).name;
}

AdminResponse ErrorResponse(const absl::Status& status) {
  const StatusRow& row = RowOf(status.code());
  return HttpErrorResponse(
      row.http_status, row.name,
      absl::string_view(status.message().data(), status.message().size()));
}

AdminResponse HttpErrorResponse(int http_status, absl::string_view code,
                                absl::string_view message) {
  JsonWriter json;
  json.BeginObject()
      .Key("error")
      .BeginObject()
      .Field("code", code)
      .Field("message", message)
      .EndObject()
      .EndObject();
  AdminResponse response;
  response.http_status = http_status;
  response.body = json.Take();
  return response;
}

}  // namespace rocktune
