/* ooxml_side.c - lines that are written later. */
#include "base/utf8.h"
#include "extract/ooxml.h"

#include <stdlib.h>

#define SIDE_SOME ((size_t)4 << 20) /* then sk_side_settle writes it */
#define SIDE_MAX ((size_t)256 << 20)
#define STAMP_CHARACTERS 12u

void sk_side_init(struct sk_side *s, struct sk_out *o)
{
    memset(s, 0, sizeof(*s));
    s->o = o;
    sk_buf_init(&s->text, SIDE_MAX);
}

static bool blank(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)p[i] > ' ')
            return false;
    return true;
}

bool sk_side_add(struct sk_side *s, enum sk_run_kind kind, enum sk_hidden hidden, uint32_t slide, uint32_t paragraph,
                 const char *p, size_t n)
{
    if (blank(p, n))
        return true;
    size_t begin = s->text.n;
    if (!sk_grow(&s->items, &s->cap, s->n + 1, sizeof(*s->items)) || !sk_buf_add(&s->text, p, n)) {
        s->lost = true;
        sk_out_lost(s->o);
    } else
        s->items[s->n++] = (struct sk_side_item){ begin, n, kind, hidden, slide, paragraph };
    return true;
}

static bool write_kind(struct sk_side *s, const struct sk_side_item *like, size_t from)
{
    if (!sk_out_kind(s->o, like->kind, like->hidden))
        return false;
    for (size_t i = from; i < s->n; i++) {
        struct sk_side_item *it = &s->items[i];
        if (it->n == 0 || it->kind != like->kind || it->hidden != like->hidden)
            continue;
        if (!sk_out_place(s->o, 0, it->slide, it->paragraph) || !sk_out_text(s->o, s->text.p + it->begin, it->n) ||
            !sk_out_line(s->o))
            return false;
        if (i != from)
            it->n = 0;
    }
    return true;
}

bool sk_side_flush(struct sk_side *s)
{
    bool ok = true;
    for (size_t i = 0; ok && i < s->n; i++)
        if (s->items[i].n)
            ok = write_kind(s, &s->items[i], i);
    s->n = 0;
    sk_buf_clear(&s->text);
    return ok && sk_out_kind(s->o, SK_RUN_BODY, SK_SHOWN);
}

bool sk_side_settle(struct sk_side *s)
{
    return s->text.n < SIDE_SOME || sk_side_flush(s);
}

void sk_side_free(struct sk_side *s)
{
    sk_buf_free(&s->text);
    free(s->items);
}

bool sk_is_stamp(const char *p, size_t n)
{
    while (n && (unsigned char)p[n - 1] <= ' ')
        n--;
    return n > 0 && n <= STAMP_CHARACTERS * 4 && !memchr(p, '\n', n) && sk_utf8_count(p, n) <= STAMP_CHARACTERS;
}

bool sk_ooxml_line(struct sk_out *o, enum sk_run_kind kind, enum sk_hidden hidden, const char *p, size_t n)
{
    if (blank(p, n))
        return true;
    return sk_out_kind(o, kind, hidden) && sk_out_text(o, p, n) && sk_out_line(o) &&
           sk_out_kind(o, SK_RUN_BODY, SK_SHOWN);
}
