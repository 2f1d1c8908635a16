#include "detect/address.h"
#include "detect/chars.h"
#include "detect/numbers.h"

/*
 * Addresses in running text. Looked for at their numbers, because numbers are few: back over the characters that names
 * of places have, then forward by the grammar (address.c) from each place where a prefecture or municipality may begin.
 * Kanji numerals are told by 丁目 and 番地 behind them, which the matcher finds. Whose address it is, the words around
 * and the record decide (forms.c).
 */

#define MOST_BACK 240u    /* bytes in front of the number */
#define MOST_BEHIND 400u  /* bytes of number and building */
#define LONGEST_NUMBER 5u /* digits */

struct work {
    struct sk_find *f;
    struct sk_address_text x;
    uint32_t floor; /* what lies below is an address already, or holds no beginning of one */
};

static bool town_char(uint32_t cp)
{
    return sk_is_kanji(cp) || sk_is_hiragana(cp) || sk_is_katakana(cp);
}

/* Asked of every number: may a street number end or go on here? */
static bool street(const char *t, uint32_t left)
{
    static const char *const UNITS[] = { "丁", "番", "号", "地割", "条", "線", "の", "ノ", "ー", "之" };
    unsigned char c = left ? (unsigned char)t[0] : '\n';
    if (c < 0x80)
        return c == '-' ? left > 1 && sk_is_digit(t[1])
                        : !sk_is_digit((char)c) && !(c >= 'a' && c <= 'z') && !strchr(".:/%~", c);
    for (size_t i = 0; i < sizeof(UNITS) / sizeof(UNITS[0]); i++)
        if (sk_has(t, left, UNITS[i]))
            return true;
    if (sk_has(t, left, "日")) /* 日本生命ビル; the lead bytes of kanji */
        return left > 3 && (unsigned char)t[3] >= 0xE4;
    static const char *const COUNTERS[] = {
        "年", "月", "時", "分", "人", "円", "回", "歳", "件", "個", "名", "、", "。"
    };
    for (size_t i = 0; i < sizeof(COUNTERS) / sizeof(COUNTERS[0]); i++)
        if (sk_has(t, left, COUNTERS[i]))
            return i >= 11;
    return true;
}

/* Beginning of the characters in front of `at` that may belong to an address; division: one is a municipality's last.
 */
static uint32_t run_begin(const struct work *w, uint32_t at, bool *division)
{
    const char *t = w->f->s->text;
    uint32_t p = at;
    *division = false;
    while (p > w->floor && at - p < MOST_BACK) {
        uint32_t cp;
        size_t k = sk_utf8_prev(t, p, &cp);
        if (k > p - w->floor)
            break;
        bool between = cp < 0x80 && p - w->floor > 1 && (unsigned char)t[p - 2] >= 0x80;
        if (!town_char(cp) && !(cp == '(' && sk_within(t + p, at - p, "私書箱")) && !(cp == ' ' && between) &&
            !(cp < 0x80 && sk_is_digit((char)cp)) &&
            !(cp == '-' && p > w->floor + 1 && (sk_is_digit(t[p - 2]) || between)))
            break;
        *division = *division || cp == 0x5E02 || cp == 0x533A || cp == 0x753A || cp == 0x6751 || cp == 0x770C ||
                    cp == 0x90FD || cp == 0x5E9C || cp == 0x9053;
        p -= (uint32_t)k;
    }
    return p;
}

static bool label_ends_at(struct sk_find *f, uint32_t begin, uint32_t *label_end)
{
    struct sk_nearby near;
    sk_nearby_find(f->labels, f->s, begin + 1, &near); /* the label may run into the address: 住所桜川市... */
    for (size_t i = near.to; i > near.from; i--) {
        const struct sk_mark *m = &f->labels->marks[i - 1];
        if (sk_mark_speaks(f->labels, m, f->detector)) {
            *label_end = m->end;
            return true;
        }
    }
    return false;
}

/* What the words around say. Without a label the address may be anybody's: the record decides (forms.c). */
static unsigned owner(struct sk_find *f, uint32_t begin, uint32_t end)
{
    struct sk_nearby near;
    sk_nearby_find(f->labels, f->s, begin, &near);
    struct sk_near words = sk_nearby_ask(&near, end, f->detector, f->d);
    return words.labelled ? 0 : words.against ? SK_FIND_ALONE | SK_FIND_AGAINST : SK_FIND_ALONE;
}

