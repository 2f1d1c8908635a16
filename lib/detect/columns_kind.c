/* What kind of table it is, and what its columns may say in that company (claims.md 4). */
#include "detect/columns.h"

#define CHECKUP_COLUMNS 5 /* measures that make a row a health check, claims.md 3.1 */

/* ---------------------------------------------------------------- the kind of the table */

uint32_t sk_columns_count(const struct sk_columns *k, enum sk_role role)
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
    return sk_columns_count(k, SK_ROLE_BIRTH_DATE) != 0;
}

/* A reading without company may be that of a school (名称, フリガナ, 住所): it is a person's when somebody is
 * described, or when most readings are parted as those of people are. */
static void drop_readings(struct sk_columns *k, const struct sk_sample *s)
{
    bool care = false; /* カナ beside ICD10 and 病名 is the reading of the disease: of masters */
    for (uint32_t i = 0; i < k->n; i++) {
        const struct sk_column *col = &k->at[i];
        char class = col->confirmed ? sk_role_info((enum sk_role)col->role)->class : 'X';
        care = care || class == 'H' || class == 'M';
        if (col->confirmed && col->role != SK_ROLE_PERSON_KANA && col->role != SK_ROLE_POSTAL &&
            (col->role == SK_ROLE_PERSON_NAME || class == 'Q' || class == 'N'))
            return;
    }
    for (uint32_t i = 0; i < k->n; i++) {
        struct sk_column *col = &k->at[i];
        uint32_t filled = 0, parted = 0;
        if (col->role != SK_ROLE_PERSON_KANA || !col->confirmed || col->use == SK_COL_FAMILY)
            continue;
        for (size_t j = 0; j < s->n; j++) {
            struct sk_text t = sk_row_text(&s->rows[j], i);
            filled += t.n != 0 && col->value(t.p, t.n, s->today);
            parted += t.n != 0 && memchr(t.p, ' ', t.n) != NULL;
        }
        if (filled != 0 && !sk_most(parted, filled, 6) && (!care || sk_columns_no_readings(s, i)))
            sk_column_forget(col, SK_COL_CONTEXT);
    }
}

static bool has_institutions(const struct sk_columns *k)
{
    bool body = sk_columns_count(k, SK_ROLE_FACILITY_NAME) + sk_columns_count(k, SK_ROLE_ORGANISATION) +
                    sk_columns_count(k, SK_ROLE_FACILITY_CODE) + sk_columns_count(k, SK_ROLE_OFFICE_CODE) +
                    sk_columns_count(k, SK_ROLE_CORPORATE) !=
                0;
    return body && sk_columns_count(k, SK_ROLE_ADDRESS) + sk_columns_count(k, SK_ROLE_PHONE) +
                           sk_columns_count(k, SK_ROLE_FAX) + sk_columns_count(k, SK_ROLE_CORPORATE) !=
                       0;
}

static void set_kind(struct sk_columns *k)
{
    if (has_people(k))
        k->kind = SK_TABLE_PERSONS;
    else if (has_institutions(k)) /* before statistics: lists of hospitals count beds */
        k->kind = SK_TABLE_DIRECTORY;
    else if (sk_columns_count(k, SK_ROLE_COUNT) != 0)
        k->kind = SK_TABLE_STATISTICS;
    k->checkup = k->kind == SK_TABLE_PERSONS && sk_columns_count(k, SK_ROLE_LAB_VALUE) >= CHECKUP_COLUMNS;
}

/* What a column may say depends on the company it keeps. */
static void settle(struct sk_columns *k, struct sk_column *col)
{
    char class = sk_role_info((enum sk_role)col->role)->class;
    bool staff = sk_columns_count(k, SK_ROLE_PERSON_NAME) + sk_columns_count(k, SK_ROLE_PERSON_KANA) +
                     sk_columns_count(k, SK_ROLE_STAFF_ID) + sk_columns_count(k, SK_ROLE_STAFF_NAME) !=
                 0;
    switch (k->kind) {
    case SK_TABLE_PERSONS:
        if (col->role == SK_ROLE_STAFF_HR && !staff)
            sk_column_forget(col, SK_COL_CONTEXT);
        return;
    case SK_TABLE_STATISTICS: /* headers of people over counts of people */
    case SK_TABLE_DIRECTORY:  /* published addresses and telephones */
        if (class == 'H' || col->element == SK_EL_ADDRESS || col->element == SK_EL_PHONE ||
            col->element == SK_EL_POSTAL_CODE || col->element == SK_EL_EMAIL || col->element == SK_EL_SEX ||
            col->element == SK_EL_AGE)
            sk_column_forget(col, SK_COL_CONTEXT);
        return;
    default:
        if (col->role == SK_ROLE_CREDENTIAL && sk_columns_count(k, SK_ROLE_STAFF_ID) == 0 && col->good > SK_CONF_MEDIUM)
            col->good = SK_CONF_MEDIUM;
        if (col->role == SK_ROLE_STAFF_HR && !staff)
            sk_column_forget(col, SK_COL_CONTEXT);
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
    if (sk_columns_count(k, text) == 0)
        return;
    for (uint32_t i = 0; i < k->n; i++)
        if (k->at[i].role == code && k->at[i].confirmed)
            sk_column_forget(&k->at[i], SK_COL_CONTEXT);
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

void sk_columns_settle(struct sk_columns *k, const struct sk_sample *s)
{
    drop_codes(k, SK_ROLE_DISEASE_NAME, SK_ROLE_DISEASE_CODE);
    drop_codes(k, SK_ROLE_DISEASE_NAME, SK_ROLE_ICD10);
    drop_codes(k, SK_ROLE_DRUG_NAME, SK_ROLE_DRUG_CODE);
    drop_codes(k, SK_ROLE_PROCEDURE, SK_ROLE_PROCEDURE_CODE);
    drop_readings(k, s);
    set_kind(k);
    for (uint32_t i = 0; i < k->n; i++)
        if (k->at[i].role != SK_ROLE_NONE && k->at[i].confirmed)
            settle(k, &k->at[i]);
    keep_first_piece(k);
    k->apart = find_apart(k);
    list_active(k);
}
