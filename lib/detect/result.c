#include "detect/result.h"

#include <stdlib.h>

sk_elements sk_result_elements(const struct seki_result *r, enum sk_confidence at_least)
{
    sk_elements all = 0;
    for (uint32_t i = 0; i < r->n_found; i++)
        if (r->found[i].confidence >= at_least && r->found[i].count > 0 && r->found[i].element < SK_EL_COUNT)
            all |= SK_BIT(r->found[i].element);
    return all;
}

#define MAX_DEPTH 64 /* parts below each other; more cannot come from a budgeted walk */

const char *sk_part_path(const struct seki_result *r, uint32_t part, struct sk_buf *buf)
{
    uint32_t chain[MAX_DEPTH];
    size_t n = 0;
    sk_buf_clear(buf);
    sk_buf_str(buf, "");
    if (part == 0 || part >= r->n_parts)
        return buf->p;
    for (uint32_t at = part; n < MAX_DEPTH; at = r->parts[at].parent) {
        chain[n++] = at;
        if (at == 0 || r->parts[at].parent >= r->n_parts)
            break;
    }
    while (n > 0) {
        const char *name = r->parts[chain[--n]].name;
        sk_buf_str(buf, name ? name : "");
        if (n > 0)
            sk_buf_str(buf, "!");
    }
    return buf->p;
}

void sk_result_free(struct seki_result *r)
{
    if (r) {
        sk_arena_free(&r->arena);
        free(r);
    }
}
