/* xlsb.c - see xlsb.h. Section numbers are of MS-XLSB. */
#include "extract/xlsb.h"

#include <stdio.h>
#include <stdlib.h>

enum { /* 2.3.2 */
       ROW = 0,
       CELL_BLANK = 1,
       CELL_LAST = 11,
       SHORT_FIRST = 12, /* cells without a column: the one to the right of the last */
       SHORT_LAST = 18,
       SST_ITEM = 19,
       PIVOT_STRING = 24,
       PIVOT_USED_STRING = 30,
       NAME = 39,
       FONT = 43,
       FORMAT = 44,
       FILL = 45,
       XF = 47,
       COLUMNS = 60,
       RICH_CELL = 62,
       VALIDATION = 64,
       SHEET_DATA_END = 146,
       BOOK = 153,
       SHEET = 156,
       MERGE = 176,
       HEADER_FOOTER = 479,
       LINK = 494,
       FILLS = 603,
       FILLS_END = 604,
       FONTS = 611,
       FONTS_END = 612,
       XFS = 617,
       XFS_END = 618,
       AUTHOR = 632,
       COMMENT = 635,
       COMMENT_END = 636,
       COMMENT_TEXT = 637,
};

#define STRING_MAX ((size_t)1 << 20)

struct reader {
    const struct sk_xml_calls *calls;
    void *ctx;
    bool stopped, lost;
    uint32_t row, col;
    bool in_row;
    struct sk_buf a, b; /* strings of the record at hand */
};

/* ---------------------------------------------------------------- records */

/* Type in one or two bytes, size in one to four, seven bits each (2.1.4). */
static bool next(struct sk_bytes *rest, uint32_t *type, struct sk_bytes *body)
{
    uint8_t c;
    uint32_t n = 0;
    if (!sk_u8(rest, &c))
        return false;
    *type = c;
    if (c & 0x80u) {
        if (!sk_u8(rest, &c))
            return false;
        *type = (*type & 0x7Fu) | (uint32_t)(c & 0x7Fu) << 7;
    }
    for (unsigned i = 0; i < 4; i++) {
        if (!sk_u8(rest, &c))
            return false;
        n |= (uint32_t)(c & 0x7Fu) << (7 * i);
        if (!(c & 0x80u))
            break;
    }
    return sk_take(rest, n, body);
}

/* XLWideString and XLNullableWideString (2.5.168, 2.5.166). */
static bool string(struct reader *r, struct sk_bytes *b, struct sk_buf *out)
{
    uint32_t n;
    struct sk_bytes text;
    sk_buf_clear(out);
    if (!sk_buf_reserve(out, 1)) {
        r->lost = true;
        return false;
    }
    if (!sk_u32le(b, &n))
        return false;
    out->p[0] = '\0';
    if (n == UINT32_MAX || n == 0)
        return true;
    if (n > STRING_MAX / 2 || !sk_take(b, (size_t)n * 2, &text))
        return false;
    if (!sk_buf_reserve(out, text.n * 2 + 16)) {
        r->lost = true;
        return false;
    }
    out->n = sk_to_utf8(SK_CS_UTF16LE, text.p, text.n, out->p, text.n * 2 + 16);
    out->p[out->n] = '\0';
    return true;
}

/* ---------------------------------------------------------------- as elements */

static void start(struct reader *r, const char *name, const char **atts)
{
    static const char *none[] = { NULL };
    r->stopped |= !r->stopped && r->calls->start && !r->calls->start(r->ctx, name, atts ? atts : none);
}

static void end(struct reader *r, const char *name)
{
    r->stopped |= !r->stopped && r->calls->end && !r->calls->end(r->ctx, name);
}

static void text(struct reader *r, const char *p, size_t n)
{
    r->stopped |= n && !r->stopped && r->calls->text && !r->calls->text(r->ctx, p, n);
}

static void element(struct reader *r, const char *name, const char *p, size_t n)
{
    start(r, name, NULL);
    text(r, p, n);
    end(r, name);
}

static void empty(struct reader *r, const char *name, const char **atts)
{
    start(r, name, atts);
    end(r, name);
}

static void reference(uint32_t row, uint32_t col, char out[24])
{
    char letters[8];
    size_t k = 0;
    for (uint32_t c = col + 1; c && k < sizeof(letters); c = (c - 1) / 26)
        letters[k++] = (char)('A' + (c - 1) % 26);
    size_t n = 0;
    while (k)
        out[n++] = letters[--k];
    snprintf(out + n, 24 - n, "%u", row + 1);
}

