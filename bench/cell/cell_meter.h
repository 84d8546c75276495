// Measures a cell while it runs: what clients saw, what the device did, what
// the process cost.
#ifndef ROCKTUNE_BENCH_CELL_CELL_METER_H_
#define ROCKTUNE_BENCH_CELL_CELL_METER_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "bench/cell/cell.h"
#include "bench/device/device.h"
#include "bench/workload/driver.h"
#include "rocksdb/db.h"

namespace rocktune {

// One stretch of a run, added up second by second. Not thread-safe.
class CellMeter {
 public:
  // `device` may be null: then its figures stay 0. Begins now.
  CellMeter(rocksdb::DB* db, const DeviceModel* device, uint64_t entry_bytes);

  void Add(const LoadInterval& second, double stall_share);
  CellFigures Figures(uint64_t data_bytes) const;

 private:
  rocksdb::DB* const db_;
  const DeviceModel* const device_;
  const uint64_t entry_bytes_;
  const double cpu_s_;
  DeviceCounters device_before_;
  LoadInterval all_;
  double stalled_s_ = 0;
  double worst_ops_per_s_ = -1;
  struct PhaseSum {
    double seconds = 0;
    double operations = 0;
  };
  std::map<int, PhaseSum> phases_;  // seconds in which the phase was one
  int last_phase_ = -1;
};

// Whether writes are delayed or stopped at this moment.
bool Stalled(rocksdb::DB* db);

CellPoint PointOf(const LoadInterval& second, double at_s, double stall_share);

uint64_t PeakMemoryBytes();  // VmHWM of this process

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_CELL_CELL_METER_H_
