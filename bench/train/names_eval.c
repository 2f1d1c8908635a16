/* For evaluate.py only, never installed: lines on standard input -> what the detector of names says about each.
 *   names_eval PATTERNS cells    each line is a cell: "name reading" (0 no, 1 maybe, 2 likely)
 *   names_eval PATTERNS prose    each line is prose: "begin end confidence" in characters of the folded line, in one
 * line names_eval PATTERNS speed    all of the input at once: "bytes seconds names" of the stage of running text (best
 * of five) names_eval PATTERNS BIAS     the same of the chain of labels alone, without gate: "begin end per-mille" */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/utf8.h"
#include "detect/context.h"
#include "detect/crf.h"
#include "detect/gate.h"
#include "detect/names.h"

#define LINE 65536

struct tool {
    struct sk_fold *fold;
    struct sk_rules *rules;
    struct sk_matcher *matcher;
    struct sk_match_scratch *scratch;
    struct sk_context c;
    const struct sk_detector *detectors;
    char folded[LINE * 4 + 256 + SK_PAD];
    uint32_t n;
};

static void cell(struct tool *x)
{
    const struct sk_names *m = sk_rules_names(x->rules);
    printf("%d %d\n", sk_name_cell_of(x->rules, x->folded, x->n), sk_name_reading(m, x->folded, x->n));
}

static void prose(struct tool *x)
{
    struct sk_segment s = { .text = x->folded, .len = x->n, .fold = x->fold, .layout = SK_PROSE, .first = true };
    struct sk_hits hits;
    const struct sk_candidate *found;
    size_t n;
    if (!sk_match_scan(x->matcher, x->scratch, x->folded, x->n, &hits) ||
        !sk_numbers_scan(&x->c, &s, &hits, NULL, &found, &n))
        exit(1);
    for (size_t i = 0; i < n; i++)
        if (x->detectors[found[i].detector].element == SK_EL_PERSON_NAME)
            printf("%zu %zu %d ", sk_utf8_count(x->folded, found[i].begin), sk_utf8_count(x->folded, found[i].end),
                   sk_score_confidence(found[i].score));
    puts("");
}

static void counted(void *ctx, const struct sk_gate_name *name)
{
    *(uint64_t *)ctx += name->kanji;
}

static double cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void speed(struct tool *x)
{
    char *text = NULL;
    size_t n = 0, cap = 0;
    double best = 1e9;
    uint64_t names = 0;
    static char line[LINE];
    while (fgets(line, sizeof(line), stdin)) {
        size_t k = sk_fold_utf8(x->fold, line, strlen(line), x->folded, sizeof(x->folded) - SK_PAD);
        if (n + k + SK_PAD > cap) {
            cap = cap * 2 + k + (1u << 20);
            text = realloc(text, cap);
            if (!text)
                exit(1);
        }
        memcpy(text + n, x->folded, k);
        n += k;
    }
    for (int turn = 0; turn < 5; turn++) {
        double begin = cpu_seconds();
        names = 0;
        for (size_t at = 0; at < n; at += 256 << 10)
            if (!sk_gate_names(sk_rules_names(x->rules), sk_rules_prose(x->rules), text + at,
                               (uint32_t)(n - at < 256 << 10 ? n - at : 256 << 10), 0, counted, &names))
                exit(1);
        double now = cpu_seconds() - begin;
        best = now < best ? now : best;
    }
    printf("%zu %.4f %llu\n", n, best, (unsigned long long)names);
    free(text);
}

static void labels(struct tool *x, int bias)
{
    static uint32_t cp[LINE * 2];
    static struct sk_crf_work work;
    const struct sk_names *m = sk_rules_names(x->rules);
    uint32_t n = 0;
    for (uint32_t i = 0; i < x->n;) {
        uint32_t c;
        i += (uint32_t)sk_utf8_next(x->folded + i, x->n - i, &c);
        cp[n++] = sk_crf_char(m, c);
    }
    for (uint32_t from = 0; from < n; from += SK_CRF_WINDOW) {
        struct sk_crf_span spans[SK_CRF_WINDOW];
        uint32_t to = n - from > SK_CRF_WINDOW ? from + SK_CRF_WINDOW : n;
        sk_crf_load(m, cp, n, from, to, &work);
        uint32_t found = sk_crf_find(sk_rules_prose(x->rules), &work, to - from, bias, spans, SK_CRF_WINDOW);
        for (uint32_t i = 0; i < found; i++)
            printf("%u %u %d ", from + spans[i].begin, from + spans[i].end, (int)(spans[i].sure * 1000));
    }
    puts("");
}

int main(int argc, char **argv)
{
    static struct tool x;
    static char line[LINE];
    struct sk_problems problems;
    sk_problems_init(&problems);
    if (argc != 3)
        return 64;
    x.fold = sk_fold_new();
    x.rules = x.fold ? sk_rules_load(argv[1], x.fold, &problems) : NULL;
    x.matcher = x.rules ? sk_matcher_new(x.rules, NULL, &problems) : NULL;
    x.scratch = x.matcher ? sk_match_scratch_new(x.matcher) : NULL;
    x.c.rules = x.rules;
    x.c.config.today = 20780;
    x.c.numbers = x.scratch ? sk_numbers_new(&x.c) : NULL;
    if (!x.c.numbers || !sk_rules_names(x.rules))
        return 1;
    sk_rules_detectors(x.rules, &x.detectors);
    if (strcmp(argv[2], "speed") == 0)
        speed(&x);
    while (fgets(line, sizeof(line), stdin)) {
        size_t n = strcspn(line, "\n");
        x.n = (uint32_t)sk_fold_utf8(x.fold, line, n, x.folded, sizeof(x.folded) - SK_PAD);
        memset(x.folded + x.n, 0, SK_PAD);
        if (strcmp(argv[2], "cells") == 0)
            cell(&x);
        else if (strcmp(argv[2], "prose") == 0)
            prose(&x);
        else
            labels(&x, atoi(argv[2]));
    }
    sk_numbers_free(x.c.numbers);
    sk_match_scratch_free(x.scratch);
    sk_matcher_free(x.matcher);
    sk_rules_free(x.rules);
    sk_fold_free(x.fold);
    sk_problems_free(&problems);
    return 0;
}
