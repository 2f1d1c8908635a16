/* fold_tables.c - the fold over the tables that make/fold_make.c wrote when this was built. */
#include "base/mem.h"
#include "text/fold_internal.h"
#include <stdlib.h>

struct sk_fold *sk_fold_new(void)
{
    UErrorCode e = U_ZERO_ERROR;
    const UNormalizer2 *nfkc = unorm2_getNFKCInstance(&e);
    struct sk_fold *f = U_FAILURE(e) ? NULL : sk_new(1, sizeof(*f));
    if (f)
        *f = (struct sk_fold){ .nfkc = nfkc,
                               .bmp = sk_fold_bmp,
                               .cp932 = sk_fold_cp932,
                               .jis = sk_fold_jis,
                               .jis0212 = sk_fold_jis0212,
                               .page = sk_fold_page,
                               .pages = sk_fold_pages,
                               .more = sk_fold_more,
                               .voiced = sk_fold_voiced,
                               .isa = sk_fold_best_isa() };
    return f;
}

void sk_fold_free(struct sk_fold *f)
{
    free(f);
}
