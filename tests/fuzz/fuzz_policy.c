/* layer: judge */
/* A policy from anywhere: loaded or refused with problems; one that loads can be rendered, compared and judged with. */
#include "judge/judge.h"
#include "text/fold.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void use(const struct sk_policy *p)
{
    struct sk_buf b;
    sk_buf_init(&b, (size_t)8 << 20);
    sk_policy_render(p, true, false, &b);
    sk_policy_render(p, false, true, &b);
    sk_policy_diff(p, p, true, &b, NULL);
    sk_buf_free(&b);
    struct seki_result r;
    struct sk_found found[SK_EL_COUNT];
    struct sk_part part = { .name = "a", .format = "text" };
    struct sk_mask mask = { UINT64_MAX, UINT64_MAX, 1 };
    struct sk_marking marks[2] = { { .word = 0 }, { .word = SK_MARKING_CIA, .c = 3, .i = 2, .a = 2 } };
    memset(&r, 0, sizeof(r));
    memset(found, 0, sizeof(found));
    for (uint8_t e = 0; e < SK_EL_COUNT; e++)
        found[e] = (struct sk_found){ .element = e, .confidence = SK_CONF_HIGH, .count = 1 };
    r.found = found, r.n_found = SK_EL_COUNT;
    r.parts = &part, r.n_parts = 1;
    r.masks = &mask, r.n_masks = 1;
    r.markings = marks, r.n_markings = 2;
    r.persons_max = 5000;
    struct sk_facts facts = { .path = "/share/a", .world_readable = true };
    struct sk_judgement j;
    sk_judge_place(p, &r, &facts, 20780, &j);
    sk_judgement_free(&j);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static struct sk_fold *fold;
    char path[] = "/tmp/fuzz-policy-XXXXXX";
    struct sk_problems problems;
    if (!fold && !(fold = sk_fold_new()))
        return 0;
    int fd = mkstemp(path);
    if (fd < 0)
        return 0;
    bool written = write(fd, data, n) == (ssize_t)n;
    close(fd);
    sk_problems_init(&problems);
    struct sk_policy *p = written ? sk_policy_load(path, fold, &problems) : NULL;
    unlink(path);
    if (p)
        use(p);
    else if (written && problems.n == 0 && !problems.no_memory)
        abort(); /* refused without a word */
    sk_policy_free(p);
    sk_problems_free(&problems);
    return 0;
}
