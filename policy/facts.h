// What is true of the machine and of one database for as long as it is
// attached.
#ifndef ROCKTUNE_POLICY_FACTS_H_
#define ROCKTUNE_POLICY_FACTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rocktune {

// What the device of the DB path gives, measured or by its profile. 0: not
// known.
struct DeviceFacts {
  double read_us = 0;           // random 4 KiB, one at a time
  double read_iops = 0;         // random 4 KiB, sixteen at a time
  double write_iops = 0;        // the same
  double read_bytes_per_s = 0;  // sequential
  double write_bytes_per_s = 0;
  double sync_us = 0;
};

// Read once at attach. A fact that could not be read is nullopt or empty.
struct HostFacts {
  int cores = 1;              // usable: the lesser of machine and cgroup
  uint64_t memory_bytes = 0;  // machine
  std::optional<uint64_t> cgroup_memory_bytes;  // v1 or v2 limit, if any
  std::optional<double> cgroup_cpus;            // quota / period, if any
  std::optional<bool> rotational;               // device of the DB path
  std::string filesystem;                       // "ext4", "tmpfs", ...
  std::string device_queue;                     // scheduler, e.g. "none"
  std::string rocksdb_version;                  // of the loaded library
  std::optional<DeviceFacts> device;            // offline only

  // The lesser of machine memory and cgroup limit.
  uint64_t UsableMemoryBytes() const {
    return cgroup_memory_bytes && *cgroup_memory_bytes < memory_bytes
               ? *cgroup_memory_bytes
               : memory_bytes;
  }
};

// What differs between RocksDB versions and matters to policy. Filled from
// the one feature table in hooks.
struct RocksdbFeatures {
  int major = 0;
  int minor = 0;
  int patch = 0;
  // A job in flight re-installs old options when it ends (before 9.11.1).
  bool running_jobs_revert_options = true;
  // Table options are written in place into a factory shared by column
  // families (<= 9.7).
  bool table_options_in_place = true;
  // Writers wait while OPTIONS is written (before 8.8).
  bool option_write_blocks_writers = true;
};

struct ColumnFamilyFacts {
  uint32_t id = 0;
  std::string name;
  // Immutable options that calibration needs. The style in RocksDB's spelling
  // ("kCompactionStyleLevel"); empty: unknown, then the worst is assumed.
  std::string compaction_style;
  int min_write_buffer_number_to_merge = 1;
  bool operator==(const ColumnFamilyFacts&) const = default;
};

// One attached database.
struct DatabaseFacts {
  std::string name;  // what operators call it; unique in the process
  std::vector<ColumnFamilyFacts> column_families;  // by id
  bool instrumented = false;  // opened with Instrument(): events, latencies
  // What is not known about this database and why, one line each.
  std::vector<std::string> missing;
};

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_FACTS_H_
