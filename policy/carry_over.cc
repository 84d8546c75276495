// How long a switch echoes.
#include <algorithm>
#include <cmath>

#include "policy/objective.h"
#include "policy/verdict.h"

namespace rocktune {
namespace {

// A position needs this many blocks before it can be told from noise.
constexpr int kLeastBlocks = 6;
// Standard errors, and log cost, by which it must stand out. Guesses: 3.5 is
// one false cut in 2 000 positions.
constexpr double kErrors = 3.5;
constexpr double kLeastDeviation = 0.01;

struct Position {
  double sum = 0;
  double squares = 0;
  int blocks = 0;

  void Add(double x) {
    sum += x;
    squares += x * x;
    ++blocks;
  }
  bool StandsOut() const {
    if (blocks < kLeastBlocks) return false;
    const double mean = sum / blocks;
    const double variance = std::max(0.0, squares - sum * mean) / (blocks - 1);
    return std::abs(mean) > kLeastDeviation &&
           std::abs(mean) > kErrors * std::sqrt(variance / blocks);
  }
};

std::vector<double> LogCosts(const Block& block, const OpMix& mix) {
  std::vector<double> logs;
  for (const Window& window : block.windows) {
    const double cost = ServiceTimeUs(window, mix);
    if (cost <= 0) return {};
    logs.push_back(std::log(cost));
  }
  return logs;
}

// Against what is left of the block after it: its second half.
double Rest(const std::vector<double>& logs) {
  const size_t from = logs.size() / 2;
  double sum = 0;
  for (size_t i = from; i < logs.size(); ++i) sum += logs[i];
  return sum / static_cast<double>(logs.size() - from);
}

}  // namespace

int CarryOverWindows(absl::Span<const Block> whole_blocks, const OpMix& mix,
                     int least, int most) {
  // A switch to the candidate and one back echo with opposite signs when the
  // old values linger, with the same sign when the switch itself costs.
  std::vector<Position> switching, lingering;
  for (size_t i = 0; i < whole_blocks.size(); ++i) {
    const Block& block = whole_blocks[i];
    // Two blocks of one arm in a row: nothing was switched.
    if (i > 0 && whole_blocks[i - 1].candidate == block.candidate) continue;
    const std::vector<double> logs = LogCosts(block, mix);
    if (logs.size() < 2) continue;
    const double rest = Rest(logs);
    const size_t positions =
        std::min(logs.size() / 2, static_cast<size_t>(std::max(0, most)));
    switching.resize(std::max(switching.size(), positions));
    lingering.resize(std::max(lingering.size(), positions));
    for (size_t at = 0; at < positions; ++at) {
      const double deviation = logs[at] - rest;
      switching[at].Add(deviation);
      lingering[at].Add(block.candidate ? deviation : -deviation);
    }
  }
  int cut = std::max(0, least);
  while (cut < most && static_cast<size_t>(cut) < switching.size() &&
         (switching[cut].StandsOut() || lingering[cut].StandsOut())) {
    ++cut;
  }
  return std::min(cut, most);
}

}  // namespace rocktune
