// Reads a phases.toml; phases.example.toml explains every key.
#include <toml++/toml.h>

#include <algorithm>
#include <cerrno>
#include <exception>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "bench/workload/key_space.h"
#include "bench/workload/toml_table.h"
#include "bench/workload/workload.h"
#include "policy/status_macros.h"

namespace rocktune {
namespace {

constexpr size_t kMaxFileBytes = 1 << 20;
constexpr size_t kMaxPhases = 1000;
constexpr size_t kMaxGroups = 16;
constexpr int kMaxThreads = 256;  // of a phase
// Summing up Zipf's shares takes about 20 s for a billion.
constexpr WholeRange kKeys{1, 1'000'000'000};
constexpr WholeRange kKeyBytes{KeySpace::kMinKeyBytes, 1024};
constexpr WholeRange kValueBytes{1, 1 << 20};
constexpr WholeRange kDataBytes{1, uint64_t{1} << 44};
constexpr WholeRange kThreads{1, kMaxThreads};
constexpr WholeRange kScan{1, 1'000'000};
// A clock that turns a rate into due times wants them some nanoseconds apart.
constexpr RealRange kRate{0, 1e8};
constexpr RealRange kAmplitude{0, 0.95};
constexpr RealRange kTheta{0.01, 0.9999};     // Zipf's formula fails at 1
constexpr RealRange kParetoShape{0.01, 0.9};  // no mean from 1 on
constexpr RealRange kParts{0, 1e9};

const std::vector<TomlWord<KeyChoice>>& KeyWords() {
  static const auto& words = *new std::vector<TomlWord<KeyChoice>>{
      {"uniform", KeyChoice::kUniform},
      {"zipf", KeyChoice::kZipf},
      {"latest", KeyChoice::kLatest},
      {"hot_ranges", KeyChoice::kHotRanges},
      {"sequential", KeyChoice::kSequential},
  };
  return words;
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string text(kMaxFileBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file.is_open() || file.bad()) {
    return absl::ErrnoToStatus(errno != 0 ? errno : EIO,
                               absl::StrCat("cannot read ", path));
  }
  text.resize(static_cast<size_t>(file.gcount()));
  if (text.size() > kMaxFileBytes) {
    return absl::InvalidArgumentError(absl::StrCat(
        path, ":1: larger than ", kMaxFileBytes, " bytes, no phase plan"));
  }
  return text;
}

// toml++ says where things are, but knows no maximum of a file's size.
absl::StatusOr<toml::table> Parse(const std::string& path) {
  ROCKTUNE_ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  try {
    return toml::parse(std::string_view(text), path);
  } catch (const toml::parse_error& error) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ":", error.source().begin.line, ": ",
                     std::string(error.description())));
  } catch (const std::exception& error) {
    return absl::InvalidArgumentError(absl::StrCat(path, ":1: ", error.what()));
  }
}

class PhasesFile {
 public:
  explicit PhasesFile(std::string path) : path_(std::move(path)) {}

  absl::StatusOr<Workload> Read() {
    ROCKTUNE_ASSIGN_OR_RETURN(const toml::table root, Parse(path_));
    TomlTable table(root, path_, "plan");
    Workload plan;
    plan.name = path_.substr(path_.rfind('/') + 1);
    plan.meaning = "a phase plan";
    table.Text("name", &plan.name);
    table.Text("meaning", &plan.meaning);
    table.Bool("cycles", &plan.cycles);
    table.Bool("starts_empty", &plan.starts_empty);
    if (const toml::table* data = table.Table("data")) {
      ROCKTUNE_ASSIGN_OR_RETURN(plan.data, ReadData(*data));
    }
    const auto phases = table.Tables("phase");
    if (phases.empty()) table.Fail("phase", "needs at least one [[phase]]");
    if (phases.size() > kMaxPhases) {
      table.Fail("phase", absl::StrCat("at most ", kMaxPhases, " phases"));
    }
    ROCKTUNE_RETURN_IF_ERROR(table.Finish());
    for (const toml::table* phase : phases) {
      ROCKTUNE_ASSIGN_OR_RETURN(Phase read, ReadPhase(*phase));
      plan.phases.push_back(std::move(read));
    }
    return plan;
  }

