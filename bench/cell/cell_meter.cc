#include "bench/cell/cell_meter.h"

#include <sys/resource.h>

#include <algorithm>
#include <fstream>

namespace rocktune {
namespace {

double CpuSeconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) +
           1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double Per(double amount, double of) { return of > 0 ? amount / of : 0; }

bool Writes(Operation operation) {
  return operation == Operation::kUpdate || operation == Operation::kInsert ||
         operation == Operation::kReadModifyWrite;
}

// p99 of all kinds that write, or of all that only read.
double P99Us(const LoadInterval& interval, bool writes) {
  LatencyRecorder all;
  for (int i = 0; i < kOperations; ++i) {
    if (Writes(static_cast<Operation>(i)) == writes) {
      all.Merge(interval.latency[static_cast<size_t>(i)]);
    }
  }
  return all.QuantileUs(0.99);
}

}  // namespace

CellMeter::CellMeter(rocksdb::DB* db, const DeviceModel* device,
                     uint64_t entry_bytes)
    : db_(db),
      device_(device),
      entry_bytes_(entry_bytes),
      cpu_s_(CpuSeconds()) {
  if (device_ != nullptr) device_before_ = device_->Counters();
}

void CellMeter::Add(const LoadInterval& second, double stall_share) {
  all_.Merge(second);
  stalled_s_ += stall_share * second.seconds;
  const double ops = second.OpsPerS();
  if (worst_ops_per_s_ < 0 || ops < worst_ops_per_s_) worst_ops_per_s_ = ops;
  // A second in which the phase changed belongs to neither.
  if (second.phase == last_phase_) {
    PhaseSum& sum = phases_[second.phase];
    sum.seconds += second.seconds;
    sum.operations += static_cast<double>(second.Count());
  }
  last_phase_ = second.phase;
}

CellFigures CellMeter::Figures(uint64_t data_bytes) const {
  CellFigures figures;
  figures.seconds = all_.seconds;
  figures.ops_per_s = all_.OpsPerS();
  double written = 0;
  for (int i = 0; i < kOperations; ++i) {
    const LatencyRecorder& latency = all_.latency[static_cast<size_t>(i)];
    figures.kinds[static_cast<size_t>(i)] = {
        latency.count(), latency.QuantileUs(0.5), latency.QuantileUs(0.99),
        latency.QuantileUs(0.999)};
    if (Writes(static_cast<Operation>(i))) {
      written += static_cast<double>(latency.count() * entry_bytes_);
    }
  }
  const double operations = static_cast<double>(all_.Count());
  figures.stall_share = Per(stalled_s_, all_.seconds);
  if (device_ != nullptr) {
    const DeviceCounters now = device_->Counters();
    figures.device_write_bytes_per_user_byte =
        Per(static_cast<double>(now.write_bytes - device_before_.write_bytes),
            written);
    figures.device_read_bytes_per_op =
        Per(static_cast<double>(now.read_bytes - device_before_.read_bytes),
            operations);
  }
  uint64_t tables = 0;
  db_->GetIntProperty("rocksdb.total-sst-files-size", &tables);
  figures.table_bytes_per_data_byte =
      Per(static_cast<double>(tables), static_cast<double>(data_bytes));
  figures.cpu_us_per_op = Per(1e6 * (CpuSeconds() - cpu_s_), operations);
  figures.worst_second_ops_per_s = std::max(0.0, worst_ops_per_s_);
  for (const auto& [phase, sum] : phases_) {
    // A phase in which nothing was done is slow, not absent.
    figures.phase_ops_per_s.push_back(std::max(sum.operations, 0.5) /
                                      sum.seconds);
  }
  return figures;
}

bool Stalled(rocksdb::DB* db) {
  uint64_t stopped = 0, rate = 0;
  db->GetIntProperty("rocksdb.is-write-stopped", &stopped);
  db->GetIntProperty("rocksdb.actual-delayed-write-rate", &rate);
  return stopped > 0 || rate > 0;
}

CellPoint PointOf(const LoadInterval& second, double at_s, double stall_share) {
  CellPoint point;
  point.at_s = at_s;
  point.ops_per_s = second.OpsPerS();
  point.read_p99_us = P99Us(second, false);
  point.write_p99_us = P99Us(second, true);
  point.stall_share = stall_share;
  point.phase = second.phase;
  return point;
}

uint64_t PeakMemoryBytes() {
  std::ifstream in("/proc/self/status");
  std::string word;
  while (in >> word) {
    uint64_t kib = 0;
    if (word == "VmHWM:" && in >> kib) return kib * 1024;
  }
  return 0;
}

}  // namespace rocktune
