#include "detect/chars.h"
#include "detect/findings.h"
#include "detect/forms.h"

#include <stdlib.h>

/* Fields whose meaning a format defines (健診 CDA, FHIR, 資格確認): no guessing, only filled or not, and the checks
 * that numbers have. */

static enum sk_piece piece_of(const struct sk_field *fd)
{
    if (fd->element == SK_EL_INSURED_ID)
        return fd->aspect == SK_SYMBOL ? SK_PIECE_SYMBOL : fd->aspect == SK_BRANCH ? SK_PIECE_BRANCH : SK_PIECE_NUMBER;
    return sk_element_piece((enum sk_element)fd->element);
}

/* Elements that are records themselves: the field marks one, its text says nothing. */
static bool is_record_mark(enum sk_element e)
{
    return e == SK_EL_CLAIM_RECORD || e == SK_EL_CARE_CLAIM_RECORD || e == SK_EL_DISABILITY_CLAIM_RECORD ||
           e == SK_EL_HEALTH_CHECK_RECORD || e == SK_EL_PRESCRIPTION_RECORD || e == SK_EL_STAFF_HR;
}

static bool holds(const struct sk_context *c, const char *s, size_t n, enum sk_element e)
{
    if (e == SK_EL_PERSONAL_NUMBER)
        return sk_value_find("my_number")(s, n, c->config.today);
    if (e == SK_EL_BIRTH_DATE) {
        long day;
        return sk_date_read(s, n, true, &day) > 0;
    }
    return is_record_mark(e) || e == SK_EL_SEX || e == SK_EL_LAB_VALUE || !sk_blank_form(s, n);
}

/* Family and given name come as two fields: the piece is both, the place is the first. */
static void join_name(struct sk_record *r, enum sk_piece piece, const char *s, uint32_t n)
{
    char both[160];
    uint32_t have = r->piece[piece].n;
    if (have + n + 1 > sizeof(both))
        return;
    memcpy(both, r->piece[piece].p, have);
    both[have] = ' ';
    memcpy(both + have + 1, s, n);
    sk_record_piece(r, piece, both, have + n + 1);
    explicit_bzero(both, sizeof(both));
}

static bool add_field(struct sk_context *c, struct sk_record *r, const struct sk_segment *s, const struct sk_field *fd)
{
    enum sk_element e = (enum sk_element)fd->element;
    enum sk_piece piece = piece_of(fd);
    uint32_t b = fd->begin, n = fd->end;
    if (e >= SK_EL_COUNT || fd->begin > fd->end || fd->end > s->len)
        return true;
    sk_trim(s->text, &b, &n);
    n -= b;
    if (!holds(c, s->text + b, n, e))
        return true;
    if (piece == SK_PIECE_BRANCH) {
        sk_record_piece(r, piece, s->text + b, n);
        return true;
    }
    bool have = piece != SK_PIECES && r->piece[piece].n > 0;
    if (have && (fd->aspect == SK_GIVEN || fd->aspect == SK_FAMILY)) {
        join_name(r, piece, s->text + b, n);
        return true;
    }
    return sk_record_add(c, r, b, b + n, e, SK_CONF_HIGH, have ? SK_PIECES : piece, true);
}

bool sk_fields_end(struct sk_context *c, uint32_t part)
{
    struct sk_fields_state *st = sk_forms_fields(c);
    if (!st->open || st->part != part)
        return true;
    st->open = false;
    return sk_record_end(c, &st->record);
}

struct entry {
    uint32_t record, index;
};

static int by_record(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->record != y->record)
        return x->record < y->record ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

static bool next_field(struct sk_context *c, const struct sk_segment *s, const struct sk_field *fd)
{
    struct sk_fields_state *st = sk_forms_fields(c);
    if (!st->open || st->number != fd->record) {
        if (st->open && !sk_fields_end(c, st->part))
            return false;
        sk_record_start(&st->record, s, fd->begin);
        st->open = true;
        st->part = s->part;
        st->number = fd->record;
    }
    st->record.segment = s;
    return add_field(c, &st->record, s, fd);
}

/* Fields of one record may stand apart (a bundle's patient and its conditions): within a segment each record takes all
 * of its fields. */
bool sk_fields_segment(struct sk_context *c, const struct sk_segment *s)
{
    struct sk_fields_state *st = sk_forms_fields(c);
    if (st->open && (st->part != s->part || s->first) && !sk_fields_end(c, st->part))
        return false;
    struct entry *order = sk_new(s->n_fields, sizeof(*order));
    bool ok = order != NULL;
    for (uint32_t i = 0; ok && i < s->n_fields; i++)
        order[i] = (struct entry){ s->fields[i].record, i };
    if (ok && s->n_fields)
        qsort(order, s->n_fields, sizeof(*order), by_record);
    for (uint32_t i = 0; ok && i < s->n_fields; i++)
        ok = next_field(c, s, &s->fields[order[i].index]);
    free(order);
    return ok && (!s->last || sk_fields_end(c, s->part));
}
