// rocktune-demo-service: a RocksDB service with rocktune linked in and a load
// of its own. One command a line on standard input, one JSON object a line on
// standard output:
//   mix GET PUT SCAN     changes the mix (parts of 100)
//   measure SECONDS      -> {"event":"measured", ...} what the clients saw
//   quit
// Every second: {"event":"second", ...}.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <iostream>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>

#include "bench/demo/load_generator.h"
#include "rocksdb/db.h"
#include "rocktune/rocktune.h"

namespace rocktune {
namespace {

struct ServiceOptions {
  std::string db = "demo.db";
  std::string state;
  std::string mode = "observe";
  LoadSpec load;
  LlmConfig llm;  // without a provider the expert advises
};

// Lines of one object each; several threads print.
class Output {
 public:
  void Line(const std::string& text) {
    std::lock_guard lock(mutex_);
    std::fputs((text + "\n").c_str(), stdout);
    std::fflush(stdout);
  }

 private:
  std::mutex mutex_;
};

std::string FiguresJson(const char* event, const LoadFigures& figures) {
  char text[640];
  auto kind = [](const LatencyRecorder& recorder, const char* name) {
    char part[160];
    std::snprintf(part, sizeof(part),
                  "\"%s_ops\":%llu,\"%s_p50_us\":%.2f,\"%s_p99_us\":%.2f", name,
                  static_cast<unsigned long long>(recorder.count()), name,
                  recorder.QuantileUs(0.5), name, recorder.QuantileUs(0.99));
    return std::string(part);
  };
  std::snprintf(text, sizeof(text),
                "{\"event\":\"%s\",\"seconds\":%.3f,"
                "\"throughput_ops_per_s\":%.1f,\"failures\":%llu,%s,%s,%s}",
                event, figures.seconds, figures.ThroughputOpsPerS(),
                static_cast<unsigned long long>(figures.failures),
                kind(figures.get, "read").c_str(),
                kind(figures.put, "write").c_str(),
                kind(figures.scan, "scan").c_str());
  return text;
}

void Add(LoadFigures* sum, const LoadFigures& part) {
  sum->seconds += part.seconds;
  sum->get.Merge(part.get);
  sum->put.Merge(part.put);
  sum->scan.Merge(part.scan);
  sum->failures += part.failures;
}

// Direct I/O, so that the page cache does not hide the device. Some file
// systems (tmpfs) refuse it; then the figures are those of memory, and the
// service says so.
rocksdb::Status OpenDb(const std::string& path, Output* out, bool* direct,
                       std::unique_ptr<rocksdb::DB>* db) {
  rocksdb::Options options;
  options.create_if_missing = true;
  options.use_direct_reads = true;
  options.use_direct_io_for_flush_and_compaction = true;
  rocksdb::Status instrumented = Instrument(&options);
  if (!instrumented.ok()) return instrumented;
  rocksdb::DB* raw = nullptr;
  rocksdb::Status status = rocksdb::DB::Open(options, path, &raw);
  *direct = status.ok();
  if (status.IsInvalidArgument() || status.IsNotSupported() ||
      status.IsIOError()) {
    out->Line("{\"event\":\"note\",\"text\":\"no direct I/O here\"}");
    options.use_direct_reads = false;
    options.use_direct_io_for_flush_and_compaction = false;
    status = rocksdb::DB::Open(options, path, &raw);
  }
  db->reset(raw);
  return status;
}

// The demo's loop is quicker than the default one: an operator who watches
// wants to see trials end.
Config DemoConfig(const ServiceOptions& options) {
  Config config;
  config.mode = options.mode == "auto" ? Mode::kAuto : Mode::kObserve;
  config.state_dir = options.state;
  config.baseline = std::chrono::seconds(9);
  config.one_way_baseline = std::chrono::seconds(16);
  config.settle = std::chrono::seconds(2);
  config.settle_max = std::chrono::seconds(20);
  config.measure_min = std::chrono::seconds(9);
  config.measure_max = std::chrono::seconds(40);
  config.probation = std::chrono::seconds(5);
  config.cool_down = std::chrono::seconds(2);
  // Beside a browser or a build on the same two cores, p99 is the scheduler's:
  // only what is far off ends a trial here. Lost throughput shows harm.
  config.guard_p99_ratio = 8;
  config.guard_throughput_ratio = 0.6;
  config.llm = options.llm;
  return config;
}

// Reports every second, and answers `measure` with sums of whole seconds.
class Reporter {
 public:
  Reporter(LoadGenerator* load, Output* out)
      : load_(load), out_(out), thread_([this] { Run(); }) {}
  ~Reporter() {
    {
      std::lock_guard lock(mutex_);
      stop_ = true;
    }
    wake_.notify_all();
    thread_.join();
  }
  void Measure(int seconds) {
    std::lock_guard lock(mutex_);
    left_ = seconds;
    begin_ = true;
  }

