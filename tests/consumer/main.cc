// Compiles the snippet of README.md as it stands there and runs it on a
// database of its own.
#include <cstdio>
#include <memory>
#include <string>

#include "rocksdb/db.h"

// What the snippet calls "your service".
bool served = false;

void Serve(rocksdb::DB* db) {
  std::string value;
  served = db->Put(rocksdb::WriteOptions(), "key", "value").ok() &&
           db->Get(rocksdb::ReadOptions(), "key", &value).ok() &&
           value == "value";
}

#include "readme_snippet.inc"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  rocksdb::Options options;
  options.create_if_missing = true;
  Run(options, argv[1]);
  std::printf("%s\n", served ? "served" : "not served");
  return served ? 0 : 1;
}
