// Checks the relations on the merged values and mends or rejects.
#include "policy/relations.h"

#include "absl/strings/str_cat.h"
#include "policy/calibration_steps.h"

namespace rocktune {
namespace {

// Mending one relation may break the next; more rounds than this means that
// they contradict each other, and only rejecting is left.
constexpr int kMostRepairs = 64;

// The key of `name` as this family sees it.
OptionKey KeyFor(absl::string_view name, const ColumnFamilyFacts& family,
                 const OptionValues& values) {
  OptionKey key{std::string(name), family.name};
  if (!values.contains(key)) key.column_family.clear();
  return key;
}

const ColumnFamilyShape* ShapeOf(const ColumnFamilyFacts& family,
                                 const Window& window) {
  for (const ColumnFamilyShape& shape : window.column_families) {
    if (shape.name == family.name) return &shape;
  }
  return nullptr;
}

// The living changes that this relation looks at in this family.
std::vector<DraftChange*> Touching(const Relation& relation,
                                   const ColumnFamilyFacts& family,
                                   Draft& draft) {
  std::vector<DraftChange*> touching;
  for (DraftChange& change : draft.changes()) {
    if (!change.alive) continue;
    for (absl::string_view option : relation.options) {
      if (change.key.name == option &&
          (change.key.column_family == family.name ||
           change.key.column_family.empty())) {
        touching.push_back(&change);
      }
    }
  }
  return touching;
}

struct Broken {
  const Relation* relation = nullptr;
  const ColumnFamilyFacts* family = nullptr;
  Breach breach;
};

std::optional<Broken> FirstBroken(Draft& draft) {
  const CalibrationContext& context = draft.context();
  for (const std::vector<Relation>* relations :
       {&ValueRelations(), &StateRelations(), &OfflineRelations()}) {
    if (relations == &OfflineRelations() && !context.IsOffline()) continue;
    for (const Relation& relation : *relations) {
      if (relation.only_online && context.IsOffline()) continue;
      for (const ColumnFamilyFacts& family :
           context.database->column_families) {
        if (Touching(relation, family, draft).empty()) continue;
        const Situation situation{&draft, &family,
                                  ShapeOf(family, *context.window)};
        if (std::optional<Breach> breach = relation.check(situation)) {
          return Broken{&relation, &family, *std::move(breach)};
        }
      }
    }
  }
  return std::nullopt;
}

bool Mend(const Broken& broken, Draft& draft) {
  if (broken.breach.option.empty()) return false;
  const OptionKey cause =
      Touching(*broken.relation, *broken.family, draft).front()->key;
  const OptionKey key =
      KeyFor(broken.breach.option, *broken.family, *draft.context().values);
  const Finding finding = {CalibrationStep::kRelations,
                           std::string(broken.relation->repair_code),
                           broken.breach.message};
  if (!broken.breach.word.empty()) {
    return draft.RepairWord(key, broken.breach.word, cause, finding);
  }
  return draft.Repair(key, broken.breach.value, cause, finding);
}

// The least valuable of the changes that broke it: the last one.
void RejectOne(const Broken& broken, Draft& draft) {
  DraftChange& last = *Touching(*broken.relation, *broken.family, draft).back();
  draft.Reject(last,
               {CalibrationStep::kRelations, std::string(broken.relation->code),
                broken.breach.message});
}

// A companion without the change it belongs to has no reason left.
bool DropOrphans(Draft& draft) {
  bool dropped = false;
  for (DraftChange& change : draft.changes()) {
    if (!change.alive || !change.is_companion) continue;
    if (draft.Find(change.cause) != nullptr) continue;
    draft.Reject(change,
                 {CalibrationStep::kRelations, "no_longer_needed",
                  absl::StrCat(ToString(change.cause), " does not change")});
    dropped = true;
  }
  return dropped;
}

}  // namespace

std::optional<double> Situation::Now(absl::string_view name) const {
  if (std::optional<double> own = draft->Number(name, family->name)) {
    return own;
  }
  return draft->Number(name, "");
}

std::optional<double> Situation::Before(absl::string_view name) const {
  if (std::optional<double> own = draft->NumberInForce(name, family->name)) {
    return own;
  }
  return draft->NumberInForce(name, "");
}

std::string Situation::Text(absl::string_view name) const {
  const OptionKey key = KeyFor(name, *family, *draft->context().values);
  return draft->Value(key).value_or("");
}

bool Situation::IsLowered(absl::string_view name) const {
  const std::optional<double> before = Before(name);
  const std::optional<double> now = Now(name);
  return before && now && *now < *before;
}

bool Situation::IsChanged(absl::string_view name) const {
  const OptionKey key = KeyFor(name, *family, *draft->context().values);
  auto in_force = draft->context().values->find(key);
  return in_force != draft->context().values->end() &&
         draft->Value(key) != in_force->second;
}

void KeepRelations(Draft& draft, bool may_repair) {
  int repairs = may_repair ? kMostRepairs : 0;
  // Every round mends (bounded) or rejects (the set shrinks).
  while (true) {
    DropOrphans(draft);
    const std::optional<Broken> broken = FirstBroken(draft);
    if (!broken) return;
    if (repairs > 0) {
      --repairs;
      if (Mend(*broken, draft)) continue;
    }
    RejectOne(*broken, draft);
  }
}

}  // namespace rocktune
