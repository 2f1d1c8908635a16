#include "report/json.h"

#include <string.h>

#include "base/utf8.h"

struct reader {
    struct sk_bytes in;
    struct sk_arena *arena;
    bool no_memory;
};

static void skip_space(struct reader *r)
{
    while (r->in.n && (*r->in.p == ' ' || *r->in.p == '\t' || *r->in.p == '\n' || *r->in.p == '\r'))
        sk_skip(&r->in, 1);
}

static bool take_char(struct reader *r, char c)
{
    return r->in.n && *r->in.p == (uint8_t)c && sk_skip(&r->in, 1);
}

static bool next_is(const struct reader *r, char c)
{
    return r->in.n && *r->in.p == (uint8_t)c;
}

/* ---- strings ---- */

static bool take_hex4(struct reader *r, uint32_t *out)
{
    struct sk_bytes four = r->in;
    if (four.n < 4)
        return false;
    *out = 0;
    for (size_t i = 0; i < 4; i++) {
        uint32_t c = four.p[i];
        uint32_t digit = c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : 16;
        if (digit == 16)
            return false;
        *out = *out << 4 | digit;
    }
    return sk_skip(&r->in, 4);
}

static bool take_escape(struct reader *r, char *out, size_t *n)
{
    static const char FROM[] = "\"\\/bfnrt", TO[] = "\"\\/\b\f\n\r\t";
    uint8_t c;
    if (!sk_u8(&r->in, &c))
        return false;
    const char *at = c ? strchr(FROM, c) : NULL;
    if (at) {
        out[(*n)++] = TO[at - FROM];
        return true;
    }
    uint32_t cp, low;
    if (c != 'u' || !take_hex4(r, &cp) || cp == 0 || (cp >= 0xDC00 && cp < 0xE000))
        return false;
    if (cp >= 0xD800 && cp < 0xDC00) {
        if (!take_char(r, '\\') || !take_char(r, 'u') || !take_hex4(r, &low) || low < 0xDC00 || low >= 0xE000)
            return false;
        cp = 0x10000 + ((cp - 0xD800) << 10) + (low - 0xDC00);
    }
    *n += sk_utf8_put(out + *n, cp);
    return true;
}

/* Behind the opening quote. Decoding never lengthens. */
static bool take_string(struct reader *r, const char **text, size_t *n)
{
    size_t raw = 0;
    while (raw < r->in.n && r->in.p[raw] != '"')
        raw += r->in.p[raw] == '\\' ? 2 : 1;
    if (raw >= r->in.n)
        return false;
    char *out = sk_arena_alloc(r->arena, raw + 1);
    if (!out) {
        r->no_memory = true;
        return false;
    }
    *n = 0;
    while (!next_is(r, '"')) {
        uint8_t c;
        if (!sk_u8(&r->in, &c) || c < 0x20)
            return false;
        if (c != '\\')
            out[(*n)++] = (char)c;
        else if (!take_escape(r, out, n))
            return false;
    }
    out[*n] = '\0';
    *text = out;
    return take_char(r, '"') && sk_utf8_valid(out, *n);
}

/* ---- numbers ---- */

static size_t digits(const struct sk_bytes b, size_t at)
{
    size_t n = 0;
    while (at + n < b.n && b.p[at + n] >= '0' && b.p[at + n] <= '9')
        n++;
    return n;
}

static bool take_number(struct reader *r, struct sk_json *v)
{
    struct sk_bytes b = r->in, text;
    size_t at = b.n && b.p[0] == '-', n = digits(b, at);
    if (n == 0 || (n > 1 && b.p[at] == '0'))
        return false;
    at += n;
    if (at < b.n && b.p[at] == '.') {
        if ((n = digits(b, at + 1)) == 0)
            return false;
        at += n + 1;
    }
    if (at < b.n && (b.p[at] | 32) == 'e') {
        at++;
        at += at < b.n && (b.p[at] == '+' || b.p[at] == '-');
        if ((n = digits(b, at)) == 0)
            return false;
        at += n;
    }
    if (!sk_take(&r->in, at, &text))
        return false;
    v->kind = SK_JSON_NUMBER;
    v->n = at;
    v->text = sk_arena_string(r->arena, (const char *)text.p, at);
    r->no_memory |= !v->text;
    return v->text != NULL;
}

