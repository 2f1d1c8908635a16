/*
 * zip_directory.c - which members does this file hold? The central directory (APPNOTE 4.3.12, zip64 4.3.14) is believed
 * first; bytes that it does not cover are searched for local headers, because data can be hidden there, archives can
 * stand one behind the other, and a cut file has no directory at all.
 */
#include "base/utf8.h"
#include "extract/zip_inner.h"

#include <stdlib.h>

#define WINDOW_MAX ((size_t)256 << 10)
#define MARK32 0xFFFFFFFFu

const uint8_t *zip_view(struct sk_zip *z, uint64_t off, size_t n, size_t ahead)
{
    if (off > z->size || n > z->size - off || n > WINDOW_MAX)
        return NULL;
    if (z->all.n)
        return z->all.p + off;
    struct zip_window *w = &z->window;
    if (w->p && off >= w->base && off - w->base <= w->n && n <= w->n - (off - w->base))
        return w->p + (off - w->base);
    if (!w->p && !(w->p = malloc(WINDOW_MAX)))
        return NULL;
    size_t want = n + ahead < WINDOW_MAX ? n + ahead : WINDOW_MAX;
    if (want > z->size - off)
        want = (size_t)(z->size - off);
    w->base = off;
    w->n = 0;
    while (w->n < want) {
        ssize_t got = sk_source_read(z->source, off + w->n, w->p + w->n, want - w->n);
        if (got <= 0)
            break;
        w->n += (size_t)got;
    }
    return w->n >= n ? w->p : NULL;
}

bool zip_data_at(struct sk_zip *z, const struct sk_zip_member *m, uint64_t *at)
{
    const uint8_t *p = zip_view(z, m->header_offset, ZIP_LOCAL, 0);
    if (!p)
        return false;
    struct sk_bytes b = sk_bytes(p, ZIP_LOCAL);
    if (!SK_STARTS(b, "PK\003\004"))
        return false;
    uint16_t name_n = 0, extra_n = 0;
    sk_skip(&b, 26);
    sk_u16le(&b, &name_n);
    sk_u16le(&b, &extra_n);
    *at = m->header_offset + ZIP_LOCAL + name_n + extra_n;
    return *at <= z->size;
}

/* ---------------------------------------------------------------- one header's variable part */

static uint32_t crc32_plain(const uint8_t *p, size_t n)
{
    uint32_t c = 0xFFFFFFFFu;
    for (size_t i = 0; i < n; i++) {
        c ^= p[i];
        for (int k = 0; k < 8; k++)
            c = c >> 1 ^ (c & 1 ? 0xEDB88320u : 0);
    }
    return ~c;
}

struct extras {
    struct sk_bytes zip64, unicode, aes;
};

static void split_extras(struct sk_bytes extra, struct extras *e)
{
    uint16_t id, n;
    struct sk_bytes v;
    memset(e, 0, sizeof(*e));
    while (sk_u16le(&extra, &id) && sk_u16le(&extra, &n) && sk_take(&extra, n, &v)) {
        if (id == 0x0001)
            e->zip64 = v;
        else if (id == 0x7075)
            e->unicode = v;
        else if (id == 0x9901)
            e->aes = v;
    }
}

/* 0x7075 counts only while it was made for this very name: its CRC-32 says so (APPNOTE 4.6.9). */
static bool unicode_name(struct sk_bytes field, struct sk_bytes raw, struct sk_bytes *name)
{
    uint8_t version;
    uint32_t crc;
    if (!sk_u8(&field, &version) || version != 1 || !sk_u32le(&field, &crc) || crc != crc32_plain(raw.p, raw.n))
        return false;
    *name = field;
    return field.n > 0 && sk_utf8_valid((const char *)field.p, field.n);
}

