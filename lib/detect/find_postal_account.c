#include "detect/chars.h"
#include "detect/columns.h"
#include "detect/numbers.h"

/*
 * ゆうちょ銀行 記号 10460 番号 12345671, on one line or below each other, behind a word of the post bank. The form is
 * that of 総合口座: 記号 1xxx0, 番号 of up to eight digits that end in 1 (the same words head the numbers of insured
 * persons).
 */

#define REACH 160u /* bytes behind the word */
#define LINES 4u

static bool blanks(struct sk_text t, uint32_t *p, unsigned *lines)
{
    while (*p < t.n && (t.p[*p] == ' ' || t.p[*p] == '\t' || t.p[*p] == ':' || t.p[*p] == '\n'))
        *lines += t.p[(*p)++] == '\n';
    return *p < t.n && *lines < LINES;
}

/* The digits behind the word, where it stands next; n 0: none. */
static struct sk_bytes labelled(struct sk_text t, uint32_t *p, unsigned *lines, const char *word)
{
    const struct sk_bytes none = { NULL, 0 };
    size_t at = sk_find(sk_bytes(t.p, t.n), *p, word, strlen(word));
    if (at == SIZE_MAX)
        return none;
    for (size_t i = *p; i < at; i++)
        *lines += t.p[i] == '\n';
    *p = (uint32_t)(at + strlen(word));
    if (!blanks(t, p, lines))
        return none;
    uint32_t begin = *p;
    while (*p < t.n && sk_is_digit(t.p[*p]))
        ++*p;
    return sk_bytes(t.p + begin, *p - begin);
}

void sk_find_postal_account(struct sk_find *f)
{
    for (size_t i = 0; i < f->labels->n; i++) {
        const struct sk_mark *m = &f->labels->marks[i];
        if (!sk_mark_speaks(f->labels, m, f->detector))
            continue;
        uint32_t left = f->s->len - m->end, p = 0;
        struct sk_text t = { f->s->text + m->end, left < REACH ? left : REACH };
        unsigned lines = 0;
        struct sk_bytes symbol = labelled(t, &p, &lines, "記号");
        struct sk_bytes number = symbol.n ? labelled(t, &p, &lines, "番号") : symbol;
        if (number.n && sk_is_postal_account(symbol, number))
            sk_find_add(f, m->end + (uint32_t)((const char *)symbol.p - t.p), m->end + p, SK_FIND_LABELLED);
    }
}
