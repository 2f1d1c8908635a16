/*
 * yaml.h - the strict YAML subset in which people write rules and policies, read through libyaml's events.
 * Anchors, aliases, tags, several documents, duplicate keys and non-scalar keys are refused; scalars are untyped text
 * until a schema asks for a type (no Norway problem, no octal); bytes that are not UTF-8 are refused with the advice to
 * save as UTF-8. A tree of nodes keeps line and column of everything. Nesting and size are bounded (64 levels, 16 MiB,
 * 1,000,000 nodes).
 */
#ifndef SK_RULES_YAML_H
#define SK_RULES_YAML_H

#include "base/bytes.h"
#include "rules/problem.h"

enum sk_node_kind { SK_NODE_SCALAR, SK_NODE_LIST, SK_NODE_MAP };

struct sk_node {
    enum sk_node_kind kind;
    unsigned line, column;         /* of the node itself */
    unsigned key_line, key_column; /* of its key, inside a map */
    const char *key;               /* inside a map */
    const char *text;              /* scalar, NUL-terminated; never NULL for a scalar */
    size_t text_n;
    bool quoted;
    struct sk_node *child, *next; /* first child; next sibling */
    size_t n;                     /* children */
};

/* Nodes live in arena. NULL when the text could not be parsed at all (a problem was added); a tree with problems added
 * when there were mistakes that allow going on (duplicate keys). file: name for messages. */
struct sk_node *sk_yaml_parse(struct sk_bytes text, const char *file, struct sk_arena *arena,
                              struct sk_problems *problems);
/* Reads a file (at most 16 MiB) and parses it; *text keeps the bytes (for the digest), freed with sk_buf_free. */
struct sk_node *sk_yaml_load(const char *path, struct sk_buf *text, struct sk_arena *arena,
                             struct sk_problems *problems);

/* ---- reading a tree; every mistake becomes a problem at its own place, and reading goes on ---- */
struct sk_reader {
    const char *file;
    struct sk_arena *arena;
    struct sk_problems *problems;
};
/* Child with this key or NULL. */
const struct sk_node *sk_get(const struct sk_node *map, const char *key);
/* The same, and a problem "missing key" at the map when there is none. */
const struct sk_node *sk_need(struct sk_reader *r, const struct sk_node *map, const char *key);
/* A problem for each key of map that is not in keys[], with a suggestion. Also a problem when node is not a map; false
 * then. */
bool sk_keys(struct sk_reader *r, const struct sk_node *map, const char *const *keys, size_t n);
bool sk_is_list(struct sk_reader *r, const struct sk_node *node); /* problem when not */
/* Typed scalars; node == NULL gives the default quietly; a wrong type is a problem and gives the default. */
const char *sk_string(struct sk_reader *r, const struct sk_node *node, const char *otherwise);
long long sk_integer(struct sk_reader *r, const struct sk_node *node, long long min, long long max,
                     long long otherwise);
double sk_number(struct sk_reader *r, const struct sk_node *node, double min, double max, double otherwise);
bool sk_boolean(struct sk_reader *r, const struct sk_node *node, bool otherwise); /* true or false only */
/* Days since 1970-01-01 of YYYY-MM-DD that exists in the calendar; "" allowed when empty_ok (gives otherwise). */
long sk_date(struct sk_reader *r, const struct sk_node *node, bool empty_ok, long otherwise);
/* A list of strings, or one string as a list of one. Returns arena array. */
const char *const *sk_strings(struct sk_reader *r, const struct sk_node *node, size_t *n);
/* Index in names[] or -1 with a problem and a suggestion. */
int sk_choice(struct sk_reader *r, const struct sk_node *node, const char *const *names, size_t n);
void sk_wrong(struct sk_reader *r, const struct sk_node *node, const char *ja, const char *en, ...)
    __attribute__((format(printf, 3, 5), format(printf, 4, 5)));

#endif
