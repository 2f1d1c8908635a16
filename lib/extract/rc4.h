/* rc4.h - the cipher of old Access and Office files. libcrypto has it only in a module that a locked worker cannot
 * load. */
#ifndef SK_EXTRACT_RC4_H
#define SK_EXTRACT_RC4_H

#include <stddef.h>
#include <stdint.h>

struct sk_rc4 {
    uint8_t s[256], i, j;
};

static inline void sk_rc4_key(struct sk_rc4 *c, const uint8_t *key, size_t n)
{
    for (unsigned i = 0; i < 256; i++)
        c->s[i] = (uint8_t)i;
    uint8_t j = 0;
    for (unsigned i = 0; i < 256; i++) {
        uint8_t t = c->s[i];
        j = (uint8_t)(j + t + key[i % n]);
        c->s[i] = c->s[j];
        c->s[j] = t;
    }
    c->i = c->j = 0;
}

/* In place; p NULL passes over n bytes. */
static inline void sk_rc4_run(struct sk_rc4 *c, uint8_t *p, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        uint8_t t = c->s[++c->i];
        c->j = (uint8_t)(c->j + t);
        c->s[c->i] = c->s[c->j];
        c->s[c->j] = t;
        if (p)
            p[k] ^= c->s[(uint8_t)(c->s[c->i] + t)];
    }
}

#endif