/* RichStr (2.5.122): the text, formatting runs, furigana. */
static void rich(struct reader *r, struct sk_bytes b)
{
    uint8_t flags;
    uint32_t runs = 0;
    if (!sk_u8(&b, &flags) || !string(r, &b, &r->a))
        return;
    element(r, "t", r->a.p, r->a.n);
    if ((flags & 1u) && (!sk_u32le(&b, &runs) || !sk_skip(&b, (uint64_t)runs * 4 > b.n ? b.n + 1 : (size_t)runs * 4)))
        return;
    if ((flags & 2u) && string(r, &b, &r->a) && r->a.n) {
        start(r, "rPh", NULL);
        element(r, "t", r->a.p, r->a.n);
        end(r, "rPh");
    }
}

static void end_row(struct reader *r)
{
    if (r->in_row)
        end(r, "row");
    r->in_row = false;
}

static void row(struct reader *r, struct sk_bytes b)
{
    char number[16];
    struct sk_bytes at = b;
    if (!sk_u32le(&at, &r->row) || r->row >= 1048576 || b.n < 12)
        return;
    end_row(r);
    snprintf(number, sizeof(number), "%u", r->row + 1);
    const char *atts[] = { "r", number, "hidden", b.p[11] & 0x10u ? "1" : "0", NULL };
    start(r, "row", atts);
    r->in_row = true;
    r->col = UINT32_MAX;
}

static size_t real(double v, char out[64])
{
    int n = snprintf(out, 64, "%.15g", v);
    for (int i = 0; i < n; i++) /* whatever the host's locale is */
        if (out[i] == ',')
            out[i] = '.';
    return n > 0 ? (size_t)n : 0;
}

/* RkNumber (2.5.123). */
static double rk(uint32_t v)
{
    double d;
    uint64_t bits = (uint64_t)(v & 0xFFFFFFFCu) << 32;
    if (v & 2u)
        d = (double)((int32_t)v >> 2);
    else
        memcpy(&d, &bits, sizeof(d));
    return v & 1u ? d / 100 : d;
}

static void value(struct reader *r, uint32_t kind, struct sk_bytes b)
{
    char digits[64];
    uint32_t v;
    uint64_t bits;
    uint8_t c;
    double d;
    size_t n = 0;
    if (kind == 2 && sk_u32le(&b, &v)) {
        n = real(rk(v), digits);
    } else if (kind == 4 && sk_u8(&b, &c)) {
        digits[n++] = c ? '1' : '0';
    } else if (kind == 5 && sk_u64le(&b, &bits)) {
        memcpy(&d, &bits, sizeof(d));
        n = real(d, digits);
    } else if (kind == 7 && sk_u32le(&b, &v)) {
        int k = snprintf(digits, sizeof(digits), "%u", v);
        n = k > 0 ? (size_t)k : 0;
    } else if (kind == 6 && string(r, &b, &r->a)) {
        element(r, "v", r->a.p, r->a.n);
        return;
    }
    if (n)
        element(r, "v", digits, n);
}

static void cell(struct reader *r, uint32_t type, struct sk_bytes b)
{
    static const char *const TYPES[] = { "", "n", "n", "e", "b", "n", "str", "s" };
    char where[24], style[16];
    uint32_t look, kind = type;
    if (type >= SHORT_FIRST && type <= SHORT_LAST) {
        kind = type - SHORT_FIRST + CELL_BLANK;
        r->col++;
    } else if (!sk_u32le(&b, &r->col)) {
        return;
    }
    if (kind >= 8 && kind <= CELL_LAST) /* formulas: string, number, boolean, error */
        kind = kind == 8 ? 6 : kind == 9 ? 5 : kind == 10 ? 4 : 3;
    if (!sk_u32le(&b, &look) || !r->in_row || r->col >= 16384 || kind == CELL_BLANK)
        return;
    reference(r->row, r->col, where);
    snprintf(style, sizeof(style), "%u", look & 0xFFFFFFu);
    bool inner = type == RICH_CELL;
    const char *atts[] = { "r", where, "s", style, "t", inner ? "inlineStr" : TYPES[kind], NULL };
    start(r, "c", atts);
    if (inner) {
        start(r, "is", NULL);
        rich(r, b);
        end(r, "is");
    } else {
        value(r, kind, b);
    }
    end(r, "c");
}

/* ---------------------------------------------------------------- what else a sheet has */

static void columns(struct reader *r, struct sk_bytes b)
{
    uint32_t first, last;
    uint16_t flags;
    char from[16], to[16];
    if (!sk_u32le(&b, &first) || !sk_u32le(&b, &last) || !sk_skip(&b, 8) || !sk_u16le(&b, &flags) || first > 16383)
        return;
    snprintf(from, sizeof(from), "%u", first + 1);
    snprintf(to, sizeof(to), "%u", (last < 16383 ? last : 16383) + 1);
    const char *atts[] = { "min", from, "max", to, "hidden", flags & 1u ? "1" : "0", NULL };
    empty(r, "col", atts);
}

