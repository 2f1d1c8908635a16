/*
 * fmt_docx.c - WordprocessingML (ECMA-376 part 1, 17). The body is written as it comes; what a reader does not see in
 * its flow (deletions, hidden text, ruby, text boxes) is set aside, so that words split over runs stay whole.
 */
#include "base/hash.h"
#include "extract/ooxml.h"

#include <stdlib.h>
#include <strings.h>

int sk_sniff_docx(struct sk_bytes head, struct sk_source *source);
bool sk_extract_docx(struct sk_job *job);

#define CELL_MAX ((size_t)16 << 20)
#define BOXES 8u
#define AUTHORS 64u

struct box {
    struct sk_buf text;
    unsigned tables; /* table depth where the box began */
};

struct docx {
    struct sk_opc *opc;
    struct sk_out *o;
    struct sk_side side;
    struct sk_grid *grid;
    enum sk_run_kind kind;
    enum sk_hidden hidden;
    uint32_t paragraph;

    /* where text goes: the innermost box, else the cell, else straight out */
    struct box box[BOXES];
    unsigned boxes, boxes_over;
    unsigned tables; /* depth; only the outermost is a table, inner ones are text of its cell */
    struct sk_buf cell, cell_aside;
    enum sk_hidden cell_aside_why;
    uint32_t span;
    enum sk_merge merge;

    /* the run */
    bool in_text, in_delete_text, in_field_code;
    bool in_ruby_text, overflow;
    bool in_run_props, in_paragraph_props, in_cell_props, in_table_props, in_box_props;
    bool vanish, white, run_shade, paragraph_shade, cell_shade, table_shade;
    unsigned deleted;    /* depth of w:del, w:moveFrom */
    struct sk_buf aside; /* of the paragraph: text of one kind that is set aside */
    enum sk_hidden aside_why;
    struct sk_buf ruby, code;

    /* mc:AlternateContent: one branch is read */
    unsigned skip; /* depth inside a branch that is not read */
    bool choice_taken[32];
    unsigned alternates;
    struct sk_branches branches;

    uint64_t authors[AUTHORS]; /* hashes of names of commenters and editors already given */
    unsigned n_authors;
};

/* ---------------------------------------------------------------- where text goes */

static bool put(struct docx *d, const char *p, size_t n)
{
    if (d->boxes) {
        d->overflow |= !sk_buf_add(&d->box[d->boxes - 1].text, p, n);
        return true;
    }
    if (d->tables) {
        d->overflow |= !sk_buf_add(&d->cell, p, n);
        return true;
    }
    return sk_out_text(d->o, p, n);
}

static bool flush_aside(struct docx *d)
{
    bool ok = true;
    if (d->aside.n)
        ok = sk_side_add(&d->side, d->kind, d->aside_why, 0, d->paragraph, d->aside.p, d->aside.n);
    sk_buf_clear(&d->aside);
    return ok;
}

/* Text that is in the file but not on the page. */
static bool put_aside(struct docx *d, enum sk_hidden why, const char *p, size_t n)
{
    if (d->tables && !d->boxes) {
        d->overflow |= !sk_buf_add(&d->cell_aside, p, n);
        d->cell_aside_why = why;
        return true;
    }
    if (d->aside_why != why && !flush_aside(d))
        return false;
    d->aside_why = why;
    d->overflow |= !sk_buf_add(&d->aside, p, n);
    return true;
}

static enum sk_hidden run_hidden(const struct docx *d)
{
    if (d->deleted || d->in_delete_text)
        return SK_HIDDEN_CHANGE;
    if (d->vanish)
        return SK_HIDDEN_TEXT;
    bool shaded = d->run_shade || d->paragraph_shade || (d->tables && (d->cell_shade || d->table_shade)) || d->boxes;
    return d->white && !shaded ? SK_HIDDEN_TEXT : SK_SHOWN;
}

static bool put_run(struct docx *d, const char *p, size_t n)
{
    enum sk_hidden why = run_hidden(d);
    if (d->branches.depth)
        sk_buf_add(&d->branches.read, p, n);
    if (d->in_ruby_text) {
        d->overflow |= !sk_buf_add(&d->ruby, p, n);
        return true;
    }
    return why == SK_SHOWN ? put(d, p, n) : put_aside(d, why, p, n);
}

