#include "detect/numbers_sift.h"

#include "base/mem.h"
#include "detect/columns.h"

/* Does a number that fills this cell of a column whose meaning is known say nothing? The columns tell such cells
 * themselves; see admits() in columns_row.c, which would refuse the candidate. */
static bool told_by_column(const struct sk_columns *k, const struct sk_cell *cell, const struct sk_atom *a)
{
    return cell->col < k->n && k->at[cell->col].use != SK_COL_FREE && !a->flags &&
           cell->end - cell->begin <= (uint32_t)a->n + SK_CELL_AROUND;
}

/* Addresses in a column of addresses are the column's to tell: admits() would refuse them. */
static bool of_address(const struct sk_columns *k, const struct sk_cell *cell)
{
    return cell->col < k->n && k->at[cell->col].use != SK_COL_FREE && k->at[cell->col].element == SK_EL_ADDRESS;
}

/* Do words stand between begin and end? *mark: of the last row asked. */
static bool words_in_row(const struct sk_labels *l, uint32_t begin, uint32_t end, size_t *mark)
{
    while (*mark < l->n && l->marks[*mark].end <= begin)
        ++*mark;
    return *mark < l->n && l->marks[*mark].begin < end;
}

bool sk_sift_atoms(struct sk_sifted *to, const struct sk_labels *labels, const struct sk_segment *s,
                   const struct sk_columns *k, struct sk_hits *hits)
{
    const struct sk_atom *from = hits->atoms, *stop = hits->n_atoms ? from + hits->n_atoms : from;
    uint32_t row = UINT32_MAX;
    size_t n = 0, mark = 0;
    bool words = true, dropped = false;
    if (!sk_grow(&to->at, &to->cap, hits->n_atoms + 1, sizeof(*to->at)))
        return false;
    for (uint32_t i = 0; i < s->n_cells && from < stop; i++) {
        const struct sk_cell *cell = &s->cells[i];
        if (cell->repeat) /* shown again; its text lies in an earlier row */
            continue;
        if (i == 0 || cell->row != row) {
            uint32_t last = i, end = cell->end;
            for (row = cell->row; last < s->n_cells && s->cells[last].row == row; last++)
                if (!s->cells[last].repeat)
                    end = s->cells[last].end;
            words = words_in_row(labels, cell->begin, end, &mark);
        }
        for (; from < stop && from->begin < cell->end; from++) {
            if (from->begin >= cell->begin && !words && told_by_column(k, cell, from)) {
                dropped = true;
                continue;
            }
            to->at[n] = *from;
            if (dropped)
                to->at[n].gap = 255;
            if (from->begin >= cell->begin && of_address(k, cell))
                to->at[n].flags |= SK_ATOM_OF_ADDRESS;
            dropped = false;
            n++;
        }
    }
    for (; from < stop; from++) {
        to->at[n] = *from;
        if (dropped)
            to->at[n].gap = 255;
        dropped = false;
        n++;
    }
    hits->atoms = to->at;
    hits->n_atoms = n;
    return true;
}
