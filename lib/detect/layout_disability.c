/* Disability-welfare claims (claims.md 2): J121 and its kin hold 受給者証番号 and, in half-width kana, names. */
#include "detect/envelope.h"

static bool disability_mine(struct sk_text id)
{
    return id.n == 4 && id.p[0] != '\0' && strchr("JEKL", id.p[0]) != NULL &&
           sk_text_digits((struct sk_text){ id.p + 1, 3 }, 3, 3);
}

/* 市町村(6) 事業所(10) 受給者証番号(10) side by side; elsewhere (市町村編) 市町村 and number alone. 0 = nobody in this
 * record. */
static uint32_t number_column(const struct sk_row *r, uint32_t base)
{
    for (uint32_t col = base + 2; col < base + 12; col++) {
        struct sk_text number = sk_row_text(r, col);
        if (!sk_text_digits(number, 10, 10))
            continue;
        if (sk_text_digits(sk_row_text(r, col - 1), 10, 10) && sk_text_digits(sk_row_text(r, col - 2), 5, 6))
            return col;
        if (sk_text_digits(sk_row_text(r, col - 1), 5, 6) && !sk_text_digits(sk_row_text(r, col + 1), 10, 10) &&
            !sk_row_is(r, base + 1, "01") && !sk_row_is(r, base, "J111"))
            return col;
    }
    return 0;
}

static bool disability_ok(const struct sk_row *r, uint32_t base, long today)
{
    (void)today;
    return number_column(r, base) != 0;
}

static int disability_probe(const struct sk_row *rows, size_t n, long today, const char **format)
{
    *format = "disability-claims";
    return sk_envelope_probe(rows, n, today, disability_mine, disability_ok);
}

struct disability {
    struct sk_open open;
    sk_value kana;
};

/* Names stand in the columns behind the number; J121-01 has the payer's and the child's. */
static bool names(struct sk_context *c, struct disability *d, const struct sk_row *r, uint32_t number)
{
    for (uint32_t col = number + 1; col <= number + 4; col++) {
        struct sk_text t = sk_row_text(r, col);
        if (t.n < 6 || (unsigned char)t.p[0] < 0x80 || d->kana == NULL || !d->kana(t.p, t.n, c->config.today))
            continue;
        if (!sk_open_add(c, &d->open, r, col, SK_EL_PERSON_KANA, SK_CONF_HIGH, SK_PIECE_KANA, true))
            return false;
    }
    return true;
}

/* 生年月日 with 性別 behind it, in the municipalities' records (受給者異動). */
static bool birth(struct sk_context *c, struct disability *d, const struct sk_row *r, uint32_t number)
{
    for (uint32_t col = number + 1; col <= number + 12; col++) {
        struct sk_text sex = sk_row_text(r, col + 1);
        if (!sk_text_ymd(sk_row_text(r, col), c->config.today) || sex.n != 1 || (sex.p[0] != '1' && sex.p[0] != '2'))
            continue;
        return sk_open_add(c, &d->open, r, col, SK_EL_BIRTH_DATE, SK_CONF_HIGH, SK_PIECE_BIRTH, true) &&
               sk_open_add(c, &d->open, r, col + 1, SK_EL_SEX, SK_CONF_HIGH, SK_PIECE_SEX, true);
    }
    return true;
}

static bool disability_row(struct sk_context *c, void *state, const struct sk_row *r)
{
    struct disability *d = state;
    struct sk_open *o = &d->open;
    if (d->kana == NULL)
        d->kana = sk_value_find("kana");
    uint32_t base = sk_envelope_base(r, disability_mine);
    if (base == UINT32_MAX)
        return sk_open_end(c, o);
    uint32_t number = number_column(r, base);
    if (number == 0)
        return true;
    bool office = sk_text_digits(sk_row_text(r, number - 1), 10, 10);
    uint32_t town = number - (office ? 2 : 1);
    bool head = !sk_open_holds(o, SK_PIECE_CARE, sk_row_text(r, number)) ||
                !sk_open_holds(o, SK_PIECE_INSURER, sk_row_text(r, town));
    if (head && (!sk_open_start(c, o, r) ||
                 !sk_open_add(c, o, r, base, SK_EL_DISABILITY_CLAIM_RECORD, SK_CONF_HIGH, SK_PIECES, true)))
        return false;
    if (!sk_open_add(c, o, r, town, SK_EL_NONE, SK_CONF_HIGH, SK_PIECE_INSURER, false) || /* for its place */
        !sk_open_add(c, o, r, number, SK_EL_PUBLIC_EXPENSE_RECIPIENT, SK_CONF_HIGH, SK_PIECE_CARE, head))
        return false;
    return names(c, d, r, number) && (sk_row_text(r, base).p[0] != 'E' || birth(c, d, r, number));
}

/* Remarks of 実績記録票. */
static bool disability_prose(const struct sk_row *r, uint32_t *first, uint32_t *last)
{
    uint32_t base = sk_envelope_base(r, disability_mine);
    *first = base + 7;
    *last = base + 40;
    return base != UINT32_MAX && memcmp(sk_row_text(r, base).p, "J6", 2) == 0;
}

static bool disability_end(struct sk_context *c, void *state)
{
    return sk_open_end(c, &((struct disability *)state)->open);
}

const struct sk_row_layout sk_layout_disability = {
    .name = "disability-claims",
    .probe = disability_probe,
    .row = disability_row,
    .end = disability_end,
    .prose = disability_prose,
    .state_size = sizeof(struct disability),
};
