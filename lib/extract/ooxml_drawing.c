/*
 * ooxml_drawing.c - text of DrawingML, shape by shape: a shape's text is gathered and then given with the kind that its
 * placeholder says.
 */
#include "base/hash.h"
#include "extract/ooxml.h"

#include <stdlib.h>

struct shape {
    char placeholder[16]; /* "" = none */
    bool is_placeholder, hidden;
    int64_t x, y, cx, cy;
    bool placed; /* x and y are known, in the slide's own system */
};

struct drawing {
    struct sk_opc *opc;
    struct sk_out *o;
    struct sk_drawing *how;
    struct sk_side side;
    struct sk_buf text; /* of the shape, or of the table's cell */
    struct sk_grid *grid;
    struct shape shape;
    unsigned depth_shape, depth_group, depth_table, depth_fallback;
    struct sk_branches branches;
    bool in_text, in_cell, paragraph_open;
    bool overflow;
    bool comment_text; /* p:text of a legacy comment */
    uint32_t span;
    enum sk_merge merge;
};

/* ---------------------------------------------------------------- giving a shape's text */

static bool known(struct sk_drawing *how, const char *p, size_t n)
{
    uint64_t h = sk_fnv1a(p, n);
    for (size_t i = 0; i < how->known_n; i++)
        if (how->known[i] == h)
            return true;
    if (how->known_n < 4096 && sk_grow(&how->known, &how->known_cap, how->known_n + 1, sizeof(*how->known)))
        how->known[how->known_n++] = h;
    return false;
}

static bool off_slide(const struct drawing *d)
{
    const struct shape *s = &d->shape;
    return s->placed && d->how->width > 0 && d->how->height > 0 &&
           (s->x >= d->how->width || s->y >= d->how->height || s->x + s->cx <= 0 || s->y + s->cy <= 0) &&
           (s->cx || s->cy);
}

/* A stamp is small: on a slide, whose size is known, at most a third of its width and a quarter of its height. */
static bool is_stamp(const struct drawing *d, size_t n)
{
    const struct sk_drawing *how = d->how;
    if (!how->stamps || d->shape.is_placeholder || !sk_is_stamp(d->text.p, n))
        return false;
    return how->width <= 0 || (d->shape.placed && d->shape.cx <= how->width / 3 && d->shape.cy <= how->height / 4);
}

static bool give_shape(struct drawing *d)
{
    const struct sk_drawing *how = d->how;
    const char *ph = d->shape.placeholder;
    enum sk_run_kind kind = how->kind;
    enum sk_hidden hidden = how->hidden;
    size_t n = d->text.n;
    while (n && d->text.p[n - 1] == '\n')
        n--;
    bool footer = strcmp(ph, "ftr") == 0 || strcmp(ph, "hdr") == 0;
    if (n == 0 || strcmp(ph, "sldNum") == 0 ||
        (how->master && ((d->shape.is_placeholder && !footer) || known(d->how, d->text.p, n)))) {
        sk_buf_clear(&d->text);
        return true;
    }
    if (hidden == SK_SHOWN && (d->shape.hidden || off_slide(d)))
        hidden = SK_HIDDEN_TEXT;
    bool aside = false;
    if (kind == SK_RUN_BODY) {
        if (footer)
            kind = ph[0] == 'h' ? SK_RUN_HEADER : SK_RUN_FOOTER;
        else if (strcmp(ph, "title") == 0 || strcmp(ph, "ctrTitle") == 0)
            kind = SK_RUN_TITLE;
        else if (is_stamp(d, n))
            kind = SK_RUN_STAMP;
        aside = kind == SK_RUN_STAMP || kind == SK_RUN_FOOTER || kind == SK_RUN_HEADER;
    }
    bool ok = aside || hidden != how->hidden
                  ? sk_side_add(&d->side, kind, hidden, how->slide, 0, d->text.p, n)
                  : sk_out_kind(d->o, kind, hidden) && sk_out_text(d->o, d->text.p, n) && sk_out_line(d->o);
    sk_buf_clear(&d->text);
    return ok && sk_side_settle(&d->side);
}

/* ---------------------------------------------------------------- elements */

