/* json.c - see json.h. */
#include "extract/json.h"
#include "base/utf8.h"

#include <string.h>

static void blanks(struct json_reader *r)
{
    while (r->p < r->end && ((unsigned char)*r->p <= ' ' || *r->p == ',' || *r->p == ':'))
        r->p++;
}

static int hex4(const char *p, const char *end, uint32_t *out)
{
    *out = 0;
    for (int i = 0; i < 4; i++, p++) {
        char c = p < end ? (char)(*p | 32) : 'x';
        int d = p < end && *p >= '0' && *p <= '9' ? *p - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        if (d < 0)
            return 0;
        *out = *out << 4 | (uint32_t)d;
    }
    return 4;
}

static size_t unicode(struct json_reader *r, char *out)
{
    uint32_t c, low;
    r->p += hex4(r->p, r->end, &c);
    if (c >= 0xD800 && c < 0xDC00 && r->end - r->p >= 6 && r->p[0] == '\\' && r->p[1] == 'u' &&
        hex4(r->p + 2, r->end, &low) && low >= 0xDC00 && low < 0xE000) {
        r->p += 6;
        c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
    }
    return sk_utf8_put(out, c ? c : SK_REPLACEMENT);
}

/* Behind the opening quote. */
static const char *string(struct json_reader *r, size_t *n)
{
    const char *from = r->p, *q = from;
    while (q < r->end && *q != '"')
        q += *q == '\\' && q + 1 < r->end ? 2 : 1;
    r->cut |= q >= r->end;
    if (q > r->end)
        q = r->end;
    char *out = sk_arena_alloc(r->arena, (size_t)(q - from) + 1);
    *n = 0;
    if (!out) {
        r->full = true;
        r->p = q;
        return "";
    }
    for (; r->p < q;) {
        char c = *r->p++;
        if (c != '\\' || r->p >= q) {
            out[(*n)++] = c;
            continue;
        }
        c = *r->p++;
        if (c == 'u') /* six bytes of source, at most four of text */
            *n += unicode(r, out + *n);
        else
            out[(*n)++] = c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' || c == 'b' || c == 'f' ? ' ' : c;
    }
    out[*n] = '\0';
    r->p = q < r->end ? q + 1 : r->end;
    return out;
}

static const char *word(struct json_reader *r, size_t *n)
{
    const char *from = r->p;
    while (r->p < r->end && (unsigned char)*r->p > ' ' && !strchr(",:\"{}[]", *r->p))
        r->p++;
    *n = (size_t)(r->p - from);
    const char *own = sk_arena_string(r->arena, from, *n);
    r->full |= !own;
    return own ? own : (*n = 0, "");
}

struct builder {
    struct json *root, *at;        /* the innermost open container */
    struct json *last[JSON_DEPTH]; /* its last child, by depth */
    unsigned depth, over;
    const char *key;
    size_t key_n;
};

static void attach(struct builder *b, struct json *v)
{
    v->key = b->key ? b->key : "";
    v->key_n = b->key ? b->key_n : 0;
    b->key = NULL;
    v->up = b->at;
    if (!b->at) {
        b->root = v;
        return;
    }
    struct json **last = &b->last[b->depth - 1];
    if (*last)
        (*last)->next = v;
    else
        b->at->first = v;
    *last = v;
}

static void open_container(struct builder *b, struct json *v)
{
    if (b->depth == JSON_DEPTH) { /* its members go to the container around it */
        b->over++;
        return;
    }
    attach(b, v);
    b->at = v;
    b->last[b->depth++] = NULL;
}

static void close_container(struct builder *b)
{
    if (b->over) {
        b->over--;
    } else if (b->depth) {
        b->at = b->at->up;
        b->depth--;
    }
    b->key = NULL;
}

static bool is_key(const struct json_reader *r, const struct builder *b)
{
    const char *p = r->p;
    while (p < r->end && (unsigned char)*p <= ' ')
        p++;
    return b->at && b->at->kind == JSON_OBJECT && !b->key && p < r->end && *p == ':';
}

static bool scalar(struct json_reader *r, struct builder *b)
{
    bool quoted = *r->p == '"';
    size_t n;
    r->p += quoted;
    const char *s = quoted ? string(r, &n) : word(r, &n);
    if (is_key(r, b)) {
        b->key = s;
        b->key_n = n;
        return true;
    }
    struct json *v = sk_arena_new(r->arena, 1, sizeof(*v));
    if (!v)
        return false;
    v->kind = quoted ? JSON_STRING : JSON_WORD;
    v->p = s;
    v->n = n;
    attach(b, v);
    return true;
}

struct json *json_next(struct json_reader *r)
{
    struct builder b = { 0 };
    do {
        blanks(r);
        if (r->p >= r->end)
            break;
        char c = *r->p;
        if (c == '{' || c == '[') {
            struct json *v = sk_arena_new(r->arena, 1, sizeof(*v));
            if (!v) {
                r->full = true;
                break;
            }
            v->kind = c == '{' ? JSON_OBJECT : JSON_ARRAY;
            v->p = "";
            open_container(&b, v);
            r->p++;
        } else if (c == '}' || c == ']') {
            close_container(&b);
            r->p++;
        } else if (!scalar(r, &b)) {
            r->full = true;
            break;
        }
    } while (b.depth || !b.root);
    r->cut |= b.depth > 0 && !r->full;
    return b.root;
}

const struct json *json_get(const struct json *o, const char *key)
{
    if (!o || o->kind != JSON_OBJECT)
        return NULL;
    for (const struct json *m = o->first; m; m = m->next)
        if (strcmp(m->key, key) == 0)
            return m;
    return NULL;
}

const char *json_string(const struct json *o, const char *key)
{
    const struct json *v = json_get(o, key);
    return v && v->kind == JSON_STRING ? v->p : "";
}
