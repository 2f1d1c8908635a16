#define _GNU_SOURCE
#include "extract/scratch.h"

#include <iconv.h>
#include <stdlib.h>

/* One source byte becomes at most 3 folded bytes in ordinary text (half-width kana); denser expansions end a block
 * earlier. */
#define OUT_BYTES (3 * SK_BLOCK_BYTES + (size_t)4096)

/* In which CAB and others write names: what we ask for, and what headers may name themselves. */
static const char *const NAME_CHARSETS[SK_CONVERTERS] = { "ISO-8859-1", "UTF-16LE", "CP932" };

struct sk_scratch *sk_scratch_new(void)
{
    struct sk_scratch *s = sk_new(1, sizeof(*s));
    if (!s)
        return NULL;
    sk_fold_map_init(&s->text.map);
    s->utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    for (size_t i = 0; i < SK_CONVERTERS; i++)
        s->converters[i] = iconv_open("UTF-8", NAME_CHARSETS[i]);
    return s;
}

void sk_scratch_free(struct sk_scratch *s)
{
    if (!s)
        return;
    free(s->text.in);
    free(s->text.out);
    free(s->text.rows.cells);
    sk_fold_map_free(&s->text.map);
    sk_outs_free(s->outs);
    for (struct sk_archive_space *a = s->archives; a;) {
        struct sk_archive_space *next = a->next;
        free(a);
        a = next;
    }
    if (s->utf8)
        freelocale(s->utf8);
    for (size_t i = 0; i < SK_CONVERTERS; i++)
        if (s->converters[i] != (void *)-1)
            iconv_close(s->converters[i]);
    sk_naming_free(s);
    free(s);
}

struct sk_text_space *sk_scratch_text(struct sk_scratch *s)
{
    struct sk_text_space *t = &s->text;
    if (!t->in && !(t->in = malloc(SK_BLOCK_BYTES)))
        return NULL;
    if (!t->out) {
        if (!(t->out = malloc(OUT_BYTES)))
            return NULL;
        t->out_cap = OUT_BYTES;
    }
    return t;
}

struct sk_archive_space *sk_scratch_archive_take(struct sk_scratch *s)
{
    struct sk_archive_space *a = s->archives;
    if (a)
        s->archives = a->next;
    else
        a = malloc(sizeof(*a));
    return a;
}

void sk_scratch_archive_give(struct sk_scratch *s, struct sk_archive_space *a)
{
    if (!a)
        return;
    a->next = s->archives;
    s->archives = a;
}
