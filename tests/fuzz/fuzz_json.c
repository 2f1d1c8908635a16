/* layer: report */
#include <stdlib.h>

#include "report/json.h"

static unsigned depth_of(const struct sk_json *v)
{
    unsigned deepest = 0;
    for (const struct sk_json *c = v->first; c; c = c->next) {
        unsigned d = depth_of(c);
        deepest = d > deepest ? d : deepest;
    }
    return deepest + 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct sk_arena a;
    uint64_t number;
    sk_arena_init(&a, 1 << 24);
    struct sk_bytes in = sk_bytes(data, n);
    const struct sk_json *v = sk_json_read(&in, &a);
    if (in.n > n || (v && depth_of(v) > SK_JSON_DEPTH))
        abort();
    sk_json_get(v, "record");
    sk_json_u64(v, "n", &number);
    sk_arena_free(&a);
    return 0;
}
