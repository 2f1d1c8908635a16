/*
 * fmt_lha.c - LHA archives (.lzh): headers of level 0 to 3 are read here, as names must come as their bytes; the
 * methods are lhasa's. Source of the layout: "LHA header" of LHa for UNIX (header.doc.md) and UNLHA32's extension
 * types.
 */
#include "base/utf8.h"
#include "extract/scratch.h"

#include <lha_decoder.h>
#include <stdlib.h>

int sk_sniff_lha(struct sk_bytes head, struct sk_source *source);
bool sk_extract_lha(struct sk_job *job);

#define HEADER_MAX ((size_t)64 << 10)
#define NAME_BYTES 2048u
#define BASE_BYTES 22u /* up to the length of the name; levels 2 and 3 hold more */

/* ---------------------------------------------------------------- headers */

enum outcome { HEADER, END, BAD };

struct header {
    char method[6];        /* "-lh5-" */
    uint64_t packed, size; /* of the content */
    uint16_t crc;
    bool has_crc;
    size_t length;                    /* of the header */
    struct sk_bytes folder, name;     /* in the archiver's encoding; 0xFF separates folders */
    struct sk_bytes folder16, name16; /* UTF-16LE, when they are there */
};

static bool is_method(const uint8_t *p)
{
    return p[0] == '-' && ((p[1] == 'l' && (p[2] == 'h' || p[2] == 'z')) || (p[1] == 'p' && p[2] == 'm')) &&
           ((p[3] >= '0' && p[3] <= '9') || p[3] == 'd' || p[3] == 's' || p[3] == 'x') && p[4] == '-';
}

static void take_extension(struct header *h, uint8_t type, struct sk_bytes data)
{
    uint64_t packed, size;
    switch (type) {
    case 0x01:
        h->name = data;
        break;
    case 0x02:
        h->folder = data;
        break;
    case 0x42: /* sizes beyond 4 GiB */
        if (sk_u64le(&data, &packed) && sk_u64le(&data, &size)) {
            h->packed = packed;
            h->size = size;
        }
        break;
    case 0x44:
        h->name16 = data;
        break;
    case 0x45:
        h->folder16 = data;
        break;
    default:
        break;
    }
}

/* The chain of extensions from `at` on, the first `next` bytes long; each ends with the length of the one behind it.
 * The end's offset, 0 when it does not hold together. */
static size_t extensions(struct header *h, struct sk_bytes b, size_t at, uint32_t next, bool wide)
{
    const size_t tail = wide ? 4 : 2;
    while (next) {
        struct sk_bytes all, data;
        uint8_t type;
        uint16_t narrow;
        if (next < tail + 1 || !sk_slice(b, at, next, &all))
            return 0;
        at += next;
        if (!sk_u8(&all, &type) || !sk_take(&all, all.n - tail, &data))
            return 0;
        take_extension(h, type, data);
        if (wide)
            sk_u32le(&all, &next);
        else if (sk_u16le(&all, &narrow))
            next = narrow;
    }
    return at;
}

/* Levels 0 and 1: the first byte is the length behind the second, which is their sum. */
static enum outcome short_header(struct header *h, struct sk_bytes b, uint8_t level)
{
    size_t n = b.p[0] + (size_t)2, name_n = b.p[21], end = BASE_BYTES + name_n;
    uint8_t sum = 0;
    if (n > b.n || end > n)
        return BAD;
    for (size_t i = 2; i < n; i++)
        sum = (uint8_t)(sum + b.p[i]);
    if (sum != b.p[1])
        return BAD;
    h->name = sk_bytes(b.p + BASE_BYTES, name_n);
    struct sk_bytes rest = sk_bytes(b.p + end, n - end);
    h->has_crc = sk_u16le(&rest, &h->crc);
    h->length = n;
    if (level == 0)
        return HEADER;
    if (n < end + 5)
        return BAD;
    size_t all = extensions(h, b, n, (uint32_t)b.p[n - 2] | (uint32_t)b.p[n - 1] << 8, false);
    if (all == 0 || all - n > h->packed) /* what is told as packed holds the extensions too */
        return BAD;
    h->packed -= all - n;
    h->length = all;
    return HEADER;
}

