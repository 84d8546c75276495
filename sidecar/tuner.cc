// The public entry points.
#include <utility>

#include "hooks/instrumentation.h"
#include "rocktune/rocktune.h"
#include "sidecar/tuner_core.h"

namespace rocktune {
namespace {

// Mode off: nothing runs, nothing is kept.
class OffTuner : public Tuner {
 public:
  rocksdb::Status Attach(rocksdb::DB*,
                         const std::vector<rocksdb::ColumnFamilyHandle*>&,
                         const AttachOptions&) override {
    return rocksdb::Status::OK();
  }
  rocksdb::Status AddColumnFamily(rocksdb::DB*,
                                  rocksdb::ColumnFamilyHandle*) override {
    return rocksdb::Status::OK();
  }
  rocksdb::Status RemoveColumnFamily(rocksdb::DB*,
                                     rocksdb::ColumnFamilyHandle*) override {
    return rocksdb::Status::OK();
  }
  rocksdb::Status Detach(rocksdb::DB*, const DetachOptions&) override {
    return rocksdb::Status::OK();
  }
  std::string AdminSocket() const override { return ""; }
  std::string Health() const override { return "off"; }
};

}  // namespace

rocksdb::Status Instrument(rocksdb::DBOptions* options,
                           uint32_t sample_one_in) {
  if (options == nullptr || sample_one_in == 0) {
    return rocksdb::Status::InvalidArgument(
        "Instrument needs options and sample_one_in >= 1");
  }
  InstrumentOptions how;
  how.sample_one_in = sample_one_in;
  InstrumentOptionsOf(options, how);
  return rocksdb::Status::OK();
}

rocksdb::Status Tuner::Open(const Config& config,
                            std::unique_ptr<Tuner>* tuner) {
  if (tuner == nullptr) return rocksdb::Status::InvalidArgument("null tuner");
  Config effective = config;
  rocksdb::Status status = LoadConfigFromEnvironment(&effective);
  if (status.ok()) status = CheckConfig(effective);
  if (!status.ok()) return status;
  if (effective.mode == Mode::kOff) {
    *tuner = std::make_unique<OffTuner>();
    return status;
  }
  auto core = std::make_unique<TunerCore>(effective);
  core->Start();
  *tuner = std::move(core);
  return status;
}

}  // namespace rocktune
