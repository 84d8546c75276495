#include "bench/demo/record.h"

#include <cmath>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "bench/demo/json_read.h"

namespace rocktune {
namespace {

using boost::json::object;

double SecondsSince(absl::Time origin, const std::string& text, double other) {
  absl::Time time;
  std::string error;
  if (!absl::ParseTime(absl::RFC3339_full, text, &time, &error)) return other;
  return absl::ToDoubleSeconds(time - origin);
}

}  // namespace

TrialLine TrialFromJson(const object& trial, absl::Time origin) {
  TrialLine line;
  line.id = static_cast<int64_t>(NumberOf(trial, "id"));
  line.source = TextOf(trial, "source");
  line.verdict = TextOf(trial, "verdict");
  line.why = TextOf(trial, "why");
  for (const boost::json::value& item : ArrayOf(trial, "change_set")) {
    if (!item.is_object()) continue;
    const object& change = item.get_object();
    line.changes.push_back({TextOf(change, "option"), TextOf(change, "before"),
                            TextOf(change, "after")});
  }
  const object& effect = ObjectOf(trial, "effect");
  line.effect_mean = NumberOf(effect, "mean");
  line.effect_low = NumberOf(effect, "low");
  line.effect_high = NumberOf(effect, "high");
  line.measured = NumberOf(effect, "confidence") > 0;
  line.begin_s = SecondsSince(origin, TextOf(trial, "opened"), 0);
  line.end_s = SecondsSince(origin, TextOf(trial, "closed"), line.begin_s);
  line.in_force_s = NumberOf(trial, "in_force_s");
  return line;
}

NoteLine NoteFromJson(const object& note) {
  const boost::json::value* rejected = note.if_contains("rejected");
  return {rejected != nullptr && rejected->is_bool() && rejected->get_bool(),
          TextOf(note, "option"), TextOf(note, "asked"), TextOf(note, "given"),
          TextOf(note, "message")};
}

std::string ShortValue(const std::string& value) {
  uint64_t number = 0;
  if (!absl::SimpleAtoi(value, &number) || number < 1 << 20) return value;
  const double mib = static_cast<double>(number) / (1 << 20);
  return std::floor(mib) == mib ? absl::StrFormat("%.0f MiB", mib)
                                : absl::StrFormat("%.1f MiB", mib);
}

std::string ShortChanges(const std::vector<ChangeLine>& changes) {
  std::string text;
  for (const ChangeLine& change : changes) {
    absl::StrAppend(&text, text.empty() ? "" : ", ", change.option, " ",
                    ShortValue(change.before), " -> ",
                    ShortValue(change.after));
  }
  return text;
}

std::string ShortEffect(const TrialLine& trial) {
  if (!trial.measured) return "not measured to the end";
  return absl::StrFormat("%+.1f %% [%+.1f, %+.1f]", 100 * trial.effect_mean,
                         100 * trial.effect_low, 100 * trial.effect_high);
}

std::string ShortSeconds(double seconds) {
  if (seconds < 90) return absl::StrFormat("%.0f s", seconds);
  const int minutes = static_cast<int>(seconds / 60 + 0.5);
  if (minutes < 90) return absl::StrFormat("%d min", minutes);
  return absl::StrFormat("%d h %02d min", minutes / 60, minutes % 60);
}

std::string WithCommas(double number) {
  std::string digits = absl::StrFormat("%.0f", number);
  const size_t sign = number < 0 ? 1 : 0;
  for (size_t at = digits.size(); at > sign + 3;) {
    at -= 3;
    digits.insert(at, 1, ',');
  }
  return digits;
}

}  // namespace rocktune
