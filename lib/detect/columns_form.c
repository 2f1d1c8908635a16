/*
 * A table that is a form: labels beside their values (氏名 | 山田太郎), or above them, on a sheet for one person.
 * Several people follow one another when an identity label comes again.
 */
#include "detect/columns.h"
#include "detect/findings.h"

#define FORM_LABELS 2u /* labels with a value that make a form */
#define BOXES 20u      /* of one value */
#define BOX_BYTES 6u   /* 昭和 */
#define BOXES_BYTES 64u

struct pair {
    size_t row; /* index of the row of the value */
    const struct sk_cell *cell;
    struct sk_text text;
    uint8_t role;
    int conf;
    struct sk_cell range; /* boxes: from the first to the last; cell points here */
    char boxes[BOXES_BYTES];
};

/* A label: an exact header that is no generic word. */
static enum sk_role label_role(const struct sk_context *c, const struct sk_row *r, const struct sk_cell *cell)
{
    char norm[SK_HEADER_BYTES];
    size_t n;
    bool weak;
    if (cell->repeat != 0 || cell->begin >= cell->end || cell->end > r->segment->len)
        return SK_ROLE_NONE;
    struct sk_text t = { r->segment->text + cell->begin, cell->end - cell->begin };
    if (!sk_cell_may_head(t))
        return SK_ROLE_NONE;
    enum sk_role role = sk_cell_role(c, t, norm, &n, &weak);
    return weak ? SK_ROLE_NONE : role;
}

static bool value_of(const struct sk_context *c, const struct sk_row *r, const struct sk_cell *cell, enum sk_role role,
                     struct pair *out)
{
    const struct sk_role_info *info = sk_role_info(role);
    if (cell == NULL)
        return false;
    struct sk_text t = { r->segment->text + cell->begin, cell->end - cell->begin };
    sk_value value = sk_value_find(info->check);
    if (value == NULL || !value(t.p, t.n, c->config.today))
        return false;
    enum sk_role other = label_role(c, r, cell);
    /* 男 heads a column of counts, and is a value of 性別; 慢性腎臓病 heads columns of checks, and is a disease */
    bool both = other == SK_ROLE_COUNT || (info->element == SK_EL_DISEASE && sk_column_disease(c, t));
    if (other != SK_ROLE_NONE && !both)
        return false;
    out->cell = cell;
    out->text = t;
    out->role = (uint8_t)role;
    out->conf = SK_CONF_HIGH;
    return true;
}

/* A date written into boxes, 昭和 | 5 | 5 | 年 | ... or 1 | 9 | 8 | 0 | ...: read as one. Numbers in boxes are found by
 * their detectors. */
static bool boxed_date(const struct sk_context *c, const struct sk_row *r, uint32_t index, struct pair *out)
{
    uint32_t n = 0, used = 0;
    long day;
    for (uint32_t i = index; i < r->n && used < BOXES; i++) {
        const struct sk_cell *cell = &r->cells[i];
        uint32_t k = cell->end > cell->begin ? cell->end - cell->begin : 0;
        if (k == 0 || cell->repeat != 0)
            continue;
        if (k > BOX_BYTES || cell->end > r->segment->len || n + k > BOXES_BYTES)
            break;
        memcpy(out->boxes + n, r->segment->text + cell->begin, k);
        n += k;
        if (used++ == 0)
            out->range = *cell;
        out->range.end = cell->end;
    }
    if (used < 3 || sk_date_read(out->boxes, n, true, &day) != n || day > c->config.today)
        return false;
    out->cell = &out->range;
    out->text = (struct sk_text){ out->boxes, n };
    out->role = SK_ROLE_BIRTH_DATE;
    out->conf = SK_CONF_HIGH;
    return true;
}

