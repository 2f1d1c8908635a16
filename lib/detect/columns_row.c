/* One row of a table whose columns are known -> one record. */
#include "detect/columns.h"
#include "detect/lists.h"

/* A spreadsheet drops the first zero of a number; under the right header the rest still tells. */
static bool lost_zero(const struct sk_column *col, const char *d, size_t n, long today)
{
    char whole[24] = "0";
    if (n + 1 != col->shape || n + 1 > sizeof whole)
        return false;
    memcpy(whole + 1, d, n);
    return col->digit(whole, n + 1, today);
}

/* Passwords are one word of ASCII; rules about passwords are sentences. */
static bool secret(struct sk_text t)
{
    for (uint32_t i = 0; i < t.n; i++)
        if (t.p[i] <= ' ' || t.p[i] > '~')
            return false;
    return t.n >= 4 && t.n <= 64;
}

int sk_column_value(const struct sk_column *col, struct sk_text t, long today)
{
    if (t.n == 0 || col->value == NULL)
        return -1;
    if (col->digit != NULL) {
        char d[24];
        size_t n = sk_text_plain_digits(t, d, sizeof d);
        if (n != 0 && n == col->shape && !sk_one_digit(d, n))
            return col->digit(d, n, today) ? (int)col->good : (int)col->bad;
        if (n != 0 && col->confirmed && lost_zero(col, d, n, today))
            return col->good < SK_CONF_MEDIUM ? (int)col->good : SK_CONF_MEDIUM;
    }
    if (col->role == SK_ROLE_CREDENTIAL && !secret(t))
        return -1;
    return col->value(t.p, t.n, today) ? (int)col->good : -1;
}

static size_t middle_dot(struct sk_text t)
{
    return sk_find(sk_bytes(t.p, t.n), 0, "\xE3\x83\xBB", 3);
}

static size_t separator_at(const char *p, size_t n, size_t from, size_t *length)
{
    for (size_t i = from; i < n; i++) {
        *length = 1;
        if (p[i] == ' ' || p[i] == '-' || p[i] == '/')
            return i;
        *length = 3;
        if (n - i >= 3 && memcmp(p + i, "\xE3\x83\xBB", 3) == 0) /* ・ */
            return i;
    }
    return n;
}

/* "12・345678", "12-345678-01": 記号, 番号 and sometimes 枝番. ・ separates before hyphens, which may belong to the
 * 記号. */
void sk_pieces_of_insured(struct sk_record *rec, struct sk_text t)
{
    size_t cut, length = 0;
    size_t dot = middle_dot(t);
    if (dot < t.n) {
        cut = dot;
        length = 3;
    } else {
        cut = separator_at(t.p, t.n, 0, &length);
    }
    if (cut == 0 || cut + length >= t.n) {
        sk_record_piece(rec, SK_PIECE_NUMBER, t.p, t.n);
        return;
    }
    sk_record_piece(rec, SK_PIECE_SYMBOL, t.p, cut);
    const char *rest = t.p + cut + length;
    size_t n = t.n - cut - length, behind = separator_at(rest, n, 0, &length);
    if (behind + length + 2 == n && sk_text_digits((struct sk_text){ rest + behind + length, 2 }, 2, 2)) {
        sk_record_piece(rec, SK_PIECE_BRANCH, rest + behind + length, 2);
        n = behind;
    }
    sk_record_piece(rec, SK_PIECE_NUMBER, rest, n);
}

struct line { /* the row in hand */
    struct sk_context *c;
    struct sk_columns *k;
    const struct sk_row *r;
    struct sk_record record;
    bool open, person, insured;
    sk_elements once; /* elements that a row shows once */
};

static bool add(struct line *l, const struct sk_cell *cell, enum sk_element e, int conf, enum sk_piece piece,
                bool counted)
{
    if (!l->open) {
        sk_record_start(&l->record, l->r->segment, cell->begin);
        l->open = true;
    }
    if (cell->hidden != SK_SHOWN)
        l->record.hidden = (enum sk_hidden)cell->hidden;
    if (piece != SK_PIECES && conf >= SK_CONF_MEDIUM)
        l->person = true;
    return sk_record_add(l->c, &l->record, cell->begin, cell->end, e, (enum sk_confidence)conf, piece,
                         counted && cell->repeat == 0);
}

