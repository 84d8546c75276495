#include "hooks/query_trace.h"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hooks/write_fold.h"
#include "rocksdb/merge_operator.h"
#include "rocksdb/trace_record.h"
#include "rocksdb/utilities/replayer.h"
#include "rocksdb/wide_columns.h"
#include "rocksdb/write_batch.h"
#include "tests/hooks/temp_db.h"

namespace rocktune {
namespace {

using rocksdb::Slice;
using rocksdb::Status;
using testing::ElementsAre;
using testing::ElementsAreArray;

// What a write is, as text: kind, bytes of key and value.
std::string Told(const char* kind, size_t key_bytes, size_t value_bytes) {
  return std::string(kind) + " " + std::to_string(key_bytes) + " " +
         std::to_string(value_bytes);
}

std::vector<std::string> Told(absl::Span<const TracedWrite> writes) {
  static constexpr const char* kNames[] = {"put", "merge", "delete", "range"};
  std::vector<std::string> told;
  for (const TracedWrite& write : writes) {
    told.push_back(Told(kNames[static_cast<int>(write.kind)], write.key_bytes,
                        write.value_bytes));
  }
  return told;
}

// Keeps every record as RocksDB writes it.
class RawTrace : public rocksdb::TraceWriter {
 public:
  explicit RawTrace(std::vector<std::string>* records) : records_(records) {}
  Status Write(const Slice& data) override {
    records_->push_back(data.ToString());
    return Status::OK();
  }
  Status Close() override { return Status::OK(); }
  uint64_t GetFileSize() override { return 0; }

 private:
  std::vector<std::string>* const records_;
};

// Hands records to RocksDB's own decoder.
class RawReader : public rocksdb::TraceReader {
 public:
  explicit RawReader(const std::vector<std::string>& records)
      : records_(records) {}
  Status Read(std::string* data) override {
    if (next_ == records_.size()) return Status::Incomplete();
    *data = records_[next_++];
    return Status::OK();
  }
  Status Close() override { return Status::OK(); }
  Status Reset() override {
    next_ = 0;
    return Status::OK();
  }

 private:
  const std::vector<std::string>& records_;
  size_t next_ = 0;
};

class Teller : public rocksdb::WriteBatch::Handler {
 public:
  Status PutCF(uint32_t, const Slice& key, const Slice& value) override {
    return Tell("put", key, value.size());
  }
  Status PutEntityCF(uint32_t, const Slice& key, const Slice& entity) override {
    return Tell("put", key, entity.size());
  }
  Status MergeCF(uint32_t, const Slice& key, const Slice& value) override {
    return Tell("merge", key, value.size());
  }
  Status DeleteCF(uint32_t, const Slice& key) override {
    return Tell("delete", key, 0);
  }
  Status SingleDeleteCF(uint32_t, const Slice& key) override {
    return Tell("delete", key, 0);
  }
  Status DeleteRangeCF(uint32_t, const Slice&, const Slice&) override {
    return Tell("range", Slice(), 0);
  }
  std::vector<std::string> told;

 private:
  Status Tell(const char* kind, const Slice& key, size_t value_bytes) {
    told.push_back(Told(kind, key.size(), value_bytes));
    return Status::OK();
  }
};

// RocksDB's own reading of `records`: replayer, record, batch.
std::vector<std::string> ToldByRocksdb(
    TempDb* db, const std::vector<std::string>& records) {
  std::unique_ptr<rocksdb::Replayer> replayer;
  EXPECT_TRUE((*db)
                  ->NewDefaultReplayer(db->handles(),
                                       std::make_unique<RawReader>(records),
                                       &replayer)
                  .ok());
  EXPECT_TRUE(replayer->Prepare().ok());
  Teller teller;
  std::unique_ptr<rocksdb::TraceRecord> record;
  while (replayer->Next(&record).ok()) {
    const auto* write =
        dynamic_cast<rocksdb::WriteQueryTraceRecord*>(record.get());
    if (write == nullptr) continue;
    const rocksdb::WriteBatch batch(write->GetWriteBatchRep().ToString());
    EXPECT_TRUE(batch.Iterate(&teller).ok());
  }
  return teller.told;
}

class Concatenate : public rocksdb::AssociativeMergeOperator {
 public:
  bool Merge(const Slice&, const Slice* existing, const Slice& value,
             std::string* result, rocksdb::Logger*) const override {
    *result = (existing ? existing->ToString() : "") + value.ToString();
    return true;
  }
  const char* Name() const override { return "Concatenate"; }
};

rocksdb::Options QuietOptions() {
  rocksdb::Options options;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.merge_operator = std::make_shared<Concatenate>();
  return options;
}

class QueryTrace : public testing::Test {
 protected:
  void Put(const std::string& key, const std::string& value, size_t family = 0,
           int times = 1) {
    for (int i = 0; i < times; ++i) {
      Check(db_->Put(rocksdb::WriteOptions(), db_.families()[family].handle,
                     key, value));
    }
  }
  void Get(const std::string& key) {
    std::string value;
    Check(db_->Get(rocksdb::ReadOptions(), key, &value));
  }
  void Delete(const std::string& key) {
    Check(db_->Delete(rocksdb::WriteOptions(), key));
  }
  void Check(const Status& status) {
    EXPECT_TRUE(status.ok()) << status.ToString();
  }

