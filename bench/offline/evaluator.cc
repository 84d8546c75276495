#include "bench/offline/evaluator.h"

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

}  // namespace rocktune
