/* checks.h - inside detect: the checks by name, for code that knows which it wants. */
#ifndef SK_DETECT_CHECKS_H
#define SK_DETECT_CHECKS_H

#include "detect/engine.h"

#define X(name) bool sk_check_##name(const char *s, size_t n, long today);
#include "detect/checks.def"
#undef X

#endif