/* ---------------------------------------------------------------- boxes */

static void start_box(struct docx *d)
{
    if (d->boxes == BOXES) {
        d->boxes_over++;
        return;
    }
    struct box *b = &d->box[d->boxes++];
    sk_buf_clear(&b->text);
    b->tables = d->tables;
}

static bool end_box(struct docx *d)
{
    if (d->boxes_over) {
        d->boxes_over--;
        return true;
    }
    if (d->boxes == 0)
        return true;
    struct box *b = &d->box[--d->boxes];
    size_t n = b->text.n;
    while (n && b->text.p[n - 1] == '\n')
        n--;
    enum sk_run_kind kind = sk_is_stamp(b->text.p, n) ? SK_RUN_STAMP : d->kind;
    return sk_side_add(&d->side, kind, d->hidden, 0, d->paragraph, b->text.p, n);
}

/* ---------------------------------------------------------------- tables */

static bool top_table(const struct docx *d)
{
    return d->tables == 1 && d->boxes == 0;
}

static bool start_table(struct docx *d)
{
    if (d->boxes)
        return true; /* text of the box */
    if (d->tables++ > 0)
        return true;
    d->table_shade = d->cell_shade = false;
    sk_buf_clear(&d->cell);
    sk_buf_clear(&d->cell_aside);
    if (!d->grid && !(d->grid = sk_grid_new()))
        return false;
    return sk_out_kind(d->o, d->kind, d->hidden) && sk_grid_begin(d->grid, d->o, false);
}

static bool end_cell(struct docx *d)
{
    if (!top_table(d))
        return put(d, " ", 1);
    size_t n = d->cell.n;
    while (n && (d->cell.p[n - 1] == '\n' || d->cell.p[n - 1] == ' '))
        n--;
    bool ok;
    if (n == 0 && d->cell_aside.n) { /* all that the cell holds is hidden */
        ok = sk_grid_cell(d->grid, d->cell_aside.p, d->cell_aside.n, d->cell_aside_why, d->span, d->merge);
    } else {
        ok = sk_grid_cell(d->grid, d->cell.p, n, SK_SHOWN, d->span, d->merge) &&
             sk_side_add(&d->side, d->kind, d->cell_aside_why, 0, d->paragraph, d->cell_aside.p, d->cell_aside.n);
    }
    sk_buf_clear(&d->cell);
    sk_buf_clear(&d->cell_aside);
    d->span = 1;
    d->merge = SK_MERGE_NONE;
    d->cell_shade = false;
    return ok;
}

static bool end_table(struct docx *d)
{
    if (d->boxes || d->tables == 0)
        return true;
    if (--d->tables > 0)
        return put(d, "\n", 1);
    return sk_grid_end(d->grid);
}

/* ---------------------------------------------------------------- properties */

static bool fills(const char *fill)
{
    return fill && strcasecmp(fill, "auto") != 0 && strcasecmp(fill, "FFFFFF") != 0;
}

static bool start_property(struct docx *d, const char *name, const char **atts)
{
    const char *val = sk_xml_attr(atts, "val");
    size_t n = strlen(name);
    if (n > 8 && strcmp(name + n - 8, "PrChange") == 0) { /* how it looked before a tracked change */
        d->skip = 1;
        return true;
    }
    if (strcmp(name, "shd") == 0) {
        bool shade = fills(sk_xml_attr(atts, "fill")) || (val && strcmp(val, "clear") != 0 && strcmp(val, "nil") != 0);
        if (d->in_run_props)
            d->run_shade |= shade;
        else if (d->in_paragraph_props)
            d->paragraph_shade |= shade;
        else if (d->in_cell_props)
            d->cell_shade |= shade;
        else if (d->in_table_props)
            d->table_shade |= shade;
    } else if (d->in_run_props && !d->in_paragraph_props) {
        if (strcmp(name, "vanish") == 0)
            d->vanish = !val || sk_xml_on(val);
        else if (strcmp(name, "color") == 0)
            d->white = val && strcasecmp(val, "FFFFFF") == 0;
        else if (strcmp(name, "highlight") == 0)
            d->run_shade |= val && strcmp(val, "none") != 0 && strcmp(val, "white") != 0;
    } else if (d->in_cell_props && top_table(d)) {
        if (strcmp(name, "gridSpan") == 0 && val)
            d->span = (uint32_t)strtoul(val, NULL, 10);
        else if (strcmp(name, "vMerge") == 0)
            d->merge = val && strcmp(val, "restart") == 0 ? SK_MERGE_RESTART : SK_MERGE_CONTINUE;
    } else if (d->in_table_props && strcmp(name, "tblStyle") == 0) {
        d->table_shade = true; /* a style may paint the head of the table: white text there is no sign of hiding */
    }
    return true;
}

