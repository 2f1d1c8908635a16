/* xls_globals.c - what the sheets of a binary workbook share: strings, number formats, their names. */
#include "extract/xls.h"

#define BOF 0x0809u
#define SHEETS_MAX 65536u

/* XF and FONT as far as they decide how a number reads and whether it is seen (2.4.353, 2.4.122). */
static void add_format(struct xls *x, struct sk_bytes b)
{
    uint16_t font, id;
    uint32_t border, fill = 0;
    const char *code = NULL;
    struct sk_bytes at = b;
    if (!sk_u16le(&at, &font) || !sk_u16le(&at, &id) || x->n_formats >= 65536 ||
        !sk_grow(&x->formats, &x->cap_formats, x->n_formats + 1, sizeof(*x->formats)))
        return;
    for (size_t i = x->n_codes; i-- > 0 && !code;)
        if (x->codes[i].id == id)
            code = x->codes[i].code;
    struct xlsx_format *f = &x->formats[x->n_formats++];
    *f = xlsx_format_of(id, id == 0 ? NULL : code);
    size_t index = font > 4 ? font - 1u : font; /* there is no font 4 */
    bool filled = x->wide && sk_slice(b, 14, 6, &at) && sk_u32le(&at, &border) &&
                  (fill = at.p[0] & 0x7Fu, border >> 26) && fill != 9 && fill != 1;
    f->unseen |= x->wide && index < x->n_white && x->white[index] && !filled;
}

static void add_font(struct xls *x, struct sk_bytes b)
{
    uint16_t colour;
    if (x->n_white < 65536 && sk_skip(&b, 4) && sk_u16le(&b, &colour) &&
        sk_grow(&x->white, &x->cap_white, x->n_white + 1, 1))
        x->white[x->n_white++] = colour == 1 || colour == 9;
}

static void add_code(struct xls *x, struct biff *b, struct sk_buf *text)
{
    uint16_t id;
    sk_buf_clear(text);
    if (!sk_u16le(&b->body, &id) || !biff_string(b, !x->wide, text) || x->n_codes >= 4096 ||
        !sk_grow(&x->codes, &x->cap_codes, x->n_codes + 1, sizeof(*x->codes)))
        return;
    char *own = sk_arena_string(&x->arena, text->p ? text->p : "", text->n);
    if (own)
        x->codes[x->n_codes++] = (struct xls_code){ id, own };
}

static void add_sheet(struct xls *x, struct biff *b)
{
    uint8_t state, type;
    struct xls_sheet s = { .name = x->names.n };
    if (!sk_u32le(&b->body, &s.at) || !sk_u8(&b->body, &state) || !sk_u8(&b->body, &type) ||
        x->n_sheets >= SHEETS_MAX || !sk_grow(&x->sheets, &x->cap_sheets, x->n_sheets + 1, sizeof(*x->sheets)))
        return;
    s.hidden = (state & 3) == 1 ? SK_HIDDEN_SHEET : (state & 3) == 2 ? SK_HIDDEN_VERY : SK_SHOWN;
    biff_string(b, true, &x->names);
    s.name_n = x->names.n - s.name;
    x->sheets[x->n_sheets++] = s;
}

static void read_strings(struct xls *x, struct biff *b)
{
    uint32_t total, n;
    struct xlsx_strings *s = &x->strings;
    if (!sk_u32le(&b->body, &total) || !sk_u32le(&b->body, &n))
        return;
    bool whole = true;
    for (uint32_t i = 0; i <= n; i++) { /* one more: it marks the end */
        if (!sk_grow(&s->items, &s->cap, s->n + 2, sizeof(*s->items)))
            break;
        s->items[s->n] = (struct xlsx_string){ s->text.n, s->ruby.n, false };
        if (i == n)
            break;
        if (!biff_rich_string(b, &s->text, &s->ruby)) {
            whole = false;
            s->items[++s->n] = (struct xlsx_string){ s->text.n, s->ruby.n, false };
            break;
        }
        s->n++;
    }
    if (!whole || s->text.failed)
        sk_ole_tell(x->f, s->text.failed ? SK_WHY_TOO_LARGE : SK_WHY_DAMAGED, "");
}

bool xls_globals(struct xls *x)
{
    struct biff b = { .rest = x->stream };
    uint16_t version;
    struct sk_buf text;
    if (!biff_next(&b) || b.type != BOF || !sk_u16le(&b.body, &version))
        return false;
    x->wide = b.wide = version >= 0x0600;
    x->codepage = b.codepage = 932;
    sk_buf_init(&text, (size_t)1 << 20);
    while (biff_next(&b) && b.type != 0x0A) {
        uint16_t v;
        if (b.type == 0x42 && sk_u16le(&b.body, &v))
            x->codepage = b.codepage = v;
        else if (b.type == 0x22 && sk_u16le(&b.body, &v))
            x->date1904 = v == 1;
        else if (b.type == 0x31 || b.type == 0x231)
            add_font(x, b.body);
        else if (b.type == 0x41E || b.type == 0x1E)
            add_code(x, &b, &text);
        else if (b.type == 0xE0)
            add_format(x, b.body);
        else if (b.type == 0x85)
            add_sheet(x, &b);
        else if (b.type == 0xFC)
            read_strings(x, &b);
    }
    sk_buf_free(&text);
    return true;
}
