/* rtf.c - see rtf.h. */
#include "extract/rtf.h"

#include <stdlib.h>

static int hex(uint8_t c)
{
    return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

static bool is_letter(uint8_t c)
{
    return (c | 32) >= 'a' && (c | 32) <= 'z';
}

static void take_number(struct sk_bytes *b, struct rtf_token *t)
{
    bool minus = b->n > 1 && b->p[0] == '-' && b->p[1] >= '0' && b->p[1] <= '9';
    if (minus)
        sk_skip(b, 1);
    for (unsigned digits = 0; b->n && b->p[0] >= '0' && b->p[0] <= '9'; digits++) {
        if (digits < 10)
            t->number = t->number * 10 + (b->p[0] - '0');
        t->has_number = true;
        sk_skip(b, 1);
    }
    if (minus)
        t->number = -t->number;
}

static void control(struct sk_bytes *b, struct rtf_token *t)
{
    uint8_t c = 0;
    if (!sk_u8(b, &c)) {
        t->kind = RTF_END;
        return;
    }
    if (!is_letter(c)) {
        t->kind = RTF_SYMBOL;
        t->word[0] = (char)c;
        if (c == '\'' && b->n >= 2 && hex(b->p[0]) >= 0 && hex(b->p[1]) >= 0) {
            t->kind = RTF_BYTE;
            t->quoted = true;
            t->byte = (uint8_t)(hex(b->p[0]) << 4 | hex(b->p[1]));
            sk_skip(b, 2);
        }
        return;
    }
    t->kind = RTF_WORD;
    size_t n = 0;
    t->word[n++] = (char)c;
    for (; b->n && is_letter(b->p[0]); sk_skip(b, 1))
        if (n < sizeof(t->word) - 1)
            t->word[n++] = (char)b->p[0];
    t->word[n] = '\0';
    take_number(b, t);
    if (b->n && b->p[0] == ' ')
        sk_skip(b, 1);
    if (memcmp(t->word, "bin", 4) == 0 && t->number > 0) {
        t->kind = RTF_BINARY;
        size_t most = (unsigned long)t->number < b->n ? (size_t)t->number : b->n;
        sk_take(b, most, &t->data);
    }
}

void rtf_next(struct sk_bytes *b, struct rtf_token *t)
{
    uint8_t c;
    memset(t, 0, sizeof(*t));
    do {
        if (!sk_u8(b, &c)) {
            t->kind = RTF_END;
            return;
        }
    } while (c == '\r' || c == '\n' || c == 0);
    if (c == '\\') {
        control(b, t);
    } else if (c == '{' || c == '}') {
        t->kind = c == '{' ? RTF_OPEN : RTF_CLOSE;
    } else {
        t->kind = RTF_BYTE;
        t->byte = c;
    }
}
