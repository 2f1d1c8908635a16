/* layer: detect */
/* Any text as a table: header, values, layouts, forms, in segments of several sizes. */
#include "detect/detect.h"

#include "../unit/detect/table_feed.h"

struct bench {
    struct sk_detect *detect;
    struct sk_matcher *matcher;
    struct sk_match_scratch *scratch;
};

static bool give(void *ctx, const struct sk_segment *s)
{
    struct bench *b = ctx;
    struct sk_hits hits = { 0 };
    return sk_match_scan(b->matcher, b->scratch, s->text, s->len, &hits) && sk_detect_segment(b->detect, s, &hits);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct bench b;
    static struct sk_fold *fold;
    if (b.detect == NULL) { /* compiled once for all inputs */
        struct sk_problems problems;
        sk_problems_init(&problems);
        fold = sk_fold_new();
        struct sk_rules *rules = sk_rules_load(PATTERNS_DIR, fold, &problems);
        struct sk_detect_config config = { .today = 20780, .person_keys = true };
        if (rules == NULL || (b.matcher = sk_matcher_new(rules, NULL, &problems)) == NULL)
            abort();
        b.scratch = sk_match_scratch_new(b.matcher);
        b.detect = sk_detect_new(rules, &config);
        sk_problems_free(&problems);
    }
    static const uint32_t rows[] = { 0, 1, 7 };
    for (size_t i = 0; size < 1 << 18 && i < 3; i++) {
        struct table_feed f = { .fold = fold, .rows = rows[i], .sheet = i == 1, .separator = i == 2 ? '\t' : ',' };
        struct seki_result *result = calloc(1, sizeof *result);
        if (result == NULL)
            abort();
        const char *format = NULL;
        sk_arena_init(&result->arena, (size_t)1 << 28);
        sk_detect_begin(b.detect);
        if (!table_feed(&f, (const char *)data, size, give, &b) || !sk_detect_part_end(b.detect, 0, &format) ||
            !sk_detect_end(b.detect, result))
            abort();
        if (result->persons_min > result->persons_max)
            abort();
        sk_result_free(result);
    }
    return 0;
}
