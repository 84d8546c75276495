// Texts that are compared with a file in tests/golden/, so that a change of
// what leaves the host is read by people.
#ifndef ROCKTUNE_TESTS_LLM_GOLDEN_FILE_H_
#define ROCKTUNE_TESTS_LLM_GOLDEN_FILE_H_

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

namespace rocktune {

// Compares with the file, or writes it when ROCKTUNE_REGENERATE is set.
inline void ExpectGolden(const std::string& file, const std::string& text) {
  const std::string path = ROCKTUNE_SOURCE_DIR "/tests/golden/" + file;
  if (std::getenv("ROCKTUNE_REGENERATE") != nullptr) {
    std::ofstream(path) << text;
    return;
  }
  std::ifstream in(path);
  std::stringstream golden;
  golden << in.rdbuf();
  EXPECT_EQ(golden.str(), text)
      << "if this is meant, run\n  ROCKTUNE_REGENERATE=1 "
         "build/dev/tests/rocktune_llm_tests --gtest_filter='*Golden*'\n"
         "and read what changed in tests/golden/"
      << file;
}

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_LLM_GOLDEN_FILE_H_
