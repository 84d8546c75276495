#include "bench/demo/load_generator.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <random>
#include <utility>

#include "bench/demo/wait_for_rest.h"

namespace rocktune {
namespace {

using Clock = std::chrono::steady_clock;

// Half random, half repeated: compresses to about a half, as real values do.
void FillValue(std::mt19937_64& random, std::string* value) {
  const size_t half = value->size() / 2;
  for (size_t i = 0; i < half; i += 8) {
    uint64_t bits = random();
    for (size_t j = i; j < std::min(i + 8, half); ++j, bits >>= 8) {
      (*value)[j] = static_cast<char>(bits);
    }
  }
}

// Updates that stay in the write buffer. An empty one would be the one moment
// at which it answers no reads, and make a poor baseline to compare with.
rocksdb::Status FillWriteBuffer(rocksdb::DB* db, const LoadSpec& spec,
                                std::mt19937_64& random) {
  const Zipf zipf(spec.keys, spec.zipf_theta);
  rocksdb::WriteOptions options;
  options.disableWAL = true;
  std::string value(spec.value_bytes, 'v');
  for (uint64_t i = 0; i < spec.first_updates; ++i) {
    FillValue(random, &value);
    const std::string key = LoadGenerator::Key(zipf.Scattered(random));
    if (rocksdb::Status s = db->Put(options, key, value); !s.ok()) return s;
  }
  return rocksdb::Status::OK();
}

uint64_t Pack(const LoadMix& mix) {
  return static_cast<uint64_t>(mix.get) | static_cast<uint64_t>(mix.put) << 8;
}

}  // namespace

std::string LoadGenerator::Key(uint64_t number) {
  std::string key = "user0000000000000000";
  for (size_t i = key.size(); number > 0; number /= 10) {
    key[--i] = static_cast<char>('0' + number % 10);
  }
  return key;
}

rocksdb::Status LoadGenerator::Fill(
    rocksdb::DB* db, const LoadSpec& spec,
    const std::function<void(double)>& progress) {
  std::vector<uint32_t> order(spec.keys);
  for (size_t i = 0; i < order.size(); ++i) {
    order[i] = static_cast<uint32_t>(i);
  }
  std::mt19937_64 random(spec.seed);
  std::shuffle(order.begin(), order.end(), random);
  rocksdb::WriteOptions options;
  options.disableWAL = true;  // a crash here means loading again anyway
  std::string value(spec.value_bytes, 'v');
  auto shown = Clock::now();
  constexpr size_t kBatch = 100;
  for (size_t i = 0; i < order.size(); i += kBatch) {
    rocksdb::WriteBatch batch;
    for (size_t j = i; j < std::min(i + kBatch, order.size()); ++j) {
      FillValue(random, &value);
      batch.Put(Key(order[j]), value);
    }
    if (rocksdb::Status s = db->Write(options, &batch); !s.ok()) return s;
    if (Clock::now() - shown > std::chrono::milliseconds(500)) {
      shown = Clock::now();
      progress(static_cast<double>(i) / static_cast<double>(order.size()));
    }
  }
  if (rocksdb::Status s = db->Flush(rocksdb::FlushOptions()); !s.ok()) return s;
  progress(1);
  if (rocksdb::Status s = WaitForRest(db, nullptr); !s.ok()) return s;
  return FillWriteBuffer(db, spec, random);
}

LoadGenerator::LoadGenerator(rocksdb::DB* db, const LoadSpec& spec,
                             const LoadMix& mix)
    : db_(db),
      spec_(spec),
      zipf_(spec.keys, spec.zipf_theta),
      mix_(Pack(mix)),
      since_(Clock::now()) {
  for (int i = 0; i < spec_.threads; ++i) {
    clients_.push_back(std::make_unique<Client>());
    Client* client = clients_.back().get();
    const uint64_t seed = spec_.seed + 1000 + static_cast<uint64_t>(i);
    client->thread = std::thread([this, client, seed] { Run(client, seed); });
  }
}

LoadGenerator::~LoadGenerator() {
  stop_ = true;
  for (auto& client : clients_) client->thread.join();
}

void LoadGenerator::SetMix(const LoadMix& mix) { mix_ = Pack(mix); }

LoadFigures LoadGenerator::Take() {
  LoadFigures all;
  for (auto& client : clients_) {
    std::lock_guard lock(client->mutex);
    LoadFigures part = std::exchange(client->figures, {});
    all.get.Merge(part.get);
    all.put.Merge(part.put);
    all.scan.Merge(part.scan);
    all.failures += part.failures;
  }
  const auto now = Clock::now();
  all.seconds = std::chrono::duration<double>(now - since_).count();
  since_ = now;
  return all;
}

void LoadGenerator::Run(Client* client, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::string value(spec_.value_bytes, 'v');
  std::string found;
  while (!stop_.load(std::memory_order_relaxed)) {
    const uint64_t mix = mix_.load(std::memory_order_relaxed);
    const uint64_t dice = random() % 100;
    const std::string key = Key(zipf_.Scattered(random));
    LatencyRecorder LoadFigures::*recorder = &LoadFigures::get;
    rocksdb::Status status;
    if (dice >= (mix & 0xff) && dice < (mix & 0xff) + (mix >> 8)) {
      FillValue(random, &value);
    }
    const auto begin = Clock::now();
    if (dice < (mix & 0xff)) {
      status = db_->Get(rocksdb::ReadOptions(), key, &found);
    } else if (dice < (mix & 0xff) + (mix >> 8)) {
      recorder = &LoadFigures::put;
      status = db_->Put(rocksdb::WriteOptions(), key, value);
    } else {
      recorder = &LoadFigures::scan;
      std::unique_ptr<rocksdb::Iterator> it(
          db_->NewIterator(rocksdb::ReadOptions()));
      it->Seek(key);
      for (int n = 0; n < spec_.scan_length && it->Valid(); ++n) it->Next();
      status = it->status();
    }
    const auto took = Clock::now() - begin;
    std::lock_guard lock(client->mutex);
    (client->figures.*recorder)
        .Add(static_cast<uint64_t>(
            std::chrono::duration_cast<std::chrono::nanoseconds>(took)
                .count()));
    if (!status.ok()) ++client->figures.failures;
  }
}

}  // namespace rocktune
