#include "sidecar/control.h"
#include "sidecar/history.h"
#include "rocktune/rocktune.h"
