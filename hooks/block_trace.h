// What RocksDB tells about the block lookups of one burst, as numbers.
#ifndef ROCKTUNE_HOOKS_BLOCK_TRACE_H_
#define ROCKTUNE_HOOKS_BLOCK_TRACE_H_

#include <cstdint>
#include <memory>

#include "hooks/trace_buffer.h"
#include "rocksdb/block_cache_trace_writer.h"

namespace rocktune {

// Who looked a block up.
enum class BlockUser : uint8_t {
  kPointRead,   // Get, MultiGet
  kOtherRead,   // iterators and what else the host asks for
  kBackground,  // flush, compaction, opening a file
};

// One lookup. No byte of a key is in here.
struct BlockAccess {
  uint64_t block = 0;  // keyed hash
  uint64_t key = 0;    // keyed hash of the user's key; 0 = no key was found
  uint32_t family = 0;
  uint32_t block_bytes = 0;
  uint32_t value_bytes = 0;  // of that key
  uint16_t key_bytes = 0;    // at most 65535
  uint8_t level = 0;
  BlockUser user = BlockUser::kOtherRead;
  bool is_data = false;  // else index, filter and the like
  bool hit = false;
  bool stays = true;  // false: not put into the cache after a miss
};

using BlockTraceBuffer = TraceBuffer<BlockAccess>;

// Hands every record to `buffer`: hashes, copies numbers, returns OK.
std::unique_ptr<rocksdb::BlockCacheTraceWriter> NewBlockTraceWriter(
    std::shared_ptr<BlockTraceBuffer> buffer);

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_BLOCK_TRACE_H_
