#include "hooks/family_set.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace rocktune {
namespace {

constexpr uint32_t kDefaultId = 0;

std::shared_ptr<Family> MakeFamily(rocksdb::DB* db,
                                   rocksdb::ColumnFamilyHandle* handle) {
  auto family = std::make_shared<Family>();
  family->id = handle->GetID();
  family->name = handle->GetName();
  family->handle = handle;
  family->levels = db->NumberLevels(handle);
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
  std::unique_lock<std::mutex> lock(mutex_);
  const auto it = std::find_if(families_.begin(), families_.end(),
                               [handle](const Map::value_type& row) {
                                 return row.second->handle == handle;
                               });
  if (it == families_.end()) {
    return absl::NotFoundError("no column family is tuned by this handle");
  }
  return TakeOut(it, std::move(lock));
}

void FamilySet::RemoveDropped(absl::string_view name) {
  std::unique_lock<std::mutex> lock(mutex_);
  const auto it = std::find_if(
      families_.begin(), families_.end(), [name](const Map::value_type& row) {
        return absl::string_view(row.second->name) == name;
      });
  if (it == families_.end() || it->first == kDefaultId) return;
  TakeOut(it, std::move(lock)).IgnoreError();
}

absl::Status FamilySet::TakeOut(Map::iterator it,
                                std::unique_lock<std::mutex> lock) {
  const std::shared_ptr<Family> family = it->second;
  families_.erase(it);
  lock.unlock();
  // Whoever is inside stays for one property read or one option call.
  family->gate.Shut(absl::InfiniteDuration());
  return absl::OkStatus();
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