static void add(struct work *w, uint32_t from, const struct sk_address *a, unsigned flags)
{
    const struct sk_address_text *x = &w->x;
    uint32_t begin = x->at[from];
    bool whole = begin == 0 || memchr("\n\t,|\"", x->text[begin - 1], 5);
    uint32_t end = sk_address_building(x, a->end, whole);
    sk_find_add(w->f, begin, x->at[end], flags ? flags : owner(w->f, begin, x->at[end]));
    w->floor = x->at[end];
}

/* A number at [at, ...) that may be a street number. */
static void try_number(struct work *w, uint32_t at)
{
    struct sk_find *f = w->f;
    struct sk_address_text *x = &w->x;
    struct sk_address a;
    bool division;
    uint32_t begin = run_begin(w, at, &division), label_end = 0;
    if (begin == at)
        return;
    uint32_t end = sk_line_end(f->s->text, f->s->len, at);
    if (end - at > MOST_BEHIND) {
        end = at + MOST_BEHIND;
        while (end > at && ((unsigned char)f->s->text[end] & 0xC0) == 0x80)
            end--;
    }
    const char *tab = memchr(f->s->text + at, '\t', end - at);
    if (tab)
        end = (uint32_t)(tab - f->s->text);
    x->n = 0;
    if (division && x->places) {
        sk_address_read(x, f->s->text, begin, end);
        for (uint32_t s = 0; s + 1 < x->n && x->at[s] < at; s++)
            if (sk_places_begin(x->places, x->cp[s], x->cp[s + 1]) && sk_address_parse(x, s, false, &a) &&
                x->at[a.end] > at) {
                add(w, s, &a, 0);
                return;
            }
    }
    if (label_ends_at(f, begin, &label_end) && label_end < at) {
        if (label_end > begin)
            begin = label_end;
        while (begin < at && f->s->text[begin] == ' ')
            begin++;
        sk_address_read(x, f->s->text, begin, end);
        if (begin < at && sk_address_parse(x, 0, true, &a) && x->at[a.end] > at) {
            add(w, 0, &a, SK_FIND_LABELLED);
            return;
        }
    }
}

/* Kanji numerals in front of 丁目 and 番地. */
static void kanji_numbers(struct work *w, const struct sk_word_list *units)
{
    const struct sk_word *words;
    const struct sk_use *uses;
    const char *t = w->f->s->text;
    sk_rules_literals(w->f->c->rules, &words, &uses);
    for (size_t i = 0; units && i < w->f->hits->n_words; i++) {
        const struct sk_word_hit *h = &w->f->hits->words[i];
        const struct sk_word *word = &words[h->word];
        if (word->n != strlen("丁目") || h->begin < w->floor + 3 || (unsigned char)t[h->begin - 1] < 0x80 ||
            !(sk_has(t + h->begin, 6, "丁目") || sk_has(t + h->begin, 6, "番地")))
            continue;
        uint32_t at = h->begin, cp = 0; /* of the numeral */
        while (at > w->floor) {
            size_t k = sk_utf8_prev(t, at, &cp);
            if (k > at - w->floor ||
                !strstr("一二三四五六七八九十百千〇無",
                        (char[5]){ t[at - k], k > 1 ? t[at - k + 1] : 0, k > 2 ? t[at - k + 2] : 0, 0, 0 }))
                break;
            at -= (uint32_t)k;
        }
        if (at < h->begin)
            try_number(w, at);
    }
}

void sk_find_address(struct sk_find *f)
{
    const struct sk_rules *rules = f->c->rules;
    struct work w = { .f = f };
    const char *t = f->s->text;
    w.x.names = sk_rules_names(rules);
    w.x.places = sk_rules_places(rules);
    w.x.buildings = sk_rules_words(rules, "building");
    for (size_t i = 0; i < f->hits->n_atoms; i++) {
        const struct sk_atom *a = &f->hits->atoms[i];
        if (a->n > LONGEST_NUMBER || a->begin < w.floor + 3 || a->flags & SK_ATOM_OF_ADDRESS)
            continue;
        uint32_t before = a->begin - (t[a->begin - 1] == ' ');
        before -= t[before - 1] == '-'; /* 九-65 */
        if (before < 3 || (unsigned char)t[before - 1] < 0x80 ||
            !street(t + a->begin + a->n, f->s->len - a->begin - a->n))
            continue;
        try_number(&w, a->begin);
    }
    w.floor = 0;
    kanji_numbers(&w, sk_rules_words(rules, "address_unit"));
}
