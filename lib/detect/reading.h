/* reading.h - inside detect: the value that stands behind a label. */
#ifndef SK_DETECT_READING_H
#define SK_DETECT_READING_H

#include "detect/engine.h"

/*
 * The longest beginning of text[begin, end) that is a value of this kind (name of values.def): brackets, honorifics,
 * notes in brackets and what follows behind two spaces are left out. False when there is none. end should be the end of
 * the line or the next label.
 */
bool sk_read_value(const char *text, uint32_t begin, uint32_t end, const char *kind, long today, uint32_t *from,
                   uint32_t *to);

#endif
