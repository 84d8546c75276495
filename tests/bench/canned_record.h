// A demo's record as it might have been, with text that wants to break out.
#ifndef ROCKTUNE_TESTS_BENCH_CANNED_RECORD_H_
#define ROCKTUNE_TESTS_BENCH_CANNED_RECORD_H_

#include "bench/demo/record.h"

namespace rocktune {

inline DemoRecord CannedRecord() {
  DemoRecord record;
  record.load = "some <load> & \"more\"";
  record.rocksdb = "7.8.3";
  record.baseline = {10'000, 400, 90};
  record.tuned = {25'000, 150, 80};
  record.restored = {10'100, 410, 91};
  for (int i = 0; i < 60; ++i) {
    record.seconds.push_back({1.0 * i, 10'000.0 + 100 * i, 400.0 - i});
  }
  record.phases = {{0, 20, "baseline"}, {20, 50, "tuning"}, {50, 60, "<end>"}};
  TrialLine kept;
  kept.id = 1;
  kept.source = "expert";
  kept.verdict = "kept";
  kept.why = "service time 100 -> 40 us/op";
  kept.changes = {{"block_cache.capacity", "8388608", "67108864"}};
  kept.effect_mean = 0.5;
  kept.effect_low = 0.4;
  kept.effect_high = 0.6;
  kept.measured = true;
  kept.begin_s = 22;
  kept.end_s = 40;
  kept.in_force_s = 17.5;
  TrialLine bad = kept;
  bad.id = 2;
  bad.source = "operator";
  bad.verdict = "regressed";
  bad.why = "</svg><script>alert(\"x\")</script>";
  bad.measured = false;
  record.trials = {kept, bad};
  record.notes = {{true, "prefix_extractor", "<1>", "", "closed & bolted"},
                  {false, "write_buffer_size", "1", "65536", "a floor"}};
  record.advice = {{21, false, "asked (start): proposes <b> = 1"},
                   {23, true, "<b>: no such option"}};
  record.trials_kept = 1;
  record.trials_rolled_back = 1;
  record.proposals_refused = 2;
  record.bad_value_in_force_s = 4.5;
  record.restored_exactly = false;
  record.not_restored = {"bytes_per_sync"};
  return record;
}

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_BENCH_CANNED_RECORD_H_