static void header_footer(struct reader *r, struct sk_bytes b)
{
    static const char *const NAMES[] = { "oddHeader",  "oddFooter",   "evenHeader",
                                         "evenFooter", "firstHeader", "firstFooter" };
    if (!sk_skip(&b, 2))
        return;
    for (size_t i = 0; i < 6 && string(r, &b, &r->a); i++)
        if (r->a.n)
            element(r, NAMES[i], r->a.p, r->a.n);
}

/* A list of allowed values is a formula of one string: PtgStr (2.5.97.89). */
static void validation(struct reader *r, struct sk_bytes b)
{
    uint32_t ranges, size;
    uint8_t token;
    uint16_t n;
    struct sk_bytes list;
    if (!sk_skip(&b, 4) || !sk_u32le(&b, &ranges) || ranges > 65536 || !sk_skip(&b, (size_t)ranges * 16))
        return;
    for (int i = 0; i < 4; i++)
        if (!string(r, &b, &r->a))
            return;
    if (!sk_u32le(&b, &size) || !sk_u8(&b, &token) || token != 0x17 || !sk_u16le(&b, &n) ||
        !sk_take(&b, (size_t)n * 2, &list) || !sk_buf_reserve(&r->a, list.n * 2 + 16))
        return;
    r->a.n = sk_to_utf8(SK_CS_UTF16LE, list.p, list.n, r->a.p, list.n * 2 + 16);
    start(r, "dataValidation", NULL);
    start(r, "formula1", NULL);
    text(r, "\"", 1);
    text(r, r->a.p, r->a.n);
    text(r, "\"", 1);
    end(r, "formula1");
    end(r, "dataValidation");
}

static void link(struct reader *r, struct sk_bytes b)
{
    if (!sk_skip(&b, 16) || !string(r, &b, &r->a) || !string(r, &b, &r->a) || !string(r, &b, &r->a) || r->a.n == 0)
        return;
    const char *atts[] = { "tooltip", r->a.p, NULL };
    empty(r, "hyperlink", atts);
}

/* ---------------------------------------------------------------- the workbook and its looks */

static void sheet(struct reader *r, struct sk_bytes b)
{
    static const char *const STATES[] = { "visible", "hidden", "veryHidden", "visible" };
    uint32_t state;
    if (!sk_u32le(&b, &state) || !sk_skip(&b, 4) || !string(r, &b, &r->a) || !string(r, &b, &r->b))
        return;
    const char *atts[] = { "name", r->b.p, "state", STATES[state & 3u], "r:id", r->a.p, NULL };
    empty(r, "sheet", atts);
}

static void defined_name(struct reader *r, struct sk_bytes b)
{
    if (!sk_skip(&b, 9) || !string(r, &b, &r->a) || r->a.n == 0)
        return;
    const char *atts[] = { "name", r->a.p, NULL };
    empty(r, "definedName", atts);
}

static void format(struct reader *r, struct sk_bytes b)
{
    uint16_t id;
    char number[16];
    if (!sk_u16le(&b, &id) || !string(r, &b, &r->a))
        return;
    snprintf(number, sizeof(number), "%u", id);
    const char *atts[] = { "numFmtId", number, "formatCode", r->a.p, NULL };
    empty(r, "numFmt", atts);
}

/* BrtColor (2.4.324): an index, a theme's colour or RGB. */
static void colour(struct reader *r, const char *name, struct sk_bytes b)
{
    char number[16];
    struct sk_bytes c;
    if (!sk_take(&b, 8, &c))
        return;
    unsigned type = c.p[0] >> 1;
    bool tint = c.p[2] || c.p[3];
    if (type == 2)
        snprintf(number, sizeof(number), "FF%02X%02X%02X", c.p[4], c.p[5], c.p[6]);
    else
        snprintf(number, sizeof(number), "%u", c.p[1]);
    const char *atts[] = { type == 2   ? "rgb"
                           : type == 3 ? "theme"
                                       : "indexed",
                           number, tint ? "tint" : NULL, "1", NULL };
    if (type >= 1 && type <= 3)
        empty(r, name, atts);
}

static void font(struct reader *r, struct sk_bytes b)
{
    start(r, "font", NULL);
    if (sk_skip(&b, 12))
        colour(r, "color", b);
    end(r, "font");
}

static void fill(struct reader *r, struct sk_bytes b)
{
    uint32_t pattern;
    if (!sk_u32le(&b, &pattern))
        pattern = 0;
    const char *atts[] = { "patternType", pattern ? "solid" : "none", NULL };
    start(r, "fill", NULL);
    start(r, "patternFill", atts);
    colour(r, "fgColor", b);
    end(r, "patternFill");
    end(r, "fill");
}

