// Hashes of keys and blocks that mean nothing outside of this process.
#ifndef ROCKTUNE_HOOKS_KEYED_HASH_H_
#define ROCKTUNE_HOOKS_KEYED_HASH_H_

#include <cstddef>
#include <cstdint>

namespace rocktune {

// SipHash-2-4 (Aumasson and Bernstein, 2012): without the 128 bits of the key
// nobody can tell which bytes a hash came from. Thread-safe.
class KeyedHash {
 public:
  KeyedHash(uint64_t key_low, uint64_t key_high)
      : key_low_(key_low), key_high_(key_high) {}

  // The one of this process; its key is random and never leaves the object.
  static const KeyedHash& OfProcess();

  uint64_t operator()(const char* data, size_t size) const;

 private:
  uint64_t key_low_;
  uint64_t key_high_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_KEYED_HASH_H_
