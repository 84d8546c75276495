// The verdicts of rocktune-verdict-rates, counted.
#ifndef ROCKTUNE_BENCH_VERDICT_TALLY_H_
#define ROCKTUNE_BENCH_VERDICT_TALLY_H_

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "bench/verdict_host.h"

namespace rocktune {

struct Share {
  int hits = 0;
  int of = 0;
  double Value() const { return of > 0 ? static_cast<double>(hits) / of : 0; }
};

struct WilsonInterval {
  double low = 0;
  double high = 1;
};
// 95 % (Wilson 1927); 0 to 1 for nothing out of nothing.
WilsonInterval Wilson(const Share& share);

// Not thread-safe.
class VerdictTally {
 public:
  // A no-op must not be kept; a planted regression must not be, and its
  // values must be back.
  static constexpr double kMostKept = 0.02;
  static constexpr double kLeastCaught = 0.98;

  void Add(const VerdictPhase& phase, const VerdictRow& row);

  Share NoOpsKept() const;
  Share PlantedCaught() const;
  // A bound is missed, and not for want of trials.
  bool Missed() const;
  std::string RunningCount() const;
  std::string Table() const;
  boost::json::object Json() const;

 private:
  struct Entry {
    std::string phase;
    bool planted;
    VerdictRow row;
  };
  Share Count(bool planted, bool (*hit)(const VerdictRow&)) const;

  std::vector<Entry> entries_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_VERDICT_TALLY_H_
