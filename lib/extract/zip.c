/* zip.c - members of a ZIP file as bytes: whole ones by libdeflate, streams by zlib, rare methods by libarchive. */
#include "extract/inflate64.h"
#include "extract/zip_inner.h"

#include <archive.h>
#include <archive_entry.h>
#include <libdeflate.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#define HOLD_WHOLE ((uint64_t)64 << 20) /* files up to this size are read once, as a whole */
#define CHUNK ((size_t)64 << 10)

/* ---------------------------------------------------------------- opening */

/* The directory stands at the end: an archive that comes as a stream is held in memory. */
static bool hold_stream(struct sk_zip *z)
{
    if (!sk_source_all(z->source, z->budget->limits.max_member_bytes, z->budget, &z->all_hold, &z->all))
        return false;
    return (z->source = z->own = sk_source_memory(z->all)) != NULL;
}

static struct sk_zip *new_zip(struct sk_source *source, struct sk_budget *budget)
{
    struct sk_zip *z = sk_new(1, sizeof(*z));
    if (!z)
        return NULL;
    z->source = source;
    z->budget = budget;
    z->flow_why = SK_WHY_NONE;
    sk_arena_init(&z->names, (size_t)512 << 20);
    sk_buf_init(&z->packed, (size_t)1 << 40);
    sk_buf_init(&z->all_hold, SIZE_MAX / 2);
    if (!sk_source_random(source) && !hold_stream(z)) {
        sk_zip_close(z);
        return NULL;
    }
    z->size = sk_source_size(z->source);
    return z;
}

static size_t name_hash(const char *s)
{
    uint64_t h = 0xCBF29CE484222325u;
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        if (c >= 'A' && c <= 'Z')
            c = (unsigned char)(c + 32);
        h = (h ^ (c == '\\' ? '/' : c)) * 0x100000001B3u;
    }
    return (size_t)(h ^ h >> 32);
}

static bool same_name(const char *a, const char *b)
{
    for (;; a++, b++) {
        unsigned char x = (unsigned char)(*a == '\\' ? '/' : *a), y = (unsigned char)(*b == '\\' ? '/' : *b);
        if (x >= 'A' && x <= 'Z')
            x = (unsigned char)(x + 32);
        if (y >= 'A' && y <= 'Z')
            y = (unsigned char)(y + 32);
        if (x != y)
            return false;
        if (!x)
            return true;
    }
}

static bool index_names(struct sk_zip *z)
{
    size_t n = 16;
    while (n < z->n * 2)
        n *= 2;
    z->index = sk_new(n, sizeof(*z->index));
    if (!z->index)
        return false;
    z->index_n = n;
    for (size_t i = 0; i < z->n; i++) {
        size_t at = name_hash(z->members[i].name) & (n - 1);
        while (z->index[at] && !same_name(z->members[z->index[at] - 1].name, z->members[i].name))
            at = (at + 1) & (n - 1);
        if (!z->index[at])
            z->index[at] = (uint32_t)i + 1;
    }
    return true;
}

static struct sk_zip *opened(struct sk_zip *z, bool ok)
{
    if (ok && z->n > 0 && index_names(z))
        return z;
    sk_zip_close(z);
    return NULL;
}

struct sk_zip *sk_zip_open(struct sk_source *source, struct sk_budget *budget, bool *damaged)
{
    *damaged = false;
    struct sk_zip *z = new_zip(source, budget);
    if (!z)
        return NULL;
    if (!z->own && z->size <= HOLD_WHOLE && z->size <= budget->limits.max_member_bytes)
        sk_source_all(source, HOLD_WHOLE, budget, &z->all_hold, &z->all);
    if (z->all.n < z->size)
        z->all.n = 0;
    uint64_t directory_at, end_at;
    zip_read_directory(z, &directory_at, &end_at);
    bool ok = zip_read_gaps(z, directory_at, end_at);
    *damaged = z->damaged;
    return opened(z, ok || z->n > 0);
}

struct sk_zip *sk_zip_open_listed(struct sk_source *source, struct sk_budget *budget)
{
    struct sk_zip *z = new_zip(source, budget);
    uint64_t directory_at, end_at;
    return z ? opened(z, zip_read_directory(z, &directory_at, &end_at)) : NULL;
}

size_t sk_zip_count(const struct sk_zip *z)
{
    return z->n;
}

const struct sk_zip_member *sk_zip_at(const struct sk_zip *z, size_t i)
{
    return &z->members[i];
}

