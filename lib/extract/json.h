/* json.h - JSON (RFC 8259) as a tree in an arena; one value after another, as NDJSON has them. Errors lose nothing:
 * what is not JSON is passed over. */
#ifndef SK_EXTRACT_JSON_H
#define SK_EXTRACT_JSON_H

#include "base/mem.h"

#define JSON_DEPTH 200u

enum json_kind { JSON_OBJECT, JSON_ARRAY, JSON_STRING, JSON_WORD }; /* WORD: numbers, true, false, null */
struct json {
    enum json_kind kind;
    const char *key; /* of a member; "" else */
    const char *p;   /* STRING, WORD: UTF-8, NUL-terminated */
    size_t key_n, n;
    struct json *first, *next, *up;
};
struct json_reader {
    const char *p, *end;
    struct sk_arena *arena;
    bool cut;  /* the text ended inside a value */
    bool full; /* the arena has no more room */
};
/* The next value; NULL: there is none. */
struct json *json_next(struct json_reader *r);
/* Member of an object; NULL when there is none or o is no object. */
const struct json *json_get(const struct json *o, const char *key);
/* Its string; "" when it is none. */
const char *json_string(const struct json *o, const char *key);

#endif
