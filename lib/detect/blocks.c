#include "detect/forms.h"
#include "detect/people.h"

#include <stdlib.h>
#include <string.h>

#define MOST_WAITING 4096u /* of one record; a list of all diseases is nobody's record */

struct sk_waiting {
    uint32_t begin, end;
    uint8_t element, confidence;
    int8_t alone;
};

bool sk_block_start(struct sk_context *c, struct sk_block *b, const struct sk_segment *s, uint32_t begin, uint64_t line)
{
    (void)c;
    sk_record_start(&b->record, s, begin);
    b->open = true;
    b->first_line = b->last_line = line;
    b->from = b->to = begin;
    b->n_labels = b->n_waiting = 0;
    b->symbol.set = false;
    return true;
}

/* Roles that a form has once for its person; telephone numbers, addresses and diseases may come again. */
static bool identifies(enum sk_role role)
{
    const struct sk_role_info *info = sk_role_info(role);
    return info->class == 'N' || role == SK_ROLE_PERSON_NAME || role == SK_ROLE_PERSON_KANA ||
           role == SK_ROLE_BIRTH_DATE;
}

bool sk_block_label(struct sk_context *c, struct sk_block *b, const struct sk_segment *s, const struct sk_label *l,
                    uint32_t begin, uint64_t line)
{
    bool again = false;
    for (size_t i = 0; b->open && i < b->n_labels; i++)
        again = again ||
                (b->labels[i].role == (uint8_t)l->role && b->labels[i].spelling == l->spelling && identifies(l->role));
    if (again && !sk_block_end(c, b))
        return false;
    if (!b->open && !sk_block_start(c, b, s, begin, line))
        return false;
    b->record.segment = s;
    b->last_line = line;
    if (b->n_labels < SK_BLOCK_LABELS) {
        b->labels[b->n_labels].spelling = l->spelling;
        b->labels[b->n_labels++].role = (uint8_t)l->role;
    }
    return true;
}

bool sk_block_wait(struct sk_context *c, struct sk_block *b, uint32_t begin, uint32_t end, enum sk_element e,
                   enum sk_confidence conf, int alone)
{
    (void)c;
    if (b->n_waiting >= MOST_WAITING)
        return true;
    if (!sk_grow(&b->waiting, &b->cap_waiting, b->n_waiting + 1, sizeof(*b->waiting)))
        return false;
    b->waiting[b->n_waiting++] = (struct sk_waiting){ begin, end, (uint8_t)e, (uint8_t)conf, (int8_t)alone };
    return true;
}

#define LABEL_NEAR 400u /* bytes in front of a condition in which the line with its label begins */

/* 難病 in 難病名:..., がん in がん種: a part of the label. */
static bool in_label(const struct sk_context *c, const struct sk_segment *s, const struct sk_condition *found)
{
    struct sk_label labels[16];
    uint32_t begin = found->begin, end = found->end, least = begin > LABEL_NEAR ? begin - LABEL_NEAR : 0;
    while (begin > least && s->text[begin - 1] != '\n' && s->text[begin - 1] != '\r')
        begin--;
    if (begin == least && least > 0)
        return false;
    while (end < s->len && end - found->end < LABEL_NEAR && s->text[end] != '\n' && s->text[end] != '\r')
        end++;
    size_t n = sk_form_labels(c->rules, s->text, begin, end, labels, sizeof(labels) / sizeof(labels[0]));
    for (size_t i = 0; i < n; i++)
        if (labels[i].begin <= found->begin && found->end <= labels[i].end &&
            sk_role_info(labels[i].role)->element == SK_EL_DISEASE)
            return true;
    return false;
}