size_t sk_zip_find(const struct sk_zip *z, const char *name)
{
    for (size_t at = name_hash(name) & (z->index_n - 1); z->index[at]; at = (at + 1) & (z->index_n - 1))
        if (same_name(z->members[z->index[at] - 1].name, name))
            return z->index[at] - 1;
    return SIZE_MAX;
}

const char *sk_zip_method_name(uint16_t method, char *buf, size_t cap)
{
    static const char *const NAMES[] = { [1] = "shrink", [6] = "implode", [12] = "bzip2", [14] = "lzma" };
    if (method < sizeof(NAMES) / sizeof(NAMES[0]) && NAMES[method])
        return NAMES[method];
    snprintf(buf, cap, "method %u", method);
    return buf;
}

/* ---------------------------------------------------------------- a member piece by piece */

struct zip_flow {
    struct sk_zip *zip;
    const struct sk_zip_member *member;
    uint64_t at, left; /* packed bytes: next, remaining */
    uint64_t produced;
    uint32_t crc;
    bool done;
    z_stream inflate;
    bool inflating;
    struct archive *archive;
    struct sk_inflate64 *inflate64;
    uint8_t header[ZIP_LOCAL + 1];
    bool header_given;
    uint8_t in[CHUNK];
};

/* Next packed bytes of the member into f->in. */
static size_t fill(struct zip_flow *f)
{
    size_t want = f->left < CHUNK ? (size_t)f->left : CHUNK, have = 0;
    while (have < want) {
        ssize_t got = sk_source_read(f->zip->source, f->at, f->in + have, want - have);
        if (got <= 0)
            break;
        have += (size_t)got;
        f->at += (uint64_t)got;
    }
    f->left = have < want ? 0 : f->left - have;
    return have;
}

/* libarchive reads the rare methods when it is shown an archive of this one member. */
static la_ssize_t give_archive(struct archive *a, void *ctx, const void **p)
{
    (void)a;
    struct zip_flow *f = ctx;
    if (!f->header_given) {
        f->header_given = true;
        *p = f->header;
        return sizeof(f->header);
    }
    *p = f->in;
    return (la_ssize_t)fill(f);
}

static size_t give_inflate64(void *ctx, const uint8_t **p)
{
    struct zip_flow *f = ctx;
    *p = f->in;
    return fill(f);
}

static void put32(uint8_t *p, uint64_t v)
{
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(v >> (8 * i));
}

static bool start_archive(struct zip_flow *f)
{
    const struct sk_zip_member *m = f->member;
    if (m->packed >= UINT32_MAX || m->size >= UINT32_MAX)
        return false;
    memcpy(f->header, "PK\003\004\077\0\0\0", 8);
    f->header[8] = (uint8_t)m->method;
    put32(f->header + 14, m->crc);
    put32(f->header + 18, m->packed);
    put32(f->header + 22, m->size);
    f->header[26] = 1;
    f->header[ZIP_LOCAL] = 'm';
    struct archive_entry *entry;
    f->archive = archive_read_new();
    return f->archive && archive_read_support_format_zip_streamable(f->archive) == ARCHIVE_OK &&
           archive_read_open(f->archive, f, NULL, give_archive, NULL) == ARCHIVE_OK &&
           archive_read_next_header(f->archive, &entry) >= ARCHIVE_WARN;
}

static void end_flow(struct zip_flow *f)
{
    if (f->inflating)
        inflateEnd(&f->inflate);
    f->inflating = false;
    if (f->archive)
        archive_read_free(f->archive);
    f->archive = NULL;
    sk_inflate64_free(f->inflate64);
    f->inflate64 = NULL;
}

static bool by_archive(uint16_t method)
{
    return method == 12 || method == 14 || method == 93 || method == 95 || method == 98;
}

static bool start_flow(struct sk_zip *z, struct zip_flow *f, const struct sk_zip_member *m)
{
    end_flow(f);
    f->zip = z;
    f->member = m;
    f->produced = 0;
    f->crc = 0;
    f->done = f->header_given = false;
    memset(f->header, 0, sizeof(f->header));
    memset(&f->inflate, 0, sizeof(f->inflate));
    f->left = m->packed;
    if (!zip_data_at(z, m, &f->at))
        return false;
    if (f->left > z->size - f->at)
        f->left = z->size - f->at;
    if (m->method == 8)
        return f->inflating = inflateInit2(&f->inflate, -MAX_WBITS) == Z_OK;
    if (m->method == 9)
        return (f->inflate64 = sk_inflate64_new(give_inflate64, f)) != NULL;
    return m->method == 0 || (by_archive(m->method) && start_archive(f));
}

