/* base64.c - see base64.h. */
#include "extract/base64.h"

#include <stdint.h>

static int value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

size_t sk_base64_decode(char *p, size_t n)
{
    uint32_t bits = 0;
    unsigned have = 0;
    size_t out = 0;
    for (size_t i = 0; i < n && p[i] != '='; i++) {
        int v = value(p[i]);
        if (v < 0)
            continue;
        bits = bits << 6 | (uint32_t)v;
        have += 6;
        if (have >= 8) {
            have -= 8;
            p[out++] = (char)(bits >> have & 0xFF);
        }
    }
    return out;
}
