/*
 * odf_body.c - the elements. Text runs straight out, or into the cell or the box (note, comment, shape, hidden span)
 * that is open; boxes are set aside, so that the paragraph in which they hang stays whole.
 */
#include "extract/base64.h"
#include "extract/odf.h"

#include <stdlib.h>
#include <strings.h>

#define CELL_MAX ((size_t)16 << 20)
#define SPACES_MAX 64u

/* ---------------------------------------------------------------- where text goes */

static bool put(struct odf *d, const char *p, size_t n)
{
    if (d->boxes) {
        d->lost |= !sk_buf_add(&d->box[d->boxes - 1].text, p, n);
        return true;
    }
    if (d->in_table) {
        d->lost |= !sk_buf_add(&d->cell, p, n);
        return true;
    }
    return sk_out_text(d->o, p, n);
}

static bool box_begin(struct odf *d, enum sk_run_kind kind, enum sk_hidden hidden, bool in_text)
{
    if (d->boxes == ODF_BOXES) {
        d->boxes_over++;
        return true;
    }
    struct odf_box *b = &d->box[d->boxes++];
    sk_buf_clear(&b->text);
    b->kind = kind;
    b->hidden = hidden != SK_SHOWN ? hidden : d->boxes > 1 ? d->box[d->boxes - 2].hidden : d->hidden;
    b->in_text = d->in_text;
    b->space = d->space;
    b->stamp = false;
    d->in_text = in_text;
    d->space = true;
    return true;
}

/* Short and small, and not "label: value". */
static bool is_stamp(const struct odf_box *b, size_t n)
{
    return b->stamp && sk_is_stamp(b->text.p, n) && !memchr(b->text.p, ':', n) && !strstr(b->text.p, "：");
}

static bool box_end(struct odf *d)
{
    if (d->boxes_over) {
        d->boxes_over--;
        return true;
    }
    if (d->boxes == 0)
        return true;
    struct odf_box *b = &d->box[--d->boxes];
    d->in_text = b->in_text;
    d->space = b->space;
    size_t n = b->text.n;
    while (n && b->text.p[n - 1] == '\n')
        n--;
    enum sk_run_kind kind = b->kind == SK_RUN_BODY && n && is_stamp(b, n) ? SK_RUN_STAMP : b->kind;
    return sk_side_add(&d->side, kind, b->hidden, d->slide, d->paragraph, b->text.p, n);
}

static bool line_aside(struct odf *d, enum sk_run_kind kind, enum sk_hidden hidden, const char *s)
{
    return !s || !*s || sk_side_add(&d->side, kind, hidden, d->slide, d->paragraph, s, strlen(s));
}

/* ---------------------------------------------------------------- paragraphs */

static bool paragraph_begin(struct odf *d)
{
    d->in_text++;
    d->space = true;
    if (d->boxes)
        return true;
    d->paragraph++;
    return d->in_table || sk_out_place(d->o, 0, d->slide, d->slide ? 0 : d->paragraph);
}

static bool paragraph_end(struct odf *d)
{
    d->in_text -= d->in_text > 0;
    d->space = true;
    if (d->boxes)
        return put(d, "\n", 1);
    if (d->in_table)
        return d->cell.n == 0 || put(d, "\n", 1);
    return sk_out_line(d->o) && sk_side_settle(&d->side) && sk_out_kind(d->o, d->kind, d->hidden);
}

/* Runs of blanks are one, as in HTML (ODF 1.3 part 3, 6.1.2). */
static bool on_text(void *ctx, const char *s, size_t n)
{
    struct odf *d = ctx;
    bool ok = true;
    if (d->macros)
        return sk_out_text(d->o, s, n);
    if (d->skip || !d->in_text)
        return true;
    for (size_t i = 0; ok && i < n;) {
        size_t from = i;
        while (i < n && (unsigned char)s[i] > ' ')
            i++;
        if (i > from) {
            ok = put(d, s + from, i - from);
            d->space = false;
        }
        from = i;
        while (i < n && (unsigned char)s[i] <= ' ')
            i++;
        if (ok && i > from && !d->space) {
            ok = put(d, " ", 1);
            d->space = true;
        }
    }
    return ok;
}

static bool blanks(struct odf *d, const char **atts)
{
    static const char SPACES[SPACES_MAX + 1] = "                                                                ";
    const char *c = sk_xml_attr(atts, "c");
    unsigned long n = c ? strtoul(c, NULL, 10) : 1;
    d->space = false;
    return put(d, SPACES, n < SPACES_MAX ? n : SPACES_MAX);
}

/* ---------------------------------------------------------------- hidden text */

