/* rtf_text.c - see rtf.h. */
#include "base/utf8.h"
#include "extract/rtf.h"
#include "text/codepage.h"

#include <stdlib.h>

static bool put_utf8(struct rtf *r, const char *p, size_t n)
{
    struct rtf_group *g = &r->group[r->depth];
    if (g->dest == RTF_TO_CODE) {
        r->overflow |= !sk_buf_add(&r->code, p, n);
        return true;
    }
    if (g->dest != RTF_TO_TEXT)
        return true;
    if (r->boxes) {
        r->overflow |= !sk_buf_add(&r->box[r->boxes - 1].text, p, n);
        return true;
    }
    if (g->hidden || g->deleted) {
        r->aside_why = g->deleted ? SK_HIDDEN_CHANGE : SK_HIDDEN_TEXT;
        r->overflow |= !sk_buf_add(&r->aside, p, n);
        return true;
    }
    if (r->in_row) {
        r->overflow |= !sk_buf_add(&r->cell, p, n);
        return true;
    }
    if (r->in_table) { /* text behind the last row: the table is over */
        r->in_table = false;
        if (!sk_grid_end(r->grid) || !sk_side_settle(&r->side))
            return false;
    }
    return sk_out_text(r->o, p, n);
}

/* Fonts of no code page: Latin-1 is near enough for what can be found here. */
static bool put_latin(struct rtf *r, const uint8_t *p, size_t n)
{
    bool ok = true;
    for (size_t i = 0; ok && i < n; i++) {
        char utf8[4];
        ok = put_utf8(r, utf8, sk_utf8_put(utf8, p[i]));
    }
    return ok;
}

bool rtf_flush_bytes(struct rtf *r)
{
    size_t n = r->bytes.n;
    if (n == 0)
        return true;
    const uint8_t *p = (const uint8_t *)r->bytes.p;
    bool high = false, ok;
    for (size_t i = 0; i < n && !high; i++)
        high = p[i] >= 0x80;
    r->bytes.n = 0;
    if (!high)
        return put_utf8(r, r->bytes.p, n);
    uint32_t own = r->group[r->depth].codepage, cp = own ? own : r->codepage;
    size_t room = sk_codepage_room(n), length = 0;
    char *utf8 = sk_new(room, 1);
    if (!utf8) {
        r->overflow = true;
        return true;
    }
    if (cp == 932)
        ok = put_utf8(r, utf8, sk_to_utf8(SK_CS_CP932, p, n, utf8, room));
    else if (sk_codepage_to_utf8(cp, p, n, utf8, room, &length))
        ok = put_utf8(r, utf8, length);
    else
        ok = put_latin(r, p, n);
    free(utf8);
    return ok;
}

bool rtf_put_byte(struct rtf *r, uint8_t c)
{
    /* Never between the bytes of a character. */
    bool whole = r->bytes.n && (uint8_t)r->bytes.p[r->bytes.n - 1] < 0x80 && c < 0x80;
    if (r->bytes.n >= 4096 && whole && !rtf_flush_bytes(r))
        return false;
    r->overflow |= !sk_buf_add(&r->bytes, &c, 1);
    return true;
}

bool rtf_put(struct rtf *r, const char *s)
{
    return rtf_flush_bytes(r) && put_utf8(r, s, strlen(s));
}

bool rtf_put_code_point(struct rtf *r, long number)
{
    uint32_t c = (uint32_t)(number < 0 ? number + 65536 : number) & 0x1FFFFF;
    char utf8[4];
    r->pass = r->group[r->depth].skip;
    if (c >= 0xD800 && c < 0xDC00) {
        r->high = c;
        return true;
    }
    if (c >= 0xDC00 && c < 0xE000 && r->high)
        c = 0x10000 + ((r->high - 0xD800) << 10) + (c - 0xDC00);
    r->high = 0;
    return rtf_flush_bytes(r) && put_utf8(r, utf8, sk_utf8_put(utf8, c));
}

bool rtf_flush_aside(struct rtf *r)
{
    bool ok = sk_side_add(&r->side, SK_RUN_BODY, r->aside_why, 0, r->paragraph, r->aside.p, r->aside.n);
    sk_buf_clear(&r->aside);
    return ok;
}

bool rtf_paragraph_end(struct rtf *r)
{
    if (!rtf_flush_bytes(r))
        return false;
    if (r->group[r->depth].dest != RTF_TO_TEXT)
        return true;
    if (r->boxes || r->in_row)
        return put_utf8(r, "\n", 1);
    if (!rtf_flush_aside(r))
        return false;
    if (r->in_table) {
        r->in_table = false;
        return sk_grid_end(r->grid) && sk_side_settle(&r->side);
    }
    return sk_out_line(r->o) && sk_side_settle(&r->side) && sk_out_kind(r->o, SK_RUN_BODY, SK_SHOWN) &&
           sk_out_place(r->o, 0, 0, ++r->paragraph);
}

/* ---------------------------------------------------------------- tables */

static bool cell_end(struct rtf *r)
{
    if (!rtf_flush_bytes(r))
        return false;
    if (r->boxes)
        return put_utf8(r, " ", 1);
    if (!r->grid && !(r->grid = sk_grid_new()))
        return false;
    if (!r->in_table && !(sk_out_line(r->o) && sk_grid_begin(r->grid, r->o, false)))
        return false;
    if (!r->in_table || r->col == 0)
        sk_grid_row(r->grid);
    r->in_table = true;
    size_t n = r->cell.n;
    while (n && (r->cell.p[n - 1] == '\n' || r->cell.p[n - 1] == ' '))
        n--;
    enum sk_merge merge =
        r->col < SK_GRID_COLUMNS && r->col < r->defined ? (enum sk_merge)r->merge[r->col] : SK_MERGE_NONE;
    r->col++;
    bool ok = sk_grid_cell(r->grid, r->cell.p, n, SK_SHOWN, 1, merge);
    sk_buf_clear(&r->cell);
    return ok;
}

bool rtf_row_end(struct rtf *r)
{
    bool ok = rtf_flush_bytes(r) && (r->cell.n == 0 || !r->in_row || cell_end(r));
    r->col = 0;
    r->in_row = false;
    return ok;
}

bool rtf_table_word(struct rtf *r, const char *w, bool *known)
{
    *known = true;
    if (strcmp(w, "cell") == 0)
        return cell_end(r);
    if (strcmp(w, "row") == 0)
        return rtf_row_end(r);
    if (strcmp(w, "nestcell") == 0)
        return rtf_put(r, " ");
    if (strcmp(w, "nestrow") == 0)
        return rtf_put(r, "\n");
    if (strcmp(w, "trowd") == 0)
        r->defined = r->next_merge = 0;
    else if (strcmp(w, "clvmgf") == 0)
        r->next_merge = SK_MERGE_RESTART;
    else if (strcmp(w, "clvmrg") == 0)
        r->next_merge = SK_MERGE_CONTINUE;
    else if (strcmp(w, "cellx") == 0) {
        if (r->defined < SK_GRID_COLUMNS)
            r->merge[r->defined++] = r->next_merge;
        r->next_merge = SK_MERGE_NONE;
    } else if (strcmp(w, "intbl") == 0)
        return rtf_flush_bytes(r) && (r->in_row = r->boxes == 0 || r->in_row, true);
    else if (strcmp(w, "pard") == 0) {
        bool ok = rtf_flush_bytes(r); /* text of the row may still follow without \intbl: its cell has not ended */
        r->in_row = r->in_row && (r->boxes || r->col || r->cell.n);
        return ok;
    } else
        *known = false;
    return true;
}
