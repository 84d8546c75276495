// What we know about options that RocksDB does not say itself: class, unit,
// bounds, step, one line of meaning. One row per option in the table.
#ifndef ROCKTUNE_POLICY_OPTION_KNOWLEDGE_H_
#define ROCKTUNE_POLICY_OPTION_KNOWLEDGE_H_

#include <string>
#include <vector>

#include "policy/catalogue.h"
#include "policy/facts.h"

namespace rocktune {

// What hooks found out about one mutable option of the linked RocksDB.
struct DiscoveredOption {
  std::string name;
  OptionScope scope = OptionScope::kColumnFamily;
  OptionType type = OptionType::kString;
  std::vector<std::string> enum_values;
  std::string default_value;
};

// Joins a discovered option with the knowledge table. An option without a row
// there becomes approve-only. Offline the options that need a restart are
// open too, as far as they risk no data; the forbidden stay forbidden.
CatalogueRow DescribeOption(const DiscoveredOption& option,
                            const HostFacts& host,
                            TuningSetting setting = TuningSetting::kOnline);

}  // namespace rocktune

#endif  // ROCKTUNE_POLICY_OPTION_KNOWLEDGE_H_
