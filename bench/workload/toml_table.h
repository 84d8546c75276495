// A TOML table read key by key, with every mistake named by file and line.
#ifndef ROCKTUNE_BENCH_WORKLOAD_TOML_TABLE_H_
#define ROCKTUNE_BENCH_WORKLOAD_TOML_TABLE_H_

#include <toml++/toml.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace rocktune {

// Inclusive.
struct WholeRange {
  uint64_t min = 0;
  uint64_t max = 0;
};
struct RealRange {
  double min = 0;
  double max = 0;
};

// A word and what it stands for.
template <typename T>
struct TomlWord {
  const char* word;
  T value;
};

// A key that is not there leaves *to as it is. The first mistake is kept, and
// what is read after it does nothing. Not thread-safe.
class TomlTable {
 public:
  // `table` must outlive it. `what` for messages: "phase", "data".
  TomlTable(const toml::table& table, std::string path, std::string what);

  void Text(const char* key, std::string* to);
  void Bool(const char* key, bool* to);
  void Whole(const char* key, const WholeRange& range, uint64_t* to);
  void Int(const char* key, const WholeRange& range, int* to);
  // "64 MiB", or a number of bytes.
  void Bytes(const char* key, const WholeRange& range, uint64_t* to);
  void Real(const char* key, const RealRange& range, double* to);
  // "90s", "1h30m"; "forever".
  void Length(const char* key, absl::Duration* to);
  template <typename T>
  void Word(const char* key, const std::vector<TomlWord<T>>& words, T* to);

  // Null when the key is missing or no table; the second is a mistake.
  const toml::table* Table(const char* key);
  // The tables of an array; empty when missing.
  std::vector<const toml::table*> Tables(const char* key);

  bool Has(const char* key) const { return table_.contains(key); }
  // Keeps `message` as the mistake, at the key's line or the table's.
  void Fail(const char* key, absl::string_view message);

  // The first mistake; unknown keys are one, reported with the nearest known.
  // Call it after all keys have been read.
  absl::Status Finish();

 private:
  const toml::node* Find(const char* key);
  void Expected(const char* key, absl::string_view what);
  absl::Status At(const toml::node& node, absl::string_view message) const;

  const toml::table& table_;
  const std::string path_;
  const std::string what_;
  std::vector<std::string> known_;
  absl::Status status_;
};

template <typename T>
void TomlTable::Word(const char* key, const std::vector<TomlWord<T>>& words,
                     T* to) {
  const toml::node* node = Find(key);
  if (node == nullptr) return;
  std::string expected = "one of";
  for (const TomlWord<T>& row : words) {
    if (node->value<std::string>() == row.word) {
      *to = row.value;
      return;
    }
    absl::StrAppend(&expected, " \"", row.word, "\"");
  }
  Expected(key, expected);
}

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_WORKLOAD_TOML_TABLE_H_
