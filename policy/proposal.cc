#include "policy/proposal.h"

#include <utility>

namespace rocktune {

ChangeSet InverseOf(const ChangeSet& change_set) {
  ChangeSet inverse;
  inverse.changes.assign(change_set.changes.rbegin(),
                         change_set.changes.rend());
  for (Change& change : inverse.changes) {
    std::swap(change.before, change.after);
  }
  return inverse;
}

}  // namespace rocktune
