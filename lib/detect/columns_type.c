/* Roles confirmed by the values below their headers (claims.md 4). */
#include "detect/columns.h"
#include "detect/lists.h"

#define CONFIRM_OF_10 6 /* this many of ten filled cells must hold a value of the role */

/* ---------------------------------------------------------------- the sample */

static bool has_digit(struct sk_text t)
{
    for (uint32_t i = 0; i < t.n; i++)
        if (t.p[i] >= '0' && t.p[i] <= '9')
            return true;
    return false;
}

/* Values of these roles are never written without a digit, so that 不明, なし and 同上 do not speak against the column.
 */
static bool numeric_role(uint8_t role)
{
    switch (role) {
    case SK_ROLE_BIRTH_DATE:
    case SK_ROLE_POSTAL:
    case SK_ROLE_PHONE:
    case SK_ROLE_FAX:
    case SK_ROLE_MY_NUMBER_OR_KOKUHO_PERSON:
    case SK_ROLE_INSURED_NO:
    case SK_ROLE_INSURER_NO:
    case SK_ROLE_RECIPIENT_NO:
    case SK_ROLE_KOUHI_PAYER_NO:
    case SK_ROLE_KOUHI_RECIPIENT_NO:
    case SK_ROLE_RESIDENT_CODE:
    case SK_ROLE_PENSION:
    case SK_ROLE_LICENCE:
    case SK_ROLE_CARD:
    case SK_ROLE_BANK_ACCOUNT:
    case SK_ROLE_YUCHO:
    case SK_ROLE_LAB_VALUE:
    case SK_ROLE_COUNT:
        return true;
    default:
        return false;
    }
}

static uint32_t digits_of(struct sk_text t)
{
    char d[24];
    return (uint32_t)sk_text_plain_digits(t, d, sizeof d);
}

/* "山田" and "太郎" as one name. */
static bool pair_value(const struct sk_column *col, const struct sk_row *r, uint32_t family, long today)
{
    struct sk_text f = sk_row_text(r, family), g = sk_row_text(r, col->partner);
    char text[2 * SK_HEADER_BYTES];
    if (f.n == 0 || (size_t)f.n + g.n + 1 > sizeof text)
        return false;
    memcpy(text, f.p, f.n);
    text[f.n] = ' ';
    memcpy(text + f.n + 1, g.p, g.n);
    return col->value != NULL && col->value(text, (size_t)f.n + 1 + g.n, today);
}

#define LABEL_ROWS 20u /* of a form, whose labels stand below one another */

/* A label in the place of a value: this is a form, not a column. */
static bool is_label(const struct sk_sample *s, size_t row, uint8_t role, struct sk_text t)
{
    char norm[SK_HEADER_BYTES];
    size_t n;
    bool weak;
    if (row >= LABEL_ROWS || (role != SK_ROLE_PERSON_NAME && role != SK_ROLE_PERSON_KANA && role != SK_ROLE_ADDRESS &&
                              strcmp(sk_role_info((enum sk_role)role)->check, "text") != 0))
        return false;
    if (!sk_cell_may_head(t))
        return false;
    enum sk_role other = sk_cell_role(s->c, t, norm, &n, &weak);
    if (role == SK_ROLE_DISEASE_NAME && sk_column_disease(s->c, t))
        return false; /* 慢性腎臓病 heads columns of checks too */
    return other != SK_ROLE_NONE && other != SK_ROLE_COUNT && !weak;
}

static void sample_column(struct sk_columns *k, uint32_t i, const struct sk_sample *s)
{
    struct sk_column *col = &k->at[i];
    bool numeric = numeric_role(col->role);
    struct sk_lists lists;
    sk_lists_init_organisations(&lists, s->c->rules);
    for (size_t j = 0; j < s->n; j++) {
        struct sk_text t = sk_row_text(&s->rows[j], i);
        if (t.n != 0 && is_label(s, j, col->role, t)) {
            col->filled++;
            continue;
        }
        if (t.n == 0 || (numeric && !has_digit(t)) || (col->role != SK_ROLE_SEX && sk_blank_form(t.p, t.n)))
            continue;
        col->filled++;
        if (col->role == SK_ROLE_PERSON_NAME && sk_lists_organisation(&lists, t.p, t.n)) {
            col->bodies = true; /* schools and offices have names too */
            continue;
        }
        if (col->use == SK_COL_FAMILY)
            col->passed += pair_value(col, &s->rows[j], i, s->today);
        else
            col->passed += col->value != NULL && col->value(t.p, t.n, s->today);
        col->shaped += col->shape != 0 && digits_of(t) == col->shape;
    }
}

