/* xlsx_sheet.c - one worksheet: cells in reading order as a table, then what stands beside the cells. */
#include "extract/xlsx.h"

#include <limits.h>
#include <stdlib.h>

#define COLUMNS 16384u
#define CHARGE_EVERY ((size_t)256 << 10)
#define VALUE_MAX ((size_t)1 << 20) /* Excel allows 32,767 characters in a cell */

struct live { /* a merged range whose first row has passed */
    uint32_t row1, col;
    struct sk_buf text;
};

struct sheet {
    struct xlsx *x;
    struct sk_out *o;
    struct sk_side side;
    enum sk_hidden hidden;
    struct sk_rels rels;

    uint8_t hidden_columns[COLUMNS / 8];
    struct xlsx_merges merges;
    size_t next_merge;
    struct live *live; /* ascending by col */
    size_t n_live, cap_live;
    size_t next_live; /* in the row at hand */

    bool in_table, table_used;
    uint32_t row, col, last_row;
    bool row_hidden;

    char type[12];
    const struct xlsx_format *format;
    bool in_value, in_inline, in_text;
    unsigned phonetic;
    struct sk_buf value, ruby;

    struct sk_buf note; /* header, footer, list of allowed values */
    enum { NOTE_NONE, NOTE_HEADER, NOTE_FOOTER, NOTE_LIST } note_kind;
    bool in_validation;
    bool overflow;
    size_t owed; /* text that came from elsewhere than this sheet's own bytes, not yet charged */
};

/* ---------------------------------------------------------------- cells */

static bool start_cells(struct sheet *s)
{
    if (s->in_table)
        return true;
    s->in_table = true;
    return sk_out_kind(s->o, SK_RUN_BODY, s->hidden) && sk_out_table_begin(s->o, true);
}

static bool end_cells(struct sheet *s)
{
    if (!s->in_table)
        return true;
    s->in_table = false;
    return sk_out_table_end(s->o);
}

static enum sk_hidden cell_hidden(const struct sheet *s, uint32_t col, bool repeat)
{
    if (s->row_hidden)
        return SK_HIDDEN_ROW;
    if (col < COLUMNS && (s->hidden_columns[col / 8] & 1u << col % 8))
        return SK_HIDDEN_COLUMN;
    return !repeat && s->format && s->format->unseen ? SK_HIDDEN_TEXT : SK_SHOWN;
}

static bool write_cell(struct sheet *s, uint32_t col, const char *p, size_t n, bool repeat)
{
    return start_cells(s) && sk_out_cell_begin(s->o, s->row, col, cell_hidden(s, col, repeat), repeat) &&
           sk_out_text(s->o, p, n) && sk_out_cell_end(s->o);
}

/* A short reference can stand for a long text, many times: what is written that way counts as expansion. */
static bool charge(struct sheet *s, size_t n)
{
    s->owed += n;
    if (s->owed < CHARGE_EVERY)
        return true;
    n = s->owed;
    s->owed = 0;
    return sk_budget_expand(s->x->opc->job->budget, n);
}

/* Values of merged cells from above, for columns before col. */
static bool write_live(struct sheet *s, uint32_t col)
{
    for (; s->next_live < s->n_live && s->live[s->next_live].col < col; s->next_live++) {
        struct live *l = &s->live[s->next_live];
        if (l->text.n && (!charge(s, l->text.n) || !write_cell(s, l->col, l->text.p, l->text.n, true)))
            return false;
    }
    return true;
}

static void drop_live(struct sheet *s)
{
    size_t kept = 0;
    for (size_t i = 0; i < s->n_live; i++) {
        struct live l = s->live[i];
        if (l.row1 < s->row || l.text.n == 0)
            sk_buf_free(&l.text);
        else
            s->live[kept++] = l;
    }
    s->n_live = kept;
    s->next_live = 0;
}

/* The value at the top of a merged range is kept for its further rows. */
static void keep_merge(struct sheet *s, uint32_t col, const char *p, size_t n)
{
    while (s->next_merge < s->merges.n && s->merges.items[s->next_merge].row0 < s->row)
        s->next_merge++;
    size_t low = s->next_merge, high = s->merges.n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        const struct xlsx_merge *m = &s->merges.items[mid];
        if (m->row0 < s->row || (m->row0 == s->row && m->col < col))
            low = mid + 1;
        else
            high = mid;
    }
    if (low == s->merges.n || s->merges.items[low].row0 != s->row || s->merges.items[low].col != col || n == 0)
        return;
    if (s->n_live >= COLUMNS || !sk_grow(&s->live, &s->cap_live, s->n_live + 1, sizeof(*s->live))) {
        s->overflow = true;
        return;
    }
    struct live l = { .row1 = s->merges.items[low].row1, .col = col };
    sk_buf_init(&l.text, VALUE_MAX);
    sk_buf_add(&l.text, p, n);
    size_t at = s->n_live++;
    for (; at > 0 && s->live[at - 1].col > col; at--)
        s->live[at] = s->live[at - 1];
    s->live[at] = l;
    if (at <= s->next_live) /* it stands in this row itself already */
        s->next_live++;
}

