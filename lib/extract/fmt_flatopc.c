/*
 * fmt_flatopc.c - "Flat OPC": an Office package written as one XML document (pkg:package), as Word saves it and
 * programs exchange it. Its parts are put back into a ZIP in memory, which is then read as any other package.
 */
#include "base/hash.h"
#include "extract/base64.h"
#include "extract/extract.h"

int sk_sniff_flatopc(struct sk_bytes head, struct sk_source *source);
bool sk_extract_flatopc(struct sk_job *job);

#define PARTS 20000u
#define NAME_MAX_BYTES 1024u

struct package {
    struct sk_buf zip, directory, types;
    uint32_t n;
    bool failed;
};

static void put(struct sk_buf *b, uint64_t v, unsigned n)
{
    uint8_t bytes[8];
    for (unsigned i = 0; i < n; i++)
        bytes[i] = (uint8_t)(v >> (8 * i));
    sk_buf_add(b, bytes, n);
}

/* The fields that a local header and a directory entry have in common (APPNOTE 4.3.7, 4.3.12). */
static void common(struct sk_buf *b, uint32_t crc, size_t size, size_t name_n)
{
    put(b, 20, 2);
    put(b, 0x0800, 2); /* names in UTF-8 */
    put(b, 0, 2);      /* stored */
    put(b, 0, 4);
    put(b, crc, 4);
    put(b, size, 4);
    put(b, size, 4);
    put(b, name_n, 2);
    put(b, 0, 2);
}

static void add(struct package *p, struct sk_bytes name, struct sk_bytes data)
{
    uint32_t crc = sk_crc32(0, data.p, data.n);
    size_t at = p->zip.n;
    if (p->n >= PARTS || data.n > INT32_MAX || at > INT32_MAX) {
        p->failed = true;
        return;
    }
    put(&p->zip, 0x04034B50, 4);
    common(&p->zip, crc, data.n, name.n);
    sk_buf_add(&p->zip, name.p, name.n);
    sk_buf_add(&p->zip, data.p, data.n);
    put(&p->directory, 0x02014B50, 4);
    put(&p->directory, 20, 2);
    common(&p->directory, crc, data.n, name.n);
    put(&p->directory, 0, 6); /* comment, disk, inner attributes */
    put(&p->directory, 0, 4);
    put(&p->directory, at, 4);
    sk_buf_add(&p->directory, name.p, name.n);
    p->n++;
}

/* The value of an attribute in a tag; empty when there is none. */
static struct sk_bytes attribute(struct sk_bytes tag, const char *name)
{
    size_t at = sk_find(tag, 0, name, strlen(name));
    struct sk_bytes v = { NULL, 0 };
    if (at == SIZE_MAX || !sk_slice(tag, at + strlen(name), tag.n - at - strlen(name), &v))
        return (struct sk_bytes){ NULL, 0 };
    const uint8_t *end = memchr(v.p, '"', v.n);
    v.n = end ? (size_t)(end - v.p) : 0;
    return v;
}

static void binary(struct package *p, struct sk_bytes name, struct sk_bytes text)
{
    struct sk_buf out;
    sk_buf_init(&out, text.n + 16);
    if (sk_buf_add(&out, text.p, text.n)) {
        out.n = sk_base64_decode(out.p, out.n);
        add(p, name, sk_bytes(out.p, out.n));
    } else {
        p->failed = true;
    }
    sk_buf_free(&out);
}