static bool set_name(struct sk_zip *z, struct sk_zip_member *m, struct sk_bytes raw, const struct extras *e)
{
    char *own = sk_arena_string(&z->names, (const char *)raw.p, raw.n);
    if (!own)
        return false;
    m->raw_name = (const uint8_t *)own;
    m->raw_name_n = (uint16_t)raw.n;
    struct sk_bytes name = raw;
    if (((m->flags & 0x800) && sk_utf8_valid((const char *)raw.p, raw.n)) || unicode_name(e->unicode, raw, &name)) {
        m->name = sk_arena_string(&z->names, (const char *)name.p, name.n);
    } else {
        size_t cap = raw.n * 4 + 16;
        m->name = sk_arena_alloc(&z->names, cap);
        if (m->name)
            m->name[sk_member_name(raw.p, raw.n, m->name, cap - 1)] = '\0';
    }
    if (!m->name)
        return false;
    for (char *s = m->name; *s; s++)
        if (*s == '\\')
            *s = '/';
    return true;
}

/* AE-x strength 1, 2, 3 = AES-128, 192, 256 (WinZip's specification); bit 6 or a hidden directory = PKWARE's strong
 * encryption. */
static void set_encryption(struct sk_zip_member *m, struct sk_bytes aes)
{
    static const char *const AES[] = { "zip-unknown", "zip-aes128", "zip-aes192", "zip-aes256" };
    m->encrypted = (m->flags & 1) || m->method == 99;
    if (!m->encrypted)
        return;
    m->encryption = m->flags & 0x2040 ? "zip-unknown" : "zipcrypto";
    if (m->method == 99 || aes.n >= 7)
        m->encryption = aes.n >= 7 && aes.p[4] <= 3 ? AES[aes.p[4]] : "zip-unknown";
}

static void finish(struct sk_zip_member *m)
{
    size_t n = strlen(m->name);
    m->folder = n > 0 && m->name[n - 1] == '/' && m->size == 0;
}

static struct sk_zip_member *new_member(struct sk_zip *z)
{
    /* One more than may be scanned: the caller's budget then tells that there were too many. */
    if (z->n > z->budget->limits.max_members || !sk_grow(&z->members, &z->cap, z->n + 1, sizeof(*z->members)))
        return NULL;
    struct sk_zip_member *m = &z->members[z->n];
    memset(m, 0, sizeof(*m));
    return m;
}

/* ---------------------------------------------------------------- the central directory */

static void central_sizes(struct sk_zip_member *m, struct sk_bytes zip64)
{
    if (m->size == MARK32)
        sk_u64le(&zip64, &m->size);
    if (m->packed == MARK32)
        sk_u64le(&zip64, &m->packed);
    if (m->header_offset == MARK32)
        sk_u64le(&zip64, &m->header_offset);
}

/* What a local header and a line of the directory have in common (APPNOTE 4.3.7, 4.3.12), from the flags on. */
struct common {
    uint16_t flags, method, name_n, extra_n;
    uint32_t crc, packed, size;
};

static struct common common_fields(struct sk_bytes *b)
{
    struct common c = { 0 };
    sk_u16le(b, &c.flags);
    sk_u16le(b, &c.method);
    sk_skip(b, 4);
    sk_u32le(b, &c.crc);
    sk_u32le(b, &c.packed);
    sk_u32le(b, &c.size);
    sk_u16le(b, &c.name_n);
    sk_u16le(b, &c.extra_n);
    return c;
}

/* name: the bytes behind the fixed fields, the extra fields behind them. False without memory. */
static bool set_common(struct sk_zip *z, struct sk_zip_member *m, const struct common *c, const uint8_t *name)
{
    struct extras e;
    split_extras(sk_bytes(name + c->name_n, c->extra_n), &e);
    m->flags = c->flags;
    m->method = c->method;
    m->crc = c->crc;
    m->packed = c->packed;
    m->size = c->size;
    central_sizes(m, e.zip64);
    set_encryption(m, e.aes);
    return set_name(z, m, sk_bytes(name, c->name_n), &e);
}

