// What asking models cost.
#include <utility>

#include "policy/status_macros.h"
#include "sidecar/history_impl.h"

namespace rocktune {
namespace {

constexpr absl::Duration kKept = absl::Hours(48);  // a budget looks a day back
constexpr int kMostRows = 10000;

}  // namespace

absl::Status History::SaveSpend(const SpendRow& row) {
  Sqlite* db = impl_->db.get();
  Transaction transaction(db);
  ROCKTUNE_RETURN_IF_ERROR(transaction.begun());
  const Spend& spend = row.spend;
  ROCKTUNE_RETURN_IF_ERROR(
      Statement(db, "INSERT OR REPLACE INTO llm_spend VALUES(?, ?, ?, ?, ?)",
                absl::ToUnixMicros(row.start),
                static_cast<int64_t>(spend.calls),
                static_cast<int64_t>(spend.input_tokens),
                static_cast<int64_t>(spend.output_tokens),
                static_cast<int64_t>(spend.micro_dollars))
          .Run());
  ROCKTUNE_RETURN_IF_ERROR(Statement(db,
                                     "DELETE FROM llm_spend WHERE start_us < ?",
                                     absl::ToUnixMicros(row.start - kKept))
                               .Run());
  return transaction.Commit();
}

absl::StatusOr<std::vector<SpendRow>> History::ReadSpend() {
  Statement rows(impl_->db.get(),
                 "SELECT start_us, calls, input_tokens, output_tokens, "
                 "micro_dollars FROM llm_spend ORDER BY start_us LIMIT ?",
                 kMostRows);
  std::vector<SpendRow> found;
  while (true) {
    ROCKTUNE_ASSIGN_OR_RETURN(bool row, rows.Step());
    if (!row) return found;
    found.push_back({absl::FromUnixMicros(rows.Int(0)),
                     {static_cast<uint64_t>(rows.Int(1)),
                      static_cast<uint64_t>(rows.Int(2)),
                      static_cast<uint64_t>(rows.Int(3)),
                      static_cast<uint64_t>(rows.Int(4))}});
  }
}

}  // namespace rocktune
