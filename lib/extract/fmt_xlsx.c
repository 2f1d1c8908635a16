/* fmt_xlsx.c - SpreadsheetML (ECMA-376 part 1, 18): sheets in the workbook's order, each a part; then what the workbook
 * carries besides. */
#include "extract/xlsx.h"

#include <stdlib.h>

int sk_sniff_xlsx(struct sk_bytes head, struct sk_source *source);
bool sk_extract_xlsx(struct sk_job *job);

struct book_sheet {
    const char *name, *id;
    enum sk_hidden hidden;
};

struct book {
    struct xlsx *x;
    struct book_sheet *sheets;
    size_t n, cap;
    struct sk_side names;
    struct sk_buf name; /* of a defined name, then its value */
    bool in_name;
};

/* ---------------------------------------------------------------- workbook.xml */

static bool add_sheet(struct book *b, const char **atts)
{
    const char *name = sk_xml_attr(atts, "name"), *state = sk_xml_attr(atts, "state"),
               *id = sk_xml_attr_prefixed(atts, "id");
    if (!sk_grow(&b->sheets, &b->cap, b->n + 1, sizeof(*b->sheets))) {
        sk_opc_reason(b->x->opc, SK_WHY_TOO_LARGE, "memory");
        return true;
    }
    struct sk_arena *a = &b->x->opc->arena;
    struct book_sheet *s = &b->sheets[b->n];
    s->name = sk_arena_string(a, name ? name : "", name ? strlen(name) : 0);
    s->id = sk_arena_string(a, id ? id : "", id ? strlen(id) : 0);
    s->hidden = !state                             ? SK_SHOWN
                : strcmp(state, "hidden") == 0     ? SK_HIDDEN_SHEET
                : strcmp(state, "veryHidden") == 0 ? SK_HIDDEN_VERY
                                                   : SK_SHOWN;
    if (!s->name || !s->id)
        sk_opc_reason(b->x->opc, SK_WHY_TOO_LARGE, "memory");
    else
        b->n++;
    return true;
}

static bool on_start(void *ctx, const char *name, const char **atts)
{
    struct book *b = ctx;
    if (strcmp(name, "sheet") == 0)
        return add_sheet(b, atts);
    if (strcmp(name, "workbookPr") == 0)
        b->x->date1904 = sk_xml_on(sk_xml_attr(atts, "date1904"));
    if (strcmp(name, "definedName") == 0) {
        const char *n = sk_xml_attr_plain(atts, "name");
        sk_buf_clear(&b->name);
        b->in_name = n && strncmp(n, "_xlnm.", 6) != 0; /* print areas and filters */
        if (b->in_name) {
            sk_buf_str(&b->name, n);
            sk_buf_str(&b->name, " ");
        }
    }
    return true;
}

static bool on_end(void *ctx, const char *name)
{
    struct book *b = ctx;
    if (strcmp(name, "definedName") != 0 || !b->in_name)
        return true;
    b->in_name = false;
    if (b->name.failed)
        sk_opc_reason(b->x->opc, SK_WHY_TOO_LARGE, "");
    return sk_side_add(&b->names, SK_RUN_BODY, SK_HIDDEN_NAME, 0, 0, b->name.p, b->name.n);
}

static bool on_text(void *ctx, const char *p, size_t n)
{
    struct book *b = ctx;
    if (b->in_name)
        sk_buf_add(&b->name, p, n);
    return true;
}

/* ---------------------------------------------------------------- sheets */

static bool read_sheets(struct book *b, size_t workbook)
{
    struct xlsx *x = b->x;
    struct sk_rels rels;
    bool ok = true;
    sk_opc_rels(x->opc, workbook, &rels);
    for (size_t i = 0; ok && i < b->n; i++) {
        const struct sk_rel *r = sk_rel_find(&rels, b->sheets[i].id);
        if (r && r->member != SIZE_MAX && !x->opc->seen[r->member])
            ok = xlsx_sheet_read(x, r->member, b->sheets[i].name, b->sheets[i].hidden);
        else if (!r || r->member == SIZE_MAX)
            sk_opc_reason(x->opc, SK_WHY_DAMAGED, "");
    }
    return ok;
}

