// rocktune-overhead: what observing costs. See bench/README.md.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "bench/hanging_provider.h"
#include "bench/overhead_model.h"
#include "bench/overhead_pairs.h"
#include "bench/overhead_workload.h"
#include "policy/status_macros.h"

namespace rocktune::bench {

// Named in bench/overhead_instructions: callgrind counts while a thread is
// inside.
extern "C" __attribute__((noinline, visibility("default"))) bool
rocktune_measured_operations(OperationStream* stream, uint64_t operations) {
  for (uint64_t i = 0; i < operations; ++i) {
    if (!stream->Next()) return false;
  }
  return true;
}

namespace {

constexpr char kUsage[] =
    "rocktune-overhead pairs [--pairs N] [--operations N] [--folder DIR]\n"
    "                        [--json FILE]\n"
    "  Wall time, thread CPU time and p99 of an observed against an "
    "unobserved\n"
    "  database: medians over N interleaved pairs of blocks.\n"
    "rocktune-overhead model [connect|tls|reply|dns] [--pairs N]\n"
    "                        [--operations N] [--folder DIR] [--json FILE]\n"
    "  The same of a tuned database whose model hangs there (one after the\n"
    "  other by default) against a tuned one without a model; mixed load.\n"
    "rocktune-overhead single none|rocktune|rocksdb|both\n"
    "                         get|overwrite|seek|mixed [--operations N]\n"
    "                         [--folder DIR]\n"
    "  One variant alone, to be counted by bench/overhead_instructions.\n";

struct Arguments {
  std::vector<std::string> words;
  uint64_t pairs = 31;
  uint64_t operations = 0;  // 0 = the mode's default
  std::string folder = "/dev/shm";
  std::string json;
};

bool Parse(int argc, char** argv, Arguments* arguments) {
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word.rfind("--", 0) != 0) {
      arguments->words.push_back(word);
      continue;
    }
    if (++i == argc) return false;
    const std::string value = argv[i];
    if (word == "--folder") {
      arguments->folder = value;
    } else if (word == "--json") {
      arguments->json = value;
    } else if (word == "--pairs") {
      if (!absl::SimpleAtoi(value, &arguments->pairs)) return false;
    } else if (word == "--operations") {
      if (!absl::SimpleAtoi(value, &arguments->operations)) return false;
    } else {
      return false;
    }
  }
  return !arguments->words.empty() && arguments->pairs >= 1;
}

absl::Status RunSingle(const Arguments& arguments) {
  ROCKTUNE_ASSIGN_OR_RETURN(Observer observer,
                            ParseObserver(arguments.words[1]));
  ROCKTUNE_ASSIGN_OR_RETURN(Operation operation,
                            ParseOperation(arguments.words[2]));
  ROCKTUNE_ASSIGN_OR_RETURN(std::unique_ptr<MeasuredDb> db,
                            MeasuredDb::Open(arguments.folder, observer));
  OperationStream stream(db->db(), operation, 42);
  // What happens once per thread is not the steady cost.
  bool ok = true;
  for (int i = 0; ok && i < 1000; ++i) ok = stream.Next();
  uint64_t operations = arguments.operations == 0 ? 5000 : arguments.operations;
  if (!ok || !rocktune_measured_operations(&stream, operations)) {
    return absl::InternalError("an operation failed");
  }
  return absl::OkStatus();
}

std::string Json(const MedianRatio& ratio) {
  return absl::StrCat("{\"median\": ", ratio.median, ", \"low\": ", ratio.low,
                      ", \"high\": ", ratio.high, "}");
}

// Members without braces.
std::string Json(const PairsResult& result) {
  return absl::StrCat("\"pairs\": ", result.pairs,
                      ", \"plain_us\": ", result.plain_us,
                      ",\n    \"throughput_ratio\": ", Json(result.throughput),
                      ",\n    \"cpu_ratio\": ", Json(result.cpu),
                      ",\n    \"p99_ratio\": ", Json(result.p99));
}

// One named object a row.
class JsonRows {
 public:
  void Add(absl::string_view name, const std::string& members) {
    absl::StrAppend(&text_, text_.empty() ? "{" : ",", "\n  \"", name, "\": {",
                    members, "}");
  }
  std::string Text() const { return text_ + "\n}\n"; }

 private:
  std::string text_;
};

