#include "tests/fuzz/proposal_maker.h"

#include <cmath>
#include <iterator>
#include <limits>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace rocktune {
namespace {

constexpr const char* kNonsense[] = {"",
                                     " ",
                                     "-",
                                     "nan",
                                     "-nan",
                                     "inf",
                                     "-inf",
                                     "NaN",
                                     "1e999",
                                     "-1",
                                     "0",
                                     "-0",
                                     "00012",
                                     "0x10",
                                     "1",
                                     "2",
                                     "1.5",
                                     "8.5M",
                                     "64MB",
                                     "64 MiB",
                                     "1e6",
                                     "1e-400",
                                     "2h",
                                     "50%",
                                     "true",
                                     "false",
                                     "TRUE",
                                     "yes",
                                     "null",
                                     "nullptr",
                                     "9223372036854775807",
                                     "9223372036854775808",
                                     "-9223372036854775808",
                                     "18446744073709551615",
                                     "18446744073709551616",
                                     "4294967296",
                                     "2147483648",
                                     "99999999999999999999999999999999999999",
                                     "{",
                                     "}",
                                     "{}",
                                     "{}}",
                                     "{{",
                                     "{a=1}",
                                     "{enabled=true;level=3}",
                                     "{block_size=0}",
                                     ";",
                                     "=",
                                     "a=b",
                                     "1;write_buffer_size=1",
                                     "1}; block_cache=1M",
                                     "kNoCompression",
                                     "kZSTD:kLZ4Compression",
                                     "kXpressCompression",
                                     "lz4",
                                     "zstd",
                                     ":",
                                     "1:2",
                                     "1::2",
                                     "\xff\xfe",
                                     "64 M\xc3\xaf"
                                     "B",
                                     "\xef\xbc\x96\xef\xbc\x94",
                                     "%s%n%d",
                                     "'; DROP TABLE trials; --",
                                     "../../etc/passwd",
                                     "rm -rf /",
                                     "default",
                                     "auto",
                                     "max",
                                     "unlimited"};

constexpr const char* kStrangeNames[] = {
    "",
    " ",
    "no_such_option",
    "table_factory",
    "block_based_table_factory",
    "block_based_table_factory.",
    "block_cache",
    "block_cache.",
    "prefix_extrator",
    "write_buffer",
    "soft_rate_limit",
    "filter_deletes",
    "bottommost_temperature",
    "allow_os_buffer",
    "rate_limiter",
    "comparator",
    "memtable_factory",
    "write_buffer_size=1",
    "write_buffer_size;max_write_buffer_number",
    "block_based_table_factory.block_cache",
    "merge_operator",
    "db_paths"};

}  // namespace

std::string ProposalMaker::Nonsense() {
  if (OneIn(30))
    return std::string(Below(70000), static_cast<char>('0' + Below(10)));
  if (OneIn(30)) {
    std::string bytes(Below(40), '\0');
    for (char& c : bytes) c = static_cast<char>(Below(256));
    return bytes;
  }
  return kNonsense[Below(std::size(kNonsense))];
}

// A number the way people write them.
std::string ProposalMaker::Dressed(const CatalogueRow& row, double number) {
  if (row.type == OptionType::kDouble) return absl::StrFormat("%.6g", number);
  if (row.unit == OptionUnit::kBytes && OneIn(3)) {
    if (OneIn(2)) return absl::StrFormat("%.0f MiB", number / (1 << 20));
    return absl::StrFormat("%.2fGB", number / (1 << 30));
  }
  if (OneIn(10)) return absl::StrFormat("%.3e", number);
  return absl::StrFormat("%.0f", number);
}

std::string ProposalMaker::Number(const CatalogueRow& row,
                                  const std::string& now) {
  double current = 1;
  if (!absl::SimpleAtod(now, &current)) current = 1;
  double number = current;
  switch (Below(8)) {
    case 0:
      number = row.min;
      break;
    case 1:
      number = row.max;
      break;
    case 2:  // anywhere in the range, small ones as likely as large ones
      number = row.min + std::pow(std::max(1.0, row.max - row.min),
                                  static_cast<double>(Below(1000)) / 999);
      break;
    case 3:
      number = current * 2;
      break;
    case 4:
      number = current / 2;
      break;
    case 5:
      number = current + 1;
      break;
    case 6:
      number = row.min * 0.9 - 1;
      break;
    default:
      number = row.max * 1.1 + 1;
      break;
  }
  return Dressed(row, number);
}

std::string ProposalMaker::ValueFor(const CatalogueRow& row,
                                    const std::string& now) {
  if (OneIn(5)) return Nonsense();
  switch (row.type) {
    case OptionType::kBool:
      return OneIn(2) ? "true" : "false";
    case OptionType::kInt:
    case OptionType::kUint:
    case OptionType::kDouble:
      return Number(row, now);
    case OptionType::kEnum:
      if (row.enum_values.empty()) return Nonsense();
      return row.enum_values[Below(row.enum_values.size())];
    case OptionType::kList:
      if (row.enum_values.empty()) return OneIn(2) ? "1:1:1" : "2:1";
      return absl::StrCat(row.enum_values[Below(row.enum_values.size())], ":",
                          row.enum_values[Below(row.enum_values.size())]);
    case OptionType::kStruct:
      return OneIn(2) ? now : "{enabled=true;level=1}";
    case OptionType::kString:
      return now;
  }
  return Nonsense();
}

std::string ProposalMaker::Name(const CatalogueRow& row) {
  if (OneIn(20)) return kStrangeNames[Below(std::size(kStrangeNames))];
  if (OneIn(20)) return absl::AsciiStrToUpper(row.name);
  if (OneIn(20)) return absl::StrCat(" ", row.name, " ");
  return row.name;
}

ProposedChange ProposalMaker::NextChange(const OptionValues& now) {
  const CatalogueRow& row =
      catalogue_->rows()[Below(catalogue_->rows().size())];
  ProposedChange change;
  change.option = Name(row);
  if (row.scope == OptionScope::kColumnFamily && !OneIn(3)) {
    change.column_family = families_[Below(families_.size())];
  }
  if (OneIn(25)) change.column_family = OneIn(2) ? "nobody" : Nonsense();
  auto it = now.lower_bound({row.name, change.column_family});
  change.value = ValueFor(
      row, it == now.end() || it->first.name != row.name ? "" : it->second);
  return change;
}

Proposal ProposalMaker::Next(const OptionValues& now) {
  Proposal proposal;
  proposal.source =
      OneIn(2) ? ProposalSource::kExpert : ProposalSource::kOperator;
  const uint64_t size = 1 + Below(6);
  for (uint64_t i = 0; i < size; ++i) {
    proposal.changes.push_back(NextChange(now));
    if (OneIn(10)) proposal.changes.push_back(proposal.changes.back());
    if (OneIn(10)) {
      proposal.changes.push_back(proposal.changes.back());
      proposal.changes.back().value = Nonsense();
    }
  }
  return proposal;
}

}  // namespace rocktune
