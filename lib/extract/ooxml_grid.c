/* ooxml_grid.c - see ooxml.h. */
#include "extract/ooxml.h"

#include <stdlib.h>

#define ABOVE_MAX ((size_t)64 << 10) /* of one merged cell: longer text links nothing */

struct sk_grid *sk_grid_new(void)
{
    struct sk_grid *g = sk_new(1, sizeof(*g));
    for (size_t i = 0; g && i < SK_GRID_COLUMNS; i++)
        sk_buf_init(&g->above[i].text, ABOVE_MAX);
    return g;
}

bool sk_grid_begin(struct sk_grid *g, struct sk_out *o, bool sheet)
{
    g->o = o;
    g->row = UINT32_MAX;
    g->col = 0;
    for (size_t i = 0; i < SK_GRID_COLUMNS; i++)
        sk_buf_clear(&g->above[i].text);
    return sk_out_table_begin(o, sheet);
}

void sk_grid_row(struct sk_grid *g)
{
    g->row++;
    g->col = 0;
}

bool sk_grid_cell(struct sk_grid *g, const char *p, size_t n, enum sk_hidden hidden, uint32_t span, enum sk_merge merge)
{
    uint32_t col = g->col;
    bool repeat = false;
    g->col += span > 0 && span < 1024 ? span : 1;
    if (g->col > 65535)
        g->col = 65535;
    if (g->row == UINT32_MAX) /* a cell outside a row */
        g->row = 0;
    if (col < SK_GRID_COLUMNS) {
        struct sk_buf *above = &g->above[col].text;
        if (merge == SK_MERGE_CONTINUE && n == 0) {
            p = above->p;
            n = above->n;
            hidden = g->above[col].hidden;
            repeat = n > 0;
        } else {
            sk_buf_clear(above);
            if (merge == SK_MERGE_RESTART)
                sk_buf_add(above, p, n);
            g->above[col].hidden = hidden;
        }
    }
    return sk_out_cell_begin(g->o, g->row, col, hidden, repeat) && sk_out_text(g->o, p, n) && sk_out_cell_end(g->o);
}

bool sk_grid_end(struct sk_grid *g)
{
    return sk_out_table_end(g->o);
}

void sk_grid_free(struct sk_grid *g)
{
    for (size_t i = 0; g && i < SK_GRID_COLUMNS; i++)
        sk_buf_free(&g->above[i].text);
    free(g);
}
