// The options of the simulated store: a catalogue as a linked RocksDB would
// give it, and their values as numbers.
#ifndef ROCKTUNE_TESTS_SIMULATION_STORE_OPTIONS_H_
#define ROCKTUNE_TESTS_SIMULATION_STORE_OPTIONS_H_

#include <cstdint>
#include <string>

#include "absl/types/span.h"
#include "policy/catalogue.h"
#include "policy/tuning_machine.h"

namespace rocktune::simulation {

enum class Compression { kNone, kLz4, kZstd };

// Values in force. Every field is a row of StoreOptionRows().
struct StoreOptions {
  double block_cache_bytes = 0;
  double write_buffer_bytes = 0;
  double write_buffers = 0;
  double l0_trigger = 0;
  double l0_slowdown = 0;
  double l0_stop = 0;
  double jobs = 0;
  double subcompactions = 0;
  double readahead_bytes = 0;
  double level_base_bytes = 0;
  double soft_debt_bytes = 0;
  double hard_debt_bytes = 0;
  double delayed_write_bytes_per_s = 0;
  double block_bytes = 0;
  double compression = 0;  // a Compression
};

struct StoreOptionRow {
  const char* name;
  OptionScope scope;
  OptionType type;
  const char* default_value;
  double StoreOptions::*field;
};

absl::Span<const StoreOptionRow> StoreOptionRows();

// What the machine the store runs on can do.
struct StoreHost {
  int cores = 4;
  double memory_bytes = 4.0 * (1 << 30);
  double memory_budget_bytes = 1.0 * (1 << 30);
  double read_us = 90;  // one block from the idle device
  double device_bytes_per_s = 400e6;
  double device_reads_per_s = 40000;
};

OptionKey KeyOf(const StoreOptionRow& row);
// The key of an option of the store by name.
OptionKey KeyOf(const std::string& name);
OptionValues DefaultValues();
StoreOptions ParseOptions(const OptionValues& values);
MachineFacts FactsOf(const StoreHost& host);

}  // namespace rocktune::simulation

#endif  // ROCKTUNE_TESTS_SIMULATION_STORE_OPTIONS_H_