static bool add_once(struct line *l, const struct sk_cell *cell, const struct sk_column *col, int conf)
{
    enum sk_element e = (enum sk_element)col->element;
    if ((l->once & SK_BIT(e)) != 0)
        return true;
    l->once |= SK_BIT(e);
    if (e == SK_EL_LAB_VALUE && l->k->checkup &&
        !add(l, cell, SK_EL_HEALTH_CHECK_RECORD, SK_CONF_HIGH, SK_PIECES, true))
        return false;
    return add(l, cell, e, conf, SK_PIECES, true);
}

/* 記号 counts only with a 番号 in its row. */
static bool add_symbol(struct line *l, const struct sk_cell *cell, struct sk_text t)
{
    for (uint32_t i = 0; i < l->k->n_active; i++) {
        uint32_t at = l->k->active[i];
        const struct sk_column *other = &l->k->at[at];
        if (other->use != SK_COL_NUMBER || sk_column_value(other, sk_row_text(l->r, at), l->c->config.today) < 0)
            continue;
        bool counted = !l->insured;
        l->insured = true;
        if (!add(l, cell, SK_EL_INSURED_ID, other->good, SK_PIECES, counted))
            return false;
        sk_record_piece(&l->record, SK_PIECE_SYMBOL, t.p, t.n);
        return true;
    }
    return true;
}

static bool add_number(struct line *l, const struct sk_cell *cell, struct sk_text t, int conf, bool both)
{
    bool counted = !l->insured;
    l->insured = true;
    if (!add(l, cell, SK_EL_INSURED_ID, conf, SK_PIECES, counted))
        return false;
    l->person = true;
    if (both)
        sk_pieces_of_insured(&l->record, t);
    else if (l->record.piece[SK_PIECE_NUMBER].n == 0)
        sk_record_piece(&l->record, SK_PIECE_NUMBER, t.p, t.n);
    return true;
}

static bool names_body(const struct sk_context *c, struct sk_text t)
{
    struct sk_lists lists;
    sk_lists_init_organisations(&lists, c->rules);
    return sk_lists_organisation(&lists, t.p, t.n);
}

static bool add_name_pair(struct line *l, const struct sk_cell *cell, struct sk_text family,
                          const struct sk_column *col)
{
    struct sk_text given = sk_row_text(l->r, col->partner);
    char text[2 * SK_HEADER_BYTES];
    if ((size_t)family.n + given.n + 1 > sizeof text)
        return true;
    memcpy(text, family.p, family.n);
    text[family.n] = ' ';
    memcpy(text + family.n + 1, given.p, given.n);
    size_t n = (size_t)family.n + 1 + given.n;
    if (!col->value(text, n, l->c->config.today))
        return true;
    if (!add(l, cell, (enum sk_element)col->element, col->good, SK_PIECES, true))
        return false;
    l->person = true;
    if (col->piece != SK_PIECES)
        sk_record_piece(&l->record, (enum sk_piece)col->piece, text, n);
    return true;
}

static bool add_column(struct line *l, uint32_t i)
{
    const struct sk_column *col = &l->k->at[i];
    const struct sk_cell *cell = sk_row_cell(l->r, i);
    if (cell == NULL)
        return true;
    struct sk_text t = { l->r->segment->text + cell->begin, cell->end - cell->begin };
    if (t.n != 0 && (unsigned char)t.p[0] >= 0x80 && sk_no_value(l->k->no_value, t.p, t.n))
        return true;
    if (col->use == SK_COL_FAMILY)
        return add_name_pair(l, cell, t, col);
    int conf = sk_column_value(col, t, l->c->config.today);
    if (conf < 0 || (col->bodies && names_body(l->c, t)))
        return true;
    switch (col->use) {
    case SK_COL_VALUE:
        return add(l, cell, (enum sk_element)col->element, conf, (enum sk_piece)col->piece, true);
    case SK_COL_ONCE:
        return add_once(l, cell, col, conf);
    case SK_COL_SYMBOL:
        return add_symbol(l, cell, t);
    case SK_COL_NUMBER:
        return add_number(l, cell, t, conf, middle_dot(t) < t.n);
    case SK_COL_BOTH:
        return add_number(l, cell, t, conf, true);
    case SK_COL_EACH: {
        char d[16];
        size_t n = sk_text_plain_digits(t, d, sizeof d);
        if (n == 8)
            return add(l, cell, SK_EL_LATECARE_INSURED_NUMBER, conf, SK_PIECE_LATECARE, true);
        if (n == 10)
            return add(l, cell, SK_EL_CARE_INSURED_NUMBER, conf, SK_PIECE_CARE, true);
        return add_number(l, cell, t, conf, true);
    }
    case SK_COL_BRANCH: /* tells people of one household apart, and is nothing by itself */
        if (!l->open) {
            sk_record_start(&l->record, l->r->segment, cell->begin);
            l->open = true;
        }
        sk_record_piece(&l->record, SK_PIECE_BRANCH, t.p, t.n);
        return true;
    default:
        return true;
    }
}

