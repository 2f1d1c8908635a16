/* Long-term-care claims, benefit plans, benefit results and notices of change (claims.md 2). No names but kana in the
 * notices. */
#include "detect/envelope.h"

struct care_record {
    const char *id;
    uint8_t type_at;
    const char *type;
    uint8_t insurer, insured, birth, sex, level, payer;
};
static const struct care_record RECORDS[] = {
#define X(id, type_at, type, insurer, insured, birth, sex, level, payer)                                               \
    { id, type_at, type, insurer, insured, birth, sex, level, payer },
#include "detect/care_records.def"
#undef X
};

static bool care_mine(struct sk_text id)
{
    if (id.n != 4 || id.p[0] < '1' || id.p[0] > '8' || id.p[1] < '0' || (id.p[1] > '9' && id.p[1] != 'C'))
        return false;
    for (uint32_t i = 2; i < 4; i++)
        if (!((id.p[i] >= '0' && id.p[i] <= '9') || (id.p[i] >= 'A' && id.p[i] <= 'Z')))
            return false;
    return true;
}

/* "01" also as "1": spreadsheets drop the zero. */
static bool type_is(struct sk_text t, const char *type)
{
    size_t n = strlen(type);
    if (t.n == n && memcmp(t.p, type, n) == 0)
        return true;
    return n == 2 && type[0] == '0' && t.n == 1 && t.p[0] == type[1];
}

static const struct care_record *record_of(const struct sk_row *r, uint32_t base)
{
    struct sk_text id = sk_row_text(r, base);
    for (size_t i = 0; i < sizeof RECORDS / sizeof RECORDS[0]; i++) {
        const struct care_record *k = &RECORDS[i];
        bool same = true;
        for (uint32_t j = 0; j < 4 && same; j++)
            same = k->id[j] == '?' || k->id[j] == id.p[j];
        if (same && (k->type[0] == '\0' || type_is(sk_row_text(r, base + k->type_at - 1u), k->type)))
            return k;
    }
    return NULL;
}

/* 氏名カナ, 生年月日, 性別 side by side, as notices of change have them. */
static bool named_person(const struct sk_row *r, uint32_t col, long today)
{
    sk_value kana = sk_value_find("kana");
    struct sk_text name = sk_row_text(r, col);
    return name.n != 0 && kana != NULL && kana(name.p, name.n, today) && sk_text_ymd(sk_row_text(r, col + 1), today) &&
           sk_row_text(r, col + 2).n == 1;
}

/* Where the insured number stands in a record that the table does not name: behind a valid insurer number; shorter
 * where a spreadsheet dropped its zeros, and then only before a name. 0 = nowhere. */
static uint32_t find_insured(const struct sk_row *r, uint32_t base, long today)
{
    for (uint32_t col = base + 2; col < base + 16; col++) {
        struct sk_text insured = sk_row_text(r, col), insurer = sk_row_text(r, col - 1);
        if (!sk_text_care_number(insured) && !sk_text_digits(insured, 4, 10))
            continue;
        if ((insured.n == 10 || named_person(r, col + 1, today)) && insurer.n >= 5 && sk_text_insurer(insurer, today))
            return col;
    }
    return 0;
}

struct care_columns { /* absolute columns; 0 = none */
    uint32_t insurer, insured, kana, birth, sex, level, payer;
    bool named; /* from the table */
};

static uint32_t column(uint32_t base, uint8_t position)
{
    return position == 0 ? 0 : base + position - 1u;
}

static struct care_columns columns_of(const struct sk_row *r, uint32_t base, long today)
{
    struct care_columns out = { 0 };
    const struct care_record *k = record_of(r, base);
    if (k != NULL) {
        out = (struct care_columns){
            column(base, k->insurer), column(base, k->insured), 0,   column(base, k->birth), column(base, k->sex),
            column(base, k->level),   column(base, k->payer),   true
        };
        if (out.insured == 0 || sk_text_care_number(sk_row_text(r, out.insured)))
            return out;
        out = (struct care_columns){ 0 };
    }
    /* notices of change and others: 保険者, 被保険者番号, 氏名カナ, 生年月日, 性別 stand side by side */
    uint32_t at = find_insured(r, base, today);
    if (at == 0)
        return out;
    sk_value kana = sk_value_find("kana");
    struct sk_text name = sk_row_text(r, at + 1);
    out.insurer = at - 1;
    out.insured = at;
    if (name.n != 0 && kana != NULL && kana(name.p, name.n, today)) {
        out.kana = at + 1;
        out.birth = at + 2;
        out.sex = at + 3;
    } else {
        out.birth = at + 1;
        out.sex = at + 2;
    }
    return out;
}

static bool care_ok(const struct sk_row *r, uint32_t base, long today)
{
    struct care_columns k = columns_of(r, base, today);
    if (k.insured == 0)
        return false;
    if (k.named && k.birth != 0)
        return sk_text_ymd(sk_row_text(r, k.birth), today);
    return sk_text_digits(sk_row_text(r, k.insurer), 5, 8) &&
           (sk_row_text(r, k.insured).n == 10 || named_person(r, k.insured + 1, today));
}

