// What the killed service and the one that comes after it have in common.
#ifndef ROCKTUNE_TESTS_CRASH_CRASH_CONFIG_H_
#define ROCKTUNE_TESTS_CRASH_CRASH_CONFIG_H_

#include <cstdint>
#include <memory>
#include <string>

#include "rocksdb/db.h"
#include "rocktune/rocktune.h"

namespace rocktune {

// Everything as short as the configuration allows, so that most kills fall
// into a trial.
Config CrashConfig(const std::string& state_dir, Mode mode);

// Opens (or creates) with the options of the OPTIONS file. Null on failure.
std::unique_ptr<rocksdb::DB> OpenAsService(const std::string& path);

std::string AckedKey(uint64_t number);

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_CRASH_CRASH_CONFIG_H_
