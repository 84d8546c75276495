// Random proposals: sensible, clumsy, and hostile. The same seed makes the
// same proposals over the same values.
#ifndef ROCKTUNE_TESTS_FUZZ_PROPOSAL_MAKER_H_
#define ROCKTUNE_TESTS_FUZZ_PROPOSAL_MAKER_H_

#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "policy/catalogue.h"
#include "policy/option.h"
#include "policy/proposal.h"

namespace rocktune {

class ProposalMaker {
 public:
  // `catalogue` must outlive *this.
  ProposalMaker(uint64_t seed, const Catalogue* catalogue,
                std::vector<std::string> families)
      : random_(seed), catalogue_(catalogue), families_(std::move(families)) {}

  Proposal Next(const OptionValues& now);

 private:
  uint64_t Below(uint64_t limit) { return random_() % limit; }
  bool OneIn(uint64_t n) { return Below(n) == 0; }
  ProposedChange NextChange(const OptionValues& now);
  std::string ValueFor(const CatalogueRow& row, const std::string& now);
  std::string Number(const CatalogueRow& row, const std::string& now);
  std::string Dressed(const CatalogueRow& row, double number);
  std::string Nonsense();
  std::string Name(const CatalogueRow& row);

  std::mt19937_64 random_;
  const Catalogue* const catalogue_;
  const std::vector<std::string> families_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_FUZZ_PROPOSAL_MAKER_H_
