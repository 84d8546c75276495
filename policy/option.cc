#include "policy/option.h"

#include "absl/strings/str_cat.h"

namespace rocktune {

std::string ToString(const OptionKey& key) {
  if (key.column_family.empty()) return key.name;
  return absl::StrCat(key.name, "[", key.column_family, "]");
}

}  // namespace rocktune