 private:
  void Run() {
    LoadFigures sum;
    (void)load_->Take();
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, std::chrono::seconds(1),
                           [this] { return stop_; })) {
      const LoadFigures second = load_->Take();
      out_->Line(FiguresJson("second", second));
      if (begin_) {  // the second that is over began before the command
        begin_ = false;
        sum = {};
        continue;
      }
      if (left_ <= 0) continue;
      Add(&sum, second);
      if (--left_ == 0) out_->Line(FiguresJson("measured", sum));
    }
  }

  LoadGenerator* const load_;
  Output* const out_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stop_ = false;
  bool begin_ = false;
  int left_ = 0;
  std::thread thread_;
};

void ServeCommands(LoadGenerator* load, Reporter* reporter, Output* out) {
  std::string line;
  while (std::getline(std::cin, line)) {
    std::istringstream words(line);
    std::string verb;
    words >> verb;
    LoadMix mix;
    int seconds = 0;
    if (verb == "quit") return;
    if (verb == "mix" && words >> mix.get >> mix.put >> mix.scan &&
        std::min({mix.get, mix.put, mix.scan}) >= 0 &&
        mix.get + mix.put + mix.scan == 100) {
      load->SetMix(mix);
    } else if (verb == "measure" && words >> seconds && seconds > 0) {
      reporter->Measure(seconds);
    } else {
      out->Line(
          "{\"event\":\"error\",\"text\":\"not a command; use: mix GET "
          "PUT SCAN (sum 100) | measure SECONDS | quit\"}");
    }
  }
}

int Fail(Output* out, const std::string& what, const rocksdb::Status& status) {
  out->Line("{\"event\":\"failed\",\"text\":\"" + what + "\"}");
  std::fprintf(stderr, "rocktune-demo-service: %s: %s\n", what.c_str(),
               status.ToString().c_str());
  return 1;
}

int Serve(const ServiceOptions& options) {
  Output out;
  bool direct = false;
  std::unique_ptr<rocksdb::DB> db;
  rocksdb::Status status = OpenDb(options.db, &out, &direct, &db);
  if (!status.ok()) return Fail(&out, "open " + options.db, status);
  std::string found;
  if (!db->Get(rocksdb::ReadOptions(), "loaded", &found).ok()) {
    status = LoadGenerator::Fill(db.get(), options.load, [&](double share) {
      out.Line("{\"event\":\"loading\",\"share\":" + std::to_string(share) +
               "}");
    });
    if (status.ok()) {
      status = db->Put(rocksdb::WriteOptions(), "loaded", "yes");
    }
    if (!status.ok()) return Fail(&out, "load the data", status);
  }
  std::unique_ptr<Tuner> tuner;
  status = Tuner::Open(DemoConfig(options), &tuner);
  if (!status.ok()) return Fail(&out, "open the tuner", status);
  status = tuner->Attach(db.get(), {db->DefaultColumnFamily()}, {"demo"});
  if (!status.ok()) return Fail(&out, "attach", status);
  {
    LoadGenerator load(db.get(), options.load, LoadMix());
    Reporter reporter(&load, &out);
    out.Line("{\"event\":\"ready\",\"direct_io\":" +
             std::string(direct ? "true" : "false") + ",\"socket\":\"" +
             tuner->AdminSocket() + "\",\"health\":\"" + tuner->Health() +
             "\"}");
    ServeCommands(&load, &reporter, &out);
  }
  tuner.reset();  // lets go of the database, before it is deleted
  return 0;
}

}  // namespace
}  // namespace rocktune

int main(int argc, char** argv) {
  rocktune::ServiceOptions options;
  CLI::App app("A RocksDB service under load, with rocktune linked in");
  app.add_option("--db", options.db, "where the data live")
      ->capture_default_str();
  app.add_option("--state", options.state, "rocktune's state directory");
  app.add_option("--mode", options.mode, "observe or auto")
      ->check(CLI::IsMember({"observe", "auto"}));
  app.add_option("--keys", options.load.keys)->check(CLI::PositiveNumber);
  app.add_option("--value-bytes", options.load.value_bytes)
      ->check(CLI::Range(16, 1 << 20));
  app.add_option("--threads", options.load.threads)->check(CLI::Range(1, 64));
  app.add_option("--provider", options.llm.provider, "of a model to ask");
  app.add_option("--provider-url", options.llm.base_url);
  app.add_option("--provider-ca", options.llm.ca_file);
  app.add_option("--model", options.llm.model);
  CLI11_PARSE(app, argc, argv);
  return rocktune::Serve(options);
}