static enum outcome long_header(struct header *h, struct sk_bytes b, uint8_t level)
{
    struct sk_bytes v = b;
    uint16_t total = 0, first = 0;
    uint32_t total32 = 0, first32 = 0;
    if (!sk_skip(&v, 21) || !sk_u16le(&v, &h->crc) || !sk_skip(&v, 1))
        return BAD;
    h->has_crc = true;
    if (level == 3) {
        if (!sk_u32le(&v, &total32) || !sk_u32le(&v, &first32) || b.p[0] != 4 || b.p[1] != 0)
            return BAD;
    } else {
        struct sk_bytes start = b;
        sk_u16le(&start, &total);
        if (!sk_u16le(&v, &first))
            return BAD;
        total32 = total;
        first32 = first;
    }
    size_t at = b.n - v.n;
    if (total32 < at || total32 > b.n || extensions(h, sk_bytes(b.p, total32), at, first32, level == 3) == 0)
        return BAD;
    h->length = total32;
    return HEADER;
}

static enum outcome parse(struct header *h, struct sk_bytes b)
{
    uint32_t packed = 0, size = 0;
    memset(h, 0, sizeof(*h));
    if (b.n == 0 || b.p[0] == 0)
        return END; /* also a level 2 header whose length is a multiple of 256 would look so; none is written */
    if (b.n < BASE_BYTES || !is_method(b.p + 2) || b.p[20] > 3)
        return BAD;
    memcpy(h->method, b.p + 2, 5);
    struct sk_bytes v = sk_bytes(b.p + 7, 8);
    sk_u32le(&v, &packed);
    sk_u32le(&v, &size);
    h->packed = packed;
    h->size = size;
    enum outcome o = b.p[20] < 2 ? short_header(h, b, b.p[20]) : long_header(h, b, b.p[20]);
    return o == HEADER && h->packed > (uint64_t)INT64_MAX ? BAD : o;
}

int sk_sniff_lha(struct sk_bytes head, struct sk_source *source)
{
    (void)source;
    struct header h;
    return head.n >= BASE_BYTES && parse(&h, head) == HEADER ? 64 : 0;
}

/* ---------------------------------------------------------------- names */

/* 5C separates folders unless it is the second byte of a CP932 character (表, ソ, 能). */
static void separators(uint8_t *p, size_t n)
{
    bool pairs = !sk_utf8_valid((const char *)p, n) && sk_charset_guess(p, n, false).best != SK_CS_EUCJP;
    for (size_t i = 0; i < n; i++) {
        if (p[i] == 0xFF || p[i] == '\\')
            p[i] = '/';
        else if (pairs && i + 1 < n && ((p[i] >= 0x81 && p[i] <= 0x9F) || (p[i] >= 0xE0 && p[i] <= 0xFC)))
            i++;
    }
}

static size_t name_bytes(const struct header *h, char *out, size_t cap)
{
    uint8_t raw[NAME_BYTES];
    size_t n = 0;
    struct sk_bytes folder = h->folder, name = h->name;
    while (folder.n && (folder.p[folder.n - 1] == 0xFF || folder.p[folder.n - 1] == 0))
        folder.n--;
    for (size_t i = 0; i < folder.n && n < NAME_BYTES / 2; i++)
        raw[n++] = folder.p[i];
    if (n)
        raw[n++] = 0xFF;
    for (size_t i = 0; i < name.n && name.p[i] && n < NAME_BYTES; i++)
        raw[n++] = name.p[i];
    separators(raw, n);
    return sk_member_name(raw, n, out, cap);
}

