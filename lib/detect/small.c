#include "detect/chars.h"
#include "detect/context.h"

#include <stdlib.h>

/* Small cells of published tables: a whole number from..to in a column or row whose heading holds one of the policy's
 * words (患者数). */

#define MOST_PLACES 1000u

struct sk_small {
    uint64_t count;
    struct sk_place *at;
    size_t n, cap;
};

struct sk_small *sk_small_new(const struct sk_context *c)
{
    (void)c;
    return sk_new(1, sizeof(struct sk_small));
}

void sk_small_reset(struct sk_small *m)
{
    m->count = 0;
    m->n = 0;
}

void sk_small_free(struct sk_small *m)
{
    if (m) {
        free(m->at);
        free(m);
    }
}

static bool is_heading(const struct sk_detect_config *config, const char *text, size_t n)
{
    for (size_t i = 0; i < config->n_small_headers; i++)
        if (sk_within(text, n, config->small_headers[i]))
            return true;
    return false;
}

/* A whole number in the range, with or without 人 and the like behind it: 7, 7人. */
static bool is_small(const struct sk_detect_config *config, const char *s, uint32_t n)
{
    static const char *const UNITS[] = { "人", "名", "件" };
    long long v = 0;
    uint32_t k = 0;
    while (k < n && k < 18 && sk_is_digit(s[k]))
        v = v * 10 + s[k++] - '0';
    if (k == 0 || v < config->small_from || v > config->small_to)
        return false;
    for (size_t i = 0; k < n && i < sizeof(UNITS) / sizeof(UNITS[0]); i++)
        if (sk_has(s + k, n - k, UNITS[i]))
            k += (uint32_t)strlen(UNITS[i]);
    return k == n;
}

/* The row's own heading: its first cell with words in it. Spaces of laid-out headings (患 者 数) do not count. */
static bool row_is_headed(const struct sk_detect_config *config, const struct sk_row *row)
{
    for (uint32_t i = 0; i < row->n && i < 3; i++) {
        const struct sk_cell *cell = &row->cells[i];
        const char *t = row->segment->text + cell->begin;
        char plain[128];
        size_t n = 0;
        if (cell->end <= cell->begin || sk_is_digit(*t))
            continue;
        for (uint32_t k = 0; k < cell->end - cell->begin && n < sizeof(plain); k++)
            if (!sk_is_space(t[k]))
                plain[n++] = t[k];
        if (is_heading(config, plain, n))
            return true;
    }
    return false;
}

bool sk_small_row(struct sk_context *c, const char *const *headers, uint32_t n_headers, const struct sk_row *row)
{
    struct sk_small *m = c->small;
    const struct sk_detect_config *config = &c->config;
    int headed = -1; /* not asked yet */
    for (uint32_t i = 0; i < row->n && config->n_small_headers; i++) {
        const struct sk_cell *cell = &row->cells[i];
        if (cell->end > row->segment->len || cell->end <= cell->begin || cell->repeat ||
            !is_small(config, row->segment->text + cell->begin, cell->end - cell->begin))
            continue;
        bool in_column = cell->col < n_headers && headers[cell->col] &&
                         is_heading(config, headers[cell->col], strlen(headers[cell->col]));
        if (!in_column && headed < 0)
            headed = row_is_headed(config, row);
        if (!in_column && !headed)
            continue;
        m->count++;
        if (m->n >= MOST_PLACES)
            continue;
        if (!sk_grow(&m->at, &m->cap, m->n + 1, sizeof(*m->at)))
            return false;
        sk_place_of(row->segment, cell->begin, cell->end, &m->at[m->n++]);
    }
    return true;
}

bool sk_small_result(struct sk_context *c, struct seki_result *r)
{
    struct sk_small *m = c->small;
    struct sk_place *at = sk_arena_new(&r->arena, m->n ? m->n : 1, sizeof(*at));
    if (!at)
        return false;
    if (m->n)
        memcpy(at, m->at, m->n * sizeof(*at));
    r->small_cells = m->count;
    r->small_at = at;
    r->n_small_at = (uint32_t)m->n;
    return true;
}
