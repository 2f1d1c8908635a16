#include "detect/layout.h"

#include <string.h>

const struct sk_row_layout *const SK_LAYOUTS[] = {
#define X(name) &sk_layout_##name,
#include "detect/layouts.def"
#undef X
};
const size_t SK_LAYOUTS_N = sizeof SK_LAYOUTS / sizeof SK_LAYOUTS[0];

const struct sk_cell *sk_row_cell(const struct sk_row *r, uint32_t col)
{
    uint32_t lo = 0, hi = r->n;
    if (col < r->n && r->cells[col].col == col) { /* the usual row lacks no cell */
        lo = col;
        hi = col + 1;
    }
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        const struct sk_cell *cell = &r->cells[mid];
        if (cell->col == col)
            return cell->begin < cell->end && cell->end <= r->segment->len ? cell : NULL;
        if (cell->col < col)
            lo = mid + 1;
        else
            hi = mid;
    }
    return NULL;
}

struct sk_text sk_row_text(const struct sk_row *r, uint32_t col)
{
    const struct sk_cell *cell = sk_row_cell(r, col);
    struct sk_text t = { "", 0 };
    if (cell != NULL) {
        t.p = r->segment->text + cell->begin;
        t.n = cell->end - cell->begin;
    }
    return t;
}

bool sk_row_is(const struct sk_row *r, uint32_t col, const char *text)
{
    struct sk_text t = sk_row_text(r, col);
    return t.n == strlen(text) && memcmp(t.p, text, t.n) == 0;
}

uint32_t sk_row_width(const struct sk_row *r)
{
    return r->n == 0 ? 0 : r->cells[r->n - 1].col + 1u;
}

bool sk_text_digits(struct sk_text t, uint32_t min, uint32_t max)
{
    if (t.n < min || t.n > max)
        return false;
    for (uint32_t i = 0; i < t.n; i++)
        if (t.p[i] < '0' || t.p[i] > '9')
            return false;
    return true;
}

size_t sk_text_plain_digits(struct sk_text t, char *out, size_t cap)
{
    size_t n = 0;
    for (uint32_t i = 0; i < t.n; i++) {
        char ch = t.p[i];
        if (ch == ' ' || ch == '-')
            continue;
        if (ch < '0' || ch > '9' || n == cap)
            return 0;
        out[n++] = ch;
    }
    return n;
}

long sk_text_number(struct sk_text t)
{
    if (!sk_text_digits(t, 1, 9))
        return -1;
    long v = 0;
    for (uint32_t i = 0; i < t.n; i++)
        v = v * 10 + (t.p[i] - '0');
    return v;
}

bool sk_text_filled(struct sk_text t)
{
    for (uint32_t i = 0; i < t.n; i++) {
        unsigned char ch = (unsigned char)t.p[i];
        if (ch >= 0x80 || (ch >= '0' && ch <= '9') || (ch >= 'A' && ch <= 'Z') || (ch >= 'a' && ch <= 'z'))
            return true;
    }
    return false;
}

bool sk_text_ym(struct sk_text t)
{
    long v = sk_text_number(t);
    long month = v % 100;
    if (month < 1 || month > 12)
        return false;
    if (t.n == 5) /* era 1 to 5, year of the era 1 to 64 */
        return v / 10000 >= 1 && v / 10000 <= 5 && v / 100 % 100 >= 1 && v / 100 % 100 <= 64;
    return t.n == 6 && v / 100 >= 1990 && v / 100 <= 2099;
}

bool sk_text_ymd(struct sk_text t, long today)
{
    long day = 0;
    if (!sk_text_digits(t, 7, 8) || sk_date_read(t.p, t.n, true, &day) != t.n)
        return false;
    return today == 0 || day <= today + 1;
}