/* One <pkg:part>: from its tag to its end. */
static void part(struct package *p, struct sk_bytes b)
{
    const uint8_t *end = memchr(b.p, '>', b.n);
    struct sk_bytes tag = sk_bytes(b.p, end ? (size_t)(end - b.p) : b.n), name = attribute(tag, "pkg:name=\""),
                    type = attribute(tag, "pkg:contentType=\""), data;
    if (name.n && name.p[0] == '/')
        sk_skip(&name, 1);
    if (name.n == 0 || name.n > NAME_MAX_BYTES || type.n > NAME_MAX_BYTES)
        return;
    size_t xml = sk_find(b, tag.n, "<pkg:xmlData", 12), bytes = sk_find(b, tag.n, "<pkg:binaryData", 15);
    size_t from = xml != SIZE_MAX ? xml : bytes;
    const uint8_t *open = from != SIZE_MAX ? memchr(b.p + from, '>', b.n - from) : NULL;
    if (!open)
        return;
    from = (size_t)(open - b.p) + 1;
    size_t to = xml != SIZE_MAX ? sk_find(b, from, "</pkg:xmlData>", 14) : sk_find(b, from, "</pkg:binaryData>", 17);
    if (!sk_slice(b, from, (to == SIZE_MAX ? b.n : to) - from, &data))
        return;
    if (xml != SIZE_MAX)
        add(p, name, data);
    else
        binary(p, name, data);
    sk_buf_printf(&p->types, "<Override PartName=\"/%.*s\" ContentType=\"%.*s\"/>", (int)name.n, (const char *)name.p,
                  (int)type.n, (const char *)type.p);
}

static void build(struct package *p, struct sk_bytes b, struct sk_budget *budget)
{
    size_t at = sk_find(b, 0, "<pkg:part ", 10);
    sk_buf_str(&p->types, "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">");
    while (at != SIZE_MAX && sk_budget_time(budget)) {
        size_t next = sk_find(b, at + 10, "<pkg:part ", 10);
        part(p, sk_bytes(b.p + at, (next == SIZE_MAX ? b.n : next) - at));
        at = next;
    }
    sk_buf_str(&p->types, "</Types>");
    add(p, sk_bytes("[Content_Types].xml", 19), sk_bytes(p->types.p, p->types.n));
    size_t begin = p->zip.n;
    sk_buf_add(&p->zip, p->directory.p, p->directory.n);
    put(&p->zip, 0x06054B50, 4);
    put(&p->zip, 0, 4);
    put(&p->zip, p->n, 2);
    put(&p->zip, p->n, 2);
    put(&p->zip, p->directory.n, 4);
    put(&p->zip, begin, 4);
    put(&p->zip, 0, 2);
    p->failed |= p->zip.failed || p->directory.failed || p->types.failed;
}

bool sk_extract_flatopc(struct sk_job *job)
{
    const struct sk_sink *sink = job->sink;
    uint64_t most = job->budget->limits.max_member_bytes;
    struct package p = { 0 };
    struct sk_buf hold;
    struct sk_bytes b;
    bool ok = true;
    sk_buf_init(&hold, (size_t)most + 1);
    sk_buf_init(&p.zip, (size_t)most * 2);
    sk_buf_init(&p.directory, (size_t)64 << 20);
    sk_buf_init(&p.types, (size_t)64 << 20);
    if (!sk_source_all(job->source, most, job->budget, &hold, &b)) {
        sink->reason(sink->ctx, job->part, job->budget->spent != SK_WHY_NONE ? job->budget->spent : SK_WHY_DAMAGED, "");
    } else {
        build(&p, b, job->budget);
        if (p.failed)
            sink->reason(sink->ctx, job->part, SK_WHY_TOO_LARGE, "");
        ok = sk_budget_expand(job->budget, p.zip.n) && sk_budget_member(job->budget) &&
             sk_out_child_bytes(job, "package", 7, SK_SHOWN, sk_bytes(p.zip.p, p.zip.n));
    }
    sk_buf_free(&hold);
    sk_buf_free(&p.zip);
    sk_buf_free(&p.directory);
    sk_buf_free(&p.types);
    return ok;
}

int sk_sniff_flatopc(struct sk_bytes head, struct sk_source *source)
{
    (void)source;
    struct sk_bytes b = sk_bytes(head.p, head.n < 4096 ? head.n : 4096);
    return sk_find(b, 0, "<pkg:package", 12) != SIZE_MAX &&
                   sk_find(b, 0, "http://schemas.microsoft.com/office/2006/xmlPackage", 51) != SIZE_MAX
               ? 210
               : 0;
}
