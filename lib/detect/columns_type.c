/* Roles confirmed by values, columns typed by values alone, and what kind of table it is (claims.md 4, policy.md 4.2).
 */
#include "detect/columns.h"

#define CONFIRM_OF_10 6 /* this many of ten filled cells must hold a value of the role */
#define VALUES_OF_10 8  /* without a header */
#define CODES_OF_10 9   /* 個人番号 without a header: policy.md 4.2 rule 1 */
#define CODES_LEAST 5
#define VALUES_LEAST 3
#define CHECKUP_COLUMNS 5 /* measures that make a row a health check, claims.md 3.1 */

/* ---------------------------------------------------------------- the sample */

struct sample {
    const struct sk_context *c;
    const struct sk_row *rows;
    size_t n;
    long today;
};

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
static bool is_label(const struct sample *s, size_t row, uint8_t role, struct sk_text t)
{
    char norm[SK_HEADER_BYTES];
    size_t n;
    bool weak;
    if (row >= LABEL_ROWS || (role != SK_ROLE_PERSON_NAME && role != SK_ROLE_PERSON_KANA && role != SK_ROLE_ADDRESS &&
                              strcmp(sk_role_info((enum sk_role)role)->check, "text") != 0))
        return false;
    enum sk_role other = sk_cell_role(s->c, t, norm, &n, &weak);
    return other != SK_ROLE_NONE && other != SK_ROLE_COUNT && !weak;
}

static void sample_column(struct sk_columns *k, uint32_t i, const struct sample *s)
{
    struct sk_column *col = &k->at[i];
    bool numeric = numeric_role(col->role);
    for (size_t j = 0; j < s->n; j++) {
        struct sk_text t = sk_row_text(&s->rows[j], i);
        if (t.n != 0 && is_label(s, j, col->role, t)) {
            col->filled++;
            continue;
        }
        if (t.n == 0 || (numeric && !has_digit(t)) || (col->role != SK_ROLE_SEX && sk_blank_form(t.p, t.n)))
            continue;
        col->filled++;
        if (col->use == SK_COL_FAMILY)
            col->passed += pair_value(col, &s->rows[j], i, s->today);
        else
            col->passed += col->value != NULL && col->value(t.p, t.n, s->today);
        col->shaped += col->shape != 0 && digits_of(t) == col->shape;
    }
}