bool sk_text_insurer(struct sk_text t, long today)
{
    char d[10];
    size_t n = sk_text_plain_digits(t, d, sizeof d);
    sk_check six = sk_check_find("hokensha6"), eight = sk_check_find("hokensha8"),
             padded = sk_check_find("hokensha8_padded");
    if (n == 5) { /* a spreadsheet dropped the zero of prefectures 01 to 09 */
        memmove(d + 1, d, 5);
        d[0] = '0';
        n = 6;
    }
    if (n == 6)
        return six != NULL && six(d, n, today);
    if (n == 7) {
        memmove(d + 1, d, 7);
        d[0] = '0';
        n = 8;
    }
    return n == 8 && ((eight != NULL && eight(d, n, today)) || (padded != NULL && padded(d, n, today)));
}

/* ---------------------------------------------------------------- the record in hand */

bool sk_open_start(struct sk_context *c, struct sk_open *o, const struct sk_row *r)
{
    if (!sk_open_end(c, o))
        return false;
    sk_record_start(&o->record, r->segment, r->n != 0 ? r->cells[0].begin : 0);
    if (r->n != 0 && r->cells[0].hidden != SK_SHOWN)
        o->record.hidden = (enum sk_hidden)r->cells[0].hidden;
    o->open = true;
    return true;
}

bool sk_open_add(struct sk_context *c, struct sk_open *o, const struct sk_row *r, uint32_t col, enum sk_element e,
                 enum sk_confidence conf, enum sk_piece piece, bool counted)
{
    const struct sk_cell *cell = sk_row_cell(r, col);
    if (cell == NULL || !o->open)
        return true;
    if (piece != SK_PIECES && o->record.piece[piece].n != 0)
        piece = SK_PIECES;
    o->record.segment = r->segment;
    return sk_record_add(c, &o->record, cell->begin, cell->end, e, conf, piece, counted && cell->repeat == 0);
}

void sk_open_piece(struct sk_open *o, const struct sk_row *r, uint32_t col, enum sk_piece piece)
{
    struct sk_text t = sk_row_text(r, col);
    if (t.n != 0 && o->open && o->record.piece[piece].n == 0)
        sk_record_piece(&o->record, piece, t.p, t.n);
}

bool sk_open_holds(const struct sk_open *o, enum sk_piece piece, struct sk_text t)
{
    return o->open && t.n != 0 && o->record.piece[piece].n == t.n && memcmp(o->record.piece[piece].p, t.p, t.n) == 0;
}

bool sk_open_end(struct sk_context *c, struct sk_open *o)
{
    if (!o->open)
        return true;
    o->open = false;
    return sk_record_end(c, &o->record);
}

/* ---------------------------------------------------------------- free text in a row */

static bool add_prose(struct sk_context *c, struct sk_open *o, const struct sk_row *r, const struct sk_candidate *x)
{
    const struct sk_detector *all;
    size_t n = sk_rules_detectors(c->rules, &all);
    int conf = sk_score_confidence(x->score);
    if (conf < 0 || x->detector >= n)
        return true;
    enum sk_element e = all[x->detector].element;
    if (!o->open)
        return sk_finding_add(c, r->segment, x->begin, x->end, e, (enum sk_confidence)conf);
    o->record.segment = r->segment;
    /* Who is named in a comment need not be the patient: it identifies nobody. */
    return sk_record_add(c, &o->record, x->begin, x->end, e, (enum sk_confidence)conf, SK_PIECES, true);
}

bool sk_layout_prose(struct sk_context *c, const struct sk_row_layout *layout, void *state, const struct sk_row *r,
                     const struct sk_candidate *items, size_t n, size_t *next)
{
    uint32_t first, last;
    if (n == 0 || layout->prose == NULL || !layout->prose(r, &first, &last))
        return true;
    for (uint32_t col = first; col <= last; col++) {
        const struct sk_cell *cell = sk_row_cell(r, col);
        if (cell == NULL)
            continue;
        while (*next < n && items[*next].begin < cell->begin)
            ++*next;
        for (; *next < n && items[*next].begin < cell->end; ++*next)
            if (items[*next].end <= cell->end && !add_prose(c, state, r, &items[*next]))
                return false;
    }
    return true;
}
