#include "detect/chars.h"
#include "detect/numbers.h"

/* local@domain: from each '@' outwards. */

static bool local_char(char c)
{
    return sk_is_alnum(c) || (c && strchr("._%+-", c));
}

void sk_find_email(struct sk_find *f)
{
    const char *t = f->s->text;
    uint32_t n = f->s->len, from = 0;
    sk_check check = sk_check_find("email");
    for (const char *p; from < n && (p = memchr(t + from, '@', n - from));) {
        uint32_t at = (uint32_t)(p - t), begin = at, end = at + 1;
        while (begin > from && at - begin < 64 && local_char(t[begin - 1]))
            begin--;
        while (begin < at && (t[begin] == '.' || t[begin] == '-' || t[begin] == '%' || t[begin] == '+'))
            begin++;
        while (end < n && end - at < 190 && (sk_is_alnum(t[end]) || t[end] == '.' || t[end] == '-'))
            end++;
        while (end > at + 1 && (t[end - 1] == '.' || t[end - 1] == '-'))
            end--;
        if (begin < at && check(t + begin, end - begin, 0))
            sk_find_add(f, begin, end, SK_FIND_CHECKED);
        from = end;
    }
}