static bool *group_flag(struct docx *d, const char *name)
{
    if (strcmp(name, "rPr") == 0)
        return &d->in_run_props;
    if (strcmp(name, "pPr") == 0)
        return &d->in_paragraph_props;
    if (strcmp(name, "tcPr") == 0)
        return &d->in_cell_props;
    if (strcmp(name, "tblPr") == 0)
        return &d->in_table_props;
    return NULL;
}

static bool in_props(const struct docx *d)
{
    return d->in_run_props || d->in_paragraph_props || d->in_cell_props || d->in_table_props;
}

/* ---------------------------------------------------------------- elements */

static void start_paragraph(struct docx *d)
{
    d->paragraph_shade = false;
    if (d->boxes)
        return;
    d->paragraph++;
    if (!d->tables)
        sk_out_place(d->o, 0, 0, d->paragraph);
}

static bool settle(struct docx *d)
{
    return sk_side_settle(&d->side) && sk_out_kind(d->o, d->kind, d->hidden);
}

static bool end_paragraph(struct docx *d)
{
    if (d->boxes)
        return put(d, "\n", 1) && flush_aside(d);
    bool ok = flush_aside(d);
    if (d->ruby.n) {
        ok = ok && sk_side_add(&d->side, SK_RUN_RUBY, d->hidden, 0, d->paragraph, d->ruby.p, d->ruby.n);
        sk_buf_clear(&d->ruby);
    }
    if (d->tables)
        return ok && (d->cell.n == 0 || put(d, "\n", 1));
    return ok && sk_out_line(d->o) && settle(d);
}

static void start_run(struct docx *d)
{
    d->vanish = d->white = d->run_shade = false;
}

/* Word art in a header is how Word makes watermarks; its text is an attribute. */
static bool word_art(struct docx *d, const char **atts)
{
    const char *s = sk_xml_attr(atts, "string");
    return !s || sk_side_add(&d->side, SK_RUN_WATERMARK, d->hidden, 0, d->paragraph, s, strlen(s));
}

static bool start_break(struct docx *d, const char *name)
{
    if (strcmp(name, "tab") == 0 || strcmp(name, "ptab") == 0)
        return put_run(d, "\t", 1);
    if (strcmp(name, "br") == 0 || strcmp(name, "cr") == 0)
        return d->boxes || d->tables || run_hidden(d) != SK_SHOWN ? put_run(d, "\n", 1) : sk_out_line(d->o);
    return put_run(d, "-", 1); /* noBreakHyphen */
}

static bool alternate(struct docx *d, const char *name)
{
    if (strcmp(name, "AlternateContent") == 0) {
        sk_branches_begin(&d->branches);
        if (d->alternates < 32)
            d->choice_taken[d->alternates] = false;
        d->alternates++;
        return true;
    }
    bool branch = strcmp(name, "Choice") == 0 || strcmp(name, "Fallback") == 0;
    if (!branch || d->alternates == 0 || d->alternates > 32)
        return branch;
    if (d->choice_taken[d->alternates - 1])
        d->skip = 1;
    d->choice_taken[d->alternates - 1] = true;
    return true;
}

static bool is_deleted(const char *name)
{
    return strcmp(name, "del") == 0 || strcmp(name, "moveFrom") == 0;
}

/* ---------------------------------------------------------------- text in attributes */

