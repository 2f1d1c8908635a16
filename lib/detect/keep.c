#include "detect/keep.h"

#include <stdlib.h>

/* Room for n items; what was there need not survive. */
static bool room(void *items_ptr, size_t *cap, size_t n, size_t size)
{
    return n <= *cap || sk_grow(items_ptr, cap, n, size);
}

static void copy(void *to, const void *from, size_t n)
{
    if (n != 0)
        memcpy(to, from, n);
}

/* Checkpoints up to the first that stands at or behind `end`; *bytes: the source bytes that they cover. */
static bool copy_map(struct sk_kept *k, const struct sk_raw *raw, uint32_t end, size_t *bytes)
{
    const struct sk_fold_map *m = raw->map;
    if (m == NULL) {
        *bytes = raw->n;
        return true;
    }
    k->map.identity = m->identity;
    k->map.n = 0;
    *bytes = raw->n;
    if (m->identity) {
        *bytes = end < raw->n ? end : raw->n;
        return true;
    }
    size_t n = 0;
    while (n < m->n && m->folded[n] < end)
        n++;
    if (n < m->n) {
        *bytes = m->source[n] < raw->n ? m->source[n] : raw->n;
        n++;
    }
    if (n > k->map_cap) {
        size_t caps[3] = { k->map_cap, k->map_cap, k->map_cap };
        if (!sk_grow(&k->map.source, &caps[0], n, sizeof *m->source) ||
            !sk_grow(&k->map.folded, &caps[1], n, sizeof *m->folded) ||
            !sk_grow(&k->map.state, &caps[2], n, sizeof *m->state))
            return false;
        k->map_cap = n;
        k->map.cap = n;
    }
    copy(k->map.source, m->source, n * sizeof *m->source);
    copy(k->map.folded, m->folded, n * sizeof *m->folded);
    if (m->state != NULL)
        copy(k->map.state, m->state, n * sizeof *m->state);
    else if (n != 0)
        memset(k->map.state, 0, n * sizeof *k->map.state);
    k->map.n = n;
    return true;
}

static bool copy_raw(struct sk_kept *k, const struct sk_raw *raw, uint32_t end)
{
    size_t n = 0;
    if (!copy_map(k, raw, end, &n) || !room(&k->bytes, &k->bytes_cap, n + 1, 1))
        return false;
    copy(k->bytes, raw->bytes, n);
    k->raw = *raw;
    k->raw.bytes = k->bytes;
    k->raw.n = n;
    k->raw.map = raw->map != NULL ? &k->map : NULL;
    return true;
}

bool sk_kept_copy(struct sk_kept *k, const struct sk_segment *s, uint32_t end)
{
    if (end > s->len)
        end = s->len;
    uint32_t n_cells = s->n_cells;
    if (end < s->len) {
        n_cells = 0;
        while (n_cells < s->n_cells && s->cells[n_cells].end <= end)
            n_cells++;
    }
    k->n_candidates = 0;
    if (!room(&k->text, &k->text_cap, (size_t)end + SK_PAD, 1) ||
        !room(&k->cells, &k->cells_cap, n_cells, sizeof *k->cells) ||
        !room(&k->units, &k->units_cap, s->n_units, sizeof *k->units))
        return false;
    copy(k->text, s->text, end);
    memset(k->text + end, 0, SK_PAD);
    copy(k->cells, s->cells, n_cells * sizeof *k->cells);
    copy(k->units, s->units, s->n_units * sizeof *k->units);
    k->segment = *s;
    k->segment.text = k->text;
    k->segment.len = end;
    k->segment.cells = k->cells;
    k->segment.n_cells = n_cells;
    k->segment.units = k->units;
    k->segment.fields = NULL;
    k->segment.n_fields = 0;
    if (s->raw != NULL) {
        if (!copy_raw(k, s->raw, end))
            return false;
        k->segment.raw = &k->raw;
    }
    return true;
}

bool sk_kept_candidates(struct sk_kept *k, const struct sk_candidate *items, size_t n)
{
    if (!room(&k->candidates, &k->candidates_cap, n, sizeof *k->candidates))
        return false;
    copy(k->candidates, items, n * sizeof *k->candidates);
    k->n_candidates = n;
    return true;
}

void sk_kept_clear(struct sk_kept *k)
{
    if (k->text != NULL)
        memset(k->text, 0, k->text_cap);
    if (k->bytes != NULL)
        memset(k->bytes, 0, k->bytes_cap);
    if (k->candidates != NULL)
        memset(k->candidates, 0, k->candidates_cap * sizeof *k->candidates);
    k->n_candidates = 0;
    memset(&k->segment, 0, sizeof k->segment);
}

void sk_kept_free(struct sk_kept *k)
{
    sk_kept_clear(k);
    free(k->text);
    free(k->bytes);
    free(k->cells);
    free(k->units);
    free(k->candidates);
    free(k->map.source);
    free(k->map.folded);
    free(k->map.state);
    memset(k, 0, sizeof *k);
}
