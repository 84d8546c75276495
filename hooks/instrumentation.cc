#include "hooks/instrumentation.h"
