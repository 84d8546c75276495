// Each rule against snippets that break it and snippets that only look so.
#include <gtest/gtest.h>

#include "tests/style/include_rules.h"
#include "tests/style/size_rules.h"
#include "tests/style/word_rules.h"

namespace rocktune::style {
namespace {

struct Row {
  const char* path;
  const char* text;
  size_t findings;
};

template <typename Rule>
void ExpectRows(Rule rule, const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    Findings findings = rule({row.path, row.text});
    EXPECT_EQ(findings.size(), row.findings)
        << row.path << ": " << row.text << "\n"
        << Describe(findings);
  }
}

TEST(IncludeRule, HoldsTheTable) {
  ExpectRows(
      CheckIncludes,
      {
          {"policy/a.cc", "#include <string>\n#include \"absl/a.h\"\n", 0},
          {"policy/a.cc", "#include \"hooks/a.h\"\n", 1},
          {"policy/a.cc", "#include \"rocksdb/db.h\"\n", 1},
          {"policy/a.cc", "#include <unistd.h>\n", 1},
          {"policy/a.cc", "#include <sys/stat.h>\n", 1},
          {"hooks/a.h", "#include \"rocksdb/db.h\"\n#include <sys/a.h>\n", 0},
          {"hooks/a.h", "#include <boost/json.hpp>\n", 1},
          {"hooks/a.h", "#include \"sidecar/a.h\"\n", 1},
          {"llm/a.h", "#include \"rocksdb/db.h\"\n", 1},
          {"sidecar/a.h", "#include \"sqlite3.h\"\n#include <sqlite3.h>\n", 0},
          {"sidecar/a.h", "#include \"bench/a.h\"\n", 1},
          {"sidecar/a.h", "#include \"a.h\"\n", 1},
          {"bench/a.cc", "#include \"sidecar/history.h\"\n", 0},
          {"bench/a.cc", "#include \"sidecar/control.h\"\n", 1},
          {"tests/hooks/a_test.cc", "#include \"sidecar/control.h\"\n", 0},
      });
}

TEST(IncludeRule, KeepsInstalledHeadersToStdAndRocksdb) {
  const char* kPath = "sidecar/include/rocktune/a.h";
  ExpectRows(CheckIncludes,
             {
                 {kPath, "#include <string>\n#include \"rocksdb/db.h\"\n", 0},
                 {kPath, "#include \"rocktune/config.h\"\n", 0},
                 {kPath, "#include \"absl/status/status.h\"\n", 1},
                 {kPath, "#include \"policy/state.h\"\n", 1},
             });
}

std::string Repeat(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

TEST(FileSizeRule, RefusesOneLineTooMany) {
  EXPECT_EQ(CheckFileSize({"policy/a.cc", Repeat("\n", 400)}).size(), 0u);
  EXPECT_EQ(CheckFileSize({"policy/a.cc", Repeat("\n", 401)}).size(), 1u);
  EXPECT_EQ(CheckFileSize({"scripts/a", Repeat("\n", 401)}).size(), 1u);
  EXPECT_EQ(CheckFileSize({"bench/a", "#!" + Repeat("\n", 401)}).size(), 1u);
  EXPECT_EQ(CheckFileSize({"policy/README.md", Repeat("\n", 41)}).size(), 1u);
  EXPECT_EQ(CheckFileSize({"README.md", Repeat("\n", 401)}).size(), 0u);
  EXPECT_EQ(CheckFileSize({"tests/golden/a.txt", Repeat("\n", 999)}).size(),
            0u);
}

// A function with this head and `lines` lines in all, inside a namespace.
size_t FunctionFindings(const std::string& head, int lines) {
  std::string text = "namespace a {\n\nconstexpr int kTable[] = {\n" +
                     Repeat("    1,\n", 90) + "};\n\n" + head +
                     Repeat("  F({1}, \"}\");  // }\n", lines - 2) +
                     "}\n\n}  // namespace a\n";
  return CheckFunctionSize({"policy/a.cc", text}).size();
}

TEST(FunctionSizeRule, RefusesOneLineTooMany) {
  for (const char* head :
       {"int F(int x) {\n", "TEST(A, B) {\n", "A::A() : b_{1}, c_(2) {\n",
        "A::A(int x) : b_(x) {\n", "bool operator==(A a, A b) {\n",
        "auto F() -> int {\n", "struct stat F(int x) {\n",
        "template <typename T>\nstruct A {\n void F() const override {\n"}) {
    EXPECT_EQ(FunctionFindings(head, 70), 0u) << head;
    EXPECT_EQ(FunctionFindings(head, 71), 1u) << head;
  }
}

TEST(FunctionSizeRule, LeavesTablesAndTypesAlone) {
  std::string fields = Repeat("  int a = F({1});\n", 90);
  for (const char* head :
       {"struct A {\n", "class A final : public B {\n", "enum class A {\n",
        "namespace b {\n", "const std::vector<A> kRows = {\n",
        "constexpr A kRows[] = {\n", "class __attribute__((x)) A {\n"}) {
    SourceFile file = {"policy/a.h", head + fields + "};\n"};
    EXPECT_EQ(Describe(CheckFunctionSize(file)), "") << head;
  }
}

TEST(BannedCallRule, HoldsInLibraries) {
  ExpectRows(
      CheckBannedCalls,
      {
          {"policy/a.cc", "auto t = absl::Now();", 1},
          {"hooks/a.cc", "std::chrono::steady_clock::now();", 1},
          {"hooks/a.cc", "using C = steady_clock;", 1},
          {"hooks/a.cc", "  usleep(3);", 1},
          {"hooks/a.cc", "env->SleepForMicroseconds(3);", 1},
          {"policy/a.cc", "x = rand();", 1},
          {"policy/a.cc", "operand(); my_time(); run.time(); A::time();", 0},
          {"sidecar/a.cc", "absl::Now(); usleep(3);", 0},
          {"sidecar/a.cc", "std::cout << 1; printf(\"a\");", 2},
          {"sidecar/a.cc", "std::abort(); ::exit(1); _exit(1);", 3},
          {"sidecar/a.cc", "throw std::exception();", 1},
          {"sidecar/a.cc", "snprintf(b, 1, \"printf(\"); // abort()", 0},
          {"sidecar/a.cc", "auto old = umask(077);", 1},
          {"sidecar/cli/table.cc", "std::cout << 1;", 0},
          {"bench/a.cc", "std::cout << 1; abort();", 0},
      });
}

TEST(CoroutineLambdaRule, RefusesCapturesAndTemporaries) {
  ExpectRows(
      CheckCoroutineLambdas,
      {
          {"llm/a.cc", "f([x]() -> awaitable<int> { co_return x; });", 1},
          {"llm/a.cc", "auto g = [&] { co_await h(); };", 1},
          {"llm/a.cc", "f([](int x) -> awaitable<int> { co_return x; });", 0},
          {"llm/a.cc", "f([x](int y) { return x + y; });", 0},
          {"llm/a.cc", "auto r = co_await f([](int y) { return y; });", 1},
          {"llm/a.cc", "co_await f(); g([](int y) { return y; });", 0},
          {"llm/a.cc", "[[nodiscard]] int f(); a[i](x); b[i] = {1};", 0},
      });
}

TEST(BannedWordRule, RefusesLeftoversAndMachinePaths) {
  const std::string todo = std::string("TO") + "DO";
  EXPECT_EQ(CheckBannedWords({"a.md", "// " + todo + ": x\n"}).size(), 1u);
  const std::string home = std::string("/ho") + "me/me/x";
  EXPECT_EQ(CheckBannedWords({"a.md", "see " + home + "\n"}).size(), 1u);
  EXPECT_EQ(CheckBannedWords({"a.md", "to do: homework/x\n"}).size(), 0u);
}

}  // namespace
}  // namespace rocktune::style
