#include "hooks/stall_proximity.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "hooks/lsm_sampler.h"

namespace rocktune {
namespace {

using Properties = rocksdb::DB::Properties;

// RocksDB compares with >=, so a limit of 0 or less stops at once.
double Share(double amount, double limit) {
  if (limit <= 0) return 1;
  return std::clamp(amount / limit, 0.0, 1.0);
}

void TakeNearer(double nearness, const char* cause, StallProximity* nearest) {
  if (nearness <= nearest->nearness) return;
  nearest->nearness = nearness;
  nearest->cause = cause;
}

int64_t FilesAtLevel(rocksdb::DB* db, rocksdb::ColumnFamilyHandle* handle,
                     int level) {
  std::string text;
  int64_t files = 0;
  const bool known = db->GetProperty(
      handle, absl::StrCat(Properties::kNumFilesAtLevelPrefix, level), &text);
  return known && absl::SimpleAtoi(text, &files) ? files : 0;
}

// What RocksDB holds against the L0 triggers: in universal compaction every
// level that is not empty is one more sorted run.
int64_t DelayTriggerCount(rocksdb::DB* db, const Family& family,
                          rocksdb::CompactionStyle style) {
  int64_t count = FilesAtLevel(db, family.handle, 0);
  if (style != rocksdb::kCompactionStyleUniversal) return count;
  for (int level = 1; level < family.levels; ++level) {
    if (FilesAtLevel(db, family.handle, level) > 0) ++count;
  }
  return count;
}

bool ReadPressure(rocksdb::DB* db, Family* family, StallPressure* pressure) {
  const UseGate::Use use = family->gate.Enter();
  if (!use) return false;
  const rocksdb::Options options = db->GetOptions(family->handle);
  const uint64_t active =
      ReadProperty(db, family, Properties::kCurSizeActiveMemTable);
  pressure->immutable_memtables = static_cast<int64_t>(
      ReadProperty(db, family, Properties::kNumImmutableMemTable));
  pressure->max_write_buffers = options.max_write_buffer_number;
  pressure->active_memtable_fill =
      Share(static_cast<double>(active),
            static_cast<double>(options.write_buffer_size));
  pressure->l0_files = DelayTriggerCount(db, *family, options.compaction_style);
  pressure->l0_stop_trigger = options.level0_stop_writes_trigger;
  pressure->pending_bytes =
      ReadProperty(db, family, Properties::kEstimatePendingCompactionBytes);
  pressure->hard_pending_bytes_limit =
      options.hard_pending_compaction_bytes_limit;
  pressure->auto_compactions_off = options.disable_auto_compactions;
  return true;
}

}  // namespace

StallProximity NearestStop(const StallPressure& pressure) {
  StallProximity nearest;
  // One switch before the stop it is the active memtable that is filling up
  // towards it.
  double memtables = static_cast<double>(pressure.immutable_memtables);
  if (pressure.immutable_memtables > 0 &&
      pressure.immutable_memtables + 1 >= pressure.max_write_buffers) {
    memtables += std::clamp(pressure.active_memtable_fill, 0.0, 1.0);
  }
  TakeNearer(Share(memtables, static_cast<double>(pressure.max_write_buffers)),
             "memtables", &nearest);
  if (pressure.auto_compactions_off) return nearest;
  TakeNearer(Share(static_cast<double>(pressure.l0_files),
                   static_cast<double>(pressure.l0_stop_trigger)),
             "l0_files", &nearest);
  if (pressure.hard_pending_bytes_limit > 0) {
    TakeNearer(Share(static_cast<double>(pressure.pending_bytes),
                     static_cast<double>(pressure.hard_pending_bytes_limit)),
               "pending_bytes", &nearest);
  }
  return nearest;
}

StallProximity ReadProximity(rocksdb::DB* db, const FamilySet& families) {
  StallProximity nearest;
  for (const std::shared_ptr<Family>& family : families.List()) {
    StallPressure pressure;
    if (!ReadPressure(db, family.get(), &pressure)) continue;
    const StallProximity own = NearestStop(pressure);
    TakeNearer(own.nearness, own.cause.c_str(), &nearest);
  }
  nearest.delayed =
      ReadProperty(db, nullptr, Properties::kActualDelayedWriteRate) > 0;
  nearest.stopped = ReadProperty(db, nullptr, Properties::kIsWriteStopped) > 0;
  if (nearest.stopped) nearest.nearness = 1;
  return nearest;
}

}  // namespace rocktune