static bool give_cell(struct sheet *s, const char *p, size_t n)
{
    if (n == 0)
        return true;
    if (!write_live(s, s->col))
        return false;
    if (s->next_live < s->n_live && s->live[s->next_live].col == s->col)
        s->next_live++; /* a value of its own under a merged range */
    bool ok = write_cell(s, s->col, p, n, false);
    keep_merge(s, s->col, p, n);
    return ok;
}

static bool give_shared(struct sheet *s)
{
    struct xlsx_strings *t = &s->x->strings;
    char *end;
    unsigned long i = s->value.n ? strtoul(s->value.p, &end, 10) : ULONG_MAX;
    if (i >= t->n)
        return true;
    struct xlsx_string *a = &t->items[i], *b = a + 1;
    if (!a->used && b->ruby > a->ruby &&
        !sk_side_add(&s->side, SK_RUN_RUBY, s->hidden, 0, 0, t->ruby.p + a->ruby, (size_t)(b->ruby - a->ruby)))
        return false;
    a->used = true;
    return charge(s, (size_t)(b->begin - a->begin)) &&
           give_cell(s, t->text.p + a->begin, (size_t)(b->begin - a->begin));
}

static bool end_cell(struct sheet *s)
{
    char out[XLSX_NUMBER];
    const char *t = s->type;
    if (s->ruby.n && !sk_side_add(&s->side, SK_RUN_RUBY, s->hidden, 0, 0, s->ruby.p, s->ruby.n))
        return false;
    if (s->value.n == 0)
        return true;
    if (strcmp(t, "s") == 0)
        return give_shared(s);
    if (strcmp(t, "str") == 0 || strcmp(t, "inlineStr") == 0)
        return give_cell(s, s->value.p, s->value.n);
    if (strcmp(t, "b") == 0)
        return give_cell(s, s->value.p[0] == '1' ? "TRUE" : "FALSE", s->value.p[0] == '1' ? 4 : 5);
    if (strcmp(t, "d") == 0)
        return give_cell(s, out, xlsx_iso_date(s->value.p, s->value.n, out));
    if (strcmp(t, "e") == 0)
        return true; /* #N/A and its like */
    return give_cell(s, out, xlsx_number(s->format, s->x->date1904, s->value.p, s->value.n, out));
}

/* Height or width 0 hides as well; not strtod, whose point depends on the locale. */
static bool is_zero(const char *v)
{
    return v && *v && strspn(v, "0.") == strlen(v);
}

static bool start_row(struct sheet *s, const char **atts)
{
    const char *r = sk_xml_attr(atts, "r"), *height = sk_xml_attr(atts, "ht");
    unsigned long n = r ? strtoul(r, NULL, 10) : 0;
    uint32_t row = n >= 1 && n <= 1048576 ? (uint32_t)n - 1 : s->last_row + 1;
    /* Rows only go down; a sheet that says otherwise is read as several tables. */
    if (s->table_used && row <= s->last_row && s->last_row != UINT32_MAX) {
        if (!end_cells(s))
            return false;
        for (size_t i = 0; i < s->n_live; i++)
            s->live[i].row1 = 0;
        s->next_merge = 0;
    }
    s->table_used = true;
    s->row = s->last_row = row;
    s->col = UINT32_MAX;
    s->row_hidden = sk_xml_on(sk_xml_attr(atts, "hidden")) || is_zero(height);
    drop_live(s);
    return sk_budget_time(s->x->opc->job->budget);
}

static bool start_cell(struct sheet *s, const char **atts)
{
    static const struct xlsx_format GENERAL = { XLSX_PLAIN, NULL, false };
    const char *r = NULL, *t = NULL, *style = NULL;
    for (const char **a = atts; a[0]; a += 2) {
        if (strcmp(a[0], "r") == 0)
            r = a[1];
        else if (strcmp(a[0], "t") == 0)
            t = a[1];
        else if (strcmp(a[0], "s") == 0)
            style = a[1];
    }
    uint32_t row, col;
    if (r && xlsx_ref(r, &row, &col, NULL)) {
        if (s->col != UINT32_MAX && col <= s->col) { /* columns only go right */
            if (!write_live(s, UINT32_MAX) || !end_cells(s))
                return false;
        }
        s->col = col;
    } else if (s->col + 1 < COLUMNS) {
        s->col++;
    }
    unsigned long k = style ? strtoul(style, NULL, 10) : 0;
    s->format = k < s->x->n_formats ? &s->x->formats[k] : &GENERAL;
    size_t n = t ? strlen(t) : 0;
    n = n < sizeof(s->type) ? n : sizeof(s->type) - 1;
    memcpy(s->type, t ? t : "", n);
    s->type[n] = '\0';
    sk_buf_clear(&s->value);
    sk_buf_clear(&s->ruby);
    return true;
}

