// A program that is linked with rocktune and prepares its database itself.
#include <cstdio>
#include <memory>

#include "rocktune/rocktune.h"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  rocksdb::Options options;
  options.create_if_missing = true;
  if (!rocktune::Instrument(&options).ok()) return 1;
  rocksdb::DB* raw = nullptr;
  if (!rocksdb::DB::Open(options, argv[1], &raw).ok()) return 1;
  const std::unique_ptr<rocksdb::DB> db(raw);
  // One listener: the program's own.
  return db->GetDBOptions().listeners.size() == 1 ? 0 : 1;
}