/* Up to n inflated bytes (n >= CHUNK); 0 with f->done at a proper end; -1 on damage. */
static ssize_t flow_step(struct zip_flow *f, uint8_t *out, size_t n)
{
    if (n > CHUNK * 16)
        n = CHUNK * 16;
    if (f->archive) {
        la_ssize_t got = archive_read_data(f->archive, out, n);
        f->done = got == 0;
        return got < 0 ? -1 : (ssize_t)got;
    }
    if (f->inflate64) {
        ssize_t got = sk_inflate64_step(f->inflate64, out, n);
        f->done = got == 0;
        return got;
    }
    if (!f->inflating) {
        size_t got = fill(f);
        memcpy(out, f->in, got);
        f->done = got == 0;
        return (ssize_t)got;
    }
    f->inflate.next_out = out;
    f->inflate.avail_out = (uInt)n;
    while (f->inflate.avail_out == n) {
        if (f->inflate.avail_in == 0) {
            f->inflate.next_in = f->in;
            f->inflate.avail_in = (uInt)fill(f);
            if (f->inflate.avail_in == 0)
                return -1; /* no end mark before the end of the bytes */
        }
        int r = inflate(&f->inflate, Z_NO_FLUSH);
        if (r == Z_STREAM_END) {
            f->done = true;
            break;
        }
        if (r != Z_OK && r != Z_BUF_ERROR) {
            if (f->inflate.avail_out < n)
                break; /* give what there is; the next step fails again */
            return -1;
        }
    }
    return (ssize_t)(n - f->inflate.avail_out);
}

static bool flow_matches(const struct zip_flow *f)
{
    const struct sk_zip_member *m = f->member;
    if (m->unsized)
        return !m->cut;
    return !m->cut && f->produced == m->size && (f->crc == m->crc || f->archive);
}

static enum sk_reason spent(const struct sk_budget *b)
{
    return b->spent == SK_WHY_NONE ? SK_WHY_TIMEOUT : b->spent;
}

/* ---------------------------------------------------------------- streams */

/* The caller's buffers may be small: bytes wait here. */
struct pull {
    struct zip_flow flow;
    size_t from, to;
    uint8_t out[CHUNK * 2];
};

static ssize_t pull(void *ctx, void *buf, size_t n)
{
    struct pull *p = ctx;
    struct sk_zip *z = p->flow.zip;
    if (p->from == p->to) {
        if (z->flow_why == SK_WHY_DAMAGED)
            return -1;
        if (p->flow.done || z->flow_why != SK_WHY_NONE)
            return 0;
        ssize_t got = flow_step(&p->flow, p->out, sizeof(p->out));
        if (got > 0) {
            p->from = 0;
            p->to = (size_t)got;
            p->flow.produced += (uint64_t)got;
            p->flow.crc = libdeflate_crc32(p->flow.crc, p->out, (size_t)got);
            if (!sk_budget_expand(z->budget, (uint64_t)got)) {
                z->flow_why = spent(z->budget);
                p->from = p->to;
                return 0;
            }
        }
        if (got < 0 || (p->flow.done && !flow_matches(&p->flow)))
            z->flow_why = SK_WHY_DAMAGED;
        if (got <= 0)
            return z->flow_why == SK_WHY_DAMAGED ? -1 : 0;
    }
    size_t give = p->to - p->from < n ? p->to - p->from : n;
    memcpy(buf, p->out + p->from, give);
    p->from += give;
    return (ssize_t)give;
}

static struct zip_flow *the_flow(struct sk_zip *z)
{
    if (!z->flow)
        z->flow = sk_new(1, sizeof(struct pull));
    return z->flow;
}

struct sk_source *sk_zip_stream(struct sk_zip *z, size_t i)
{
    struct zip_flow *f = the_flow(z);
    struct pull *p = (struct pull *)f;
    z->flow_why = SK_WHY_NONE;
    if (!f || z->members[i].encrypted || !start_flow(z, f, &z->members[i]))
        return NULL;
    p->from = p->to = 0;
    return sk_source_stream(pull, p, z->members[i].size);
}

enum sk_reason sk_zip_stream_why(const struct sk_zip *z)
{
    return z->flow_why;
}

/* ---------------------------------------------------------------- whole members */

