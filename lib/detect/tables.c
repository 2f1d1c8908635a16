/*
 * Tables across segments. The first rows decide - a layout, columns by header, columns by values, a form - and wait in
 * kept copies until there are enough of them; from then on rows are read as they come, in constant memory.
 */
#include "detect/columns.h"
#include "detect/findings.h"
#include "detect/keep.h"

#include <stdlib.h>

#define HELD_MOST 64u         /* segments that wait */
#define HELD_BYTES (4u << 20) /* and their text */
#define LAYOUT_EVIDENCE 60
#define SPLIT_CELLS 256u /* fields of a line that stands in one cell */
#define SPLIT_LEAST 3u

enum mode { UNDECIDED, BY_LAYOUT, BY_COLUMNS, AS_PROSE, DONE };

struct table {
    struct table *next;
    uint32_t part;
    uint8_t mode;
    bool split; /* whole lines stand in single cells: a claim file opened without its commas */
    bool counted;
    const struct sk_row_layout *layout;
    void *state;
    struct sk_columns *columns;
    struct sk_kept held[HELD_MOST];
    uint32_t n_held;
    size_t held_rows, held_bytes;
};

struct format { /* of a part whose rows showed one */
    uint32_t part;
    const char *name;
};

struct sk_tables {
    struct table *open, *idle;
    struct format *formats;
    size_t n_formats, formats_cap;
    struct sk_cell *fields; /* of split lines: SPLIT_CELLS for each row of the window */
    struct sk_row *window;
    struct sk_atom *atoms; /* of a segment's free text */
    size_t atoms_cap;
};

/* ---------------------------------------------------------------- life */

struct sk_tables *sk_tables_new(const struct sk_context *c)
{
    (void)c;
    return sk_new(1, sizeof(struct sk_tables));
}

/* Forgets the table in hand; the memory for kept segments stays for the next. */
static void clear_table(struct table *t)
{
    for (uint32_t i = 0; i < t->n_held; i++)
        sk_kept_clear(&t->held[i]);
    free(t->state);
    sk_columns_free(t->columns);
    t->state = NULL;
    t->columns = NULL;
    t->layout = NULL;
    t->mode = UNDECIDED;
    t->split = false;
    t->n_held = 0;
    t->held_rows = t->held_bytes = 0;
}

void sk_tables_reset(struct sk_tables *m)
{
    while (m->open != NULL) {
        struct table *t = m->open;
        m->open = t->next;
        clear_table(t);
        t->next = m->idle;
        m->idle = t;
    }
    m->n_formats = 0;
}

void sk_tables_free(struct sk_tables *m)
{
    if (m == NULL)
        return;
    sk_tables_reset(m);
    while (m->idle != NULL) {
        struct table *t = m->idle;
        m->idle = t->next;
        for (uint32_t i = 0; i < HELD_MOST; i++)
            sk_kept_free(&t->held[i]);
        free(t);
    }
    free(m->formats);
    free(m->fields);
    free(m->window);
    free(m->atoms);
    free(m);
}

static struct table *table_of(struct sk_tables *m, uint32_t part, bool make)
{
    for (struct table *t = m->open; t != NULL; t = t->next)
        if (t->part == part)
            return t;
    if (!make)
        return NULL;
    struct table *t = m->idle;
    if (t != NULL)
        m->idle = t->next;
    else if ((t = sk_new(1, sizeof *t)) == NULL)
        return NULL;
    t->part = part;
    t->next = m->open;
    m->open = t;
    return t;
}

static bool set_format(struct sk_tables *m, uint32_t part, const char *name)
{
    for (size_t i = m->n_formats; i-- > 0;) /* the part in hand stands last */
        if (m->formats[i].part == part) {
            m->formats[i].name = name;
            return true;
        }
    if (!sk_grow(&m->formats, &m->formats_cap, m->n_formats + 1, sizeof *m->formats))
        return false;
    m->formats[m->n_formats++] = (struct format){ part, name };
    return true;
}

