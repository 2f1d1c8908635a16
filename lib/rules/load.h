/* load.h - inside rules: what the files that read patterns/ share. */
#ifndef SK_RULES_LOAD_H
#define SK_RULES_LOAD_H

#include "base/hash.h"
#include "rules/rules.h"
#include "rules/yaml.h"

/* Longest label, header or listed word, in folded bytes. */
#define SK_WORD_BYTES 120u

/* Words of patterns/headers/near.tsv, which steer the guess about a header that is not in the list. */
enum sk_near_kind { SK_NEAR_TAIL, SK_NEAR_ORGANISATION, SK_NEAR_STAFF, SK_NEAR_KINDS };
struct sk_near_words {
    const char **words; /* normalised, longest first */
    size_t n, cap;
};

struct sk_spelling {
    const char *text;   /* folded, without spaces: as it stands in a document */
    const char *normal; /* sk_header_normalise of it */
    const char *file;
    unsigned line, column;
    uint8_t role;
    bool weak;
};

struct sk_rules {
    struct sk_arena arena;
    char version[32];
    uint8_t digest[SK_SHA256_BYTES], meaning[SK_SHA256_BYTES];
    struct sk_detector *detectors;
    size_t n_detectors, detectors_cap;
    struct sk_header *headers; /* sorted by text, unique */
    size_t n_headers;
    uint8_t header_bits[2048];     /* by hash of length and first bytes: some header is like that */
    uint8_t header_starts[2048];   /* by hash of the first SK_HEADER_START bytes: some header that long begins so */
    struct sk_spelling *spellings; /* as written in headers.tsv */
    size_t n_spellings, spellings_cap;
    struct sk_near_words near[SK_NEAR_KINDS];
    struct sk_word_list *lists;
    bool *list_scanned; /* parallel: its words are literals of the matcher */
    size_t n_lists, lists_cap;
    struct sk_word *words;
    size_t n_words;
    struct sk_use *uses;
    size_t n_uses;
    const struct sk_names *names;   /* model.h; NULL = none */
    const struct sk_places *places; /* places.h; NULL = none */
    const struct sk_prose *prose;   /* prose.h; NULL = none */
    struct {
        void *at;
        size_t n;
    } maps[4]; /* of models/ */
    size_t n_maps;
};

/* headers.c: the header with exactly this text, in which no byte is 0; NULL: none. */
const struct sk_header *sk_header_exact(const struct sk_rules *r, const char *text, size_t n);
/* headers.c: the headers that begin with the SK_HEADER_START bytes at text: [*first, *end). False: none. */
#define SK_HEADER_START 6u /* two characters */
bool sk_header_range(const struct sk_rules *r, const char *text, size_t *first, size_t *end);

struct sk_loader {
    struct sk_rules *rules;
    const struct sk_fold *fold;
    struct sk_problems *problems;
    struct sk_sha256 *sha;
};

/* A copy of text, folded, in the rules' arena; NULL without memory (noted in problems) or when longer than
 * SK_WORD_BYTES. */
const char *sk_load_fold(struct sk_loader *l, const char *text);
/* Adds name and bytes of a file to the digest. */
bool sk_load_digest(struct sk_loader *l, const char *name, const void *bytes, size_t n);

/* One line of a plain list: no line end, no comment, trimmed. NUL-terminated. */
struct sk_line {
    char *text;
    unsigned number;
};
/* Reads a UTF-8 text file and calls each for every line that is not empty and does not begin with '#'. comment is
 * called for those that do. */
bool sk_load_lines(struct sk_loader *l, const char *path, const char *name,
                   void (*each)(struct sk_loader *l, const char *path, struct sk_line line, void *ctx), void *ctx);

void sk_load_detector(struct sk_loader *l, const char *path, const char *name);
void sk_load_headers(struct sk_loader *l, const char *path, const char *name);
void sk_load_near(struct sk_loader *l, const char *path, const char *name);
void sk_load_headers_end(struct sk_loader *l); /* sorts, finds spellings with two roles */
void sk_load_words(struct sk_loader *l, const char *path, const char *name);
void sk_load_names(struct sk_loader *l, const char *dir);  /* model.c */
void sk_load_places(struct sk_loader *l, const char *dir); /* places.c */
void sk_load_prose(struct sk_loader *l, const char *dir);  /* prose.c; after the names */
bool sk_load_literals(struct sk_loader *l);
bool sk_load_meaning(struct sk_loader *l); /* meaning.c; last of all, the digest of the files is ended */

#endif
