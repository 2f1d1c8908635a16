/* odf_rows.c - see odf.h. A row is held until its end, because its attributes say that it stands for many. */
#include "extract/odf.h"

#include <stdlib.h>

#define ROW_TEXT_MAX ((size_t)64 << 20)
#define REPEATED_MAX 1000000u /* of cells with text; what they hold was read with the first of them */
#define ROWS_MAX 1048576u

void odf_rows_init(struct odf_rows *r)
{
    memset(r, 0, sizeof(*r));
    sk_buf_init(&r->text, ROW_TEXT_MAX);
}

void odf_rows_free(struct odf_rows *r)
{
    sk_grid_free(r->grid);
    sk_buf_free(&r->text);
    free(r->cells);
}

static uint32_t number(const char **atts, const char *name, uint32_t most)
{
    const char *s = sk_xml_attr(atts, name);
    unsigned long v = s ? strtoul(s, NULL, 10) : 1;
    return v == 0 ? 1 : v < most ? (uint32_t)v : most;
}

static bool unseen(const char **atts)
{
    const char *v = sk_xml_attr(atts, "visibility");
    return v && (strcmp(v, "collapse") == 0 || strcmp(v, "filter") == 0);
}

bool odf_table_begin(struct odf_rows *r, struct sk_out *o, bool sheet)
{
    if (!r->grid && !(r->grid = sk_grid_new()))
        return false;
    r->sheet = sheet;
    r->col = r->next_column = 0;
    r->n = 0;
    r->hidden_groups = r->hidden_column_groups = 0;
    sk_buf_clear(&r->text);
    memset(r->hidden_columns, 0, sizeof(r->hidden_columns));
    memset(r->down, 0, sizeof(r->down));
    return sk_grid_begin(r->grid, o, sheet);
}

void odf_column(struct odf_rows *r, const char **atts)
{
    uint32_t n = number(atts, "number-columns-repeated", ODF_COLUMNS);
    bool hide = unseen(atts) || r->hidden_column_groups;
    for (uint32_t i = 0; i < n && r->next_column < ODF_COLUMNS; i++, r->next_column++)
        if (hide)
            r->hidden_columns[r->next_column / 8] |= (uint8_t)(1u << (r->next_column % 8));
}

void odf_row_begin(struct odf_rows *r, const char **atts)
{
    r->row_count = number(atts, "number-rows-repeated", ROWS_MAX);
    r->row_hidden = unseen(atts) || r->hidden_groups;
    r->col = 0;
    r->n = 0;
    sk_buf_clear(&r->text);
}

void odf_cell_begin(struct odf_rows *r, const char **atts, bool covered, struct odf_span *span)
{
    (void)r;
    span->count = number(atts, "number-columns-repeated", ODF_COLUMNS);
    span->across = number(atts, "number-columns-spanned", ODF_COLUMNS);
    span->down = number(atts, "number-rows-spanned", ROWS_MAX);
    span->covered = covered;
}

static enum sk_hidden hidden_at(const struct odf_rows *r, uint32_t col, const struct odf_span *span,
                                enum sk_hidden hidden)
{
    if (hidden != SK_SHOWN)
        return hidden;
    if (span->covered)
        return SK_HIDDEN_COVERED;
    if (r->row_hidden)
        return SK_HIDDEN_ROW;
    return r->hidden_columns[col / 8] >> (col % 8) & 1 ? SK_HIDDEN_COLUMN : SK_SHOWN;
}

/* A covered cell without text shows the merged cell's, if that one began above it. */
static enum sk_merge merge_at(struct odf_rows *r, uint32_t col, const struct odf_span *span)
{
    if (col >= SK_GRID_COLUMNS)
        return SK_MERGE_NONE;
    if (!span->covered) {
        r->down[col] = span->down - 1;
        return span->down > 1 ? SK_MERGE_RESTART : SK_MERGE_NONE;
    }
    if (r->down[col] == 0)
        return SK_MERGE_NONE;
    r->down[col]--;
    return SK_MERGE_CONTINUE;
}

void odf_cell_end(struct odf_rows *r, const struct odf_span *span, const char *p, size_t n, enum sk_hidden hidden)
{
    uint32_t count = span->count;
    if (r->col >= ODF_COLUMNS)
        return;
    if (count > ODF_COLUMNS - r->col)
        count = ODF_COLUMNS - r->col;
    if (n && !sk_buf_add(&r->text, p, n)) {
        r->failed = true;
        n = 0;
    }
    for (uint32_t i = 0; i < count;) {
        enum sk_merge merge = merge_at(r, r->col, span);
        uint32_t run = n || merge != SK_MERGE_NONE || r->col < SK_GRID_COLUMNS ? 1 : count - i;
        bool wanted = n || merge != SK_MERGE_NONE || (!r->sheet && !span->covered);
        if (wanted && sk_grow(&r->cells, &r->cap, r->n + 1, sizeof(*r->cells)))
            r->cells[r->n++] = (struct odf_cell){ .col = r->col,
                                                  .begin = r->text.n - n,
                                                  .n = n,
                                                  .hidden = (uint8_t)hidden_at(r, r->col, span, hidden),
                                                  .merge = (uint8_t)merge };
        r->col += run;
        i += run;
    }
}

static bool give_row(struct odf_rows *r)
{
    bool ok = true;
    for (size_t i = 0; ok && i < r->n; i++) {
        const struct odf_cell *c = &r->cells[i];
        r->grid->col = c->col;
        ok = sk_grid_cell(r->grid, r->text.p ? r->text.p + c->begin : "", c->n, (enum sk_hidden)c->hidden, 1,
                          (enum sk_merge)c->merge);
    }
    return ok;
}

bool odf_row_end(struct odf_rows *r)
{
    bool ok = true, text = r->text.n > 0;
    for (uint32_t i = 0; ok && i < r->row_count; i++) {
        sk_grid_row(r->grid);
        if (i > 0 && r->n) {
            r->repeated += r->n;
            if (r->repeated > REPEATED_MAX) {
                r->capped |= text;
                r->grid->row += r->row_count - i - 1;
                break;
            }
        } else if (r->n == 0) {
            r->grid->row += r->row_count - 1;
            break;
        }
        ok = give_row(r);
    }
    r->n = 0;
    r->row_count = 0;
    sk_buf_clear(&r->text);
    return ok;
}

bool odf_table_end(struct odf_rows *r)
{
    bool ok = r->n == 0 || odf_row_end(r); /* cut inside a row */
    return sk_grid_end(r->grid) && ok;
}