/* The next filled cell of the row, else the cell below. */
static bool find_value(const struct sk_context *c, const struct sk_row *rows, size_t n, size_t at, uint32_t index,
                       enum sk_role role, struct pair *out)
{
    const struct sk_row *r = &rows[at];
    const struct sk_cell *label = &r->cells[index];
    for (uint32_t i = index + 1; i < r->n; i++) {
        if (r->cells[i].begin >= r->cells[i].end)
            continue;
        out->row = at;
        if (value_of(c, r, &r->cells[i], role, out))
            return true;
        if (role == SK_ROLE_BIRTH_DATE && boxed_date(c, r, i, out))
            return true;
        break;
    }
    if (at + 1 >= n || rows[at + 1].row != r->row + 1)
        return false;
    out->row = at + 1;
    return value_of(c, &rows[at + 1], sk_row_cell(&rows[at + 1], label->col), role, out);
}

struct form {
    struct sk_context *c;
    struct sk_record record;
    bool open, insured;
    uint64_t seen; /* roles in the record */
};

static bool close_record(struct form *f)
{
    if (!f->open)
        return true;
    f->open = false;
    return sk_record_end(f->c, &f->record);
}

static enum sk_piece piece_of(enum sk_role role, enum sk_element e)
{
    switch (role) {
    case SK_ROLE_INSURED_NO:
    case SK_ROLE_KOKUHO_SYMBOL:
    case SK_ROLE_KOKUHO_NUMBER:
    case SK_ROLE_KOKUHO_SYMBOL_NUMBER:
    case SK_ROLE_EDABAN:
        return SK_PIECES;
    default:
        return sk_element_piece(e);
    }
}

/* Elements and pieces of the numbers of insured people, whose kind the digits tell. */
static enum sk_element insured_element(struct form *f, const struct pair *p, enum sk_piece *piece)
{
    char d[16];
    size_t n = sk_text_plain_digits(p->text, d, sizeof d);
    if (p->role == SK_ROLE_INSURED_NO && n == 8) {
        *piece = SK_PIECE_LATECARE;
        return SK_EL_LATECARE_INSURED_NUMBER;
    }
    if (p->role == SK_ROLE_INSURED_NO && n == 10) {
        *piece = SK_PIECE_CARE;
        return SK_EL_CARE_INSURED_NUMBER;
    }
    if (p->role == SK_ROLE_KOKUHO_SYMBOL_NUMBER)
        sk_pieces_of_insured(&f->record, p->text);
    else
        sk_record_piece(&f->record,
                        p->role == SK_ROLE_KOKUHO_SYMBOL ? SK_PIECE_SYMBOL
                        : p->role == SK_ROLE_EDABAN      ? SK_PIECE_BRANCH
                                                         : SK_PIECE_NUMBER,
                        p->text.p, p->text.n);
    return SK_EL_INSURED_ID;
}

static bool add_pair(struct form *f, const struct sk_row *rows, const struct pair *p)
{
    const struct sk_role_info *info = sk_role_info((enum sk_role)p->role);
    const struct sk_segment *s = rows[p->row].segment;
    uint64_t bit = (uint64_t)1 << p->role;
    if (info->element == SK_EL_NONE && p->role != SK_ROLE_EDABAN)
        return true;
    /* the same kind of identity again: the next person */
    bool again = (f->seen & bit) != 0 && (info->class == 'I' || info->class == 'N') && info->element != SK_EL_PHONE &&
                 info->element != SK_EL_ADDRESS;
    if (again && !close_record(f))
        return false;
    if (!f->open) {
        sk_record_start(&f->record, s, p->cell->begin);
        f->open = true;
        f->insured = false;
        f->seen = 0;
    }
    f->seen |= bit;
    if (f->record.segment != s)
        sk_findings_segment(f->c, s);
    f->record.segment = s;
    if (p->cell->hidden != SK_SHOWN)
        f->record.hidden = (enum sk_hidden)p->cell->hidden;
    enum sk_piece piece = piece_of((enum sk_role)p->role, info->element);
    enum sk_element e = info->element;
    bool counted = true;
    if (e == SK_EL_INSURED_ID || p->role == SK_ROLE_INSURED_NO)
        e = insured_element(f, p, &piece);
    if (p->role == SK_ROLE_EDABAN)
        return true;
    if (e == SK_EL_INSURED_ID) {
        counted = !f->insured;
        f->insured = true;
    }
    if (p->cell == &p->range) { /* boxes */
        sk_record_piece(&f->record, piece, p->text.p, p->text.n);
        piece = SK_PIECES;
    }
    return sk_record_add(f->c, &f->record, p->cell->begin, p->cell->end, e, (enum sk_confidence)p->conf, piece,
                         counted);
}

