/* reading.h - inside detect: the value that stands behind a label. */
#ifndef SK_DETECT_READING_H
#define SK_DETECT_READING_H

#include "detect/engine.h"

enum sk_reading { SK_READ_ANY, SK_READ_NAME, SK_READ_DATE, SK_READ_TEXT, SK_READ_ADDRESS, SK_READ_ACCOUNT };
struct sk_kind {    /* how a value of this kind is read */
    sk_value value; /* NULL: there is no such kind */
    enum sk_reading reading;
};
struct sk_kind sk_kind_find(const char *name); /* name of values.def */

/*
 * The longest beginning of text[begin, end) that is a value of this kind: brackets, honorifics, notes in brackets and
 * what follows behind two spaces are left out. False when there is none. end should be the end of the line or the next
 * label.
 */
bool sk_read_value(const char *text, uint32_t begin, uint32_t end, const struct sk_kind *kind, long today,
                   uint32_t *from, uint32_t *to);

#endif