static bool enough(uint32_t passed, uint32_t filled, uint32_t of_10)
{
    return filled != 0 && (uint64_t)passed * 10 >= (uint64_t)filled * of_10;
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

static void forget(struct sk_column *col, uint8_t use)
{
    col->use = use;
    col->element = SK_EL_NONE;
    col->piece = SK_PIECES;
    col->confirmed = false;
}

/* 個人番号: any valid number under the header counts, unless chance alone explains them; shorter ones are 国保個人番号.
 */
static void confirm_my_number(struct sk_column *col)
{
    if (col->filled == 0 || enough(col->passed, col->filled, CONFIRM_OF_10)) {
        col->confirmed = true;
        return;
    }
    if (!enough(col->shaped, col->filled, CONFIRM_OF_10)) {
        forget(col, SK_COL_CONTEXT);
        return;
    }
    col->confirmed = true;
    if (col->filled >= 10 && !enough(col->passed, col->filled, 3)) /* one random number in ten is valid */
        col->good = SK_CONF_LOW;
}

/* 後期 has eight digits, 介護 ten; other lengths are 国保 numbers, or lost their zeros in a spreadsheet. */
static void confirm_insured(struct sk_columns *k, uint32_t i, const struct sample *s, bool care, bool symbol)
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
    if (enough(ten, any, CONFIRM_OF_10)) {
        col->element = SK_EL_CARE_INSURED_NUMBER;
        col->piece = SK_PIECE_CARE;
        col->digit = NULL;
        col->shape = 10;
    } else if (!symbol && enough(eight, any, CONFIRM_OF_10)) {
        col->element = SK_EL_LATECARE_INSURED_NUMBER;
        col->piece = SK_PIECE_LATECARE;
        col->digit = sk_check_find("kouki_hihokensha8");
        col->bad = SK_CONF_MEDIUM; /* no official text says that every number keeps the check digit */
        col->shape = 8;
    } else if (care && enough(number, any, CONFIRM_OF_10)) {
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
    } else if (enough(number + ten + col->passed, any, CONFIRM_OF_10)) {
        col->use = symbol ? SK_COL_NUMBER : SK_COL_BOTH;
        col->element = SK_EL_INSURED_ID;
        col->piece = SK_PIECES;
        col->digit = NULL;
        col->value = sk_value_find("symbol");
        col->shape = 0;
    } else {
        forget(col, SK_COL_FREE);
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
    if (col->filled == 0 ? col->head == SK_HEAD_EXACT : enough(col->passed, col->filled, CONFIRM_OF_10)) {
        col->confirmed = true;
        return;
    }
    if (col->digit != NULL && col->shape != 0 && col->head == SK_HEAD_EXACT &&
        enough(col->shaped, col->filled, CONFIRM_OF_10)) { /* right shape, wrong check digits: low */
        col->confirmed = true;
        return;
    }
    forget(col, SK_COL_FREE);
}

/* ---------------------------------------------------------------- without headers */

static uint32_t count_values(const struct sample *s, uint32_t col, sk_value value, uint32_t *filled, uint32_t *changes)
{
    uint32_t passed = 0;
    struct sk_text last = { "", 0 };
    *filled = *changes = 0;
    for (size_t j = 0; j < s->n; j++) {
        struct sk_text t = sk_row_text(&s->rows[j], col);
        if (t.n == 0)
            continue;
        ++*filled;
        *changes += t.n != last.n || memcmp(t.p, last.p, t.n) != 0;
        last = t;
        passed += value != NULL && value(t.p, t.n, s->today);
    }
    return passed;
}

static void take(struct sk_column *col, enum sk_role role, enum sk_confidence conf)
{
    col->role = (uint8_t)role;
    col->head = SK_HEAD_VALUES;
    set_meaning(col);
    col->good = (uint8_t)conf;
    col->confirmed = true;
}

/* 個人番号 in an unnamed column: nine of ten valid among at least five. Also notes columns in which a lone valid one is
 * chance. */
static void type_codes(struct sk_columns *k, const struct sample *s)
{
    sk_value value = sk_value_find("my_number");
    for (uint32_t i = 0; i < k->n; i++) {
        struct sk_column *col = &k->at[i];
        if (col->use != SK_COL_FREE && !(col->use == SK_COL_CONTEXT && col->role != SK_ROLE_LICENCE))
            continue;
        uint32_t filled = 0, changes = 0, shaped = 0;
        for (size_t j = 0; j < s->n && j < 2; j++) /* most columns need no more than a look */
            shaped += digits_of(sk_row_text(&s->rows[j], i)) == 12;
        if (shaped == 0 && s->n > 2)
            continue;
        uint32_t passed = count_values(s, i, value, &filled, &changes);
        if (filled >= CODES_LEAST && changes * 2 >= filled && enough(passed, filled, CODES_OF_10))
            take(col, SK_ROLE_MY_NUMBER_OR_KOKUHO_PERSON, SK_CONF_HIGH);
        else
            col->guarded = filled >= CODES_LEAST && !enough(passed, filled, 5);
    }
}

struct guess {
    uint32_t col;
    bool found;
};

/* The first free column in which nearly all cells are such values, and not one value again and again. */
static struct guess guess_column(const struct sk_columns *k, const struct sample *s, const char *value, uint32_t of_10)
{
    struct guess out = { 0, false };
    sk_value check = sk_value_find(value);
    for (uint32_t i = 0; i < k->n && !out.found; i++) {
        uint32_t filled, changes;
        if (k->at[i].use != SK_COL_FREE)
            continue;
        uint32_t passed = count_values(s, i, check, &filled, &changes);
        out.found =
            filled >= VALUES_LEAST && filled * 2 >= s->n && changes * 2 >= filled && enough(passed, filled, of_10);
        out.col = i;
    }
    return out;
}

/* Names alone prove nothing (places, goods); names beside readings, birthdays or telephones do. */
static void type_people(struct sk_columns *k, const struct sample *s)
{
    static const struct {
        const char *value;
        uint8_t role;
        uint8_t of_10;
    } kinds[] = {
        { "name", SK_ROLE_PERSON_NAME, VALUES_OF_10 }, { "kana", SK_ROLE_PERSON_KANA, VALUES_OF_10 },
        { "date", SK_ROLE_BIRTH_DATE, CODES_OF_10 },   { "phone", SK_ROLE_PHONE, CODES_OF_10 },
        { "email", SK_ROLE_EMAIL, CODES_OF_10 },       { "address", SK_ROLE_ADDRESS, VALUES_OF_10 },
        { "postal", SK_ROLE_POSTAL, CODES_OF_10 },
    };
    enum { NAME, KANA, DATE, PHONE, MAIL, PLACE, POST, KINDS };
    struct guess g[KINDS];
    for (size_t i = 0; i < KINDS; i++)
        g[i].found = false;
    /* kana first: a name check may accept katakana */
    static const uint8_t order[] = { KANA, DATE, PHONE, MAIL, PLACE, POST, NAME };
    for (size_t i = 0; i < KINDS; i++) {
        size_t kind = order[i];
        g[kind] = guess_column(k, s, kinds[kind].value, kinds[kind].of_10);
        if (g[kind].found)
            k->at[g[kind].col].use = SK_COL_CONTEXT; /* spoken for */
    }
    bool person = g[NAME].found && (g[KANA].found || g[DATE].found || g[PHONE].found || g[MAIL].found ||
                                    (g[PLACE].found && g[POST].found));
    person = person || (g[KANA].found && g[DATE].found);
    for (size_t i = 0; i < KINDS; i++) {
        if (!g[i].found)
            continue;
        k->at[g[i].col].use = SK_COL_FREE;
        if (person && (i != KANA || g[NAME].found || g[DATE].found))
            take(&k->at[g[i].col], (enum sk_role)kinds[i].role, SK_CONF_MEDIUM);
    }
}

/* ---------------------------------------------------------------- the kind of the table */

static uint32_t count_roles(const struct sk_columns *k, uint8_t role)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < k->n; i++)
        n += k->at[i].role == role && k->at[i].confirmed;
    return n;
}

