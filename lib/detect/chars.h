/* chars.h - small questions about folded text that finders, values and forms share. */
#ifndef SK_DETECT_CHARS_H
#define SK_DETECT_CHARS_H

#include "base/bytes.h"
#include "base/utf8.h"

#include <string.h>

static inline bool sk_is_digit(char c)
{
    return (unsigned char)(c - '0') < 10;
}
static inline bool sk_is_letter(char c)
{
    return (unsigned char)((c | 0x20) - 'a') < 26;
}
static inline bool sk_is_alnum(char c)
{
    return sk_is_digit(c) || sk_is_letter(c);
}
static inline bool sk_is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* [*b, *e) without spaces at its ends. */
static inline void sk_trim(const char *text, uint32_t *b, uint32_t *e)
{
    while (*b < *e && sk_is_space(text[*b]))
        ++*b;
    while (*e > *b && sk_is_space(text[*e - 1]))
        --*e;
}

static inline bool sk_has(const char *s, size_t n, const char *lit)
{
    if (n == 0 || s[0] != lit[0]) /* asked of nearly every character */
        return false;
    size_t k = strlen(lit);
    return n >= k && memcmp(s, lit, k) == 0;
}

static inline bool sk_has_behind(const char *s, size_t n, const char *lit) /* s[0, n) ends with lit */
{
    size_t k = strlen(lit);
    return n >= k && memcmp(s + n - k, lit, k) == 0;
}

static inline bool sk_within(const char *s, size_t n, const char *lit)
{
    return sk_find(sk_bytes(s, n), 0, lit, strlen(lit)) != SIZE_MAX;
}

/* Start of the line in which `at` stands, and its end (of '\n' or of the text). */
static inline uint32_t sk_line_begin(const char *text, uint32_t at)
{
    while (at > 0 && text[at - 1] != '\n')
        at--;
    return at;
}
static inline uint32_t sk_line_end(const char *text, uint32_t n, uint32_t at)
{
    const char *p = at < n ? memchr(text + at, '\n', n - at) : NULL;
    return p ? (uint32_t)(p - text) : n;
}

#endif
