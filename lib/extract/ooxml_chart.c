/* ooxml_chart.c - a chart's titles, and its cache: the values that the chart was drawn from, which stay when the
 * workbook is gone. */
#include "extract/ooxml.h"

#include <stdlib.h>

#define POINTS_MAX 1000000u

struct points {
    struct sk_buf text;
    struct {
        size_t begin, n;
        uint32_t row;
    } * items;
    size_t n, cap;
};

enum role { ROLE_NONE, ROLE_NAME, ROLE_CATEGORY, ROLE_VALUE };

struct chart {
    struct sk_out *o;
    uint32_t slide;
    struct points category, value;
    struct sk_buf name, title;
    enum role role;
    bool in_point, in_value, in_text;
    uint32_t index;
    unsigned series; /* depth */
};

static void clear(struct points *p)
{
    sk_buf_clear(&p->text);
    p->n = 0;
}

static void add_point(struct points *p, uint32_t row)
{
    if (p->n < POINTS_MAX && sk_grow(&p->items, &p->cap, p->n + 1, sizeof(*p->items))) {
        p->items[p->n].begin = p->text.n;
        p->items[p->n].n = 0;
        p->items[p->n++].row = row;
    }
}

static bool cell(struct chart *c, uint32_t row, uint32_t col, const char *p, size_t n)
{
    return sk_out_cell_begin(c->o, row, col, SK_SHOWN, false) && sk_out_text(c->o, p, n) && sk_out_cell_end(c->o);
}

/* A table of two columns: category and value; its header is the series' name. */
static bool give_series(struct chart *c)
{
    size_t i = 0, k = 0;
    uint32_t row = 0;
    if (c->category.n == 0 && c->value.n == 0 && c->name.n == 0)
        return true;
    if (!sk_out_kind(c->o, SK_RUN_BODY, SK_HIDDEN_CACHE) || !sk_out_table_begin(c->o, false))
        return false;
    bool ok = c->name.n == 0 || cell(c, row++, 1, c->name.p, c->name.n);
    while (ok && (i < c->category.n || k < c->value.n)) {
        uint32_t a = i < c->category.n ? c->category.items[i].row : UINT32_MAX,
                 b = k < c->value.n ? c->value.items[k].row : UINT32_MAX;
        if (a <= b) {
            ok = cell(c, row, 0, c->category.text.p + c->category.items[i].begin, c->category.items[i].n);
            i++;
        }
        if (ok && b <= a) {
            ok = cell(c, row, 1, c->value.text.p + c->value.items[k].begin, c->value.items[k].n);
            k++;
        }
        row++;
    }
    return ok && sk_out_table_end(c->o) && sk_out_kind(c->o, SK_RUN_BODY, SK_SHOWN);
}

static bool on_start(void *ctx, const char *name, const char **atts)
{
    struct chart *c = ctx;
    if (strcmp(name, "ser") == 0 && c->series++ == 0) {
        clear(&c->category);
        clear(&c->value);
        sk_buf_clear(&c->name);
    } else if (strcmp(name, "tx") == 0 && c->series) {
        c->role = ROLE_NAME;
    } else if (strcmp(name, "cat") == 0 || strcmp(name, "xVal") == 0) {
        c->role = ROLE_CATEGORY;
    } else if (strcmp(name, "val") == 0 || strcmp(name, "yVal") == 0 || strcmp(name, "datalabelsRange") == 0) {
        c->role = ROLE_VALUE;
    } else if (strcmp(name, "pt") == 0) {
        const char *idx = sk_xml_attr(atts, "idx");
        c->index = idx ? (uint32_t)strtoul(idx, NULL, 10) : 0;
        c->in_point = true;
        if (c->role == ROLE_CATEGORY || c->role == ROLE_VALUE)
            add_point(c->role == ROLE_VALUE ? &c->value : &c->category, c->index);
    } else if (strcmp(name, "v") == 0) {
        c->in_value = true;
    } else if (strcmp(name, "t") == 0) {
        c->in_text = true;
    }
    return true;
}

static bool on_end(void *ctx, const char *name)
{
    struct chart *c = ctx;
    if (strcmp(name, "v") == 0) {
        c->in_value = false;
    } else if (strcmp(name, "t") == 0) {
        c->in_text = false;
    } else if (strcmp(name, "pt") == 0) {
        c->in_point = false;
    } else if (strcmp(name, "ser") == 0 && c->series && --c->series == 0) {
        c->role = ROLE_NONE;
        return give_series(c);
    } else if (strcmp(name, "tx") == 0 || strcmp(name, "cat") == 0 || strcmp(name, "xVal") == 0 ||
               strcmp(name, "val") == 0 || strcmp(name, "yVal") == 0 || strcmp(name, "datalabelsRange") == 0) {
        c->role = ROLE_NONE;
    } else if (strcmp(name, "p") == 0 && c->title.n) {
        bool ok = sk_out_text(c->o, c->title.p, c->title.n) && sk_out_line(c->o);
        sk_buf_clear(&c->title);
        return ok;
    }
    return true;
}

static bool on_text(void *ctx, const char *s, size_t n)
{
    struct chart *c = ctx;
    if (c->in_text) {
        sk_buf_add(&c->title, s, n);
    } else if (c->in_value && c->role == ROLE_NAME) {
        sk_buf_add(&c->name, s, n);
    } else if (c->in_value && c->in_point && c->role != ROLE_NONE) {
        struct points *p = c->role == ROLE_VALUE ? &c->value : &c->category;
        if (p->n && p->n < POINTS_MAX && sk_buf_add(&p->text, s, n))
            p->items[p->n - 1].n += n;
    }
    return true;
}

bool sk_chart_text(struct sk_opc *p, size_t i, struct sk_out *o, uint32_t slide)
{
    static const struct sk_xml_calls CALLS = { on_start, on_end, on_text };
    struct chart c = { .o = o, .slide = slide };
    sk_buf_init(&c.category.text, (size_t)256 << 20);
    sk_buf_init(&c.value.text, (size_t)256 << 20);
    sk_buf_init(&c.name, (size_t)1 << 20);
    sk_buf_init(&c.title, (size_t)1 << 20);
    bool ready =
        sk_buf_reserve(&c.category.text, 0) && sk_buf_reserve(&c.value.text, 0); /* offsets are taken even when empty */
    bool ok = !ready ||
              (sk_out_kind(o, SK_RUN_BODY, SK_SHOWN) && sk_out_place(o, 0, slide, 0) && sk_opc_parse(p, i, &CALLS, &c));
    if (ok && c.series) /* the XML was cut */
        ok = give_series(&c);
    free(c.category.items);
    free(c.value.items);
    sk_buf_free(&c.category.text);
    sk_buf_free(&c.value.text);
    sk_buf_free(&c.name);
    sk_buf_free(&c.title);
    return ok;
}
