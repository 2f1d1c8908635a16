/* Columns without a header: typed by their values, and only in company (policy.md 4.2 rule 1). */
#include "detect/columns.h"
#include "detect/lists.h"

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

/* Names alone prove nothing (places, goods); names beside readings, birthdays or telephones do. */
static bool is_person(const struct sk_sample *s, const struct guess *g)
{
    bool birth = g[DATE].found && birthdays(s, g[DATE].col);
    bool reading = g[KANA].found && spaced(s, g[KANA].col);
    if (!g[NAME].found)
        return reading && birth;
    bool parted = spaced(s, g[NAME].col);
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
        g[i] = guess_column(k, s, kinds[i].value, kinds[i].of_10);
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
