#include "bench/workload/client.h"

#include <sys/prctl.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace rocktune {
namespace {

using Clock = std::chrono::steady_clock;

// A waiting client sees a stop or an early end within this.
constexpr auto kLongestSleep = std::chrono::milliseconds(5);
// Linux lets a sleep last 50 us longer to save wakeups, which an open loop
// would report as latency of the database.
constexpr unsigned long kTimerSlackNs = 1;

double SecondsBetween(PhaseClock::Time from, PhaseClock::Time to) {
  return std::chrono::duration<double>(to - from).count();
}

Clock::duration SecondsAfter(double seconds) {
  constexpr double kNever = 1e9;  // as nanoseconds it still fits
  return std::chrono::nanoseconds(
      static_cast<int64_t>(std::min(seconds, kNever) * 1e9));
}

}  // namespace

SharedLoad::SharedLoad(rocksdb::DB* db_in, const Workload& workload_in,
                       uint64_t seed_in)
    : db(db_in),
      workload(workload_in),
      seed(seed_in),
      space(workload),
      distributions(workload, seed),
      values(workload.data, seed),
      lanes(std::make_unique<Lane[]>(static_cast<size_t>(space.lanes()))),
      clock(workload, Clock::now()) {}

uint64_t SharedLoad::Complete() const {
  if (space.lanes() == 0) return space.initial();
  uint64_t complete = std::numeric_limits<uint64_t>::max();
  for (int i = 0; i < space.lanes(); ++i) {
    complete = std::min(complete, space.Inserted(i, lanes[i].inserted.load()));
  }
  return complete;
}

bool SharedLoad::AllInserted() const {
  return Complete() >= workload.data.keys;
}

Client::Client(SharedLoad* load, int number)
    : load_(load),
      number_(number),
      runner_(load->db, load->space),
      figures_(std::make_unique<LoadInterval>()),
      thread_([this] { Run(); }) {}

Client::~Client() { thread_.join(); }

LoadInterval Client::Take(Time now) {
  auto fresh = std::make_unique<LoadInterval>();  // outside of the lock
  std::lock_guard lock(mutex_);
  std::swap(fresh, figures_);
  fresh->behind = Behind(now);
  return std::move(*fresh);
}

uint64_t Client::Behind(Time now) const {
  if (!due_times_) return 0;
  const uint64_t due = due_times_->CountBy(
      SecondsBetween(visit_.begin, std::min(now, visit_.end)));
  const uint64_t sent = sent_.load(std::memory_order_relaxed);
  return due > sent ? due - sent : 0;
}

Client::Place Client::PlaceIn(const Phase& phase) const {
  Place place{nullptr, 0, number_};
  for (const ClientGroup& group : phase.clients) {
    if (place.thread < group.threads) {
      place.group = &group;
      return place;
    }
    place.thread -= group.threads;
    ++place.group_number;
  }
  return {};
}

uint64_t Client::Seed(uint64_t visit, uint64_t part) const {
  return MixBits(MixBits(MixBits(load_->seed + 1) + visit) + part);
}

void Client::Run() {
  ::prctl(PR_SET_TIMERSLACK, kTimerSlackNs, 0, 0, 0);
  while (!load_->stop.load(std::memory_order_relaxed)) {
    const PhaseClock::Visit visit = load_->clock.At(Clock::now());
    const Place place =
        PlaceIn(load_->workload.phases[static_cast<size_t>(visit.phase)]);
    if (place.group == nullptr) {
      WaitUntil(visit.end, visit);
    } else {
      RunVisit(visit, place);
    }
  }
}

OperationStream Client::StreamOf(const PhaseClock::Visit& visit,
                                 const Place& place, int lane) const {
  // In the first phase others may have begun to insert already. (Later ones
  // begin with what the speed has made of those before anyway.)
  LiveKeys live{visit.number == 0 ? load_->space.initial() : load_->Complete(),
                lane, 0};
  if (lane != kNoLane) live.inserted = load_->lanes[lane].inserted.load();
  return OperationStream(
      {place.group, place.thread,
       Seed(visit.number, static_cast<uint64_t>(number_)), live},
      load_->space, load_->distributions, load_->values);
}

void Client::RunVisit(const PhaseClock::Visit& visit, const Place& place) {
  const Phase& phase = load_->workload.phases[static_cast<size_t>(visit.phase)];
  const int lane = KeySpace::LaneOf(phase, number_);
  OperationStream stream = StreamOf(visit, place, lane);
  Publish(visit, place);
  std::optional<DueTimes> due_times = due_times_;
  for (Time end = Clock::now(); !Over(visit, end);) {
    const PlannedOperation planned = stream.Next();
    if (phase.ends_when_loaded && planned.operation == Operation::kInsert &&
        planned.key >= load_->workload.data.keys) {
      // Its part is done; the others end the phase.
      WaitUntil(visit.end, visit);
      break;
    }
    Time begin;
    if (due_times) {
      begin = visit.begin + SecondsAfter(due_times->Next());
      if (begin >= visit.end || !WaitUntil(begin, visit)) break;
      sent_.fetch_add(1, std::memory_order_relaxed);
    } else {
      begin = Clock::now();
    }
    const rocksdb::Status status = runner_.Run(planned, place.group->sync);
    end = Clock::now();
    Record(planned.operation, begin, end, status);
    if (planned.operation == Operation::kInsert) {
      load_->lanes[lane].inserted.store(stream.inserted());
      if (phase.ends_when_loaded && load_->AllInserted()) {
        load_->clock.EndEarly(visit.number, end);
      }
    }
  }
  Leave();
}

bool Client::Over(const PhaseClock::Visit& visit, Time now) const {
  return now >= visit.end || load_->clock.number() != visit.number ||
         load_->stop.load(std::memory_order_relaxed);
}

bool Client::WaitUntil(Time due, const PhaseClock::Visit& visit) const {
  for (Time now = Clock::now(); now < due; now = Clock::now()) {
    if (Over(visit, now)) return false;
    std::this_thread::sleep_for(
        std::min<Clock::duration>(due - now, kLongestSleep));
  }
  return !Over(visit, due);
}

void Client::Publish(const PhaseClock::Visit& visit, const Place& place) {
  std::lock_guard lock(mutex_);
  sent_.store(0, std::memory_order_relaxed);
  visit_ = visit;
  due_times_.reset();
  if (place.group->rate_ops_per_s > 0) {
    // Beyond the clients' numbers, so that no client's stream has this seed.
    const uint64_t group_part =
        (uint64_t{1} << 32) + static_cast<uint64_t>(place.group_number);
    due_times_.emplace(DueTimes::Spec{place.group, place.thread,
                                      Seed(visit.number, group_part)});
  }
}

void Client::Leave() {
  const bool stopped = load_->stop.load(std::memory_order_relaxed);
  std::lock_guard lock(mutex_);
  if (!stopped) figures_->dropped += Behind(Clock::now());
  due_times_.reset();
}

void Client::Record(Operation operation, Time begin, Time end,
                    const rocksdb::Status& status) {
  if (!status.ok()) {
    std::lock_guard lock(load_->failure_mutex);
    if (load_->first_failure.empty()) load_->first_failure = status.ToString();
  }
  std::lock_guard lock(mutex_);
  if (!status.ok()) {
    ++figures_->failures;
    return;
  }
  const auto took = std::chrono::nanoseconds(end - begin).count();
  figures_->latency[static_cast<size_t>(operation)].Add(
      static_cast<uint64_t>(std::max<int64_t>(took, 0)));
}

}  // namespace rocktune
