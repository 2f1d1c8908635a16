#include "rules/prose.h"

#include <math.h>

#include "rules/modelfile.h"

/* Frame: modelfile.h, whose own numbers are labels, log2 of rows, log2 of gate rows. Body: scale, gate_bias,
 * gate_least, steps (all 32 bits), gate rows, weights, and zeros so that the last row can be read as eight bytes. */
#define MAGIC "SKPROSE"
#define FILE_NAME "prose.bin"
#define MODEL_VERSION 1u

static bool may_follow(unsigned from, unsigned to)
{
    bool inside = from == SK_CRF_B || from == SK_CRF_I;
    return inside == (to == SK_CRF_I || to == SK_CRF_E);
}

void sk_load_prose(struct sk_loader *l, const char *dir)
{
    struct sk_model f;
    size_t gate = (size_t)1 << SK_GATE_ROW_BITS, rows = (size_t)1 << SK_CRF_ROW_BITS,
           numbers = 3 + SK_CRF_LABELS * SK_CRF_LABELS;
    if (!l->rules->names || !sk_model_open(l, dir, FILE_NAME, MAGIC, MODEL_VERSION, &f))
        return;
    struct sk_prose *p = sk_arena_new(&l->rules->arena, 1, sizeof(*p));
    if (!p) {
        l->problems->no_memory = true;
        return;
    }
    const uint32_t *head = sk_model_u32(l, &f, 0, numbers);
    p->gate = sk_model_u32(l, &f, numbers * 4, gate);
    size_t at = (numbers + gate) * 4;
    bool ok = head && p->gate && f.own[0] == SK_CRF_LABELS && f.own[1] == SK_CRF_ROW_BITS &&
              f.own[2] == SK_GATE_ROW_BITS && f.body.n == at + rows * SK_CRF_LABELS + 8;
    if (!ok) {
        sk_model_refuse(l, dir, FILE_NAME);
        return;
    }
    p->rows = (const int8_t *)f.body.p + at;
    p->scale = (int32_t)head[0];
    p->gate_bias = (int32_t)head[1];
    p->gate_least = (int32_t)head[2];
    for (unsigned a = 0; a < SK_CRF_LABELS; a++)
        for (unsigned b = 0; b < SK_CRF_LABELS; b++) {
            int32_t v = (int32_t)head[3 + a * SK_CRF_LABELS + b];
            ok = ok && v > -100000 && v < 100000;
            p->step[a][b] = may_follow(a, b) ? v : SK_CRF_NEVER;
        }
    if (!ok || p->scale <= 0 || p->scale >= 100000) {
        sk_model_refuse(l, dir, FILE_NAME);
        return;
    }
    for (unsigned a = 0; a < SK_CRF_LABELS; a++)
        for (unsigned b = 0; b < SK_CRF_LABELS; b++)
            p->factor[a][b] = may_follow(a, b) ? exp((double)p->step[a][b] / p->scale) : 0;
    l->rules->prose = p;
}

const struct sk_prose *sk_rules_prose(const struct sk_rules *r)
{
    return r->prose;
}
