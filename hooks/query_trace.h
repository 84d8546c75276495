// What RocksDB tells about the writes of one burst, as numbers. Only for hosts
// that opted in: RocksDB has one query trace for a database, ours silently
// takes the place of the host's, and every operation takes one mutex of the
// database for as long as it runs.
#ifndef ROCKTUNE_HOOKS_QUERY_TRACE_H_
#define ROCKTUNE_HOOKS_QUERY_TRACE_H_

#include <cstdint>
#include <memory>

#include "hooks/trace_buffer.h"
#include "rocksdb/db.h"
#include "rocksdb/options.h"
#include "rocksdb/status.h"
#include "rocksdb/trace_reader_writer.h"

namespace rocktune {

enum class WriteKind : uint8_t { kPut, kMerge, kDelete, kDeleteRange };

// One entry of a write batch. No byte of a key or value is in here.
struct TracedWrite {
  uint64_t key = 0;          // keyed hash of family and key; a range: 0
  uint32_t value_bytes = 0;  // of puts and merges
  uint16_t key_bytes = 0;    // at most 65535; a range: 0
  WriteKind kind = WriteKind::kPut;
};

using WriteTraceBuffer = TraceBuffer<TracedWrite>;

// Writes and nothing else: what RocksDB records of reads (keys) the block
// cache trace tells as well, and cheaper. No sampling by RocksDB, which is
// every N-th operation: where operations alternate it sees one kind only.
rocksdb::TraceOptions WriteTraceOptions();

// Takes one batch in `one_in` at random, by saying in the others' turn that the
// file is full: RocksDB then skips the operation before it copies anything.
// Each record is opened in the callback by RocksDB's own WriteBatch, in a copy
// that is gone when the callback returns, and becomes facts in `buffer`; every
// answer is OK. Around the batch is the frame of trace version 0.2, that of
// RocksDB 7.8; what is not that, or has entries that are no put, merge or
// delete, counts as unknown.
std::unique_ptr<rocksdb::TraceWriter> NewWriteTraceWriter(
    std::shared_ptr<WriteTraceBuffer> buffer, uint64_t one_in);

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_QUERY_TRACE_H_