static void look(struct reader *r, struct sk_bytes b)
{
    uint16_t v[4];
    char numbers[4][8];
    for (size_t i = 0; i < 4; i++) {
        if (!sk_u16le(&b, &v[i]))
            v[i] = 0;
        snprintf(numbers[i], sizeof(numbers[i]), "%u", v[i]);
    }
    const char *atts[] = { "numFmtId", numbers[1], "fontId", numbers[2], "fillId", numbers[3], NULL };
    empty(r, "xf", atts);
}

/* ---------------------------------------------------------------- comments, pivot caches */

static void comment(struct reader *r, struct sk_bytes b)
{
    uint32_t author;
    char number[16];
    if (!sk_u32le(&b, &author))
        author = 0;
    snprintf(number, sizeof(number), "%u", author);
    const char *atts[] = { "authorId", number, NULL };
    start(r, "comment", atts);
}

static void pivot_string(struct reader *r, struct sk_bytes b)
{
    if (!string(r, &b, &r->a))
        return;
    const char *atts[] = { "v", r->a.p, NULL };
    empty(r, "s", atts);
}

static const struct {
    uint32_t type;
    const char *element;
    bool end;
} BRACKETS[] = {
    { FILLS, "fills", false },    { FILLS_END, "fills", true }, { FONTS, "fonts", false },
    { FONTS_END, "fonts", true }, { XFS, "cellXfs", false },    { XFS_END, "cellXfs", true },
};

static void other(struct reader *r, uint32_t type, struct sk_bytes b)
{
    for (size_t i = 0; i < sizeof(BRACKETS) / sizeof(BRACKETS[0]); i++)
        if (BRACKETS[i].type == type) {
            (BRACKETS[i].end ? end(r, BRACKETS[i].element) : start(r, BRACKETS[i].element, NULL));
            return;
        }
    if (type == SST_ITEM) {
        start(r, "si", NULL);
        rich(r, b);
        end(r, "si");
    } else if (type == BOOK && b.n) {
        const char *atts[] = { "date1904", b.p[0] & 1u ? "1" : "0", NULL };
        empty(r, "workbookPr", atts);
    } else if (type == AUTHOR && string(r, &b, &r->a)) {
        element(r, "author", r->a.p, r->a.n);
    } else if (type == COMMENT_TEXT) {
        start(r, "text", NULL);
        rich(r, b);
        end(r, "text");
    } else if (type == COMMENT_END) {
        end(r, "comment");
    } else if (type == SHEET_DATA_END) {
        end_row(r);
        end(r, "sheetData");
    }
}

static void record(struct reader *r, uint32_t type, struct sk_bytes b)
{
    static const struct {
        uint32_t type;
        void (*read)(struct reader *r, struct sk_bytes b);
    } READERS[] = {
        { ROW, row },           { PIVOT_STRING, pivot_string },
        { NAME, defined_name }, { PIVOT_USED_STRING, pivot_string },
        { FONT, font },         { FORMAT, format },
        { FILL, fill },         { XF, look },
        { COLUMNS, columns },   { VALIDATION, validation },
        { SHEET, sheet },       { HEADER_FOOTER, header_footer },
        { LINK, link },         { COMMENT, comment },
    };
    if ((type >= CELL_BLANK && type <= SHORT_LAST) || type == RICH_CELL) {
        cell(r, type, b);
        return;
    }
    for (size_t i = 0; i < sizeof(READERS) / sizeof(READERS[0]); i++)
        if (READERS[i].type == type) {
            READERS[i].read(r, b);
            return;
        }
    other(r, type, b);
}

enum sk_xml_end xlsb_parse(struct sk_bytes b, const struct sk_xml_calls *calls, void *ctx, struct sk_budget *budget)
{
    struct reader r = { .calls = calls, .ctx = ctx };
    struct sk_bytes body;
    uint32_t type, n = 0;
    sk_buf_init(&r.a, STRING_MAX * 2);
    sk_buf_init(&r.b, STRING_MAX * 2);
    while (!r.stopped && b.n && next(&b, &type, &body)) {
        record(&r, type, body);
        r.stopped |= (++n & 4095u) == 0 && !sk_budget_time(budget);
    }
    end_row(&r);
    bool whole = b.n == 0 && !r.lost;
    sk_buf_free(&r.a);
    sk_buf_free(&r.b);
    return r.stopped ? SK_XML_STOPPED : whole ? SK_XML_OK : SK_XML_BAD;
}

void xlsb_merges(struct sk_bytes b, void (*call)(void *ctx, uint32_t row0, uint32_t row1, uint32_t col), void *ctx)
{
    struct sk_bytes body;
    uint32_t type, row0, row1, col;
    while (b.n && next(&b, &type, &body))
        if (type == MERGE && sk_u32le(&body, &row0) && sk_u32le(&body, &row1) && sk_u32le(&body, &col))
            call(ctx, row0, row1, col);
}
