#include "bench/workload/driver.h"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <vector>

#include "bench/workload/client.h"

namespace rocktune {
namespace {

using Clock = std::chrono::steady_clock;

// As many clients as the busiest phase has.
int ClientsOf(const Workload& workload) {
  int most = 0;
  for (const Phase& phase : workload.phases) {
    int clients = 0;
    for (const ClientGroup& group : phase.clients) clients += group.threads;
    most = std::max(most, clients);
  }
  return most;
}

}  // namespace

void LoadInterval::Merge(const LoadInterval& later) {
  seconds += later.seconds;
  phase = later.phase;
  for (size_t i = 0; i < latency.size(); ++i) {
    latency[i].Merge(later.latency[i]);
  }
  failures += later.failures;
  if (first_failure.empty()) first_failure = later.first_failure;
  behind = later.behind;
  dropped += later.dropped;
}

struct Driver::Impl {
  Impl(rocksdb::DB* db, const Workload& workload, uint64_t seed)
      : load(db, workload, seed) {}

  SharedLoad load;
  std::vector<std::unique_ptr<Client>> clients;
  std::mutex mutex;  // since
  Clock::time_point since = Clock::now();
};

Driver::Driver(rocksdb::DB* db, const Workload& workload, uint64_t seed)
    : impl_(std::make_unique<Impl>(db, workload, seed)) {
  for (int i = 0; i < ClientsOf(workload); ++i) {
    impl_->clients.push_back(std::make_unique<Client>(&impl_->load, i));
  }
}

Driver::~Driver() { impl_->load.stop = true; }

LoadInterval Driver::Take() {
  LoadInterval all;
  std::lock_guard lock(impl_->mutex);
  const auto now = Clock::now();
  for (const auto& client : impl_->clients) {
    const uint64_t behind = all.behind;
    all.Merge(client->Take(now));
    all.behind += behind;
  }
  all.seconds = std::chrono::duration<double>(now - impl_->since).count();
  all.phase = impl_->load.clock.At(now).phase;
  impl_->since = now;
  std::lock_guard failure_lock(impl_->load.failure_mutex);
  all.first_failure = impl_->load.first_failure;
  return all;
}

bool Driver::Finished() const {
  return impl_->load.clock.Finished(Clock::now());
}

}  // namespace rocktune
