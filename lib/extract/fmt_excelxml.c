/* fmt_excelxml.c - "XML Spreadsheet 2003": a workbook as one XML document. Sheets as parts, cells as a table. */
#include "extract/ooxml.h"
#include "extract/xlsx.h"

#include <stdlib.h>

int sk_sniff_excelxml(struct sk_bytes head, struct sk_source *source);
bool sk_extract_excelxml(struct sk_job *job);

#define CELL_MAX ((size_t)1 << 20)
#define COLUMNS 16384u
#define ROWS 1048576u

struct book {
    struct sk_job *job;
    struct sk_out *own, *o; /* of the file; of the sheet at hand */
    struct sk_side side;    /* comments and names */
    struct sk_buf text;
    uint32_t row, col;
    enum sk_hidden row_hidden, sheet;
    uint8_t hidden_columns[COLUMNS / 8];
    uint32_t next_column;
    unsigned skip; /* inside properties and options */
    bool in_data, in_comment, in_table, date, overflow, in_property;
};

static uint32_t number(const char **atts, const char *name, uint32_t most)
{
    const char *v = sk_xml_attr(atts, name);
    unsigned long n = v ? strtoul(v, NULL, 10) : 0;
    return n <= most ? (uint32_t)n : most;
}

static bool end_sheet(struct book *b)
{
    bool ok = true;
    if (!b->o)
        return true;
    if (b->in_table)
        ok = sk_out_table_end(b->o);
    b->in_table = false;
    ok = ok && sk_side_flush(&b->side);
    sk_side_free(&b->side);
    ok = sk_out_close(b->o) && ok;
    b->o = NULL;
    return ok;
}

static bool start_sheet(struct book *b, const char **atts)
{
    const char *name = sk_xml_attr(atts, "Name");
    const struct sk_sink *sink = b->job->sink;
    if (!end_sheet(b))
        return false;
    uint32_t part = sink->part(sink->ctx, b->job->part, name ? name : "", name ? strlen(name) : 0, SK_SHOWN);
    if (part == 0 || !(b->o = sk_out_open(b->job, part))) {
        b->overflow = true;
        return false;
    }
    sk_side_init(&b->side, b->o);
    memset(b->hidden_columns, 0, sizeof(b->hidden_columns));
    b->row = b->col = b->next_column = 0;
    b->in_table = true;
    return sk_out_name(b->o, name ? name : "", name ? strlen(name) : 0, SK_SHOWN) && sk_out_table_begin(b->o, true);
}

static void start_column(struct book *b, const char **atts)
{
    uint32_t index = number(atts, "Index", COLUMNS), span = number(atts, "Span", COLUMNS);
    uint32_t from = index ? index - 1 : b->next_column;
    bool hidden = sk_xml_on(sk_xml_attr(atts, "Hidden"));
    for (uint32_t c = from; hidden && c <= from + span && c < COLUMNS; c++)
        b->hidden_columns[c / 8] = (uint8_t)(b->hidden_columns[c / 8] | 1u << c % 8);
    b->next_column = from + span + 1;
}

static bool give_cell(struct book *b)
{
    char iso[XLSX_NUMBER];
    const char *p = b->text.p;
    size_t n = b->text.n;
    if (n == 0 || !b->o || b->row == 0 || b->col == 0)
        return true;
    if (b->date) {
        n = xlsx_iso_date(p, n, iso);
        p = iso;
    }
    uint32_t c = b->col - 1;
    enum sk_hidden hidden = b->row_hidden;
    if (!hidden && c < COLUMNS && (b->hidden_columns[c / 8] & 1u << c % 8))
        hidden = SK_HIDDEN_COLUMN;
    return sk_out_cell_begin(b->o, b->row - 1, c, hidden, false) && sk_out_text(b->o, p, n) && sk_out_cell_end(b->o);
}

static bool start_row(struct book *b, const char **atts)
{
    uint32_t index = number(atts, "Index", ROWS);
    b->row = index > b->row ? index : b->row < ROWS ? b->row + 1 : ROWS;
    b->col = 0;
    b->row_hidden = sk_xml_on(sk_xml_attr(atts, "Hidden")) ? SK_HIDDEN_ROW : SK_SHOWN;
    return sk_budget_time(b->job->budget);
}

