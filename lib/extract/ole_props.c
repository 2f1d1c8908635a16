/* ole_props.c - property sets (MS-OLEPS): summary, document summary and what users added. */
#include "extract/msip.h"
#include "extract/ole.h"

#include <stdlib.h>

#define SET_MAX 4096u
#define VT_I2 2u
#define VT_LPSTR 30u
#define VT_LPWSTR 31u

struct set {
    struct sk_bytes b; /* from the start of the set */
    uint32_t n, codepage;
};

static bool entry(const struct set *s, uint32_t i, uint32_t *id, uint32_t *type, struct sk_bytes *value)
{
    struct sk_bytes at;
    uint32_t off;
    return sk_slice(s->b, 8 + (uint64_t)i * 8, 8, &at) && sk_u32le(&at, id) && sk_u32le(&at, &off) && off <= s->b.n &&
           sk_slice(s->b, off, s->b.n - off, value) && (*id == 0 || sk_u32le(value, type));
}

static bool open_set(struct sk_bytes b, struct set *s)
{
    uint32_t size, id, type = 0;
    uint16_t cp;
    struct sk_bytes at = b;
    s->codepage = 0;
    if (!sk_u32le(&at, &size) || !sk_u32le(&at, &s->n))
        return false;
    s->b = b;
    if (s->n > SET_MAX)
        s->n = SET_MAX;
    for (uint32_t i = 0; i < s->n; i++)
        if (entry(s, i, &id, &type, &at) && id == 1 && type == VT_I2 && sk_u16le(&at, &cp))
            s->codepage = cp;
    return true;
}

static bool string_value(const struct set *s, uint32_t type, struct sk_bytes v, struct sk_buf *out)
{
    uint32_t n;
    struct sk_bytes text;
    if ((type != VT_LPSTR && type != VT_LPWSTR) || !sk_u32le(&v, &n) || n > v.n)
        return false;
    uint64_t bytes = type == VT_LPWSTR ? (uint64_t)n * 2 : n;
    if (!sk_take(&v, bytes < v.n ? (size_t)bytes : v.n, &text))
        return false;
    if (type == VT_LPWSTR)
        sk_ole_utf16(text, out);
    else
        sk_ole_text(s->codepage, text, out);
    return out->n > 0;
}

static bool summary(const struct set *s, struct sk_out *o, bool document)
{
    /* PIDSI: title, subject, author, keywords, comments, template, last author; PIDDSI: category, manager, company. */
    uint32_t id, type = 0;
    struct sk_bytes v;
    struct sk_buf text;
    bool ok = true;
    sk_buf_init(&text, (size_t)4 << 20);
    for (uint32_t i = 0; ok && i < s->n; i++) {
        if (!entry(s, i, &id, &type, &v))
            continue;
        bool wanted = document ? id == 2 || id == 14 || id == 15 : (id >= 2 && id <= 6) || id == 8;
        sk_buf_clear(&text);
        if (wanted && string_value(s, type, v, &text))
            ok = sk_ole_line(o, !document && id == 2 ? SK_RUN_TITLE : SK_RUN_PROPERTY, SK_SHOWN, &text);
    }
    sk_buf_free(&text);
    return ok;
}

/* Name of a user's property from the dictionary (property 0). */
static bool dictionary_name(const struct set *s, uint32_t wanted, struct sk_buf *out)
{
    uint32_t id = 1, type, count, key, n;
    struct sk_bytes v, name;
    bool found = false;
    for (uint32_t i = 0; i < s->n && !found; i++)
        found = entry(s, i, &id, &type, &v) && id == 0;
    if (!found || !sk_u32le(&v, &count))
        return false;
    for (uint32_t i = 0; i < count && i < SET_MAX; i++) {
        if (!sk_u32le(&v, &key) || !sk_u32le(&v, &n) || n > v.n)
            return false;
        bool wide = s->codepage == 1200;
        if (!sk_take(&v, wide ? (size_t)n * 2 < v.n ? (size_t)n * 2 : v.n : n, &name))
            return false;
        if (wide)
            sk_skip(&v, n % 2 * 2);
        if (key != wanted)
            continue;
        sk_ole_text(s->codepage, name, out);
        return out->n > 0;
    }
    return false;
}

static bool users(struct sk_ole *f, const struct set *s, struct sk_out *o)
{
    struct sk_labels *labels = sk_new(1, sizeof(*labels));
    struct sk_buf name, value;
    uint32_t id, type = 0;
    struct sk_bytes v;
    bool ok = true;
    sk_buf_init(&name, (size_t)8 << 20);
    sk_buf_init(&value, (size_t)4 << 20);
    for (uint32_t i = 0; ok && labels && i < s->n && i < 256; i++) {
        sk_buf_clear(&name);
        sk_buf_clear(&value);
        if (!entry(s, i, &id, &type, &v) || id < 2 || !string_value(s, type, v, &value))
            continue;
        dictionary_name(s, id, &name);
        if (name.n && sk_labels_property(labels, name.p, value.p))
            continue;
        if (name.n)
            sk_buf_str(&name, ":"); /* its name is the label of its value */
        sk_buf_add(&name, value.p, value.n);
        ok = sk_ole_line(o, SK_RUN_PROPERTY, SK_SHOWN, &name);
    }
    if (labels)
        sk_labels_tell(labels, f->job);
    free(labels);
    sk_buf_free(&name);
    sk_buf_free(&value);
    return ok;
}

static bool read_sets(struct sk_ole *f, struct sk_out *o, struct sk_bytes all, bool document)
{
    struct sk_bytes at = all, rest;
    uint32_t n, off;
    struct set s;
    bool ok = true;
    if (!SK_STARTS(all, "\xFE\xFF") || !sk_skip(&at, 24) || !sk_u32le(&at, &n))
        return true;
    for (uint32_t i = 0; ok && i < n && i < 2; i++) {
        if (!sk_skip(&at, 16) || !sk_u32le(&at, &off) || off > all.n || !sk_slice(all, off, all.n - off, &rest) ||
            !open_set(rest, &s))
            break;
        ok = i == 0 ? summary(&s, o, document) : users(f, &s, o);
    }
    return ok;
}

bool sk_ole_props(struct sk_ole *f, struct sk_out *o)
{
    static const char *const STREAMS[] = { "\005SummaryInformation", "\005DocumentSummaryInformation" };
    struct sk_buf b;
    bool ok = true;
    sk_buf_init(&b, (size_t)16 << 20);
    for (size_t i = 0; ok && i < 2; i++) {
        uint32_t at = sk_cfb_find(f->c, f->root, STREAMS[i]);
        if (at == SK_CFB_NONE)
            continue;
        sk_cfb_read(f->c, at, (uint64_t)8 << 20, &b);
        ok = read_sets(f, o, sk_bytes(b.p, b.n), i == 1);
    }
    sk_buf_free(&b);
    return ok;
}
