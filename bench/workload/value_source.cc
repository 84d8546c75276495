#include "bench/workload/value_source.h"

#include <algorithm>
#include <cmath>

namespace rocktune {
namespace {

// Long enough that naming a repetition costs a compressor little, short enough
// that a small block has its share of both kinds of bytes.
constexpr size_t kPieceBytes = 256;

}  // namespace

ValueSource::ValueSource(const DataSpec& data, uint64_t seed)
    : sizes_(data.values),
      max_bytes_(std::max<size_t>(
          sizes_.bytes * (sizes_.pareto ? kMaxTimesMean : 1), 1)),
      sigma_(static_cast<double>(sizes_.bytes) * (1 - sizes_.pareto_k)) {
  const auto random_bytes = static_cast<size_t>(
      std::lround(std::clamp(data.compressed_ratio, 0.0, 1.0) * kPieceBytes));
  std::mt19937_64 random(seed);
  buffer_.resize(kPlaces + max_bytes_, 'v');
  for (size_t i = 0; i < buffer_.size(); ++i) {
    if (i % kPieceBytes < random_bytes) {
      buffer_[i] = static_cast<char>(random());
    }
  }
}

std::string_view ValueSource::Next(std::mt19937_64& random) const {
  const size_t bytes = SizeOf(random);
  return std::string_view(buffer_).substr(random() % kPlaces, bytes);
}

size_t ValueSource::SizeOf(std::mt19937_64& random) const {
  if (!sizes_.pareto) return max_bytes_;
  const double u = std::generate_canonical<double, 53>(random);
  const double bytes =
      sigma_ / sizes_.pareto_k * (std::pow(1 - u, -sizes_.pareto_k) - 1);
  return std::clamp(static_cast<size_t>(std::lround(bytes)), size_t{1},
                    max_bytes_);
}

}  // namespace rocktune
