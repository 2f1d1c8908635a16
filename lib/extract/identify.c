/*
 * identify.c - which format are these bytes? Bytes decide, names do not. Signatures cost nanoseconds; only what they
 * leave open goes to the charset detector. Unknown binary data has no format: it is reported as unsupported, never as
 * clean.
 */
#include "extract/identify.h"

/* Text that is this long and so far undecided is judged again with all that can be looked at. */
static struct sk_guess guess_text(struct sk_bytes head)
{
    struct sk_guess g = sk_charset_guess(head.p, head.n < SK_GUESS_BYTES ? head.n : SK_GUESS_BYTES, true);
    if (head.n > SK_GUESS_BYTES && g.best != SK_CS_BINARY && g.second != g.best)
        g = sk_charset_guess(head.p, head.n, true);
    return g;
}

const struct sk_format *sk_identify(struct sk_source *source, struct sk_guess *guess)
{
    struct sk_bytes head = sk_source_head(source, SK_HEAD_BYTES);
    *guess = (struct sk_guess){ SK_CS_ASCII, SK_CS_ASCII, 0 };
    const struct sk_format *best = NULL, *text = NULL;
    int most = 0;
    for (size_t i = 0; i < SK_FORMATS_N; i++) {
        const struct sk_format *f = &SK_FORMATS[i];
        if (f->sniff == sk_sniff_text) {
            text = f;
            continue;
        }
        int bits = f->sniff(head, source);
        if (bits > most) {
            most = bits;
            best = f;
        }
    }
    if (most > SK_TEXT_BITS)
        return best;
    if (head.n == 0)
        return text; /* nothing in it, or nothing readable: the text reader tells which */
    *guess = guess_text(head);
    return guess->best != SK_CS_BINARY ? text : best;
}

int sk_sniff_text(struct sk_bytes head, struct sk_source *source)
{
    (void)source;
    return head.n == 0 || guess_text(head).best != SK_CS_BINARY ? SK_TEXT_BITS : 0;
}