/* Piece by piece, for sizes that are not known or not believed, and to save what a damaged member still gives. */
static enum sk_reason read_slowly(struct sk_zip *z, const struct sk_zip_member *m, struct sk_buf *out)
{
    struct zip_flow *f = the_flow(z);
    if (!f)
        return SK_WHY_TOO_LARGE;
    if (!start_flow(z, f, m))
        return m->method != 0 && m->method != 8 && !f->archive ? SK_WHY_UNSUPPORTED : SK_WHY_DAMAGED;
    while (!f->done) {
        if (!sk_buf_reserve(out, CHUNK))
            return SK_WHY_TOO_LARGE;
        ssize_t got = flow_step(f, (uint8_t *)out->p + out->n, CHUNK);
        if (got < 0)
            return SK_WHY_DAMAGED;
        f->crc = libdeflate_crc32(f->crc, out->p + out->n, (size_t)got);
        f->produced += (uint64_t)got;
        out->n += (size_t)got;
        out->p[out->n] = '\0';
        if (!sk_budget_expand(z->budget, (uint64_t)got))
            return spent(z->budget);
    }
    return flow_matches(f) ? SK_WHY_NONE : SK_WHY_DAMAGED;
}

/* The packed bytes in memory; fewer than told when the file is cut. */
static bool packed_bytes(struct sk_zip *z, const struct sk_zip_member *m, struct sk_bytes *out)
{
    uint64_t at;
    if (!zip_data_at(z, m, &at))
        return false;
    uint64_t n = m->packed < z->size - at ? m->packed : z->size - at;
    if (z->all.n)
        return sk_slice(z->all, at, n, out);
    sk_buf_clear(&z->packed);
    if (n > SIZE_MAX - 1 || !sk_buf_reserve(&z->packed, (size_t)n))
        return false;
    while (z->packed.n < n) {
        ssize_t got = sk_source_read(z->source, at + z->packed.n, z->packed.p + z->packed.n, (size_t)n - z->packed.n);
        if (got <= 0)
            break;
        z->packed.n += (size_t)got;
    }
    *out = sk_bytes(z->packed.p, z->packed.n);
    return true;
}

/* Deflate cannot expand more than 1032 times; a header that tells more is not believed before memory is asked for. */
static bool believable(const struct sk_zip_member *m)
{
    return !m->unsized && !m->cut &&
           (m->method == 0 ? m->packed == m->size : m->method == 8 && m->size / 1032 <= m->packed);
}

static enum sk_reason read_fast(struct sk_zip *z, const struct sk_zip_member *m, struct sk_buf *out)
{
    struct sk_bytes in;
    if (!packed_bytes(z, m, &in))
        return SK_WHY_DAMAGED;
    if (m->method == 0) {
        if (!sk_buf_add(out, in.p, in.n))
            return SK_WHY_TOO_LARGE;
    } else {
        if (!z->inflater && !(z->inflater = libdeflate_alloc_decompressor()))
            return SK_WHY_TOO_LARGE;
        if (!sk_buf_reserve(out, (size_t)m->size))
            return SK_WHY_TOO_LARGE;
        size_t got = 0;
        enum libdeflate_result r =
            libdeflate_deflate_decompress(z->inflater, in.p, in.n, out->p, (size_t)m->size, &got);
        if (r != LIBDEFLATE_SUCCESS)
            return read_slowly(z, m, out); /* charged again: a hostile header must not make it free */
        out->n = got;
        out->p[got] = '\0';
    }
    return out->n == m->size && libdeflate_crc32(0, out->p, out->n) == m->crc ? SK_WHY_NONE : SK_WHY_DAMAGED;
}

enum sk_reason sk_zip_read(struct sk_zip *z, size_t i, struct sk_buf *out)
{
    const struct sk_zip_member *m = &z->members[i];
    uint64_t max = z->budget->limits.max_member_bytes;
    sk_buf_clear(out);
    out->ceiling = max > SIZE_MAX / 2 ? SIZE_MAX / 2 : (size_t)max;
    if (m->encrypted)
        return SK_WHY_ENCRYPTED;
    if (!m->unsized && m->size > max)
        return SK_WHY_TOO_LARGE;
    if (m->method != 0 && m->method != 8 && m->method != 9 && !by_archive(m->method))
        return SK_WHY_UNSUPPORTED;
    if (!believable(m))
        return read_slowly(z, m, out);
    if (!sk_budget_expand(z->budget, m->size))
        return spent(z->budget);
    return read_fast(z, m, out);
}

void sk_zip_close(struct sk_zip *z)
{
    if (!z)
        return;
    if (z->flow)
        end_flow(z->flow);
    free(z->flow);
    free(z->members);
    free(z->index);
    free(z->window.p);
    if (z->inflater)
        libdeflate_free_decompressor(z->inflater);
    sk_buf_free(&z->packed);
    sk_source_free(z->own);
    sk_buf_free(&z->all_hold);
    sk_arena_free(&z->names);
    free(z);
}