const char *sk_tables_format(struct sk_context *c, uint32_t part)
{
    const struct sk_tables *m = c->tables;
    for (size_t i = m->n_formats; i-- > 0;)
        if (m->formats[i].part == part)
            return m->formats[i].name;
    return NULL;
}

/* ---------------------------------------------------------------- rows of a segment */

struct reader {
    const struct sk_segment *segment;
    uint32_t next;          /* cell */
    struct sk_cell *fields; /* where a split line goes, NULL = as it is */
};

/* A line in one cell -> its fields. */
static void split_row(struct sk_row *r, struct sk_cell *fields)
{
    struct sk_cell line = r->cells[0];
    const char *text = r->segment->text;
    uint32_t n = 0, begin = line.begin;
    for (uint32_t i = line.begin; i <= line.end && n < SPLIT_CELLS; i++) {
        if (i < line.end && text[i] != ',')
            continue;
        uint32_t b = begin, e = i;
        while (b < e && (text[b] == ' ' || text[b] == '"'))
            b++;
        while (e > b && (text[e - 1] == ' ' || text[e - 1] == '"'))
            e--;
        fields[n] = line;
        fields[n].begin = b;
        fields[n].end = e;
        fields[n].col = (uint16_t)n;
        n++;
        begin = i + 1;
    }
    r->cells = fields;
    r->n = n;
}

static bool next_row(struct reader *in, struct sk_row *r)
{
    const struct sk_segment *s = in->segment;
    if (in->next >= s->n_cells)
        return false;
    const struct sk_cell *cells = s->cells + in->next;
    uint32_t left = s->n_cells - in->next, n = 1;
    while (n < left && cells[n].row == cells[0].row)
        n++;
    in->next += n;
    *r = (struct sk_row){ .segment = s, .cells = cells, .n = n, .row = cells[0].row };
    if (in->fields != NULL && n == 1)
        split_row(r, in->fields);
    return true;
}

static size_t count_rows(const struct sk_segment *s, size_t most)
{
    size_t n = 0;
    for (uint32_t i = 0; i < s->n_cells && n < most; i++)
        n += i == 0 || s->cells[i].row != s->cells[i - 1].row;
    return n;
}

/* ---------------------------------------------------------------- reading rows once decided */

static bool run_layout(struct sk_context *c, struct table *t, const struct sk_segment *s,
                       const struct sk_candidate *items, size_t n)
{
    if (t->layout->silent)
        return true;
    struct reader in = { s, 0, t->split ? c->tables->fields : NULL };
    struct sk_row r;
    size_t next = 0;
    while (next_row(&in, &r))
        if (!t->layout->row(c, t->state, &r) || !sk_layout_prose(c, t->layout, t->state, &r, items, n, &next))
            return false;
    return true;
}

/* The numbers of one cell, behind the n kept so far. */
static size_t keep_atoms(struct sk_atom *to, size_t n, const struct sk_cell *cell, const struct sk_atom **from,
                         const struct sk_atom *stop)
{
    while (*from < stop && (*from)->begin < cell->begin)
        ++*from;
    for (bool apart = true; *from < stop && (*from)->begin < cell->end; ++*from, apart = false) {
        to[n] = **from;
        if (apart)
            to[n].gap = 255;
        n++;
    }
    return n;
}

/* Candidates of the cells with free text, if there are any; claims are mostly codes, in which nothing is looked for. */
static bool scan_prose(struct sk_context *c, const struct table *t, const struct sk_segment *s,
                       const struct sk_hits *hits, const struct sk_candidate **items, size_t *n)
{
    struct sk_tables *m = c->tables;
    struct reader in = { s, 0, t->split ? m->fields : NULL };
    struct sk_hits here = *hits;
    const struct sk_atom *from = hits->atoms, *stop = hits->n_atoms ? from + hits->n_atoms : from;
    struct sk_row r;
    uint32_t first, last;
    bool any = false;
    if (!sk_grow(&m->atoms, &m->atoms_cap, hits->n_atoms + 1, sizeof(*m->atoms)))
        return false;
    here.atoms = m->atoms;
    here.n_atoms = 0;
    while (next_row(&in, &r)) {
        if (!t->layout->prose(&r, &first, &last))
            continue;
        any = true;
        for (uint32_t col = first; col <= last; col++) {
            const struct sk_cell *cell = sk_row_cell(&r, col);
            if (cell != NULL)
                here.n_atoms = keep_atoms(m->atoms, here.n_atoms, cell, &from, stop);
        }
    }
    return !any || sk_numbers_scan(c, s, &here, NULL, items, n);
}

