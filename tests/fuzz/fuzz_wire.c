/* layer: report */
#include <stdlib.h>
#include <string.h>

#include "report/wire.h"

/* A message that is accepted encodes to the same bytes again, and its parts have finite paths. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct seki_result *r = sk_wire_decode(sk_bytes(data, n));
    if (!r)
        return 0;
    struct sk_buf b;
    sk_buf_init(&b, SK_WIRE_MAX);
    for (uint32_t i = 0; i < r->n_parts && i < 1000; i++)
        if (!sk_part_path(r, i, &b))
            abort();
    sk_buf_clear(&b);
    if (!sk_wire_encode(r, &b) || b.n != n || memcmp(b.p, data, n) != 0)
        abort();
    sk_buf_free(&b);
    sk_result_free(r);
    return 0;
}
