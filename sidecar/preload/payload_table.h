// What the stub and the payload agree on. Plain data: the stub knows no type of
// RocksDB and the payload exports one function of C.
#ifndef ROCKTUNE_SIDECAR_PRELOAD_PAYLOAD_TABLE_H_
#define ROCKTUNE_SIDECAR_PRELOAD_PAYLOAD_TABLE_H_

#include <cstddef>

namespace rocktune {

// The payload's version of one interposed function.
struct PayloadRow {
  const char* symbol;
  void* replacement;
  // Where the payload wants RocksDB's own function; the stub writes it before
  // it calls the replacement for the first time.
  void** original;
};

struct PayloadTable {
  // Null, or why nothing is to be done in this process; there are no rows then.
  const char* passive_reason;
  const PayloadRow* rows;
  size_t row_count;
};

// The type and the name of the payload's one function; called once.
using PayloadFunction = const PayloadTable* (*)();
inline constexpr char kPayloadFunction[] = "rocktune_payload";

}  // namespace rocktune

#endif  // ROCKTUNE_SIDECAR_PRELOAD_PAYLOAD_TABLE_H_