/* Columns that point to one person; birth dates only beside others. */
static bool has_people(const struct sk_columns *k)
{
    for (uint32_t i = 0; i < k->n; i++) {
        const struct sk_column *col = &k->at[i];
        if (!col->confirmed)
            continue;
        if (col->role == SK_ROLE_PERSON_NAME || col->role == SK_ROLE_PERSON_KANA || col->role == SK_ROLE_ACCOUNT_HOLDER)
            return true;
        char class = sk_role_info((enum sk_role)col->role)->class;
        if (class == 'N' && col->role != SK_ROLE_HOUSEHOLD_NO && col->role != SK_ROLE_EDABAN &&
            col->role != SK_ROLE_KOKUHO_SYMBOL)
            return true;
    }
    return count_roles(k, SK_ROLE_BIRTH_DATE) != 0;
}

static bool has_institutions(const struct sk_columns *k)
{
    bool body = count_roles(k, SK_ROLE_FACILITY_NAME) + count_roles(k, SK_ROLE_ORGANISATION) +
                    count_roles(k, SK_ROLE_FACILITY_CODE) + count_roles(k, SK_ROLE_OFFICE_CODE) +
                    count_roles(k, SK_ROLE_CORPORATE) !=
                0;
    return body && count_roles(k, SK_ROLE_ADDRESS) + count_roles(k, SK_ROLE_PHONE) + count_roles(k, SK_ROLE_FAX) +
                           count_roles(k, SK_ROLE_CORPORATE) !=
                       0;
}

