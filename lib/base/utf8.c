#include "base/utf8.h"

size_t sk_utf8_next(const char *p, size_t n, uint32_t *cp)
{
    const unsigned char *u = (const unsigned char *)p;
    uint32_t c = u[0];
    if (c < 0x80) {
        *cp = c;
        return 1;
    }
    size_t len = c >= 0xF0 && c < 0xF5 ? 4 : c >= 0xE0 && c < 0xF0 ? 3 : c >= 0xC2 && c < 0xE0 ? 2 : 0;
    if (len && len <= n) {
        uint32_t v = c & (0x7Fu >> len);
        size_t i = 1;
        while (i < len && (u[i] & 0xC0) == 0x80)
            v = v << 6 | (u[i++] & 0x3F);
        bool shortest = len == 2 || (len == 3 && v >= 0x800) || (len == 4 && v >= 0x10000);
        if (i == len && shortest && v <= 0x10FFFF && !(v >= 0xD800 && v < 0xE000)) {
            *cp = v;
            return len;
        }
    }
    *cp = SK_REPLACEMENT;
    return 1;
}

size_t sk_utf8_prev(const char *p, size_t n, uint32_t *cp)
{
    for (size_t back = 1; back <= 4 && back <= n; back++) {
        uint32_t c;
        if (((unsigned char)p[n - back] & 0xC0) != 0x80 && sk_utf8_next(p + n - back, back, &c) == back) {
            *cp = c;
            return back;
        }
    }
    *cp = SK_REPLACEMENT;
    return 1;
}

size_t sk_utf8_put(char *out, uint32_t c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if ((c >= 0xD800 && c < 0xE000) || c > 0x10FFFF)
        c = SK_REPLACEMENT;
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

size_t sk_utf8_count(const char *p, size_t n)
{
    size_t count = 0;
    uint32_t c;
    for (size_t i = 0; i < n; i += sk_utf8_next(p + i, n - i, &c))
        count++;
    return count;
}

bool sk_utf8_valid(const char *p, size_t n)
{
    uint32_t c;
    for (size_t i = 0; i < n;) {
        size_t len = sk_utf8_next(p + i, n - i, &c);
        if (len == 1 && c == SK_REPLACEMENT)
            return false;
        i += len;
    }
    return true;
}
