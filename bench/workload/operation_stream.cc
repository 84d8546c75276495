#include "bench/workload/operation_stream.h"

namespace rocktune {

OperationStream::OperationStream(const Spec& spec, const KeySpace& space,
                                 const KeyDistributions& distributions,
                                 const ValueSource& values)
    : group_(*spec.group),
      space_(space),
      values_(values),
      chooser_({group_.keys, group_.zipf_theta, spec.thread, group_.threads},
               space, distributions),
      live_(spec.live),
      random_(spec.seed) {}

Operation OperationStream::Draw() {
  double dice = std::generate_canonical<double, 53>(random_);
  int last = 0;  // what rounding leaves over goes to the last share
  for (int i = 0; i < kOperations; ++i) {
    const double share = group_.mix[static_cast<size_t>(i)];
    if (share <= 0) continue;
    last = i;
    if (dice < share) break;
    dice -= share;
  }
  return static_cast<Operation>(last);
}

PlannedOperation OperationStream::Next() {
  PlannedOperation planned{.operation = Draw()};
  planned.key = planned.operation == Operation::kInsert
                    ? space_.Inserted(live_.lane, live_.inserted++)
                    : chooser_.Next(live_, random_);
  switch (planned.operation) {
    case Operation::kRead:
      break;
    case Operation::kScan:
      planned.scan_length =
          group_.scan_min +
          static_cast<int>(
              random_() %
              static_cast<uint64_t>(group_.scan_max - group_.scan_min + 1));
      break;
    case Operation::kUpdate:
    case Operation::kInsert:
    case Operation::kReadModifyWrite:
      planned.value = values_.Next(random_);
      break;
  }
  return planned;
}

}  // namespace rocktune
