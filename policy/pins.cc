#include "policy/pins.h"

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "policy/status_macros.h"
#include "policy/value_parser.h"

namespace rocktune {

absl::StatusOr<Pin> CanonicalPin(const Pin& pin, const Catalogue& catalogue,
                                 const DatabaseFacts& database) {
  const CatalogueRow* row = catalogue.Find(pin.option);
  if (row == nullptr) {
    const std::string nearest = catalogue.Nearest(pin.option);
    return absl::NotFoundError(absl::StrCat(
        "no option ", Quoted(pin.option),
        nearest.empty() ? "" : absl::StrCat("; did you mean ", nearest, "?")));
  }
  if (!pin.column_family.empty() &&
      absl::c_none_of(database.column_families,
                      [&pin](const ColumnFamilyFacts& family) {
                        return family.name == pin.column_family;
                      })) {
    return absl::NotFoundError(
        absl::StrCat("no column family ", Quoted(pin.column_family)));
  }
  Pin canonical = pin;
  for (std::string* bound : {&canonical.min, &canonical.max}) {
    if (bound->empty()) continue;
    ROCKTUNE_ASSIGN_OR_RETURN(*bound, ParseValue(*bound, *row));
  }
  if (!pin.denied && canonical.min.empty() && canonical.max.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("pin of ", pin.option, ": give a value or a bound"));
  }
  const std::optional<double> low = NumberOf(canonical.min);
  const std::optional<double> high = NumberOf(canonical.max);
  if (low && high && *low > *high) {
    return absl::InvalidArgumentError(absl::StrCat(
        "pin of ", pin.option, ": ", pin.min, " is more than ", pin.max));
  }
  return canonical;
}

}  // namespace rocktune
