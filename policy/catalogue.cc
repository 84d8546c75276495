#include "policy/catalogue.h"

#include <algorithm>
#include <utility>

#include "policy/edit_distance.h"

namespace rocktune {
namespace {

// Longer names are not option names; the distance is quadratic.
constexpr size_t kLongestComparedName = 128;

}  // namespace

Catalogue::Catalogue(std::vector<CatalogueRow> rows) : rows_(std::move(rows)) {
  std::sort(rows_.begin(), rows_.end(),
            [](const CatalogueRow& a, const CatalogueRow& b) {
              return a.name < b.name;
            });
}

const CatalogueRow* Catalogue::Find(absl::string_view name) const {
  auto row = std::lower_bound(rows_.begin(), rows_.end(), name,
                              [](const CatalogueRow& r, absl::string_view n) {
                                return absl::string_view(r.name) < n;
                              });
  if (row == rows_.end() || row->name != name) return nullptr;
  return &*row;
}

std::string Catalogue::Nearest(absl::string_view name) const {
  if (name.empty() || name.size() > kLongestComparedName) return "";
  // A guess: a third of the letters wrong is still the same word.
  size_t best = name.size() / 3 + 1;
  std::string nearest;
  for (const CatalogueRow& row : rows_) {
    const absl::string_view full = row.name;
    // A table member may be meant by its last part alone.
    const absl::string_view last = full.substr(full.rfind('.') + 1);
    const size_t distance =
        std::min(EditDistance(name, full), EditDistance(name, last));
    if (distance < best) {
      best = distance;
      nearest = row.name;
    }
  }
  return nearest;
}

absl::string_view ToString(OptionScope scope) {
  switch (scope) {
    case OptionScope::kDb:
      return "db";
    case OptionScope::kColumnFamily:
      return "column_family";
    case OptionScope::kLive:
      return "live";
  }
  return "?";
}

absl::string_view ToString(OptionClass option_class) {
  switch (option_class) {
    case OptionClass::kInstant:
      return "instant";
    case OptionClass::kWarming:
      return "warming";
    case OptionClass::kChangesFiles:
      return "changes_files";
    case OptionClass::kApproveOnly:
      return "approve_only";
    case OptionClass::kForbidden:
      return "forbidden";
  }
  return "?";
}

absl::string_view ToString(OptionType type) {
  switch (type) {
    case OptionType::kBool:
      return "bool";
    case OptionType::kInt:
      return "int";
    case OptionType::kUint:
      return "uint";
    case OptionType::kDouble:
      return "double";
    case OptionType::kEnum:
      return "enum";
    case OptionType::kList:
      return "list";
    case OptionType::kStruct:
      return "struct";
    case OptionType::kString:
      return "string";
  }
  return "?";
}

absl::string_view ToString(OptionUnit unit) {
  switch (unit) {
    case OptionUnit::kNone:
      return "";
    case OptionUnit::kBytes:
      return "bytes";
    case OptionUnit::kBytesPerSecond:
      return "bytes/s";
    case OptionUnit::kMicroseconds:
      return "us";
    case OptionUnit::kSeconds:
      return "s";
    case OptionUnit::kCount:
      return "count";
    case OptionUnit::kRatio:
      return "ratio";
  }
  return "?";
}

}  // namespace rocktune