static int care_probe(const struct sk_row *rows, size_t n, long today, const char **format)
{
    *format = "care-claims";
    return sk_envelope_probe(rows, n, today, care_mine, care_ok);
}

struct care {
    struct sk_open open;
};

/* 公費1 to 3: payer and recipient side by side. */
static bool public_pairs(struct sk_context *c, struct sk_open *o, const struct sk_row *r, uint32_t at)
{
    for (uint32_t col = at; at != 0 && col < at + 6; col += 2) {
        if (sk_text_filled(sk_row_text(r, col)) &&
            !sk_open_add(c, o, r, col, SK_EL_PUBLIC_EXPENSE_PAYER, SK_CONF_HIGH, SK_PIECE_PAYER, true))
            return false;
        if (sk_text_filled(sk_row_text(r, col + 1)) &&
            !sk_open_add(c, o, r, col + 1, SK_EL_PUBLIC_EXPENSE_RECIPIENT, SK_CONF_HIGH, SK_PIECE_RECIPIENT, true))
            return false;
    }
    return true;
}

/* Emergency treatment (type 04) names diseases in free text, positions 8 to 10. */
static bool emergency(struct sk_context *c, struct sk_open *o, const struct sk_row *r, uint32_t base)
{
    if (sk_row_text(r, base).p[0] != '7' || !type_is(sk_row_text(r, base + 1), "04"))
        return true;
    for (uint32_t col = base + 7; col < base + 10; col++)
        if (sk_text_filled(sk_row_text(r, col)) &&
            !sk_open_add(c, o, r, col, SK_EL_DISEASE, SK_CONF_HIGH, SK_PIECES, true))
            return false;
    return true;
}

static bool care_row(struct sk_context *c, void *state, const struct sk_row *r)
{
    struct sk_open *o = &((struct care *)state)->open;
    uint32_t base = sk_envelope_base(r, care_mine);
    if (base == UINT32_MAX)
        return sk_open_end(c, o);
    long today = c->config.today;
    struct care_columns k = columns_of(r, base, today);
    if (k.insured == 0)
        return true;
    bool birth = k.birth != 0 && sk_text_ymd(sk_row_text(r, k.birth), today);
    bool same = sk_open_holds(o, SK_PIECE_CARE, sk_row_text(r, k.insured)) &&
                sk_open_holds(o, SK_PIECE_INSURER, sk_row_text(r, k.insurer));
    bool head = !same || birth; /* later records of one claim carry the keys only */
    if (head && (!sk_open_start(c, o, r) ||
                 !sk_open_add(c, o, r, base, SK_EL_CARE_CLAIM_RECORD, SK_CONF_HIGH, SK_PIECES, true)))
        return false;
    if (!sk_open_add(c, o, r, k.insurer, SK_EL_NONE, SK_CONF_HIGH, SK_PIECE_INSURER, false) || /* for its place */
        !sk_open_add(c, o, r, k.insured, SK_EL_CARE_INSURED_NUMBER, SK_CONF_HIGH, SK_PIECE_CARE, head))
        return false;
    if (k.kana != 0 && !sk_open_add(c, o, r, k.kana, SK_EL_PERSON_KANA, SK_CONF_HIGH, SK_PIECE_KANA, true))
        return false;
    if (birth && (!sk_open_add(c, o, r, k.birth, SK_EL_BIRTH_DATE, SK_CONF_HIGH, SK_PIECE_BIRTH, true) ||
                  (sk_text_number(sk_row_text(r, k.sex)) > 0 &&
                   !sk_open_add(c, o, r, k.sex, SK_EL_SEX, SK_CONF_HIGH, SK_PIECE_SEX, true))))
        return false;
    if (k.level != 0 && sk_text_digits(sk_row_text(r, k.level), 1, 2) &&
        !sk_open_add(c, o, r, k.level, SK_EL_CARE_LEVEL, SK_CONF_HIGH, SK_PIECES, true))
        return false;
    return public_pairs(c, o, r, k.payer) && emergency(c, o, r, base);
}

/* 摘要 of the details, and of emergency treatment. claims.md 2.3 */
static bool care_prose(const struct sk_row *r, uint32_t *first, uint32_t *last)
{
    uint32_t base = sk_envelope_base(r, care_mine);
    if (base == UINT32_MAX || sk_row_text(r, base).p[0] != '7')
        return false;
    bool detail = type_is(sk_row_text(r, base + 1), "02"), urgent = type_is(sk_row_text(r, base + 1), "04");
    *first = base + (detail ? 17 : 25);
    *last = base + (detail ? 17 : 44);
    return (detail && sk_row_cell(r, *first) != NULL) || (urgent && sk_row_width(r) > *first);
}

static bool care_end(struct sk_context *c, void *state)
{
    return sk_open_end(c, &((struct care *)state)->open);
}

const struct sk_row_layout sk_layout_care = {
    .name = "care-claims",
    .probe = care_probe,
    .row = care_row,
    .end = care_end,
    .prose = care_prose,
    .state_size = sizeof(struct care),
};
