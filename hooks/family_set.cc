#include "hooks/family_set.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace rocktune {
namespace {

constexpr uint32_t kDefaultId = 0;

std::string StyleName(rocksdb::CompactionStyle style) {
  switch (style) {
    case rocksdb::kCompactionStyleLevel:
      return "kCompactionStyleLevel";
    case rocksdb::kCompactionStyleUniversal:
      return "kCompactionStyleUniversal";
    case rocksdb::kCompactionStyleFIFO:
      return "kCompactionStyleFIFO";
    case rocksdb::kCompactionStyleNone:
      return "kCompactionStyleNone";
  }
  return "";
}

std::shared_ptr<Family> MakeFamily(rocksdb::DB* db,
                                   rocksdb::ColumnFamilyHandle* handle) {
  auto family = std::make_shared<Family>();
  family->id = handle->GetID();
  family->name = handle->GetName();
  family->handle = handle;
  family->levels = db->NumberLevels(handle);
  const rocksdb::Options options = db->GetOptions(handle);
  family->compaction_style = StyleName(options.compaction_style);
  family->min_write_buffer_number_to_merge =
      options.min_write_buffer_number_to_merge;
  return family;
}

}  // namespace

FamilySet::FamilySet(rocksdb::DB* db)
    : db_(db), default_handle_(db->DefaultColumnFamily()) {
  families_[kDefaultId] = MakeFamily(db, db->DefaultColumnFamily());
}

absl::Status FamilySet::Add(rocksdb::ColumnFamilyHandle* handle) {
  if (handle == nullptr) {
    return absl::InvalidArgumentError("the column family's handle is null");
  }
  if (handle->GetID() == kDefaultId) return absl::OkStatus();
  std::shared_ptr<Family> family = MakeFamily(db_, handle);
  // Names are unique: a family of this name with another id was dropped.
  const std::shared_ptr<Family> namesake = Find(family->name);
  if (namesake != nullptr && namesake->id != family->id) {
    RemoveDropped(family->name);
  }
  std::lock_guard<std::mutex> lock(mutex_);
  const auto [it, added] = families_.emplace(family->id, family);
  if (!added && it->second->handle != handle) {
    return absl::AlreadyExistsError(absl::StrCat(
        "column family ", family->name, " is tuned through another handle"));
  }
  return absl::OkStatus();
}

absl::Status FamilySet::Remove(rocksdb::ColumnFamilyHandle* handle) {
  std::shared_ptr<Family> family;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    for (const auto& [id, known] : families_) {
      if (known->handle == handle) family = known;
    }
    if (family != nullptr) {
      families_.erase(family->id);
      leaving_.push_back(family);
    }
    for (const std::shared_ptr<Family>& known : leaving_) {
      if (known->handle == handle) family = known;
    }
  }
  if (family == nullptr) {
    return absl::NotFoundError("no column family is tuned by this handle");
  }
  WaitAndForget(std::move(family));
  return absl::OkStatus();
}

void FamilySet::RemoveDropped(absl::string_view name) {
  std::shared_ptr<Family> family;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    for (const auto& [id, known] : families_) {
      if (id != kDefaultId && absl::string_view(known->name) == name) {
        family = known;
      }
    }
    if (family == nullptr) return;
    families_.erase(family->id);
    leaving_.push_back(family);
  }
  WaitAndForget(std::move(family));
}

void FamilySet::WaitAndForget(std::shared_ptr<Family> family) {
  // Whoever is inside stays for one property read or one option call.
  family->gate.Shut(absl::InfiniteDuration());
  std::lock_guard<std::mutex> lock(mutex_);
  const auto it = std::find(leaving_.begin(), leaving_.end(), family);
  if (it != leaving_.end()) leaving_.erase(it);
}

std::vector<std::shared_ptr<Family>> FamilySet::List() const {
  std::lock_guard<std::mutex> lock(mutex_);
  std::vector<std::shared_ptr<Family>> list;
  list.reserve(families_.size());
  for (const auto& [id, family] : families_) list.push_back(family);
  return list;
}

std::shared_ptr<Family> FamilySet::Find(absl::string_view name) const {
  std::lock_guard<std::mutex> lock(mutex_);
  for (const auto& [id, family] : families_) {
    if (absl::string_view(family->name) == name) return family;
  }
  return nullptr;
}

HeldFamilies FamilySet::HoldAll() const {
  HeldFamilies held;
  for (std::shared_ptr<Family>& family : List()) {
    UseGate::Use use = family->gate.Enter();
    if (!use) continue;
    held.refs.push_back(family->Ref());
    held.uses.push_back(std::move(use));
    held.families.push_back(std::move(family));
  }
  return held;
}

}  // namespace rocktune
