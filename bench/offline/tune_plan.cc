#include "bench/offline/tune_plan.h"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <cmath>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "bench/cell/cell.h"
#include "bench/cell/json_fields.h"
#include "bench/device/device.h"
#include "bench/offline/command_template.h"
#include "bench/offline/metric.h"
#include "bench/workload/workload.h"
#include "hooks/options_file.h"
#include "policy/status_macros.h"

namespace rocktune {

template <typename Visitor>
void Fields(Visitor& visit, TunePlan& plan) {
  visit("options", plan.options_file);
  visit("db", plan.db);
  visit("workload", plan.workload);
  visit("command", plan.command);
  visit("db-bench", plan.db_bench);
  visit("throughput", plan.throughput);
  visit("p99", plan.p99);
  visit("p99-us-factor", plan.p99_us_factor);
  visit("shell", plan.shell);
  visit("device", plan.device);
  visit("data", plan.data_bytes);
  visit("warm", plan.warm_s);
  visit("run", plan.run_s);
  visit("memory", plan.memory_bytes);
  visit("seed", plan.seed);
  visit("iterations", plan.iterations);
  visit("pairs", plan.max_pairs);
  visit("time", plan.time_s);
  visit("tokens", plan.tokens);
  visit("run-limit", plan.run_limit_s);
  visit("thin", plan.thin);
  visit("advisor", plan.advisor);
  visit("provider", plan.provider);
  visit("provider-url", plan.provider_url);
  visit("model", plan.model);
  visit("replay", plan.replay);
}

namespace {

// RocksDB's defaults commit 136 MiB; with less there is nothing to give. A
// guess.
constexpr uint64_t kLeastMemory = 192 << 20;
// Of which a second or two is seen. A guess.
constexpr double kLeastPhaseS = 3;

absl::Status Wrong(absl::string_view what) {
  return absl::InvalidArgumentError(std::string(what));
}

// A run is whole cycles, with phases as short as that takes.
absl::Status CheckCycle(const TunePlan& plan, const Workload& workload) {
  const double scale = ScaleToWholeCycles(workload, absl::Seconds(plan.run_s));
  const double shortest_s = absl::ToDoubleSeconds(ShortestPhaseOf(workload));
  if (!workload.cycles || shortest_s * scale >= kLeastPhaseS) {
    return absl::OkStatus();
  }
  return Wrong(absl::StrCat("--run ", plan.run_s,
                            " s is too short for a cycle of the phases of ",
                            workload.name, "; write --run ",
                            std::ceil(absl::ToDoubleSeconds(CycleOf(workload)) *
                                      kLeastPhaseS / shortest_s)));
}

// Of two flags of a name db_bench takes the last.
absl::Status CheckDbBench(const std::string& arguments) {
  ROCKTUNE_ASSIGN_OR_RETURN(const auto words, SplitWords(arguments));
  for (const std::string& word : words) {
    for (const char* ours : {"options_file", "db", "cache_size", "seed"}) {
      const std::string name =
          word.substr(std::min(word.find_first_not_of('-'), word.size()));
      if (name != ours && !absl::StartsWith(name, absl::StrCat(ours, "=")))
        continue;
      return Wrong(absl::StrCat("--db-bench: ", word,
                                " is given by rocktune itself; leave it out"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckEvaluator(const TunePlan& plan) {
  const int given = (plan.workload.empty() ? 0 : 1) +
                    (plan.command.empty() ? 0 : 1) +
                    (plan.db_bench.empty() ? 0 : 1);
  if (given != 1) {
    return Wrong(
        "give one of --workload NAME (or phases.toml), --command TEMPLATE "
        "with --throughput, or --db-bench ARGUMENTS");
  }
  if (!plan.workload.empty()) {
    ROCKTUNE_ASSIGN_OR_RETURN(const Workload workload,
                              WorkloadOf(plan.workload));
    ROCKTUNE_RETURN_IF_ERROR(CheckCycle(plan, workload));
    if (plan.device != "auto") {
      ROCKTUNE_RETURN_IF_ERROR(FindDevice(plan.device).status());
    }
    return absl::OkStatus();
  }
  if (plan.device != "auto") {
    return Wrong(
        "--device emulates a device under the built-in workloads only; a "
        "command runs on the machine's own");
  }
  if (!plan.db_bench.empty()) return CheckDbBench(plan.db_bench);
  ROCKTUNE_RETURN_IF_ERROR(ParseTemplate(plan.command, plan.shell).status());
  if (plan.throughput.empty()) {
    return Wrong(
        "--command needs --throughput: a regular expression with one group, "
        "or a JSON pointer such as /ops_per_s, for what it prints");
  }
  ROCKTUNE_RETURN_IF_ERROR(Metric::Parse(plan.throughput).status());
  if (!plan.p99.empty()) {
    ROCKTUNE_RETURN_IF_ERROR(Metric::Parse(plan.p99).status());
  }
  return absl::OkStatus();
}

absl::Status CheckAdvisor(const TunePlan& plan) {
  if (plan.advisor == "expert") return absl::OkStatus();
  if (plan.advisor == "llm") {
    if (!plan.provider.empty() && !plan.model.empty()) return absl::OkStatus();
    return Wrong("--advisor llm needs --provider and --model");
  }
  if (plan.advisor == "replay") {
    if (!plan.replay.empty()) return absl::OkStatus();
    return Wrong("--advisor replay needs --replay, a folder with a recording");
  }
  return Wrong(absl::StrCat("--advisor \"", plan.advisor,
                            "\" is none of expert, llm, replay"));
}

struct Bound {
  const char* name;
  double value, least, most;
};

absl::Status CheckBounds(const TunePlan& plan) {
  const Bound bounds[] = {
      {"--iterations", static_cast<double>(plan.iterations), 1, 1000},
      {"--pairs", static_cast<double>(plan.max_pairs), 3, 50},
      {"--run", plan.run_s, 1, 86400},
      {"--warm", plan.warm_s, 0, 86400},
      {"--run-limit", plan.run_limit_s, 1, 864000},
      {"--data", static_cast<double>(plan.data_bytes), 1 << 20, 1e13},
      {"--p99-us-factor", plan.p99_us_factor, 1e-6, 1e9},
  };
  for (const Bound& bound : bounds) {
    if (bound.value >= bound.least && bound.value <= bound.most) continue;
    return Wrong(absl::StrCat(bound.name, " ", bound.value, " must be ",
                              bound.least, " to ", bound.most));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Check(const TunePlan& plan) {
  if (!plan.options_file.empty() && !plan.db.empty() && plan.command.empty() &&
      plan.db_bench.empty()) {
    return Wrong("give --options or --db, not both");
  }
  if (plan.out.empty()) return Wrong("--out is missing: where results go");
  ROCKTUNE_RETURN_IF_ERROR(CheckBounds(plan));
  ROCKTUNE_RETURN_IF_ERROR(CheckEvaluator(plan));
  return CheckAdvisor(plan);
}

boost::json::object ToJson(const TunePlan& plan) {
  boost::json::object json = JsonOf(plan);
  if (const std::string id = ContentId(plan.workload); !id.empty()) {
    json["workload's content"] = id.c_str();
  }
  return json;
}

absl::Status CheckSamePlan(const boost::json::object& there,
                           const boost::json::object& here) {
  std::vector<std::string> differences;
  for (const auto& [name, value] : here) {
    const boost::json::value* other = there.if_contains(name);
    if (other != nullptr && *other == value) continue;
    const std::string text =
        other == nullptr ? "missing" : boost::json::serialize(*other);
    differences.push_back(absl::StrCat("--", std::string(name), " is ", text,
                                       " there and ",
                                       boost::json::serialize(value), " here"));
  }
  if (differences.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("the directory holds a run of another plan: ",
                   absl::StrJoin(differences, ", "),
                   "; give the same words, or another --out"));
}

absl::StatusOr<OptionSet> StartOptions(const TunePlan& plan) {
  if (!plan.options_file.empty()) return ReadOptionsFile(plan.options_file);
  if (!plan.db.empty()) return ReadLatestOptions(plan.db);
  return DefaultOptionSet();
}

uint64_t MemoryBudget(const TunePlan& plan, uint64_t usable_bytes) {
  if (plan.memory_bytes > 0) return plan.memory_bytes;
  if (!plan.workload.empty()) {
    return std::max<uint64_t>(plan.data_bytes / 2, kLeastMemory);
  }
  return usable_bytes / 2;
}

}  // namespace rocktune