/* Name and telephone (or account ...) together, as a key of this row; 'k': no kind of code. */
static void tell_apart(struct line *l)
{
    struct sk_text t = l->k->apart != UINT32_MAX ? sk_row_text(l->r, l->k->apart) : (struct sk_text){ "", 0 };
    enum sk_piece name = l->record.piece[SK_PIECE_NAME].n != 0 ? SK_PIECE_NAME : SK_PIECE_KANA;
    char key[1 + 60 + 60] = "k";
    size_t n = l->record.piece[name].n < 60 ? l->record.piece[name].n : 60, m = t.n < 60 ? t.n : 60;
    if (n == 0 || m == 0 || l->record.piece[SK_PIECE_OTHER].n != 0)
        return;
    memcpy(key + 1, l->record.piece[name].p, n);
    memcpy(key + 1 + n, t.p, m);
    sk_record_piece(&l->record, SK_PIECE_OTHER, key, 1 + n + m);
}

/* ---------------------------------------------------------------- candidates in columns that nobody knows */

enum mark { MARK_UNKNOWN, MARK_SILENT, MARK_LABEL, MARK_AGAINST };

static bool says(const char *head, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strstr(head, words[i]) != NULL)
            return true;
    return false;
}

/* What the column's header says about a detector; asked once. */
static enum mark mark_of(struct sk_columns *k, const struct sk_detector *d, uint32_t col, uint16_t detector)
{
    if (k->heads == NULL || col >= k->n || k->heads[col] == NULL || detector >= k->n_detectors)
        return MARK_SILENT;
    if (k->marks == NULL && (k->marks = sk_new(k->n, k->n_detectors)) == NULL)
        return MARK_SILENT;
    uint8_t *m = &k->marks[(size_t)col * k->n_detectors + detector];
    if (*m == MARK_UNKNOWN)
        *m = says(k->heads[col], d->labels, d->n_labels)     ? MARK_LABEL
             : says(k->heads[col], d->against, d->n_against) ? MARK_AGAINST
                                                             : MARK_SILENT;
    return (enum mark) * m;
}

/* May a candidate in a column of known meaning count? Such a cell is its value and nothing else, unless a label stands
 * in it or the candidate is only part of a text. */
static bool admits(const struct line *l, const struct sk_column *col, const struct sk_detector *d,
                   const struct sk_candidate *x, const struct sk_cell *cell)
{
    if (col->use == SK_COL_FREE)
        return true;
    if (col->element == d->element)
        return false;
    bool published = d->element == SK_EL_ADDRESS || d->element == SK_EL_PHONE || d->element == SK_EL_POSTAL_CODE ||
                     d->element == SK_EL_EMAIL;
    if (l->k->kind == SK_TABLE_DIRECTORY && published)
        return false;
    return x->labelled || cell->end - cell->begin > x->end - x->begin + SK_CELL_AROUND;
}

