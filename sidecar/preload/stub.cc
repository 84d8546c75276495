// librocktune_preload.so: stands in front of RocksDB's functions and knows
// nothing of RocksDB. On the first call it loads the payload that was built for
// exactly the version in the process and from then on calls the payload's
// functions; without one it hands every call on, unchanged.
//
// It links nothing but libc: a program without RocksDB starts as before. That
// is why there is no std::string here.
#include <dlfcn.h>
#include <link.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <atomic>
#include <cstddef>

#include "sidecar/preload/passive_line.h"
#include "sidecar/preload/payload_table.h"
#include "sidecar/preload/symbols.h"

namespace rocktune {

// Like rocksdb::Status a class that the caller makes room for, so that it is
// returned in the same way. Ours is never made: the callee fills the room.
struct ReturnedStatus {
  ~ReturnedStatus() {}
};

namespace {

// Room for "librocktune_payload-9.10.0.so" below any path.
constexpr size_t kMaxPath = 4096;
constexpr size_t kMaxReason = kMaxPath + 512;

// std::string as libstdc++ lays it out since its "cxx11" ABI, which the name of
// the function that returns it demands. A version fits into `local`.
struct ReturnedString {
  const char* data;
  size_t size;
  char local[16];
  ~ReturnedString() {}
};
constexpr char kVersionFunction[] =
    "_ZN7rocksdb23GetRocksVersionAsStringB5cxx11Eb";

// One interposed function.
struct Hook {
  const char* symbol;
  // What to call. Null: not known, or RocksDB is not visible to everybody.
  std::atomic<void*> target{nullptr};
};

#define ROCKTUNE_HOOK(name, words, symbol) Hook hook_##name{symbol};
ROCKTUNE_STATUS_FUNCTIONS(ROCKTUNE_HOOK)
ROCKTUNE_VOID_FUNCTIONS(ROCKTUNE_HOOK)

#define ROCKTUNE_HOOK_ADDRESS(name, words, symbol) &hook_##name,
Hook* const kHooks[] = {ROCKTUNE_STATUS_FUNCTIONS(ROCKTUNE_HOOK_ADDRESS)
                            ROCKTUNE_VOID_FUNCTIONS(ROCKTUNE_HOOK_ADDRESS)};

bool IsVersion(const char* text) {
  return *text != '\0' && strlen(text) < sizeof(ReturnedString::local) &&
         strspn(text, "0123456789.") == strlen(text);
}

// Writes the path of the payload for `version`, beside this library.
bool PayloadPath(const char* version, char* path) {
  Dl_info self;
  if (dladdr(reinterpret_cast<void*>(&PayloadPath), &self) == 0) return false;
  const char* slash = strrchr(self.dli_fname, '/');
  const int folder =
      slash == nullptr ? 0 : static_cast<int>(slash + 1 - self.dli_fname);
  const int length = snprintf(path, kMaxPath, "%.*slibrocktune_payload-%s.so",
                              folder, self.dli_fname, version);
  return length > 0 && static_cast<size_t>(length) < kMaxPath;
}

void SayPassiveFor(const char* version, const char* what, const char* detail) {
  char reason[kMaxReason];
  (void)snprintf(reason, sizeof(reason), "RocksDB %s: %s%s", version, what,
                 detail == nullptr ? "" : detail);
  SayPassive(reason);
}

// A row is taken when RocksDB has the function, too.
void TakeRow(const PayloadRow& row) {
  void* original = dlsym(RTLD_NEXT, row.symbol);
  if (original == nullptr) return;
  *row.original = original;
  for (Hook* hook : kHooks) {
    if (strcmp(hook->symbol, row.symbol) == 0) {
      hook->target.store(row.replacement, std::memory_order_release);
    }
  }
}

void LoadPayloadFor(const char* version) {
  char path[kMaxPath];
  if (!PayloadPath(version, path)) return;
  if (access(path, R_OK) != 0) {
    SayPassiveFor(version, "there is no ", path);
    return;
  }
  // The payload names no RocksDB of its own, so it can only be bound to the
  // one that is there, all of it now or not at all.
  void* payload = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (payload == nullptr) {
    SayPassiveFor(version, "cannot load ", dlerror());
    return;
  }
  const auto function =
      reinterpret_cast<PayloadFunction>(dlsym(payload, kPayloadFunction));
  if (function == nullptr) {
    SayPassiveFor(version, "not a payload: ", path);
    return;
  }
  const PayloadTable* table = function();
  if (table->passive_reason != nullptr) SayPassive(table->passive_reason);
  for (size_t i = 0; i < table->row_count; ++i) TakeRow(table->rows[i]);
}

// Runs once, at the first call of any interposed function.
void LoadPayload() {
  using VersionFunction = ReturnedString (*)(bool with_patch);
  const auto function =
      reinterpret_cast<VersionFunction>(dlsym(RTLD_NEXT, kVersionFunction));
  if (function == nullptr) {
    SayPassive("its RocksDB is not a library that it is linked with");
    return;
  }
  const ReturnedString version = function(/*with_patch=*/true);
  if (IsVersion(version.data)) LoadPayloadFor(version.data);
}

bool IsOurs(void* address) {
  Dl_info its, ours;
  return dladdr(address, &its) != 0 &&
         dladdr(reinterpret_cast<void*>(&IsOurs), &ours) != 0 &&
         its.dli_fbase == ours.dli_fbase;
}

// The function as a loaded object, with the libraries it is linked with, has
// it.
void* SeenFrom(const char* object, const char* symbol) {
  if (*object == '\0') return nullptr;
  void* handle = dlopen(object, RTLD_LAZY | RTLD_NOLOAD);
  if (handle == nullptr) return nullptr;
  void* original = dlsym(handle, symbol);
  dlclose(handle);  // gives back what dlopen counted
  return original == nullptr || IsOurs(original) ? nullptr : original;
}

struct NthObject {
  size_t before;  // so many come first
  char path[kMaxPath];
};

int TakeNth(dl_phdr_info* info, size_t, void* data) {
  auto* const nth = static_cast<NthObject*>(data);
  if (nth->before-- > 0) return 0;
  (void)snprintf(nth->path, sizeof(nth->path), "%s", info->dlpi_name);
  return 1;
}

// A library that was loaded for itself alone (a plugin) is not found as the
// next one, but it is by whoever is linked with it. Mostly the caller is; who
// deletes a database through a pointer need not be.
void* SeenFromAnybody(const char* symbol, void* caller) {
  Dl_info info;
  if (dladdr(caller, &info) != 0) {
    if (void* original = SeenFrom(info.dli_fname, symbol)) return original;
  }
  for (size_t i = 0;; ++i) {
    NthObject object{i, ""};
    // Not within the walk: it holds a lock that dlopen takes, too.
    if (dl_iterate_phdr(&TakeNth, &object) == 0) return nullptr;
    if (void* original = SeenFrom(object.path, symbol)) return original;
  }
}

pthread_once_t loaded = PTHREAD_ONCE_INIT;

void* TargetOf(Hook* hook, void* caller) {
  pthread_once(&loaded, LoadPayload);
  void* target = hook->target.load(std::memory_order_acquire);
  if (target != nullptr) return target;
  target = dlsym(RTLD_NEXT, hook->symbol);
  if (target == nullptr) return SeenFromAnybody(hook->symbol, caller);
  hook->target.store(target, std::memory_order_release);
  return target;
}

}  // namespace

// Every function under its name. A pointer stands for each argument, whatever
// it is: it goes on in the register it came in.
#define ROCKTUNE_WORDS_1 void* a
#define ROCKTUNE_WORDS_3 ROCKTUNE_WORDS_1, void *b, void *c
#define ROCKTUNE_WORDS_4 ROCKTUNE_WORDS_3, void* d
#define ROCKTUNE_WORDS_5 ROCKTUNE_WORDS_4, void* e
#define ROCKTUNE_WORDS_6 ROCKTUNE_WORDS_5, void* f
#define ROCKTUNE_PASS_1 a
#define ROCKTUNE_PASS_3 a, b, c
#define ROCKTUNE_PASS_4 a, b, c, d
#define ROCKTUNE_PASS_5 a, b, c, d, e
#define ROCKTUNE_PASS_6 a, b, c, d, e, f

#define ROCKTUNE_INTERPOSE(result, name, words, symbol)                   \
  extern result Interposed##name(ROCKTUNE_WORDS_##words) __asm__(symbol); \
  __attribute__((visibility("default")))                                  \
  result Interposed##name(ROCKTUNE_WORDS_##words) {                       \
    using Function = result (*)(ROCKTUNE_WORDS_##words);                  \
    void* target = TargetOf(&hook_##name, __builtin_return_address(0));   \
    return reinterpret_cast<Function>(target)(ROCKTUNE_PASS_##words);     \
  }
#define ROCKTUNE_INTERPOSE_STATUS(name, words, symbol) \
  ROCKTUNE_INTERPOSE(ReturnedStatus, name, words, symbol)
#define ROCKTUNE_INTERPOSE_VOID(name, words, symbol) \
  ROCKTUNE_INTERPOSE(void, name, words, symbol)

ROCKTUNE_STATUS_FUNCTIONS(ROCKTUNE_INTERPOSE_STATUS)
ROCKTUNE_VOID_FUNCTIONS(ROCKTUNE_INTERPOSE_VOID)

}  // namespace rocktune
