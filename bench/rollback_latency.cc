// rocktune-rollback-latency: how long an operator's rollback takes, from the
// request to the reply that follows the read-back. See bench/README.md.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "bench/demo/admin_client.h"
#include "bench/demo/json_read.h"
#include "bench/demo/load_generator.h"
#include "bench/demo/summary.h"
#include "policy/status_macros.h"
#include "rocksdb/db.h"
#include "rocktune/rocktune.h"

namespace rocktune {
namespace {

using boost::json::object;
using Clock = std::chrono::steady_clock;

constexpr auto kTrialLimit = std::chrono::seconds(30);
constexpr auto kTotalLimit = std::chrono::minutes(9);

struct Arguments {
  std::string db = "build/rollback-latency-data";
  std::string json;
  int count = 200;
};

absl::Status Converted(const rocksdb::Status& status) {
  return status.ok() ? absl::OkStatus()
                     : absl::InternalError(status.ToString());
}

// As quick a loop as a configuration may ask for: what is timed is the way
// back, not the way there.
Config QuickConfig(const std::string& state) {
  Config config;
  config.mode = Mode::kSuggest;
  config.state_dir = state;
  config.window = std::chrono::milliseconds(100);
  config.baseline = std::chrono::seconds(1);
  config.one_way_baseline = std::chrono::seconds(1);
  config.settle = std::chrono::seconds(0);
  config.measure_min = std::chrono::seconds(60);
  config.measure_max = std::chrono::seconds(60);
  config.cool_down = std::chrono::seconds(0);
  return config;
}

absl::Status Propose(const AdminClient& client, int cycle) {
  object change = {{"option", "max_sequential_skip_in_iterations"},
                   {"value", cycle % 2 == 0 ? "16" : "12"}};
  object body = {{"reason", "to be rolled back"}};
  body["changes"] = boost::json::array{change};
  ROCKTUNE_ASSIGN_OR_RETURN(const AdminReply reply,
                            client.Post("/v1/propose", body));
  if (reply.http_status == 200) return absl::OkStatus();
  return absl::InternalError(
      absl::StrCat("propose: ", boost::json::serialize(reply.body)));
}

absl::Status WaitUntilInForce(const AdminClient& client) {
  const auto deadline = Clock::now() + kTrialLimit;
  std::string state;
  while (Clock::now() < deadline) {
    ROCKTUNE_ASSIGN_OR_RETURN(const AdminReply reply,
                              client.Get("/v1/databases/load"));
    state = TextOf(reply.body, "state");
    if (state == "settling" || state == "measuring") return absl::OkStatus();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return absl::DeadlineExceededError(
      absl::StrCat("no trial is in force; state ", state));
}

absl::StatusOr<double> TimeRollbackMs(const AdminClient& client) {
  const auto begin = Clock::now();
  ROCKTUNE_ASSIGN_OR_RETURN(
      const AdminReply reply,
      client.Post("/v1/rollback", object{{"to", "last"}}));
  const std::chrono::duration<double, std::milli> took = Clock::now() - begin;
  if (reply.http_status == 200) return took.count();
  return absl::InternalError(
      absl::StrCat("rollback: ", boost::json::serialize(reply.body)));
}

// Fewer than `count` when the time is up.
absl::StatusOr<std::vector<double>> RunCycles(const AdminClient& client,
                                              int count) {
  std::vector<double> times_ms;
  const auto end = Clock::now() + kTotalLimit;
  for (int cycle = 0; cycle < count && Clock::now() < end; ++cycle) {
    ROCKTUNE_RETURN_IF_ERROR(Propose(client, cycle));
    ROCKTUNE_RETURN_IF_ERROR(WaitUntilInForce(client));
    ROCKTUNE_ASSIGN_OR_RETURN(const double took, TimeRollbackMs(client));
    times_ms.push_back(took);
  }
  std::sort(times_ms.begin(), times_ms.end());
  return times_ms;
}

absl::Status Report(const std::vector<double>& times_ms,
                    const std::string& json) {
  if (times_ms.empty()) return absl::InternalError("nothing was measured");
  const size_t count = times_ms.size();
  const double p50 = times_ms[count / 2];
  const double p99 = times_ms[(count * 99 + 99) / 100 - 1];
  std::printf(
      "%zu rollbacks, request to reply after read-back: p50 %.1f ms, "
      "p99 %.1f ms, max %.1f ms\n",
      count, p50, p99, times_ms.back());
  if (json.empty()) return absl::OkStatus();
  const object figures = {{"count", count},
                          {"p50_ms", p50},
                          {"p99_ms", p99},
                          {"max_ms", times_ms.back()}};
  return WriteFile(json, boost::json::serialize(figures) + "\n");
}

absl::Status Measure(const Arguments& arguments, const std::string& dir) {
  rocksdb::Options options;
  options.create_if_missing = true;
  ROCKTUNE_RETURN_IF_ERROR(Converted(Instrument(&options)));
  rocksdb::DB* raw = nullptr;
  ROCKTUNE_RETURN_IF_ERROR(
      Converted(rocksdb::DB::Open(options, dir + "/db", &raw)));
  const std::unique_ptr<rocksdb::DB> db(raw);
  LoadSpec spec;
  spec.keys = 50'000;
  spec.threads = 1;
  spec.first_updates = 0;
  ROCKTUNE_RETURN_IF_ERROR(
      Converted(LoadGenerator::Fill(db.get(), spec, [](double) {})));
  std::unique_ptr<Tuner> tuner;
  ROCKTUNE_RETURN_IF_ERROR(
      Converted(Tuner::Open(QuickConfig(dir + "/state"), &tuner)));
  ROCKTUNE_RETURN_IF_ERROR(Converted(
      tuner->Attach(db.get(), {db->DefaultColumnFamily()}, {"load"})));
  absl::StatusOr<std::vector<double>> times_ms;
  {
    const LoadGenerator load(db.get(), spec, LoadMix());
    times_ms = RunCycles(AdminClient(tuner->AdminSocket()), arguments.count);
  }
  tuner.reset();
  if (!times_ms.ok()) return times_ms.status();
  return Report(*times_ms, arguments.json);
}

int Main(const Arguments& arguments) {
  const std::string dir = absl::StrCat(arguments.db, ".", ::getpid());
  std::error_code error;
  std::filesystem::create_directories(dir, error);
  const absl::Status status = Measure(arguments, dir);
  std::filesystem::remove_all(dir, error);
  if (status.ok()) return 0;
  std::fprintf(stderr, "rocktune-rollback-latency: %s\n",
               std::string(status.message()).c_str());
  return 1;
}

}  // namespace
}  // namespace rocktune

int main(int argc, char** argv) {
  rocktune::Arguments arguments;
  CLI::App app("Times an operator's rollbacks over the admin socket");
  app.add_option("--count", arguments.count, "rollbacks")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  app.add_option("--db", arguments.db, "where a database may be made")
      ->capture_default_str();
  app.add_option("--json", arguments.json, "write the figures to this file");
  CLI11_PARSE(app, argc, argv);
  return rocktune::Main(arguments);
}
