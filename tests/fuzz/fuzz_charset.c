/* layer: text */
/* The detector on any bytes: it must end, agree with itself and decode what it names. */
#include "text/charset.h"
#include "text/fold.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct sk_guess g = sk_charset_guess(data, n, true);
    struct sk_guess again = sk_charset_guess(data, n, true);
    if (g.best >= SK_CS_COUNT || g.second >= SK_CS_COUNT || g.bom > 3 || g.bom > n)
        abort();
    if (again.best != g.best || again.second != g.second || again.bom != g.bom)
        abort();
    const uint8_t *text = data + g.bom;
    size_t left = n - g.bom;
    for (int cs = 0; cs < SK_CS_COUNT; cs++)
        (void)sk_charset_holds((enum sk_charset)cs, text, left);
    (void)sk_charset_guess(text, left, false);
    (void)sk_charset_named((const char *)data, n);
    struct sk_fold_state zero = { 0 };
    if (sk_charset_count(g.best, text, left, zero) > left)
        abort();
    char out[512];
    if (sk_to_utf8(g.best, text, left, out, sizeof(out)) > sizeof(out))
        abort();
    return 0;
}
