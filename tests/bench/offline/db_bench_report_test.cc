// What db_bench prints.
#include "bench/offline/db_bench_report.h"

#include <string>

#include "gtest/gtest.h"
#include "tests/status_matchers.h"

namespace rocktune {
namespace {

// As version 7.8.3 prints it, shortened.
constexpr char kOutput[] =
    "... finished 100 ops   \r... finished 200 ops   \rDB path: [/tmp/x]\n"
    "fillrandom   :      91.783 micros/op 10746 ops/sec 1.500 seconds 16119 "
    "operations;    1.2 MB/s\n"
    "readrandom   :      36.343 micros/op 27378 ops/sec 2.500 seconds 68445 "
    "operations;    1.3 MB/s (11783 of 27999 found)\n\n"
    "Level Files Size(MB)\n--------------------\n"
    "  0        3        2\n  1        1        16\n\n"
    "STATISTICS:\n"
    "rocksdb.block.cache.miss COUNT : 4000\n"
    "rocksdb.number.keys.read COUNT : 68445\n"
    "rocksdb.write.self COUNT : 16000\nrocksdb.write.other COUNT : 119\n"
    "rocksdb.stall.micros COUNT : 77\n"
    "rocksdb.db.get.micros P50 : 5.5 P95 : 11.8 P99 : 30.8 P100 : 40159.0 "
    "COUNT : 68445 SUM : 684450\n"
    "rocksdb.unheard.of COUNT : 5\n";

TEST(DbBenchReport, BecomesFiguresAndAWindow) {
  const auto report = ParseDbBench(kOutput, 8 << 20);
  ASSERT_OK(report);
  EXPECT_EQ(report->benchmark, "readrandom");
  EXPECT_DOUBLE_EQ(report->ops_per_s, 27378);
  EXPECT_DOUBLE_EQ(report->p99_us, 30.8);
  const Window& window = report->window;
  EXPECT_EQ(window.length, absl::Seconds(4));
  EXPECT_EQ(window.op(OpKind::kGet).count, 68445u);
  EXPECT_EQ(window.op(OpKind::kWrite).count, 16119u);
  EXPECT_DOUBLE_EQ(window.op(OpKind::kGet).latency_us_mean, 10);
  EXPECT_DOUBLE_EQ(window.op(OpKind::kGet).latency_us_p50, 5.5);
  EXPECT_EQ(window.stalls.stall_micros, 77u);
  EXPECT_TRUE(window.has_tickers);
  EXPECT_TRUE(window.has_latencies);
  ASSERT_EQ(window.column_families.size(), 1u);
  ASSERT_EQ(window.column_families[0].levels.size(), 2u);
  EXPECT_EQ(window.column_families[0].levels[0].files, 3u);
  EXPECT_EQ(window.column_families[0].levels[1].bytes, 16u << 20);
  ASSERT_EQ(window.caches.size(), 1u);
  EXPECT_EQ(window.caches[0].usage_bytes, 8u << 20);  // it has missed more
}

TEST(DbBenchReport, IsNoneWithoutAResult) {
  for (const char* output : {"", "readrandom : killed\n", "ops/sec\n",
                             "a : x micros/op y ops/sec\n"}) {
    EXPECT_EQ(ParseDbBench(output, 0).status().code(),
              absl::StatusCode::kNotFound)
        << output;
  }
}

TEST(DbBenchReport, TakesUnknownOperationsForReadsAndWrites) {
  const Window bare = WindowOfOutput("ops 500\n", {500, 2, 0});
  EXPECT_EQ(bare.Operations(), 1000u);
  EXPECT_FALSE(bare.has_tickers);
  const Window full = WindowOfOutput(kOutput, {500, 2, 0});
  EXPECT_EQ(full.op(OpKind::kGet).count, 68445u);
  EXPECT_TRUE(full.has_tickers);
}

}  // namespace
}  // namespace rocktune