static enum sk_hidden look_hides(const struct odf *d, unsigned look)
{
    bool page = d->boxes == 0 && !d->in_table && !d->slide; /* elsewhere there may be a ground that is not white */
    return look & ODF_NO_TEXT || (look & ODF_WHITE && page) ? SK_HIDDEN_TEXT : SK_SHOWN;
}

static enum odf_act text_begin(struct odf *d, const char *name, const char **atts, bool *ok)
{
    bool span = strcmp(name, "span") == 0;
    unsigned look = odf_style_look(&d->styles, span ? "text" : "paragraph", sk_xml_attr(atts, "style-name"));
    enum sk_hidden hides = look ? look_hides(d, look) : SK_SHOWN;
    if (span && hides != SK_SHOWN && d->in_text)
        return *ok = box_begin(d, d->kind, hides, true), ODF_BOX;
    if (span)
        return ODF_NOTHING;
    if (hides != SK_SHOWN && d->boxes < ODF_BOXES)
        return *ok = box_begin(d, d->kind, hides, true), ODF_BOX;
    *ok = paragraph_begin(d);
    return ODF_PARAGRAPH;
}

/* Headers, footers and hidden sections stand in the stream. */
static enum odf_act stream_begin(struct odf *d, enum sk_run_kind kind, enum sk_hidden hidden, bool *ok)
{
    if (d->boxes || d->in_table || d->kind != SK_RUN_BODY || d->hidden != SK_SHOWN)
        return ODF_NOTHING;
    d->kind = kind;
    d->hidden = hidden;
    *ok = sk_out_kind(d->o, kind, hidden);
    return ODF_STREAM;
}

static bool stream_end(struct odf *d)
{
    d->kind = SK_RUN_BODY;
    d->hidden = SK_SHOWN;
    return sk_out_line(d->o) && sk_side_flush(&d->side);
}

static bool is_header(const char *name, enum sk_run_kind *kind)
{
    bool header = strncmp(name, "header", 6) == 0, footer = strncmp(name, "footer", 6) == 0;
    const char *tail = name + 6;
    *kind = header ? SK_RUN_HEADER : SK_RUN_FOOTER;
    return (header || footer) && (!*tail || strcmp(tail, "-left") == 0 || strcmp(tail, "-first") == 0);
}

/* ---------------------------------------------------------------- slides and shapes */

static void slide_begin(struct odf *d, const char **atts)
{
    unsigned look = odf_style_look(&d->styles, "drawing-page", sk_xml_attr(atts, "style-name"));
    d->slide = ++d->slides;
    d->hidden = look & ODF_NO_SLIDE ? SK_HIDDEN_SLIDE : SK_SHOWN;
}

/* At most 6 cm wide and 4 cm high. */
static bool is_small(const char **atts)
{
    const char *w = sk_xml_attr(atts, "width"), *h = sk_xml_attr(atts, "height");
    double size[2] = { w ? strtod(w, NULL) : 99, h ? strtod(h, NULL) : 0 };
    const char *unit[2] = { w ? w : "", h ? h : "" };
    for (int i = 0; i < 2; i++)
        size[i] *= strstr(unit[i], "mm") ? 0.1 : strstr(unit[i], "in") ? 2.54 : strstr(unit[i], "pt") ? 2.54 / 72 : 1;
    return size[0] <= 6 && size[1] <= 4;
}

static bool is_shape(const char *name)
{
    static const char *const SHAPES[] = {
        "custom-shape", "rect",     "circle", "ellipse", "connector",       "caption",
        "path",         "polyline", "line",   "polygon", "regular-polygon", "measure"
    };
    for (size_t i = 0; i < sizeof(SHAPES) / sizeof(SHAPES[0]); i++)
        if (strcmp(name, SHAPES[i]) == 0)
            return true;
    return false;
}

static enum odf_act frame_begin(struct odf *d, const char **atts)
{
    const char *class = sk_xml_attr(atts, "class"), *placeholder = sk_xml_attr(atts, "placeholder");
    if (d->in_master && placeholder && strcmp(placeholder, "true") == 0)
        return ODF_SKIPPED; /* its text is a prompt */
    d->frame_title = class && strcmp(class, "title") == 0;
    d->frame_small = !class && is_small(atts);
    return ODF_FRAME;
}

static enum odf_act shape_begin(struct odf *d, const char **atts, bool text_box, bool *ok)
{
    bool note = d->boxes && d->box[d->boxes - 1].kind == SK_RUN_NOTE;
    *ok = box_begin(d, note ? SK_RUN_NOTE : text_box && d->frame_title ? SK_RUN_TITLE : d->kind, SK_SHOWN, false);
    if (d->boxes)
        d->box[d->boxes - 1].stamp = text_box ? d->frame_small : is_small(atts);
    return ODF_BOX;
}