  // One of everything that writes, and reads between them.
  void WriteEverything() {
    rocksdb::ColumnFamilyHandle* other = db_.families()[1].handle;
    const rocksdb::WriteOptions how;
    Put("a", "value");
    Get("a");
    Put("", std::string(100, 'v'), 1);
    Put(std::string(200, 'k'), "");
    Put("b", std::string(70'000, 'v'));  // three bytes of length
    Check(db_->Merge(how, "a", "more"));
    Check(db_->Merge(how, other, "abc", "x"));
    Delete("a");
    Check(db_->Delete(how, other, "ab"));
    Check(db_->SingleDelete(how, "b"));
    Check(db_->DeleteRange(how, other, "a", "b"));
    Check(db_->PutEntity(how, other, "abcd", {{"column", "value"}}));
    rocksdb::WriteBatch batch;
    Check(batch.Put("batch", "1"));
    Check(batch.PutLogData("no write"));
    Check(batch.Delete(other, "batched"));
    Check(batch.SingleDelete(other, "ba"));
    Check(db_->Write(how, &batch));
    std::unique_ptr<rocksdb::Iterator> it(
        db_->NewIterator(rocksdb::ReadOptions()));
    it->Seek("a");
  }

  std::shared_ptr<WriteTraceBuffer> Trace(uint64_t one_in,
                                          const std::function<void()>& work) {
    auto buffer = std::make_shared<WriteTraceBuffer>(size_t{1} << 16);
    Check(db_->StartTrace(WriteTraceOptions(),
                          NewWriteTraceWriter(buffer, one_in)));
    work();
    EXPECT_FALSE(buffer->ended());
    Check(db_->EndTrace());
    EXPECT_TRUE(buffer->ended());
    return buffer;
  }

  TempDb db_{QuietOptions(), {"other"}};
};

TEST_F(QueryTrace, ReadsWhatRocksdbReads) {
  std::vector<std::string> records;
  Check(db_->StartTrace(rocksdb::TraceOptions(),
                        std::make_unique<RawTrace>(&records)));
  WriteEverything();
  Check(db_->EndTrace());
  auto buffer = std::make_shared<WriteTraceBuffer>(100);
  const auto writer = NewWriteTraceWriter(buffer, 1);
  for (const std::string& record : records) Check(writer->Write(record));
  EXPECT_EQ(buffer->unknown(), 0);
  const std::vector<std::string> told = Told(buffer->facts());
  EXPECT_EQ(told.size(), 14);
  EXPECT_THAT(told, ElementsAreArray(ToldByRocksdb(&db_, records)));
}

TEST_F(QueryTrace, ReadsEveryKindOfWriteAsItHappens) {
  const auto buffer = Trace(1, [this] { WriteEverything(); });
  EXPECT_EQ(buffer->unknown(), 0);
  EXPECT_THAT(
      Told(buffer->facts()),
      ElementsAre("put 1 5", "put 0 100", "put 200 0", "put 1 70000",
                  "merge 1 4", "merge 3 1", "delete 1 0", "delete 2 0",
                  "delete 1 0", "range 0 0", testing::StartsWith("put 4 "),
                  "put 5 1", "delete 7 0", "delete 2 0"));
}

TEST_F(QueryTrace, TellsKeysAndTheirFamiliesApart) {
  const auto buffer = Trace(1, [this] {
    Put("a", "1");
    Put("b", "1");
    Put("a", "1", 1);
    Put("a", "2");
  });
  const auto writes = buffer->facts();
  ASSERT_EQ(writes.size(), 4);
  EXPECT_NE(writes[0].key, writes[1].key);
  EXPECT_NE(writes[0].key, writes[2].key);
  EXPECT_EQ(writes[0].key, writes[3].key);
}

TEST_F(QueryTrace, CountsWhatItCannotRead) {
  std::vector<std::string> records;
  Check(db_->StartTrace(WriteTraceOptions(),
                        std::make_unique<RawTrace>(&records)));
  Put("key", "value");
  Check(db_->EndTrace());
  ASSERT_EQ(records.size(), 3);  // with the head and the foot
  auto buffer = std::make_shared<WriteTraceBuffer>(100);
  const auto writer = NewWriteTraceWriter(buffer, 1);
  const std::string& whole = records[1];
  for (size_t size = 0; size < whole.size(); ++size) {
    Check(writer->Write(Slice(whole.data(), size)));
  }
  EXPECT_EQ(buffer->unknown(), whole.size());
  for (const size_t at : {size_t{9}, size_t{13}, size_t{21}}) {
    std::string wrong = whole;  // sizes and fields
    ++wrong[at];
    Check(writer->Write(wrong));
  }
  std::string wrong = whole;
  wrong[wrong.size() - 11] = 0x66;  // no entry has this type
  Check(writer->Write(wrong));
  EXPECT_EQ(buffer->unknown(), whole.size() + 4);
  EXPECT_TRUE(buffer->facts().empty());
  Check(writer->Write(whole));
  EXPECT_EQ(buffer->facts().size(), 1);
}

TEST_F(QueryTrace, DropsAndCountsWhatDoesNotFit) {
  auto buffer = std::make_shared<WriteTraceBuffer>(2);
  Check(db_->StartTrace(WriteTraceOptions(), NewWriteTraceWriter(buffer, 1)));
  Put("a", "1", 0, 5);
  Check(db_->EndTrace());
  EXPECT_EQ(buffer->facts().size(), 2);
  EXPECT_EQ(buffer->dropped(), 3);
}

// Bounds of 6 standard deviations.
TEST_F(QueryTrace, IsNotAliasedByOperationsThatAlternate) {
  constexpr int kRounds = 20'000;
  const auto puts_and_gets = [this] {
    for (int i = 0; i < kRounds; ++i) {
      Put("a", "1");
      Get("a");
    }
  };
  EXPECT_NEAR(Trace(64, puts_and_gets)->facts().size(), kRounds / 64.0, 105);
  const auto puts_and_deletes = Trace(64, [this] {
    for (int i = 0; i < kRounds; ++i) {
      Put("a", "1");
      Delete("a");
    }
  });
  int deletes = 0;
  for (const TracedWrite& write : puts_and_deletes->facts()) {
    if (write.kind == WriteKind::kDelete) ++deletes;
  }
  EXPECT_NEAR(deletes, kRounds / 64.0, 105);
  EXPECT_NEAR(puts_and_deletes->facts().size() - deletes, kRounds / 64.0, 105);
  // RocksDB's own sample sees one kind.
  std::vector<std::string> records;
  rocksdb::TraceOptions options;
  options.sampling_frequency = 64;
  Check(db_->StartTrace(options, std::make_unique<RawTrace>(&records)));
  puts_and_gets();
  Check(db_->EndTrace());
  EXPECT_GT(records.size(), kRounds / 64);
  EXPECT_THAT(ToldByRocksdb(&db_, records),
              testing::SizeIs(testing::AnyOf(0, records.size() - 2)));
}

TEST_F(QueryTrace, HoldsNoByteOfKeysAndValues) {
  const std::string canary = "CANARY-OF-A-KEY-AND-A-VALUE";
  const auto buffer = Trace(1, [&] {
    for (int i = 0; i < 1000; ++i) {
      Put(canary + std::to_string(i), std::string(i, '!') + canary);
    }
  });
  TraceFacts facts;
  FoldWrites({buffer->facts(), 0, 0, 1}, &facts);
  ASSERT_TRUE(facts.written_keys);
  std::string kept(reinterpret_cast<const char*>(buffer->facts().data()),
                   buffer->facts().size() * sizeof(TracedWrite));
  ASSERT_EQ(kept.size(), 1000 * sizeof(TracedWrite));
  kept.append(reinterpret_cast<const char*>(&facts), sizeof(facts));
  for (size_t at = 0; at + 5 <= canary.size(); ++at) {
    EXPECT_EQ(kept.find(canary.substr(at, 5)), std::string::npos) << at;
  }
}

}  // namespace
}  // namespace rocktune
