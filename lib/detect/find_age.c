#include "detect/chars.h"
#include "detect/numbers.h"

/* 45歳, 満73才. A bare number counts only directly behind a label. Classes (65歳以上, 40~44歳) are the age of nobody.
 */

static bool is_class(const struct sk_segment *s, uint32_t begin, uint32_t end)
{
    static const char *const BEHIND[] = { "以上", "未満", "以下", "から", "まで", "代", "~", "-", "児" };
    for (size_t i = 0; i < sizeof(BEHIND) / sizeof(BEHIND[0]); i++)
        if (sk_has(s->text + end, s->len - end, BEHIND[i]))
            return true;
    return begin > 0 && (s->text[begin - 1] == '~' || s->text[begin - 1] == '-' || s->text[begin - 1] == '.');
}

static bool directly_behind_label(const struct sk_find *f, uint32_t begin)
{
    uint32_t at = begin;
    if (sk_has_behind(f->s->text, at, "満"))
        at -= (uint32_t)strlen("満");
    while (at > 0 && begin - at < 12 && strchr(" \t:|", f->s->text[at - 1]))
        at--;
    struct sk_nearby near;
    sk_nearby_find(f->labels, f->s, begin, &near);
    return near.to > near.from && f->labels->marks[near.to - 1].end == at &&
           sk_mark_speaks(f->labels, &f->labels->marks[near.to - 1], f->detector);
}

#define BETWEEN 16u /* bytes that may stand between a label and its number */

/* Does some label end just before the number at begin? *mark: the first that does not end before the last one asked
 * for; numbers come in order. */
static bool near_mark(const struct sk_labels *l, uint32_t begin, size_t *mark)
{
    while (*mark < l->n && l->marks[*mark].end + BETWEEN < begin)
        ++*mark;
    return *mark < l->n && l->marks[*mark].end <= begin;
}

void sk_find_age(struct sk_find *f)
{
    size_t mark = 0;
    for (size_t i = 0; i < f->hits->n_atoms; i++) {
        const struct sk_atom *a = &f->hits->atoms[i];
        uint32_t end = a->begin + a->n;
        const char *t = f->s->text + end; /* SK_PAD readable */
        if (a->n > 3 || a->flags & SK_ATOM_TOUCHED || (a->n == 3 && f->s->text[a->begin] != '1'))
            continue;
        bool unit = sk_has(t, SK_PAD, "歳") || sk_has(t, SK_PAD, "才");
        if (unit)
            end += (uint32_t)strlen("歳");
        else if (!near_mark(f->labels, a->begin, &mark)) /* nearly all numbers */
            continue;
        if (end > f->s->len || is_class(f->s, a->begin, end))
            continue;
        if (unit)
            sk_find_add(f, a->begin, end, 0);
        else if (*t != '.' && *t != '/' && !(*t & 0x80) && directly_behind_label(f, a->begin))
            sk_find_add(f, a->begin, end, SK_FIND_LABELLED);
    }
}
