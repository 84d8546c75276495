#include "hooks/query_trace.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "hooks/keyed_hash.h"
#include "rocksdb/slice.h"
#include "rocksdb/trace_record.h"
#include "rocksdb/write_batch.h"

namespace rocktune {
namespace {

using rocksdb::Slice;
using rocksdb::Status;

template <typename To>
To Clamped(uint64_t number) {
  return static_cast<To>(
      std::min<uint64_t>(number, std::numeric_limits<To>::max()));
}

template <typename Number>
bool Take(Slice* bytes, Number* number) {
  if (bytes->size() < sizeof(Number)) return false;
  std::memcpy(number, bytes->data(), sizeof(Number));  // little-endian machines
  bytes->remove_prefix(sizeof(Number));
  return true;
}

// Seven bits a byte, the lowest first; the last byte is below 128.
bool TakeVarint32(Slice* bytes, uint64_t* number) {
  *number = 0;
  for (int shift = 0; shift < 35; shift += 7) {
    uint8_t byte = 0;
    if (!Take(bytes, &byte)) return false;
    *number |= uint64_t{byte & 127u} << shift;
    if (byte < 128) return true;
  }
  return false;
}

// A record: time (8 bytes), type (1), size of the payload (4), payload.
struct Record {
  char type = 0;
  Slice payload;
};

std::optional<Record> RecordIn(Slice bytes) {
  uint64_t time_us = 0;
  uint32_t size = 0;
  Record record;
  if (!Take(&bytes, &time_us) || !Take(&bytes, &record.type) ||
      !Take(&bytes, &size) || size != bytes.size()) {
    return std::nullopt;
  }
  record.payload = bytes;
  return record;
}

// The payload of a write: which fields are in it (8 bytes, a bit each; the
// batch is bit 1), size of the batch (varint), batch.
std::optional<Slice> BatchIn(Slice payload) {
  uint64_t fields = 0;
  uint64_t size = 0;
  if (!Take(&payload, &fields) || fields != uint64_t{1} << 1 ||
      !TakeVarint32(&payload, &size) || size != payload.size()) {
    return std::nullopt;
  }
  return payload;
}

// Entries of batches to facts. The marks of transactions are no writes.
class Decoder : public rocksdb::WriteBatch::Handler {
 public:
  explicit Decoder(WriteTraceBuffer* buffer)
      : buffer_(buffer), hash_(KeyedHash::OfProcess()) {}

  Status PutCF(uint32_t family, const Slice& key, const Slice& value) override {
    return Add(WriteKind::kPut, family, key, value.size());
  }
  Status PutEntityCF(uint32_t family, const Slice& key,
                     const Slice& entity) override {
    return Add(WriteKind::kPut, family, key, entity.size());
  }
  Status MergeCF(uint32_t family, const Slice& key,
                 const Slice& value) override {
    return Add(WriteKind::kMerge, family, key, value.size());
  }
  Status DeleteCF(uint32_t family, const Slice& key) override {
    return Add(WriteKind::kDelete, family, key, 0);
  }
  Status SingleDeleteCF(uint32_t family, const Slice& key) override {
    return Add(WriteKind::kDelete, family, key, 0);
  }
  Status DeleteRangeCF(uint32_t, const Slice&, const Slice&) override {
    TracedWrite write;
    write.kind = WriteKind::kDeleteRange;
    buffer_->Add(write);
    return Status::OK();
  }
  Status MarkBeginPrepare(bool) override { return Status::OK(); }
  Status MarkEndPrepare(const Slice&) override { return Status::OK(); }
  Status MarkNoop(bool) override { return Status::OK(); }
  Status MarkRollback(const Slice&) override { return Status::OK(); }
  Status MarkCommit(const Slice&) override { return Status::OK(); }
  Status MarkCommitWithTimestamp(const Slice&, const Slice&) override {
    return Status::OK();
  }

 private:
  Status Add(WriteKind kind, uint32_t family, const Slice& key,
             size_t value_bytes) {
    TracedWrite write;
    // One key in two families is two keys.
    write.key = hash_(key.data(), key.size()) + family * 0x9e3779b97f4a7c15;
    write.value_bytes = Clamped<uint32_t>(value_bytes);
    write.key_bytes = Clamped<uint16_t>(key.size());
    write.kind = kind;
    buffer_->Add(write);
    return Status::OK();
  }

  WriteTraceBuffer* const buffer_;
  const KeyedHash& hash_;
};

// RocksDB calls it under its trace mutex.
class Writer : public rocksdb::TraceWriter {
 public:
  Writer(std::shared_ptr<WriteTraceBuffer> buffer, uint64_t one_in)
      : buffer_(std::move(buffer)),
        decoder_(buffer_.get()),
        most_(std::numeric_limits<uint64_t>::max() /
              std::max<uint64_t>(one_in, 1)),
        random_(reinterpret_cast<uintptr_t>(this)) {}
  ~Writer() override { buffer_->SetEnded(); }

  Status Write(const Slice& data) override {
    const std::optional<Record> record = RecordIn(data);
    if (record && record->type != rocksdb::kTraceWrite) return Status::OK();
    const std::optional<Slice> batch =
        record ? BatchIn(record->payload) : std::nullopt;
    if (!batch ||
        !rocksdb::WriteBatch(batch->ToString()).Iterate(&decoder_).ok()) {
      buffer_->AddUnknown();
    }
    return Status::OK();
  }

  Status Close() override { return Status::OK(); }

  // Asked once for each operation, whether that is filtered out or not.
  uint64_t GetFileSize() override {
    return Random() <= most_ ? 0 : std::numeric_limits<uint64_t>::max();
  }

 private:
  // SplitMix64 (Steele, Lea and Flood, 2014).
  uint64_t Random() {
    uint64_t z = random_ += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
  }

  const std::shared_ptr<WriteTraceBuffer> buffer_;
  Decoder decoder_;
  const uint64_t most_;
  uint64_t random_;
};

}  // namespace

rocksdb::TraceOptions WriteTraceOptions() {
  rocksdb::TraceOptions options;
  options.filter = rocksdb::kTraceFilterGet | rocksdb::kTraceFilterMultiGet |
                   rocksdb::kTraceFilterIteratorSeek |
                   rocksdb::kTraceFilterIteratorSeekForPrev;
  return options;
}

std::unique_ptr<rocksdb::TraceWriter> NewWriteTraceWriter(
    std::shared_ptr<WriteTraceBuffer> buffer, uint64_t one_in) {
  return std::make_unique<Writer>(std::move(buffer), one_in);
}

}  // namespace rocktune
