// What the load on a database is: the same for the same load, whatever the
// option values, so that trials can be compared and a load that comes back can
// be recognised.
#ifndef ROCKTUNE_POLICY_WORKLOAD_PROFILE_H_
#define ROCKTUNE_POLICY_WORKLOAD_PROFILE_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "policy/objective.h"
#include "policy/trace_facts.h"
#include "policy/window.h"

namespace rocktune {

// The dimensions that distance and shift detection look at. One row each in
// profile_dimensions.cc: how it is read, its scale, how it prints.
enum class ProfileDimension {
  kGetShare,
  kMultiGetShare,
  kWriteShare,
  kSeekShare,
  kArrivalRate,  // operations per second
  kFoundShare,   // of point reads
  kScanLength,   // entries per seek
  kKeyBytes,     // of what was flushed
  kValueBytes,   // of an entry written: key and value
  kReadBytes,    // of a value found by a point read
  kDeleteShare,  // of what was flushed
  kZipfExponent,
  kWorkingSetBytes,
};
inline constexpr int kProfileDimensions =
    static_cast<int>(ProfileDimension::kWorkingSetBytes) + 1;
// "write_share", "arrival_rate", ...
absl::string_view ToString(ProfileDimension dimension);

// Where point reads were answered; shares of those that found their key.
struct ReadSources {
  double memtable = 0, l0 = 0, l1 = 0, l2_and_up = 0;
};

// What differs between column families.
struct FamilyProfile {
  uint32_t id = 0;
  std::string name;
  uint64_t keys = 0;   // estimated
  uint64_t bytes = 0;  // of its files
  // Bytes of all levels over those of the last one that has files: what a
  // family costs beyond its sorted bulk (wiki: Leveled Compaction). Garbage
  // inside the last level is not seen.
  std::optional<double> space_amplification;
  std::optional<double> read_share;  // of the block lookups of all families
  std::optional<double> miss_share;  // of the misses of all families
};

struct WorkloadProfile {
  std::string database;
  absl::Time from, to;
  int windows = 0;
  // By dimension; nullopt: the source is missing.
  std::array<std::optional<double>, kProfileDimensions> value;
  // Standard deviation of the operations of a window over their mean (1 s
  // windows): 0 = steady, 1 = as bursty as its own mean.
  std::optional<double> burstiness;
  std::optional<ReadSources> sources;
  std::optional<double> cache_hit_ratio;
  std::optional<double> write_amplification;
  // Bytes of the process from the device, compaction's included, per byte
  // the host read.
  std::optional<double> read_amplification;
  std::vector<FamilyProfile> families;
  std::optional<TraceFacts> trace;
  // What is not known and why, one line each ("key skew: no trace yet").
  std::vector<std::string> unknown;

  std::optional<double> operator[](ProfileDimension dimension) const {
    return value[static_cast<size_t>(dimension)];
  }
};

// From the windows (oldest first) and the latest burst, if any. Empty windows
// give a profile in which everything is unknown.
WorkloadProfile ProfileOf(absl::Span<const Window> windows,
                          const std::optional<TraceFacts>& trace);

// For people and Trial::load: "get 0.90 write 0.10, 1200 ops/s, 116 B
// entries, skew 0.90". What is unknown is left out; "unknown load" when
// nothing is known.
std::string Describe(const WorkloadProfile& profile);

// How far apart two profiles are: the largest distance of any dimension both
// know, where 0 = the same and 1 = another load. What counts as 1 is the
// dimension's scale: a share that moved by 0.2, a size or rate by a factor of
// 4, the skew's exponent by 0.4, a working set by a factor of 8 (guesses; the
// gain from tuning anew at that distance would replace them). Distances below
// 1 are in proportion, of sizes and rates on the log scale. When no dimension
// is known of both: 0, and the text says so. `without_rate`: leave the
// arrival rate out (in a closed loop the options move it).
struct ProfileDistance {
  double distance = 0;
  ProfileDimension furthest = ProfileDimension::kGetShare;
  std::string text;  // "write share 0.10 -> 0.31"
};
ProfileDistance DistanceBetween(const WorkloadProfile& a,
                                const WorkloadProfile& b,
                                bool without_rate = true);

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_WORKLOAD_PROFILE_H_