/* Parts of a binary workbook (xlsb) have types of their own. */
static bool is_binary(const struct sk_opc *p, size_t i, const char *kind)
{
    static const char TYPE[] = "application/vnd.ms-excel.";
    const char *type = sk_opc_type(p, i);
    return strncmp(type, TYPE, sizeof(TYPE) - 1) == 0 && strcmp(type + sizeof(TYPE) - 1, kind) == 0;
}

static bool is_sheet(const struct sk_opc *p, size_t i)
{
    return sk_opc_is(p, i, "worksheet+xml", "xl/worksheets/sheet") ||
           sk_opc_is(p, i, "chartsheet+xml", "xl/chartsheets/sheet") ||
           sk_opc_is(p, i, "dialogsheet+xml", "xl/dialogsheets/sheet") ||
           sk_opc_is(p, i, "macrosheet+xml", "xl/macrosheets/sheet") || is_binary(p, i, "worksheet") ||
           is_binary(p, i, "macrosheet") || is_binary(p, i, "dialogsheet") || is_binary(p, i, "chartsheet");
}

/* Sheets that the workbook does not name: left behind, or the workbook is damaged. */
static bool read_other_sheets(struct xlsx *x, bool workbook_read)
{
    bool ok = true;
    for (size_t i = 0; ok && i < sk_opc_count(x->opc); i++) {
        if (x->opc->seen[i] || !is_sheet(x->opc, i))
            continue;
        const char *name = sk_opc_name(x->opc, i), *slash = strrchr(name, '/');
        ok = xlsx_sheet_read(x, i, slash ? slash + 1 : name, workbook_read ? SK_HIDDEN_VERY : SK_SHOWN);
    }
    return ok;
}

/* Strings that no cell refers to are what deleted cells left. */
static bool unused_strings(struct xlsx *x)
{
    struct xlsx_strings *s = &x->strings;
    struct sk_side side;
    sk_side_init(&side, x->o);
    bool ok = true;
    for (size_t i = 0; ok && i < s->n; i++)
        if (!s->items[i].used)
            ok = sk_side_add(&side, SK_RUN_BODY, SK_HIDDEN_CACHE, 0, 0, s->text.p + s->items[i].begin,
                             (size_t)(s->items[i + 1].begin - s->items[i].begin)) &&
                 sk_side_settle(&side);
    ok = ok && sk_side_flush(&side);
    sk_side_free(&side);
    return ok;
}

/* Parts by their content type, in the package's order. */
static bool read_kind(struct xlsx *x, const char *suffix, const char *prefix, bool (*read)(struct xlsx *, size_t))
{
    bool ok = true;
    for (size_t i = 0; ok && i < sk_opc_count(x->opc); i++)
        if (!x->opc->seen[i] && sk_opc_is(x->opc, i, suffix, prefix))
            ok = read(x, i);
    return ok;
}

static bool read_binary(struct xlsx *x, const char *kind, bool (*read)(struct xlsx *, size_t))
{
    bool ok = true;
    for (size_t i = 0; ok && i < sk_opc_count(x->opc); i++)
        if (!x->opc->seen[i] && is_binary(x->opc, i, kind))
            ok = read(x, i);
    return ok;
}

static bool read_strings(struct xlsx *x, size_t i)
{
    return x->strings.items ? true : xlsx_strings_read(x->opc, i, &x->strings);
}

static bool read_styles(struct xlsx *x, size_t i)
{
    return x->n_formats ? true : xlsx_styles_read(x, i);
}

static bool read_pivot(struct xlsx *x, size_t i)
{
    return xlsx_pivot_read(x, i, SK_HIDDEN_PIVOT);
}

/* Comments and drawings whose sheet could not be found. */
static bool read_comments(struct xlsx *x, size_t i)
{
    struct sk_side side;
    sk_side_init(&side, x->o);
    bool ok = xlsx_comments_read(x->opc, i, &side, false) && sk_side_flush(&side);
    sk_side_free(&side);
    return ok;
}

static bool read_drawing(struct xlsx *x, size_t i)
{
    struct sk_drawing how = { .kind = SK_RUN_BODY, .stamps = true };
    return sk_drawing_text(x->opc, i, x->o, &how);
}

static bool pivot_value(void *ctx, const char *name, const char **atts)
{
    struct sk_side *side = ctx;
    const char *v = strcmp(name, "s") == 0 ? sk_xml_attr(atts, "v") : NULL;
    return !v || (sk_side_add(side, SK_RUN_BODY, SK_HIDDEN_PIVOT, 0, 0, v, strlen(v)) && sk_side_settle(side));
}

