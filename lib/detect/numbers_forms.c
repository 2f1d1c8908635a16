#include "detect/numbers_forms.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static unsigned first_group(const struct sk_form *f)
{
    return f->n_groups ? f->groups[0] : f->total;
}

static bool each_form(const struct sk_detector *d, uint16_t index, bool letters,
                      bool (*add)(void *, const struct sk_form *), void *ctx)
{
    if (!d->shapes || d->letters != letters)
        return true;
    for (size_t i = 0; i < d->n_shapes; i++) {
        const struct sk_shape *s = &d->shapes[i];
        struct sk_form f = { .detector = index, .needs_label = d->needs_label, .n_groups = s->n_groups };
        if (s->n_groups) {
            memcpy(f.groups, s->groups, sizeof(f.groups));
            for (unsigned g = 0; g < s->n_groups && g < 6; g++)
                f.total = (uint8_t)(f.total + s->groups[g]);
            if (f.total && f.groups[0] && f.groups[0] <= SK_LONGEST_RUN && !add(ctx, &f))
                return false;
            continue;
        }
        for (unsigned n = s->min; n && n <= s->max && n <= SK_LONGEST_RUN; n++) {
            f.total = (uint8_t)n;
            if (!add(ctx, &f))
                return false;
        }
    }
    return true;
}

struct list {
    struct sk_form *at;
    size_t n, cap;
};

static bool add_form(void *ctx, const struct sk_form *f)
{
    struct list *l = ctx;
    if (l->n >= UINT16_MAX || !sk_grow(&l->at, &l->cap, l->n + 1, sizeof(*l->at)))
        return false;
    l->at[l->n++] = *f;
    return true;
}

static int by_first_group(const void *a, const void *b)
{
    const struct sk_form *x = a, *y = b;
    unsigned p = first_group(x), q = first_group(y);
    return p != q ? (p > q) - (p < q) : (x->detector > y->detector) - (x->detector < y->detector);
}

/* Of `from` all, or those that need no label; in the same order. */
static bool index_forms(struct sk_forms_by_run *f, const struct list *from, bool labelled)
{
    size_t n = 0;
    f->at = sk_new(from->n ? from->n : 1, sizeof(*f->at));
    if (!f->at)
        return false;
    for (size_t i = 0; i < from->n; i++)
        if (labelled || !from->at[i].needs_label)
            f->at[n++] = from->at[i];
    for (unsigned length = 0, i = 0; length <= SK_LONGEST_RUN + 1; length++) {
        f->first[length] = (uint16_t)i;
        for (; i < n && first_group(&f->at[i]) == length; i++)
            f->seconds[length] |= f->at[i].n_groups > 1 ? (uint32_t)1 << (f->at[i].groups[1] & 31) : 1;
    }
    return true;
}

bool sk_number_forms_init(struct sk_number_forms *f, const struct sk_detector *detectors, size_t n)
{
    struct list digits = { 0 }, spelled = { 0 };
    bool ok = true;
    for (size_t i = 0; i < n && ok; i++)
        ok = each_form(&detectors[i], (uint16_t)i, false, add_form, &digits) &&
             each_form(&detectors[i], (uint16_t)i, true, add_form, &spelled);
    if (digits.n)
        qsort(digits.at, digits.n, sizeof(*digits.at), by_first_group);
    ok = ok && index_forms(&f->all, &digits, true) && index_forms(&f->unlabelled, &digits, false);
    free(digits.at);
    f->spelled = spelled.at;
    f->n_spelled = spelled.n;
    for (size_t i = 0; i < spelled.n; i++)
        if (spelled.at[i].n_groups == 0) {
            f->spelled_totals |= (uint64_t)1 << spelled.at[i].total;
            if (spelled.at[i].total > f->spelled_most)
                f->spelled_most = spelled.at[i].total;
        }
    return ok;
}

void sk_number_forms_free(struct sk_number_forms *f)
{
    free(f->all.at);
    free(f->unlabelled.at);
    free(f->spelled);
}
