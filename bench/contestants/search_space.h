// The values a search may choose from: exactly the options that rocktune may
// change online, as points of a unit cube.
#ifndef ROCKTUNE_BENCH_CONTESTANTS_SEARCH_SPACE_H_
#define ROCKTUNE_BENCH_CONTESTANTS_SEARCH_SPACE_H_

#include <random>
#include <string>
#include <vector>

#include "policy/catalogue.h"
#include "policy/option.h"

namespace rocktune {

using Point = std::vector<double>;  // each 0..1

// Immutable after construction.
class SearchSpace {
 public:
  // One dimension for each option of an open class that holds a number, a
  // boolean or a word, of the families in `values`. `memory_bytes` bounds what
  // is counted in memory.
  SearchSpace(const Catalogue& catalogue, const OptionValues& values,
              uint64_t memory_bytes);

  size_t size() const { return dimensions_.size(); }
  const std::string& name(size_t i) const { return dimensions_[i].key.name; }

  // Numbers that span more than two powers of ten are spread by their
  // logarithm. Special values (-1, 0) are not part of the cube.
  OptionValues ValuesAt(const Point& point) const;
  Point PointOf(const OptionValues& values) const;
  Point Random(std::mt19937_64& random) const;
  // `point` with each coordinate moved with probability `share` by a normal
  // step of `sigma`.
  struct Step {
    double share = 0.2;
    double sigma = 0.2;
  };
  Point Near(const Point& point, const Step& step,
             std::mt19937_64& random) const;

 private:
  struct Dimension {
    OptionKey key;
    OptionType type = OptionType::kUint;
    double min = 0;
    double max = 1;
    bool logarithmic = false;
    std::vector<std::string> words;  // booleans and enums
  };
  std::string ValueAt(const Dimension& dimension, double at) const;
  double PlaceOf(const Dimension& dimension, const std::string& value) const;

  std::vector<Dimension> dimensions_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_CONTESTANTS_SEARCH_SPACE_H_
