/* layer: judge */
#include "judge/judge.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
/* What is kept of an attribute is a label that reads and writes the same, or "?". */
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    static struct sk_policy *policy;
    static struct sk_fold *volatile fold; /* kept in memory, so that it is reachable at the end */
    struct sk_problems problems;
    struct sk_buf kept;
    struct sk_label label;
    sk_problems_init(&problems);
    if (!policy && !((fold = sk_fold_new()) &&
                     (policy = sk_policy_load(PATTERNS_DIR "/policies/kokuhoren-default.yaml", fold, &problems))))
        abort();
    sk_buf_init(&kept, 1 << 16);
    if (!sk_worn_accept(policy, sk_bytes(p, n), &kept))
        abort();
    if (strcmp(kept.p, "?") != 0 && !sk_worn_read(policy, kept.p, &label))
        abort();
    sk_buf_free(&kept);
    sk_problems_free(&problems);
    return 0;
}
