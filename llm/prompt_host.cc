// The machine, what is wanted, what the operator fixed, what to answer.
#include "absl/strings/str_cat.h"
#include "llm/prompt_parts.h"
#include "llm/prompt_text.h"

namespace rocktune {
namespace {

// "4KiB reads 95us, 10500/s, ...": what is known.
std::string DeviceText(const DeviceFacts& device) {
  std::string text;
  const auto add = [&text](const char* name, double value, const char* unit) {
    if (value > 0) absl::StrAppend(&text, ", ", name, " ", Rough(value), unit);
  };
  add("4KiB read", device.read_us, "us alone");
  add("4KiB reads", device.read_iops, "/s at depth 16");
  add("4KiB writes", device.write_iops, "/s at depth 16");
  add("sequential reads", device.read_bytes_per_s / (1 << 20), "MiB/s");
  add("sequential writes", device.write_bytes_per_s / (1 << 20), "MiB/s");
  add("sync", device.sync_us, "us");
  return text;
}

std::string BoundText(const BriefedLimit& limit) {
  // In the quantity's own unit, as LimitQuantities() means it.
  return absl::StrCat(limit.quantity,
                      limit.at_most ? "<=" : ">=", Rough(limit.bound));
}

std::string PinText(const BriefedPin& pin) {
  std::string text =
      absl::StrCat(pin.option.text(), " ", ScopeText(pin.family), " ");
  if (pin.denied) return absl::StrCat(text, "must not be touched");
  if (pin.min && pin.max && *pin.min == *pin.max) {
    return absl::StrCat(text, "is fixed at ", ValueText(*pin.min, pin.unit));
  }
  return absl::StrCat(text, "stays in ",
                      pin.min ? ValueText(*pin.min, pin.unit) : "any", "..",
                      pin.max ? ValueText(*pin.max, pin.unit) : "any");
}

}  // namespace

std::string WriteHost(const ModelBriefing& briefing) {
  const BriefedHost& host = briefing.host;
  std::string text = absl::StrCat("HOST cores ", host.cores);
  if (host.cgroup_cpus) {
    absl::StrAppend(&text, ", cpu quota ", Rough(*host.cgroup_cpus));
  }
  absl::StrAppend(&text, ", memory ",
                  RoughBytes(static_cast<double>(host.usable_memory_bytes)));
  if (host.memory_budget_bytes > 0) {
    absl::StrAppend(&text, ", budget of caches and memtables ",
                    RoughBytes(static_cast<double>(host.memory_budget_bytes)));
  }
  absl::StrAppend(&text, ", committed here ",
                  RoughBytes(static_cast<double>(host.committed_bytes)));
  if (host.memory_of_others_bytes > 0) {
    absl::StrAppend(
        &text, " and elsewhere ",
        RoughBytes(static_cast<double>(host.memory_of_others_bytes)));
  }
  absl::StrAppend(&text, ", device ",
                  !host.rotational   ? "unknown"
                  : *host.rotational ? "rotational"
                                     : "flash",
                  host.device ? DeviceText(*host.device) : "", ", file system ",
                  host.filesystem, ", scheduler ", host.scheduler,
                  ", column families ",
                  briefing.families.size() +
                      static_cast<size_t>(briefing.families_left_out));
  const auto& [major, minor, patch] = host.rocksdb_version;
  if (major > 0) {
    absl::StrAppend(&text, ", RocksDB ", major, ".", minor, ".", patch);
  }
  return absl::StrCat(text, "\n");
}

std::string WriteGoal(const ModelBriefing& briefing) {
  std::string text =
      absl::StrCat("OBJECTIVE ", ToString(briefing.objective),
                   ", least effect ", Rough(100 * briefing.min_effect), "%\n");
  if (briefing.limits.empty()) return text;
  absl::StrAppend(&text, "LIMITS (us, bytes, ops/s, shares)");
  for (const BriefedLimit& limit : briefing.limits) {
    absl::StrAppend(&text, " ", BoundText(limit));
  }
  return absl::StrCat(text, "\n");
}

std::string WritePins(const ModelBriefing& briefing) {
  if (briefing.pins.empty()) return "";
  std::string text = "PINS OF THE OPERATOR\n";
  for (const BriefedPin& pin : briefing.pins) {
    absl::StrAppend(&text, PinText(pin), "\n");
  }
  return text;
}

std::string WriteTask(const ModelBriefing& briefing) {
  return absl::StrCat("ANSWER with at most ", briefing.max_changes,
                      " options to change, or an empty list.\n");
}

}  // namespace rocktune
