// The configuration of a Tuner: from code, from a TOML file, or both.
#ifndef ROCKTUNE_CONFIG_H_
#define ROCKTUNE_CONFIG_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "rocksdb/env.h"
#include "rocksdb/status.h"

#ifndef ROCKTUNE_EXPORT
#define ROCKTUNE_EXPORT __attribute__((visibility("default")))
#endif

namespace rocktune {

// How much the tuner may do by itself.
enum class Mode {
  kOff,      // nothing runs
  kObserve,  // watch only
  kSuggest,  // watch, and say what would be tried
  kApprove,  // try what an operator approves
  kAuto,     // try, keep what is proven, roll back the rest
};

// What a trial is judged by. Every other cost is a reason not to keep when it
// grows too much, and one to keep when it falls at an equal objective.
enum class Objective {
  kBalanced,    // service time per operation; with throughput when saturated
  kThroughput,  // operations per second of the whole database
  kP99,         // slow operations, each kind by its share
  kEfficiency,  // CPU and device bytes per operation
};

// What becomes of values proven in an earlier run of the process.
enum class RestartPolicy {
  kReverify,  // they are the first proposal: tried and proven again
  kKeep,      // set at once at attach
  kDrop,      // forgotten
};

// An operator's rule about one option. `min` and `max` as people write them
// ("64 MiB"); equal values fix the option; `denied` keeps it untouched.
struct PinConfig {
  std::string option;
  std::string column_family;  // empty: every family
  std::string min;
  std::string max;
  bool denied = false;
};

// The advisor that asks a language model, beside the built-in expert. What is
// sent are numbers and words of closed sets: no key, value, name or path of
// yours. `rocktune payload` prints the very bytes; see llm/README.md.
struct LlmConfig {
  // "openai", "openai-responses", "azure", "anthropic", "gemini",
  // "openrouter", "ollama", "vllm", "llama-cpp" or "custom". Empty: no model
  // is asked, and nothing leaves the process.
  std::string provider;
  std::string model;     // as the provider calls it; Azure: the deployment
  std::string base_url;  // empty: the provider's. "unix:/socket:/v1" works too
  // Where the key is: a file that only its owner may read (0600), or the name
  // of an environment variable. Both empty: $CREDENTIALS_DIRECTORY/llm-key,
  // then the variable that the provider's own tools read. Read at each call.
  std::string key_file;
  std::string key_env;
  std::string ca_file;  // PEM; empty: the system's authorities
  // Sent along, "Name: value" each; taken for secrets.
  std::vector<std::string> headers;
  // How the form of the reply is asked for: "auto", "json_schema",
  // "json_object" or "plain". "auto" steps down when a server refuses.
  std::string structured = "auto";
  std::string token_limit_field;  // empty: the provider's
  std::string reasoning_effort;   // empty: not sent; "low", "medium", ...
  double temperature = -1;        // below 0: not sent; many models refuse it

  // Of one call with its retries; an attempt takes at most three quarters.
  std::chrono::seconds call_limit{180};
  int max_input_tokens = 6000;   // of one question, estimated
  int max_output_tokens = 1000;  // of one reply

  // Hard limits, counted by attempt and kept across restarts. 0: none.
  uint64_t calls_per_hour = 12;
  uint64_t calls_per_day = 60;
  uint64_t input_tokens_per_hour = 0;
  uint64_t input_tokens_per_day = 500'000;
  uint64_t output_tokens_per_hour = 0;
  uint64_t output_tokens_per_day = 100'000;
  double dollars_per_hour = 0;
  double dollars_per_day = 0;
  // Dollars for a million tokens; 0: unknown or free.
  double price_input = 0;
  double price_cached_input = 0;  // 0: as price_input
  double price_output = 0;

  std::string record;  // a folder for every exchange; empty: none
  std::string replay;  // a folder with a recording that answers instead
};

// Plain data. Every field has a safe default; units are in the types. The
// same names are the keys of the TOML file, where durations are text ("30s").
struct Config {
  Mode mode = Mode::kSuggest;