/* ---------------------------------------------------------------- what each role means */

struct meaning {
    uint8_t role, use, piece;
    const char *digit; /* check that makes a value certain */
    uint8_t shape;
};
static const struct meaning MEANINGS[] = {
#define X(role, use, piece, digit, shape) { SK_ROLE_##role, SK_COL_##use, SK_PIECE##piece, digit, shape },
#include "detect/columns.def"
#undef X
};

static void set_meaning(struct sk_column *col)
{
    const struct sk_role_info *info = sk_role_info((enum sk_role)col->role);
    uint8_t pair = col->use;
    col->value = sk_value_find(info->check);
    col->element = (uint8_t)info->element;
    col->use = info->element != SK_EL_NONE ? SK_COL_VALUE : SK_COL_CONTEXT;
    for (size_t i = 0; i < sizeof MEANINGS / sizeof MEANINGS[0]; i++) {
        if (MEANINGS[i].role != col->role)
            continue;
        col->use = MEANINGS[i].use;
        col->piece = MEANINGS[i].piece;
        col->shape = MEANINGS[i].shape;
        col->digit = MEANINGS[i].digit != NULL ? sk_check_find(MEANINGS[i].digit) : NULL;
    }
    if (pair == SK_COL_FAMILY || pair == SK_COL_GIVEN)
        col->use = pair;
    col->good = col->head == SK_HEAD_EXACT ? SK_CONF_HIGH : SK_CONF_MEDIUM;
    col->bad = col->digit == NULL ? -1 : SK_CONF_LOW;
}

void sk_column_forget(struct sk_column *col, enum sk_column_use use)
{
    col->use = (uint8_t)use;
    col->element = SK_EL_NONE;
    col->piece = SK_PIECES;
    col->confirmed = false;
}

/* 個人番号: any valid number under the header counts, unless chance alone explains them; shorter ones are 国保個人番号.
 */
static void confirm_my_number(struct sk_column *col)
{
    if (col->filled == 0 || sk_most(col->passed, col->filled, CONFIRM_OF_10)) {
        col->confirmed = true;
        return;
    }
    if (!sk_most(col->shaped, col->filled, CONFIRM_OF_10)) {
        sk_column_forget(col, SK_COL_CONTEXT);
        return;
    }
    col->confirmed = true;
    if (col->filled >= 10 && !sk_most(col->passed, col->filled, 3)) /* one random number in ten is valid */
        col->good = SK_CONF_LOW;
}