/* ---------------------------------------------------------------- elements */

static void start_column(struct sheet *s, const char **atts)
{
    const char *min = sk_xml_attr(atts, "min"), *max = sk_xml_attr(atts, "max"), *width = sk_xml_attr(atts, "width");
    if (!min || !max || !(sk_xml_on(sk_xml_attr(atts, "hidden")) || is_zero(width)))
        return;
    unsigned long a = strtoul(min, NULL, 10), b = strtoul(max, NULL, 10);
    for (unsigned long c = a ? a - 1 : 0; c < b && c < COLUMNS; c++)
        s->hidden_columns[c / 8] = (uint8_t)(s->hidden_columns[c / 8] | 1u << c % 8);
}

static void start_note(struct sheet *s, const char *name)
{
    size_t n = strlen(name);
    if (s->in_validation && (strcmp(name, "formula1") == 0 || strcmp(name, "formula2") == 0))
        s->note_kind = NOTE_LIST;
    else if (n > 6 && strcmp(name + n - 6, "Header") == 0)
        s->note_kind = NOTE_HEADER;
    else if (n > 6 && strcmp(name + n - 6, "Footer") == 0 && strcmp(name, "headerFooter") != 0)
        s->note_kind = NOTE_FOOTER;
    else
        return;
    sk_buf_clear(&s->note);
}

static bool end_note(struct sheet *s)
{
    bool ok = true;
    if (s->note_kind == NOTE_LIST) {
        if (s->note.n && s->note.p[0] == '"') /* else it refers to cells */
            ok = sk_side_add(&s->side, SK_RUN_BODY, SK_HIDDEN_NAME, 0, 0, s->note.p + 1,
                             s->note.n - 1 - (s->note.n > 1 && s->note.p[s->note.n - 1] == '"'));
    } else {
        struct sk_buf text;
        sk_buf_init(&text, VALUE_MAX);
        xlsx_header_text(s->note.p, s->note.n, &text);
        s->overflow |= text.failed || s->note.failed;
        ok = sk_side_add(&s->side, s->note_kind == NOTE_HEADER ? SK_RUN_HEADER : SK_RUN_FOOTER, s->hidden, 0, 0, text.p,
                         text.n);
        sk_buf_free(&text);
    }
    s->note_kind = NOTE_NONE;
    return ok;
}

/* Text in attributes: what is shown when the mouse rests on a link or a cell is chosen, values kept for a scenario.
 * (A link's display is the cell's own text.) */
static bool start_attributes(struct sheet *s, const char *name, const char **atts)
{
    static const struct sk_attribute_text TEXTS[] = {
        { "hyperlink", "tooltip", NULL },     { "dataValidation", "promptTitle", NULL },
        { "dataValidation", "prompt", NULL }, { "dataValidation", "error", NULL },
        { "scenario", "name", NULL },         { "scenario", "comment", NULL },
        { "inputCells", "val", NULL },
    };
    return sk_side_attributes(&s->side, (struct sk_attribute_place){ SK_RUN_BODY, SK_HIDDEN_NAME, 0, 0 }, name, atts,
                              TEXTS, sizeof(TEXTS) / sizeof(TEXTS[0]));
}

static bool on_start(void *ctx, const char *name, const char **atts)
{
    struct sheet *s = ctx;
    switch (name[0]) {
    case 'c':
        if (name[1] == '\0')
            return start_cell(s, atts);
        if (strcmp(name, "col") == 0)
            start_column(s, atts);
        break;
    case 'v':
        s->in_value = name[1] == '\0';
        break;
    case 'r':
        if (strcmp(name, "row") == 0)
            return start_row(s, atts);
        s->phonetic += strcmp(name, "rPh") == 0;
        break;
    case 'i':
        if (strcmp(name, "is") == 0)
            s->in_inline = true;
        else if (!start_attributes(s, name, atts))
            return false;
        break;
    case 't':
        s->in_text = name[1] == '\0';
        break;
    case 'd':
    case 'h':
    case 's':
        s->in_validation |= strcmp(name, "dataValidation") == 0;
        if (!start_attributes(s, name, atts))
            return false;
        break;
    default:
        break;
    }
    start_note(s, name);
    return true;
}

