// rocktune-simulate: the error rates of the tuner, measured on a simulated
// store; see README.md.
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "tests/simulation/episode.h"
#include "tests/simulation/figures.h"

namespace rocktune::simulation {
namespace {

constexpr char kUsage[] =
    "scripts/simulate [--episodes N] [--seed S] [--json FILE] [--only KIND]\n"
    "                 [--no-gate]\n"
    "scripts/simulate --replay KIND:SEED\n"
    "\n"
    "  --episodes N   in all, spread over the figures (default 1000)\n"
    "  --seed S       the same seed takes the same decisions (default 1)\n"
    "  --json FILE    the figures as one JSON object\n"
    "  --only KIND    all episodes of one kind\n"
    "  --no-gate      exit 0 also when a figure is missed\n"
    "  --replay       one episode with a line for every event\n"
    "\n"
    "Exit: 0 all figures hold, 1 one is missed, 2 bad usage.\n"
    "Kinds:\n";

struct Arguments {
  int episodes = 1000;
  uint64_t seed = 1;
  std::string json;
  std::string only;
  std::string replay;
  bool gate = true;
};

int Usage() {
  std::cerr << kUsage;
  for (const EpisodeKind& kind : EpisodeKinds()) {
    std::cerr << absl::StrFormat("  %-14s %s\n", kind.name, kind.what);
  }
  return 2;
}

bool Parse(int argc, char** argv, Arguments* arguments) {
  for (int i = 1; i < argc; ++i) {
    const std::string name = argv[i];
    if (name == "--no-gate") {
      arguments->gate = false;
      continue;
    }
    if (i + 1 >= argc) return false;
    const std::string value = argv[++i];
    if (name == "--episodes") {
      if (!absl::SimpleAtoi(value, &arguments->episodes)) return false;
    } else if (name == "--seed") {
      if (!absl::SimpleAtoi(value, &arguments->seed)) return false;
    } else if (name == "--json") {
      arguments->json = value;
    } else if (name == "--only") {
      arguments->only = value;
      if (FindKind(value) == nullptr) return false;
    } else if (name == "--replay") {
      arguments->replay = value;
    } else {
      return false;
    }
  }
  return arguments->episodes > 0;
}

int Replay(const std::string& what) {
  const std::pair<std::string, std::string> parts =
      absl::StrSplit(what, absl::MaxSplits(':', 1));
  const EpisodeKind* kind = FindKind(parts.first);
  uint64_t seed = 0;
  if (kind == nullptr || !absl::SimpleAtoi(parts.second, &seed)) {
    return Usage();
  }
  EventLog log(/*windows=*/true);
  kind->run(seed, &log);
  std::cout << EventLog::Legend() << log.text();
  return 0;
}

int Main(int argc, char** argv) {
  Arguments arguments;
  if (!Parse(argc, argv, &arguments)) return Usage();
  if (!arguments.replay.empty()) return Replay(arguments.replay);
  const auto begin = std::chrono::steady_clock::now();
  const std::vector<Figure> figures =
      RunFigures(arguments.episodes, arguments.seed, arguments.only,
                 [](const Figure& figure) {
                   std::cerr << figure.row->key << ": " << figure.episodes
                             << " episodes\n";
                 });
  const std::chrono::duration<double> took =
      std::chrono::steady_clock::now() - begin;
  std::cout << ToTable(figures);
  double hours = 0;
  bool held = true;
  std::set<std::string> told;  // figures may share episodes
  for (const Figure& figure : figures) {
    hours += figure.hours;
    held = held && figure.held;
    for (const std::string& bad : figure.bad) {
      if (!told.insert(bad).second) continue;
      std::cout << "scripts/simulate --replay " << bad << "\n";
    }
  }
  std::cout << absl::StrFormat(
      "%.0f simulated hours in %.1f s, %.0f in a minute\n", hours, took.count(),
      hours / took.count() * 60);
  if (!arguments.json.empty()) {
    std::ofstream(arguments.json) << ToJson(figures);
  }
  return held || !arguments.gate ? 0 : 1;
}

}  // namespace
}  // namespace rocktune::simulation

int main(int argc, char** argv) {
  return rocktune::simulation::Main(argc, argv);
}