static void set_kind(struct sk_columns *k)
{
    if (has_people(k))
        k->kind = SK_TABLE_PERSONS;
    else if (count_roles(k, SK_ROLE_COUNT) != 0)
        k->kind = SK_TABLE_STATISTICS;
    else if (has_institutions(k))
        k->kind = SK_TABLE_DIRECTORY;
    k->checkup = k->kind == SK_TABLE_PERSONS && count_roles(k, SK_ROLE_LAB_VALUE) >= CHECKUP_COLUMNS;
}

/* What a column may say depends on the company it keeps. */
static void settle(struct sk_columns *k, struct sk_column *col)
{
    char class = sk_role_info((enum sk_role)col->role)->class;
    bool staff = count_roles(k, SK_ROLE_PERSON_NAME) + count_roles(k, SK_ROLE_PERSON_KANA) +
                     count_roles(k, SK_ROLE_STAFF_ID) + count_roles(k, SK_ROLE_STAFF_NAME) !=
                 0;
    switch (k->kind) {
    case SK_TABLE_PERSONS:
        if (col->role == SK_ROLE_STAFF_HR && !staff)
            forget(col, SK_COL_CONTEXT);
        return;
    case SK_TABLE_STATISTICS: /* headers of people over counts of people */
    case SK_TABLE_DIRECTORY:  /* published addresses and telephones */
        if (class == 'H' || col->element == SK_EL_ADDRESS || col->element == SK_EL_PHONE ||
            col->element == SK_EL_POSTAL_CODE || col->element == SK_EL_EMAIL || col->element == SK_EL_SEX ||
            col->element == SK_EL_AGE)
            forget(col, SK_COL_CONTEXT);
        return;
    default:
        if (col->role == SK_ROLE_CREDENTIAL && count_roles(k, SK_ROLE_STAFF_ID) == 0 && col->good > SK_CONF_MEDIUM)
            col->good = SK_CONF_MEDIUM;
        if (col->role == SK_ROLE_STAFF_HR && !staff)
            forget(col, SK_COL_CONTEXT);
        else if (class == 'H' && col->role != SK_ROLE_STAFF_HR && col->good > SK_CONF_LOW)
            col->good = SK_CONF_LOW; /* diseases of nobody */
        else if ((col->role == SK_ROLE_SEX || col->role == SK_ROLE_AGE) && col->good > SK_CONF_LOW)
            col->good = SK_CONF_LOW;
        else if ((col->role == SK_ROLE_ADDRESS || col->role == SK_ROLE_PHONE || col->role == SK_ROLE_POSTAL) &&
                 col->good > SK_CONF_MEDIUM)
            col->good = SK_CONF_MEDIUM;
        return;
    }
}

/* Codes beside the text of the same thing are not counted twice. */
static void drop_codes(struct sk_columns *k, uint8_t text, uint8_t code)
{
    if (count_roles(k, text) == 0)
        return;
    for (uint32_t i = 0; i < k->n; i++)
        if (k->at[i].role == code && k->at[i].confirmed)
            forget(&k->at[i], SK_COL_CONTEXT);
}

static bool identifies(const struct sk_column *col)
{
    return col->piece != SK_PIECES || (col->use >= SK_COL_SYMBOL && col->use <= SK_COL_GIVEN);
}

/* People known by name only are told apart by what else is theirs. */
static uint32_t find_apart(const struct sk_columns *k)
{
    static const uint8_t roles[] = { SK_ROLE_STAFF_ID, SK_ROLE_PATIENT_ID, SK_ROLE_BANK_ACCOUNT, SK_ROLE_YUCHO,
                                     SK_ROLE_EMAIL,    SK_ROLE_PHONE,      SK_ROLE_ADDRESS };
    bool name = false;
    for (uint32_t i = 0; i < k->n; i++) {
        const struct sk_column *col = &k->at[i];
        if (col->use <= SK_COL_CONTEXT)
            continue;
        if (col->role == SK_ROLE_PERSON_NAME || col->role == SK_ROLE_PERSON_KANA)
            name = true;
        else if (identifies(col) && col->piece != SK_PIECE_SEX && col->piece != SK_PIECE_INSURER)
            return UINT32_MAX;
    }
    for (size_t r = 0; name && r < sizeof roles / sizeof roles[0]; r++)
        for (uint32_t i = 0; i < k->n; i++)
            if (k->at[i].role == roles[r] && k->at[i].confirmed && k->at[i].filled != 0)
                return i;
    return UINT32_MAX;
}