static bool on_start(void *ctx, const char *name, const char **atts)
{
    struct book *b = ctx;
    if (strcmp(name, "Worksheet") == 0)
        return start_sheet(b, atts);
    if (strcmp(name, "Row") == 0)
        return start_row(b, atts);
    if (strcmp(name, "Column") == 0) {
        start_column(b, atts);
    } else if (strcmp(name, "Cell") == 0) {
        uint32_t index = number(atts, "Index", COLUMNS);
        const char *link = sk_xml_attr(atts, "HRef");
        b->col = index > b->col ? index : b->col + 1;
        if (link && b->o)
            return sk_side_add(&b->side, SK_RUN_BODY, SK_HIDDEN_NAME, 0, 0, link, strlen(link));
    } else if (strcmp(name, "Data") == 0) {
        const char *type = sk_xml_attr(atts, "Type");
        b->date = type && strcmp(type, "DateTime") == 0;
        b->in_data = true;
        sk_buf_clear(&b->text);
    } else if (strcmp(name, "Comment") == 0) {
        b->in_comment = true;
    } else if (strcmp(name, "NamedRange") == 0) {
        const char *n = sk_xml_attr(atts, "Name");
        return !n || sk_ooxml_line(b->own, SK_RUN_BODY, SK_HIDDEN_NAME, n, strlen(n));
    } else if (!b->o) {
        b->in_property = true; /* title, author and the like, before the sheets */
        sk_buf_clear(&b->text);
    }
    return true;
}

static bool on_end(void *ctx, const char *name)
{
    struct book *b = ctx;
    bool ok = true;
    if (strcmp(name, "Data") == 0) {
        b->in_data = false;
        ok = b->in_comment
                 ? !b->o || sk_side_add(&b->side, SK_RUN_COMMENT, SK_HIDDEN_COMMENT, 0, 0, b->text.p, b->text.n)
                 : give_cell(b);
        sk_buf_clear(&b->text);
    } else if (strcmp(name, "Comment") == 0) {
        b->in_comment = false;
    } else if (strcmp(name, "Table") == 0 && b->o && b->in_table) {
        b->in_table = false;
        ok = sk_out_table_end(b->o);
    } else if (b->in_property) {
        b->in_property = false;
        if (b->text.n)
            ok = sk_ooxml_line(b->own, SK_RUN_PROPERTY, SK_SHOWN, b->text.p, b->text.n);
        sk_buf_clear(&b->text);
    }
    return ok;
}

static bool on_text(void *ctx, const char *s, size_t n)
{
    struct book *b = ctx;
    if (b->in_data || b->in_property)
        b->overflow |= !sk_buf_add(&b->text, s, n);
    return true;
}

bool sk_extract_excelxml(struct sk_job *job)
{
    static const struct sk_xml_calls CALLS = { on_start, on_end, on_text };
    const struct sk_sink *sink = job->sink;
    struct book *b = sk_new(1, sizeof(*b));
    struct sk_xml *x = NULL;
    char buf[16384];
    bool ok = true;
    if (b) {
        b->job = job;
        sk_buf_init(&b->text, CELL_MAX);
        b->own = sk_out_open(job, job->part);
        x = b->own ? sk_xml_new(&CALLS, b, job->budget) : NULL;
    }
    if (!x) {
        sink->reason(sink->ctx, job->part, SK_WHY_TOO_LARGE, "memory");
    } else {
        uint64_t at = 0;
        for (ssize_t n; (n = sk_source_read(job->source, at, buf, sizeof(buf))) > 0; at += (uint64_t)n)
            if (!sk_xml_feed(x, buf, (size_t)n))
                break;
        enum sk_xml_end end = sk_xml_close(x);
        ok = end_sheet(b) && end != SK_XML_STOPPED;
        if (end == SK_XML_BAD)
            sink->reason(sink->ctx, job->part, SK_WHY_DAMAGED, "");
        if (b->overflow)
            sink->reason(sink->ctx, job->part, SK_WHY_TOO_LARGE, "");
    }
    if (b && b->own)
        ok = sk_out_close(b->own) && ok;
    if (b)
        sk_buf_free(&b->text);
    free(b);
    return ok;
}

/* An XML document whose first element has the namespace of Excel 2003 and no other Office's. */
int sk_sniff_excelxml(struct sk_bytes head, struct sk_source *source)
{
    (void)source;
    struct sk_bytes b = sk_bytes(head.p, head.n < 4096 ? head.n : 4096);
    size_t at = SK_STARTS(b, "\xEF\xBB\xBF") ? 3 : 0;
    while (at < b.n && b.p[at] <= ' ')
        at++;
    if (at == b.n || b.p[at] != '<')
        return 0;
    return sk_find(b, 0, "urn:schemas-microsoft-com:office:spreadsheet", 44) != SIZE_MAX &&
                   sk_find(b, 0, "Workbook", 8) != SIZE_MAX && sk_find(b, 0, "<html", 5) == SIZE_MAX
               ? 200
               : 0;
}
