// The history from the loop's side.
#include "sidecar/history_keeper.h"

#include "absl/synchronization/notification.h"
#include "tests/sidecar/history_fixture.h"
#include "tests/status_matchers.h"

namespace rocktune {
namespace {

class HistoryKeeperTest : public testing::Test {
 protected:
  ~HistoryKeeperTest() override {
    keeper_.Close(WallTime(9));
    loop_.Stop();
  }

  // Waits for the answer of `write`.
  template <typename Write>
  absl::Status Await(Write write) {
    absl::Notification done;
    absl::Status result;
    write([&](absl::Status status) {
      result = std::move(status);
      done.Notify();
    });
    done.WaitForNotification();
    return result;
  }

  ScratchFolder folder_;
  Loop loop_;
  Worker worker_;
  HistoryKeeper keeper_{&loop_, &worker_};
};

TEST_F(HistoryKeeperTest, LeavesWhatIsKnownOfLoadsForTheNextSession) {
  ASSERT_OK(keeper_.Open(folder_ / "state", {}, "7.8.3", WallTime(0)));
  MemoryEntry entry;
  entry.values = {{{"max_background_jobs", ""}, "8"}};
  for (entry.id = 1; entry.id <= 2; ++entry.id) {
    ASSERT_OK(Await([&](HistoryKeeper::Done done) {
      keeper_.SaveMemory("orders", entry, std::move(done));
    }));
  }
  ASSERT_OK(Await([&](HistoryKeeper::Done done) {
    keeper_.ForgetMemory("orders", 1, std::move(done));
  }));
  auto left = keeper_.ReadLeftovers("orders");
  ASSERT_OK(left);
  ASSERT_EQ(left->memory.size(), 1u);
  EXPECT_EQ(left->memory[0].id, 2);
  EXPECT_EQ(left->memory[0].values, entry.values);
  EXPECT_TRUE(keeper_.ReadLeftovers("other")->memory.empty());
}

TEST_F(HistoryKeeperTest, SaysWhyWhenThereIsNoHistory) {
  const absl::Status status = Await([&](HistoryKeeper::Done done) {
    keeper_.SaveMemory("orders", MemoryEntry(), std::move(done));
  });
  EXPECT_THAT(status, IsError(absl::StatusCode::kUnavailable, "not open yet"));
}

}  // namespace
}  // namespace rocktune
