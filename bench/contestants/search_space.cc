#include "bench/contestants/search_space.h"

#include <algorithm>
#include <cmath>

#include "policy/value_parser.h"

namespace rocktune {
namespace {

bool IsOpen(OptionClass option_class) {
  return option_class == OptionClass::kInstant ||
         option_class == OptionClass::kWarming ||
         option_class == OptionClass::kChangesFiles;
}

double Clamped(double at) { return std::clamp(at, 0.0, 1.0); }

}  // namespace

SearchSpace::SearchSpace(const Catalogue& catalogue, const OptionValues& values,
                         uint64_t memory_bytes) {
  for (const auto& [key, value] : values) {
    const CatalogueRow* row = catalogue.Find(key.name);
    if (row == nullptr || !IsOpen(row->option_class)) continue;
    Dimension dimension{key, row->type, row->min, row->max, false, {}};
    switch (row->type) {
      case OptionType::kBool:
        dimension.words = {"false", "true"};
        break;
      case OptionType::kEnum:
        dimension.words = row->enum_values;
        break;
      case OptionType::kInt:
      case OptionType::kUint:
      case OptionType::kDouble:
        if (row->unit == OptionUnit::kBytes &&
            row->option_class == OptionClass::kWarming) {
          dimension.max =
              std::min(dimension.max, static_cast<double>(memory_bytes));
        }
        if (!(dimension.max > dimension.min)) continue;
        dimension.logarithmic =
            dimension.min > 0 && dimension.max / dimension.min > 100;
        break;
      default:
        continue;
    }
    if (!dimension.words.empty() || dimension.max > dimension.min) {
      dimensions_.push_back(std::move(dimension));
    }
  }
}

std::string SearchSpace::ValueAt(const Dimension& dimension, double at) const {
  at = Clamped(at);
  if (!dimension.words.empty()) {
    const size_t n = dimension.words.size();
    return dimension.words[std::min(
        n - 1, static_cast<size_t>(at * static_cast<double>(n)))];
  }
  const double number =
      dimension.logarithmic
          ? dimension.min * std::pow(dimension.max / dimension.min, at)
          : dimension.min + at * (dimension.max - dimension.min);
  return dimension.type == OptionType::kDouble
             ? FormatDouble(number)
             : FormatWhole(std::round(number));
}

double SearchSpace::PlaceOf(const Dimension& dimension,
                            const std::string& value) const {
  if (!dimension.words.empty()) {
    const auto found =
        std::find(dimension.words.begin(), dimension.words.end(), value);
    if (found == dimension.words.end()) return 0;
    return (static_cast<double>(found - dimension.words.begin()) + 0.5) /
           static_cast<double>(dimension.words.size());
  }
  const double number = std::clamp(NumberOf(value).value_or(dimension.min),
                                   dimension.min, dimension.max);
  return dimension.logarithmic
             ? std::log(number / dimension.min) /
                   std::log(dimension.max / dimension.min)
             : (number - dimension.min) / (dimension.max - dimension.min);
}

OptionValues SearchSpace::ValuesAt(const Point& point) const {
  OptionValues values;
  for (size_t i = 0; i < dimensions_.size(); ++i) {
    values[dimensions_[i].key] = ValueAt(dimensions_[i], point[i]);
  }
  return values;
}

Point SearchSpace::PointOf(const OptionValues& values) const {
  Point point;
  for (const Dimension& dimension : dimensions_) {
    const auto found = values.find(dimension.key);
    point.push_back(found == values.end() ? 0.5
                                          : PlaceOf(dimension, found->second));
  }
  return point;
}

Point SearchSpace::Random(std::mt19937_64& random) const {
  std::uniform_real_distribution<double> unit(0, 1);
  Point point;
  for (size_t i = 0; i < dimensions_.size(); ++i) point.push_back(unit(random));
  return point;
}

Point SearchSpace::Near(const Point& point, const Step& step,
                        std::mt19937_64& random) const {
  std::uniform_real_distribution<double> unit(0, 1);
  std::normal_distribution<double> normal(0, step.sigma);
  Point moved = point;
  for (size_t i = 0; i < moved.size(); ++i) {
    if (unit(random) < step.share)
      moved[i] = Clamped(moved[i] + normal(random));
  }
  return moved;
}

}  // namespace rocktune