static void list_active(struct sk_columns *k)
{
    for (int pass = 0; pass < 2; pass++)
        for (uint32_t i = 0; i < k->n; i++) {
            struct sk_column *col = &k->at[i];
            bool works = col->use > SK_COL_CONTEXT && col->use != SK_COL_GIVEN;
            if (works && identifies(col) == (pass == 0))
                k->active[k->n_active++] = (uint16_t)i;
        }
}

/* One column of each kind tells who it is: the shortest header, so 氏名 before 世帯主氏名. */
static void keep_first_piece(struct sk_columns *k)
{
    for (unsigned piece = 0; piece < SK_PIECES; piece++) {
        uint32_t best = k->n;
        size_t best_n = SIZE_MAX;
        for (uint32_t i = 0; i < k->n; i++) {
            size_t n = k->heads != NULL && k->heads[i] != NULL ? strlen(k->heads[i]) : 0;
            if (k->at[i].piece == piece && k->at[i].use > SK_COL_CONTEXT && n < best_n) {
                best = i;
                best_n = n;
            }
        }
        for (uint32_t i = 0; i < k->n; i++)
            if (k->at[i].piece == piece && i != best)
                k->at[i].piece = SK_PIECES;
    }
}

bool sk_columns_type(struct sk_context *c, struct sk_columns *k, const struct sk_row *rows, size_t n)
{
    struct sample s = { c, rows, 0, c->config.today };
    size_t from = 0;
    while (k->has_header && from < n && rows[from].row < k->header_row + k->header_rows)
        from++;
    s.rows = rows + from;
    s.n = n - from < SK_SAMPLE_ROWS ? n - from : SK_SAMPLE_ROWS;
    bool typed = false;
    for (uint32_t i = 0; i < k->n; i++) {
        if (k->at[i].role == SK_ROLE_NONE)
            continue;
        set_meaning(&k->at[i]);
        if (k->at[i].role != SK_ROLE_INSURED_NO)
            sample_column(k, i, &s);
    }
    for (uint32_t i = 0; i < k->n; i++)
        if (k->at[i].role != SK_ROLE_NONE && k->at[i].role != SK_ROLE_INSURED_NO && k->at[i].use != SK_COL_GIVEN)
            confirm(k, i);
    bool care = count_roles(k, SK_ROLE_CARE_LEVEL) + count_roles(k, SK_ROLE_OFFICE_CODE) != 0;
    bool symbol = count_roles(k, SK_ROLE_KOKUHO_SYMBOL) != 0 && count_roles(k, SK_ROLE_KOKUHO_NUMBER) == 0;
    for (uint32_t i = 0; i < k->n; i++)
        if (k->at[i].role == SK_ROLE_INSURED_NO)
            confirm_insured(k, i, &s, care, symbol);
    type_codes(k, &s);
    for (uint32_t i = 0; i < k->n; i++)
        typed = typed || (k->at[i].role != SK_ROLE_NONE && k->at[i].confirmed);
    if (!typed && !k->has_header)
        type_people(k, &s);
    drop_codes(k, SK_ROLE_DISEASE_NAME, SK_ROLE_DISEASE_CODE);
    drop_codes(k, SK_ROLE_DISEASE_NAME, SK_ROLE_ICD10);
    drop_codes(k, SK_ROLE_DRUG_NAME, SK_ROLE_DRUG_CODE);
    drop_codes(k, SK_ROLE_PROCEDURE, SK_ROLE_PROCEDURE_CODE);
    set_kind(k);
    for (uint32_t i = 0; i < k->n; i++)
        if (k->at[i].role != SK_ROLE_NONE && k->at[i].confirmed)
            settle(k, &k->at[i]);
    keep_first_piece(k);
    k->apart = find_apart(k);
    list_active(k);
    return true;
}
