#include "tests/support/load.h"

#include <cstdio>
#include <memory>
#include <random>

namespace rocktune {

std::string Load::Key(uint64_t number) {
  char text[24];
  std::snprintf(text, sizeof(text), "key%012llu",
                static_cast<unsigned long long>(number));
  return text;
}

Load::Load(rocksdb::DB* db, std::vector<rocksdb::ColumnFamilyHandle*> handles,
           Spec spec)
    : db_(db), handles_(std::move(handles)), spec_(spec) {
  for (int i = 0; i < spec_.threads; ++i) {
    threads_.emplace_back([this, i] { Run(static_cast<uint64_t>(i) + 1); });
  }
}

Load::~Load() {
  stop_ = true;
  for (std::thread& thread : threads_) thread.join();
}

void Load::Run(uint64_t seed) {
  std::mt19937_64 random(seed);
  std::string value(spec_.value_bytes, 'v');
  while (!stop_) {
    rocksdb::ColumnFamilyHandle* family = handles_[random() % handles_.size()];
    const std::string key = Key(random() % spec_.keys);
    rocksdb::Status status;
    if (random() % 100 < static_cast<uint64_t>(spec_.write_percent)) {
      value[random() % value.size()] = static_cast<char>('a' + random() % 26);
      status = db_->Put(rocksdb::WriteOptions(), family, key, value);
    } else if (random() % 50 == 0) {
      std::unique_ptr<rocksdb::Iterator> it(
          db_->NewIterator(rocksdb::ReadOptions(), family));
      it->Seek(key);
      for (int n = 0; n < 10 && it->Valid(); ++n) it->Next();
      status = it->status();
    } else {
      status = db_->Get(rocksdb::ReadOptions(), family, key, &value);
      if (status.IsNotFound()) status = rocksdb::Status::OK();
      value.resize(spec_.value_bytes, 'v');
    }
    ++operations_;
    if (!status.ok()) ++failures_;
  }
}

}  // namespace rocktune
