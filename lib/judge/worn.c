/*
 * worn.c - the label that a file wears in user.sekisho.label, for other tools and for the next scan:
 *   sekisho
 * 1;grade=L3;compartments=M;handling=暗号化必須,要許可;integrity=2;availability=1;decided=1;sha256=…;policy=…;at=…
 * Whoever may write the file may write this too, so a scan takes it as one more marking: it can only raise. Of what it
 * reads a scan keeps nothing but the words that the policy knows.
 */
#include "judge/inner.h"

#include "base/hash.h"

#include <stdlib.h>
#include <string.h>

#define HEAD "sekisho 1"
#define UNREADABLE "?"

/* ---------------------------------------------------------------- writing */

static bool put_word(struct sk_buf *b, const char *word)
{
    if (strpbrk(word, ";,=\r\n")) /* a policy that names its words so cannot have them written */
        return false;
    return sk_buf_str(b, word);
}

static bool put_words(struct sk_buf *b, const char *key, const struct sk_names *names, uint32_t bits)
{
    bool first = true;
    sk_buf_printf(b, ";%s=", key);
    for (size_t i = 0; i < names->n; i++)
        if (bits >> i & 1) {
            sk_buf_str(b, first ? "" : ",");
            first = false;
            if (!put_word(b, names->names[i]))
                return false;
        }
    return !b->failed;
}

static bool put_label(struct sk_buf *b, const struct sk_policy *p, const struct sk_label *l)
{
    sk_buf_str(b, HEAD ";grade=");
    return put_word(b, sk_policy_grade(p, l->grade)) &&
           put_words(b, "compartments", &p->compartments, l->compartments) &&
           put_words(b, "handling", &p->handling, l->handling) &&
           sk_buf_printf(b, ";integrity=%u;availability=%u;decided=%u", l->integrity, l->availability, l->is_decided);
}

bool sk_worn_write(const struct sk_policy *p, const struct sk_label *l, const uint8_t sha256[32], const char *day,
                   struct sk_buf *out)
{
    char hex[SK_SHA256_HEX];
    sk_hex(sha256, 32, hex);
    return put_label(out, p, l) && sk_buf_printf(out, ";sha256=%s;policy=", hex) && put_word(out, p->id) &&
           sk_buf_str(out, "/") && put_word(out, p->version) && sk_buf_printf(out, ";at=%s", day) &&
           out->n <= SK_WORN_MAX;
}

/* ---------------------------------------------------------------- reading */

/* The value of "key=value" at s, up to the next ';'; NULL when another key stands there. */
static const char *value_of(const char **s, const char *key, size_t *n)
{
    size_t k = strlen(key);
    if (strncmp(*s, key, k) != 0 || (*s)[k] != '=')
        return NULL;
    const char *value = *s + k + 1;
    *n = strcspn(value, ";");
    *s = value + *n + (value[*n] == ';');
    return value;
}

static bool read_word(const struct sk_names *names, const char *word, size_t n, size_t *index)
{
    for (size_t i = 0; i < names->n; i++)
        if (strlen(names->names[i]) == n && memcmp(names->names[i], word, n) == 0) {
            *index = i;
            return true;
        }
    return false;
}

static bool read_words(const char **s, const char *key, const struct sk_names *names, uint32_t *bits)
{
    size_t n, index;
    const char *v = value_of(s, key, &n);
    if (!v)
        return false;
    for (const char *end = v + n; v < end;) {
        size_t word = strcspn(v, ",;");
        if (!read_word(names, v, word, &index))
            return false;
        *bits |= UINT32_C(1) << index;
        v += word + (v[word] == ',');
    }
    return true;
}

static bool read_digit(const char **s, const char *key, char least, char most, uint8_t *out)
{
    size_t n;
    const char *v = value_of(s, key, &n);
    if (!v || n != 1 || *v < least || *v > most)
        return false;
    *out = (uint8_t)(*v - '0');
    return true;
}

bool sk_worn_read(const struct sk_policy *p, const char *text, struct sk_label *out)
{
    size_t n, grade;
    uint8_t decided;
    memset(out, 0, sizeof(*out));
    if (strncmp(text, HEAD ";", sizeof(HEAD)) != 0)
        return false;
    const char *s = text + sizeof(HEAD), *v = value_of(&s, "grade", &n);
    if (!v || !read_word(&p->grade_ids, v, n, &grade) ||
        !read_words(&s, "compartments", &p->compartments, &out->compartments) ||
        !read_words(&s, "handling", &p->handling, &out->handling) ||
        !read_digit(&s, "integrity", '1', '2', &out->integrity) ||
        !read_digit(&s, "availability", '1', '2', &out->availability) || !read_digit(&s, "decided", '0', '1', &decided))
        return false;
    out->grade = (uint8_t)grade;
    out->is_decided = decided == 1;
    return true;
}

bool sk_worn_accept(const struct sk_policy *p, struct sk_bytes attribute, struct sk_buf *out)
{
    struct sk_label label;
    char *text = attribute.n <= SK_WORN_MAX && !memchr(attribute.p, 0, attribute.n)
                     ? sk_copy_string((const char *)attribute.p, attribute.n)
                     : sk_copy_string("", 0);
    if (!text)
        return false;
    sk_buf_clear(out);
    bool known = sk_worn_read(p, text, &label) && put_label(out, p, &label);
    free(text);
    if (known)
        return true;
    sk_buf_clear(out);
    return sk_buf_str(out, UNREADABLE);
}
