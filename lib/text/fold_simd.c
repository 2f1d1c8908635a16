/* fold_simd.c - vector loops, chosen at run time; their output is that of fold_loops.c. */
#include "text/fold_internal.h"

enum sk_fold_isa sk_fold_best_isa(void)
{
    return SK_FOLD_PORTABLE;
}

bool sk_fold_force(struct sk_fold *f, enum sk_fold_isa isa)
{
    if (isa > sk_fold_best_isa())
        return false;
    f->isa = isa;
    return true;
}

sk_fold_loop *sk_fold_simd(const struct sk_fold *f, enum sk_charset cs)
{
    (void)f;
    (void)cs;
    return 0;
}
