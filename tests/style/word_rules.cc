#include "tests/style/word_rules.h"

#include <algorithm>
#include <regex>

namespace rocktune::style {
namespace {

struct BannedCall {
  // A regex in front of which stands no name; a function of C when it ends
  // with an open parenthesis, and then a method of the same name is free.
  const char* pattern;
  const char* reason;
  bool only_pure;  // holds in policy and hooks only
};

constexpr char kPrints[] = "a guest never prints";
constexpr char kEnds[] = "a guest never ends its host";
constexpr char kGlobal[] = "a guest changes nothing of the whole process";
constexpr char kWaits[] = "waiting belongs to the sidecar";
constexpr char kClock[] = "a clock is an argument";
constexpr char kSeed[] = "a seed is an argument";

constexpr BannedCall kBannedCalls[] = {
    {R"((f|v|vf)?printf\s*\()", kPrints, false},
    {R"((f?puts|putchar|perror)\s*\()", kPrints, false},
    {R"((cout|cerr|clog|F?PrintF)\b)", kPrints, false},
    {R"((abort|_?exit|_Exit|quick_exit|terminate)\s*\()", kEnds, false},
    {R"(throw\b)", "errors are absl::Status", false},
    {R"((signal|sigaction|setlocale|chdir|umask|setenv|putenv)\s*\()", kGlobal,
     false},
    {R"((usleep|nanosleep|sleep)\s*\()", kWaits, true},
    {R"((sleep_for|sleep_until|SleepFor|SleepForMicroseconds)\b)", kWaits,
     true},
    {R"((system_clock|steady_clock|high_resolution_clock)\b)", kClock, true},
    {R"((absl::Now|NowMicros|NowNanos|NowCPUNanos|GetCurrentTimeNanos)\b)",
     kClock, true},
    {R"((gettimeofday|clock_gettime|time)\s*\()", kClock, true},
    {R"((s?rand|rand_r|random)\s*\()", kSeed, true},
    {R"(random_device\b)", kSeed, true},
};

bool IsLibrary(const std::string& folder) {
  return folder == "policy" || folder == "hooks" || folder == "llm" ||
         folder == "sidecar";
}

// Programs own their process: the command's folder and the mains.
bool IsProgram(const std::string& path) {
  return path.find("sidecar/cli/") == 0 || path.find("main.cc") != path.npos;
}

void FindAll(const std::string& code, const std::string& pattern,
             const std::string& what, const std::string& path,
             Findings* findings) {
  const bool c_function = pattern.back() == '(';
  const std::string before =
      c_function ? R"((^|[^\w.>:]|\bstd::|[^\w>]::))" : R"((^|[^\w]))";
  const std::regex form(before + "(" + pattern + ")");
  auto end = std::sregex_iterator();
  for (auto it = std::sregex_iterator(code.begin(), code.end(), form);
       it != end; ++it) {
    findings->push_back(
        {path, LineAt(code, it->position(2)), "'" + it->str(2) + "': " + what});
  }
}

size_t Matching(const std::string& code, size_t open, char up, char down) {
  int depth = 0;
  for (size_t at = open; at < code.size(); ++at) {
    if (code[at] == up) ++depth;
    if (code[at] == down && --depth == 0) return at;
  }
  return code.size();
}

struct Lambda {
  size_t begin = 0;
  bool captures = false;
  std::string body;
};

// A lambda introducer stands after an operator or a bracket, never after a
// name, as an index does, nor before another bracket, as an attribute does.
std::vector<Lambda> FindLambdas(const std::string& code) {
  static const std::regex kIntroducer(
      R"re([=(,{&|?:;]\s*\[([^\[\]]*)\]\s*[({<m-])re");
  std::vector<Lambda> lambdas;
  auto end = std::sregex_iterator();
  for (auto it = std::sregex_iterator(code.begin(), code.end(), kIntroducer);
       it != end; ++it) {
    size_t begin = it->position(1);
    size_t open = code.find('{', begin);
    size_t close = Matching(code, open, '{', '}');
    if (open == code.npos) continue;
    lambdas.push_back(
        {begin, it->length(1) > 0, code.substr(begin, close - begin)});
  }
  return lambdas;
}

bool IsCoroutine(const std::string& body) {
  static const std::regex kWords(R"(\bco_(await|return|yield)\b|\bawaitable<)");
  return std::regex_search(body, kWords);
}

}  // namespace

Findings CheckBannedCalls(const SourceFile& file) {
  Findings findings;
  const std::string folder = TopFolder(file.path);
  if (!IsCpp(file.path) || !IsLibrary(folder) || IsProgram(file.path)) {
    return findings;
  }
  const std::string code = CodeOnly(file.text);
  const bool pure = folder == "policy" || folder == "hooks";
  for (const BannedCall& call : kBannedCalls) {
    if (call.only_pure && !pure) continue;
    FindAll(code, call.pattern, call.reason, file.path, &findings);
  }
  return findings;
}

Findings CheckCoroutineLambdas(const SourceFile& file) {
  Findings findings;
  if (!IsCpp(file.path)) return findings;
  const std::string code = CodeOnly(file.text);
  for (const Lambda& lambda : FindLambdas(code)) {
    int line = LineAt(code, lambda.begin);
    if (lambda.captures && IsCoroutine(lambda.body)) {
      findings.push_back({file.path, line, "a coroutine lambda with captures"});
    }
    size_t await = code.rfind("co_await", lambda.begin);
    if (await == code.npos) continue;
    std::string between = code.substr(await, lambda.begin - await);
    if (between.find_first_of(";{}") == between.npos) {
      findings.push_back({file.path, line, "a lambda in a co_await statement"});
    }
  }
  return findings;
}

Findings CheckBannedWords(const SourceFile& file) {
  Findings findings;
  // Spelled in parts, so that this file holds its own rule.
  static const std::regex kWords(
      "\\b(TO"
      "DO|FIX"
      "ME|XX"
      "X)\\b|/(wo"
      "rk|ho"
      "me|Us"
      "ers|ro"
      "ot)/");
  int number = 0;
  for (const std::string& line : Lines(file.text)) {
    ++number;
    std::smatch match;
    if (std::regex_search(line, match, kWords)) {
      findings.push_back({file.path, number, "'" + match.str() + "'"});
    }
  }
  return findings;
}

}  // namespace rocktune::style
