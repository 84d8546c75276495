#include "hooks/versions.h"

#include <iterator>
#include <tuple>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "rocksdb/version.h"

namespace rocktune {
namespace {

constexpr StallKeys kUnderscoreKeys = {
    {"io_stalls.memtable_slowdown", "io_stalls.memtable_compaction"},
    {"io_stalls.level0_slowdown", "io_stalls.level0_numfiles"},
    {"io_stalls.slowdown_for_pending_compaction_bytes",
     "io_stalls.stop_for_pending_compaction_bytes"}};

constexpr StallKeys kHyphenKeys = {
    {"memtable-limit-delays", "memtable-limit-stops"},
    {"l0-file-count-limit-delays", "l0-file-count-limit-stops"},
    {"pending-compaction-bytes-delays", "pending-compaction-bytes-stops"}};

// A row holds from its version on, until the next row's. The first of two
// equal cells says which version brought the change.
struct VersionRow {
  int major;
  int minor;
  int patch;
  bool running_jobs_revert_options;
  bool table_options_in_place;
  bool option_write_blocks_writers;
  const StallKeys* stall_keys;
};

constexpr VersionRow kRows[] = {
    // version    revert  in place  blocks  stall keys
    {7, 8, 0, /**/ true, true, true, &kUnderscoreKeys},
    {8, 1, 0, /**/ true, true, true, &kHyphenKeys},
    {8, 8, 0, /**/ true, true, false, &kHyphenKeys},
    {9, 8, 0, /**/ true, false, false, &kHyphenKeys},
    {9, 11, 1, /**/ false, false, false, &kHyphenKeys},
    {10, 0, 0, /**/ false, false, false, &kHyphenKeys},
    {11, 0, 0, /**/ false, false, false, &kHyphenKeys},
};

const VersionRow& RowOf(const RocksdbFeatures& version) {
  const VersionRow* found = &kRows[0];
  for (const VersionRow& row : kRows) {
    if (std::tie(row.major, row.minor, row.patch) <=
        std::tie(version.major, version.minor, version.patch)) {
      found = &row;
    }
  }
  return *found;
}

int LeadingNumber(absl::string_view text) {
  size_t digits = 0;
  while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') {
    ++digits;
  }
  int number = 0;
  return absl::SimpleAtoi(text.substr(0, digits), &number) ? number : 0;
}

}  // namespace

RocksdbFeatures FeaturesOf(absl::string_view version) {
  RocksdbFeatures features;
  int* const parts[] = {&features.major, &features.minor, &features.patch};
  size_t next = 0;
  for (absl::string_view part : absl::StrSplit(version, '.')) {
    if (next == std::size(parts)) break;
    *parts[next++] = LeadingNumber(part);
  }
  const VersionRow& row = RowOf(features);
  features.running_jobs_revert_options = row.running_jobs_revert_options;
  features.table_options_in_place = row.table_options_in_place;
  features.option_write_blocks_writers = row.option_write_blocks_writers;
  return features;
}

const StallKeys& StallKeysOf(const RocksdbFeatures& features) {
  return *RowOf(features).stall_keys;
}

std::string LoadedRocksdbVersion() {
  return rocksdb::GetRocksVersionAsString(/*with_patch=*/true);
}

}  // namespace rocktune
