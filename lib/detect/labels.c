#define _GNU_SOURCE /* memrchr */
#include "detect/chars.h"
#include "detect/numbers.h"

#include <stdlib.h>

/* Words near a number: which detectors they speak for, speak against, or rule out because they name something else. */

#define LONGEST_PLACE 64u /* bytes of a number with its separators; longer places are asked in full */

/* A role whose label says that the value is a number or date of that kind. Between 個人番号 and its digits a name may
 * stand, but no 電話番号. */
static bool role_blocks(enum sk_role role)
{
    static const char *const OPEN[] = { "text", "name", "kana", "address", "sex", "email" };
    if (role == SK_ROLE_PRODUCT || role == SK_ROLE_MONEY)
        return true;
    const char *check = sk_role_info(role)->check;
    for (size_t i = 0; i < sizeof(OPEN) / sizeof(OPEN[0]); i++)
        if (strcmp(check, OPEN[i]) == 0)
            return false;
    return true;
}

static void add_use(struct sk_labels *l, size_t word, const struct sk_use *u, const struct sk_detector *d)
{
    uint64_t *speaks = l->speaks + word * l->stride, *against = l->against + word * l->stride;
    if (u->kind == SK_USE_LABEL && u->index < l->n_detectors) {
        speaks[u->index / 64] |= (uint64_t)1 << u->index % 64;
        l->kind[word] |= SK_MARK_SPEAKS | SK_MARK_BLOCKS;
    } else if (u->kind == SK_USE_AGAINST && u->index < l->n_detectors) {
        against[u->index / 64] |= (uint64_t)1 << u->index % 64;
        l->kind[word] |= SK_MARK_AGAINST;
    } else if (u->kind == SK_USE_HEADER && u->index < SK_ROLES) {
        enum sk_element e = sk_role_info((enum sk_role)u->index)->element;
        for (size_t i = 0; i < l->n_detectors && e != SK_EL_NONE; i++)
            if (d[i].element == e) {
                speaks[i / 64] |= (uint64_t)1 << i % 64;
                l->kind[word] |= SK_MARK_SPEAKS;
            }
        l->kind[word] |= role_blocks((enum sk_role)u->index) ? SK_MARK_BLOCKS : 0;
    }
}

static bool is_latin(const struct sk_word *w)
{
    for (size_t i = 0; i < w->n; i++)
        if (!sk_is_letter(w->text[i]))
            return false;
    return w->n >= 2;
}

bool sk_labels_init(struct sk_labels *l, const struct sk_rules *rules, const struct sk_detector *detectors, size_t n)
{
    memset(l, 0, sizeof(*l));
    l->n_words = sk_rules_literals(rules, &l->words, &l->uses);
    l->n_detectors = n;
    l->stride = n / 64 + 1;
    if (l->n_words > SIZE_MAX / l->stride)
        return false;
    l->speaks = sk_new(l->n_words * l->stride, sizeof(*l->speaks));
    l->against = sk_new(l->n_words * l->stride, sizeof(*l->against));
    l->kind = sk_new(l->n_words, 1);
    l->latin = sk_new(l->n_words, sizeof(*l->latin));
    if (!l->speaks || !l->against || !l->kind || !l->latin)
        return false;
    for (size_t i = 0; i < n; i++)
        if (detectors[i].within > l->farthest)
            l->farthest = detectors[i].within;
    for (size_t w = 0; w < l->n_words; w++) {
        for (size_t k = 0; k < l->words[w].n_uses; k++)
            add_use(l, w, &l->uses[l->words[w].first_use + k], detectors);
        if ((l->kind[w] & SK_MARK_SPEAKS) && is_latin(&l->words[w])) {
            l->latin[l->n_latin++] = (uint32_t)w;
            if (l->words[w].n < 16)
                l->latin_lengths[(l->words[w].text[0] | 0x20) - 'a'] |= (uint16_t)(1u << l->words[w].n);
        }
    }
    return true;
}

