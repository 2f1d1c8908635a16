#include "detect/gate.h"

#include "base/mem.h"
#include "detect/gate_read.h"

#include <stdlib.h>
#include <string.h>

#define OVERLAP 24u /* characters of a block that are looked at again when no sentence ends near */
#define BEFORE 3u   /* characters that a window has in front of a place the gate lets through, */
#define BEHIND 5u   /* and behind */
#define NAMES 64u   /* of one window */

struct gate {
    const struct sk_prose *prose;
    int bias;
    struct sk_gate_text text;
    struct sk_gate_block block;
    uint8_t open[SK_GATE_BLOCK + SK_UTF8_ROOM];
    struct sk_crf_work work;
    sk_gate_found found;
    void *ctx;
};

/* ---------------------------------------------------------------- windows */

static void tell(struct gate *g, uint32_t from, const struct sk_crf_span *s)
{
    uint32_t begin = from + s->begin, end = from + s->end;
    struct sk_gate_name name = { .begin = g->block.at[begin], .end = g->block.at[begin], .sure = s->sure };
    uint32_t cp;
    if (end > begin) /* not where the next begins: line ends and runs of ASCII between them were left out */
        name.end = g->block.at[end - 1] +
                   (uint32_t)sk_utf8_next(g->text.text + g->block.at[end - 1], g->text.n - g->block.at[end - 1], &cp);
    while (name.end > name.begin && (unsigned char)g->text.text[name.end - 1] <= ' ')
        name.end--;
    for (uint32_t i = begin; i < end; i++)
        name.kanji = name.kanji || sk_is_kanji(g->block.cp[i + 2]);
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
    uint32_t n = g->block.chars;
    for (uint32_t i = 0, low = 0; i < until;) {
        const uint8_t *hit = memchr(g->open + i, 1, until - i);
        if (!hit)
            return;
        i = (uint32_t)(hit - g->open);
        uint32_t from = i - low > BEFORE ? i - BEFORE : low, to = i + 1;
        bool written = starts_name(g->block.cp[i + 2]);
        for (uint32_t gap = 0; to < n && gap <= BEHIND && to - from < SK_CRF_WINDOW; to++) {
            gap = g->open[to] ? 0 : gap + 1;
            written = written || (gap == 0 && starts_name(g->block.cp[to + 2]));
        }
        i = low = to;
        if (!written)
            continue;
        sk_crf_load(g->text.names, g->block.cp + 2, n, from, to, &g->work);
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
    if (g->text.next >= g->text.n)
        return g->block.chars;
    for (uint32_t i = g->block.chars; i > g->block.chars * 3 / 4; i--)
        if (g->block.cp[i + 1] == SK_CRF_BREAK || g->block.cp[i + 1] == 0x3002)
            return i;
    return g->block.chars > OVERLAP * 2 ? g->block.chars - OVERLAP : g->block.chars;
}

bool sk_gate_names(const struct sk_names *m, const struct sk_prose *p, const char *text, uint32_t n, int bias,
                   sk_gate_found found, void *ctx)
{
    struct gate *g = sk_new(1, sizeof(*g));
    if (!g)
        return false;
    g->text = (struct sk_gate_text){ .names = m, .text = text, .n = n };
    g->prose = p;
    g->bias = bias;
    g->found = found;
    g->ctx = ctx;
    while (g->text.next < n) {
        struct sk_gate_block *b = &g->block;
        sk_gate_read(&g->text, b);
        uint32_t end = block_end(g);
        b->cp[0] = b->cp[1] = b->cp[b->chars + 2] = b->cp[b->chars + 3] = SK_CRF_BREAK;
        if (sk_gate_open(p, b->cp + 2, b->chars, g->open))
            windows(g, end);
        if (end < b->chars) {
            g->text.next = b->at[end];
            g->text.line = 0;
        }
    }
    free(g);
    return true;
}
