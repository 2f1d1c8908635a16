/* doc.c - see doc.h. */
#define _GNU_SOURCE /* memmem */
#include "extract/doc.h"

#include <stdlib.h>
#include <strings.h>

#define GUESS_BYTES ((size_t)256 << 10)
#define DECLARED_BYTES ((size_t)2048)

enum sk_charset sk_doc_named(const char *head, size_t n, const char *key)
{
    size_t k = strlen(key);
    for (size_t i = 0; i + k < n; i++) {
        if (strncasecmp(head + i, key, k) != 0)
            continue;
        size_t b = i + k;
        while (b < n && (head[b] == ' ' || head[b] == '=' || head[b] == '"' || head[b] == '\''))
            b++;
        size_t e = b;
        while (e < n && e - b < 40 && head[e] > ' ' && head[e] != '"' && head[e] != '\'' && head[e] != '>' &&
               head[e] != ';')
            e++;
        return sk_charset_named(head + b, e - b);
    }
    return SK_CS_BINARY;
}

static enum sk_charset choose(struct sk_bytes b, sk_declared declared)
{
    struct sk_guess g = sk_charset_guess(b.p, b.n < GUESS_BYTES ? b.n : GUESS_BYTES, true);
    if (g.bom)
        return g.best;
    size_t n = b.n < DECLARED_BYTES ? b.n : DECLARED_BYTES;
    enum sk_charset cs = declared ? declared((const char *)b.p, n) : SK_CS_BINARY;
    bool bytes = cs != SK_CS_BINARY && cs != SK_CS_UTF16LE && cs != SK_CS_UTF16BE;
    if (bytes && g.best != SK_CS_UTF16LE && g.best != SK_CS_UTF16BE &&
        sk_charset_holds(cs, b.p, b.n < GUESS_BYTES ? b.n : GUESS_BYTES))
        return cs;
    return g.best == SK_CS_BINARY ? SK_CS_CP932 : g.best;
}

static bool convert(struct sk_doc *d, struct sk_bytes b)
{
    size_t most = d->charset == SK_CS_UTF16LE || d->charset == SK_CS_UTF16BE ? b.n / 2 * 3 + 16 : b.n * 3 + 16;
    d->converted = sk_new(most, 1);
    if (!d->converted)
        return false;
    d->p = d->converted;
    d->n = sk_to_utf8(d->charset, b.p, b.n, d->converted, most);
    return true;
}

bool sk_doc_load(struct sk_job *job, sk_declared declared, struct sk_doc *d)
{
    const struct sk_sink *sink = job->sink;
    struct sk_bytes b;
    memset(d, 0, sizeof(*d));
    sk_buf_init(&d->hold, SIZE_MAX / 2);
    if (!sk_source_all(job->source, job->budget->limits.max_member_bytes, job->budget, &d->hold, &b)) {
        enum sk_reason why = job->budget->spent != SK_WHY_NONE ? job->budget->spent : SK_WHY_DAMAGED;
        sink->reason(sink->ctx, job->part, why, "");
        return false;
    }
    d->charset = choose(b, declared);
    if (d->charset == SK_CS_ASCII || d->charset == SK_CS_UTF8) {
        bool bom = SK_STARTS(b, "\xEF\xBB\xBF");
        d->p = (const char *)b.p + (bom ? 3 : 0);
        d->n = b.n - (bom ? 3 : 0);
        return true;
    }
    if (convert(d, b))
        return true;
    sink->reason(sink->ctx, job->part, SK_WHY_TOO_LARGE, "memory");
    return false;
}

void sk_doc_free(struct sk_doc *d)
{
    sk_buf_free(&d->hold);
    free(d->converted);
}

size_t sk_doc_peek(struct sk_bytes head, char *out, size_t cap)
{
    size_t n = 0, i = 0;
    if (SK_STARTS(head, "\xEF\xBB\xBF"))
        i = 3;
    else if (SK_STARTS(head, "\xFF\xFE") || SK_STARTS(head, "\xFE\xFF"))
        i = 2;
    for (; i < head.n && n + 1 < cap; i++)
        if (head.p[i] && (n || head.p[i] > ' '))
            out[n++] = (char)head.p[i];
    out[n] = '\0';
    return n;
}
