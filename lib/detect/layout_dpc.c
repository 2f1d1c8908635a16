/*
 * DPC survey files of hospitals (claims.md 3.5): EF, D, form 1 and form 4, tab-separated with a fixed number of
 * columns. データ識別番号 is the hospital's patient number; rows of one patient are one record.
 */
#include "detect/layout.h"

enum dpc_kind { DPC_NONE, DPC_EF, DPC_D, DPC_FORM1, DPC_FORM4 };

static bool day_or_zero(struct sk_text t, long today)
{
    return (t.n == 8 && memcmp(t.p, "00000000", 8) == 0) || (t.n == 1 && t.p[0] == '0') || sk_text_ymd(t, today);
}

/* A000010, M010010 ...: the item codes of form 1. */
static bool form1_code(struct sk_text t)
{
    uint32_t letters = 0;
    while (letters < t.n && t.p[letters] >= 'A' && t.p[letters] <= 'Z')
        letters++;
    return letters >= 1 && letters <= 3 && sk_text_digits((struct sk_text){ t.p + letters, t.n - letters }, 6, 6);
}

static enum dpc_kind kind_of(const struct sk_row *r, long today)
{
    uint32_t width = sk_row_width(r);
    if (!sk_text_digits(sk_row_text(r, 0), 8, 9) || !sk_text_digits(sk_row_text(r, 1), 1, 10) ||
        !day_or_zero(sk_row_text(r, 2), today))
        return DPC_NONE;
    if (width >= 14 && width <= 17 && form1_code(sk_row_text(r, 5)))
        return DPC_FORM1;
    if (!day_or_zero(sk_row_text(r, 3), today))
        return DPC_NONE;
    if ((width == 31 || width == 30) && sk_text_digits(sk_row_text(r, 5), 1, 4))
        return width == 31 ? DPC_EF : DPC_D;
    return width == 5 && sk_row_text(r, 4).n == 1 ? DPC_FORM4 : DPC_NONE;
}

static int dpc_probe(const struct sk_row *rows, size_t n, long today, const char **format)
{
    size_t count[5] = { 0 }, lines = n, tens = 0;
    for (size_t i = 0; i < n; i++) {
        enum dpc_kind k = kind_of(&rows[i], today);
        if (k == DPC_NONE && i == 0 && n > 1) { /* newer files carry one row of headers */
            lines--;
            continue;
        }
        count[k]++;
        tens += k != DPC_NONE && sk_row_text(&rows[i], 1).n == 10;
    }
    *format = "dpc";
    for (int k = DPC_EF; k <= DPC_FORM4; k++)
        if (count[k] >= 2 && count[k] * 20 >= lines * 19 && (k != DPC_FORM4 || tens == count[k]))
            return 90;
    return 0;
}

struct dpc {
    struct sk_open open;
};

static bool high(struct sk_context *c, struct dpc *d, const struct sk_row *r, uint32_t col, enum sk_element e,
                 enum sk_piece piece)
{
    return !sk_text_filled(sk_row_text(r, col)) || sk_open_add(c, &d->open, r, col, e, SK_CONF_HIGH, piece, true);
}

/* A000010 is the patient (生年月日, 性別, 郵便番号); A006nnn are diseases (code and name). */
static bool form1_row(struct sk_context *c, struct dpc *d, const struct sk_row *r)
{
    struct sk_text code = sk_row_text(r, 5);
    if (code.n == 7 && memcmp(code.p, "A000010", 7) == 0) {
        if (sk_text_ymd(sk_row_text(r, 8), c->config.today) && !high(c, d, r, 8, SK_EL_BIRTH_DATE, SK_PIECE_BIRTH))
            return false;
        return high(c, d, r, 9, SK_EL_SEX, SK_PIECE_SEX) && high(c, d, r, 10, SK_EL_POSTAL_CODE, SK_PIECES);
    }
    return code.n != 7 || memcmp(code.p, "A006", 4) != 0 || high(c, d, r, 8, SK_EL_DISEASE, SK_PIECES);
}

static bool dpc_row(struct sk_context *c, void *state, const struct sk_row *r)
{
    struct dpc *d = state;
    enum dpc_kind k = kind_of(r, c->config.today);
    if (k == DPC_NONE)
        return true;
    if (!sk_open_holds(&d->open, SK_PIECE_OTHER, sk_row_text(r, 1))) {
        if (!sk_open_start(c, &d->open, r) ||
            !sk_open_add(c, &d->open, r, 1, SK_EL_CLAIM_RECORD, SK_CONF_HIGH, SK_PIECES, true))
            return false;
        sk_open_piece(&d->open, r, 1, SK_PIECE_OTHER);
    }
    if (k == DPC_FORM1)
        return form1_row(c, d, r);
    struct sk_text code = sk_row_text(r, 8); /* レセプト電算コード: the first digit is the master */
    if (k != DPC_EF || !sk_text_digits(code, 9, 9))
        return true;
    return code.p[0] == '1'   ? high(c, d, r, 8, SK_EL_PROCEDURE, SK_PIECES)
           : code.p[0] == '6' ? high(c, d, r, 8, SK_EL_DRUG, SK_PIECES)
                              : true;
}

static bool dpc_end(struct sk_context *c, void *state)
{
    return sk_open_end(c, &((struct dpc *)state)->open);
}

const struct sk_row_layout sk_layout_dpc = {
    .name = "dpc",
    .probe = dpc_probe,
    .row = dpc_row,
    .end = dpc_end,
    .state_size = sizeof(struct dpc),
};