/* One line at *at, moved behind it. False: no further line. */
static bool central_line(struct sk_zip *z, uint64_t *at, uint64_t end, uint64_t shift)
{
    const uint8_t *p = zip_view(z, *at, ZIP_CENTRAL, WINDOW_MAX);
    if (!p || *at + ZIP_CENTRAL > end)
        return false;
    struct sk_bytes b = sk_bytes(p, ZIP_CENTRAL);
    if (!SK_STARTS(b, "PK\001\002"))
        return false;
    uint16_t comment_n = 0, disk = 0;
    uint32_t offset = 0;
    sk_skip(&b, 8);
    struct common c = common_fields(&b);
    sk_u16le(&b, &comment_n);
    sk_u16le(&b, &disk);
    sk_skip(&b, 6); /* attributes */
    sk_u32le(&b, &offset);
    size_t total = (size_t)ZIP_CENTRAL + c.name_n + c.extra_n + comment_n;
    if (total > end - *at || !(p = zip_view(z, *at, total, WINDOW_MAX)))
        return false;
    struct sk_zip_member *m = new_member(z);
    if (!m)
        return false;
    m->header_offset = offset;
    if (!set_common(z, m, &c, p + ZIP_CENTRAL))
        return false;
    if (disk && disk < sk_source_stretches(z->source)) /* of a split archive: offsets are those on the volume */
        shift = sk_source_stretch(z->source, disk);
    m->header_offset = m->header_offset > UINT64_MAX - shift ? UINT64_MAX : m->header_offset + shift;
    finish(m);
    z->n++;
    *at += total;
    return true;
}

struct end_record {
    uint64_t at, entries, bytes, offset; /* at: of the first of the end records */
    uint64_t behind;                     /* first byte after the last of them */
    uint16_t disk;                       /* which volume of a split archive holds the directory */
};

/* The zip64 end record stands before its locator, which stands before the end record. */
static void zip64_end(struct sk_zip *z, struct end_record *e)
{
    if (e->at < 20)
        return;
    const uint8_t *p = zip_view(z, e->at - 20, 20, 0);
    struct sk_bytes b = sk_bytes(p, p ? 20 : 0);
    uint64_t declared, places[2];
    if (!p || !SK_STARTS(b, "PK\006\007") || !sk_skip(&b, 8) || !sk_u64le(&b, &declared))
        return;
    places[0] = declared;
    places[1] = e->at >= 76 ? e->at - 76 : 0; /* with a prefix the declared place is wrong */
    for (size_t i = 0; i < 2; i++) {
        p = zip_view(z, places[i], 56, 0);
        if (!p || memcmp(p, "PK\006\006", 4) != 0)
            continue;
        b = sk_bytes(p + 32, 24);
        sk_u64le(&b, &e->entries);
        sk_u64le(&b, &e->bytes);
        sk_u64le(&b, &e->offset);
        e->at = places[i];
        return;
    }
}

static bool find_end(struct sk_zip *z, struct end_record *e)
{
    uint64_t low = z->size > ZIP_END + 0xFFFFu ? z->size - ZIP_END - 0xFFFFu : 0;
    size_t n = (size_t)(z->size - low);
    const uint8_t *p = n >= ZIP_END ? zip_view(z, low, n, 0) : NULL;
    if (!p)
        return false;
    for (size_t i = n - ZIP_END + 1; i-- > 0;) {
        if (p[i] != 'P' || memcmp(p + i, "PK\005\006", 4) != 0)
            continue;
        struct sk_bytes b = sk_bytes(p + i + 8, 14);
        uint16_t here = 0, entries = 0, comment = 0;
        uint32_t bytes = 0, offset = 0;
        e->disk = (uint16_t)(p[i + 4] | p[i + 5] << 8);
        sk_u16le(&b, &here);
        sk_u16le(&b, &entries);
        sk_u32le(&b, &bytes);
        sk_u32le(&b, &offset);
        sk_u16le(&b, &comment);
        if (i + ZIP_END + comment > n)
            continue;
        e->at = low + i;
        e->behind = e->at + ZIP_END + comment;
        e->entries = entries;
        e->bytes = bytes;
        e->offset = offset;
        zip64_end(z, e);
        return true;
    }
    return false;
}