/* 合併症, 主病: words that label a disease look like one. */
static bool is_label(const struct sk_context *c, const struct sk_segment *s, const struct sk_condition *found)
{
    char norm[192];
    size_t n = found->end - found->begin < 90 ? found->end - found->begin : 0;
    n = n != 0 ? sk_header_normalise(s->text + found->begin, n, norm, sizeof(norm)) : 0;
    enum sk_role role = n != 0 ? sk_rules_header(c->rules, norm, n, NULL) : SK_ROLE_NONE;
    return (role != SK_ROLE_NONE && sk_role_info(role)->element == SK_EL_DISEASE) || in_label(c, s, found);
}

/* Conditions in the text of a record that points to a person. */
static bool care_words(struct sk_context *c, struct sk_block *b)
{
    const struct sk_segment *s = b->record.segment;
    struct sk_condition found;
    if (b->from >= b->to) /* paused: the segment is gone */
        return true;
    uint32_t to = b->to < s->len ? b->to : s->len;
    for (uint32_t p = b->from; p < to && sk_conditions_next(b->conditions, s->text, p, to, &found); p = found.end)
        if (!is_label(c, s, &found) &&
            !sk_record_add(c, &b->record, found.begin, found.end, found.element, SK_CONF_MEDIUM, SK_PIECES, true))
            return false;
    return true;
}

/* Names that need company have it: what else a form about a person holds. */
static bool names_first(struct sk_context *c, struct sk_block *b)
{
    sk_elements company = SK_PERSON_KEYS | SK_KEY(BIRTH_DATE) | SK_KEY(ADDRESS) | SK_KEY(PHONE) | SK_KEY(POSTAL_CODE);
    bool ok = true, told = b->record.elements & company;
    for (size_t i = 0; told && ok && i < b->n_waiting; i++) {
        const struct sk_waiting *w = &b->waiting[i];
        if (w->element == SK_EL_PERSON_NAME)
            ok = sk_record_add(c, &b->record, w->begin, w->end, SK_EL_PERSON_NAME, (enum sk_confidence)w->confidence,
                               b->record.piece[SK_PIECE_NAME].n == 0 ? SK_PIECE_NAME : SK_PIECES, true);
    }
    return ok;
}

bool sk_block_pause(struct sk_context *c, struct sk_block *b)
{
    if (!b->open)
        return true;
    bool ok = names_first(c, b), person = b->record.elements & SK_PERSON_KEYS;
    for (size_t i = 0; i < b->n_waiting && ok; i++) {
        const struct sk_waiting *w = &b->waiting[i];
        if (w->element == SK_EL_PERSON_NAME)
            continue;
        int conf = person ? w->confidence : w->alone;
        ok = conf < 0 || sk_record_add(c, &b->record, w->begin, w->end, (enum sk_element)w->element,
                                       (enum sk_confidence)conf, SK_PIECES, true);
    }
    b->n_waiting = 0;
    b->symbol.set = false;
    ok = ok && (!person || care_words(c, b));
    b->from = b->to;
    return ok;
}

bool sk_block_end(struct sk_context *c, struct sk_block *b)
{
    if (!b->open)
        return true;
    bool ok = sk_block_pause(c, b);
    b->open = false;
    return sk_record_end(c, &b->record) && ok;
}

void sk_block_segment(struct sk_block *b, const struct sk_segment *s)
{
    b->record.segment = s;
    b->from = b->to = 0;
}

bool sk_block_alone(struct sk_context *c, const struct sk_segment *s, uint32_t begin, uint32_t end, enum sk_element e,
                    enum sk_confidence conf, enum sk_piece piece)
{
    struct sk_record r;
    sk_record_start(&r, s, begin);
    bool ok = sk_record_add(c, &r, begin, end, e, conf, piece, true);
    return sk_record_end(c, &r) && ok;
}

void sk_block_drop(struct sk_block *b)
{
    b->open = false;
    b->n_waiting = b->n_labels = 0;
    b->symbol.set = false;
    explicit_bzero(&b->record, sizeof(b->record));
}

void sk_block_free(struct sk_block *b)
{
    explicit_bzero(&b->record, sizeof(b->record));
    free(b->waiting);
}
