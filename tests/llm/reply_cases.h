// Scripted replies with what must come of them: tests/llm/replies/*.txt.
//
//   === name, unique in all files
//   the reply
//   --- expect
//   write_buffer_size[default] 134217728    a calibrated change
//   issue unknown_option                    of the parser, in order
//   nothing                                 "nothing to change" was said
//
// A name that ends in "(escaped)": the reply's lines are joined and C escapes
// in them are read.
#ifndef ROCKTUNE_TESTS_LLM_REPLY_CASES_H_
#define ROCKTUNE_TESTS_LLM_REPLY_CASES_H_

#include <string>
#include <vector>

#include "llm/reply_parser.h"
#include "policy/calibration.h"

namespace rocktune {

struct ReplyCase {
  std::string file;
  std::string name;
  std::string reply;
  std::string expected;  // lines as above
};

// All of them, by file name.
std::vector<ReplyCase> ReadReplyCases();

// What came of a reply, in the lines of the files. `result` is empty without
// a proposal.
std::string OutcomeText(const ParsedReply& reply,
                        const CalibrationResult& result);

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_LLM_REPLY_CASES_H_
