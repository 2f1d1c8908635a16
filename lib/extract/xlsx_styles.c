/* xlsx_styles.c - cell formats, as far as they decide how a number reads. */
#include "extract/xlsx.h"

#include <stdlib.h>

struct custom {
    uint32_t id;
    const char *code;
};

struct styles {
    struct xlsx *x;
    struct custom *codes;
    size_t n_codes, cap_codes, cap_formats;
    bool in_cells;
};

static const char *code_of(const struct styles *s, uint32_t id)
{
    for (size_t i = s->n_codes; i-- > 0;)
        if (s->codes[i].id == id)
            return s->codes[i].code;
    return NULL;
}

static void add_format(struct styles *s, const char **atts)
{
    const char *id = sk_xml_attr(atts, "numFmtId");
    uint32_t k = id ? (uint32_t)strtoul(id, NULL, 10) : 0;
    struct xlsx *x = s->x;
    /* Excel itself allows 65,490 cell formats. */
    if (x->n_formats < 65536 && sk_grow(&x->formats, &s->cap_formats, x->n_formats + 1, sizeof(*x->formats)))
        x->formats[x->n_formats++] = xlsx_format_of(k, k == 0 ? NULL : code_of(s, k));
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
    }
    return true;
}

static bool on_end(void *ctx, const char *name)
{
    struct styles *s = ctx;
    if (strcmp(name, "cellXfs") == 0)
        s->in_cells = false;
    return true;
}

bool xlsx_styles_read(struct xlsx *x, size_t i)
{
    static const struct sk_xml_calls CALLS = { on_start, on_end, NULL };
    struct styles s = { .x = x };
    bool ok = sk_opc_parse(x->opc, i, &CALLS, &s);
    free(s.codes);
    return ok;
}
