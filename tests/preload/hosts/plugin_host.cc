// A program without RocksDB that loads a plugin with it, for itself alone, and
// deletes a database that the plugin has opened: `plugin_host PLUGIN PATH`.
#include <dlfcn.h>

#include "rocksdb/db.h"

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  void* plugin = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  if (plugin == nullptr) return 3;
  const auto use =
      reinterpret_cast<int (*)(const char*)>(dlsym(plugin, "UseDatabase"));
  const auto open = reinterpret_cast<rocksdb::DB* (*)(const char*)>(
      dlsym(plugin, "OpenDatabase"));
  if (use == nullptr || open == nullptr) return 4;
  if (const int failed = use(argv[2]); failed != 0) return failed;
  rocksdb::DB* const db = open(argv[2]);
  if (db == nullptr) return 5;
  delete db;  // through its table of functions: there is nothing to link with
  return 0;
}
