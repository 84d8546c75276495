#include "bench/contestants/ask_tell.h"

#include <exception>
#include <nlopt.hpp>

namespace rocktune {

AskTell::AskTell(Point start, uint64_t seed)
    : start_(std::move(start)), thread_([this, seed] { Run(seed); }) {}

AskTell::~AskTell() {
  {
    std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

std::optional<Point> AskTell::Ask() {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [this] { return point_.has_value() || ended_; });
  return point_;
}

void AskTell::Tell(double value) {
  {
    std::lock_guard lock(mutex_);
    point_.reset();
    value_ = value;
  }
  wake_.notify_all();
}

double AskTell::Value(const Point& point) {
  std::unique_lock lock(mutex_);
  point_ = point;
  wake_.notify_all();
  wake_.wait(lock, [this] { return value_.has_value() || stop_; });
  if (stop_) throw nlopt::forced_stop();  // NLopt's way out
  const double value = *value_;
  value_.reset();
  return value;
}

void AskTell::Run(uint64_t seed) {
  try {
    nlopt::srand(seed);
    nlopt::opt search(nlopt::GN_ESCH, static_cast<unsigned>(start_.size()));
    search.set_lower_bounds(0);
    search.set_upper_bounds(1);
    search.set_maxeval(1'000'000);
    search.set_max_objective(
        [](const std::vector<double>& point, std::vector<double>&, void* self) {
          return static_cast<AskTell*>(self)->Value(point);
        },
        this);
    Point point = start_;
    double best = 0;
    search.optimize(point, best);
  } catch (const std::exception&) {
    // Stopped, or NLopt gave up: there are no more points.
  }
  std::lock_guard lock(mutex_);
  ended_ = true;
  wake_.notify_all();
}

}  // namespace rocktune
