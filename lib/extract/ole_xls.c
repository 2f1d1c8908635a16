/* ole_xls.c - binary workbooks (MS-XLS), Excel 5 to 2003. */
#include "extract/xls.h"

#include <stdlib.h>

/* Copies of the source table that pivot tables keep (2.1.7.12): all their strings, one a line. */
static bool pivots(struct xls *x, struct sk_out *o)
{
    uint32_t storage = sk_cfb_find(x->f->c, x->f->root, "_SX_DB_CUR");
    struct sk_buf stream, text;
    bool ok = true;
    if (storage == SK_CFB_NONE)
        return true;
    sk_buf_init(&stream, (size_t)256 << 20);
    sk_buf_init(&text, (size_t)1 << 20);
    for (uint32_t i = sk_cfb_at(x->f->c, storage)->first; ok && i != SK_CFB_NONE; i = sk_cfb_at(x->f->c, i)->next) {
        sk_cfb_read(x->f->c, i, (uint64_t)256 << 20, &stream);
        if (x->encrypted && stream.n)
            sk_xls_decrypt(&x->key, (uint8_t *)stream.p, stream.n);
        struct biff b = { .rest = sk_bytes(stream.p, stream.n), .wide = x->wide, .codepage = x->codepage };
        while (ok && biff_next(&b)) {
            sk_buf_clear(&text);
            if (b.type == 0xCD && biff_string(&b, false, &text))
                ok = sk_ole_line(o, SK_RUN_BODY, SK_HIDDEN_PIVOT, &text);
        }
    }
    sk_buf_free(&stream);
    sk_buf_free(&text);
    return ok;
}

static void free_book(struct xls *x)
{
    sk_arena_free(&x->arena);
    free(x->codes);
    free(x->formats);
    free(x->white);
    free(x->sheets);
    sk_buf_free(&x->names);
    xlsx_strings_free(&x->strings);
}

bool sk_xls_read(struct sk_ole *f)
{
    struct xls x = { .f = f };
    struct sk_buf stream;
    struct sk_out *o = sk_out_open(f->job, f->job->part);
    if (!o) {
        sk_ole_tell(f, SK_WHY_TOO_LARGE, "memory");
        return true;
    }
    bool ok = true;
    sk_buf_init(&stream, SIZE_MAX / 2);
    sk_buf_init(&x.names, (size_t)32 << 20);
    sk_buf_init(&x.strings.text, SIZE_MAX / 2);
    sk_buf_init(&x.strings.ruby, SIZE_MAX / 2);
    sk_arena_init(&x.arena, (size_t)16 << 20);
    /* Offsets into them are taken even when they stay empty. */
    bool room = sk_buf_reserve(&x.strings.text, 16) && sk_buf_reserve(&x.strings.ruby, 16);
    bool found = sk_ole_stream(f, f->root, "Workbook", &stream) || sk_ole_stream(f, f->root, "Book", &stream);
    x.encrypted = sk_xls_key_find(sk_bytes(stream.p, stream.n), &x.key);
    if (x.encrypted && !sk_xls_decrypt(&x.key, (uint8_t *)stream.p, stream.n))
        sk_ole_tell(f, SK_WHY_TOO_LARGE, "memory");
    x.stream = sk_bytes(stream.p, stream.n);
    if (!room || !found || !xls_globals(&x))
        sk_ole_tell(f, SK_WHY_DAMAGED, "");
    for (size_t i = 0; ok && i < x.n_sheets; i++)
        ok = xls_sheet_read(&x, &x.sheets[i]);
    ok = ok && pivots(&x, o) && sk_ole_props(f, o);
    ok = sk_out_close(o) && ok;
    free_book(&x);
    sk_buf_free(&stream);
    return ok;
}
