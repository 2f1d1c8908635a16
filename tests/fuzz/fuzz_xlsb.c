/* layer: extract */
#include "extract/xlsb.h"

#include <stdlib.h>

/* Any bytes as a part of a binary workbook; what is told must be sound: names, terminated attributes, balanced text. */
static bool start(void *ctx, const char *name, const char **atts)
{
    size_t *sum = ctx;
    *sum += strlen(name);
    for (; atts[0]; atts += 2)
        *sum += strlen(atts[0]) + strlen(atts[1]);
    return true;
}

static bool end(void *ctx, const char *name)
{
    *(size_t *)ctx += strlen(name);
    return true;
}

static bool text(void *ctx, const char *p, size_t n)
{
    size_t *sum = ctx;
    for (size_t i = 0; i < n; i++)
        *sum += (size_t)(unsigned char)p[i];
    return true;
}

static void merge(void *ctx, uint32_t row0, uint32_t row1, uint32_t col)
{
    *(size_t *)ctx += row0 ^ row1 ^ col;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const struct sk_xml_calls CALLS = { start, end, text };
    struct sk_budget budget;
    size_t sum = 0;
    sk_budget_start(&budget, &SK_LIMITS_DEFAULT, n);
    xlsb_parse(sk_bytes(data, n), &CALLS, &sum, &budget);
    xlsb_merges(sk_bytes(data, n), merge, &sum);
    return sum == SIZE_MAX;
}
