// rocktune-demo-service as a child process: commands in, events out.
#ifndef ROCKTUNE_BENCH_DEMO_SERVICE_PROCESS_H_
#define ROCKTUNE_BENCH_DEMO_SERVICE_PROCESS_H_

#include <sys/types.h>

#include <boost/json/object.hpp>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace rocktune {

// Thread-safe but for construction and destruction.
class ServiceProcess {
 public:
  // Runs command[0] with the rest as arguments. The child ends with this
  // process, however that ends. Unavailable when it cannot be started.
  static absl::StatusOr<std::unique_ptr<ServiceProcess>> Start(
      const std::vector<std::string>& command);
  // Asks the child to quit, kills it after 20 s.
  ~ServiceProcess();

  absl::Status Send(const std::string& line);

  // The next object the child wrote; nullopt after `limit`.
  std::optional<boost::json::object> Next(absl::Duration limit);
  // False once the child closed its output: it ended.
  bool running();

 private:
  ServiceProcess(pid_t pid, int input, int output);
  void Read();

  const pid_t pid_;
  const int input_;   // of the child: we write
  const int output_;  // of the child: we read
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<boost::json::object> events_;
  bool ended_ = false;
  std::thread reader_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_DEMO_SERVICE_PROCESS_H_
