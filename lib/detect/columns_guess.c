/* Columns without a header: typed by their values, and only in company (policy.md 4.2 rule 1). */
#include "detect/columns.h"
#include "detect/lists.h"
#include "detect/names.h"

#include <limits.h>

#define VALUES_OF_10 8 /* nearly all cells are such values */
#define CODES_OF_10 9
#define CODES_LEAST 5 /* 個人番号: nine of ten valid among at least five */
#define VALUES_LEAST 3

/* ---------------------------------------------------------------- without headers */

static uint32_t count_values(const struct sk_sample *s, uint32_t col, sk_value value, uint32_t *filled,
                             uint32_t *changes)
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

static bool twelve(struct sk_text t)
{
    char d[24];
    return sk_text_plain_digits(t, d, sizeof d) == 12;
}

/* 個人番号 in an unnamed column: nine of ten valid among at least five. Also notes columns in which a lone valid one is
 * chance. */
void sk_columns_guess_codes(struct sk_columns *k, const struct sk_sample *s)
{
    sk_value value = sk_value_find("my_number");
    for (uint32_t i = 0; i < k->n; i++) {
        struct sk_column *col = &k->at[i];
        if (col->use != SK_COL_FREE && !(col->use == SK_COL_CONTEXT && col->role != SK_ROLE_LICENCE))
            continue;
        uint32_t filled = 0, changes = 0, shaped = 0;
        for (size_t j = 0; j < s->n && j < 2; j++) /* most columns need no more than a look */
            shaped += twelve(sk_row_text(&s->rows[j], i));
        if (shaped == 0 && s->n > 2)
            continue;
        uint32_t passed = count_values(s, i, value, &filled, &changes);
        if (filled >= CODES_LEAST && changes * 2 >= filled && sk_most(passed, filled, CODES_OF_10))
            sk_column_take(col, SK_ROLE_MY_NUMBER_OR_KOKUHO_PERSON, SK_CONF_HIGH);
        else
            col->guarded = filled >= CODES_LEAST && !sk_most(passed, filled, 5);
    }
}

/* ---------------------------------------------------------------- the dictionary of names */

#define NAMES_LEAST 5u /* rows that a column of names without company needs */

struct votes {
    uint32_t filled, changes, likely, maybe, none; /* none: in kanji, and no name */
};

/* How many cells are names of persons, or readings of such names, by the dictionary. */
static struct votes vote(const struct sk_sample *s, uint32_t col, bool kana)
{
    struct votes v = { 0 };
    const struct sk_names *m = sk_rules_names(s->c->rules);
    struct sk_text last = { "", 0 };
    for (size_t j = 0; m && j < s->n; j++) {
        struct sk_text t = sk_row_text(&s->rows[j], col);
        if (t.n == 0)
            continue;
        v.filled++;
        v.changes += t.n != last.n || memcmp(t.p, last.p, t.n) != 0;
        last = t;
        enum sk_name_like like = kana ? sk_name_reading(m, t.p, t.n) : sk_name_cell_of(s->c->rules, t.p, t.n);
        v.likely += like == SK_NAME_LIKELY;
        v.maybe += like == SK_NAME_MAYBE;
        v.none += like == SK_NAME_NO && (unsigned char)t.p[0] >= 0xE4;
        if (v.filled == 8 && v.likely + v.maybe == 0) /* most columns are told by their first cells */
            break;
    }
    return v;
}

/* Many given names of today are in no dictionary; their surnames are, and lists of other things hold hardly any name
 * that is known in full (towns: none in 5,000). */
static bool names_by_vote(const struct votes *v, uint32_t least)
{
    return v->filled >= least && v->changes * 2 >= v->filled && sk_most(v->likely, v->filled, 2) &&
           sk_most(v->likely + v->maybe, v->filled, 8);
}

bool sk_columns_no_readings(const struct sk_sample *s, uint32_t col)
{
    struct votes v = vote(s, col, true);
    return v.filled != 0 && v.likely + v.maybe == 0;
}

bool sk_columns_no_names(const struct sk_sample *s, uint32_t col)
{
    struct votes v = vote(s, col, false);
    return v.filled >= VALUES_LEAST && v.likely + v.maybe == 0 && sk_most(v.none, v.filled, 8);
}

/* Under a header that nobody knows: a column of names in a table that has none yet. */
void sk_columns_guess_names(struct sk_columns *k, const struct sk_sample *s)
{
    const struct sk_detector *d;
    size_t n = sk_rules_detectors(s->c->rules, &d), at = 0;
    while (at < n && strcmp(d[at].id, "person_name") != 0)
        at++;
    if (at == n || k->heads == NULL || sk_columns_count(k, SK_ROLE_PERSON_NAME) != 0)
        return;
    for (uint32_t i = 0; i < k->n; i++) {
        bool against = false;
        if (k->at[i].use != SK_COL_FREE || k->at[i].role != SK_ROLE_NONE)
            continue;
        for (size_t w = 0; k->heads[i] != NULL && w < d[at].n_against; w++)
            against = against || strstr(k->heads[i], d[at].against[w]) != NULL;
        struct votes v = against ? (struct votes){ 0 } : vote(s, i, false);
        if (names_by_vote(&v, VALUES_LEAST)) {
            sk_column_take(&k->at[i], SK_ROLE_PERSON_NAME, SK_CONF_MEDIUM);
            return;
        }
    }
}

struct guess {
    uint32_t col;
    bool found;
};

