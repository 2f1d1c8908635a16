/* keep.h - a segment that outlives its callback: tables wait for enough rows before they decide, claims reach over
 * segments. */
#ifndef SK_DETECT_KEEP_H
#define SK_DETECT_KEEP_H

#include "detect/engine.h"

struct sk_kept {
    struct sk_segment segment; /* the copy; its pointers lead into the members below */
    struct sk_raw raw;
    struct sk_fold_map map;
    char *text;
    uint8_t *bytes;
    struct sk_cell *cells;
    struct sk_unit *units;
    struct sk_candidate *candidates;
    size_t text_cap, bytes_cap, cells_cap, units_cap, map_cap, candidates_cap, n_candidates;
};

/* Copies the folded text [0, end) of s with everything that tells its places; memory of an earlier copy is used again.
 */
bool sk_kept_copy(struct sk_kept *k, const struct sk_segment *s, uint32_t end);
bool sk_kept_candidates(struct sk_kept *k, const struct sk_candidate *items, size_t n);
/* Overwrites what was kept; the memory stays for the next copy. */
void sk_kept_clear(struct sk_kept *k);
void sk_kept_free(struct sk_kept *k);

#endif
