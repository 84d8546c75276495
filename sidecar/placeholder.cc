#include "rocktune/rocktune.h"
#include "sidecar/control.h"
#include "sidecar/history.h"