/* ---- values ---- */

static struct sk_json *take_value(struct reader *r, unsigned depth);

static bool take_items(struct reader *r, struct sk_json *v, char close, unsigned depth)
{
    struct sk_json *last = NULL;
    skip_space(r);
    if (take_char(r, close))
        return true;
    for (;;) {
        const char *key = NULL;
        size_t n;
        skip_space(r);
        if (v->kind == SK_JSON_OBJECT) {
            if (!take_char(r, '"') || !take_string(r, &key, &n))
                return false;
            skip_space(r);
            if (!take_char(r, ':'))
                return false;
        }
        struct sk_json *item = take_value(r, depth + 1);
        if (!item)
            return false;
        item->key = key;
        if (last)
            last->next = item;
        else
            v->first = item;
        last = item;
        v->n++;
        skip_space(r);
        if (take_char(r, close))
            return true;
        if (!take_char(r, ','))
            return false;
    }
}

static bool take_word(struct reader *r, struct sk_json *v)
{
    static const struct {
        const char *word;
        enum sk_json_kind kind;
    } WORDS[] = { { "null", SK_JSON_NULL }, { "false", SK_JSON_FALSE }, { "true", SK_JSON_TRUE } };
    for (size_t i = 0; i < 3; i++)
        if (sk_starts(r->in, WORDS[i].word, strlen(WORDS[i].word))) {
            v->kind = WORDS[i].kind;
            return sk_skip(&r->in, strlen(WORDS[i].word));
        }
    return false;
}

static struct sk_json *take_value(struct reader *r, unsigned depth)
{
    skip_space(r);
    struct sk_json *v = depth < SK_JSON_DEPTH ? sk_arena_new(r->arena, 1, sizeof(*v)) : NULL;
    if (!v) {
        r->no_memory |= depth < SK_JSON_DEPTH;
        return NULL;
    }
    bool ok;
    if (take_char(r, '"')) {
        v->kind = SK_JSON_STRING;
        ok = take_string(r, &v->text, &v->n);
    } else if (take_char(r, '[')) {
        v->kind = SK_JSON_ARRAY;
        ok = take_items(r, v, ']', depth);
    } else if (take_char(r, '{')) {
        v->kind = SK_JSON_OBJECT;
        ok = take_items(r, v, '}', depth);
    } else {
        ok = take_word(r, v) || take_number(r, v);
    }
    return ok ? v : NULL;
}

const struct sk_json *sk_json_read(struct sk_bytes *in, struct sk_arena *arena)
{
    struct reader r = { .in = *in, .arena = arena };
    const struct sk_json *v = take_value(&r, 0);
    skip_space(&r);
    if (!r.no_memory)
        *in = r.in;
    return v;
}

const struct sk_json *sk_json_get(const struct sk_json *object, const char *key)
{
    const struct sk_json *found = NULL;
    if (!object || object->kind != SK_JSON_OBJECT)
        return NULL;
    for (const struct sk_json *v = object->first; v; v = v->next)
        if (strcmp(v->key, key) == 0) {
            if (found)
                return NULL;
            found = v;
        }
    return found;
}

const char *sk_json_text(const struct sk_json *object, const char *key)
{
    const struct sk_json *v = sk_json_get(object, key);
    return v && v->kind == SK_JSON_STRING ? v->text : NULL;
}

bool sk_json_u64(const struct sk_json *object, const char *key, uint64_t *out)
{
    const struct sk_json *v = sk_json_get(object, key);
    uint64_t n = 0;
    if (!v || v->kind != SK_JSON_NUMBER)
        return false;
    for (const char *p = v->text; *p; p++) {
        uint64_t digit = (uint64_t)(*p - '0');
        if (*p < '0' || *p > '9' || n > (UINT64_MAX - digit) / 10)
            return false;
        n = n * 10 + digit;
    }
    *out = n;
    return true;
}
