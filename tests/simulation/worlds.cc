#include "tests/simulation/worlds.h"

#include <cmath>
#include <map>

namespace rocktune::simulation {
namespace {

constexpr int kRestarts = 4;
constexpr double kScanEntries = 10;

struct LoadRow {
  double get, seek, write;
  double value_bytes, data_bytes, skew, threads;
  int cores;
};

constexpr LoadRow kLoads[kWorlds] = {
    {0.95, 0, 0.05, 400, 4e9, 0.80, 8, 4},
    {0.90, 0, 0.10, 200, 2e9, 0.90, 8, 4},
    {0.70, 0.05, 0.25, 400, 4e9, 0.80, 8, 4},
    {0.50, 0, 0.50, 400, 4e9, 0.70, 8, 4},
    {0.10, 0, 0.90, 400, 4e9, 0.80, 8, 4},
    {0.02, 0, 0.98, 1000, 8e9, 0.60, 8, 4},
    {0.60, 0.30, 0.10, 200, 4e9, 0.70, 8, 4},
    {0.90, 0, 0.10, 200, 8e8, 0.60, 16, 4},
    {0.80, 0, 0.20, 800, 6e9, 0.85, 12, 8},
    {0.30, 0.10, 0.60, 300, 3e9, 0.75, 8, 8},
    {0.20, 0, 0.80, 150, 2e9, 0.90, 4, 2},
    {0.97, 0, 0.03, 1000, 8e9, 0.70, 16, 8},
};

struct PhaseRow {
  double memory_mib;  // for caches and memtables
  LoadRow first, second;
};

// Serving wants all of a small memory for the cache, loading wants it for
// memtables: no static values serve both.
constexpr PhaseRow kPairs[kPhasePairs] = {
    {384,
     {0.30, 0.68, 0.02, 400, 3.8e8, 0.4, 8, 8},
     {0, 0, 1, 800, 3.8e8, 0.5, 8, 8}},
    {384,
     {0.98, 0, 0.02, 400, 3.8e8, 0.4, 8, 4},
     {0, 0, 1, 800, 3.8e8, 0.5, 8, 4}},
    {384,
     {0.68, 0.30, 0.02, 400, 3.8e8, 0.3, 8, 4},
     {0, 0, 1, 800, 3.8e8, 0.6, 16, 4}},
    {512,
     {0.48, 0.50, 0.02, 400, 5.2e8, 0.4, 8, 8},
     {0, 0, 1, 800, 5.2e8, 0.5, 8, 8}},
};

Load LoadOf(const LoadRow& row) {
  Load load;
  load.get = row.get;
  load.seek = row.seek;
  load.write = row.write;
  load.value_bytes = row.value_bytes;
  load.data_bytes = row.data_bytes;
  load.skew = row.skew;
  load.threads = row.threads;
  load.scan_entries = kScanEntries;
  return load;
}

World MakeWorld(const LoadRow& row) {
  World world;
  world.host.cores = row.cores;
  world.load = LoadOf(row);
  world.start = DefaultValues();
  const Score score = [&world](const OptionValues& values) {
    return SteadyRate(world.host, world.load, values);
  };
  world.start_rate = score(world.start);
  world.optimum =
      FindOptimum(world.host, world.start, Way::kAtOpen, kRestarts, score);
  return world;
}

TwoPhases MakePhases(const PhaseRow& row) {
  TwoPhases phases;
  phases.host.cores = row.first.cores;
  phases.host.memory_budget_bytes = row.memory_mib * (1 << 20);
  phases.phases[0] = LoadOf(row.first);
  phases.phases[1] = LoadOf(row.second);
  auto best = [&phases](Way way, const Score& score) {
    return FindOptimum(phases.host, DefaultValues(), way, kRestarts, score);
  };
  auto rate = [&phases](int phase, const OptionValues& values) {
    return SteadyRate(phases.host, phases.phases[phase], values);
  };
  double own = 1;
  for (int phase = 0; phase < 2; ++phase) {
    Optimum found = best(Way::kOnline, [&](const OptionValues& values) {
      return rate(phase, values);
    });
    own *= found.score;
    phases.best[phase] = std::move(found.values);
  }
  const Score both = [&rate](const OptionValues& values) {
    return std::sqrt(rate(0, values) * rate(1, values));
  };
  const Optimum still = best(Way::kOnline, both);
  phases.best_static = still.values;
  phases.best_static_at_open = best(Way::kAtOpen, both).values;
  phases.ideal_ratio = std::sqrt(own) / still.score;
  return phases;
}

}  // namespace

const World& WorldOf(uint64_t number) {
  static auto& worlds = *new std::map<uint64_t, World>();
  auto found = worlds.find(number);
  if (found == worlds.end()) {
    found = worlds.emplace(number, MakeWorld(kLoads[number])).first;
  }
  return found->second;
}

const TwoPhases& PhasesOf(uint64_t number) {
  static auto& pairs = *new std::map<uint64_t, TwoPhases>();
  auto found = pairs.find(number);
  if (found == pairs.end()) {
    found = pairs.emplace(number, MakePhases(kPairs[number])).first;
  }
  return found->second;
}

}  // namespace rocktune::simulation
