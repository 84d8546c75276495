// A program that knows nothing of rocktune: `host STORY PATH`. It prints
// "ready" once its database is open and goes on when standard input ends.
// Exit code 0: the story went as it should; 1: it did not; 2: usage.
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "rocksdb/c.h"
#include "rocksdb/db.h"
#include "rocksdb/utilities/optimistic_transaction_db.h"
#include "rocksdb/utilities/transaction_db.h"

namespace {

using rocksdb::DB;
using rocksdb::Options;

void Hold() {
  std::puts("ready");
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
}

Options Fresh() {
  Options options;
  options.create_if_missing = true;
  return options;
}

bool PutAndGet(DB* db) {
  std::string value;
  return db->Put(rocksdb::WriteOptions(), "key", "value").ok() &&
         db->Get(rocksdb::ReadOptions(), "key", &value).ok() &&
         value == "value";
}

std::unique_ptr<DB> Open(const std::string& path) {
  DB* db = nullptr;
  return DB::Open(Fresh(), path, &db).ok() ? std::unique_ptr<DB>(db) : nullptr;
}

bool Plain(const std::string& path) {
  const std::unique_ptr<DB> db = Open(path);
  if (db == nullptr || !PutAndGet(db.get())) return false;
  Hold();
  return PutAndGet(db.get());
}

bool InC(const std::string& path) {
  char* error = nullptr;
  rocksdb_options_t* options = rocksdb_options_create();
  rocksdb_options_set_create_if_missing(options, 1);
  rocksdb_t* db = rocksdb_open(options, path.c_str(), &error);
  if (db == nullptr) return false;
  Hold();
  rocksdb_close(db);
  rocksdb_options_destroy(options);
  return error == nullptr;
}

bool Transactions(const std::string& path) {
  rocksdb::TransactionDB* raw = nullptr;
  if (!rocksdb::TransactionDB::Open(Fresh(), {}, path, &raw).ok()) return false;
  const std::unique_ptr<rocksdb::TransactionDB> db(raw);
  Hold();
  const std::unique_ptr<rocksdb::Transaction> transaction(
      db->BeginTransaction(rocksdb::WriteOptions()));
  return transaction->Put("key", "value").ok() && transaction->Commit().ok() &&
         PutAndGet(db.get());
}

bool Optimistic(const std::string& path) {
  rocksdb::OptimisticTransactionDB* raw = nullptr;
  if (!rocksdb::OptimisticTransactionDB::Open(Fresh(), path, &raw).ok()) {
    return false;
  }
  const std::unique_ptr<DB> db(raw);
  Hold();
  return PutAndGet(db.get());
}

// Opens three column families and creates two more, one by each way.
bool Families(const std::string& path) {
  rocksdb::DBOptions options = Fresh();
  options.create_missing_column_families = true;
  const rocksdb::ColumnFamilyOptions family;
  std::vector<rocksdb::ColumnFamilyHandle*> handles, more;
  DB* raw = nullptr;
  if (!DB::Open(options, path,
                {{"default", family}, {"one", family}, {"two", family}},
                &handles, &raw)
           .ok()) {
    return false;
  }
  const std::unique_ptr<DB> db(raw);
  rocksdb::ColumnFamilyHandle* third = nullptr;
  bool good = db->CreateColumnFamily(family, "three", &third).ok() &&
              db->CreateColumnFamilies(family, {"four", "five"}, &more).ok();
  handles.push_back(third);
  handles.insert(handles.end(), more.begin(), more.end());
  Hold();
  for (auto* handle : handles) {
    good &= db->DestroyColumnFamilyHandle(handle).ok();
  }
  return good;
}

// What "new" and "delete" of a database do again and again, Close() included.
bool Reopens(const std::string& path) {
  for (int i = 0; i < 20; ++i) {
    const std::unique_ptr<DB> db = Open(path);
    if (db == nullptr || !PutAndGet(db.get())) return false;
    if (i % 2 == 0 && !db->Close().ok()) return false;
  }
  return Plain(path);
}

// Two databases whose paths end alike, opened at once.
bool Namesakes(const std::string& path) {
  std::unique_ptr<DB> left, right;
  std::thread thread([&] { left = Open(path + "/left/db"); });
  right = Open(path + "/right/db");
  thread.join();
  if (left == nullptr || right == nullptr) return false;
  Hold();
  return PutAndGet(left.get()) && PutAndGet(right.get());
}

void WriteForever(DB* db) {
  for (uint64_t i = 0;; ++i) {
    (void)db->Put(rocksdb::WriteOptions(), std::to_string(i % 100000),
                  std::string(100, 'v'));
  }
}

// The database is never closed, and a thread writes until the very end.
bool Abandons(const std::string& path) {
  DB* const db = Open(path).release();
  if (db == nullptr) return false;
  std::thread(WriteForever, db).detach();
  Hold();
  return true;
}

// The database goes with the static objects, after main().
bool IsStatic(const std::string& path) {
  static const std::unique_ptr<DB> db = Open(path);
  if (db == nullptr) return false;
  Hold();
  return PutAndGet(db.get());
}

// Children, with and without exec. (One that ends by exit() hangs in RocksDB's
// own static objects, with us and without.)
bool Forks(const std::string& path) {
  const std::unique_ptr<DB> db = Open(path);
  if (db == nullptr) return false;
  Hold();
  const pid_t child = fork();
  if (child == 0) _exit(7);
  int status = 0;
  waitpid(child, &status, 0);
  const bool good = WIFEXITED(status) && WEXITSTATUS(status) == 7;
  status = std::system("exit 3");
  return good && WEXITSTATUS(status) == 3 && PutAndGet(db.get());
}

// Nothing to open: an error comes back as the host knows it.
bool Fails(const std::string& path) {
  DB* db = nullptr;
  Options options;
  options.error_if_exists = true;
  const rocksdb::Status status = DB::Open(options, path + "/none", &db);
  return status.IsInvalidArgument() && db == nullptr;
}

struct Story {
  const char* name;
  bool (*run)(const std::string& path);
};

constexpr Story kStories[] = {
    {"plain", Plain},
    {"c", InC},
    {"transactions", Transactions},
    {"optimistic", Optimistic},
    {"families", Families},
    {"reopens", Reopens},
    {"namesakes", Namesakes},
    {"abandons", Abandons},
    {"static", IsStatic},
    {"forks", Forks},
    {"fails", Fails},
};

}  // namespace

int main(int argc, char** argv) {
  for (const Story& story : kStories) {
    if (argc == 3 && story.name == std::string(argv[1])) {
      return story.run(argv[2]) ? 0 : 1;
    }
  }
  return 2;
}
