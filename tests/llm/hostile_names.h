// Names that want to be read as something else.
#ifndef ROCKTUNE_TESTS_LLM_HOSTILE_NAMES_H_
#define ROCKTUNE_TESTS_LLM_HOSTILE_NAMES_H_

#include <string>
#include <vector>

namespace rocktune {

// Two hundred of them: orders to a model, terminal codes, broken UTF-8, text
// that ends JSON or a line, what looks like our own prompt, up to 64 KiB.
std::vector<std::string> HostileNames();

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_LLM_HOSTILE_NAMES_H_