/* The first free column in which nearly all cells are such values, and not one value again and again. */
static struct guess guess_column(const struct sk_columns *k, const struct sk_sample *s, const char *value,
                                 uint32_t of_10)
{
    struct guess out = { 0, false };
    sk_value check = sk_value_find(value);
    for (uint32_t i = 0; i < k->n && !out.found; i++) {
        uint32_t filled, changes;
        if (k->at[i].use != SK_COL_FREE)
            continue;
        uint32_t passed = count_values(s, i, check, &filled, &changes);
        out.found =
            filled >= VALUES_LEAST && filled * 2 >= s->n && changes * 2 >= filled && sk_most(passed, filled, of_10);
        out.col = i;
    }
    return out;
}

/* The first free column of names by the dictionary; else what the shape of its cells says. */
static struct guess guess_names(const struct sk_columns *k, const struct sk_sample *s, bool kana)
{
    for (uint32_t i = 0; i < k->n; i++) {
        struct votes v = k->at[i].use == SK_COL_FREE ? vote(s, i, kana) : (struct votes){ 0 };
        if (v.filled * 2 >= s->n && names_by_vote(&v, VALUES_LEAST))
            return (struct guess){ i, true };
    }
    return guess_column(k, s, kana ? "kana" : "name", VALUES_OF_10);
}

/* Family and given name are parted in most cells, as lists of people have it and lists of places have not. */
static bool spaced(const struct sk_sample *s, uint32_t col)
{
    struct sk_lists lists;
    sk_lists_init_organisations(&lists, s->c->rules);
    uint32_t filled = 0, parted = 0;
    for (size_t j = 0; j < s->n; j++) {
        struct sk_text t = sk_row_text(&s->rows[j], col);
        filled += t.n != 0;
        parted += t.n != 0 && memchr(t.p, ' ', t.n) != NULL && !sk_lists_organisation(&lists, t.p, t.n);
    }
    return sk_most(parted, filled, 6);
}

#define YEAR 365L
/* Birthdays lie years apart from each other and from today; days of orders and letters do not. */
static bool birthdays(const struct sk_sample *s, uint32_t col)
{
    uint32_t filled = 0, old = 0;
    long first = s->today, last = LONG_MIN, day;
    for (size_t j = 0; j < s->n; j++) {
        struct sk_text t = sk_row_text(&s->rows[j], col);
        if (t.n == 0 || sk_date_read(t.p, t.n, true, &day) == 0)
            continue;
        filled++;
        old += day < s->today - YEAR;
        first = day < first ? day : first;
        last = day > last ? day : last;
    }
    return sk_most(old, filled, 8) && last - first > 5 * YEAR;
}

enum kind { KANA, DATE, PHONE, MAIL, PLACE, POST, NAME, KINDS }; /* kana first: a check of names accepts katakana */

/* Words that may be names prove nothing alone (places, goods); beside readings, birthdays or telephones, or when the
 * dictionary knows them as names of persons, they do. */
static bool is_person(const struct sk_sample *s, const struct guess *g)
{
    struct votes names = { 0 }, readings = { 0 };
    if (g[NAME].found)
        names = vote(s, g[NAME].col, false);
    if (g[KANA].found)
        readings = vote(s, g[KANA].col, true);
    bool birth = g[DATE].found && birthdays(s, g[DATE].col);
    bool reading = g[KANA].found && (spaced(s, g[KANA].col) || names_by_vote(&readings, VALUES_LEAST));
    if (!g[NAME].found)
        return reading && birth;
    if (names_by_vote(&names, NAMES_LEAST))
        return true;
    bool parted = spaced(s, g[NAME].col) || names_by_vote(&names, VALUES_LEAST);
    if (birth)
        return parted || g[KANA].found || g[PHONE].found || g[PLACE].found || g[POST].found;
    return (parted && (g[KANA].found || g[PHONE].found || g[MAIL].found || g[PLACE].found)) ||
           (reading && g[KANA].found);
}

void sk_columns_guess_people(struct sk_columns *k, const struct sk_sample *s)
{
    static const struct {
        const char *value;
        uint8_t role;
        uint8_t of_10;
    } kinds[KINDS] = {
        [NAME] = { "name", SK_ROLE_PERSON_NAME, VALUES_OF_10 }, [KANA] = { "kana", SK_ROLE_PERSON_KANA, VALUES_OF_10 },
        [DATE] = { "date", SK_ROLE_BIRTH_DATE, CODES_OF_10 },   [PHONE] = { "phone", SK_ROLE_PHONE, CODES_OF_10 },
        [MAIL] = { "email", SK_ROLE_EMAIL, CODES_OF_10 },       [PLACE] = { "address", SK_ROLE_ADDRESS, VALUES_OF_10 },
        [POST] = { "postal", SK_ROLE_POSTAL, CODES_OF_10 },
    };
    struct guess g[KINDS];
    for (size_t i = 0; i < KINDS; i++) {
        g[i] =
            i == NAME || i == KANA ? guess_names(k, s, i == KANA) : guess_column(k, s, kinds[i].value, kinds[i].of_10);
        if (g[i].found)
            k->at[g[i].col].use = SK_COL_CONTEXT; /* spoken for */
    }
    bool person = is_person(s, g);
    for (size_t i = 0; i < KINDS; i++) {
        if (!g[i].found)
            continue;
        k->at[g[i].col].use = SK_COL_FREE;
        if (person && (i != DATE || birthdays(s, g[DATE].col)))
            sk_column_take(&k->at[g[i].col], (enum sk_role)kinds[i].role, SK_CONF_MEDIUM);
    }
}