static enum odf_act drawing_begin(struct odf *d, const char *name, const char **atts, bool *ok, bool *known)
{
    *known = true;
    if (strcmp(name, "frame") == 0)
        return frame_begin(d, atts);
    if (strcmp(name, "text-box") == 0 || is_shape(name))
        return shape_begin(d, atts, name[0] == 't', ok);
    if (strcmp(name, "page") == 0 && !d->in_master)
        return slide_begin(d, atts), ODF_SLIDE;
    if (strcmp(name, "notes") == 0)
        return *ok = box_begin(d, SK_RUN_NOTE, SK_HIDDEN_NOTES, false), ODF_BOX;
    if (strcmp(name, "title") == 0 || strcmp(name, "desc") == 0)
        return *ok = box_begin(d, SK_RUN_BODY, SK_HIDDEN_NAME, true), ODF_BOX;
    *known = false;
    return ODF_NOTHING;
}

/* ---------------------------------------------------------------- the rest */

static const struct {
    const char *name;
    enum sk_run_kind kind;
    enum sk_hidden hidden;
    bool in_text; /* text stands in the element itself, not in paragraphs */
} BOXES[] = {
    { "annotation", SK_RUN_COMMENT, SK_HIDDEN_COMMENT, false },
    { "note-body", SK_RUN_NOTE, SK_SHOWN, false },
    { "deletion", SK_RUN_BODY, SK_HIDDEN_CHANGE, false },
    { "change-track-table-cell", SK_RUN_BODY, SK_HIDDEN_CHANGE, false },
    { "ruby-text", SK_RUN_RUBY, SK_SHOWN, true },
    { "footer-decl", SK_RUN_FOOTER, SK_SHOWN, true },
    { "header-decl", SK_RUN_HEADER, SK_SHOWN, true },
};

static const struct {
    const char *element, *attribute;
} HIDDEN_VALUES[] = {
    { "hidden-text", "string-value" },
    { "user-field-decl", "string-value" },
    { "conditional-text", "string-value-if-false" },
    { "conditional-text", "string-value-if-true" },
    { "content-validation", "condition" },
};

static bool hidden_values(struct odf *d, const char *name, const char **atts)
{
    bool ok = true;
    for (size_t i = 0; ok && i < sizeof(HIDDEN_VALUES) / sizeof(HIDDEN_VALUES[0]); i++)
        if (strcmp(name, HIDDEN_VALUES[i].element) == 0)
            ok = line_aside(d, SK_RUN_BODY, SK_HIDDEN_NAME, sk_xml_attr(atts, HIDDEN_VALUES[i].attribute));
    return ok;
}

static bool link_target(struct odf *d, const char **atts)
{
    const char *href = sk_xml_attr(atts, "href");
    if (!href || *href == '#')
        return true;
    bool mail = strncasecmp(href, "mailto:", 7) == 0;
    return line_aside(d, SK_RUN_BODY, mail ? SK_SHOWN : SK_HIDDEN_NAME, mail ? href + 7 : href);
}

