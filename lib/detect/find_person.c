#include "detect/chars.h"
#include "detect/names_text.h"
#include "detect/numbers.h"
#include "detect/reading.h"

/* Names behind a label in running text: 患者名 佐藤一郎; 氏名:佐藤 一郎(フリガナ ...). Forms of several lines are the
 * matter of forms.c. */

static void behind_labels(struct sk_find *f, const char *name)
{
    struct sk_kind kind = sk_kind_find(name);
    const char *t = f->s->text;
    for (size_t i = 0; i < f->labels->n; i++) {
        const struct sk_mark m = f->labels->marks[i];
        if (!sk_mark_speaks(f->labels, &m, f->detector) || m.end >= f->s->len)
            continue;
        /* "the name of this file": an English word is a label before a sign only */
        if (sk_is_letter(t[m.begin]) && t[m.end] == ' ')
            continue;
        /* Something must part label and name: 氏名等, 氏名欄 are no labels. */
        if (t[m.end] != ' ' && t[m.end] != ':' && t[m.end] != '\t' && t[m.end] != '|' &&
            !sk_has(t + m.end, f->s->len - m.end, "「"))
            continue;
        uint32_t end = sk_line_end(t, f->s->len, m.end), from, to;
        if (i + 1 < f->labels->n && f->labels->marks[i + 1].begin < end)
            end = f->labels->marks[i + 1].begin;
        if (end > m.end && sk_read_value(t, m.end, end, &kind, f->c->config.today, &from, &to))
            sk_find_add(f, from, to, SK_FIND_LABELLED);
    }
}

void sk_find_person_name(struct sk_find *f)
{
    behind_labels(f, "name");
    sk_names_text(f);
}

void sk_find_person_kana(struct sk_find *f)
{
    behind_labels(f, "kana");
}
