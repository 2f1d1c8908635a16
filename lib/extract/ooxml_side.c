/* ooxml_side.c - lines that are written later. */
#include "base/utf8.h"
#include "extract/ooxml.h"

#include <stdlib.h>

#define SIDE_SOME ((size_t)4 << 20) /* then sk_side_settle writes it */
#define SIDE_MAX ((size_t)256 << 20)
#define BRANCH_MAX ((size_t)1 << 20)
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

bool sk_side_attributes(struct sk_side *s, struct sk_attribute_place at, const char *element, const char **atts,
                        const struct sk_attribute_text *table, size_t n)
{
    bool ok = true;
    for (size_t i = 0; ok && i < n; i++) {
        if (strcmp(element, table[i].element) != 0)
            continue;
        const char *v = sk_xml_attr(atts, table[i].attribute);
        if (!v && table[i].instead)
            v = sk_xml_attr(atts, table[i].instead);
        ok = !v || sk_side_add(s, at.kind, at.hidden, at.slide, at.paragraph, v, strlen(v));
    }
    return ok;
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

/* ---------------------------------------------------------------- branches of alternate content */

void sk_branches_init(struct sk_branches *b)
{
    memset(b, 0, sizeof(*b));
    sk_buf_init(&b->read, BRANCH_MAX);
    sk_buf_init(&b->other, BRANCH_MAX);
}

void sk_branches_begin(struct sk_branches *b)
{
    if (b->depth++ == 0) {
        sk_buf_clear(&b->read);
        sk_buf_clear(&b->other);
    }
}

/* The characters of p, without white space, stand one after the other somewhere in q. */
static bool says(struct sk_bytes q, const char *p, size_t n)
{
    struct sk_buf a, b;
    sk_buf_init(&a, BRANCH_MAX);
    sk_buf_init(&b, BRANCH_MAX);
    for (size_t i = 0; i < q.n; i++)
        if (q.p[i] > ' ')
            sk_buf_add(&a, q.p + i, 1);
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)p[i] > ' ')
            sk_buf_add(&b, p + i, 1);
    bool found = b.n == 0 || sk_find(sk_bytes(a.p, a.n), 0, b.p, b.n) != SIZE_MAX;
    sk_buf_free(&a);
    sk_buf_free(&b);
    return found;
}

bool sk_branches_end(struct sk_branches *b, struct sk_side *s, uint32_t slide, uint32_t paragraph)
{
    if (b->depth == 0 || --b->depth > 0 || b->other.n == 0 ||
        says(sk_bytes(b->read.p, b->read.n), b->other.p, b->other.n))
        return true;
    return sk_side_add(s, SK_RUN_BODY, SK_HIDDEN_NAME, slide, paragraph, b->other.p, b->other.n);
}

void sk_branches_free(struct sk_branches *b)
{
    sk_buf_free(&b->read);
    sk_buf_free(&b->other);
}

bool sk_ooxml_line(struct sk_out *o, enum sk_run_kind kind, enum sk_hidden hidden, const char *p, size_t n)
{
    if (blank(p, n))
        return true;
    return sk_out_kind(o, kind, hidden) && sk_out_text(o, p, n) && sk_out_line(o) &&
           sk_out_kind(o, SK_RUN_BODY, SK_SHOWN);
}