static size_t from_utf16(struct sk_bytes b, char *out, size_t cap)
{
    uint8_t raw[NAME_BYTES];
    size_t n = 0;
    for (size_t i = 0; i + 1 < b.n && n + 2 <= NAME_BYTES; i += 2) {
        bool separator = (b.p[i] == 0xFF && b.p[i + 1] == 0xFF) || (b.p[i] == '\\' && b.p[i + 1] == 0);
        raw[n++] = separator ? '/' : b.p[i];
        raw[n++] = separator ? 0 : b.p[i + 1];
    }
    return sk_to_utf8(SK_CS_UTF16LE, raw, n, out, cap);
}

/* Folder and name are in Unicode each for itself, where the archiver's encoding would not do. */
static size_t member_name(const struct header *h, char *out, size_t cap)
{
    struct header folder = *h, name = *h;
    if (h->folder16.n == 0 && h->name16.n == 0)
        return name_bytes(h, out, cap);
    folder.name.n = name.folder.n = 0;
    size_t n = h->folder16.n ? from_utf16(h->folder16, out, cap / 2) : name_bytes(&folder, out, cap / 2);
    if (n && out[n - 1] != '/')
        out[n++] = '/';
    return n + (h->name16.n ? from_utf16(h->name16, out + n, cap - n) : name_bytes(&name, out + n, cap - n));
}

/* ---------------------------------------------------------------- reading forward */

struct lha {
    struct sk_job *job;
    struct sk_archive_space *space;
    uint64_t base; /* offset of the first byte held */
    size_t n;      /* bytes held */
    bool io_error;

    /* the member in hand */
    uint64_t data, left; /* packed bytes to come */
    LHADecoder *decoder;
    uint64_t out;
    bool cut, spent, stopped;
};

/* Up to n bytes at an offset at or behind what is held; the source may be a stream, so it is read once. */
static struct sk_bytes at(struct lha *l, uint64_t off, size_t n)
{
    uint8_t *buf = l->space->in;
    if (n > sizeof(l->space->in))
        n = sizeof(l->space->in);
    if (off < l->base)
        return sk_bytes(buf, 0);
    size_t drop = off - l->base < l->n ? (size_t)(off - l->base) : l->n;
    if (off + n > l->base + l->n || drop == l->n) {
        memmove(buf, buf + drop, l->n - drop);
        l->n -= drop;
        l->base = off;
        while (l->n < n) {
            ssize_t r = sk_source_read(l->job->source, l->base + l->n, buf + l->n, sizeof(l->space->in) - l->n);
            l->io_error |= r < 0;
            if (r <= 0)
                break;
            l->n += (size_t)r;
        }
        drop = 0;
    }
    return sk_bytes(buf + drop, n < l->n - drop ? n : l->n - drop);
}

static size_t on_packed(void *buf, size_t n, void *ctx)
{
    struct lha *l = ctx;
    struct sk_bytes b = at(l, l->data, n < l->left ? n : (size_t)l->left);
    l->cut |= b.n == 0 && l->left > 0;
    if (b.n)
        memcpy(buf, b.p, b.n);
    l->data += b.n;
    l->left -= b.n;
    return b.n;
}

static ssize_t on_pull(void *ctx, void *buf, size_t n)
{
    struct lha *l = ctx;
    if (l->spent || !sk_budget_time(l->job->budget))
        return 0;
    size_t got = lha_decoder_read(l->decoder, buf, n);
    l->spent = got > 0 && !sk_budget_expand(l->job->budget, got);
    l->out += got;
    return (ssize_t)got;
}

/* ---------------------------------------------------------------- members */

static enum sk_reason outcome_of(struct lha *l, const struct header *h)
{
    uint8_t rest[4096];
    while (on_pull(l, rest, sizeof(rest)) > 0) /* what the child did not read still has a checksum */
        ;
    if (l->spent || l->job->budget->is_cancelled)
        return l->job->budget->spent;
    bool whole = l->out == h->size && !l->cut && (!h->has_crc || lha_decoder_get_crc(l->decoder) == h->crc);
    return whole ? SK_WHY_NONE : SK_WHY_DAMAGED;
}

