#include "detect/chars.h"
#include "detect/numbers.h"

#include <stdlib.h>

/* What rules promise, before and after they are used: names that exist, examples that hold. */

bool sk_detect_check_rules(const struct sk_rules *rules, struct sk_problems *problems)
{
    const struct sk_detector *d;
    size_t n = sk_rules_detectors(rules, &d), had = problems->n;
    for (size_t i = 0; i < n; i++) {
        if (d[i].check && !sk_check_find(d[i].check))
            sk_problem_add(problems, d[i].file, d[i].line, 1, "%s: 検査「%s」はありません(lib/detect/checks.def)",
                           "%s: there is no check '%s' (lib/detect/checks.def)", d[i].id, d[i].check);
        if (d[i].finder && !sk_finder_find(d[i].finder))
            sk_problem_add(problems, d[i].file, d[i].line, 1, "%s: 検出器「%s」はありません(lib/detect/finders.def)",
                           "%s: there is no finder '%s' (lib/detect/finders.def)", d[i].id, d[i].finder);
        for (size_t k = 0; k < d[i].n_shapes; k++) {
            unsigned sum = 0;
            for (unsigned g = 0; g < d[i].shapes[k].n_groups; g++)
                sum += d[i].shapes[k].groups[g];
            unsigned most = d[i].shapes[k].n_groups ? sum : d[i].shapes[k].max;
            if (most == 0 || most > 20 || d[i].shapes[k].min > d[i].shapes[k].max)
                sk_problem_add(problems, d[i].file, d[i].line, 1, "%s: 桁数は1から20までです",
                               "%s: a number has 1 to 20 digits", d[i].id);
        }
    }
    return problems->n == had;
}

struct bench { /* one matcher, one detector run, reused for every example */
    const struct sk_matcher *matcher;
    const struct sk_fold *fold;
    struct sk_match_scratch *scratch;
    struct sk_detect *detect;
};

/* The best confidence at which the element is found in this line of prose; -1 none, -2 without memory. */
static int try_line(struct bench *b, const char *text, enum sk_element e)
{
    size_t n = strlen(text), cap = n * 4 + 256;
    char *folded = sk_new(cap + SK_PAD, 1);
    int best = -2;
    struct seki_result *r = sk_new(1, sizeof(*r));
    if (folded && r) {
        struct sk_hits hits;
        struct sk_segment s = { .text = folded, .fold = b->fold, .layout = SK_PROSE, .first = true, .last = true };
        s.len = (uint32_t)sk_fold_utf8(b->fold, text, n, folded, cap);
        sk_arena_init(&r->arena, (size_t)1 << 24);
        memset(folded + s.len, 0, SK_PAD);
        sk_detect_begin(b->detect);
        if (sk_match_scan(b->matcher, b->scratch, folded, s.len, &hits) && sk_detect_segment(b->detect, &s, &hits) &&
            sk_detect_part_end(b->detect, 0, NULL) && sk_detect_end(b->detect, r)) {
            best = -1;
            for (uint32_t i = 0; i < r->n_found; i++)
                if (r->found[i].element == (uint8_t)e && r->found[i].count && (int)r->found[i].confidence > best)
                    best = r->found[i].confidence;
        }
        sk_arena_free(&r->arena);
    }
    free(folded);
    free(r);
    return best;
}

static void try_example(struct bench *b, const struct sk_detector *d, const struct sk_example *x, bool hit,
                        struct sk_problems *problems)
{
    int best = try_line(b, x->text, d->element);
    if (best == -2)
        problems->no_memory = true;
    else if (hit && best < SK_CONF_MEDIUM)
        sk_problem_add(problems, d->file, x->line, x->column, "%s: hits の例が見つかりません(%s)",
                       "%s: a hit is not found (%s)", d->id,
                       best < 0 ? "-" : sk_confidence_name((enum sk_confidence)best));
    else if (!hit && best >= SK_CONF_MEDIUM)
        sk_problem_add(problems, d->file, x->line, x->column, "%s: misses の例が見つかってしまいます(%s)",
                       "%s: a miss is found (%s)", d->id, sk_confidence_name((enum sk_confidence)best));
}

size_t sk_detect_test_examples(const struct sk_rules *rules, const struct sk_matcher *matcher,
                               const struct sk_fold *fold, struct sk_problems *problems)
{
    const struct sk_detector *d;
    size_t n = sk_rules_detectors(rules, &d), run = 0;
    struct sk_detect_config config = { .max_places = 10, .today = 20780 }; /* 2026-11-23, the day of the examples */
    struct bench b = { .matcher = matcher, .fold = fold };
    b.scratch = sk_match_scratch_new(matcher);
    b.detect = sk_detect_new(rules, &config);
    if (!b.scratch || !b.detect)
        problems->no_memory = true;
    for (size_t i = 0; i < n && !problems->no_memory; i++) {
        for (size_t k = 0; k < d[i].n_hits; k++, run++)
            try_example(&b, &d[i], &d[i].hits[k], true, problems);
        for (size_t k = 0; k < d[i].n_misses; k++, run++)
            try_example(&b, &d[i], &d[i].misses[k], false, problems);
    }
    sk_match_scratch_free(b.scratch);
    sk_detect_free(b.detect);
    return run;
}