static bool aside_attribute(struct docx *d, const char *s)
{
    return !s || sk_side_add(&d->side, SK_RUN_BODY, SK_HIDDEN_NAME, 0, d->paragraph, s, strlen(s));
}

/* Who commented or edited, once: a property of the document like its creator. */
static bool author(struct docx *d, const char **atts)
{
    const char *s = sk_xml_attr(atts, "author");
    if (!s)
        return true;
    uint64_t h = sk_fnv1a(s, strlen(s));
    for (unsigned i = 0; i < d->n_authors; i++)
        if (d->authors[i] == h)
            return true;
    if (d->n_authors < AUTHORS)
        d->authors[d->n_authors++] = h;
    return sk_side_add(&d->side, SK_RUN_PROPERTY, SK_SHOWN, 0, d->paragraph, s, strlen(s));
}

/* Choices of drop-down lists, texts of form fields, descriptions of pictures, addresses in simple fields. */
static bool start_attributes(struct docx *d, const char *name, const char **atts)
{
    static const struct sk_attribute_text TEXTS[] = {
        { "docPr", "descr", NULL },   { "docPr", "title", NULL },    { "listItem", "displayText", "value" },
        { "listEntry", "val", NULL }, { "statusText", "val", NULL }, { "helpText", "val", NULL },
        { "alias", "val", NULL },
    };
    if (!sk_side_attributes(&d->side, (struct sk_attribute_place){ SK_RUN_BODY, SK_HIDDEN_NAME, 0, d->paragraph }, name,
                            atts, TEXTS, sizeof(TEXTS) / sizeof(TEXTS[0])))
        return false;
    if (strcmp(name, "fldSimple") == 0) {
        const char *s = sk_xml_attr(atts, "instr");
        return !s || (!strstr(s, "://") && !strstr(s, "mailto:")) || aside_attribute(d, s);
    }
    if (strcmp(name, "default") == 0) { /* of a text field; boxes to tick have one digit */
        const char *s = sk_xml_attr(atts, "val");
        return !s || strlen(s) < 2 || aside_attribute(d, s);
    }
    bool edit = is_deleted(name) || strcmp(name, "ins") == 0 || strcmp(name, "moveTo") == 0;
    return (!edit && strcmp(name, "comment") != 0) || author(d, atts);
}

static bool on_start(void *ctx, const char *name, const char **atts)
{
    struct docx *d = ctx;
    if (d->skip) {
        d->skip++;
        d->branches.in_text = strcmp(name, "t") == 0;
        return true;
    }
    if (alternate(d, name))
        return true;
    bool *flag = group_flag(d, name);
    if (flag) {
        *flag = true;
        return true;
    }
    if (in_props(d))
        return start_property(d, name, atts);
    if (!start_attributes(d, name, atts))
        return false;
    if (strcmp(name, "t") == 0)
        d->in_text = true;
    else if (strcmp(name, "p") == 0)
        start_paragraph(d);
    else if (strcmp(name, "r") == 0)
        start_run(d);
    else if (strcmp(name, "delText") == 0)
        d->in_text = d->in_delete_text = true;
    else if (strcmp(name, "tbl") == 0)
        return start_table(d);
    else if (strcmp(name, "tr") == 0 && top_table(d))
        sk_grid_row(d->grid);
    else if (strcmp(name, "tc") == 0 && top_table(d)) {
        d->span = 1;
        d->merge = SK_MERGE_NONE;
    } else if (is_deleted(name))
        d->deleted++;
    else if (strcmp(name, "tab") == 0 || strcmp(name, "ptab") == 0 || strcmp(name, "br") == 0 ||
             strcmp(name, "cr") == 0 || strcmp(name, "noBreakHyphen") == 0)
        return start_break(d, name);
    else if (strcmp(name, "instrText") == 0 || strcmp(name, "delInstrText") == 0)
        d->in_field_code = true;
    else if (strcmp(name, "rt") == 0)
        d->in_ruby_text = true;
    else if (strcmp(name, "txbxContent") == 0)
        start_box(d);
    else if (strcmp(name, "textpath") == 0)
        return word_art(d, atts);
    return true;
}

