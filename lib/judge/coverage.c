/* coverage.c - which paths does the policy not know? An auditor asks that there be none. */
#include "judge/inner.h"

#include <string.h>

bool sk_policy_coverage(const struct sk_policy *p, const char *const *paths, size_t n, struct sk_buf *buf)
{
    const struct sk_location *fallback = &p->locations[p->n_locations - 1];
    for (size_t i = 0; i < n; i++) {
        if (sk_location_of(p, paths[i]) != fallback)
            continue;
        sk_buf_printf(buf, "%s\t", fallback->id);
        for (const char *s = paths[i]; *s; s++) /* a line a path, whatever its name holds */
            sk_buf_add(buf, *s == '\n' || *s == '\r' || *s == '\t' ? "?" : s, 1);
        sk_buf_str(buf, "\n");
    }
    return !buf->failed;
}
