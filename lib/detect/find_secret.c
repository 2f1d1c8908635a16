#include "detect/chars.h"
#include "detect/numbers.h"

/* A password or key behind its label: パスワード:Xk3!pq, password = "s3cret-9". Not variables, calls, masks or
 * examples. */

static bool secret_char(char c)
{
    return c > ' ' && c < 0x7F && c != '"' && c != '\'' && c != ',' && c != ';' && c != '<' && c != '>' && c != '(' &&
           c != ')' && c != '`';
}

static bool plausible(const char *s, uint32_t n)
{
    unsigned digits = 0, letters = 0, signs = 0;
    if (n < 6 || n > 128 || sk_one_digit(s, n))
        return false;
    for (uint32_t i = 0; i < n; i++) {
        digits += sk_is_digit(s[i]);
        letters += sk_is_letter(s[i]);
        signs += !sk_is_alnum(s[i]);
    }
    if (s[0] == '$' || s[0] == '{' || s[0] == '%' || sk_within(s, n, "://") || sk_within(s, n, "**") ||
        sk_within(s, n, "..") || sk_within(s, n, "xxx"))
        return false;
    return letters > 0 && (digits > 0 || signs > 0) && signs * 2 <= n;
}

void sk_find_secret(struct sk_find *f)
{
    const char *t = f->s->text;
    for (size_t i = 0; i < f->labels->n; i++) {
        const struct sk_mark m = f->labels->marks[i];
        if (!sk_mark_speaks(f->labels, &m, f->detector))
            continue;
        uint32_t p = m.end, signs = 0;
        while (p < f->s->len && p - m.end < 8 &&
               (t[p] == ' ' || t[p] == '\t' || t[p] == ':' || t[p] == '=' || t[p] == '"' || t[p] == '\''))
            signs += t[p++] == ':' || t[p - 1] == '=';
        uint32_t end = p;
        while (end < f->s->len && end - p < 130 && secret_char(t[end]))
            end++;
        if (signs && t[end] != '(' && plausible(t + p, end - p))
            sk_find_add(f, p, end, SK_FIND_LABELLED);
    }
}