static bool is_signature(struct sk_zip *z, uint64_t at, const char *four)
{
    const uint8_t *p = zip_view(z, at, 4, 64);
    return p && memcmp(p, four, 4) == 0;
}

/* Bytes before the archive (a program) move everything, but some writers had counted them already. */
static uint64_t find_shift(struct sk_zip *z, const struct end_record *e, uint64_t *directory_at)
{
    if (e->disk && e->disk < sk_source_stretches(z->source) && e->bytes <= e->at) { /* the last volume of a set */
        *directory_at = e->at - e->bytes;
        return 0;
    }
    if (e->bytes <= e->at && e->offset <= e->at - e->bytes) {
        uint64_t real = e->at - e->bytes;
        if (e->bytes == 0 || is_signature(z, real, "PK\001\002")) {
            *directory_at = real;
            return real - e->offset;
        }
    }
    *directory_at = e->offset;
    return 0;
}

static void check_shift(struct sk_zip *z, uint64_t shift)
{
    uint64_t at;
    if (shift == 0 || z->n == 0 || zip_data_at(z, &z->members[0], &at))
        return;
    z->members[0].header_offset -= shift;
    bool plain = zip_data_at(z, &z->members[0], &at);
    z->members[0].header_offset += shift;
    for (size_t i = 0; plain && i < z->n; i++)
        z->members[i].header_offset -= shift;
}

bool zip_read_directory(struct sk_zip *z, uint64_t *directory_at, uint64_t *end_at)
{
    struct end_record e = { 0 };
    *directory_at = *end_at = z->size;
    if (!find_end(z, &e)) {
        z->damaged = true;
        return false;
    }
    uint64_t shift = find_shift(z, &e, directory_at), at = *directory_at;
    while (at < e.at && sk_budget_time(z->budget) && central_line(z, &at, e.at, shift))
        ;
    check_shift(z, shift);
    /* More than 65535 members without zip64: the count is only its low half. */
    if (z->n < e.entries || ((z->n ^ e.entries) & 0xFFFF))
        z->damaged = z->n <= z->budget->limits.max_members;
    if (z->n == 0 && e.entries > 0) {
        *directory_at = z->size;
        return false;
    }
    *end_at = e.behind;
    return true;
}

/* ---------------------------------------------------------------- local headers outside the list */

static bool plausible(const uint8_t *p)
{
    static const uint8_t METHODS[] = { 0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 12, 14, 19, 20, 93, 94, 95, 96, 97, 98, 99 };
    unsigned needed = p[4], name_n = (unsigned)p[26] | (unsigned)p[27] << 8;
    if (needed > 63 || name_n == 0 || name_n > 4096 || p[9] != 0)
        return false;
    return memchr(METHODS, p[8], sizeof(METHODS)) != NULL;
}

/* Where do the packed bytes of a member end whose header does not say? At its descriptor, else at the next header. */
static uint64_t find_packed_end(struct sk_zip *z, struct sk_zip_member *m, uint64_t from, uint64_t end)
{
    for (uint64_t at = from; at + 4 <= end && sk_budget_time(z->budget);) {
        size_t n = end - at < WINDOW_MAX / 2 ? (size_t)(end - at) : WINDOW_MAX / 2;
        const uint8_t *p = zip_view(z, at, n, 0);
        if (!p)
            return end;
        for (size_t i = 0; i + 4 <= n; i++) {
            const uint8_t *hit = memchr(p + i, 'P', n - 3 - i);
            if (!hit)
                break;
            i = (size_t)(hit - p);
            if (memcmp(hit, "PK\003\004", 4) == 0 || memcmp(hit, "PK\001\002", 4) == 0)
                return at + i;
            if (memcmp(hit, "PK\007\010", 4) != 0 || n - i < 16)
                continue;
            struct sk_bytes b = sk_bytes(hit + 4, 12);
            uint32_t crc = 0, packed = 0, size = 0;
            sk_u32le(&b, &crc);
            sk_u32le(&b, &packed);
            sk_u32le(&b, &size);
            if (packed != at + i - from)
                continue;
            m->crc = crc;
            m->size = size;
            m->unsized = false;
            return at + i;
        }
        if (n < 16 || at + n >= end)
            break;
        at += n - 15;
    }
    m->cut = true;
    return end;
}