  // Where history and admin socket live; private (0700). Empty: the path of
  // the first attached database + ".rocktune".
  std::string state_dir;
  // Empty: <state_dir>/admin.sock. "none": no admin socket.
  std::string admin_socket;
  // User ids that may read, but not change, over the admin socket.
  std::vector<uint32_t> viewer_uids;

  RestartPolicy restart = RestartPolicy::kReverify;

  // Memory that block caches, write buffers and table readers of all attached
  // databases may commit together. 0: memory_fraction of the cgroup or
  // machine limit.
  uint64_t memory_budget_bytes = 0;
  double memory_fraction = 0.5;

  int max_changes_per_trial = 4;

  // Timing of the loop.
  std::chrono::milliseconds window{1000};
  std::chrono::seconds baseline{20};  // before the first trial
  // Before a trial that cannot switch back and forth; a shorter one knows too
  // little of the noise to tell a gain from it.
  std::chrono::seconds one_way_baseline{600};
  std::chrono::seconds settle{5};       // at least, after a change
  std::chrono::seconds settle_max{60};  // at most, for what is slow
  std::chrono::seconds measure_min{15};
  std::chrono::seconds measure_max{480};
  std::chrono::seconds probation{30};
  std::chrono::seconds cool_down{5};

  Objective objective = Objective::kBalanced;

  // What is not allowed whatever the gain: "get_p99 <= 5ms",
  // "write_amplification <= 12". A candidate that breaks one which the values
  // before it kept is rolled back.
  std::vector<std::string> limits;

  // A trial is kept only for at least this relative gain of the objective.
  double min_effect = 0.02;

  // Guardrails: a trial ends at once beyond these, relative to the baseline.
  double guard_p99_ratio = 3.0;
  double guard_throughput_ratio = 0.5;
  double guard_stall_share = 0.5;  // share of a window spent stalled
  int guard_windows = 3;           // windows in a row

  // Calls in an hour that may change options, rollbacks aside: each makes
  // RocksDB write its OPTIONS file anew. 240 is a guess.
  int option_writes_per_hour = 240;

  // Short bursts of RocksDB's block cache trace, which say how caches of other
  // sizes would do; a trace of the host's is never displaced. They may take
  // 5 % of the time: trace_every is at least 20 times trace_length.
  bool trace_bursts = true;
  // Each burst traces writes as well: skew, updates and deletes. Only for a
  // service that never calls DB::StartTrace: RocksDB has one query trace for a
  // database and tells nobody that it is taken, so a burst silently ends a
  // trace of the service's own, and a StartTrace or EndTrace of the service's
  // ends ours. While a burst runs, every operation takes one mutex of the
  // database (measured: 0.95 of the reads, 0.8 of the writes). Keys are hashed
  // at once; no byte of a key or value is kept.
  bool query_trace = false;
  std::chrono::seconds trace_every{60};
  std::chrono::seconds trace_length{2};

  // Newest trials that the history keeps, about 5 KiB each.
  int history_trials = 5000;

  std::vector<PinConfig> pins;

  LlmConfig llm;

  // Where our log lines go; null: the logger of the attached database.
  std::shared_ptr<rocksdb::Logger> logger;
};

// Reads a TOML file over the values already in *config. InvalidArgument with
// file, line and what is expected for a bad or unknown key; *config is then
// unchanged. IOError when the file cannot be read.
ROCKTUNE_EXPORT rocksdb::Status LoadConfig(const std::string& path,
                                           Config* config);

// Applies the environment: ROCKTUNE_CONFIG (a TOML file), then ROCKTUNE_MODE.
ROCKTUNE_EXPORT rocksdb::Status LoadConfigFromEnvironment(Config* config);

// InvalidArgument with the field and its allowed range, or OK.
ROCKTUNE_EXPORT rocksdb::Status CheckConfig(const Config& config);

}  // namespace rocktune

#endif  // ROCKTUNE_CONFIG_H_
