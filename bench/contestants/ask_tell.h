// NLopt's search turned inside out: it calls an objective, a cell wants to be
// told which point to try next.
#ifndef ROCKTUNE_BENCH_CONTESTANTS_ASK_TELL_H_
#define ROCKTUNE_BENCH_CONTESTANTS_ASK_TELL_H_

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "bench/contestants/search_space.h"

namespace rocktune {

// A thread inside NLopt that waits whenever it needs a value. Ask and Tell
// alternate, from one thread.
class AskTell {
 public:
  AskTell(Point start, uint64_t seed);
  ~AskTell();  // ends the search

  // The next point; nullopt when the search has ended by itself.
  std::optional<Point> Ask();
  void Tell(double value);  // of the point asked; more is better

 private:
  void Run(uint64_t seed);
  double Value(const Point& point);  // on the search's thread

  const Point start_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::optional<Point> point_;   // to be tried
  std::optional<double> value_;  // of it
  bool stop_ = false;
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_CONTESTANTS_ASK_TELL_H_
