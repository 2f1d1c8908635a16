/* fieldset.c - see fieldset.h. */
#include "extract/fieldset.h"
#include "base/utf8.h"

#include <stdlib.h>

#define FIELDS_MAX ((size_t)512 << 20)

void sk_fieldset_init(struct sk_fieldset *f)
{
    memset(f, 0, sizeof(*f));
    sk_arena_init(&f->arena, FIELDS_MAX);
}

void sk_fieldset_free(struct sk_fieldset *f)
{
    sk_arena_free(&f->arena);
    free(f->items);
}

static bool is_kana(const char *p, size_t n)
{
    bool kana = false;
    for (size_t i = 0; i < n;) {
        uint32_t c;
        i += sk_utf8_next(p + i, n - i, &c);
        if (sk_is_katakana(c) || sk_is_hiragana(c))
            kana = true;
        else if (c > ' ' && c != 0x3000 && c != 0x30FB)
            return false;
    }
    return kana;
}

static void trim(const char **p, size_t *n)
{
    for (; *n && (unsigned char)**p <= ' '; (*p)++)
        (*n)--;
    while (*n && (unsigned char)(*p)[*n - 1] <= ' ')
        (*n)--;
}

void sk_fieldset_add(struct sk_fieldset *f, uint32_t record, enum sk_element element, enum sk_aspect aspect,
                     const char *p, size_t n)
{
    trim(&p, &n);
    if (n == 0)
        return;
    char *own = sk_arena_string(&f->arena, p, n);
    if (!own || !sk_grow(&f->items, &f->cap, f->n + 1, sizeof(*f->items))) {
        f->lost = true;
        return;
    }
    if (element == SK_EL_PERSON_NAME && is_kana(p, n))
        element = SK_EL_PERSON_KANA;
    f->items[f->n] = (struct sk_fieldset_item){ record, (uint32_t)f->n, (uint8_t)element, (uint8_t)aspect, own, n };
    f->n++;
}

static int by_record(const void *a, const void *b)
{
    const struct sk_fieldset_item *x = a, *y = b;
    if (x->record != y->record)
        return x->record < y->record ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

/* 高確法の広域連合: numbers of insurers that begin with 39 (8 digits). */
static bool is_latecare(const struct sk_fieldset_item *from, const struct sk_fieldset_item *to)
{
    for (; from < to; from++)
        if (from->element == SK_EL_INSURER_NUMBER)
            return from->n == 8 && from->p[0] == '3' && from->p[1] == '9';
    return false;
}

bool sk_fieldset_give(struct sk_fieldset *f, struct sk_out *o)
{
    bool ok = true;
    if (f->n)
        qsort(f->items, f->n, sizeof(*f->items), by_record);
    for (size_t i = 0, end = 0; ok && i < f->n; i = end) {
        while (end < f->n && f->items[end].record == f->items[i].record)
            end++;
        bool late = is_latecare(f->items + i, f->items + end);
        for (size_t k = i; ok && k < end; k++) {
            const struct sk_fieldset_item *it = &f->items[k];
            bool number = late && it->element == SK_EL_INSURED_ID && it->aspect == SK_NUMBER;
            ok = number ? sk_out_field(o, it->record, SK_EL_LATECARE_INSURED_NUMBER, SK_WHOLE, it->p, it->n)
                        : sk_out_field(o, it->record, (enum sk_element)it->element, (enum sk_aspect)it->aspect, it->p,
                                       it->n);
        }
    }
    f->n = 0;
    sk_arena_reset(&f->arena);
    return ok;
}
