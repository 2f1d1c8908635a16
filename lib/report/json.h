/*
 * json.h - a strict reader of JSON (RFC 8259) that people may have edited: bounded in depth and memory, UTF-8 only, no
 * NUL in strings, no lone surrogates. A tree in an arena; a key that stands twice in an object is never found.
 */
#ifndef SK_REPORT_JSON_H
#define SK_REPORT_JSON_H

#include "base/bytes.h"
#include "base/mem.h"

#define SK_JSON_DEPTH 32

enum sk_json_kind {
    SK_JSON_NULL,
    SK_JSON_FALSE,
    SK_JSON_TRUE,
    SK_JSON_NUMBER,
    SK_JSON_STRING,
    SK_JSON_ARRAY,
    SK_JSON_OBJECT
};
struct sk_json {
    enum sk_json_kind kind;
    const char *text;                   /* of a string, decoded; of a number, as written */
    size_t n;                           /* bytes of text; items of arrays and objects */
    const char *key;                    /* in an object */
    const struct sk_json *first, *next; /* children; the one after this */
};

/* Reads one value and moves *in behind it and the white space around. NULL: *in stands at the mistake (or no memory:
 * *in is unchanged). */
const struct sk_json *sk_json_read(struct sk_bytes *in, struct sk_arena *arena);
const struct sk_json *sk_json_get(const struct sk_json *object,
                                  const char *key);                             /* NULL: no object, missing, or twice */
const char *sk_json_text(const struct sk_json *object, const char *key);        /* NULL unless a string */
bool sk_json_u64(const struct sk_json *object, const char *key, uint64_t *out); /* digits only */

#endif
