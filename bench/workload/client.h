// One thread of load.
#ifndef ROCKTUNE_BENCH_WORKLOAD_CLIENT_H_
#define ROCKTUNE_BENCH_WORKLOAD_CLIENT_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "bench/workload/driver.h"
#include "bench/workload/due_times.h"
#include "bench/workload/key_choice.h"
#include "bench/workload/key_space.h"
#include "bench/workload/operation_runner.h"
#include "bench/workload/operation_stream.h"
#include "bench/workload/phase_clock.h"
#include "bench/workload/value_source.h"

namespace rocktune {

// What the clients of a driver share.
struct SharedLoad {
  SharedLoad(rocksdb::DB* db_in, const Workload& workload_in, uint64_t seed_in);

  // Keys 0..Complete()-1 have been inserted, or were there.
  uint64_t Complete() const;
  bool AllInserted() const;  // all of workload.data.keys

  struct alignas(64) Lane {
    std::atomic<uint64_t> inserted{0};
  };

  rocksdb::DB* const db;
  const Workload workload;
  const uint64_t seed;
  const KeySpace space;
  const KeyDistributions distributions;
  const ValueSource values;
  std::unique_ptr<Lane[]> lanes;
  PhaseClock clock;
  std::atomic<bool> stop{false};
  std::mutex failure_mutex;
  std::string first_failure;
};

// Works from construction to destruction, which comes after load->stop.
class Client {
 public:
  // `number`: among all clients. `load` must outlive it.
  Client(SharedLoad* load, int number);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Since the last call; `seconds`, `phase` and `first_failure` are left out.
  // Thread-safe.
  LoadInterval Take(PhaseClock::Time now);

 private:
  using Time = PhaseClock::Time;
  // Its place in a phase.
  struct Place {
    const ClientGroup* group = nullptr;  // null: none
    int group_number = 0;
    int thread = 0;  // of the group
  };
  Place PlaceIn(const Phase& phase) const;
  uint64_t Seed(uint64_t visit, uint64_t part) const;

  void Run();
  void RunVisit(const PhaseClock::Visit& visit, const Place& place);
  OperationStream StreamOf(const PhaseClock::Visit& visit, const Place& place,
                           int lane) const;
  bool Over(const PhaseClock::Visit& visit, Time now) const;
  // False once the visit is over or the driver stops.
  bool WaitUntil(Time due, const PhaseClock::Visit& visit) const;
  void Publish(const PhaseClock::Visit& visit, const Place& place);
  void Leave();
  void Record(Operation operation, Time begin, Time end,
              const rocksdb::Status& status);
  uint64_t Behind(Time now) const;  // needs mutex_

  SharedLoad* const load_;
  const int number_;
  OperationRunner runner_;

  // An open loop's operations so far in this visit; only the thread writes.
  std::atomic<uint64_t> sent_{0};
  mutable std::mutex mutex_;  // those below: the thread adds, Take() takes
  std::unique_ptr<LoadInterval> figures_;
  std::optional<DueTimes> due_times_;  // of an open loop's visit
  PhaseClock::Visit visit_;            // theirs

  std::thread thread_;  // last: it uses the others
};

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_WORKLOAD_CLIENT_H_
