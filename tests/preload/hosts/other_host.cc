// A program of the other RocksDB: exits 0 when its Open did what it does.
#include "tests/preload/hosts/other_rocksdb.h"

int main() {
  std::unique_ptr<rocksdb::DB> db;
  return rocksdb::DB::Open({}, "five5", &db).length() == 5 && db ? 0 : 1;
}
