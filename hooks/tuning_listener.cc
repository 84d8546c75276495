#include "hooks/tuning_listener.h"

#include <utility>

#include "hooks/tuning_statistics.h"

namespace rocktune {
namespace {

template <typename Info>
JobKey KeyOf(const rocksdb::DB* db, const Info& info) {
  return {db, info.job_id, info.cf_id, info.thread_id};
}

// By name: nobody promises that the numbers stay.
StallNow StallOf(rocksdb::WriteStallCondition condition) {
  switch (condition) {
    case rocksdb::WriteStallCondition::kDelayed:
      return StallNow::kDelayed;
    case rocksdb::WriteStallCondition::kStopped:
      return StallNow::kStopped;
    default:
      return StallNow::kNone;
  }
}

void AddEvent(const Event& event, EventFacts* facts) {
  switch (event.kind) {
    case EventKind::kFlush:
      ++facts->flushes;
      facts->flush_bytes += event.write_bytes;
      break;
    case EventKind::kCompaction:
      ++facts->compactions;
      facts->compaction_read_bytes += event.read_bytes;
      facts->compaction_write_bytes += event.write_bytes;
      facts->compaction_cpu_s += static_cast<double>(event.cpu_us) / 1e6;
      facts->compaction_elapsed_s +=
          static_cast<double>(event.elapsed_us) / 1e6;
      break;
    case EventKind::kTableFile:
      ++facts->files_created;
      facts->entries += event.entries;
      facts->deletions += event.deletions;
      facts->key_bytes += event.key_bytes;
      facts->value_bytes += event.value_bytes;
      break;
    case EventKind::kBackgroundError:
      ++facts->background_errors;
      break;
    case EventKind::kStall:
      facts->stall_changes += 1;
      facts->stops += event.stall == StallNow::kStopped ? 1 : 0;
      break;
  }
}

}  // namespace

TuningListener::TuningListener(std::shared_ptr<TuningStatistics> statistics,
                               uint32_t ring_capacity)
    : statistics_(std::move(statistics)), ring_(ring_capacity) {}

TuningListener::~TuningListener() = default;

void TuningListener::Drain(Window* window) {
  window->events = EventFacts{};
  Event event;
  // No more than the ring holds, so that busy producers cannot keep us here.
  for (uint32_t i = 0; i < ring_.capacity() && ring_.Pop(&event); ++i) {
    AddEvent(event, &window->events);
  }
  window->events.dropped = ring_.TakeDropped();
}

void TuningListener::OnHandleDeletion(HandleCallback callback) {
  absl::MutexLock lock(&handle_mutex_);
  handle_callback_ = std::move(callback);
}

void TuningListener::OnFlushBegin(rocksdb::DB* db,
                                  const rocksdb::FlushJobInfo& info) {
  jobs_.Begin(KeyOf(db, info));
  families_.Note(db, info.cf_id, info.cf_name);
}

void TuningListener::OnFlushCompleted(rocksdb::DB* db,
                                      const rocksdb::FlushJobInfo& info) {
  jobs_.End(KeyOf(db, info));
  Event event;
  event.kind = EventKind::kFlush;
  event.column_family_id = info.cf_id;
  // The blocks alone: the file's own size is in the table file's event.
  event.write_bytes = info.table_properties.data_size +
                      info.table_properties.index_size +
                      info.table_properties.filter_size;
  ring_.Push(event);
}

void TuningListener::OnCompactionBegin(rocksdb::DB* db,
                                       const rocksdb::CompactionJobInfo& info) {
  jobs_.Begin(KeyOf(db, info));
  families_.Note(db, info.cf_id, info.cf_name);
}

void TuningListener::OnCompactionCompleted(
    rocksdb::DB* db, const rocksdb::CompactionJobInfo& info) {
  jobs_.End(KeyOf(db, info));
  Event event;
  event.kind = EventKind::kCompaction;
  event.column_family_id = info.cf_id;
  event.input_level = static_cast<int8_t>(info.base_input_level);
  event.output_level = static_cast<int8_t>(info.output_level);
  event.read_bytes = info.stats.total_input_bytes;
  event.write_bytes = info.stats.total_output_bytes;
  event.cpu_us = info.stats.cpu_micros;
  event.elapsed_us = info.stats.elapsed_micros;
  ring_.Push(event);
}

void TuningListener::OnTableFileCreated(
    const rocksdb::TableFileCreationInfo& info) {
  // Also called for a file that failed, or that turned out to be empty.
  if (!info.status.ok() || info.file_size == 0) return;
  const rocksdb::TableProperties& properties = info.table_properties;
  Event event;
  event.kind = EventKind::kTableFile;
  event.write_bytes = info.file_size;
  event.entries = properties.num_entries;
  event.deletions = properties.num_deletions;
  event.key_bytes = properties.raw_key_size;
  event.value_bytes = properties.raw_value_size;
  ring_.Push(event);
}

void TuningListener::OnStallConditionsChanged(
    const rocksdb::WriteStallInfo& info) {
  Event event;
  event.kind = EventKind::kStall;
  event.stall = StallOf(info.condition.cur);
  ring_.Push(event);
}

void TuningListener::OnBackgroundError(rocksdb::BackgroundErrorReason,
                                       rocksdb::Status*) {
  Event event;
  event.kind = EventKind::kBackgroundError;
  ring_.Push(event);
}

void TuningListener::OnColumnFamilyHandleDeletionStarted(
    rocksdb::ColumnFamilyHandle* handle) {
  absl::ReaderMutexLock lock(&handle_mutex_);
  if (handle_callback_) handle_callback_(handle);
}

}  // namespace rocktune
