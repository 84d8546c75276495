// RocksDB's numbers of the tickers and histograms we use, found by name in
// the loaded library: the numbers differ between versions, the names do not.
#ifndef ROCKTUNE_HOOKS_TICKERS_H_
#define ROCKTUNE_HOOKS_TICKERS_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "policy/window.h"

namespace rocktune {

// The slot of everything RocksDB counts and we do not use.
inline constexpr uint8_t kUnusedTicker = kTickers;
inline constexpr uint8_t kUnusedHistogram = kOpKinds;

// RocksDB's name, e.g. "rocksdb.block.cache.hit".
absl::string_view RocksdbName(Ticker ticker);
absl::string_view RocksdbName(OpKind latency);

// RocksDB's number -> our index, in one load. A number beyond the table is
// masked: harmless, because there is none (checked by a test).
class TickerTable {
 public:
  static constexpr uint32_t kSize = 1024;
  TickerTable();  // reads the loaded library
  uint8_t IndexOf(uint32_t type) const { return index_[type & (kSize - 1)]; }
  bool Has(Ticker ticker) const { return has_[static_cast<size_t>(ticker)]; }

 private:
  std::array<uint8_t, kSize> index_;
  std::array<bool, kTickers> has_{};
};

class HistogramTable {
 public:
  static constexpr uint32_t kSize = 256;
  HistogramTable();
  uint8_t IndexOf(uint32_t type) const { return index_[type & (kSize - 1)]; }

 private:
  std::array<uint8_t, kSize> index_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_TICKERS_H_