static int64_t number(const char *s)
{
    return s ? strtoll(s, NULL, 10) % ((int64_t)1 << 40) : 0;
}

static void start_shape(struct drawing *d)
{
    if (d->depth_shape++ == 0) {
        memset(&d->shape, 0, sizeof(d->shape));
        sk_buf_clear(&d->text);
    }
}

static bool start_table(struct drawing *d, const char *name, const char **atts)
{
    if (strcmp(name, "tbl") == 0) {
        if (d->depth_table++ > 0)
            return true;
        if (!give_shape(d))
            return false;
        if (!d->grid && !(d->grid = sk_grid_new())) {
            sk_out_lost(d->o);
            return true;
        }
        return sk_out_kind(d->o, d->how->kind, d->how->hidden) && sk_grid_begin(d->grid, d->o, false);
    }
    if (d->depth_table != 1 || !d->grid)
        return true;
    if (strcmp(name, "tr") == 0)
        sk_grid_row(d->grid);
    if (strcmp(name, "tc") == 0) {
        const char *span = sk_xml_attr(atts, "gridSpan");
        d->in_cell = !sk_xml_on(sk_xml_attr(atts, "hMerge")); /* covered by its left neighbour's span */
        d->span = span ? (uint32_t)number(span) : 1;
        d->merge = sk_xml_on(sk_xml_attr(atts, "vMerge")) ? SK_MERGE_CONTINUE
                   : sk_xml_attr(atts, "rowSpan")         ? SK_MERGE_RESTART
                                                          : SK_MERGE_NONE;
        sk_buf_clear(&d->text);
    }
    return true;
}

static void start_place(struct drawing *d, const char *name, const char **atts)
{
    if (d->depth_shape != 1 || d->depth_group || d->shape.placed)
        return;
    if (strcmp(name, "off") == 0) {
        d->shape.x = number(sk_xml_attr(atts, "x"));
        d->shape.y = number(sk_xml_attr(atts, "y"));
    } else if (strcmp(name, "ext") == 0 && sk_xml_attr(atts, "cx")) {
        d->shape.cx = number(sk_xml_attr(atts, "cx"));
        d->shape.cy = number(sk_xml_attr(atts, "cy"));
        d->shape.placed = true;
    }
}

/* What a shape or a link says of itself: read aloud, or shown when the mouse rests there. */
static bool described(struct drawing *d, const char *name, const char **atts)
{
    static const char *const SHAPE[] = { "descr", "title", NULL }, *const LINK[] = { "tooltip", NULL };
    const char *const *names = strcmp(name, "cNvPr") == 0 ? SHAPE : strncmp(name, "hlink", 5) == 0 ? LINK : NULL;
    bool ok = true;
    for (; ok && names && *names; names++) {
        const char *s = sk_xml_attr(atts, *names);
        ok = !s || d->how->master || sk_side_add(&d->side, SK_RUN_BODY, SK_HIDDEN_NAME, d->how->slide, 0, s, strlen(s));
    }
    return ok;
}

static bool on_start(void *ctx, const char *name, const char **atts)
{
    struct drawing *d = ctx;
    if (strcmp(name, "Fallback") == 0 || d->depth_fallback) {
        d->depth_fallback++;
        d->branches.in_text = strcmp(name, "t") == 0;
        return true;
    }
    if (strcmp(name, "AlternateContent") == 0)
        sk_branches_begin(&d->branches);
    if (!described(d, name, atts))
        return false;
    if (strcmp(name, "sp") == 0 || strcmp(name, "cxnSp") == 0 || strcmp(name, "graphicFrame") == 0 ||
        strcmp(name, "pic") == 0)
        start_shape(d);
    else if (strcmp(name, "sld") == 0) {
        const char *show = sk_xml_attr_plain(atts, "show");
        if (show && !sk_xml_on(show))
            d->how->hidden = SK_HIDDEN_SLIDE;
    } else if (strcmp(name, "grpSp") == 0)
        d->depth_group++;
    else if (strcmp(name, "cNvPr") == 0)
        d->shape.hidden = sk_xml_on(sk_xml_attr(atts, "hidden"));
    else if (strcmp(name, "ph") == 0) {
        const char *type = sk_xml_attr(atts, "type");
        d->shape.is_placeholder = true;
        strncpy(d->shape.placeholder, type ? type : "body", sizeof(d->shape.placeholder) - 1);
    } else if (strcmp(name, "t") == 0)
        d->in_text = true;
    else if (strcmp(name, "text") == 0)
        d->comment_text = true;
    else if (strcmp(name, "br") == 0)
        sk_buf_str(&d->text, d->depth_table ? " " : "\n");
    else if (strcmp(name, "tab") == 0)
        sk_buf_str(&d->text, " ");
    else
        start_place(d, name, atts);
    return start_table(d, name, atts);
}

