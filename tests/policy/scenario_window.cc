#include "tests/policy/scenario_window.h"

#include <utility>

#include "absl/strings/str_split.h"

namespace rocktune {
namespace {

using Words = std::vector<std::string>;

std::pair<std::string, std::string> Split(const std::string& word) {
  std::pair<std::string, std::string> parts =
      absl::StrSplit(word, absl::MaxSplits('=', 1));
  return parts;
}

void FillOp(const std::string& spec, OpStats* stats) {
  const Words parts = absl::StrSplit(spec, '/');
  stats->count = std::stoull(parts[0]);
  stats->samples = stats->count / 32;
  stats->latency_us_mean = std::stod(parts[1]);
  stats->latency_us_p50 = stats->latency_us_mean;
  stats->latency_us_p99 =
      parts.size() > 2 ? std::stod(parts[2]) : 3 * stats->latency_us_mean;
}

}  // namespace

event::WindowClosed WindowOf(const Words& words) {
  event::WindowClosed closed;
  Window& window = closed.window;
  window.database = "db";
  window.length = absl::Seconds(1);
  window.has_tickers = window.has_latencies = true;
  window.column_families = {{.name = "default", .levels = {{}, {}}}};
  for (size_t i = 0; i < words.size(); ++i) {
    const auto [name, value] = Split(words[i]);
    if (name == "get") FillOp(value, &window.op(OpKind::kGet));
    if (name == "write") FillOp(value, &window.op(OpKind::kWrite));
    if (name == "seek") FillOp(value, &window.op(OpKind::kSeek));
    if (name == "nearness") closed.stall_nearness = std::stod(value);
    if (name == "stopped") window.stalls.writes_stopped = true;
    if (name == "delayed") window.stalls.delayed_write_rate = 1 << 20;
    if (name == "unsettled") closed.settled = false;
    if (name == "error") window.events.background_errors = 1;
  }
  closed.stall_cause = "l0_files";
  return closed;
}

}  // namespace rocktune
