/*
 * segment_helper.h - hand-made segments for the tests of detect: folds UTF-8 text, matches it against the shipped patterns and
 * runs it through a sk_detect. One struct bench per test; everything is released by bench_end.
 */
#ifndef SEGMENT_HELPER_H
#define SEGMENT_HELPER_H

#include "detect/chars.h"
#include "detect/context.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#define BENCH_TODAY 20780 /* 2026-11-23 */

struct bench {
    struct sk_fold *fold;
    struct sk_problems problems;
    struct sk_rules *rules;
    struct sk_matcher *matcher;
    struct sk_match_scratch *scratch;
    struct sk_detect_config config;
    struct sk_detect *detect;
    struct seki_result *result;
    char *folded; /* of the segment in hand */
    struct sk_segment segment;
    struct sk_hits hits;
    struct sk_fold_map map;
    struct sk_raw raw;
};

static inline void bench_start(struct bench *b)
{
    memset(b, 0, sizeof(*b));
    sk_problems_init(&b->problems);
    sk_fold_map_init(&b->map);
    b->fold = sk_fold_new();
    cr_assert(b->fold);
    b->rules = sk_rules_load(PATTERNS_DIR, b->fold, &b->problems);
    for (size_t i = 0; i < b->problems.n && i < 10; i++)
        fprintf(stderr, "%s:%u: %s\n", b->problems.items[i].file, b->problems.items[i].line, b->problems.items[i].en);
    cr_assert(b->rules, "the shipped patterns cannot be read");
    b->matcher = sk_matcher_new(b->rules, NULL, &b->problems);
    cr_assert(b->matcher, "the shipped patterns cannot be compiled");
    b->scratch = sk_match_scratch_new(b->matcher);
    cr_assert(b->scratch);
    b->config = (struct sk_detect_config){ .max_places = 1000, .today = BENCH_TODAY, .key = { 1, 2 } };
}

/* Begins a new file; changes of b->config made before are used. */
static inline void bench_file(struct bench *b)
{
    if (!b->detect)
        b->detect = sk_detect_new(b->rules, &b->config);
    cr_assert(b->detect);
    sk_detect_begin(b->detect);
}

/* Folds text and fills b->segment as prose, not yet given. */
static inline struct sk_segment *bench_fold(struct bench *b, const char *text)
{
    size_t n = strlen(text), cap = n * 4 + 512;
    free(b->folded);
    b->folded = calloc(1, cap + SK_PAD);
    cr_assert(b->folded);
    size_t k = sk_fold_utf8(b->fold, text, n, b->folded, cap);
    memset(b->folded + k, 0, SK_PAD);
    b->segment = (struct sk_segment){ .text = b->folded, .len = (uint32_t)k, .fold = b->fold, .first = true, .last = true };
    return &b->segment;
}

/* The same from source bytes in a charset, with the way back (s->raw). */
static inline struct sk_segment *bench_raw(struct bench *b, enum sk_charset cs, const void *bytes, size_t n)
{
    size_t cap = n * 4 + 512;
    struct sk_fold_state state = { 0 };
    free(b->folded);
    b->folded = calloc(1, cap + SK_PAD);
    cr_assert(b->folded);
    struct sk_fold_result r = sk_fold_run(b->fold, cs, bytes, n, true, &state, b->folded, cap, &b->map);
    cr_assert(r.ok && r.consumed == n);
    memset(b->folded + r.produced, 0, SK_PAD);
    b->raw = (struct sk_raw){ .charset = cs, .bytes = bytes, .n = n, .line = 1, .map = &b->map };
    b->segment =
        (struct sk_segment){ .text = b->folded, .len = (uint32_t)r.produced, .fold = b->fold, .first = true, .last = true, .raw = &b->raw };
    return &b->segment;
}

/* Matches and gives b->segment to detect. */
static inline void bench_give(struct bench *b)
{
    cr_assert(sk_match_scan(b->matcher, b->scratch, b->segment.text, b->segment.len, &b->hits));
    cr_assert(sk_detect_segment(b->detect, &b->segment, &b->hits));
}

static inline struct seki_result *bench_result(struct bench *b)
{
    if (b->result)
        sk_arena_free(&b->result->arena);
    free(b->result);
    b->result = calloc(1, sizeof(*b->result));
    cr_assert(b->result);
    sk_arena_init(&b->result->arena, (size_t)1 << 30);
    const char *format = "text";
    cr_assert(sk_detect_part_end(b->detect, 0, &format));
    cr_assert(sk_detect_end(b->detect, b->result));
    b->result->format = format;
    return b->result;
}

/* One file that is this text. */
static inline struct seki_result *bench_prose(struct bench *b, const char *text)
{
    bench_file(b);
    bench_fold(b, text);
    bench_give(b);
    return bench_result(b);
}

/* Findings of an element at this confidence or more. */
static inline unsigned bench_count(const struct seki_result *r, enum sk_element e, enum sk_confidence at_least)
{
    uint64_t n = 0;
    for (uint32_t i = 0; i < r->n_found; i++)
        if (r->found[i].element == e && r->found[i].confidence >= at_least)
            n += r->found[i].count;
    return (unsigned)n;
}

/* Records in which all these elements stand together. */
static inline unsigned bench_records(const struct seki_result *r, sk_elements all)
{
    uint64_t n = 0;
    for (uint32_t i = 0; i < r->n_masks; i++)
        if ((r->masks[i].elements & all) == all)
            n += r->masks[i].records;
    return (unsigned)n;
}

static inline const struct sk_insurer *bench_insurer(const struct seki_result *r, const char *number)
{
    for (uint32_t i = 0; i < r->n_insurers; i++)
        if (strcmp(r->insurers[i].number, number) == 0)
            return &r->insurers[i];
    return NULL;
}

/* Cuts folded CSV-like text (fields parted by `sep`, rows by line ends) into cells of b->segment and makes it a table. */
static inline struct sk_segment *bench_table(struct bench *b, const char *text, char sep, bool sheet)
{
    static struct sk_cell cells[65536];
    struct sk_segment *s = bench_fold(b, text);
    uint32_t row = 0, begin = 0, n = 0;
    uint16_t col = 0;
    for (uint32_t i = 0; i <= s->len && n < 65536; i++)
        if (i == s->len || s->text[i] == sep || s->text[i] == '\n') {
            uint32_t from = begin, to = i;
            sk_trim(s->text, &from, &to);
            if (i < s->len || from < to)
                cells[n++] = (struct sk_cell){ from, to, row, col, 0, 0 };
            begin = i + 1;
            col++;
            if (i < s->len && s->text[i] == '\n') {
                row++;
                col = 0;
            }
        }
    s->layout = SK_TABLE;
    s->cells = cells;
    s->n_cells = n;
    s->sheet = sheet;
    return s;
}

static inline void bench_end(struct bench *b)
{
    if (b->result)
        sk_arena_free(&b->result->arena);
    free(b->result);
    free(b->folded);
    sk_detect_free(b->detect);
    sk_match_scratch_free(b->scratch);
    sk_matcher_free(b->matcher);
    sk_rules_free(b->rules);
    sk_fold_map_free(&b->map);
    sk_fold_free(b->fold);
    sk_problems_free(&b->problems);
}

#define BIT(e) SK_BIT(SK_EL_##e)

#endif