/* What the detectors found with their own labels belongs to the person in hand. */
static bool add_candidates(struct form *f, const struct sk_table_items *set)
{
    const struct sk_detector *all;
    size_t n_all = sk_rules_detectors(f->c->rules, &all);
    for (size_t i = 0; i < set->n; i++) {
        const struct sk_candidate *x = &set->items[i];
        int conf = sk_score_confidence(x->score);
        if (conf < 0 || x->detector >= n_all || (!x->labelled && conf < SK_CONF_HIGH))
            continue;
        enum sk_element e = all[x->detector].element;
        f->record.segment = set->segment;
        if (!sk_record_add(f->c, &f->record, x->begin, x->end, e, (enum sk_confidence)conf, SK_PIECES, true))
            return false;
    }
    return true;
}

/* ---------------------------------------------------------------- people side by side, labels in the first column */

/* Values to the right of a row that begins with a label; 0 when another label stands there. */
static uint32_t values_beside(const struct sk_context *c, const struct sk_row *r, enum sk_role *role)
{
    struct pair p;
    uint32_t n = 0, first = 0;
    while (first < r->n && r->cells[first].begin >= r->cells[first].end)
        first++;
    *role = first < r->n ? label_role(c, r, &r->cells[first]) : SK_ROLE_NONE;
    if (*role == SK_ROLE_NONE)
        return 0;
    for (uint32_t i = first + 1; i < r->n; i++) {
        enum sk_role other = label_role(c, r, &r->cells[i]);
        if (other != SK_ROLE_NONE && other != SK_ROLE_COUNT)
            return 0;
        n += r->cells[i].begin < r->cells[i].end && value_of(c, r, &r->cells[i], *role, &p);
    }
    return n;
}

/* Every column is a person when at least two labels have at least two values. *read: it was so. */
static bool read_across(struct form *f, const struct sk_row *rows, size_t n, bool *read)
{
    enum sk_role role;
    uint32_t labels = 0, width = 0;
    for (size_t i = 0; i < n; i++) {
        bool two = values_beside(f->c, &rows[i], &role) >= 2;
        labels += two && sk_role_info(role)->class != 'X';
        width = two && sk_row_width(&rows[i]) > width ? sk_row_width(&rows[i]) : width;
    }
    *read = labels >= FORM_LABELS;
    for (uint32_t col = 0; *read && col < width; col++) {
        for (size_t i = 0; i < n; i++) {
            struct pair p;
            const struct sk_cell *cell = sk_row_cell(&rows[i], col);
            if (cell == NULL || values_beside(f->c, &rows[i], &role) == 0 || !value_of(f->c, &rows[i], cell, role, &p))
                continue;
            p.row = i;
            if (!add_pair(f, rows, &p))
                return false;
        }
        if (!close_record(f))
            return false;
    }
    return true;
}

bool sk_columns_form(struct sk_context *c, const struct sk_row *rows, size_t n, const struct sk_table_items *sets,
                     size_t n_sets, bool *ok)
{
    struct form f = { .c = c };
    uint32_t found = 0;
    bool across = false;
    *ok = read_across(&f, rows, n, &across);
    if (across || !*ok)
        return *ok;
    for (int pass = 0; pass < 2; pass++) { /* first whether it is a form at all */
        for (size_t i = 0; i < n; i++)
            for (uint32_t j = 0; j < rows[i].n; j++) {
                struct pair p;
                enum sk_role role = label_role(c, &rows[i], &rows[i].cells[j]);
                if (role == SK_ROLE_NONE || !find_value(c, rows, n, i, j, role, &p))
                    continue;
                if (pass == 0)
                    found += sk_role_info(role)->class != 'X';
                else if (!add_pair(&f, rows, &p))
                    return *ok = false;
            }
        if (found < FORM_LABELS)
            return false;
    }
    if (f.open && n_sets == 1 && !add_candidates(&f, &sets[0])) /* of several segments the values would count twice */
        return *ok = false;
    *ok = close_record(&f);
    return true;
}