absl::Status WriteFile(const std::string& path, const std::string& text) {
  std::FILE* file = std::fopen(path.c_str(), "w");
  if (file == nullptr) {
    return absl::UnavailableError(absl::StrCat("cannot write ", path));
  }
  bool ok = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  ok = std::fclose(file) == 0 && ok;
  return ok ? absl::OkStatus() : absl::DataLossError(path);
}

void PrintRatio(const MedianRatio& ratio) {
  std::printf("  %6.4f [%6.4f, %6.4f]", ratio.median, ratio.low, ratio.high);
}

void PrintHead() {
  std::printf("%-10s %9s  %-24s  %-24s  %-24s\n", "", "plain us",
              "throughput ratio", "thread CPU ratio", "p99 ratio");
}

void PrintRow(absl::string_view name, const PairsResult& result) {
  std::printf("%-10s %9.3f", std::string(name).c_str(), result.plain_us);
  PrintRatio(result.throughput);
  PrintRatio(result.cpu);
  PrintRatio(result.p99);
  std::printf("\n");
  std::fflush(stdout);
}

PairsPlan PlanOf(const Arguments& arguments, Operation operation) {
  PairsPlan plan;
  plan.operation = operation;
  plan.pairs = static_cast<int>(arguments.pairs);
  if (arguments.operations != 0) {
    plan.operations_per_block = arguments.operations;
  }
  plan.folder = arguments.folder;
  return plan;
}

absl::Status RunAllPairs(const Arguments& arguments) {
  JsonRows rows;
  PrintHead();
  for (Operation operation :
       {Operation::kGet, Operation::kOverwrite, Operation::kMixed}) {
    ROCKTUNE_ASSIGN_OR_RETURN(PairsResult result,
                              RunPairs(PlanOf(arguments, operation)));
    PrintRow(ToString(operation), result);
    rows.Add(ToString(operation), Json(result));
  }
  if (arguments.json.empty()) return absl::OkStatus();
  return WriteFile(arguments.json, rows.Text());
}

absl::Status RunModel(const Arguments& arguments) {
  // A proxy would look the name up in our place.
  ::unsetenv("HTTPS_PROXY");
  ::unsetenv("https_proxy");
  std::vector<Hang> hangs(AllHangs().begin(), AllHangs().end());
  if (arguments.words.size() == 2) {
    ROCKTUNE_ASSIGN_OR_RETURN(Hang hang, ParseHang(arguments.words[1]));
    hangs = {hang};
  }
  JsonRows rows;
  PrintHead();
  for (Hang hang : hangs) {
    ROCKTUNE_ASSIGN_OR_RETURN(
        ModelPairsResult result,
        RunModelPairs(PlanOf(arguments, Operation::kMixed), hang));
    PrintRow(ToString(hang), result.pairs);
    std::printf(
        "           in flight before every pair, after %d of %d; "
        "%d calls ended (%d exchanges), %d refused, %d restarts\n",
        result.in_flight_after, result.pairs.pairs, result.asked.ended,
        result.asked.exchanges, result.asked.refused, result.restarts);
    rows.Add(ToString(hang),
             absl::StrCat(Json(result.pairs), ",\n    \"in_flight_after\": ",
                          result.in_flight_after,
                          ", \"calls_ended\": ", result.asked.ended,
                          ", \"exchanges\": ", result.asked.exchanges,
                          ", \"refused\": ", result.asked.refused,
                          ", \"restarts\": ", result.restarts));
  }
  if (arguments.json.empty()) return absl::OkStatus();
  return WriteFile(arguments.json, rows.Text());
}

int Main(int argc, char** argv) {
  Arguments arguments;
  if (!Parse(argc, argv, &arguments)) {
    std::fputs(kUsage, stderr);
    return 2;
  }
  absl::Status status;
  if (arguments.words[0] == "pairs" && arguments.words.size() == 1) {
    status = RunAllPairs(arguments);
  } else if (arguments.words[0] == "model" && arguments.words.size() <= 2) {
    status = RunModel(arguments);
  } else if (arguments.words[0] == "single" && arguments.words.size() == 3) {
    status = RunSingle(arguments);
  } else {
    std::fputs(kUsage, stderr);
    return 2;
  }
  if (status.ok()) return 0;
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  return 1;
}

}  // namespace
}  // namespace rocktune::bench

int main(int argc, char** argv) { return rocktune::bench::Main(argc, argv); }
