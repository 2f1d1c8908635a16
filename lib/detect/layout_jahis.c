/*
 * Medication notebook (JAHISTC), prescription QR (JAHIS4 and later) and electronic prescription (SJ1), claims.md 3.4:
 * each line is a record number and its fields, the first line names the version.
 */
#include "detect/layout.h"

enum jahis_kind { JAHIS_NONE, JAHIS_NOTEBOOK, JAHIS_PRESCRIPTION };

static bool begins(struct sk_text t, const char *s, struct sk_text *rest)
{
    size_t n = strlen(s);
    if (t.n < n || memcmp(t.p, s, n) != 0)
        return false;
    rest->p = t.p + n;
    rest->n = t.n - (uint32_t)n;
    return true;
}

static enum jahis_kind version_line(const struct sk_row *r)
{
    struct sk_text t = sk_row_text(r, 0), rest;
    if (begins(t, "JAHISTC", &rest) && sk_text_digits(rest, 1, 2))
        return JAHIS_NOTEBOOK;
    if (begins(t, "JAHIS", &rest) && sk_text_digits(rest, 1, 2))
        return JAHIS_PRESCRIPTION;
    return sk_row_is(r, 0, "SJ1") && sk_row_width(r) == 1 ? JAHIS_PRESCRIPTION : JAHIS_NONE;
}

/* The version line stands among the first lines, and nine of ten other lines begin with a record number. */
static int probe(const struct sk_row *rows, size_t n, enum jahis_kind kind)
{
    size_t numbered = 0, versions = 0, lines = 0;
    for (size_t i = 0; i < n; i++) {
        if (version_line(&rows[i]) == kind) {
            if (versions == 0 && i > 4)
                return 0;
            versions++;
        } else if (rows[i].n != 0) {
            lines++;
            numbered += sk_text_digits(sk_row_text(&rows[i], 0), 1, 3);
        }
    }
    return versions != 0 && lines != 0 && numbered * 10 >= lines * 9 ? 95 : 0;
}

static int notebook_probe(const struct sk_row *rows, size_t n, long today, const char **format)
{
    (void)today;
    *format = "jahis-notebook";
    return probe(rows, n, JAHIS_NOTEBOOK);
}

static int prescription_probe(const struct sk_row *rows, size_t n, long today, const char **format)
{
    (void)today;
    *format = "jahis-prescription";
    return probe(rows, n, JAHIS_PRESCRIPTION);
}

struct jahis {
    struct sk_open open;
    bool counted; /* the open record has its prescription_record */
};

/* A cell that becomes a high finding when it holds something. */
static bool field(struct sk_context *c, struct jahis *j, const struct sk_row *r, uint32_t col, enum sk_element e,
                  enum sk_piece piece)
{
    return !sk_text_filled(sk_row_text(r, col)) || sk_open_add(c, &j->open, r, col, e, SK_CONF_HIGH, piece, true);
}

/* YYYYMMDD or an era letter and six digits. */
static bool birth(struct sk_context *c, struct jahis *j, const struct sk_row *r, uint32_t col)
{
    struct sk_text t = sk_row_text(r, col);
    long day = 0;
    if (t.n < 7 || sk_date_read(t.p, t.n, true, &day) == 0)
        return true;
    return sk_open_add(c, &j->open, r, col, SK_EL_BIRTH_DATE, SK_CONF_HIGH, SK_PIECE_BIRTH, true);
}

static bool begin(struct sk_context *c, struct jahis *j, const struct sk_row *r)
{
    j->counted = false;
    return sk_open_start(c, &j->open, r);
}

/* One finding for each dispensing or prescription, at the line that tells its day, else at the first drug. */
static bool prescription(struct sk_context *c, struct jahis *j, const struct sk_row *r, bool again)
{
    if (j->counted && !again)
        return true;
    j->counted = true;
    return sk_open_add(c, &j->open, r, 0, SK_EL_PRESCRIPTION_RECORD, SK_CONF_HIGH, SK_PIECES, true);
}

