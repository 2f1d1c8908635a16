/* layer: extract */
#include "one_format.h"

FUZZ_FORMAT(pst)