static bool on_end(void *ctx, const char *name)
{
    struct sheet *s = ctx;
    if (s->note_kind != NOTE_NONE && strcmp(name, "f") != 0)
        return end_note(s);
    if (strcmp(name, "c") == 0)
        return end_cell(s);
    if (strcmp(name, "v") == 0)
        s->in_value = false;
    else if (strcmp(name, "t") == 0)
        s->in_text = false;
    else if (strcmp(name, "is") == 0)
        s->in_inline = false;
    else if (strcmp(name, "rPh") == 0)
        s->phonetic -= s->phonetic > 0;
    else if (strcmp(name, "row") == 0)
        return write_live(s, UINT32_MAX);
    else if (strcmp(name, "dataValidation") == 0)
        s->in_validation = false;
    else if (strcmp(name, "sheetData") == 0)
        return end_cells(s);
    return true;
}

static bool on_text(void *ctx, const char *p, size_t n)
{
    struct sheet *s = ctx;
    if (s->note_kind != NOTE_NONE)
        s->overflow |= !sk_buf_add(&s->note, p, n);
    else if (s->in_value || (s->in_inline && s->in_text && !s->phonetic))
        s->overflow |= !sk_buf_add(&s->value, p, n);
    else if (s->in_inline && s->in_text)
        s->overflow |= !sk_buf_add(&s->ruby, p, n);
    return true;
}

/* ---------------------------------------------------------------- what hangs on a sheet */

static bool read_hung(struct sheet *s)
{
    bool threaded = false, ok = true;
    struct sk_opc *p = s->x->opc;
    struct sk_drawing how = { .kind = SK_RUN_BODY, .hidden = s->hidden, .stamps = true };
    for (size_t i = 0; i < s->rels.n; i++)
        threaded |= strcmp(s->rels.items[i].type, "threadedComment") == 0;
    for (size_t i = 0; ok && i < s->rels.n; i++) {
        const struct sk_rel *r = &s->rels.items[i];
        if (r->member == SIZE_MAX || p->seen[r->member])
            continue;
        if (strcmp(r->type, "comments") == 0)
            ok = xlsx_comments_read(p, r->member, &s->side, threaded);
        else if (strcmp(r->type, "threadedComment") == 0)
            ok = xlsx_comments_read(p, r->member, &s->side, false);
        else if (strcmp(r->type, "drawing") == 0)
            ok = sk_drawing_text(p, r->member, s->o, &how);
    }
    free(how.known);
    return ok && sk_side_flush(&s->side);
}

static void free_sheet(struct sheet *s)
{
    for (size_t i = 0; i < s->n_live; i++)
        sk_buf_free(&s->live[i].text);
    free(s->live);
    free(s->merges.items);
    sk_buf_free(&s->value);
    sk_buf_free(&s->ruby);
    sk_buf_free(&s->note);
    sk_side_free(&s->side);
    free(s);
}

bool xlsx_sheet_read(struct xlsx *x, size_t i, const char *name, enum sk_hidden hidden)
{
    static const struct sk_xml_calls CALLS = { on_start, on_end, on_text };
    struct sk_job *job = x->opc->job;
    uint32_t part = job->sink->part(job->sink->ctx, job->part, name, strlen(name), hidden);
    struct sheet *s = part ? sk_new(1, sizeof(*s)) : NULL;
    struct sk_out *o = s ? sk_out_open(job, part) : NULL;
    if (!o) {
        sk_opc_reason(x->opc, SK_WHY_TOO_LARGE, "");
        free(s);
        return true;
    }
    s->x = x;
    s->o = o;
    s->hidden = hidden;
    s->last_row = UINT32_MAX;
    sk_side_init(&s->side, o);
    sk_buf_init(&s->value, VALUE_MAX);
    sk_buf_init(&s->ruby, VALUE_MAX);
    sk_buf_init(&s->note, VALUE_MAX);
    sk_opc_rels(x->opc, i, &s->rels);
    bool ok = sk_out_name(o, name, strlen(name), hidden);
    if (!ok)
        ; /* stop */
    else if (xlsx_merges_stream(x->opc, i, &s->merges)) {
        ok = sk_opc_parse(x->opc, i, &CALLS, s);
    } else {
        struct sk_bytes b = sk_opc_bytes(x->opc, i);
        xlsx_merges_scan(b, &s->merges);
        ok = sk_opc_parse_bytes(x->opc, b, &CALLS, s);
    }
    /* The XML may have been cut inside the table. */
    ok = end_cells(s) && ok && read_hung(s);
    if (s->overflow || s->side.lost)
        sk_opc_reason(x->opc, SK_WHY_TOO_LARGE, "");
    ok = sk_out_close(o) && ok;
    free_sheet(s);
    return ok;
}