static bool notebook_row(struct sk_context *c, void *state, const struct sk_row *r)
{
    struct jahis *j = state;
    if (version_line(r) != JAHIS_NONE)
        return sk_open_end(c, &j->open);
    long number = sk_text_number(sk_row_text(r, 0));
    if (number == 1)
        return begin(c, j, r) && field(c, j, r, 1, SK_EL_PERSON_NAME, SK_PIECE_NAME) &&
               field(c, j, r, 2, SK_EL_SEX, SK_PIECE_SEX) && birth(c, j, r, 3) &&
               field(c, j, r, 4, SK_EL_POSTAL_CODE, SK_PIECES) && field(c, j, r, 5, SK_EL_ADDRESS, SK_PIECES) &&
               field(c, j, r, 6, SK_EL_PHONE, SK_PIECES) && field(c, j, r, 10, SK_EL_PERSON_KANA, SK_PIECE_KANA);
    if (number < 0 || (!j->open.open && !begin(c, j, r)))
        return number < 0;
    switch (number) {
    case 5:
        return prescription(c, j, r, true);
    case 3: /* drugs bought without prescription */
    case 31:
        return field(c, j, r, 1, SK_EL_DRUG, SK_PIECES);
    case 201:
        return prescription(c, j, r, false) && field(c, j, r, 2, SK_EL_DRUG, SK_PIECES);
    default:
        return true;
    }
}

static bool prescription_row(struct sk_context *c, void *state, const struct sk_row *r)
{
    struct jahis *j = state;
    if (version_line(r) != JAHIS_NONE)
        return begin(c, j, r);
    long number = sk_text_number(sk_row_text(r, 0));
    if (number < 0 || (!j->open.open && !begin(c, j, r)))
        return number < 0;
    bool symbol = false;
    switch (number) {
    case 11: /* code, 漢字, カナ */
        return field(c, j, r, 2, SK_EL_PERSON_NAME, SK_PIECE_NAME) &&
               field(c, j, r, 3, SK_EL_PERSON_KANA, SK_PIECE_KANA);
    case 12:
        return field(c, j, r, 1, SK_EL_SEX, SK_PIECE_SEX);
    case 13:
        return birth(c, j, r, 1);
    case 22:
        return field(c, j, r, 1, SK_EL_INSURER_NUMBER, SK_PIECE_INSURER);
    case 23: /* 記号, 番号, 本人家族, 枝番 */
        symbol = sk_text_filled(sk_row_text(r, 1));
        if (!field(c, j, r, 1, SK_EL_INSURED_ID, SK_PIECE_SYMBOL) ||
            !sk_open_add(c, &j->open, r, 2, SK_EL_INSURED_ID, SK_CONF_HIGH, SK_PIECE_NUMBER, !symbol))
            return false;
        sk_open_piece(&j->open, r, 4, SK_PIECE_BRANCH);
        return true;
    case 27:
    case 28:
    case 29:
    case 30:
        return field(c, j, r, 1, SK_EL_PUBLIC_EXPENSE_PAYER, SK_PIECE_PAYER) &&
               field(c, j, r, 2, SK_EL_PUBLIC_EXPENSE_RECIPIENT, SK_PIECE_RECIPIENT);
    case 51:
        return prescription(c, j, r, true);
    case 60: /* narcotics: the patient's address and telephone */
        return field(c, j, r, 2, SK_EL_ADDRESS, SK_PIECES) && field(c, j, r, 3, SK_EL_PHONE, SK_PIECES);
    case 201:
        return prescription(c, j, r, false) && field(c, j, r, 2, SK_EL_DRUG, SK_PIECES);
    case 301:
    case 302:
        return field(c, j, r, 1, SK_EL_LAB_VALUE, SK_PIECES);
    default:
        return true;
    }
}

static bool jahis_end(struct sk_context *c, void *state)
{
    return sk_open_end(c, &((struct jahis *)state)->open);
}

const struct sk_row_layout sk_layout_notebook = {
    .name = "jahis-notebook",
    .probe = notebook_probe,
    .row = notebook_row,
    .end = jahis_end,
    .state_size = sizeof(struct jahis),
};

const struct sk_row_layout sk_layout_prescription = {
    .name = "jahis-prescription",
    .probe = prescription_probe,
    .row = prescription_row,
    .end = jahis_end,
    .state_size = sizeof(struct jahis),
};
