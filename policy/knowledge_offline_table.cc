#include "policy/knowledge_rows.h"

namespace rocktune {
namespace {

using Class = OptionClass;
using Unit = OptionUnit;

// A file written under any of these is read under any other.
constexpr KnowledgeRow kRows[] = {
    Word(Class::kChangesFiles, "block_based_table_factory.filter_policy",
         "filter that spares point reads the files without the key; bits a "
         "key cost memory"),
    Word(Class::kChangesFiles, "block_based_table_factory.whole_key_filtering",
         "filters hold whole keys, not only prefixes"),
    Word(Class::kChangesFiles,
         "block_based_table_factory.optimize_filters_for_memory",
         "size filters to what the allocator gives"),
    Word(Class::kChangesFiles, "block_based_table_factory.index_type",
         "kind of index: one block, two levels, or with first keys"),
    Word(Class::kChangesFiles, "block_based_table_factory.partition_filters",
         "split the filter, as the index of two levels is"),
    Word(Class::kChangesFiles,
         "block_based_table_factory.data_block_index_type",
         "binary search in a data block, or a hash of its keys beside it"),
    Open(Class::kChangesFiles,
         "block_based_table_factory.data_block_hash_table_util_ratio",
         Unit::kRatio, 0.3, 1, 0, "fill of the hash index in a block"),
    Open(Class::kChangesFiles,
         "block_based_table_factory.index_block_restart_interval", Unit::kCount,
         1, 64, 0, "keys between two full keys in an index block"),
    Open(Class::kChangesFiles, "block_based_table_factory.metadata_block_size",
         Unit::kBytes, kKibibyte, kMebibyte, 0,
         "size of a partition of index and filter"),
    Word(Class::kChangesFiles, "block_based_table_factory.index_shortening",
         "how index keys are shortened"),
    Word(Class::kChangesFiles,
         "block_based_table_factory.enable_index_compression",
         "compress index blocks"),
    Word(Class::kInstant,
         "block_based_table_factory.cache_index_and_filter_blocks",
         "index and filter live in the block cache, within its capacity"),
    Word(Class::kInstant,
         "block_based_table_factory.cache_index_and_filter_blocks_with_high_"
         "priority",
         "index and filter are evicted last"),
    Word(Class::kInstant,
         "block_based_table_factory.pin_l0_filter_and_index_blocks_in_cache",
         "L0 index and filter stay in the cache"),
    Word(Class::kInstant,
         "block_based_table_factory.pin_top_level_index_and_filter",
         "top of a partitioned index stays in the cache"),
    Word(Class::kInstant, "block_based_table_factory.prepopulate_block_cache",
         "put new blocks into the cache"),
    Word(Class::kApproveOnly,
         "block_based_table_factory.decouple_partitioned_filters",
         "split the filter apart from the index", "new in 9.8, little tried"),
};

}  // namespace

absl::Span<const KnowledgeRow> OfflineTableKnowledge() { return kRows; }

}  // namespace rocktune