static bool form_values(struct odf *d, const char **atts)
{
    static const char *const NAMES[] = { "label", "value", "current-value" };
    bool ok = true;
    for (size_t i = 0; ok && i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
        ok = line_aside(d, SK_RUN_BODY, SK_SHOWN, sk_xml_attr(atts, NAMES[i]));
    return ok;
}

static enum odf_act meta_begin(struct odf *d, const char *name, const char **atts, bool *ok)
{
    static const char *const WANTED[] = { "subject", "description", "creator",     "initial-creator",
                                          "keyword", "printed-by",  "user-defined" };
    if (strcmp(name, "title") == 0)
        return *ok = box_begin(d, SK_RUN_TITLE, SK_SHOWN, true), ODF_BOX;
    for (size_t i = 0; i < sizeof(WANTED) / sizeof(WANTED[0]); i++)
        if (strcmp(name, WANTED[i]) == 0) {
            const char *label = sk_xml_attr(atts, "name");
            *ok = box_begin(d, SK_RUN_PROPERTY, SK_SHOWN, true);
            if (label && d->boxes)
                *ok = *ok && put(d, label, strlen(label)) && put(d, ":", 1);
            return ODF_BOX;
        }
    return ODF_NOTHING;
}

static bool is_skipped(const char *name)
{
    static const char *const NAMES[] = { "note-citation", "page-number",     "page-count", "sheet-name", "thumbnail",
                                         "scripts",       "font-face-decls", "settings",   "preview" };
    for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
        if (strcmp(name, NAMES[i]) == 0)
            return true;
    return false;
}

static enum odf_act element(struct odf *d, const char *name, const char **atts, bool *ok)
{
    bool known;
    enum odf_act a;
    if (strcmp(name, "p") == 0 || strcmp(name, "h") == 0 || strcmp(name, "span") == 0)
        return text_begin(d, name, atts, ok);
    a = odf_table_part(d, name, atts, &known);
    if (known)
        return a;
    if (d->in_meta)
        return meta_begin(d, name, atts, ok);
    if (strcmp(name, "s") == 0)
        return *ok = !d->in_text || blanks(d, atts), ODF_NOTHING;
    if (strcmp(name, "tab") == 0)
        return *ok = put(d, "\t", 1), ODF_NOTHING;
    if (strcmp(name, "line-break") == 0)
        return *ok = d->boxes || d->in_table ? put(d, "\n", 1) : sk_out_line(d->o), ODF_NOTHING;
    if (strcmp(name, "a") == 0)
        return *ok = link_target(d, atts), ODF_NOTHING;
    if (strcmp(name, "table") == 0)
        return odf_table_start(d, atts, ok);
    if (strcmp(name, "spreadsheet") == 0)
        return d->spreadsheet = true, ODF_NOTHING;
    if (strcmp(name, "meta") == 0)
        return d->in_meta = true, ODF_META;
    if (strcmp(name, "forms") == 0)
        return d->in_forms = true, ODF_FORMS;
    if (strcmp(name, "master-styles") == 0)
        return d->in_master = true, ODF_MASTER;
    if (strcmp(name, "section") == 0 || strcmp(name, "hidden-paragraph") == 0) {
        const char *display = sk_xml_attr(atts, "display"), *hidden = sk_xml_attr(atts, "is-hidden");
        bool hide = (display && strcmp(display, "none") == 0) || (hidden && strcmp(hidden, "true") == 0);
        return hide ? stream_begin(d, d->kind, SK_HIDDEN_TEXT, ok) : ODF_NOTHING;
    }
    if (strcmp(name, "binary-data") == 0)
        return *ok = box_begin(d, SK_RUN_BODY, SK_SHOWN, true), ODF_BINARY;
    if (is_skipped(name))
        return ODF_SKIPPED;
    for (size_t i = 0; i < sizeof(BOXES) / sizeof(BOXES[0]); i++)
        if (strcmp(name, BOXES[i].name) == 0)
            return *ok = box_begin(d, BOXES[i].kind, BOXES[i].hidden, BOXES[i].in_text), ODF_BOX;
    enum sk_run_kind kind;
    if (is_header(name, &kind))
        return stream_begin(d, kind, SK_SHOWN, ok);
    a = drawing_begin(d, name, atts, ok, &known);
    if (known)
        return a;
    *ok = (!d->in_forms || form_values(d, atts)) && hidden_values(d, name, atts);
    return ODF_NOTHING;
}

static bool on_start(void *ctx, const char *name, const char **atts)
{
    struct odf *d = ctx;
    bool ok = true;
    enum odf_act a = ODF_NOTHING;
    if (d->depth > SK_XML_DEPTH) /* the reader of XML allows no more */
        return true;
    if (d->skip)
        d->skip++;
    else if (odf_style_start(&d->styles, name, atts))
        a = ODF_STYLE;
    else if ((a = element(d, name, atts, &ok)) == ODF_SKIPPED) {
        d->skip = 1;
        d->macros = strcmp(name, "scripts") == 0; /* of flat documents */
        ok = ok && (!d->macros || sk_out_kind(d->o, SK_RUN_BODY, SK_HIDDEN_NAME));
    }
    d->stack[d->depth++] = (uint8_t)a;
    return ok;
}

/* The bytes of an object or picture of a flat document. */
static bool binary_end(struct odf *d)
{
    if (d->boxes_over || d->boxes == 0)
        return box_end(d);
    struct odf_box *b = &d->box[--d->boxes];
    d->in_text = b->in_text;
    d->space = b->space;
    size_t n = sk_base64_decode(b->text.p, b->text.n);
    return n == 0 || !sk_budget_member(d->job->budget) || sk_is_picture(sk_bytes(b->text.p, n)) ||
           sk_out_child_bytes(d->job, "Object", 6, SK_HIDDEN_EMBEDDED, sk_bytes(b->text.p, n));
}

static bool ended(struct odf *d, enum odf_act a, const char *name)
{
    switch (a) {
    case ODF_PARAGRAPH:
        return paragraph_end(d);
    case ODF_BOX:
        return box_end(d);
    case ODF_TABLE:
        return odf_table_stop(d);
    case ODF_INNER_TABLE:
        d->inner -= d->inner > 0;
        return true;
    case ODF_ROW:
        return odf_row_end(&d->rows);
    case ODF_CELL:
        return odf_cell_stop(d);
    case ODF_INNER_ROW:
        return put(d, "\n", 1);
    case ODF_INNER_CELL:
        return put(d, " ", 1);
    case ODF_ROW_GROUP:
        d->rows.hidden_groups -= d->rows.hidden_groups > 0;
        return true;
    case ODF_COLUMN_GROUP:
        d->rows.hidden_column_groups -= d->rows.hidden_column_groups > 0;
        return true;
    case ODF_STREAM:
        return stream_end(d);
    case ODF_META:
        d->in_meta = false;
        return sk_side_flush(&d->side);
    case ODF_FORMS:
        d->in_forms = false;
        return true;
    case ODF_MASTER:
        d->in_master = false;
        return sk_side_flush(&d->side);
    case ODF_FRAME:
        d->frame_title = d->frame_small = false;
        return true;
    case ODF_SLIDE: {
        bool ok = sk_side_flush(&d->side);
        d->slide = 0;
        d->hidden = SK_SHOWN;
        return ok;
    }
    case ODF_BINARY:
        return binary_end(d);
    case ODF_STYLE:
        odf_style_end(&d->styles, name);
        return true;
    case ODF_NOTHING:
    case ODF_SKIPPED:
        break;
    }
    return true;
}

static bool on_end(void *ctx, const char *name)
{
    struct odf *d = ctx;
    if (d->depth == 0)
        return true;
    enum odf_act a = (enum odf_act)d->stack[--d->depth];
    if (d->skip) {
        d->skip--;
        if (d->skip == 0 && d->macros) {
            d->macros = false;
            return sk_out_line(d->o) && sk_out_kind(d->o, SK_RUN_BODY, SK_SHOWN);
        }
        return true;
    }
    return ended(d, a, name);
}

const struct sk_xml_calls ODF_CALLS = { on_start, on_end, on_text };

/* ---------------------------------------------------------------- streams */

struct odf *odf_new(struct sk_job *job, uint32_t part, struct sk_opc *opc)
{
    struct odf *d = sk_new(1, sizeof(*d));
    struct sk_out *o = d ? sk_out_open(job, part) : NULL;
    if (!o) {
        free(d);
        return NULL;
    }
    d->job = job;
    d->part = part;
    d->opc = opc;
    d->base = d->o = o;
    sk_side_init(&d->side, o);
    odf_styles_init(&d->styles);
    odf_rows_init(&d->rows);
    for (size_t i = 0; i < ODF_BOXES; i++)
        sk_buf_init(&d->box[i].text, CELL_MAX);
    sk_buf_init(&d->cell, CELL_MAX);
    sk_buf_init(&d->value, 4096);
    return d;
}

bool odf_stream_begin(struct odf *d)
{
    d->kind = SK_RUN_BODY;
    d->hidden = SK_SHOWN;
    d->depth = d->skip = d->in_text = d->inner = d->boxes = d->boxes_over = 0;
    d->slide = d->slides = d->paragraph = 0;
    d->spreadsheet = d->in_meta = d->in_forms = d->in_master = false;
    d->space = true;
    d->styles.current[0] = '\0';
    return sk_out_kind(d->o, SK_RUN_BODY, SK_SHOWN);
}

bool odf_stream_end(struct odf *d)
{
    bool ok = true;
    while (ok && d->boxes)
        ok = box_end(d);
    if (d->in_table) {
        odf_cell_stop(d);
        ok = odf_table_stop(d) && ok;
    }
    return ok && sk_out_line(d->o) && sk_side_flush(&d->side);
}

bool odf_free(struct odf *d)
{
    if (d->rows.failed || d->rows.capped || d->side.lost || d->lost)
        d->job->sink->reason(d->job->sink->ctx, d->part, SK_WHY_TOO_LARGE, "");
    bool ok = odf_sheet_end(d);
    ok = sk_out_close(d->base) && ok;
    for (size_t i = 0; i < ODF_BOXES; i++)
        sk_buf_free(&d->box[i].text);
    sk_buf_free(&d->cell);
    sk_buf_free(&d->value);
    sk_side_free(&d->side);
    odf_rows_free(&d->rows);
    odf_styles_free(&d->styles);
    free(d);
    return ok;
}