static bool give(struct lha *l, const struct header *h, uint64_t data)
{
    const struct sk_sink *sink = l->job->sink;
    char name[NAME_BYTES * 2], method[6];
    size_t n = member_name(h, name, sizeof(name));
    uint32_t part = sink->part(sink->ctx, l->job->part, name, n, SK_SHOWN);
    if (part == 0) {
        sink->reason(sink->ctx, l->job->part, SK_WHY_TOO_LARGE, "members");
        return false;
    }
    memcpy(method, h->method, sizeof(method));
    LHADecoderType *type = lha_decoder_for_name(method);
    if (!type) {
        method[4] = '\0';
        sink->reason(sink->ctx, part, SK_WHY_UNSUPPORTED, method + 1);
        return true;
    }
    l->data = data;
    l->left = h->packed;
    l->out = 0;
    l->cut = l->spent = false;
    l->decoder = h->size <= SIZE_MAX ? lha_decoder_new(type, on_packed, l, (size_t)h->size) : NULL;
    struct sk_source *s = l->decoder ? sk_source_stream(on_pull, l, h->size) : NULL;
    enum sk_reason why = SK_WHY_TOO_LARGE;
    bool more = true;
    if (s) {
        more = sink->child(sink->ctx, part, s);
        why = outcome_of(l, h);
    }
    if (why != SK_WHY_NONE)
        sink->reason(sink->ctx, part, why, "");
    sk_source_free(s);
    if (l->decoder)
        lha_decoder_free(l->decoder);
    l->decoder = NULL;
    l->stopped = !more && l->job->budget->spent == SK_WHY_NONE;
    return more && !l->spent;
}

/* Offset of the next header at or behind off: behind damage, and of an archive that was put behind another one. */
static bool search(struct lha *l, uint64_t off, uint64_t *found)
{
    struct header h;
    for (struct sk_bytes b; sk_budget_time(l->job->budget) && (b = at(l, off, 2 * HEADER_MAX)).n > BASE_BYTES;) {
        size_t last = b.n - BASE_BYTES, most = last < HEADER_MAX ? last : HEADER_MAX;
        for (size_t i = 0; i < most; i++) {
            const uint8_t *dash = memchr(b.p + i + 2, '-', most - i);
            if (!dash)
                break;
            i = (size_t)(dash - b.p) - 2;
            if (is_method(dash) && parse(&h, sk_bytes(b.p + i, b.n - i)) == HEADER) {
                *found = off + i;
                return true;
            }
        }
        off += most;
    }
    return false;
}

static void read_members(struct lha *l)
{
    const struct sk_sink *sink = l->job->sink;
    struct header h;
    for (uint64_t off = 0, next;; off = next) {
        enum outcome o = parse(&h, at(l, off, HEADER_MAX));
        if (o != HEADER) {
            if (o == BAD)
                sink->reason(sink->ctx, l->job->part, SK_WHY_DAMAGED, "");
            if (!search(l, off, &next))
                return;
            continue;
        }
        next = off + h.length + h.packed;
        if (strcmp(h.method, "-lhd-") == 0) /* a folder or a link: no content, never followed */
            continue;
        if (!sk_budget_member(l->job->budget) || !give(l, &h, off + h.length))
            return;
    }
}

bool sk_extract_lha(struct sk_job *job)
{
    const struct sk_sink *sink = job->sink;
    struct lha l = { .job = job, .space = sk_scratch_archive_take(job->scratch) };
    sink->format(sink->ctx, job->part, "lzh");
    if (!l.space) {
        sink->reason(sink->ctx, job->part, SK_WHY_TOO_LARGE, "memory");
        return true;
    }
    read_members(&l);
    if (l.io_error)
        sink->reason(sink->ctx, job->part, SK_WHY_DAMAGED, "");
    sk_scratch_archive_give(job->scratch, l.space);
    return !l.stopped;
}