static size_t fill_window(struct sk_row *window, struct reader in)
{
    size_t n = 0;
    while (n < SK_WINDOW_ROWS && next_row(&in, &window[n]))
        n++;
    return n;
}

/* Another table begins below the first: its columns are known from its header and the rows of this segment. */
static bool change_columns(struct sk_context *c, struct table *t, struct reader in)
{
    struct sk_columns *k = sk_columns_new(c, c->tables->window, fill_window(c->tables->window, in));
    if (k == NULL)
        return false;
    sk_columns_free(t->columns);
    t->columns = k;
    return true;
}

/* The candidates of a segment: kept with it, or (hits) looked for now. */
struct found {
    const struct sk_hits *hits;
    const struct sk_candidate *items;
    size_t n;
};

static bool run_columns(struct sk_context *c, struct table *t, const struct sk_segment *s, struct found in_segment)
{
    struct reader in = { s, 0, NULL }, here = in;
    struct sk_row r;
    size_t next = 0;
    for (; next_row(&in, &r); here = in) {
        if (!sk_columns_row(c, t->columns, &r, in_segment.items, in_segment.n, &next))
            return false;
        if (!t->columns->idle || !sk_columns_other_header(c, t->columns, &r))
            continue;
        if (!change_columns(c, t, here))
            return false;
        /* What the columns so far ruled out may count in the new ones; rows behind pass over what lies before them. */
        next = 0;
        if (in_segment.hits && !sk_numbers_scan(c, s, in_segment.hits, NULL, &in_segment.items, &in_segment.n))
            return false;
    }
    return true;
}

static bool run(struct sk_context *c, struct table *t, const struct sk_segment *s, struct found in_segment)
{
    switch (t->mode) {
    case BY_LAYOUT:
        return run_layout(c, t, s, in_segment.items, in_segment.n);
    case BY_COLUMNS:
        return run_columns(c, t, s, in_segment);
    default:
        return true;
    }
}

static bool run_now(struct sk_context *c, struct table *t, const struct sk_segment *s, const struct sk_hits *hits)
{
    struct found now = { hits, NULL, 0 };
    if (t->mode == AS_PROSE)
        return sk_forms_segment(c, s, hits);
    if (t->mode == BY_COLUMNS && !sk_numbers_scan(c, s, hits, t->columns, &now.items, &now.n))
        return false;
    if (t->mode == BY_LAYOUT && t->layout->prose != NULL && !scan_prose(c, t, s, hits, &now.items, &now.n))
        return false;
    return run(c, t, s, now);
}

/* ---------------------------------------------------------------- deciding */

/* The first rows of what is held and of s, at most `most`. */
static size_t window(struct sk_tables *m, const struct table *t, const struct sk_segment *s, bool split)
{
    size_t n = 0;
    for (uint32_t i = 0; i <= t->n_held && n < SK_WINDOW_ROWS; i++) {
        struct reader in = { i < t->n_held ? &t->held[i].segment : s, 0, NULL };
        if (in.segment == NULL)
            break;
        do
            in.fields = split ? m->fields + n * SPLIT_CELLS : NULL;
        while (next_row(&in, &m->window[n]) && ++n < SK_WINDOW_ROWS);
    }
    return n;
}

