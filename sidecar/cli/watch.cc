// rocktune watch: one line per window, and every change of state.
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "boost/json/serialize.hpp"
#include "sidecar/cli/render.h"
#include "sidecar/cli/requests.h"
#include "sidecar/cli/run.h"
#include "sidecar/json_text.h"

namespace rocktune::cli {
namespace {

constexpr int kPollMs = 500;  // twice per usual window
constexpr int kWindowsPerPoll = 20;

std::string TimeOfDay() {
  return absl::FormatTime("%H:%M:%S", absl::Now(), absl::LocalTimeZone());
}

// What has been shown of one database.
struct Seen {
  double window = -1;  // number
  std::string state;
};

class Watcher {
 public:
  explicit Watcher(const Context& context) : context_(context) {}

  int Watch();

 private:
  // kOk, or how the command ends.
  int Poll();
  int ShowWindows(const std::string& name, Seen* seen);
  void ShowState(const Json& database, Seen* seen);
  void ShowLive(const Json& database);
  std::string WindowLine(const std::string& name, const Json& window) const;
  void Line(const std::string& text);
  void LiveLine(const std::string& text);
  bool Finished() const {
    return context_.arguments.count > 0 && shown_ >= context_.arguments.count;
  }

  const Context& context_;
  std::map<std::string, Seen> seen_;
  int shown_ = 0;
  bool live_ = false;  // the terminal's last line is ours to overwrite
};

// The terminal's columns; a longer line would wrap and could not be replaced.
size_t Columns() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 2) {
    return 79;
  }
  return size.ws_col - 1u;
}

// On a terminal the line below the last is refreshed in place.
void Watcher::Line(const std::string& text) {
  std::printf("%s%s\n", live_ ? "\r\x1b[K" : "", text.c_str());
  live_ = false;
}

void Watcher::LiveLine(const std::string& text) {
  if (!context_.terminal || context_.arguments.json()) return;
  // Bytes, not characters: too short at worst, and only where a name is not
  // ASCII.
  const std::string line = text.substr(0, Columns());
  std::printf("%s%s", live_ ? "\r\x1b[K" : "",
              context_.style.Paint(Colour::kDim, line).c_str());
  live_ = true;
}

std::string Latency(const Json& window, const char* kind) {
  const Json& stats = At(At(window, "operations"), kind);
  if (Number(stats, "samples") == 0) return "";
  return absl::StrFormat("  %s p99 %6s us", kind,
                         HumanCount(Number(stats, "latency_us_p99")));
}

std::string CacheHits(const Json& window) {
  const Json& tickers = At(window, "tickers");
  const double hits = Number(tickers, "block_cache_hit");
  const double all = hits + Number(tickers, "block_cache_miss");
  return all == 0 ? "" : absl::StrFormat("  cache %5.1f %%", 100 * hits / all);
}

std::string Stalls(const Json& window, const Style& style) {
  const Json& stalls = At(window, "stalls");
  if (Truth(stalls, "writes_stopped")) {
    return "  " + style.Paint(Colour::kRed, "writes stopped");
  }
  const double rate = Number(stalls, "delayed_write_bytes_per_s");
  if (rate == 0) return "";
  return "  " + style.Paint(
                    Colour::kYellow,
                    absl::StrCat("writes delayed to ", HumanBytes(rate), "/s"));
}

std::string Watcher::WindowLine(const std::string& name,
                                const Json& window) const {
  return absl::StrCat(
      TimeOfDay(), "  ", EscapedForTerminal(name), "  ",
      absl::StrFormat("%9s ops/s",
                      HumanCount(Number(window, "throughput_ops_per_s"))),
      Latency(window, "get"), Latency(window, "multiget"),
      Latency(window, "write"), Latency(window, "seek"), CacheHits(window),
      Stalls(window, context_.style));
}

int Watcher::ShowWindows(const std::string& name, Seen* seen) {
  const absl::StatusOr<Answer> answer = Ask(
      context_,
      {"GET",
       DatabaseTarget(name, absl::StrCat("/windows?limit=", kWindowsPerPoll)),
       ""});
  if (!answer.ok()) return Fail(answer.status());
  // Detached since we asked for the databases: no reason to stop.
  if (Text(At(answer->json, "error"), "code") == "not_found") return kOk;
  if (answer->exit_code != kOk) return FailWith(*answer);
  const bool first = seen->window < 0;
  const auto& windows = Items(answer->json, "windows");
  for (size_t i = 0; i < windows.size() && !Finished(); ++i) {
    const double number = Number(windows[i], "number");
    // The past is not news: begin with the latest.
    if (number <= seen->window || (first && i + 1 < windows.size())) continue;
    seen->window = number;
    ++shown_;
    if (context_.arguments.json()) {
      std::printf("%s\n", boost::json::serialize(windows[i]).c_str());
    } else {
      Line(WindowLine(name, windows[i]));
    }
  }
  if (first && windows.empty()) seen->window = 0;
  return kOk;
}

void Watcher::ShowState(const Json& database, Seen* seen) {
  const std::string state = EscapedForTerminal(Text(database, "state"));
  const std::string name = EscapedForTerminal(Text(database, "name"));
  const std::string why = EscapedForTerminal(Text(database, "state_why"));
  if (state != seen->state && !context_.arguments.json()) {
    const std::string from =
        seen->state.empty() ? "" : absl::StrCat(seen->state, " -> ");
    const std::string text = absl::StrCat("-- ", name, ": ", from, state,
                                          why.empty() ? "" : ": ", why);
    Line(absl::StrCat(TimeOfDay(), "  ",
                      context_.style.Paint(Colour::kCyan, text)));
    for (const Json& change : Items(At(database, "open_trial"), "change_set")) {
      Line(absl::StrCat("            ", EscapedForTerminal(OptionName(change)),
                        "  ", EscapedForTerminal(Text(change, "before")),
                        " -> ", EscapedForTerminal(Text(change, "after"))));
    }
  }
  seen->state = state;
}

void Watcher::ShowLive(const Json& database) {
  const std::string why = EscapedForTerminal(Text(database, "state_why"));
  LiveLine(absl::StrCat("          ",
                        EscapedForTerminal(Text(database, "name")), "  ",
                        EscapedForTerminal(Text(database, "state")), " for ",
                        HumanSeconds(Number(database, "in_state_s")),
                        why.empty() ? "" : ": ", why));
}

int Watcher::Poll() {
  const absl::StatusOr<Answer> answer =
      Ask(context_, {"GET", "/v1/databases", ""});
  if (!answer.ok()) return Fail(answer.status());
  if (answer->exit_code != kOk) return FailWith(*answer);
  const std::string& wanted = context_.arguments.database;
  for (const Json& database : Items(answer->json, "databases")) {
    const std::string name = Text(database, "name");
    if (!wanted.empty() && name != wanted) continue;
    Seen* seen = &seen_[name];
    ShowState(database, seen);
    if (const int code = ShowWindows(name, seen); code != kOk) return code;
    ShowLive(database);
  }
  std::fflush(stdout);
  return kOk;
}

int Watcher::Watch() {
  int code = Poll();
  while (code == kOk && !Finished() && std::ferror(stdout) == 0) {
    poll(nullptr, 0, kPollMs);
    code = Poll();
  }
  if (live_) std::printf("\n");
  return code;
}

}  // namespace

int Watch(const Context& context) { return Watcher(context).Watch(); }

}  // namespace rocktune::cli
