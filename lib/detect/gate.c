#include "detect/gate.h"

#include "base/mem.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK 1024u     /* characters gated at once */
#define OVERLAP 24u     /* of them are looked at again when no sentence ends near */
#define BEFORE 3u       /* characters that a window has in front of a place the gate lets through, */
#define BEHIND 5u       /* and behind */
#define BROKEN_LINE 20u /* characters of a line that may have been broken for its length */
#define ASCII_RUN 32u   /* bytes: what stands in the middle of so many matters to no name */
#define NAMES 64u       /* of one window */

struct gate {
    const struct sk_names *names;
    const struct sk_prose *prose;
    const uint16_t *kanji;
    const char *text;
    uint32_t n, next, line; /* bytes; next to read; characters read of the line */
    int bias;
    uint32_t chars;
    uint32_t cp[BLOCK + 8]; /* two in front and behind are ends */
    uint32_t at[BLOCK + 9];
    uint32_t pair[BLOCK + 8];
    uint8_t open[BLOCK + 8];
    struct sk_crf_work work;
    sk_gate_found found;
    void *ctx;
};

/* ---------------------------------------------------------------- reading */

static inline void put(struct gate *g, uint32_t cp, uint32_t at)
{
    g->cp[g->chars + 2] = cp;
    g->at[g->chars++] = at;
}

static inline bool ascii16(const char *p)
{
    uint64_t a, b;
    memcpy(&a, p, 8);
    memcpy(&b, p + 8, 8);
    return ((a | b) & 0x8080808080808080u) == 0;
}

/* A long run of ASCII: its ends, and a line end between them. */
static bool skip_ascii(struct gate *g)
{
    uint32_t i = g->next;
    if (g->n - i < ASCII_RUN || !ascii16(g->text + i) || !ascii16(g->text + i + 16))
        return false;
    i += ASCII_RUN;
    while (g->n - i >= 16 && ascii16(g->text + i))
        i += 16;
    for (uint32_t k = 0; k < 3 && g->chars < BLOCK; k++)
        put(g, sk_crf_char(g->names, (unsigned char)g->text[g->next + k]), g->next + k);
    g->next = i - 3;
    if (g->chars < BLOCK)
        put(g, SK_CRF_BREAK, g->next - 1);
    g->line = 0;
    return true;
}

static bool japanese_at(const struct gate *g, uint32_t i)
{
    uint32_t cp = 0;
    if (i < g->n)
        sk_utf8_next(g->text + i, g->n - i, &cp);
    return sk_is_kanji(cp) || sk_is_hiragana(cp);
}

static void read_ascii(struct gate *g)
{
    unsigned char c = (unsigned char)g->text[g->next];
    if (c == '\n' || c == '\r') {
        uint32_t behind = g->next + 1;
        if (c == '\r' && behind < g->n && g->text[behind] == '\n')
            behind++;
        bool broken =
            g->line >= BROKEN_LINE && g->chars > 0 && sk_is_kanji(g->cp[g->chars + 1]) && japanese_at(g, behind);
        if (!broken)
            put(g, SK_CRF_BREAK, g->next);
        g->line = 0;
        g->next = behind;
        return;
    }
    put(g, sk_crf_char(g->names, c), g->next++);
    g->line++;
}

static void read_block(struct gate *g)
{
    g->chars = 0;
    while (g->next < g->n && g->chars < BLOCK) {
        unsigned char c = (unsigned char)g->text[g->next];
        uint32_t cp, left = g->n - g->next;
        if (c >= 0xE3 && c <= 0xE9 && left >= 3) {
            cp = (uint32_t)(c & 15) << 12 | (uint32_t)(g->text[g->next + 1] & 63) << 6 |
                 (uint32_t)(g->text[g->next + 2] & 63);
            if (cp >= 0x4E00)
                cp = cp <= 0x9FFF ? g->kanji[cp - 0x4E00] : cp;
            else if (cp >= 0x3400)
                cp = sk_crf_char(g->names, cp);
            put(g, cp, g->next);
            g->next += 3;
            g->line++;
        } else if (c < 0x80) {
            if (!skip_ascii(g))
                read_ascii(g);
        } else {
            uint32_t at = g->next;
            g->next += (uint32_t)sk_utf8_next(g->text + at, left, &cp);
            put(g, sk_crf_char(g->names, cp), at);
            g->line++;
        }
    }
    g->at[g->chars] = g->next;
}

/* ---------------------------------------------------------------- gate */

