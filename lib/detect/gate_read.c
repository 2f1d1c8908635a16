#include "detect/gate_read.h"

#include "detect/runs.h"

/* ---------------------------------------------------------------- stretches without line ends and runs of ASCII */

#define REACH (4 * SK_GATE_BLOCK + 2 * SK_GATE_ASCII_RUN)

static inline bool any16(sk_bytes16 v)
{
    uint64_t half[2];
    memcpy(half, &v, sizeof(half));
    return (half[0] | half[1]) != 0;
}

static bool ascii(const char *p, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if ((unsigned char)p[i] >= 0x80)
            return false;
    return true;
}

/* Where the run of ASCII that holds p begins, when it is a long one; else end. */
static uint32_t long_run(const struct sk_gate_text *t, uint32_t p, uint32_t end)
{
    while (p > t->next && (unsigned char)t->text[p - 1] < 0x80)
        p--;
    return t->n - p >= SK_GATE_ASCII_RUN && ascii(t->text + p, SK_GATE_ASCII_RUN) ? p : end;
}

/* The first line end at or behind next, or where a long run of ASCII begins before it; not much further than a block
 * reaches. */
static uint32_t stretch(const struct sk_gate_text *t)
{
    uint32_t p = t->next, to = t->n - p > REACH ? p + REACH : t->n;
    for (; to - p >= 16; p += 16) {
        sk_bytes16 v = sk_load16(t->text + p);
        if (any16((sk_bytes16)((v == '\n') | (v == '\r'))))
            break;
        if (any16(v & 0x80)) /* a long run holds one of these sixteens wholly, or ends at a line end below */
            continue;
        uint32_t run = long_run(t, p, to);
        if (run < to)
            return run;
    }
    while (p < to && t->text[p] != '\n' && t->text[p] != '\r')
        p++;
    return p < to ? long_run(t, p, p) : p;
}

/* ---------------------------------------------------------------- characters */

static inline void put(struct sk_gate_block *b, uint32_t cp, uint32_t at)
{
    b->cp[b->chars + 2] = cp;
    b->at[b->chars++] = at;
}

static inline bool ascii16(const char *p)
{
    return !any16(sk_load16(p) & 0x80);
}

/* A long run of ASCII: its ends, and a line end between them. */
static bool skip_ascii(struct sk_gate_text *t, struct sk_gate_block *b)
{
    uint32_t i = t->next;
    if (t->n - i < SK_GATE_ASCII_RUN || !ascii(t->text + i, SK_GATE_ASCII_RUN))
        return false;
    i += SK_GATE_ASCII_RUN;
    while (t->n - i >= 16 && ascii16(t->text + i))
        i += 16;
    for (uint32_t k = 0; k < 3 && b->chars < SK_GATE_BLOCK; k++)
        put(b, sk_crf_char(t->names, (unsigned char)t->text[t->next + k]), t->next + k);
    t->next = i - 3;
    if (b->chars < SK_GATE_BLOCK)
        put(b, SK_CRF_BREAK, t->next - 1);
    t->line = 0;
    return true;
}

static bool japanese_at(const struct sk_gate_text *t, uint32_t i)
{
    uint32_t cp = 0;
    if (i < t->n)
        sk_utf8_next(t->text + i, t->n - i, &cp);
    return sk_is_kanji(cp) || sk_is_hiragana(cp);
}

static void line_end(struct sk_gate_text *t, struct sk_gate_block *b)
{
    uint32_t behind = t->next + 1;
    if (t->text[t->next] == '\r' && behind < t->n && t->text[behind] == '\n')
        behind++;
    bool broken =
        t->line >= SK_GATE_BROKEN_LINE && b->chars > 0 && sk_is_kanji(b->cp[b->chars + 1]) && japanese_at(t, behind);
    if (!broken)
        put(b, SK_CRF_BREAK, t->next);
    t->line = 0;
    t->next = behind;
}

/* The characters up to `end`, as the model sees them. */
static void letters(struct sk_gate_text *t, struct sk_gate_block *b, uint32_t end)
{
    uint32_t *cp = b->cp + 2 + b->chars;
    uint32_t n =
        sk_utf8_many(t->text + t->next, end - t->next, t->next, cp, b->at + b->chars, SK_GATE_BLOCK - b->chars);
    sk_gate_fold(t->names, cp, n);
    t->next = b->at[b->chars + n];
    t->line += n;
    b->chars += n;
}

void sk_gate_read(struct sk_gate_text *t, struct sk_gate_block *b)
{
    b->chars = 0;
    while (t->next < t->n && b->chars < SK_GATE_BLOCK) {
        uint32_t end = stretch(t);
        if (end > t->next)
            letters(t, b, end);
        else if (!skip_ascii(t, b))
            line_end(t, b);
    }
    b->at[b->chars] = t->next;
}