/* 後期 has eight digits, 介護 ten; other lengths are 国保 numbers, or lost their zeros in a spreadsheet. */
static void confirm_insured(struct sk_columns *k, uint32_t i, const struct sk_sample *s, bool care, bool symbol)
{
    struct sk_column *col = &k->at[i];
    uint32_t eight = 0, ten = 0, number = 0, any = 0;
    sk_value symbol_number = sk_value_find("symbol_number");
    for (size_t j = 0; j < s->n; j++) {
        struct sk_text t = sk_row_text(&s->rows[j], i);
        if (t.n == 0 || !has_digit(t))
            continue;
        uint32_t n = digits_of(t);
        any++;
        eight += n == 8;
        ten += n == 10 || (t.n == 10 && t.p[0] == 'H');
        number += n >= 4 && n < 10;
        col->passed += n == 0 && symbol_number != NULL && symbol_number(t.p, t.n, s->today);
    }
    col->filled = any;
    if (sk_most(ten, any, CONFIRM_OF_10)) {
        col->element = SK_EL_CARE_INSURED_NUMBER;
        col->piece = SK_PIECE_CARE;
        col->digit = NULL;
        col->shape = 10;
    } else if (!symbol && sk_most(eight, any, CONFIRM_OF_10)) {
        col->element = SK_EL_LATECARE_INSURED_NUMBER;
        col->piece = SK_PIECE_LATECARE;
        col->digit = sk_check_find("kouki_hihokensha8");
        col->bad = SK_CONF_MEDIUM; /* no official text says that every number keeps the check digit */
        col->shape = 8;
    } else if (care && sk_most(number, any, CONFIRM_OF_10)) {
        col->element = SK_EL_CARE_INSURED_NUMBER;
        col->piece = SK_PIECE_CARE;
        col->digit = NULL;
        col->shape = 0;
        col->good = SK_CONF_MEDIUM;
        col->value = sk_value_find("digits");
    } else if (any == 0) {
        col->use = SK_COL_EACH;
        col->element = SK_EL_NONE;
        col->value = sk_value_find("symbol");
    } else if (sk_most(number + ten + col->passed, any, CONFIRM_OF_10)) {
        col->use = symbol ? SK_COL_NUMBER : SK_COL_BOTH;
        col->element = SK_EL_INSURED_ID;
        col->piece = SK_PIECES;
        col->digit = NULL;
        col->value = sk_value_find("symbol");
        col->shape = 0;
    } else {
        sk_column_forget(col, SK_COL_FREE);
        return;
    }
    col->confirmed = true;
}

static void confirm(struct sk_columns *k, uint32_t i)
{
    struct sk_column *col = &k->at[i];
    if (col->role == SK_ROLE_MY_NUMBER_OR_KOKUHO_PERSON) {
        confirm_my_number(col);
        return;
    }
    /* A column that is empty so far keeps a certain header; each cell that comes is judged by itself. */
    if (col->filled == 0 ? col->head == SK_HEAD_EXACT : sk_most(col->passed, col->filled, CONFIRM_OF_10)) {
        col->confirmed = true;
        return;
    }
    if (col->digit != NULL && col->shape != 0 && col->head == SK_HEAD_EXACT &&
        sk_most(col->shaped, col->filled, CONFIRM_OF_10)) { /* right shape, wrong check digits: low */
        col->confirmed = true;
        return;
    }
    sk_column_forget(col, SK_COL_FREE);
}

/* A header that only resembles those of names (名称, 名) needs names below it. */
static void confirm_named(struct sk_columns *k, uint32_t i, const struct sk_sample *s)
{
    struct sk_column *col = &k->at[i];
    confirm(k, i);
    if (col->confirmed && col->role == SK_ROLE_PERSON_NAME && col->use != SK_COL_FAMILY &&
        (col->weak || col->head == SK_HEAD_NEAR) && sk_columns_no_names(s, i))
        sk_column_forget(col, SK_COL_FREE);
}

void sk_column_take(struct sk_column *col, enum sk_role role, enum sk_confidence conf)
{
    col->role = (uint8_t)role;
    col->head = SK_HEAD_VALUES;
    set_meaning(col);
    col->good = (uint8_t)conf;
    col->confirmed = true;
}

/* Whose account it is: where no column names somebody, the holders are the persons, among companies, whose readings are
 * not those of people: カ)マエバシ. */
static void take_holders(struct sk_columns *k, const struct sk_sample *s)
{
    static const uint8_t roles[] = { SK_ROLE_PERSON_KANA, SK_ROLE_PERSON_NAME };
    for (uint32_t i = 0; i < k->n; i++) {
        struct sk_column *col = &k->at[i];
        if (col->role != SK_ROLE_ACCOUNT_HOLDER || sk_columns_count(k, SK_ROLE_PERSON_NAME) != 0 ||
            sk_columns_count(k, SK_ROLE_PERSON_KANA) != 0)
            continue;
        const struct sk_column header = *col;
        for (size_t r = 0, found = 0; r < sizeof roles / sizeof roles[0] && !found; r++) {
            *col = (struct sk_column){ .role = roles[r], .head = header.head, .piece = SK_PIECES };
            set_meaning(col);
            if (r == 0)
                col->value = sk_value_find("holder");
            sample_column(k, i, s);
            found = col->passed;
            col->confirmed = found != 0;
        }
        if (!col->confirmed)
            *col = header;
    }
}

