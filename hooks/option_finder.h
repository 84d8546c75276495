// Finds out about options by asking the linked RocksDB: names from what it
// prints, types and words from what it does with probes. Only
// default-constructed options are ever parsed into: on RocksDB 9.7 and before,
// parsing table options into a copy of live ones changes the live ones.
#ifndef ROCKTUNE_HOOKS_OPTION_FINDER_H_
#define ROCKTUNE_HOOKS_OPTION_FINDER_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "hooks/option_text.h"
#include "policy/option_knowledge.h"

namespace rocktune {

// Sets an option of a default-constructed object; what is printed for it then,
// or nullopt when the parser refused.
using OptionProbe = std::function<std::optional<std::string>(
    const std::string& name, const std::string& value)>;

std::optional<std::string> ProbeFamily(const std::string& name,
                                       const std::string& value);
std::optional<std::string> ProbeDb(const std::string& name,
                                   const std::string& value);
std::optional<std::string> ProbeTable(const std::string& name,
                                      const std::string& value);

// An option that only shows once it is filled: lists print nothing while they
// are empty, and are then left out.
struct FilledOption {
  const char* name;
  const char* value;
  OptionType type;
};
absl::Span<const FilledOption> FilledFamilyOptions();
absl::Span<const FilledOption> FilledDbOptions();

// Collects what was found. Not thread-safe.
class OptionFinder {
 public:
  OptionFinder();

  // One option for each printed one; its name gets `prefix`.
  void AddAll(OptionScope scope, absl::string_view prefix,
              const OptionText& text, const OptionProbe& probe);
  void AddFilled(OptionScope scope, absl::Span<const FilledOption> filled,
                 const OptionText& text, const OptionProbe& probe);
  void AddLive(absl::string_view name, std::string default_value);

  std::vector<DiscoveredOption> Take() { return std::move(found_); }

 private:
  std::vector<std::string> candidates_;  // words of enums
  std::vector<DiscoveredOption> found_;
};

// What the linked RocksDB has, live objects aside. `mutable_only`: what
// SetOptions takes; else all, and the members of structs by themselves.
// `mutable_members_only`: of the table's. Asks RocksDB some thousand times:
// measured, tens of milliseconds.
struct FoundKinds {
  bool mutable_only = true;
  bool mutable_members_only = true;
};
OptionFinder FindOptions(const FoundKinds& kinds);

// Of the block cache that RocksDB makes where none is given, bytes.
std::string DefaultCacheCapacity();

}  // namespace rocktune

#endif  // ROCKTUNE_HOOKS_OPTION_FINDER_H_
