/* odf_table.c - tables of texts and slides, and sheets: a sheet is a part of its own with cell addresses. */
#include "extract/odf.h"

static bool sheet_begin(struct odf *d, const char *name)
{
    const struct sk_sink *sink = d->job->sink;
    if (!sk_side_flush(&d->side))
        return false;
    uint32_t part = sink->part(sink->ctx, d->part, name ? name : "", name ? strlen(name) : 0, d->table_hidden);
    struct sk_out *o = part ? sk_out_open(d->job, part) : NULL;
    if (!o) {
        sink->reason(sink->ctx, d->part, SK_WHY_TOO_LARGE, "");
        return false;
    }
    d->o = d->side.o = o;
    return true;
}

bool odf_sheet_end(struct odf *d)
{
    if (d->o == d->base)
        return true;
    bool ok = sk_side_flush(&d->side);
    ok = sk_out_close(d->o) && ok;
    d->o = d->side.o = d->base;
    return ok;
}

enum odf_act odf_table_start(struct odf *d, const char **atts, bool *ok)
{
    if (d->boxes || d->in_table) {
        d->inner++;
        return ODF_INNER_TABLE;
    }
    unsigned look = odf_style_look(&d->styles, "table", sk_xml_attr(atts, "style-name"));
    d->table_hidden = look & ODF_NO_TABLE && d->spreadsheet ? SK_HIDDEN_SHEET : d->hidden;
    *ok = !d->spreadsheet || sheet_begin(d, sk_xml_attr(atts, "name"));
    d->in_table = *ok;
    sk_buf_clear(&d->cell);
    sk_buf_clear(&d->value);
    *ok = *ok && sk_out_kind(d->o, d->kind, d->table_hidden) && sk_out_place(d->o, 0, d->slide, 0) &&
          odf_table_begin(&d->rows, d->o, d->spreadsheet);
    d->hidden_before = d->hidden;
    d->hidden = d->table_hidden;
    return ODF_TABLE;
}

bool odf_table_stop(struct odf *d)
{
    d->in_table = false;
    d->hidden = d->hidden_before;
    bool ok = odf_table_end(&d->rows);
    return odf_sheet_end(d) && ok && sk_out_kind(d->o, d->kind, d->hidden);
}

/* "1980-01-02T00:00:00" -> "1980/01/02" */
static void date_value(struct odf *d, const char *s)
{
    size_t n = strcspn(s, "T");
    for (size_t i = 0; i < n && i < 32; i++)
        sk_buf_add(&d->value, s[i] == '-' && i ? "/" : s + i, 1);
    if (s[n] == 'T' && strncmp(s + n, "T00:00:00", 9) != 0) {
        sk_buf_add(&d->value, " ", 1);
        sk_buf_add(&d->value, s + n + 1, strnlen(s + n + 1, 16));
    }
}

static void cell_value(struct odf *d, const char **atts)
{
    const char *type = sk_xml_attr(atts, "value-type"), *v;
    sk_buf_clear(&d->value);
    if (!type)
        return;
    if (strcmp(type, "date") == 0 && (v = sk_xml_attr(atts, "date-value")))
        date_value(d, v);
    else if (strcmp(type, "string") == 0 ? (v = sk_xml_attr(atts, "string-value")) != NULL
                                         : (v = sk_xml_attr(atts, "value")) != NULL)
        sk_buf_str(&d->value, v);
}

/* Which of the two is the cell's text? What a reader sees, unless that is a short form of a date or number. */
static bool by_value(const struct odf *d)
{
    if (d->value.n == 0)
        return false;
    if (d->cell.n == 0 || memchr(d->value.p, '/', d->value.n))
        return true;
    return d->cell.p[0] == '#' || strstr(d->cell.p, "E+") != NULL;
}

bool odf_cell_stop(struct odf *d)
{
    const struct sk_buf *b = by_value(d) ? &d->value : &d->cell;
    size_t n = b->n;
    while (n && (b->p[n - 1] == '\n' || b->p[n - 1] == ' '))
        n--;
    odf_cell_end(&d->rows, &d->span, b->p, n, SK_SHOWN);
    sk_buf_clear(&d->cell);
    sk_buf_clear(&d->value);
    return true;
}

enum odf_act odf_table_part(struct odf *d, const char *name, const char **atts, bool *known)
{
    *known = true;
    if (strcmp(name, "table-cell") == 0 || strcmp(name, "covered-table-cell") == 0) {
        if (d->inner || !d->in_table || d->boxes)
            return ODF_INNER_CELL;
        odf_cell_begin(&d->rows, atts, name[0] == 'c', &d->span);
        sk_buf_clear(&d->cell);
        cell_value(d, atts);
        return ODF_CELL;
    }
    if (strcmp(name, "table-row") == 0) {
        if (d->inner || !d->in_table || d->boxes)
            return ODF_INNER_ROW;
        odf_row_begin(&d->rows, atts);
        return ODF_ROW;
    }
    const char *display = sk_xml_attr(atts, "display");
    bool hide = display && strcmp(display, "false") == 0;
    if (strcmp(name, "table-column") == 0 && d->in_table && !d->inner)
        odf_column(&d->rows, atts);
    else if (hide && strcmp(name, "table-row-group") == 0)
        return d->rows.hidden_groups++, ODF_ROW_GROUP;
    else if (hide && strcmp(name, "table-column-group") == 0)
        return d->rows.hidden_column_groups++, ODF_COLUMN_GROUP;
    else
        *known = false;
    return ODF_NOTHING;
}
