#include "sidecar/admin_reads.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "sidecar/json_views.h"
#include "sidecar/json_writer.h"

namespace rocktune {
namespace {

// {"key":[...]}
template <typename T>
AdminResponse ListResponse(absl::string_view key, const std::vector<T>& items) {
  JsonWriter json;
  json.BeginObject().Key(key).BeginArray();
  for (const T& item : items) WriteJson(item, &json);
  json.EndArray().EndObject();
  AdminResponse response;
  response.body = json.Take();
  return response;
}

template <typename T>
AdminResponse ObjectResponse(const T& object) {
  JsonWriter json;
  WriteJson(object, &json);
  AdminResponse response;
  response.body = json.Take();
  return response;
}

template <typename T>
AdminResponse ListOrError(absl::string_view key,
                          const absl::StatusOr<std::vector<T>>& items) {
  return items.ok() ? ListResponse(key, *items) : ErrorResponse(items.status());
}

absl::StatusOr<size_t> LimitOf(const AdminCall& call, size_t most) {
  const std::string text = call.Value("limit");
  if (text.empty()) return kUsualItems;
  uint64_t limit = 0;
  if (!absl::SimpleAtoi(text, &limit) || limit == 0) {
    return absl::InvalidArgumentError("limit must be a number of at least 1");
  }
  return static_cast<size_t>(std::min<uint64_t>(limit, most));
}

}  // namespace

void AnswerStatus(const AdminCall& call, AdminDone done) {
  done(ObjectResponse(call.control->Status()));
}

void AnswerDatabases(const AdminCall& call, AdminDone done) {
  std::vector<DatabaseStatus> databases;
  for (const std::string& name : call.control->Status().databases) {
    absl::StatusOr<DatabaseStatus> database = call.control->Database(name);
    // One that was detached meanwhile is no longer part of the answer.
    if (database.ok()) databases.push_back(*std::move(database));
  }
  done(ListResponse("databases", databases));
}

void AnswerDatabase(const AdminCall& call, AdminDone done) {
  const absl::StatusOr<DatabaseStatus> database =
      call.control->Database(call.Value("name"));
  done(database.ok() ? ObjectResponse(*database)
                     : ErrorResponse(database.status()));
}

void AnswerWindows(const AdminCall& call, AdminDone done) {
  const absl::StatusOr<size_t> limit = LimitOf(call, kMostWindows);
  if (!limit.ok()) return done(ErrorResponse(limit.status()));
  done(ListOrError("windows",
                   call.control->Windows(call.Value("name"), *limit)));
}

void AnswerProfile(const AdminCall& call, AdminDone done) {
  const absl::StatusOr<WorkloadProfile> profile =
      call.control->Profile(call.Value("name"));
  done(profile.ok() ? ObjectResponse(*profile)
                    : ErrorResponse(profile.status()));
}

void AnswerOptions(const AdminCall& call, AdminDone done) {
  done(ListOrError("options", call.control->Options(call.Value("name"))));
}

void AnswerCatalogue(const AdminCall& call, AdminDone done) {
  const absl::StatusOr<Catalogue> catalogue =
      call.control->CatalogueOf(call.Value("name"));
  done(catalogue.ok() ? ListResponse("catalogue", catalogue->rows())
                      : ErrorResponse(catalogue.status()));
}

void AnswerHistory(const AdminCall& call, AdminDone done) {
  const absl::StatusOr<size_t> limit = LimitOf(call, kMostHistoryEntries);
  if (!limit.ok()) return done(ErrorResponse(limit.status()));
  call.control->History(
      call.Value("database"), *limit,
      [done = std::move(done)](
          absl::StatusOr<std::vector<HistoryEntry>> entries) mutable {
        done(ListOrError("history", entries));
      });
}

void AnswerTrial(const AdminCall& call, AdminDone done) {
  int64_t id = 0;
  if (!absl::SimpleAtoi(call.Value("id"), &id) || id <= 0) {
    return done(ErrorResponse(
        absl::InvalidArgumentError("a trial's id is a positive number")));
  }
  call.control->TrialById(id, [done = std::move(done)](
                                  absl::StatusOr<Trial> trial) mutable {
    done(trial.ok() ? ObjectResponse(*trial) : ErrorResponse(trial.status()));
  });
}

void AnswerWhy(const AdminCall& call, AdminDone done) {
  const absl::StatusOr<size_t> limit = LimitOf(call, kMostHistoryEntries);
  if (!limit.ok()) return done(ErrorResponse(limit.status()));
  if (call.Value("option").empty()) {
    return done(ErrorResponse(absl::InvalidArgumentError(
        "say which option: /v1/why?option=write_buffer_size")));
  }
  call.control->Why(call.Value("database"), call.Value("option"), *limit,
                    [done = std::move(done)](
                        absl::StatusOr<std::vector<Trial>> trials) mutable {
                      done(ListOrError("trials", trials));
                    });
}

}  // namespace rocktune
