/* xlsx_styles.c - cell formats, as far as they decide how a number reads. */
#include "extract/xlsx.h"

#include <stdlib.h>
#include <strings.h>

struct custom {
    uint32_t id;
    const char *code;
};

struct styles {
    struct xlsx *x;
    struct custom *codes;
    size_t n_codes, cap_codes, cap_formats;
    bool in_cells, in_fonts, in_fills;
    uint8_t *white, *filled; /* by index of fonts, of fills */
    size_t n_white, cap_white, n_filled, cap_filled;
};

static uint32_t number_of(const char **atts, const char *name)
{
    const char *v = sk_xml_attr(atts, name);
    return v ? (uint32_t)strtoul(v, NULL, 10) : 0;
}

static void push(uint8_t **flags, size_t *n, size_t *cap)
{
    if (*n < 65536 && sk_grow(flags, cap, *n + 1, 1))
        (*flags)[(*n)++] = 0;
}

/* White as colour of a font or a fill: FFFFFF, or the theme's first background. */
static bool is_white(const char **atts)
{
    const char *rgb = sk_xml_attr(atts, "rgb"), *theme = sk_xml_attr(atts, "theme"),
               *indexed = sk_xml_attr(atts, "indexed");
    size_t n = rgb ? strlen(rgb) : 0;
    if (n >= 6)
        return strcasecmp(rgb + n - 6, "FFFFFF") == 0;
    if (theme)
        return strcmp(theme, "0") == 0 && !sk_xml_attr(atts, "tint");
    return indexed && (strcmp(indexed, "1") == 0 || strcmp(indexed, "9") == 0);
}

static void start_look(struct styles *s, const char *name, const char **atts)
{
    if (strcmp(name, "fonts") == 0)
        s->in_fonts = true;
    else if (strcmp(name, "fills") == 0)
        s->in_fills = true;
    else if (s->in_fonts && strcmp(name, "font") == 0)
        push(&s->white, &s->n_white, &s->cap_white);
    else if (s->in_fills && strcmp(name, "fill") == 0)
        push(&s->filled, &s->n_filled, &s->cap_filled);
    else if (s->in_fonts && s->n_white && strcmp(name, "color") == 0)
        s->white[s->n_white - 1] = is_white(atts);
    else if (s->in_fills && s->n_filled && strcmp(name, "patternFill") == 0) {
        const char *type = sk_xml_attr(atts, "patternType");
        s->filled[s->n_filled - 1] = type && strcmp(type, "none") != 0;
    } else if (s->in_fills && s->n_filled && strcmp(name, "fgColor") == 0 && is_white(atts))
        s->filled[s->n_filled - 1] = 0;
    else if (s->in_fills && s->n_filled && strcmp(name, "gradientFill") == 0)
        s->filled[s->n_filled - 1] = 1;
}

static const char *code_of(const struct styles *s, uint32_t id)
{
    for (size_t i = s->n_codes; i-- > 0;)
        if (s->codes[i].id == id)
            return s->codes[i].code;
    return NULL;
}

static void add_format(struct styles *s, const char **atts)
{
    uint32_t k = number_of(atts, "numFmtId"), font = number_of(atts, "fontId"), fill = number_of(atts, "fillId");
    struct xlsx *x = s->x;
    /* Excel itself allows 65,490 cell formats. */
    if (x->n_formats >= 65536 || !sk_grow(&x->formats, &s->cap_formats, x->n_formats + 1, sizeof(*x->formats)))
        return;
    struct xlsx_format *f = &x->formats[x->n_formats++];
    *f = xlsx_format_of(k, k == 0 ? NULL : code_of(s, k));
    f->unseen |= font < s->n_white && s->white[font] && !(fill < s->n_filled && s->filled[fill]);
}

static bool on_start(void *ctx, const char *name, const char **atts)
{
    struct styles *s = ctx;
    if (strcmp(name, "numFmt") == 0) {
        const char *id = sk_xml_attr(atts, "numFmtId"), *code = sk_xml_attr(atts, "formatCode");
        if (!id || !code || s->n_codes >= 1024 || !sk_grow(&s->codes, &s->cap_codes, s->n_codes + 1, sizeof(*s->codes)))
            return true;
        char *own = sk_arena_string(&s->x->opc->arena, code, strlen(code));
        if (own)
            s->codes[s->n_codes++] = (struct custom){ (uint32_t)strtoul(id, NULL, 10), own };
    } else if (strcmp(name, "cellXfs") == 0) {
        s->in_cells = true;
    } else if (strcmp(name, "xf") == 0 && s->in_cells) {
        add_format(s, atts);
    } else {
        start_look(s, name, atts);
    }
    return true;
}

static bool on_end(void *ctx, const char *name)
{
    struct styles *s = ctx;
    if (strcmp(name, "cellXfs") == 0)
        s->in_cells = false;
    else if (strcmp(name, "fonts") == 0)
        s->in_fonts = false;
    else if (strcmp(name, "fills") == 0)
        s->in_fills = false;
    return true;
}

bool xlsx_styles_read(struct xlsx *x, size_t i)
{
    static const struct sk_xml_calls CALLS = { on_start, on_end, NULL };
    struct styles s = { .x = x };
    bool ok = sk_opc_parse(x->opc, i, &CALLS, &s);
    free(s.codes);
    free(s.white);
    free(s.filled);
    return ok;
}
