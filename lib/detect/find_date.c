#include "detect/chars.h"
#include "detect/numbers.h"

/* Dates that a word makes a date of birth. Dates alone are everywhere, so only places near such words are read. */

/* Where the date that ends exactly at `end` begins; end itself when there is none. */
static uint32_t date_before(const struct sk_segment *s, uint32_t end, long today)
{
    uint32_t first = end > 72 ? end - 72 : 0;
    long day;
    for (uint32_t b = first; b + 6 <= end; b++) { /* the longest reading first */
        unsigned char c = (unsigned char)s->text[b];
        if ((c & 0xC0) == 0x80 || (b > 0 && sk_is_alnum(s->text[b]) && sk_is_alnum(s->text[b - 1])))
            continue;
        if (sk_date_read(s->text + b, end - b, false, &day) == end - b && day <= today)
            return b;
    }
    return end;
}

static void behind_label(struct sk_find *f, const struct sk_mark *m)
{
    const char *t = f->s->text;
    uint32_t stop = m->end + f->d->within < f->s->len ? m->end + f->d->within : f->s->len;
    int lines = 0;
    long day;
    for (uint32_t p = m->end; p < stop; p++) {
        unsigned char c = (unsigned char)t[p];
        if (c == '\n' && ++lines > 1)
            return;
        if ((c & 0xC0) == 0x80 || (p > m->end && sk_is_alnum(t[p]) && sk_is_alnum(t[p - 1])))
            continue;
        size_t k = sk_date_read(t + p, f->s->len - p, true, &day);
        if (k && day <= f->c->config.today) {
            sk_find_add(f, p, p + (uint32_t)k, 0);
            return;
        }
    }
}

/* 昭和30年12月1日生, 昭和30年12月1日(生), 1955/12/1 生まれ: the word may begin with the date's own 日. */
static void before_label(struct sk_find *f, const struct sk_mark *m)
{
    const char *t = f->s->text;
    uint32_t end = m->begin, cp = 0;
    if (m->end < f->s->len)
        sk_utf8_next(t + m->end, f->s->len - m->end, &cp);
    if (sk_is_kanji(cp) && sk_has_behind(t + m->begin, m->end - m->begin, "生")) /* 1日生産 */
        return;
    if (sk_has(t + m->begin, m->end - m->begin, "日"))
        end += (uint32_t)strlen("日");
    while (end > 0 && m->begin - (end < m->begin ? end : m->begin) < 4 && (t[end - 1] == ' ' || t[end - 1] == '('))
        end--;
    uint32_t begin = date_before(f->s, end, f->c->config.today);
    if (begin < end)
        sk_find_add(f, begin, end, SK_FIND_LABELLED);
}

void sk_find_date(struct sk_find *f)
{
    for (size_t i = 0; i < f->labels->n; i++) {
        const struct sk_mark m = f->labels->marks[i];
        if (!sk_mark_speaks(f->labels, &m, f->detector))
            continue;
        before_label(f, &m);
        behind_label(f, &m);
    }
    /* 1月2日生 even where 生 alone is no label. */
    for (size_t i = 0; i < f->hits->n_atoms; i++) {
        const struct sk_atom *a = &f->hits->atoms[i];
        uint32_t end = a->begin + a->n;
        const char *t = f->s->text + end;
        if (a->n > 2 || end + 6 > f->s->len || !sk_has(t, 6, "日生"))
            continue;
        uint32_t cp = 0, behind = end + 6;
        if (behind < f->s->len)
            sk_utf8_next(f->s->text + behind, f->s->len - behind, &cp);
        end += (uint32_t)strlen("日");
        uint32_t begin = sk_is_kanji(cp) ? end : date_before(f->s, end, f->c->config.today); /* 1日生産 */
        if (begin < end)
            sk_find_add(f, begin, end, SK_FIND_LABELLED);
    }
}