static bool end_table(struct drawing *d, const char *name)
{
    if (strcmp(name, "tc") == 0 && d->depth_table == 1 && d->grid) {
        bool ok = !d->in_cell || sk_grid_cell(d->grid, d->text.p, d->text.n, SK_SHOWN, d->span, d->merge);
        sk_buf_clear(&d->text);
        return ok;
    }
    if (strcmp(name, "tbl") == 0 && d->depth_table && --d->depth_table == 0 && d->grid)
        return sk_grid_end(d->grid);
    return true;
}

static bool on_end(void *ctx, const char *name)
{
    struct drawing *d = ctx;
    if (d->depth_fallback) {
        d->depth_fallback--;
        d->branches.in_text = false;
        if (strcmp(name, "p") == 0)
            sk_buf_str(&d->branches.other, "\n");
        return true;
    }
    if (strcmp(name, "AlternateContent") == 0)
        return sk_branches_end(&d->branches, &d->side, d->how->slide, 0);
    if (strcmp(name, "t") == 0) {
        d->in_text = false;
    } else if (strcmp(name, "text") == 0) {
        d->comment_text = false;
        return sk_buf_str(&d->text, "\n"), d->depth_shape || give_shape(d);
    } else if (strcmp(name, "p") == 0) {
        if (d->text.n && d->text.p[d->text.n - 1] != '\n')
            sk_buf_str(&d->text, d->depth_table ? " " : "\n");
        if (!d->depth_shape && !d->depth_table) /* diagrams: points without a shape */
            return give_shape(d);
    } else if (strcmp(name, "grpSp") == 0) {
        d->depth_group -= d->depth_group > 0;
    } else if (strcmp(name, "sp") == 0 || strcmp(name, "cxnSp") == 0 || strcmp(name, "graphicFrame") == 0 ||
               strcmp(name, "pic") == 0) {
        if (d->depth_shape && --d->depth_shape == 0)
            return give_shape(d);
    }
    return end_table(d, name);
}

static bool on_text(void *ctx, const char *s, size_t n)
{
    struct drawing *d = ctx;
    if (d->depth_fallback) {
        if (d->branches.in_text && d->branches.depth)
            sk_buf_add(&d->branches.other, s, n);
        return true;
    }
    if (d->in_text || d->comment_text) {
        d->overflow |= !sk_buf_add(&d->text, s, n);
        if (d->branches.depth)
            sk_buf_add(&d->branches.read, s, n);
    }
    return true;
}

bool sk_drawing_text(struct sk_opc *p, size_t i, struct sk_out *o, struct sk_drawing *how)
{
    static const struct sk_xml_calls CALLS = { on_start, on_end, on_text };
    struct drawing d = { .opc = p, .o = o, .how = how };
    sk_side_init(&d.side, o);
    sk_buf_init(&d.text, (size_t)16 << 20);
    sk_branches_init(&d.branches);
    bool ok = sk_out_place(o, 0, how->slide, 0) && sk_opc_parse(p, i, &CALLS, &d);
    if (d.depth_table && d.grid) /* the XML was cut */
        ok = sk_grid_end(d.grid) && ok;
    ok = ok && give_shape(&d) && sk_side_flush(&d.side);
    if (d.overflow || d.side.lost)
        sk_opc_reason(p, SK_WHY_TOO_LARGE, "");
    sk_side_free(&d.side);
    sk_buf_free(&d.text);
    sk_branches_free(&d.branches);
    sk_grid_free(d.grid);
    return ok;
}
