/* markup.c - see markup.h. */
#include "extract/markup.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <strings.h>

#define ATTRIBUTES 64u
#define VALUE_MAX ((size_t)64 << 20)
#define NAME_MAX_BYTES 128u
#define CHECK_EVERY ((size_t)256 << 10)

struct markup {
    const char *p, *end, *checked;
    bool html;
    const struct sk_markup_calls *calls;
    void *ctx;
    struct sk_budget *budget;
    bool no_quotes, no_comments, no_tags, no_sections; /* the closing sign does not come any more: do not look again */
    char name[NAME_MAX_BYTES];
    struct sk_buf strings; /* names and values of attributes */
    struct {
        size_t name, value;
    } at[ATTRIBUTES];
    const char *atts[2 * ATTRIBUTES + 1];
    struct sk_buf text;
};

/* ---------------------------------------------------------------- entities */

static const struct entity {
    const char *name;
    uint32_t cp;
} ENTITIES[] = {
#define E(name, cp) { name, cp },
#include "extract/html_entities.def"
#undef E
};

static uint32_t named(const char *p, size_t n)
{
    size_t low = 0, high = sizeof(ENTITIES) / sizeof(ENTITIES[0]);
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int c = strncmp(p, ENTITIES[mid].name, n);
        if (c == 0)
            c = ENTITIES[mid].name[n] ? -1 : 0;
        if (c == 0)
            return ENTITIES[mid].cp;
        if (c < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return 0;
}

/* "#12345;" or "#x1F;" */
static uint32_t numbered(const char *p, size_t n)
{
    bool hex = n > 1 && (p[1] | 32) == 'x';
    uint32_t v = 0;
    size_t i = hex ? 2 : 1, from = i;
    for (; i < n && v < 0x110000; i++) {
        char c = (char)(p[i] | 32);
        int d = p[i] >= '0' && p[i] <= '9' ? p[i] - '0' : hex && c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        if (d < 0)
            return 0;
        v = v * (hex ? 16 : 10) + (uint32_t)d;
    }
    /* Numbers of Windows-1252 are in use for dashes (HTML, 13.2.5.80). */
    return i == from ? 0 : v == 0x96 || v == 0x97 ? '-' : v < 0x110000 ? v : SK_REPLACEMENT;
}

bool sk_markup_decode(struct sk_buf *out, const char *p, size_t n)
{
    const char *end = p + n;
    while (p < end) {
        const char *amp = memchr(p, '&', (size_t)(end - p));
        if (!sk_buf_add(out, p, (size_t)((amp ? amp : end) - p)))
            return false;
        if (!amp)
            break;
        size_t k = 1, most = (size_t)(end - amp) < 34 ? (size_t)(end - amp) : 34;
        while (k < most &&
               (amp[k] == '#' ? k == 1
                              : (amp[k] >= '0' && amp[k] <= '9') || ((amp[k] | 32) >= 'a' && (amp[k] | 32) <= 'z')))
            k++;
        uint32_t cp = k < 2 ? 0 : amp[1] == '#' ? numbered(amp + 1, k - 1) : named(amp + 1, k - 1);
        char utf8[4] = { '&' };
        size_t len = cp ? sk_utf8_put(utf8, cp) : 1;
        if (!sk_buf_add(out, utf8, len))
            return false;
        p = cp ? amp + k + (k < (size_t)(end - amp) && amp[k] == ';') : amp + 1;
    }
    return true;
}

static bool give_text(struct markup *m, const char *p, size_t n)
{
    if (n == 0)
        return true;
    if (!memchr(p, '&', n))
        return m->calls->text(m->ctx, p, n);
    sk_buf_clear(&m->text);
    sk_markup_decode(&m->text, p, n);
    return m->text.n == 0 || m->calls->text(m->ctx, m->text.p, m->text.n);
}

/* ---------------------------------------------------------------- tags */

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool is_name_start(char c)
{
    return ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_' || (unsigned char)c >= 0x80;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* The '>' that ends the tag at p, quoted ones not counted; NULL: none. */
static const char *tag_end(struct markup *m, const char *p)
{
    const char *from = p;
    for (char quote = 0; p < m->end; p++) {
        if (quote && *p == quote)
            quote = 0;
        else if (!quote && *p == '>')
            return p;
        else if (!quote && !m->no_quotes && (*p == '"' || *p == '\'') && p > from && (p[-1] == '=' || is_space(p[-1])))
            quote = *p;
    }
    if (!m->no_quotes) { /* a quote that never ends: from here on quotes mean nothing */
        m->no_quotes = true;
        return memchr(from, '>', (size_t)(m->end - from));
    }
    m->no_tags = true;
    return NULL;
}

/* Local name into m->name; returns behind it. */
static const char *take_name(struct markup *m, const char *p, const char *end)
{
    const char *from = p;
    for (; p < end && !is_space(*p) && *p != '/' && *p != '>' && *p != '='; p++)
        if (*p == ':')
            from = p + 1;
    size_t n = (size_t)(p - from) < NAME_MAX_BYTES - 1 ? (size_t)(p - from) : NAME_MAX_BYTES - 1;
    for (size_t i = 0; i < n; i++)
        m->name[i] = m->html ? lower(from[i]) : from[i];
    m->name[n] = '\0';
    return p;
}

static size_t add_string(struct markup *m, const char *p, size_t n, bool name)
{
    size_t at = m->strings.n;
    if (name) {
        if (sk_buf_add(&m->strings, p, n))
            for (size_t i = at; m->html && i < m->strings.n; i++)
                m->strings.p[i] = lower(m->strings.p[i]);
    } else {
        sk_markup_decode(&m->strings, p, n);
    }
    sk_buf_add(&m->strings, "", 1);
    return at;
}

static bool take_attributes(struct markup *m, const char *p, const char *end)
{
    size_t n = 0;
    sk_buf_clear(&m->strings);
    while (n < ATTRIBUTES) {
        while (p < end && (is_space(*p) || *p == '/'))
            p++;
        const char *name = p;
        while (p < end && !is_space(*p) && *p != '=' && *p != '/')
            p++;
        if (p == name) {
            if (p == end)
                break;
            p++; /* a lone '=' */
            continue;
        }
        m->at[n].name = add_string(m, name, (size_t)(p - name), true);
        while (p < end && is_space(*p))
            p++;
        const char *value = p, *stop = p;
        if (p < end && *p == '=') {
            for (p++; p < end && is_space(*p);)
                p++;
            value = p;
            if (p < end && !m->no_quotes && (*p == '"' || *p == '\'')) {
                value++;
                const char *q = memchr(value, *p, (size_t)(end - value));
                stop = q ? q : end;
                p = q ? q + 1 : end;
            } else {
                while (p < end && !is_space(*p))
                    p++;
                stop = p;
            }
        }
        m->at[n].value = add_string(m, value, (size_t)(stop - value), false);
        n++;
    }
    if (m->strings.failed)
        n = 0;
    for (size_t i = 0; i < n; i++) {
        m->atts[2 * i] = m->strings.p + m->at[i].name;
        m->atts[2 * i + 1] = m->strings.p + m->at[i].value;
    }
    m->atts[2 * n] = NULL;
    return n > 0;
}

/* Elements whose content is no markup. */
static bool is_raw(const char *name)
{
    return strcmp(name, "script") == 0 || strcmp(name, "style") == 0 || strcmp(name, "title") == 0 ||
           strcmp(name, "textarea") == 0 || strcmp(name, "xmp") == 0;
}

static bool raw_content(struct markup *m)
{
    size_t k = strlen(m->name);
    const char *from = m->p, *p = from;
    for (; p < m->end; p++) {
        p = memchr(p, '<', (size_t)(m->end - p));
        if (!p)
            p = m->end;
        if ((size_t)(m->end - p) < k + 2)
            p = m->end;
        if (p == m->end || (p[1] == '/' && strncasecmp(p + 2, m->name, k) == 0))
            break;
    }
    m->p = p;
    if (m->name[0] == 's')
        return !m->calls->script || p == from || m->calls->script(m->ctx, m->name, from, (size_t)(p - from));
    return give_text(m, from, (size_t)(p - from));
}

static bool start_tag(struct markup *m)
{
    const char *end = tag_end(m, m->p + 1);
    if (!end) {
        const char *from = m->p;
        m->p = m->end;
        return give_text(m, from, (size_t)(m->end - from));
    }
    const char *behind = take_name(m, m->p + 1, end);
    bool empty = !m->html && end[-1] == '/';
    take_attributes(m, behind, empty ? end - 1 : end);
    m->p = end + 1;
    return m->calls->start(m->ctx, m->name, m->atts) && (!empty || m->calls->end(m->ctx, m->name)) &&
           (!m->html || !is_raw(m->name) || raw_content(m));
}

static bool end_tag(struct markup *m)
{
    const char *end = memchr(m->p, '>', (size_t)(m->end - m->p));
    if (!end)
        end = m->end;
    take_name(m, m->p + 2, end);
    m->p = end < m->end ? end + 1 : m->end;
    return m->calls->end(m->ctx, m->name);
}

/* ---------------------------------------------------------------- what is not text */

static const char *find(const char *p, const char *end, const char *sign, size_t k)
{
    size_t at = sk_find(sk_bytes(p, (size_t)(end - p)), 0, sign, k);
    return at == SIZE_MAX ? NULL : p + at;
}

static bool comment(struct markup *m)
{
    const char *from = m->p + 4, *end = m->no_comments || from > m->end ? NULL : find(from, m->end, "-->", 3);
    if (!end) { /* never closed: then it hides nothing */
        m->no_comments = true;
        m->p += 4;
        return true;
    }
    m->p = end + 3;
    return !m->calls->comment || end == from || m->calls->comment(m->ctx, from, (size_t)(end - from));
}

static bool section(struct markup *m)
{
    const char *from = m->p + 9, *end = m->no_sections ? NULL : find(from, m->end, "]]>", 3);
    m->no_sections = !end;
    m->p = end ? end + 3 : from;
    return !end || end == from || m->calls->text(m->ctx, from, (size_t)(end - from));
}

/* The next '>'; when there is none, what follows is all text. */
static const char *next_close(struct markup *m, const char *p)
{
    const char *end = memchr(p, '>', (size_t)(m->end - p));
    m->no_tags |= !end;
    return end;
}

/* <!DOCTYPE ... [ ... ]>: the inner declarations may hold text of entities. */
static bool declaration(struct markup *m)
{
    const char *from = m->p + 2, *end = next_close(m, from);
    const char *inner = end ? memchr(from, '[', (size_t)(end - from)) : NULL;
    if (inner && !m->no_sections) {
        end = find(inner, m->end, "]>", 2);
        m->no_sections = !end;
        if (end && m->calls->comment && !m->calls->comment(m->ctx, inner + 1, (size_t)(end - inner) - 1))
            return false;
        end = end ? end + 1 : NULL;
    }
    m->p = end ? end + 1 : from;
    return true;
}

static bool instruction(struct markup *m)
{
    const char *from = m->p + 2, *end = next_close(m, from);
    m->p = end ? end + 1 : from;
    return true;
}

static bool one(struct markup *m)
{
    const char *lt = m->no_tags ? NULL : memchr(m->p, '<', (size_t)(m->end - m->p));
    if (!lt)
        lt = m->end;
    if (lt > m->p) {
        const char *from = m->p;
        m->p = lt;
        return give_text(m, from, (size_t)(lt - from));
    }
    size_t left = (size_t)(m->end - lt);
    if (left >= 4 && memcmp(lt, "<!--", 4) == 0)
        return comment(m);
    if (left >= 9 && memcmp(lt, "<![CDATA[", 9) == 0)
        return section(m);
    if (left >= 2 && lt[1] == '!')
        return declaration(m);
    if (left >= 2 && lt[1] == '?')
        return instruction(m);
    if (left >= 3 && lt[1] == '/' && is_name_start(lt[2]))
        return end_tag(m);
    if (left >= 2 && is_name_start(lt[1]))
        return start_tag(m);
    m->p++;
    return m->calls->text(m->ctx, "<", 1);
}

bool sk_markup_parse(const char *utf8, size_t n, bool html, const struct sk_markup_calls *calls, void *ctx,
                     struct sk_budget *budget)
{
    struct markup *m = sk_new(1, sizeof(*m));
    if (!m)
        return true;
    m->p = m->checked = utf8;
    m->end = utf8 + n;
    m->html = html;
    m->calls = calls;
    m->ctx = ctx;
    sk_buf_init(&m->strings, VALUE_MAX);
    sk_buf_init(&m->text, SIZE_MAX / 2);
    bool ok = true;
    while (ok && m->p < m->end) {
        if ((size_t)(m->p - m->checked) > CHECK_EVERY) {
            m->checked = m->p;
            if (budget && !sk_budget_time(budget))
                ok = false;
        }
        ok = ok && one(m);
    }
    sk_buf_free(&m->strings);
    sk_buf_free(&m->text);
    free(m);
    return ok;
}