#define POSTAL_ROWS 5u /* pairs of that form without a bank near: no chance any more */

/* 記号 and 番号 of the post bank are headed like those of insured persons. */
static void take_postal(struct sk_columns *k, const struct sk_sample *s)
{
    uint32_t symbol = k->n, number = k->n;
    size_t pairs = 0;
    bool bank = false;
    for (uint32_t i = 0; i < k->n; i++) {
        uint8_t role = k->at[i].role;
        symbol = role == SK_ROLE_KOKUHO_SYMBOL && k->at[i].weak ? i : symbol;
        number = role == SK_ROLE_KOKUHO_NUMBER ? i : number;
        bank = bank || role == SK_ROLE_BANK_NAME || role == SK_ROLE_ACCOUNT_HOLDER;
    }
    if (symbol == k->n || number == k->n)
        return;
    for (size_t j = 0; j < s->n; j++) {
        struct sk_text a = sk_row_text(&s->rows[j], symbol), b = sk_row_text(&s->rows[j], number);
        if (a.n == 0 && b.n == 0)
            continue;
        if (!sk_is_postal_account(sk_bytes(a.p, a.n), sk_bytes(b.p, b.n)))
            return;
        pairs++;
    }
    if (pairs >= (bank ? 1 : POSTAL_ROWS)) {
        sk_column_forget(&k->at[symbol], SK_COL_CONTEXT);
        k->at[symbol].role = SK_ROLE_OTHER;
        sk_column_take(&k->at[number], SK_ROLE_YUCHO, SK_CONF_HIGH);
        k->at[number].value = sk_value_find("postal_number");
    }
}

/* The roles that stand as they are; 被保険者番号 needs to know its company. */
static void confirm_all(struct sk_columns *k, const struct sk_sample *s)
{
    for (uint32_t i = 0; i < k->n; i++)
        if (k->at[i].role != SK_ROLE_NONE) {
            set_meaning(&k->at[i]);
            if (k->at[i].role != SK_ROLE_INSURED_NO)
                sample_column(k, i, s);
        }
    for (uint32_t i = 0; i < k->n; i++)
        if (k->at[i].role != SK_ROLE_NONE && k->at[i].role != SK_ROLE_INSURED_NO && k->at[i].use != SK_COL_GIVEN)
            confirm_named(k, i, s);
    bool care = sk_columns_count(k, SK_ROLE_CARE_LEVEL) + sk_columns_count(k, SK_ROLE_OFFICE_CODE) != 0;
    bool symbol = sk_columns_count(k, SK_ROLE_KOKUHO_SYMBOL) != 0 && sk_columns_count(k, SK_ROLE_KOKUHO_NUMBER) == 0;
    for (uint32_t i = 0; i < k->n; i++)
        if (k->at[i].role == SK_ROLE_INSURED_NO)
            confirm_insured(k, i, s, care, symbol);
    take_holders(k, s);
    take_postal(k, s);
}

bool sk_columns_type(struct sk_context *c, struct sk_columns *k, const struct sk_row *rows, size_t n)
{
    size_t from = 0;
    while (k->has_header && from < n && rows[from].row < k->header_row + k->header_rows)
        from++;
    struct sk_sample s = { c, rows + from, n - from < SK_SAMPLE_ROWS ? n - from : SK_SAMPLE_ROWS, c->config.today };
    confirm_all(k, &s);
    sk_columns_guess_codes(k, &s);
    sk_columns_guess_names(k, &s);
    bool typed = k->has_header;
    for (uint32_t i = 0; i < k->n; i++)
        typed = typed || (k->at[i].role != SK_ROLE_NONE && k->at[i].confirmed);
    if (!typed)
        sk_columns_guess_people(k, &s);
    sk_columns_settle(k, &s);
    return true;
}
