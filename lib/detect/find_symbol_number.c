#include "detect/chars.h"
#include "detect/numbers.h"

/*
 * 被保険者証の記号・番号 in running text: 記号 12-34 番号 5678 (枝番) 01; 記号・番号:12・345678; 記号番号 国前-123456.
 * The place is from the first character of the 記号 to the last of the 番号 or 枝番.
 */

struct at {
    const struct sk_segment *s;
    uint32_t p, end; /* end: of the stretch that belongs to the label */
};

static bool word(struct at *a, const char *lit)
{
    if (!sk_has(a->s->text + a->p, a->end - a->p, lit))
        return false;
    a->p += (uint32_t)strlen(lit);
    return true;
}

static void blanks(struct at *a)
{
    while (word(a, " ") || word(a, "\t") || word(a, ":") || word(a, "(") || word(a, ")") || word(a, "は") ||
           word(a, "が")) {
    }
}

/* Letters of any script, digits, hyphens and middle dots in one piece; stops before 番号 and 枝番. Digits counted. */
static uint32_t token(struct at *a, unsigned *digits, unsigned *letters)
{
    uint32_t from = a->p;
    *digits = *letters = 0;
    while (a->p < a->end && a->p - from < 48) {
        uint32_t cp;
        const char *t = a->s->text + a->p;
        size_t k = sk_utf8_next(t, a->end - a->p, &cp);
        if (sk_has(t, a->end - a->p, "番号") || sk_has(t, a->end - a->p, "枝番"))
            break;
        if (cp < 0x80 && sk_is_digit((char)cp))
            ++*digits;
        else if (sk_is_kanji(cp) || sk_is_hiragana(cp) || sk_is_katakana(cp) || (cp < 0x80 && sk_is_letter((char)cp)))
            ++*letters;
        else if (cp != '-' && cp != 0x30FB && cp != '/' && !(cp >= 0x2460 && cp <= 0x24FF))
            break;
        a->p += (uint32_t)k;
    }
    return from;
}

/* A branch behind the number: 枝番 01, (01)-less; leaves *end behind it. */
static void branch(struct at a, uint32_t *end)
{
    unsigned digits, letters;
    blanks(&a);
    if (!word(&a, "枝番"))
        return;
    word(&a, "号");
    blanks(&a);
    token(&a, &digits, &letters);
    if (digits > 0 && digits <= 2 && letters == 0)
        *end = a.p;
}

#define DENIED 90u /* bytes in front in which another kind of account is named */

/* 記号 and 番号 that look like those of the post bank, near a word that speaks against: ゆうちょ, 貯金, 通帳. */
static bool postal(const struct sk_find *f, size_t mark, uint32_t symbol, uint32_t symbol_end, uint32_t end)
{
    const char *t = f->s->text;
    uint32_t number = end;
    while (number > symbol_end && sk_is_digit(t[number - 1]))
        number--;
    if (!sk_is_postal_account(sk_bytes(t + symbol, symbol_end - symbol), sk_bytes(t + number, end - number)))
        return false;
    for (size_t i = mark; i-- > 0 && symbol - f->labels->marks[i].begin <= DENIED;)
        if (sk_mark_denies(f->labels, &f->labels->marks[i], f->detector))
            return true;
    return false;
}

static void behind_label(struct sk_find *f, size_t mark)
{
    const struct sk_mark *m = &f->labels->marks[mark];
    uint32_t stop = sk_line_end(f->s->text, f->s->len, m->end);
    struct at a = { f->s, m->end, stop - m->end > 120 ? m->end + 120 : stop };
    unsigned digits, letters, more, others;
    static const char *const REST[] = { "の", "等", "記号", "・", "及び", "番号" }; /* 被保険者証の記号・番号 */
    bool both = sk_has_behind(f->s->text + m->begin, m->end - m->begin, "番号");
    for (size_t i = 0; i < sizeof(REST) / sizeof(REST[0]); i++)
        if (word(&a, REST[i]) && i == 5)
            both = true;
    blanks(&a);
    uint32_t begin = token(&a, &digits, &letters), end = a.p, symbol_end = end;
    if (end == begin || letters > 8 || digits > 19)
        return;
    struct at next = a;
    blanks(&next);
    if (word(&next, "番号")) { /* the number has a label of its own */
        blanks(&next);
        token(&next, &more, &others);
        if (more < 1 || others > 4)
            return;
        end = next.p;
        digits += more;
    } else if (!both) {
        return;
    } else if (digits < 6 && a.p < a.end && f->s->text[a.p] == ' ') { /* 12 345678 */
        next = a;
        next.p++;
        token(&next, &more, &others);
        if (more >= 2 && others == 0) {
            end = next.p;
            digits += more;
        }
    }
    while (end > begin && f->s->text[end - 1] == '-')
        end--;
    long day;
    if (digits < 3 || letters > 8 || sk_date_read(f->s->text + begin, end - begin, false, &day) ||
        postal(f, mark, begin, symbol_end, end))
        return;
    branch((struct at){ f->s, end, a.end }, &end);
    sk_find_add(f, begin, end, 0);
}

void sk_find_symbol_number(struct sk_find *f)
{
    for (size_t i = 0; i < f->labels->n; i++) {
        if (sk_mark_speaks(f->labels, &f->labels->marks[i], f->detector))
            behind_label(f, i);
    }
}
