#include "tests/simulation/model_seat.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "tests/simulation/simulation.h"

namespace rocktune::simulation {
namespace {

// Answers the same whatever is asked.
class Parrot : public StandIn {
 public:
  explicit Parrot(std::string text) : text_(std::move(text)) {}
  std::string Answer(const AdvisorInput&) override { return text_; }

 private:
  const std::string text_;
};

struct Hour {
  Asked asked;
  int trials_of_model = 0;
  std::string log;
};

Hour RunHour(std::unique_ptr<StandIn> model) {
  const World& world = WorldOf(1);
  SimulationConfig config;
  config.host = world.host;
  config.load = world.load;
  config.values = world.start;
  config.machine.mode = TuningMode::kAuto;
  EventLog log(/*windows=*/false);
  auto seat = std::make_unique<ModelSeat>(std::move(model), 7, &log);
  ModelSeat* const asked = seat.get();
  Simulation simulation(config, std::move(seat), &log);
  while (simulation.second() < 3600) {
    simulation.RunSecond();
    if (asked->Listen(simulation.second())) simulation.OfferAdvice();
  }
  Hour hour{asked->asked(), 0, log.text()};
  for (const Trial& trial : simulation.closed()) {
    if (trial.source == ProposalSource::kLlm) ++hour.trials_of_model;
  }
  return hour;
}

TEST(ModelSeat, AsksWhatARealDatabaseWouldAskAndTriesWhatIsAnswered) {
  const Hour hour = RunHour(MakeStandIn(Skill::kCompetent, WorldOf(1), 7));
  EXPECT_GT(hour.trials_of_model, 0);
  ASSERT_GT(hour.asked.calls, 0);
  // The whole catalogue is in it.
  EXPECT_GT(hour.asked.tokens, 2000 * hour.asked.calls);
  EXPECT_LT(hour.asked.tokens, 7000 * hour.asked.calls);
}

TEST(ModelSeat, TakesTheSameDecisionsWithTheSameSeed) {
  auto run = [](uint64_t seed) {
    return RunHour(MakeStandIn(Skill::kMediocre, WorldOf(1), seed)).log;
  };
  EXPECT_EQ(run(7), run(7));
  EXPECT_NE(run(7), run(8));
}

TEST(ModelSeat, CountsTheRequestThatAsksAgain) {
  const Hour useless = RunHour(std::make_unique<Parrot>("no idea"));
  EXPECT_EQ(useless.trials_of_model, 0);
  ASSERT_GT(useless.asked.calls, 0);
  EXPECT_EQ(useless.asked.calls % 2, 0);
  const Hour content =
      RunHour(std::make_unique<Parrot>(R"({"analysis": "", "changes": []})"));
  EXPECT_EQ(useless.asked.calls, 2 * content.asked.calls);
}

}  // namespace
}  // namespace rocktune::simulation