/* The copy of the source table in a binary workbook: its strings, one a line. */
static bool read_binary_pivot(struct xlsx *x, size_t i)
{
    static const struct sk_xml_calls CALLS = { pivot_value, NULL, NULL };
    struct sk_side side;
    sk_side_init(&side, x->o);
    bool ok = sk_opc_parse(x->opc, i, &CALLS, &side) && sk_side_flush(&side);
    sk_side_free(&side);
    return ok;
}

/* The other parts of a binary workbook are records without text (chains, indexes, tables), not files. */
static void records_only(struct sk_opc *p)
{
    for (size_t i = 0; i < sk_opc_count(p); i++)
        p->seen[i] |= strncmp(sk_opc_name(p, i), "xl/", 3) == 0 && strstr(sk_opc_name(p, i), ".bin") &&
                      !strstr(sk_opc_name(p, i), "embeddings/") && !strstr(sk_opc_name(p, i), "vbaProject");
}

static bool read_book(struct book *b)
{
    static const struct sk_xml_calls CALLS = { on_start, on_end, on_text };
    struct xlsx *x = b->x;
    struct sk_opc *p = x->opc;
    size_t workbook = sk_opc_main(p, "main+xml", "xl/workbook");
    bool binary = workbook != SIZE_MAX && strstr(sk_opc_type(p, workbook), "sheet.binary") != NULL, ok = true;
    if (workbook == SIZE_MAX) {
        sk_opc_reason(p, SK_WHY_DAMAGED, "");
    } else {
        ok = sk_opc_parse(p, workbook, &CALLS, b);
    }
    ok = ok && read_kind(x, "sharedStrings+xml", "xl/sharedStrings", read_strings) &&
         read_kind(x, "styles+xml", "xl/styles", read_styles);
    if (binary)
        ok = ok && read_binary(x, "sharedStrings", read_strings) && read_binary(x, "styles", read_styles);
    if (workbook != SIZE_MAX)
        ok = ok && read_sheets(b, workbook);
    if (binary) {
        ok = ok && read_other_sheets(x, b->n > 0) && read_binary(x, "comments", read_comments) &&
             read_binary(x, "pivotCacheDefinition", read_binary_pivot) &&
             read_binary(x, "pivotCacheRecords", read_binary_pivot);
        records_only(p);
    }
    return ok && read_other_sheets(x, b->n > 0) && sk_side_flush(&b->names) && unused_strings(x) &&
           read_kind(x, "pivotCacheDefinition+xml", "xl/pivotCache/pivotCacheDefinition", read_pivot) &&
           read_kind(x, "externalLink+xml", "xl/externalLinks/externalLink", xlsx_link_read) &&
           read_kind(x, "spreadsheetml.comments+xml", "xl/comments", read_comments) &&
           read_kind(x, "threadedcomments+xml", "xl/threadedComments/", read_comments) &&
           read_kind(x, "officedocument.drawing+xml", "xl/drawings/drawing", read_drawing) &&
           sk_ooxml_pictures(p, x->o) && sk_ooxml_props(p, x->o) && sk_ooxml_rest(p, x->o);
}

int sk_sniff_xlsx(struct sk_bytes head, struct sk_source *source)
{
    return sk_ooxml_kind_of(head, source) == SK_OOXML_XLSX ? 200 : 0;
}

bool sk_extract_xlsx(struct sk_job *job)
{
    struct sk_opc *p = sk_opc_open(job);
    struct sk_out *o = p ? sk_out_open(job, job->part) : NULL;
    bool go = true;
    if (o) {
        struct xlsx x = { .opc = p, .o = o };
        struct book b = { .x = &x };
        sk_side_init(&b.names, o);
        sk_buf_init(&b.name, (size_t)1 << 20);
        go = read_book(&b);
        go = sk_out_close(o) && go;
        xlsx_strings_free(&x.strings);
        free(x.formats);
        free(b.sheets);
        sk_side_free(&b.names);
        sk_buf_free(&b.name);
    }
    if (p && !o)
        sk_opc_reason(p, SK_WHY_TOO_LARGE, "memory");
    sk_opc_close(p);
    return go;
}
