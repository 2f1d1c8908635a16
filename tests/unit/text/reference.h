/* reference.h - the fold written a second time, slowly and from the words of fold.h, on ICU's whole-string functions.
 */
#ifndef REFERENCE_H
#define REFERENCE_H

#include "text/fold.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ucnv.h>
#include <unicode/unorm2.h>

#define BAD_CHARACTER 0xFFFFFFFFu

/* A source text with its characters known beforehand. */
struct source {
    enum sk_charset cs;
    uint8_t *bytes;
    size_t n, cap;
    struct {
        uint32_t cp; /* or BAD_CHARACTER */
        uint32_t begin, end;
    } * c;
    size_t count, count_cap;
    int set; /* ISO-2022-JP set in force */
};
void source_init(struct source *s, enum sk_charset cs);
void source_free(struct source *s);
void source_bytes(struct source *s, const void *p, size_t n); /* bytes that are no character (escapes) */
void source_add(struct source *s, uint32_t cp, const void *p, size_t n);
void source_add_utf(struct source *s, uint32_t cp); /* UTF-8, UTF-16 */

struct folded {
    char *text;
    size_t n;
    uint32_t *begin, *end; /* source range for each byte of text */
    size_t invalid;
};
struct folded reference_fold(const struct source *s);
void folded_free(struct folded *f);

uint32_t rnd(uint32_t *seed, uint32_t below);

/* Asserts all that fold.h promises about this source: whole, in pieces, with small buffers, and the way back. */
void check_fold(struct sk_fold *f, const struct source *s, int thorough);

#endif
