#include "hooks/block_trace.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "hooks/keyed_hash.h"

namespace rocktune {
namespace {

// RocksDB keeps a sequence number and a type behind each user key.
constexpr size_t kInternalBytes = 8;

BlockUser UserOf(rocksdb::TableReaderCaller caller) {
  switch (caller) {
    case rocksdb::kUserGet:
    case rocksdb::kUserMultiGet:
      return BlockUser::kPointRead;
    case rocksdb::kExternalSSTIngestion:
    case rocksdb::kRepair:
    case rocksdb::kPrefetch:
    case rocksdb::kCompaction:
    case rocksdb::kCompactionRefill:
    case rocksdb::kFlush:
      return BlockUser::kBackground;
    default:
      return BlockUser::kOtherRead;
  }
}

template <typename To>
To Clamped(uint64_t number) {
  return static_cast<To>(
      std::min<uint64_t>(number, std::numeric_limits<To>::max()));
}

class Writer : public rocksdb::BlockCacheTraceWriter {
 public:
  explicit Writer(std::shared_ptr<BlockTraceBuffer> buffer)
      : buffer_(std::move(buffer)), hash_(KeyedHash::OfProcess()) {}
  ~Writer() override { buffer_->SetEnded(); }

  rocksdb::Status WriteHeader() override { return rocksdb::Status::OK(); }

  rocksdb::Status WriteBlockAccess(const rocksdb::BlockCacheTraceRecord& record,
                                   const rocksdb::Slice& block_key,
                                   const rocksdb::Slice& /*cf_name*/,
                                   const rocksdb::Slice& key) override {
    BlockAccess access;
    access.block = hash_(block_key.data(), block_key.size());
    access.family = Clamped<uint32_t>(record.cf_id);
    access.block_bytes = Clamped<uint32_t>(record.block_size);
    access.level = Clamped<uint8_t>(record.level);
    access.user = UserOf(record.caller);
    access.is_data =
        record.block_type == rocksdb::TraceType::kBlockTraceDataBlock;
    access.hit = record.is_cache_hit;
    access.stays = record.is_cache_hit || !record.no_insert;
    if (access.is_data && record.referenced_key_exist_in_block &&
        key.size() >= kInternalBytes) {
      const size_t size = key.size() - kInternalBytes;
      access.key = std::max<uint64_t>(hash_(key.data(), size), 1);
      access.key_bytes = Clamped<uint16_t>(size);
      if (record.referenced_data_size > key.size()) {
        access.value_bytes =
            Clamped<uint32_t>(record.referenced_data_size - key.size());
      }
    }
    buffer_->Add(access);
    return rocksdb::Status::OK();
  }

 private:
  const std::shared_ptr<BlockTraceBuffer> buffer_;
  const KeyedHash& hash_;
};

}  // namespace

std::unique_ptr<rocksdb::BlockCacheTraceWriter> NewBlockTraceWriter(
    std::shared_ptr<BlockTraceBuffer> buffer) {
  return std::make_unique<Writer>(std::move(buffer));
}

}  // namespace rocktune