/* A field's code names what it shows; only addresses are more than that. */
static bool end_code(struct docx *d)
{
    bool ok = true;
    if (d->code.n && (strstr(d->code.p, "://") || strstr(d->code.p, "mailto:")))
        ok = sk_side_add(&d->side, d->kind, SK_HIDDEN_NAME, 0, d->paragraph, d->code.p, d->code.n);
    sk_buf_clear(&d->code);
    d->in_field_code = false;
    return ok;
}

static bool on_end(void *ctx, const char *name)
{
    struct docx *d = ctx;
    if (d->skip) {
        d->skip--;
        d->branches.in_text = false;
        if (d->branches.depth && strcmp(name, "p") == 0)
            sk_buf_str(&d->branches.other, "\n");
        return true;
    }
    if (strcmp(name, "AlternateContent") == 0) {
        d->alternates -= d->alternates > 0;
        return sk_branches_end(&d->branches, &d->side, 0, d->paragraph);
    }
    bool *flag = group_flag(d, name);
    if (flag) {
        *flag = false;
        return true;
    }
    if (in_props(d))
        return true;
    if (strcmp(name, "t") == 0)
        d->in_text = false;
    else if (strcmp(name, "p") == 0)
        return end_paragraph(d);
    else if (strcmp(name, "delText") == 0)
        d->in_text = d->in_delete_text = false;
    else if (strcmp(name, "tc") == 0 && d->tables && !d->boxes)
        return end_cell(d);
    else if (strcmp(name, "tr") == 0 && d->tables > 1 && !d->boxes)
        return put(d, "\n", 1);
    else if (strcmp(name, "tbl") == 0)
        return end_table(d);
    else if (is_deleted(name))
        d->deleted -= d->deleted > 0;
    else if (strcmp(name, "instrText") == 0 || strcmp(name, "delInstrText") == 0)
        return end_code(d);
    else if (strcmp(name, "rt") == 0)
        d->in_ruby_text = false;
    else if (strcmp(name, "txbxContent") == 0)
        return end_box(d);
    return true;
}

static bool on_text(void *ctx, const char *s, size_t n)
{
    struct docx *d = ctx;
    if (d->skip) {
        if (d->branches.in_text && d->branches.depth)
            sk_buf_add(&d->branches.other, s, n);
        return true;
    }
    if (d->in_field_code) {
        d->overflow |= !sk_buf_add(&d->code, s, n);
        return true;
    }
    return !d->in_text || put_run(d, s, n);
}

/* ---------------------------------------------------------------- parts */

static bool read_part(struct docx *d, size_t i, enum sk_run_kind kind, enum sk_hidden hidden)
{
    static const struct sk_xml_calls CALLS = { on_start, on_end, on_text };
    d->kind = kind;
    d->hidden = hidden;
    d->paragraph = 0;
    d->boxes = d->boxes_over = d->tables = d->deleted = d->skip = d->alternates = 0;
    d->in_text = d->in_delete_text = d->in_field_code = d->in_ruby_text = d->branches.in_text = false;
    d->branches.depth = 0;
    d->in_run_props = d->in_paragraph_props = d->in_cell_props = d->in_table_props = false;
    start_run(d);
    d->paragraph_shade = d->cell_shade = d->table_shade = false;
    sk_buf_clear(&d->ruby);
    sk_buf_clear(&d->code);
    bool ok = sk_out_kind(d->o, kind, hidden) && sk_opc_parse(d->opc, i, &CALLS, d);
    /* The XML may have been cut inside a box, a cell or a table. */
    while (ok && d->boxes)
        ok = end_box(d);
    if (d->tables) {
        d->tables = 1;
        ok = ok && (d->cell.n + d->cell_aside.n == 0 || end_cell(d));
        ok = (!d->grid || sk_grid_end(d->grid)) && ok; /* there was no memory for it */
        d->tables = 0;
    }
    return ok && flush_aside(d) && sk_out_line(d->o) && sk_side_flush(&d->side);
}

