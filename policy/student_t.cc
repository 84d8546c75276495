#include "policy/student_t.h"

#include <cmath>

namespace rocktune {
namespace {

double AwayFromZero(double x) { return std::abs(x) < 1e-300 ? 1e-300 : x; }

// The regularised incomplete beta function for x < (a + 1) / (a + b + 2), by
// its continued fraction in Lentz's form (Abramowitz and Stegun 26.5.8).
double IncompleteBetaLow(double x, double a, double b) {
  const double front =
      std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) +
               a * std::log(x) + b * std::log1p(-x)) /
      a;
  double c = 1;
  double d = 1 / AwayFromZero(1 - (a + b) * x / (a + 1));
  double fraction = d;
  for (int m = 1; m <= 200; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / AwayFromZero(1 + even * d);
    c = AwayFromZero(1 + even / c);
    fraction *= d * c;
    const double odd =
        -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / AwayFromZero(1 + odd * d);
    c = AwayFromZero(1 + odd / c);
    fraction *= d * c;
    if (std::abs(d * c - 1) < 1e-12) break;
  }
  return front * fraction;
}

double IncompleteBeta(double x, double a, double b) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  return x < (a + 1) / (a + b + 2) ? IncompleteBetaLow(x, a, b)
                                   : 1 - IncompleteBetaLow(1 - x, b, a);
}

}  // namespace

double StudentT::Within(double t) const {
  return 1 - IncompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5);
}

double StudentT::Quantile(double confidence) const {
  double low = 0, high = 1;
  while (high < 1e6 && Within(high) < confidence) high *= 2;
  while (high - low > 1e-6 * high) {
    const double middle = (low + high) / 2;
    (Within(middle) < confidence ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace rocktune