/* A local header at `at`; returns where to look on, at + 1 when it was none. */
static uint64_t local_member(struct sk_zip *z, uint64_t at, uint64_t end)
{
    const uint8_t *p = zip_view(z, at, ZIP_LOCAL, 4096);
    if (!p || !plausible(p))
        return at + 1;
    struct sk_bytes b = sk_bytes(p + 6, ZIP_LOCAL - 6);
    struct common c = common_fields(&b);
    uint64_t data = at + ZIP_LOCAL + c.name_n + c.extra_n;
    if (data > end || !(p = zip_view(z, at, (size_t)(data - at), 0)))
        return at + 1;
    struct sk_zip_member *m = new_member(z);
    if (!m)
        return end;
    m->unlisted = true;
    m->header_offset = at;
    if (!set_common(z, m, &c, p + ZIP_LOCAL))
        return end;
    if ((c.flags & 8) && c.packed == 0) {
        m->unsized = true;
        m->size = SK_SIZE_UNKNOWN;
        m->packed = find_packed_end(z, m, data, end) - data;
    } else if (m->packed > end - data) {
        if (end < z->size || (c.method == 0 && m->packed != m->size))
            return at +
                   1; /* reaches into what is listed, or contradicts itself: no header but bytes that look like one */
        m->packed = end - data;
        m->cut = true;
    }
    finish(m);
    z->n++;
    if (m->cut && c.method != 0)
        return data;
    return data + m->packed > at ? data + m->packed : at + 1;
}

static bool search_gap(struct sk_zip *z, uint64_t at, uint64_t end)
{
    while (at < end && end - at >= ZIP_LOCAL) {
        if (!sk_budget_time(z->budget))
            return false;
        size_t n = end - at < WINDOW_MAX / 2 ? (size_t)(end - at) : WINDOW_MAX / 2;
        const uint8_t *p = zip_view(z, at, n, 0);
        if (!p)
            return true;
        size_t hit = sk_find(sk_bytes(p, n), 0, "PK\003\004", 4);
        if (hit != SIZE_MAX)
            at = end - (at + hit) < ZIP_LOCAL ? end : local_member(z, at + hit, end);
        else
            at += n == end - at ? n : n - 3;
    }
    return true;
}

struct range {
    uint64_t begin, end;
};

static int by_begin(const void *a, const void *b)
{
    uint64_t x = ((const struct range *)a)->begin, y = ((const struct range *)b)->begin;
    return x < y ? -1 : x > y;
}

bool zip_read_gaps(struct sk_zip *z, uint64_t directory_at, uint64_t end_at)
{
    size_t listed = z->n, used = 0;
    struct range *r = sk_new(listed + 1, sizeof(*r));
    if (!r)
        return false;
    for (size_t i = 0; i < listed; i++) {
        uint64_t data;
        if (!zip_data_at(z, &z->members[i], &data))
            continue;
        uint64_t left = z->size - data, packed = z->members[i].packed;
        r[used++] = (struct range){ z->members[i].header_offset, data + (packed < left ? packed : left) };
    }
    if (end_at > directory_at)
        r[used++] = (struct range){ directory_at, end_at };
    qsort(r, used, sizeof(*r), by_begin);
    uint64_t at = 0;
    bool ok = true;
    for (size_t i = 0; ok && i < used; i++) {
        if (r[i].begin > at)
            ok = search_gap(z, at, r[i].begin);
        if (r[i].end > at)
            at = r[i].end;
    }
    if (ok && at < z->size)
        ok = search_gap(z, at, z->size);
    free(r);
    return ok;
}
