#include "bench/offline/evaluator.h"

#include "absl/strings/match.h"

namespace rocktune {

std::vector<Pin> Denied(std::initializer_list<const char*> options) {
  std::vector<Pin> pins;
  for (const char* option : options) {
    Pin pin;
    pin.option = option;
    pin.denied = true;
    pins.push_back(std::move(pin));
  }
  return pins;
}

bool SpeaksOfFullDisk(const std::string& text) {
  for (const char* words :
       {"No space left on device", "Disk quota exceeded", "File too large"}) {
    if (absl::StrContains(text, words)) return true;
  }
  return false;
}

}  // namespace rocktune
