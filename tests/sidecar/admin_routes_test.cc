#include "sidecar/admin_routes.h"

#include <optional>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sidecar/json_fields.h"
#include "tests/fakes/scripted_control.h"
#include "tests/status_matchers.h"

namespace rocktune {
namespace {

using ::testing::HasSubstr;

class AdminRoutesTest : public ::testing::Test {
 protected:
  AdminRoutesTest() { FillTypical(&control_); }

  AdminResponse Ask(const std::string& method, const std::string& target,
                    const std::string& body = "", bool may_change = true) {
    std::optional<AdminResponse> answer;
    AdminRequest request;
    request.method = method;
    request.target = target;
    request.body = body;
    request.uid = 1000;
    request.may_change = may_change;
    DispatchAdmin(request, &control_, [&answer](AdminResponse response) {
      EXPECT_FALSE(answer.has_value()) << "answered twice";
      answer = std::move(response);
    });
    EXPECT_TRUE(answer.has_value());
    EXPECT_OK(ParseJson(answer->body)) << answer->body;
    return *answer;
  }
  AdminResponse Get(const std::string& target) { return Ask("GET", target); }
  AdminResponse Post(const std::string& target, const std::string& body) {
    return Ask("POST", target, body);
  }

  ScriptedControl control_;
};

// What a model said, as parser and calibration have it.
AskedModel Asked() {
  AskedModel asked;
  asked.answer.outcome = CallOutcome::kOk;
  asked.answer.attempts = 1;
  asked.answer.usage.input = 4321;
  asked.answer.parsed.proposal = Proposal{ProposalSource::kLlm, "wider", {}};
  asked.answer.parsed.issues.push_back(
      {ReplyIssueCode::kUnknownOption, "", "", "no option \"warp_speed\""});
  asked.result.change_set.changes.push_back(
      {{"max_background_jobs", ""}, "2", "4", "more hands"});
  return asked;
}

TEST_F(AdminRoutesTest, ShowsWhatAModelWouldHaveTried) {
  control_.model = ModelStatus();
  control_.asked = Asked();
  control_.vetted = {control_.asked.answer.parsed, control_.asked.result};
  const AdminResponse asked = Post("/v1/ask", "{}");
  EXPECT_EQ(asked.http_status, 200) << asked.body;
  EXPECT_THAT(asked.body, HasSubstr(R"("input_tokens":4321)"));
  const AdminResponse vetted =
      Post("/v1/vet", R"({"text":"max_background_jobs=4"})");
  EXPECT_EQ(control_.last_text, "max_background_jobs=4");
  for (const AdminResponse& response : {asked, vetted}) {
    EXPECT_EQ(response.http_status, 200);
    EXPECT_THAT(response.body, HasSubstr(R"("code":"unknown_option")"));
    EXPECT_THAT(response.body, HasSubstr(R"("after":"4")"));
  }
  EXPECT_EQ(Ask("POST", "/v1/ask", "{}", false).http_status, 403);
}

TEST_F(AdminRoutesTest, SaysWhatToDoWithoutAModel) {
  for (const AdminResponse& response :
       {Get("/v1/llm"), Get("/v1/databases/main/payload"),
        Post("/v1/ask", "{}")}) {
    EXPECT_EQ(response.http_status, 409) << response.body;
    EXPECT_THAT(response.body, HasSubstr("no model is configured"));
  }
}

TEST_F(AdminRoutesTest, AnswersEveryReadingRoute) {
  control_.model = ModelStatus();
  control_.model->breaker = "closed";
  struct Row {
    const char* target;
    const char* part;
  };
  for (const Row& row : std::vector<Row>{
           {"/v1/help", R"("path":"/v1/trials/{id}")"},
           {"/v1/status", R"("memory_budget_bytes":4294967296)"},
           {"/v1/status/", R"("mode":"auto")"},
           {"/v1/databases", R"("name":"main")"},
           {"/v1/databases/main", R"("state":"measuring")"},
           {"/v1/databases/main/windows?limit=2", R"("number":2)"},
           {"/v1/databases/main/profile", R"("zipf_exponent":null)"},
           {"/v1/databases/main/options", R"("at_attach":"33554432")"},
           {"/v1/databases/main/catalogue", R"("max_step_factor":4)"},
           {"/v1/llm", R"("breaker":"closed")"},
           {"/v1/databases/main/payload", R"("payload":"{\"model)"},
           {"/v1/history", R"("line":"mode suggest -> auto")"},
           {"/v1/history?database=main&limit=1", R"("uid":null)"},
           {"/v1/trials/7", R"("in_force_s":60)"},
           {"/v1/why?option=block_cache.capacity", R"("verdict":"kept")"},
       }) {
    const AdminResponse response = Get(row.target);
    EXPECT_EQ(response.http_status, 200) << row.target << response.body;
    EXPECT_THAT(response.body, HasSubstr(row.part)) << row.target;
  }
}

TEST_F(AdminRoutesTest, TurnsEveryChangingRouteIntoItsCommand) {
  struct Row {
    const char* target;
    const char* body;
    CommandKind kind;
  };
  control_.reply->change_set.changes.emplace_back();
  for (const Row& row : std::vector<Row>{
           {"/v1/freeze", "", CommandKind::kFreeze},
           {"/v1/resume", "{}", CommandKind::kResume},
           {"/v1/mode", R"({"mode":"observe"})", CommandKind::kMode},
           {"/v1/rollback", R"({"to":"last"})", CommandKind::kRollback},
           {"/v1/propose",
            R"({"changes":[{"option":"write_buffer_size","value":"1MB"}]})",
            CommandKind::kPropose},
           {"/v1/approve", "{}", CommandKind::kApprove},
           {"/v1/reject", "{}", CommandKind::kReject},
           {"/v1/pin", R"({"option":"x","value":1})", CommandKind::kPin},
           {"/v1/unpin", R"({"option":"x"})", CommandKind::kUnpin},
       }) {
    control_.commands.clear();
    const AdminResponse response = Post(row.target, row.body);
    EXPECT_EQ(response.http_status, 200) << row.target << response.body;
    ASSERT_EQ(control_.commands.size(), 1u) << row.target;
    EXPECT_EQ(control_.commands[0].kind, row.kind);
    EXPECT_EQ(control_.commands[0].uid, 1000u);
  }
}

TEST_F(AdminRoutesTest, CarriesAProposalWithScopeValueAndReason) {
  Post("/v1/propose",
       R"({"database":"main","reason":"more room","changes":[
          {"option":"write_buffer_size","scope":"hot","value":"128MiB"},
          {"option":"block_cache.capacity","value":1073741824,
           "reason":"own"}]})");
  ASSERT_EQ(control_.commands.size(), 1u);
  const Command& command = control_.commands[0];
  EXPECT_EQ(command.database, "main");
  ASSERT_EQ(command.changes.size(), 2u);
  EXPECT_EQ(command.changes[0].column_family, "hot");
  EXPECT_EQ(command.changes[0].value, "128MiB");
  EXPECT_EQ(command.changes[0].reason, "more room");
  EXPECT_EQ(command.changes[1].value, "1073741824");
  EXPECT_EQ(command.changes[1].reason, "own");
}

TEST_F(AdminRoutesTest, AnswersARefusedProposalWithItsNotes) {
  CommandReply reply;
  reply.message = "nothing of it can be tried";
  CalibrationNote note;
  note.rejected = true;
  note.code = "forbidden";
  reply.notes.push_back(note);
  control_.reply = reply;
  const AdminResponse response =
      Post("/v1/propose", R"({"changes":[{"option":"a","value":"b"}]})");
  EXPECT_EQ(response.http_status, 409);
  EXPECT_THAT(response.body, HasSubstr(R"("code":"failed_precondition")"));
  EXPECT_THAT(response.body, HasSubstr(R"("code":"forbidden")"));
}

TEST_F(AdminRoutesTest, APinIsAValueARangeOrADenial) {
  Post("/v1/pin", R"({"option":"x","value":"64MiB"})");
  Post("/v1/pin", R"({"option":"x","scope":"hot","max":9})");
  Post("/v1/pin", R"({"option":"x","denied":true})");
  ASSERT_EQ(control_.commands.size(), 3u);
  EXPECT_EQ(control_.commands[0].pin.min, "64MiB");
  EXPECT_EQ(control_.commands[0].pin.max, "64MiB");
  EXPECT_EQ(control_.commands[1].pin.min, "");
  EXPECT_EQ(control_.commands[1].pin.max, "9");
  EXPECT_EQ(control_.commands[1].pin.column_family, "hot");
  EXPECT_TRUE(control_.commands[2].pin.denied);
}

TEST_F(AdminRoutesTest, RefusesABadBodyBeforeTheTunerSeesIt) {
  struct Row {
    const char* target;
    const char* body;
    const char* message;
  };
  for (const Row& row : std::vector<Row>{
           {"/v1/freeze", "[]", "must be a JSON object"},
           {"/v1/freeze", "{", "not JSON"},
           {"/v1/freeze", R"({"reasn":"x"})", "did you mean \\\"reason\\\""},
           {"/v1/freeze", R"({"reason":1})", "must be a string"},
           {"/v1/mode", R"({"mode":"atuo"})", "did you mean \\\"auto\\\""},
           {"/v1/mode", "", "is none of off, observe"},
           {"/v1/rollback", "{}", "last, baseline or a trial's id"},
           {"/v1/rollback", R"({"to":-3})", "last, baseline"},
           {"/v1/propose", "{}", "at least one change"},
           {"/v1/propose", R"({"changes":[1]})", "must be an object"},
           {"/v1/propose", R"({"changes":[{"option":"a"}]})", "needs"},
           {"/v1/propose",
            R"({"changes":[{"option":"a","value":"1","sope":"x"}]})",
            "did you mean \\\"scope\\\""},
           {"/v1/pin", R"({"option":"a"})", "a pin is one of"},
           {"/v1/pin", R"({"option":"a","value":1,"min":2})", "one of"},
           {"/v1/pin", R"({"value":1})", "\\\"option\\\" is missing"},
       }) {
    const AdminResponse response = Post(row.target, row.body);
    EXPECT_EQ(response.http_status, 400) << row.target << row.body;
    EXPECT_THAT(response.body, HasSubstr(row.message)) << row.target;
  }
  EXPECT_TRUE(control_.commands.empty());
}

TEST_F(AdminRoutesTest, AViewerReadsButChangesNothing) {
  EXPECT_EQ(Ask("GET", "/v1/status", "", false).http_status, 200);
  EXPECT_EQ(Ask("POST", "/v1/freeze", "{}", false).http_status, 403);
  EXPECT_TRUE(control_.commands.empty());
}

TEST_F(AdminRoutesTest, EveryRouteOfTheTableThatChangesIsAPost) {
  for (const AdminRoute& route : AdminRoutes()) {
    EXPECT_EQ(route.changes_state, route.method == "POST") << route.path;
  }
}

TEST_F(AdminRoutesTest, AWrongMethodIsToldTheRightOne) {
  const AdminResponse response = Get("/v1/freeze");
  EXPECT_EQ(response.http_status, 405);
  EXPECT_EQ(response.allow, "POST");
  EXPECT_EQ(Ask("DELETE", "/v1/trials/7").allow, "GET");
  EXPECT_TRUE(control_.commands.empty());
}

TEST_F(AdminRoutesTest, AnUnknownPathIsToldTheNearest) {
  const AdminResponse response = Get("/v1/statsu");
  EXPECT_EQ(response.http_status, 404);
  EXPECT_THAT(response.body, HasSubstr("did you mean \\\"/v1/status\\\""));
  EXPECT_EQ(Get("/").http_status, 404);
  EXPECT_EQ(Get("/v1/databases/nosuch").http_status, 404);
}

TEST_F(AdminRoutesTest, RefusesBadParameters) {
  EXPECT_EQ(Get("/v1/history?limt=3").http_status, 400);
  EXPECT_EQ(Get("/v1/history?limit=0").http_status, 400);
  EXPECT_EQ(Get("/v1/history?limit=-1").http_status, 400);
  EXPECT_EQ(Get("/v1/history?limit=1&limit=2").http_status, 400);
  EXPECT_EQ(Get("/v1/history?database=%zz").http_status, 400);
  EXPECT_EQ(Get("/v1/trials/x").http_status, 400);
  EXPECT_EQ(Get("/v1/why").http_status, 400);
  EXPECT_EQ(Get("v1").http_status, 400);
}

TEST_F(AdminRoutesTest, CutsALimitThatWouldKeepTheLoopBusy) {
  EXPECT_EQ(Get("/v1/history?limit=999999999").http_status, 200);
  EXPECT_EQ(control_.last_limit, 1000u);
}

TEST_F(AdminRoutesTest, FindsADatabaseWhoseNameNeedsEncoding) {
  const std::string name = "a b/\"\n?";
  control_.databases[name] = control_.databases["main"];
  const AdminResponse response =
      Get("/v1/databases/" + PercentEncoded(name) + "/options");
  EXPECT_EQ(response.http_status, 200) << response.body;
}

TEST_F(AdminRoutesTest, PassesTheTunersRefusalOn) {
  control_.reply = absl::FailedPreconditionError("frozen: resume first");
  const AdminResponse response = Post("/v1/approve", "{}");
  EXPECT_EQ(response.http_status, 409);
  EXPECT_THAT(response.body, HasSubstr("frozen: resume first"));
}

}  // namespace
}  // namespace rocktune
