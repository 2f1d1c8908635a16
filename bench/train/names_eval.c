/* For evaluate.py only, never installed: lines on standard input -> what the detector of names says about each.
 *   names_eval PATTERNS cells    each line is a cell: "name reading" (0 no, 1 maybe, 2 likely)
 *   names_eval PATTERNS prose    each line is prose: "begin end confidence" in characters of the folded line, in one line */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "detect/context.h"
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
    printf("%d %d\n", sk_name_cell(m, sk_rules_words(x->rules, "not_name"), x->folded, x->n),
           sk_name_reading(m, x->folded, x->n));
}

static void prose(struct tool *x)
{
    struct sk_segment s = { .text = x->folded, .len = x->n, .fold = x->fold, .layout = SK_PROSE, .first = true };
    struct sk_hits hits;
    const struct sk_candidate *found;
    size_t n;
    if (!sk_match_scan(x->matcher, x->scratch, x->folded, x->n, &hits) ||
        !sk_numbers_scan(&x->c, &s, &hits, &found, &n))
        exit(1);
    for (size_t i = 0; i < n; i++)
        if (x->detectors[found[i].detector].element == SK_EL_PERSON_NAME)
            printf("%zu %zu %d ", sk_utf8_count(x->folded, found[i].begin), sk_utf8_count(x->folded, found[i].end),
                   sk_score_confidence(found[i].score));
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
    while (fgets(line, sizeof(line), stdin)) {
        size_t n = strcspn(line, "\n");
        x.n = (uint32_t)sk_fold_utf8(x.fold, line, n, x.folded, sizeof(x.folded) - SK_PAD);
        memset(x.folded + x.n, 0, SK_PAD);
        (strcmp(argv[2], "cells") == 0 ? cell : prose)(&x);
    }
    sk_numbers_free(x.c.numbers);
    sk_match_scratch_free(x.scratch);
    sk_matcher_free(x.matcher);
    sk_rules_free(x.rules);
    sk_fold_free(x.fold);
    sk_problems_free(&problems);
    return 0;
}
