#include "hooks/keyed_hash.h"

#include <sys/random.h>

#include <bit>
#include <cstring>

namespace rocktune {
namespace {

struct State {
  uint64_t v0, v1, v2, v3;

  void Round() {
    v0 += v1;
    v2 += v3;
    v1 = std::rotl(v1, 13) ^ v0;
    v3 = std::rotl(v3, 16) ^ v2;
    v0 = std::rotl(v0, 32);
    v2 += v1;
    v0 += v3;
    v1 = std::rotl(v1, 17) ^ v2;
    v3 = std::rotl(v3, 21) ^ v0;
    v2 = std::rotl(v2, 32);
  }

  void Take(uint64_t word) {
    v3 ^= word;
    Round();
    Round();
    v0 ^= word;
  }
};

KeyedHash MakeRandom() {
  // Where the kernel refuses (a seccomp filter may), places in memory must do.
  uint64_t key[2] = {reinterpret_cast<uintptr_t>(&key),
                     reinterpret_cast<uintptr_t>(&MakeRandom)};
  [[maybe_unused]] const ssize_t got = getrandom(key, sizeof(key), 0);
  return KeyedHash(key[0], key[1]);
}

}  // namespace

const KeyedHash& KeyedHash::OfProcess() {
  static const KeyedHash hash = MakeRandom();
  return hash;
}

uint64_t KeyedHash::operator()(const char* data, size_t size) const {
  State state = {key_low_ ^ 0x736f6d6570736575, key_high_ ^ 0x646f72616e646f6d,
                 key_low_ ^ 0x6c7967656e657261, key_high_ ^ 0x7465646279746573};
  uint64_t word = 0;
  size_t at = 0;
  for (; at + sizeof(word) <= size; at += sizeof(word)) {
    std::memcpy(&word, data + at, sizeof(word));  // little-endian machines
    state.Take(word);
  }
  word = 0;
  std::memcpy(&word, data + at, size - at);
  state.Take(word | uint64_t{size} << 56);
  state.v2 ^= 0xff;
  for (int i = 0; i < 4; ++i) state.Round();
  return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

}  // namespace rocktune
