// What the demo prints: lines that stay, and on a terminal one that moves.
#ifndef ROCKTUNE_BENCH_DEMO_CONSOLE_H_
#define ROCKTUNE_BENCH_DEMO_CONSOLE_H_

#include <string>

namespace rocktune {

// Not thread-safe.
class Console {
 public:
  Console();
  ~Console() { Live(""); }

  bool terminal() const { return terminal_; }
  void Heading(const std::string& text);  // bold on a terminal
  void Line(const std::string& text);
  // Replaces itself on a terminal, cut to its width; nothing elsewhere.
  void Live(const std::string& text);

 private:
  const bool terminal_;
  const bool colours_;
  bool live_ = false;  // a moving line stands there
};

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_DEMO_CONSOLE_H_