/* Nearly all rows are one cell with several commas. */
static bool single_cells(const struct sk_row *rows, size_t n)
{
    size_t lines = 0;
    for (size_t i = 0; i < n; i++) {
        if (rows[i].n != 1)
            continue;
        struct sk_text t = sk_row_text(&rows[i], rows[i].cells[0].col);
        uint32_t commas = 0;
        for (uint32_t j = 0; j < t.n && commas < SPLIT_LEAST; j++)
            commas += t.p[j] == ',';
        lines += commas >= SPLIT_LEAST;
    }
    return n != 0 && lines * 5 >= n * 4;
}

static int best_layout(const struct sk_row *rows, size_t n, long today, const struct sk_row_layout **layout,
                       const char **format)
{
    int best = 0;
    for (size_t i = 0; i < SK_LAYOUTS_N; i++) {
        const char *name = NULL;
        int score = SK_LAYOUTS[i]->probe(rows, n, today, &name);
        if (score >= LAYOUT_EVIDENCE && score > best) {
            best = score;
            *layout = SK_LAYOUTS[i];
            *format = name;
        }
    }
    return best;
}

static bool decide_layout(struct sk_context *c, struct table *t, const struct sk_segment *s, size_t *n)
{
    struct sk_tables *m = c->tables;
    const char *format = NULL;
    *n = window(m, t, s, false);
    best_layout(m->window, *n, c->config.today, &t->layout, &format);
    if (t->layout == NULL && single_cells(m->window, *n)) {
        if (m->fields == NULL && (m->fields = sk_new(SK_WINDOW_ROWS * (size_t)SPLIT_CELLS, sizeof *m->fields)) == NULL)
            return false;
        *n = window(m, t, s, true);
        best_layout(m->window, *n, c->config.today, &t->layout, &format);
        t->split = t->layout != NULL;
        *n = window(m, t, s, false);
    }
    if (t->layout == NULL)
        return true;
    t->mode = BY_LAYOUT;
    if (t->layout->state_size != 0 && (t->state = sk_new(1, t->layout->state_size)) == NULL)
        return false;
    return format == NULL || set_format(m, t->part, format);
}

/* A label and its value stand in one cell, "氏名：山田": such tables are prose in boxes. */
static bool labels_inside(const struct sk_context *c, const struct sk_segment *s, const struct sk_hits *hits)
{
    const struct sk_word *words;
    const struct sk_use *uses;
    size_t n = sk_rules_literals(c->rules, &words, &uses);
    for (size_t i = 0; i < hits->n_words; i++) {
        const struct sk_word_hit *h = &hits->words[i];
        if (h->word >= n || h->end >= s->len || s->text[h->end] != ':')
            continue;
        for (uint16_t u = 0; u < words[h->word].n_uses; u++)
            if (uses[words[h->word].first_use + u].kind == SK_USE_HEADER)
                return true;
    }
    return false;
}

/* Only a table that is wholly in hand is read as a form. */
static bool decide_form(struct sk_context *c, struct table *t, const struct sk_segment *s, const struct sk_hits *hits,
                        size_t n, bool *done)
{
    struct sk_table_items sets[HELD_MOST + 1];
    size_t n_sets = 0;
    bool ok = true;
    for (uint32_t i = 0; i < t->n_held; i++)
        sets[n_sets++] = (struct sk_table_items){ &t->held[i].segment, t->held[i].candidates, t->held[i].n_candidates };
    const struct sk_candidate *items = NULL;
    size_t n_items = 0;
    if (s != NULL) {
        if (!sk_numbers_scan(c, s, hits, NULL, &items, &n_items))
            return false;
        sets[n_sets++] = (struct sk_table_items){ s, items, n_items };
    }
    *done = sk_columns_form(c, c->tables->window, n, sets, n_sets, &ok);
    return ok;
}

static bool known_values(const struct sk_columns *k)
{
    for (uint32_t i = 0; i < k->n; i++)
        if (k->at[i].confirmed && k->at[i].filled != 0 && k->at[i].use > SK_COL_CONTEXT)
            return true;
    return false;
}

