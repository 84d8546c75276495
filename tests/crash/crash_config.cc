#include "tests/crash/crash_config.h"

#include <vector>

#include "rocksdb/utilities/options_util.h"

namespace rocktune {

Config CrashConfig(const std::string& state_dir, Mode mode) {
  Config config;
  config.mode = mode;
  config.state_dir = state_dir;
  config.window = std::chrono::milliseconds(100);
  config.baseline = std::chrono::seconds(1);
  config.one_way_baseline = std::chrono::seconds(1);
  config.settle = std::chrono::seconds(1);
  config.settle_max = std::chrono::seconds(1);
  config.measure_min = std::chrono::seconds(1);
  config.measure_max = std::chrono::seconds(2);
  config.probation = std::chrono::seconds(1);
  config.cool_down = std::chrono::seconds(1);
  return config;
}

std::unique_ptr<rocksdb::DB> OpenAsService(const std::string& path) {
  rocksdb::DBOptions db_options;
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  rocksdb::ConfigOptions how;
  if (!rocksdb::LoadLatestOptions(how, path, &db_options, &families).ok()) {
    rocksdb::ColumnFamilyOptions family;
    family.write_buffer_size = 4 << 20;
    families = {{rocksdb::kDefaultColumnFamilyName, family}};
  }
  db_options.create_if_missing = true;
  if (!Instrument(&db_options).ok()) return nullptr;
  rocksdb::DB* db = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  if (!rocksdb::DB::Open(db_options, path, families, &handles, &db).ok()) {
    return nullptr;
  }
  for (rocksdb::ColumnFamilyHandle* handle : handles) {
    db->DestroyColumnFamilyHandle(handle);  // DefaultColumnFamily() remains
  }
  return std::unique_ptr<rocksdb::DB>(db);
}

std::string AckedKey(uint64_t number) {
  return "acked" + std::to_string(number);
}

}  // namespace rocktune
