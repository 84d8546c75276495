#include "policy/edit_distance.h"

#include <algorithm>
#include <numeric>

namespace rocktune {
namespace {

// The distance is quadratic.
constexpr size_t kLongestComparedName = 128;

}  // namespace

size_t EditDistance(absl::string_view a, absl::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
    }
  }
  return row[b.size()];
}

std::string NearestName(absl::string_view name,
                        const std::vector<std::string>& names) {
  if (name.empty() || name.size() > kLongestComparedName) return "";
  // A guess: a third of the letters wrong is still the same word.
  size_t best = name.size() / 3 + 1;
  std::string nearest;
  for (const std::string& known : names) {
    const size_t distance = EditDistance(name, known);
    if (distance < best) {
      best = distance;
      nearest = known;
    }
  }
  return nearest;
}

}  // namespace rocktune
