// What the load on a database is, as JSON. What is unknown is null, and
// "unknown" says why.
#include <optional>

#include "sidecar/json_views.h"
#include "sidecar/profile_keys.h"

namespace rocktune {
namespace {

void WriteOptional(absl::string_view key, const std::optional<double>& value,
                   JsonWriter* json) {
  json->Key(key);
  if (value.has_value()) {
    json->Value(*value);
  } else {
    json->Null();
  }
}

void WriteCounts(absl::string_view key, const std::vector<uint64_t>& counts,
                 JsonWriter* json) {
  json->Key(key).BeginArray();
  for (const uint64_t count : counts) json->Value(count);
  json->EndArray();
}

void WriteSources(const std::optional<ReadSources>& sources, JsonWriter* json) {
  json->Key("read_sources");
  if (!sources.has_value()) {
    json->Null();
    return;
  }
  json->BeginObject()
      .Field("memtable_share", sources->memtable)
      .Field("l0_share", sources->l0)
      .Field("l1_share", sources->l1)
      .Field("l2_and_up_share", sources->l2_and_up)
      .EndObject();
}

void WriteFamilies(const std::vector<FamilyProfile>& families,
                   JsonWriter* json) {
  json->Key("column_families").BeginArray();
  for (const FamilyProfile& family : families) {
    json->BeginObject()
        .Field("id", family.id)
        .Field("name", family.name)
        .Field("keys", family.keys)
        .Field("bytes", family.bytes);
    WriteOptional("space_amplification", family.space_amplification, json);
    WriteOptional("read_share", family.read_share, json);
    WriteOptional("miss_share", family.miss_share, json);
    json->EndObject();
  }
  json->EndArray();
}

void WriteSkew(absl::string_view key, const std::optional<KeySkew>& skew,
               JsonWriter* json) {
  json->Key(key);
  if (!skew.has_value()) {
    json->Null();
    return;
  }
  json->BeginObject()
      .Field("distinct_keys", skew->distinct_keys)
      .Field("top_1pct_share", skew->top_1pct_share)
      .Field("zipf_exponent", skew->zipf_exponent)
      .Field("working_set_bytes", skew->working_set_bytes)
      .EndObject();
}

void WriteCurve(const MissRatioCurve& curve, JsonWriter* json) {
  json->BeginObject()
      .Field("scope", curve.column_family)
      .Field("accesses", curve.accesses)
      .Field("capacity_bytes", curve.capacity_bytes)
      .Field("measured_hit_ratio", curve.measured_hit_ratio)
      .Key("points")
      .BeginArray();
  for (const MissRatioCurve::Point& point : curve.points) {
    json->BeginObject()
        .Field("capacity_bytes", point.capacity_bytes)
        .Field("hit_ratio", point.hit_ratio)
        .EndObject();
  }
  json->EndArray().EndObject();
}

void WriteTrace(const std::optional<TraceFacts>& trace, JsonWriter* json) {
  json->Key("trace");
  if (!trace.has_value()) {
    json->Null();
    return;
  }
  json->BeginObject()
      .Field("taken", trace->taken)
      .SecondsField("length_s", trace->length)
      .Field("sample_ratio", trace->sample_ratio)
      .Key("caches")
      .BeginArray();
  for (const MissRatioCurve& curve : trace->curves) WriteCurve(curve, json);
  json->EndArray().Key("column_families").BeginArray();
  for (const FamilyAccesses& family : trace->families) {
    json->BeginObject().Field("id", family.id);
    WriteCounts("accesses_by_level", family.accesses_by_level, json);
    WriteCounts("misses_by_level", family.misses_by_level, json);
    json->EndObject();
  }
  json->EndArray();
  WriteSkew("read_keys", trace->read_keys, json);
  WriteSkew("written_keys", trace->written_keys, json);
  WriteOptional("key_bytes_mean", trace->key_bytes_mean, json);
  WriteOptional("value_bytes_mean", trace->value_bytes_mean, json);
  WriteOptional("update_share", trace->update_share, json);
  WriteOptional("delete_share", trace->delete_share, json);
  json->EndObject();
}

}  // namespace

void WriteJson(const WorkloadProfile& profile, JsonWriter* json) {
  const bool empty = profile.windows == 0;
  json->BeginObject()
      .Field("database", profile.database)
      .Field("from", empty ? absl::InfinitePast() : profile.from)
      .Field("to", empty ? absl::InfiniteFuture() : profile.to)
      .Field("windows", profile.windows);
  for (int i = 0; i < kProfileDimensions; ++i) {
    const auto dimension = static_cast<ProfileDimension>(i);
    WriteOptional(KeyOf(dimension), profile[dimension], json);
  }
  WriteOptional("burstiness", profile.burstiness, json);
  WriteSources(profile.sources, json);
  WriteOptional("cache_hit_ratio", profile.cache_hit_ratio, json);
  WriteOptional("write_amplification", profile.write_amplification, json);
  WriteOptional("read_amplification", profile.read_amplification, json);
  WriteFamilies(profile.families, json);
  WriteTrace(profile.trace, json);
  json->Key("unknown").BeginArray();
  for (const std::string& line : profile.unknown) json->Value(line);
  json->EndArray().EndObject();
}

}  // namespace rocktune