static inline int32_t byte_of(uint32_t v, unsigned d)
{
    return (int8_t)(v >> 8 * d);
}

/* Marks the characters that may belong to a name; false when there is none. */
static bool gate(struct gate *g)
{
    uint32_t n = g->chars, any = 0;
    int32_t least = g->prose->gate_least - g->prose->gate_bias;
    g->cp[0] = g->cp[1] = g->cp[n + 2] = g->cp[n + 3] = SK_CRF_BREAK;
    for (uint32_t i = 0; i < n + 3; i++)
        g->pair[i] = g->prose->gate[sk_gate_row(g->cp[i], g->cp[i + 1])];
    for (uint32_t i = 0; i < n; i++) {
        int32_t sum = byte_of(g->pair[i], 0) + byte_of(g->pair[i + 1], 1) + byte_of(g->pair[i + 2], 2) +
                      byte_of(g->pair[i + 3], 3);
        g->open[i] = sum > least;
        any |= g->open[i];
    }
    return any != 0;
}

/* ---------------------------------------------------------------- windows */

static void tell(struct gate *g, uint32_t from, const struct sk_crf_span *s)
{
    uint32_t begin = from + s->begin, end = from + s->end;
    struct sk_gate_name name = { .begin = g->at[begin], .end = g->at[begin], .sure = s->sure };
    uint32_t cp;
    if (end > begin) /* not where the next begins: line ends and runs of ASCII between them were left out */
        name.end = g->at[end - 1] + (uint32_t)sk_utf8_next(g->text + g->at[end - 1], g->n - g->at[end - 1], &cp);
    while (name.end > name.begin && (unsigned char)g->text[name.end - 1] <= ' ')
        name.end--;
    for (uint32_t i = begin; i < end; i++)
        name.kanji = name.kanji || sk_is_kanji(g->cp[i + 2]);
    if (name.end > name.begin)
        g->found(g->ctx, &name);
}

/* Names in hiragana alone are not looked for in running text. */
static bool starts_name(uint32_t cp)
{
    return sk_is_kanji(cp) || sk_is_katakana(cp);
}

/* Names that begin before `until`: the others are of the next block. */
static void windows(struct gate *g, uint32_t until)
{
    struct sk_crf_span spans[NAMES];
    uint32_t n = g->chars;
    for (uint32_t i = 0, low = 0; i < until;) {
        const uint8_t *hit = memchr(g->open + i, 1, until - i);
        if (!hit)
            return;
        i = (uint32_t)(hit - g->open);
        uint32_t from = i - low > BEFORE ? i - BEFORE : low, to = i + 1;
        bool written = starts_name(g->cp[i + 2]);
        for (uint32_t gap = 0; to < n && gap <= BEHIND && to - from < SK_CRF_WINDOW; to++) {
            gap = g->open[to] ? 0 : gap + 1;
            written = written || (gap == 0 && starts_name(g->cp[to + 2]));
        }
        i = low = to;
        if (!written)
            continue;
        sk_crf_load(g->names, g->cp + 2, n, from, to, &g->work);
        uint32_t found = sk_crf_find(g->prose, &g->work, to - from, g->bias, spans, NAMES);
        for (uint32_t k = 0; k < found; k++)
            if (from + spans[k].begin < until)
                tell(g, from, &spans[k]);
    }
}

/* Where the block may end: behind the last sentence or line that ends in its last quarter, else where the overlap with
 * the next begins. */
static uint32_t block_end(const struct gate *g)
{
    if (g->next >= g->n)
        return g->chars;
    for (uint32_t i = g->chars; i > g->chars * 3 / 4; i--)
        if (g->cp[i + 1] == SK_CRF_BREAK || g->cp[i + 1] == 0x3002)
            return i;
    return g->chars > OVERLAP * 2 ? g->chars - OVERLAP : g->chars;
}

bool sk_gate_names(const struct sk_names *m, const struct sk_prose *p, const char *text, uint32_t n, int bias,
                   sk_gate_found found, void *ctx)
{
    struct gate *g = sk_new(1, sizeof(*g));
    if (!g)
        return false;
    g->names = m;
    g->prose = p;
    g->kanji = sk_names_kanji(m);
    g->text = text;
    g->n = n;
    g->bias = bias;
    g->found = found;
    g->ctx = ctx;
    while (g->next < n) {
        read_block(g);
        uint32_t end = block_end(g);
        if (gate(g))
            windows(g, end);
        if (end < g->chars) {
            g->next = g->at[end];
            g->line = 0;
        }
    }
    free(g);
    return true;
}