static const struct {
    const char *suffix, *prefix;
    enum sk_run_kind kind;
    enum sk_hidden hidden;
} PARTS[] = {
    { "header+xml", "word/header", SK_RUN_HEADER, SK_SHOWN },
    { "footer+xml", "word/footer", SK_RUN_FOOTER, SK_SHOWN },
    { "footnotes+xml", "word/footnotes", SK_RUN_NOTE, SK_SHOWN },
    { "endnotes+xml", "word/endnotes", SK_RUN_NOTE, SK_SHOWN },
    { "wordprocessingml.comments+xml", "word/comments.xml", SK_RUN_COMMENT, SK_HIDDEN_COMMENT },
    { "document.glossary+xml", "word/glossary/document", SK_RUN_BODY, SK_HIDDEN_NAME },
    { "macroEnabled.main+xml", "word/document", SK_RUN_BODY, SK_SHOWN },
    { "main+xml", "word/document", SK_RUN_BODY, SK_SHOWN },
};

/* altChunk: a whole document of another format that Word shows as part of this one. */
static bool read_chunks(struct docx *d, size_t document)
{
    struct sk_rels r;
    bool ok = true;
    sk_opc_rels(d->opc, document, &r);
    for (size_t i = 0; ok && i < r.n; i++)
        if (strcmp(r.items[i].type, "aFChunk") == 0 && r.items[i].member != SIZE_MAX)
            ok = sk_opc_child(d->opc, r.items[i].member, SK_SHOWN);
    return ok;
}

static bool read_package(struct docx *d)
{
    struct sk_opc *p = d->opc;
    bool ok = true;
    size_t document = sk_opc_main(p, "main+xml", "word/document");
    if (document == SIZE_MAX)
        sk_opc_reason(p, SK_WHY_DAMAGED, "");
    else
        ok = read_part(d, document, SK_RUN_BODY, SK_SHOWN);
    for (size_t k = 0; ok && k < sizeof(PARTS) / sizeof(PARTS[0]); k++)
        for (size_t i = 0; ok && i < sk_opc_count(p); i++)
            if (!p->seen[i] && sk_opc_is(p, i, PARTS[k].suffix, PARTS[k].prefix))
                ok = read_part(d, i, PARTS[k].kind, PARTS[k].hidden);
    if (document != SIZE_MAX)
        ok = ok && read_chunks(d, document);
    return ok && sk_ooxml_pictures(p, d->o) && sk_ooxml_props(p, d->o) && sk_ooxml_rest(p, d->o);
}

int sk_sniff_docx(struct sk_bytes head, struct sk_source *source)
{
    return sk_ooxml_kind_of(head, source) == SK_OOXML_DOCX ? 200 : 0;
}

static void free_docx(struct docx *d)
{
    for (size_t i = 0; i < BOXES; i++)
        sk_buf_free(&d->box[i].text);
    sk_buf_free(&d->cell);
    sk_buf_free(&d->cell_aside);
    sk_buf_free(&d->aside);
    sk_buf_free(&d->ruby);
    sk_buf_free(&d->code);
    sk_branches_free(&d->branches);
    sk_side_free(&d->side);
    sk_grid_free(d->grid);
    free(d);
}

bool sk_extract_docx(struct sk_job *job)
{
    struct sk_opc *p = sk_opc_open(job);
    struct docx *d = p ? sk_new(1, sizeof(*d)) : NULL;
    struct sk_out *o = d ? sk_out_open(job, job->part) : NULL;
    bool go = true;
    if (o) {
        d->opc = p;
        d->o = o;
        d->span = 1;
        sk_side_init(&d->side, o);
        for (size_t i = 0; i < BOXES; i++)
            sk_buf_init(&d->box[i].text, CELL_MAX);
        sk_buf_init(&d->cell, CELL_MAX);
        sk_buf_init(&d->cell_aside, CELL_MAX);
        sk_buf_init(&d->aside, CELL_MAX);
        sk_buf_init(&d->ruby, CELL_MAX);
        sk_buf_init(&d->code, (size_t)1 << 20);
        sk_branches_init(&d->branches);
        go = read_package(d);
        if (d->side.lost || d->overflow)
            sk_opc_reason(p, SK_WHY_TOO_LARGE, "");
        go = sk_out_close(o) && go;
    }
    if (p && !o)
        sk_opc_reason(p, SK_WHY_TOO_LARGE, "memory");
    if (d)
        free_docx(d);
    sk_opc_close(p);
    return go;
}