 private:
  absl::StatusOr<DataSpec> ReadData(const toml::table& toml) const {
    TomlTable table(toml, path_, "data");
    DataSpec data;
    uint64_t value_bytes = data.values.bytes, key_bytes = data.key_bytes;
    uint64_t bytes = 0;
    table.Bytes("key_bytes", kKeyBytes, &key_bytes);
    table.Bytes("value_bytes", kValueBytes, &value_bytes);
    table.Word<bool>("value_sizes", {{"fixed", false}, {"pareto", true}},
                     &data.values.pareto);
    table.Real("pareto_k", kParetoShape, &data.values.pareto_k);
    table.Real("compressed_ratio", {0, 1}, &data.compressed_ratio);
    table.Bool("load_in_order", &data.load_in_order);
    table.Whole("keys", kKeys, &data.keys);
    table.Bytes("bytes", kDataBytes, &bytes);
    data.key_bytes = key_bytes;
    data.values.bytes = value_bytes;
    if (table.Has("bytes")) {
      if (table.Has("keys"))
        table.Fail("bytes", "give keys or bytes, not both");
      data.keys = std::max<uint64_t>(bytes / (key_bytes + value_bytes), 1);
      if (data.keys > kKeys.max) {
        table.Fail("bytes", absl::StrCat("that is more than ", kKeys.max,
                                         " keys; make the values larger"));
      }
    }
    ROCKTUNE_RETURN_IF_ERROR(table.Finish());
    return data;
  }

  absl::StatusOr<Phase> ReadPhase(const toml::table& toml) const {
    TomlTable table(toml, path_, "phase");
    Phase phase;
    table.Text("name", &phase.name);
    table.Length("length", &phase.length);
    table.Bool("ends_when_loaded", &phase.ends_when_loaded);
    const auto groups = table.Tables("clients");
    if (groups.empty()) {
      table.Fail("clients", "needs at least one [[phase.clients]]");
    }
    if (groups.size() > kMaxGroups) {
      table.Fail("clients",
                 absl::StrCat("at most ", kMaxGroups, " groups of clients"));
    }
    ROCKTUNE_RETURN_IF_ERROR(table.Finish());
    int threads = 0;
    for (const toml::table* group : groups) {
      ROCKTUNE_ASSIGN_OR_RETURN(ClientGroup read, ReadGroup(*group));
      threads += read.threads;
      phase.clients.push_back(std::move(read));
    }
    if (threads > kMaxThreads) {
      table.Fail("clients",
                 absl::StrCat("at most ", kMaxThreads, " threads in a phase"));
    }
    ROCKTUNE_RETURN_IF_ERROR(table.Finish());
    return phase;
  }

  absl::StatusOr<ClientGroup> ReadGroup(const toml::table& toml) const {
    TomlTable table(toml, path_, "clients");
    ClientGroup group;
    if (std::string like; table.Text("like", &like), !like.empty()) {
      const auto row = FindWorkload(like);
      if (row.ok()) {
        group = row->phases.front().clients.front();
      } else {
        table.Fail("like", std::string(row.status().message()));
      }
    } else if (!table.Has("mix")) {
      table.Fail("mix", "needs a mix, or like = \"ycsb-a\"");
    }
    table.Text("name", &group.name);
    table.Int("threads", kThreads, &group.threads);
    if (const toml::table* mix = table.Table("mix")) {
      ROCKTUNE_ASSIGN_OR_RETURN(group.mix, ReadMix(*mix));
    }
    table.Word("keys", KeyWords(), &group.keys);
    table.Real("zipf_theta", kTheta, &group.zipf_theta);
    table.Int("scan_min", kScan, &group.scan_min);
    table.Int("scan_max", kScan, &group.scan_max);
    table.Real("rate_ops_per_s", kRate, &group.rate_ops_per_s);
    table.Real("sine_amplitude", kAmplitude, &group.sine_amplitude);
    table.Length("sine_period", &group.sine_period);
    table.Bool("sync", &group.sync);
    if (group.scan_min > group.scan_max) {
      table.Fail(table.Has("scan_min") ? "scan_min" : "scan_max",
                 absl::StrCat("scan_min ", group.scan_min,
                              " is larger than scan_max ", group.scan_max));
    }
    ROCKTUNE_RETURN_IF_ERROR(table.Finish());
    return group;
  }

  // Parts of any sum become shares that add up to 1.
  absl::StatusOr<std::array<double, kOperations>> ReadMix(
      const toml::table& toml) const {
    TomlTable table(toml, path_, "mix");
    std::array<double, kOperations> mix{};
    double sum = 0;
    for (int i = 0; i < kOperations; ++i) {
      const std::string name(ToString(static_cast<Operation>(i)));
      table.Real(name.c_str(), kParts, &mix[static_cast<size_t>(i)]);
      sum += mix[static_cast<size_t>(i)];
    }
    ROCKTUNE_RETURN_IF_ERROR(table.Finish());
    if (sum <= 0) {
      table.Fail("", "needs a part above 0");
      return table.Finish();
    }
    for (double& share : mix) share /= sum;
    return mix;
  }

  const std::string path_;
};

}  // namespace

absl::StatusOr<Workload> ReadPhases(const std::string& path) {
  return PhasesFile(path).Read();
}

}  // namespace rocktune
