// A service that tunes its database under load until it is killed:
//   rocktune_crash_child DB_PATH STATE_DIR ACKED_FILE
// It loads its options from the OPTIONS file, as services do whose tuned
// values survive a restart, and has one trial after the other proposed.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>
#include <thread>

#include "rocksdb/db.h"
#include "rocksdb/utilities/options_util.h"
#include "rocktune/rocktune.h"
#include "tests/crash/crash_config.h"
#include "tests/support/admin_client.h"
#include "tests/support/load.h"

namespace rocktune {
namespace {

// The number of writes acknowledged so far, readable after a kill.
std::atomic<uint64_t>* MapCounter(const char* path) {
  const int fd = ::open(path, O_RDWR | O_CREAT, 0600);
  if (fd < 0 || ::ftruncate(fd, sizeof(uint64_t)) != 0) std::exit(3);
  void* memory = ::mmap(nullptr, sizeof(uint64_t), PROT_READ | PROT_WRITE,
                        MAP_SHARED, fd, 0);
  return static_cast<std::atomic<uint64_t>*>(memory);
}

constexpr const char* kProposals[] = {
    R"({"changes":[{"option":"max_background_jobs","value":"4"}]})",
    R"({"changes":[{"option":"write_buffer_size","value":"8MiB"},
                   {"option":"max_write_buffer_number","value":"3"}]})",
    R"({"changes":[{"option":"block_cache.capacity","value":"16MiB"}]})",
    R"({"changes":[{"option":"level0_file_num_compaction_trigger",
                    "value":"6"}]})",
    R"({"changes":[{"option":"max_background_jobs","value":"3"},
                   {"option":"write_buffer_size","value":"2MiB"}]})"};

int Main(char** argv) {
  std::unique_ptr<rocksdb::DB> db = OpenAsService(argv[1]);
  std::atomic<uint64_t>* acked = MapCounter(argv[3]);
  std::unique_ptr<Tuner> tuner;
  if (!db || !Tuner::Open(CrashConfig(argv[2], Mode::kSuggest), &tuner).ok() ||
      !tuner->Attach(db.get(), {db->DefaultColumnFamily()}).ok()) {
    return 4;
  }
  std::thread writer([&] {
    while (true) {
      const uint64_t next = acked->load() + 1;
      if (!db->Put(rocksdb::WriteOptions(), AckedKey(next), "value").ok()) {
        std::exit(5);
      }
      acked->store(next);
    }
  });
  Load load(db.get(), {db->DefaultColumnFamily()}, {.threads = 1});
  for (size_t i = acked->load();; ++i) {
    AdminRequest(tuner->AdminSocket(), "/v1/propose",
                 kProposals[i % std::size(kProposals)]);
    // As patient as an operator.
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

}  // namespace
}  // namespace rocktune

int main(int argc, char** argv) { return argc == 4 ? rocktune::Main(argv) : 2; }
