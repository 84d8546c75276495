#include "policy/profile_dimensions.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"

namespace rocktune {
namespace {

using Dimension = ProfileDimension;

// What is rarer than this says nothing about its own kind: how long a few
// stray scans are is not what the load is. Guesses.
constexpr double kLeastShare = 0.02;
constexpr double kLeastCount = 30;

// The head of a write batch, and of one entry in it (type and two lengths;
// three where a length takes more than one byte): db/write_batch.cc.
constexpr double kBatchHeaderBytes = 12;
constexpr double kEntryHeaderBytes = 3;
// Internal keys end in a sequence number and a type.
constexpr double kKeyTrailerBytes = 8;

double Of(const Window& window, Ticker ticker) {
  return static_cast<double>(window.ticker(ticker));
}

template <OpKind kind>
std::optional<Reading> ShareOf(const ProfileSource& source) {
  const auto operations = static_cast<double>(source.all->Operations());
  if (!source.all->has_tickers || operations <= 0) return std::nullopt;
  return Reading{static_cast<double>(source.all->op(kind).count) / operations,
                 operations};
}

std::optional<Reading> ArrivalRate(const ProfileSource& source) {
  const double rate = source.all->OperationsPerSecond();
  if (rate <= 0) return std::nullopt;
  return Reading{rate, static_cast<double>(source.all->Operations())};
}

bool Matters(const Window& window, double count) {
  return count >= kLeastCount &&
         count >= kLeastShare * static_cast<double>(window.Operations());
}

double PointReads(const Window& w) {
  return Of(w, Ticker::kKeysRead) + Of(w, Ticker::kMultiGetKeysRead);
}

// A tombstone found in a memtable counts as a key: RocksDB does not tell.
double PointReadsFound(const Window& w) {
  return Of(w, Ticker::kMemtableHit) + Of(w, Ticker::kGetHitL0) +
         Of(w, Ticker::kGetHitL1) + Of(w, Ticker::kGetHitL2AndUp);
}

std::optional<Reading> FoundShare(const ProfileSource& source) {
  const double asked = PointReads(*source.all);
  if (!Matters(*source.all, asked)) return std::nullopt;
  return Reading{std::min(1.0, PointReadsFound(*source.all) / asked), asked};
}

// RocksDB adds the steps of an iterator up when it is destroyed: where
// iterators live for longer than a window, this jumps from window to window.
std::optional<Reading> ScanLength(const ProfileSource& source) {
  const Window& w = *source.all;
  const double seeks = Of(w, Ticker::kSeeks);
  if (!Matters(w, seeks)) return std::nullopt;
  return Reading{(Of(w, Ticker::kNexts) + Of(w, Ticker::kPrevs)) / seeks,
                 seeks};
}

std::optional<Reading> KeyBytes(const ProfileSource& source) {
  const EventFacts& files = source.flushed->events;
  if (files.entries > 0) {
    const auto entries = static_cast<double>(files.entries);
    return Reading{
        std::max(0.0, static_cast<double>(files.key_bytes) / entries -
                          kKeyTrailerBytes),
        entries};
  }
  if (source.trace == nullptr || !source.trace->key_bytes_mean) {
    return std::nullopt;
  }
  return Reading{*source.trace->key_bytes_mean, 0};
}

std::optional<Reading> EntryBytes(const ProfileSource& source) {
  const Window& w = *source.all;
  const double keys = Of(w, Ticker::kKeysWritten);
  if (!Matters(w, keys)) return std::nullopt;
  const double batches =
      kBatchHeaderBytes * static_cast<double>(w.op(OpKind::kWrite).count);
  return Reading{std::max(0.0, (Of(w, Ticker::kBytesWritten) - batches) / keys -
                                   kEntryHeaderBytes),
                 keys};
}

std::optional<Reading> ReadBytes(const ProfileSource& source) {
  const Window& w = *source.all;
  const double found = PointReadsFound(w);
  if (!Matters(w, found)) return std::nullopt;
  return Reading{
      (Of(w, Ticker::kBytesRead) + Of(w, Ticker::kMultiGetBytesRead)) / found,
      found};
}

std::optional<Reading> DeleteShare(const ProfileSource& source) {
  if (source.trace != nullptr && source.trace->delete_share) {
    return Reading{*source.trace->delete_share, 0};
  }
  const EventFacts& files = source.flushed->events;
  if (files.entries == 0) return std::nullopt;
  const auto entries = static_cast<double>(files.entries);
  return Reading{static_cast<double>(files.deletions) / entries, entries};
}

const KeySkew* Skew(const ProfileSource& source) {
  if (source.trace == nullptr || !source.trace->read_keys) return nullptr;
  return &*source.trace->read_keys;
}

std::optional<Reading> ZipfExponent(const ProfileSource& source) {
  const KeySkew* skew = Skew(source);
  if (skew == nullptr) return std::nullopt;
  return Reading{skew->zipf_exponent, skew->distinct_keys};
}

std::optional<Reading> WorkingSet(const ProfileSource& source) {
  const KeySkew* skew = Skew(source);
  if (skew == nullptr || skew->working_set_bytes == 0) return std::nullopt;
  return Reading{static_cast<double>(skew->working_set_bytes),
                 skew->distinct_keys};
}

constexpr const char* kIdle = "no operations in these windows";
constexpr const char* kNoReads = "hardly any point reads in these windows";
constexpr const char* kNoFlush =
    "no memtable was flushed by itself in these windows";
constexpr const char* kNoSkew = "no trace yet that saw enough reads";

const DimensionRow kRows[] = {
    {Dimension::kGetShare, "get_share", Measure::kShare, 0.2, kIdle, true,
     ShareOf<OpKind::kGet>},
    {Dimension::kMultiGetShare, "multiget_share", Measure::kShare, 0.2, kIdle,
     true, ShareOf<OpKind::kMultiGet>},
    {Dimension::kWriteShare, "write_share", Measure::kShare, 0.2, kIdle, true,
     ShareOf<OpKind::kWrite>},
    {Dimension::kSeekShare, "seek_share", Measure::kShare, 0.2, kIdle, true,
     ShareOf<OpKind::kSeek>},
    {Dimension::kArrivalRate, "arrival_rate", Measure::kSize, 4, kIdle, false,
     ArrivalRate},
    {Dimension::kFoundShare, "found_share", Measure::kShare, 0.2, kNoReads,
     true, FoundShare},
    {Dimension::kScanLength, "scan_length", Measure::kSize, 4,
     "hardly any seeks in these windows", true, ScanLength},
    {Dimension::kKeyBytes, "key_bytes", Measure::kSize, 4, kNoFlush, false,
     KeyBytes},
    {Dimension::kValueBytes, "entry_bytes", Measure::kSize, 4,
     "hardly any writes in these windows", false, EntryBytes},
    {Dimension::kReadBytes, "read_bytes", Measure::kSize, 4, kNoReads, true,
     ReadBytes},
    {Dimension::kDeleteShare, "delete_share", Measure::kShare, 0.2, kNoFlush,
     false, DeleteShare},
    {Dimension::kZipfExponent, "zipf_exponent", Measure::kNumber, 0.4, kNoSkew,
     false, ZipfExponent},
    {Dimension::kWorkingSetBytes, "working_set_bytes", Measure::kSize, 8,
     kNoSkew, false, WorkingSet},
};
static_assert(std::size(kRows) == kProfileDimensions);

}  // namespace

absl::Span<const DimensionRow> ProfileDimensionRows() { return kRows; }

const DimensionRow& RowOf(ProfileDimension dimension) {
  return kRows[static_cast<size_t>(dimension)];
}

absl::string_view ToString(ProfileDimension dimension) {
  return RowOf(dimension).name;
}

double DistanceOf(const DimensionRow& row, double a, double b) {
  if (row.measure != Measure::kSize) return std::abs(a - b) / row.scale;
  // One is added so that a size of zero has a logarithm.
  return std::abs(std::log((a + 1) / (b + 1))) / std::log(row.scale);
}

std::string ValueText(const DimensionRow& row, double value) {
  if (row.measure != Measure::kSize) return absl::StrFormat("%.2f", value);
  if (row.dimension == Dimension::kArrivalRate) {
    return absl::StrFormat("%.0f ops/s", value);
  }
  if (row.dimension == Dimension::kScanLength) {
    return absl::StrFormat("%.1f", value);
  }
  if (value < 10 * 1024) return absl::StrFormat("%.0f B", value);
  return absl::StrFormat("%.1f MiB", value / (1 << 20));
}

std::string ChangeText(const DimensionRow& row, double before, double after) {
  return absl::StrCat(absl::StrReplaceAll(row.name, {{"_", " "}}), " ",
                      ValueText(row, before), " -> ", ValueText(row, after));
}

}  // namespace rocktune
