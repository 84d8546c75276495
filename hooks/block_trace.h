// What RocksDB tells about the block lookups of one burst, kept as numbers in
// a buffer of fixed size.
#ifndef ROCKTUNE_HOOKS_BLOCK_TRACE_H_
#define ROCKTUNE_HOOKS_BLOCK_TRACE_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/types/span.h"
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

// Thread-safe: RocksDB's threads add, one after the other; the rest is for the
// time after the trace, or for statistics.
class BlockTraceBuffer {
 public:
  explicit BlockTraceBuffer(size_t capacity) : accesses_(capacity) {}

  // Drops and counts when the buffer is full. Under RocksDB's trace mutex.
  void Add(const BlockAccess& access);

  // The writer is gone: RocksDB has ended the trace, whoever asked for it.
  void SetEnded() { ended_.store(true, std::memory_order_release); }
  bool ended() const { return ended_.load(std::memory_order_acquire); }

  absl::Span<const BlockAccess> accesses() const {
    return {accesses_.data(), size_.load(std::memory_order_acquire)};
  }
  uint64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }

 private:
  std::vector<BlockAccess> accesses_;
  std::atomic<size_t> size_{0};
  std::atomic<uint64_t> dropped_{0};
  std::atomic<bool> ended_{false};
};

// Hands every record to `buffer`: hashes, copies numbers, returns OK.
std::unique_ptr<rocksdb::BlockCacheTraceWriter> NewBlockTraceWriter(
    std::shared_ptr<BlockTraceBuffer> buffer);

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_BLOCK_TRACE_H_
