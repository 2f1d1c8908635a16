/* utf8.h - one code point at a time. Invalid bytes are consumed one by one and read as U+FFFD. */
#ifndef SK_BASE_UTF8_H
#define SK_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SK_REPLACEMENT 0xFFFDu

/* Reads the code point at p (n > 0 bytes left), stores it and returns its length in bytes, 1 to 4. */
size_t sk_utf8_next(const char *p, size_t n, uint32_t *cp);
/* Length of the code point that ends at p[n - 1], n > 0. */
size_t sk_utf8_prev(const char *p, size_t n, uint32_t *cp);
/* Writes cp (surrogates and values over 10FFFF as U+FFFD); returns 1 to 4. */
size_t sk_utf8_put(char *out, uint32_t cp);
/* Number of code points. */
size_t sk_utf8_count(const char *p, size_t n);
bool sk_utf8_valid(const char *p, size_t n);
/* Reads at most cap code points as sk_utf8_next would one by one; returns how many. at[i]: where the i-th begins, plus
 * base; one more entry says where reading stopped. cp and at have room for cap + SK_UTF8_ROOM. */
#define SK_UTF8_ROOM 64u
uint32_t sk_utf8_many(const char *p, uint32_t n, uint32_t base, uint32_t *cp, uint32_t *at, uint32_t cap);
uint32_t sk_utf8_many_portable(const char *p, uint32_t n, uint32_t base, uint32_t *cp, uint32_t *at, uint32_t cap);

/* Classes of characters that several layers ask for. */
static inline bool sk_is_kanji(uint32_t c)
{
    return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || c == 0x3005 || c == 0x3006 || c == 0x3007 ||
           (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3FFFF);
}
static inline bool sk_is_hiragana(uint32_t c)
{
    return c >= 0x3041 && c <= 0x309F;
}
static inline bool sk_is_katakana(uint32_t c)
{
    return (c >= 0x30A1 && c <= 0x30FF && c != 0x30FB) || (c >= 0xFF66 && c <= 0xFF9F);
}

#endif