/* Confidence of a candidate in this cell, -1 = it does not count. */
static int weigh(const struct line *l, const struct sk_candidate *x, const struct sk_cell *cell)
{
    const struct sk_detector *all;
    l->k->n_detectors = sk_rules_detectors(l->c->rules, &all);
    if (x->detector >= l->k->n_detectors)
        return -1;
    const struct sk_detector *d = &all[x->detector];
    uint32_t col = cell->col;
    const struct sk_column *column = col < l->k->n ? &l->k->at[col] : NULL;
    if (column != NULL && !admits(l, column, d, x, cell))
        return -1;
    int score = x->score;
    enum mark mark = mark_of(l->k, d, col, x->detector);
    if (mark == MARK_LABEL && !x->labelled)
        score += d->column;
    if (mark == MARK_AGAINST)
        score += d->against_score;
    int conf = sk_score_confidence(score);
    if (x->labelled || mark == MARK_LABEL || conf <= SK_CONF_LOW)
        return conf;
    if (d->element == SK_EL_PERSONAL_NUMBER || d->element == SK_EL_JUKI_CODE || d->element == SK_EL_LICENCE_NUMBER) {
        /* arithmetic alone: every tenth number of such a column passes */
        bool chance = !l->person || (column != NULL && column->guarded);
        return chance ? SK_CONF_LOW : conf < SK_CONF_MEDIUM ? conf : SK_CONF_MEDIUM;
    }
    return conf;
}

static bool add_candidates(struct line *l, const struct sk_candidate *items, size_t n, size_t *next)
{
    const struct sk_row *r = l->r;
    if (r->n == 0)
        return true;
    uint32_t begin = r->cells[0].begin, end = begin, at = 0;
    for (uint32_t i = r->n; i-- > 0 && end == begin;) /* repeated cells lie elsewhere */
        end = r->cells[i].repeat == 0 ? r->cells[i].end : begin;
    while (*next < n && items[*next].begin < begin)
        ++*next;
    for (; *next < n && items[*next].begin < end; ++*next) {
        const struct sk_candidate *x = &items[*next];
        while (at + 1 < r->n && (r->cells[at].end <= x->begin || r->cells[at].repeat != 0))
            at++;
        const struct sk_cell *cell = &r->cells[at];
        if (x->begin < cell->begin || x->begin >= cell->end)
            continue;
        const struct sk_detector *all;
        size_t n_all = sk_rules_detectors(l->c->rules, &all);
        int conf = weigh(l, x, cell);
        if (conf < 0 || x->detector >= n_all)
            continue;
        enum sk_element e = all[x->detector].element;
        enum sk_piece piece = conf >= SK_CONF_MEDIUM ? sk_element_piece(e) : SK_PIECES;
        if (piece != SK_PIECES && l->open && l->record.piece[piece].n != 0)
            piece = SK_PIECES;
        struct sk_cell range = *cell;
        range.begin = x->begin;
        range.end = x->end;
        if (!add(l, &range, e, conf, piece, true))
            return false;
    }
    return true;
}

/* ---------------------------------------------------------------- rows that are no data */

static bool is_header_again(const struct sk_columns *k, const struct sk_row *r)
{
    if (k->repeat_n == 0)
        return false;
    struct sk_text t = sk_row_text(r, k->repeat_col);
    return t.n == k->repeat_n && memcmp(t.p, k->repeat_text, t.n) == 0;
}

static bool tell_directory(struct sk_context *c, struct sk_columns *k, const struct sk_row *r)
{
    if (k->kind != SK_TABLE_DIRECTORY || k->told || r->n == 0)
        return true;
    k->told = true;
    return sk_finding_add(c, r->segment, r->cells[0].begin, r->cells[0].end, SK_EL_INSTITUTION_DIRECTORY, SK_CONF_HIGH);
}

bool sk_columns_row(struct sk_context *c, struct sk_columns *k, const struct sk_row *r,
                    const struct sk_candidate *items, size_t n, size_t *next)
{
    struct line l;
    l.c = c;
    l.k = k;
    l.r = r;
    l.open = l.person = l.insured = false;
    l.once = 0;
    bool before = k->has_header && r->row < k->header_row; /* titles, conditions */
    bool header = (k->has_header && !before && r->row < k->header_row + k->header_rows) || is_header_again(k, r);
    k->idle = false;
    if (header)
        return true; /* a label that stands beside a label is no value */
    if (!before) {
        if (!tell_directory(c, k, r))
            return false;
        for (uint32_t i = 0; i < k->n_active; i++)
            if (!add_column(&l, k->active[i]))
                return false;
        k->idle = !l.open;
        if (!sk_small_row(c, k->heads, k->heads != NULL ? k->n : 0, r))
            return false;
    }
    if (!add_candidates(&l, items, n, next))
        return false;
    if (!l.open)
        return true;
    tell_apart(&l);
    return sk_record_end(c, &l.record);
}