/* s: the segment in hand, NULL at the end of the part; whole: the table ends with it. */
static bool decide(struct sk_context *c, struct table *t, const struct sk_segment *s, const struct sk_hits *hits,
                   bool whole)
{
    struct sk_tables *m = c->tables;
    size_t n = 0;
    if (m->window == NULL && (m->window = sk_new(SK_WINDOW_ROWS, sizeof *m->window)) == NULL)
        return false;
    if (!decide_layout(c, t, s, &n))
        return false;
    if (t->mode == BY_LAYOUT)
        return true;
    t->columns = sk_columns_new(c, m->window, n);
    if (t->columns == NULL)
        return false;
    t->mode = BY_COLUMNS;
    if (known_values(t->columns))
        return true;
    bool done = false;
    bool people = t->columns->kind == SK_TABLE_PLAIN || t->columns->kind == SK_TABLE_PERSONS;
    if (whole && people && n < SK_WINDOW_ROWS && !decide_form(c, t, s, hits, n, &done))
        return false;
    if (done)
        t->mode = DONE;
    else if (t->n_held == 0 && s != NULL && labels_inside(c, s, hits))
        t->mode = AS_PROSE;
    return true;
}

static bool replay(struct sk_context *c, struct table *t, const struct sk_segment *s)
{
    for (uint32_t i = 0; i < t->n_held; i++) {
        struct sk_kept *k = &t->held[i];
        sk_findings_segment(c, &k->segment);
        if (!run(c, t, &k->segment, (struct found){ NULL, k->candidates, k->n_candidates }))
            return false;
        sk_kept_clear(k);
    }
    if (t->n_held != 0 && s != NULL)
        sk_findings_segment(c, s);
    t->n_held = 0;
    return true;
}

static bool hold(struct sk_context *c, struct table *t, const struct sk_segment *s, const struct sk_hits *hits,
                 size_t rows)
{
    struct sk_kept *k = &t->held[t->n_held];
    const struct sk_candidate *items = NULL;
    size_t n = 0;
    if (!sk_numbers_scan(c, s, hits, NULL, &items, &n) || !sk_kept_copy(k, s, s->len) ||
        !sk_kept_candidates(k, items, n))
        return false;
    t->n_held++;
    t->held_rows += rows;
    t->held_bytes += s->len;
    return true;
}

static bool finish(struct sk_context *c, struct table *t)
{
    bool ok = true;
    static const struct sk_hits none = { 0 };
    if (t->mode == UNDECIDED && t->n_held != 0)
        ok = decide(c, t, NULL, &none, true) && replay(c, t, NULL);
    if (ok && t->mode == BY_LAYOUT && t->layout->end != NULL && t->state != NULL)
        ok = t->layout->end(c, t->state);
    clear_table(t);
    return ok;
}

bool sk_tables_segment(struct sk_context *c, const struct sk_segment *s, const struct sk_hits *hits)
{
    struct table *t = table_of(c->tables, s->part, true);
    if (t == NULL)
        return false;
    if (s->first && !finish(c, t))
        return false;
    if (s->raw != NULL && sk_tables_format(c, s->part) == NULL && !set_format(c->tables, s->part, "csv"))
        return false;
    if (t->mode == UNDECIDED) {
        size_t rows = count_rows(s, SK_WINDOW_ROWS);
        bool enough = s->last || t->held_rows + rows >= SK_WINDOW_ROWS || t->n_held == HELD_MOST ||
                      t->held_bytes + s->len > HELD_BYTES;
        if (!enough)
            return hold(c, t, s, hits, rows);
        if (!decide(c, t, s, hits, s->last) || !replay(c, t, s))
            return false;
    }
    return run_now(c, t, s, hits) && (!s->last || finish(c, t));
}

bool sk_tables_end(struct sk_context *c, uint32_t part)
{
    struct sk_tables *m = c->tables;
    for (struct table **at = &m->open; *at != NULL; at = &(*at)->next) {
        struct table *t = *at;
        if (t->part != part)
            continue;
        bool ok = finish(c, t);
        *at = t->next;
        t->next = m->idle;
        m->idle = t;
        return ok;
    }
    return true;
}