uint32_t sk_labels_attached(const struct sk_labels *l, const char *text, uint32_t at)
{
    char word[16];
    uint32_t n = 0;
    while (n < at && n < sizeof(word) && sk_is_letter(text[at - 1 - n]))
        n++;
    if (n == 0 || n == sizeof(word) || !(l->latin_lengths[(text[at - n] | 0x20) - 'a'] >> n & 1))
        return 0;
    for (uint32_t i = 0; i < n; i++) {
        char c = text[at - n + i];
        word[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    for (size_t i = 0; i < l->n_latin; i++)
        if (l->words[l->latin[i]].n == n && memcmp(l->words[l->latin[i]].text, word, n) == 0)
            return l->latin[i] + 1;
    return 0;
}

void sk_labels_free(struct sk_labels *l)
{
    free(l->speaks);
    free(l->against);
    free(l->kind);
    free(l->latin);
    free(l->marks);
    memset(l, 0, sizeof(*l));
}

bool sk_labels_segment(struct sk_labels *l, const struct sk_segment *s, const struct sk_hits *hits)
{
    (void)s;
    l->n = l->next = 0;
    l->lines.known = false;
    if (hits->n_words == 0)
        return true;
    if (!sk_grow(&l->marks, &l->cap, hits->n_words, sizeof(*l->marks)))
        return false;
    /* Hits ascend by begin. One lies inside another when an earlier one, or a longer one with the same begin, reaches
     * as far. */
    uint32_t reach = 0;
    for (size_t i = 0; i < hits->n_words;) {
        uint32_t begin = hits->words[i].begin, longest = 0;
        size_t k = i, best = SIZE_MAX;
        for (; k < hits->n_words && hits->words[k].begin == begin; k++) {
            const struct sk_word_hit *h = &hits->words[k];
            if (h->word < l->n_words && l->kind[h->word] && h->end > longest) {
                longest = h->end;
                best = k;
            }
        }
        if (best != SIZE_MAX && longest > reach) {
            l->marks[l->n++] = (struct sk_mark){ begin, longest, hits->words[best].word };
            reach = longest;
        }
        i = k;
    }
    return true;
}

/* Begins of the line of `at` and of the one in front; remembered, because tables and logs ask for every number. */
static const struct sk_lines *lines_at(struct sk_labels *l, const struct sk_segment *s, uint32_t at)
{
    struct sk_lines *x = &l->lines;
    if (x->known && at >= x->own && at <= x->end)
        return x;
    const char *p = memrchr(s->text, '\n', at);
    x->own = p ? (uint32_t)(p - s->text) + 1 : 0;
    p = x->own ? memrchr(s->text, '\n', x->own - 1) : NULL;
    x->before = p ? (uint32_t)(p - s->text) + 1 : 0;
    x->end = sk_line_end(s->text, s->len, at);
    x->known = true;
    return x;
}

void sk_nearby_find(struct sk_labels *l, const struct sk_segment *s, uint32_t begin, struct sk_nearby *out)
{
    while (l->next < l->n && l->marks[l->next].begin < begin)
        l->next++;
    while (l->next > 0 && l->marks[l->next - 1].begin >= begin)
        l->next--; /* a finder looked further ahead */
    *out = (struct sk_nearby){ .l = l, .s = s, .begin = begin, .to = l->next };
    out->from = out->to;
    out->floor = begin > l->farthest ? begin - l->farthest : 0;
    while (out->from > 0 && l->marks[out->from - 1].end >= out->floor)
        out->from--;
    if (out->from == out->to) {
        out->none = out->to == l->n || l->marks[out->to].begin > begin + LONGEST_PLACE + l->farthest / 3;
        return;
    }
    /* On the same line or the one before; in a table on the same line only, where what stands above is the header's
     * matter. */
    const struct sk_lines *lines = lines_at(l, s, begin);
    uint32_t floor = s->layout == SK_TABLE ? lines->own : lines->before;
    if (floor > out->floor)
        out->floor = floor;
    while (out->from < out->to && l->marks[out->from].end < out->floor)
        out->from++;
}

/* A label behind a number that has its own value behind itself speaks for that one: "整理番号 123 個人番号:456". */
static bool has_own_value(const struct sk_segment *s, uint32_t end)
{
    for (uint32_t i = end; i < s->len && i < end + 8; i++) {
        if (sk_is_digit(s->text[i]) || s->text[i] == ':')
            return true;
        if (s->text[i] != ' ' && s->text[i] != '(' && s->text[i] != '\t')
            return false;
    }
    return false;
}

static void ask_behind(const struct sk_nearby *near, uint32_t end, uint16_t detector, const struct sk_detector *d,
                       struct sk_near *out)
{
    const struct sk_labels *l = near->l;
    uint32_t limit = end + d->within / 3u;
    for (size_t i = near->to; i < l->n && l->marks[i].begin <= limit && i < near->to + 8; i++) {
        const struct sk_mark *m = &l->marks[i];
        if (m->begin < end)
            continue;
        if (memchr(near->s->text + end, '\n', m->begin - end))
            return;
        if (sk_mark_denies(l, m, detector))
            out->against = true;
        if (!out->labelled && !out->blocked && sk_mark_speaks(l, m, detector) && !has_own_value(near->s, m->end))
            out->labelled = true;
    }
}

struct sk_near sk_nearby_ask(const struct sk_nearby *near, uint32_t end, uint16_t detector, const struct sk_detector *d)
{
    const struct sk_labels *l = near->l;
    struct sk_near out = { 0 };
    if (near->none && end - near->begin <= LONGEST_PLACE)
        return out;
    uint32_t floor = near->begin > d->within ? near->begin - d->within : 0;
    if (floor < near->floor)
        floor = near->floor;
    for (size_t i = near->to; i > near->from; i--) { /* the nearest first */
        const struct sk_mark *m = &l->marks[i - 1];
        if (m->end > near->begin || m->end < floor)
            continue;
        if (sk_mark_denies(l, m, detector))
            out.against = true;
        if (sk_mark_speaks(l, m, detector)) {
            out.labelled = true;
            out.label_end = m->end;
            break;
        }
        if (l->kind[m->word] & SK_MARK_BLOCKS) {
            out.blocked = true;
            break;
        }
    }
    ask_behind(near, end, detector, d, &out);
    return out;
}
