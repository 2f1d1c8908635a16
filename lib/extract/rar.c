/*
 * rar.c - RAR 1.5 to 4 ("technote.txt" of WinRAR 4) and RAR 5 ("RAR 5.0 archive format", rarlab.com/technote.htm). Only
 * headers are read.
 */
#include "extract/rar.h"

#include "base/utf8.h"

#define HEADER_BYTES ((size_t)16 << 10) /* more than any name and its extra records */
#define MAX_HEADERS 200000u
#define NAME_BYTES 2048u

struct walk {
    struct sk_job *job;
    struct sk_source *source;
    uint64_t at;
    struct sk_rar *out;
    bool volume, later, more; /* one of several; the first file began in another; another must follow */
    uint32_t files;
    uint8_t buf[HEADER_BYTES];
};

static struct sk_bytes look(struct walk *w)
{
    ssize_t n = sk_source_read(w->source, w->at, w->buf, sizeof(w->buf));
    return sk_bytes(w->buf, n > 0 ? (size_t)n : 0);
}

/* Volumes that were joined stand one behind the other. False: this was the last. */
static bool next_volume(struct walk *w, const char *sign, size_t n)
{
    struct sk_bytes b = look(w);
    if (!sk_starts(b, sign, n))
        return false;
    w->at += n;
    return true;
}

static void note_file(struct walk *w, bool encrypted, const char *method, const char *name, size_t n, uint64_t size,
                      uint32_t crc)
{
    if (!encrypted) {
        w->out->clear++;
        return;
    }
    w->out->encrypted++;
    if (!w->out->method)
        w->out->method = method;
    w->job->sink->member(w->job->sink->ctx, w->job->part, name, n, size, crc);
}

static void slashes(char *name, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (name[i] == '\\')
            name[i] = '/';
}

/* ---------------------------------------------------------------- RAR 4 */

/* The packed Unicode form behind the NUL of a name: two-bit codes say whether a character is a low byte, a low byte
 * with the common high byte, a whole unit, or a run copied from the plain name. */
static size_t unpack_name(struct sk_bytes plain, struct sk_bytes packed, char *out, size_t cap)
{
    uint8_t high, flags = 0;
    unsigned bits = 0;
    size_t n = 0, at = 0; /* at: characters so far */
    if (!sk_u8(&packed, &high))
        return 0;
    while (packed.n && n + 8 < cap) {
        if (bits == 0) {
            if (!sk_u8(&packed, &flags))
                break;
            bits = 8;
        }
        uint8_t low, top = 0;
        unsigned code = flags >> 6;
        flags = (uint8_t)(flags << 2);
        bits -= 2;
        if (!sk_u8(&packed, &low) || (code == 2 && !sk_u8(&packed, &top)))
            break;
        if (code < 3) {
            uint32_t cp = low | (uint32_t)(code == 1 ? high : top) << 8;
            n += sk_utf8_put(out + n, cp);
            at++;
            continue;
        }
        uint8_t add = 0;
        if ((low & 0x80) && !sk_u8(&packed, &add))
            break;
        for (unsigned i = (low & 0x7Fu) + 2u; i && at < plain.n && n + 8 < cap; i--, at++) {
            uint32_t cp = low & 0x80 ? (uint32_t)((plain.p[at] + add) & 0xFF) | (uint32_t)high << 8 : plain.p[at];
            n += sk_utf8_put(out + n, cp);
        }
    }
    return n;
}

static size_t name4(struct sk_bytes raw, bool unicode, char *out, size_t cap)
{
    size_t nul = unicode ? sk_find(raw, 0, "", 1) : SIZE_MAX, n;
    if (nul == SIZE_MAX)
        n = sk_member_name(raw.p, raw.n, out, cap);
    else if ((n = unpack_name(sk_bytes(raw.p, nul), sk_bytes(raw.p + nul + 1, raw.n - nul - 1), out, cap)) == 0)
        n = sk_member_name(raw.p, nul, out, cap);
    slashes(out, n);
    return n;
}

static const char *method4(uint8_t version)
{
    return version >= 29 ? "rar4-aes128" : version >= 20 ? "rar2" : "rar15";
}

static void file4(struct walk *w, struct sk_bytes h, uint16_t flags, uint64_t *data)
{
    uint32_t packed, size, crc, packed_high = 0, size_high = 0;
    uint16_t name_n;
    uint8_t version;
    struct sk_bytes name;
    if (!sk_u32le(&h, &packed) || !sk_u32le(&h, &size) || !sk_skip(&h, 1) || !sk_u32le(&h, &crc) || !sk_skip(&h, 4) ||
        !sk_u8(&h, &version) || !sk_skip(&h, 1) || !sk_u16le(&h, &name_n) || !sk_skip(&h, 4) ||
        ((flags & 0x100) && (!sk_u32le(&h, &packed_high) || !sk_u32le(&h, &size_high))) ||
        !sk_take(&h, name_n, &name)) {
        w->out->damaged = true;
        return;
    }
    *data = packed | (uint64_t)packed_high << 32;
    w->volume |= (flags & 3) != 0;
    w->later |= w->files == 0 && (flags & 1);
    w->more = flags & 2;
    w->files++;
    if ((flags & 0xE0) == 0xE0)
        return; /* a folder */
    char text[NAME_BYTES];
    size_t n = name4(name, flags & 0x200, text, sizeof(text));
    note_file(w, flags & 4, method4(version), text, n, size | (uint64_t)size_high << 32, crc);
}

static bool block4(struct walk *w)
{
    struct sk_bytes b = look(w), h = b;
    uint16_t flags, size;
    uint8_t type;
    if (b.n == 0)
        return false;
    if (!sk_skip(&h, 2) || !sk_u8(&h, &type) || !sk_u16le(&h, &flags) || !sk_u16le(&h, &size) || size < 7 ||
        size > b.n || type < 0x72 || type > 0x7B) {
        w->out->damaged = true;
        return false;
    }
    h = sk_bytes(b.p + 7, size - 7u);
    uint64_t data = 0;
    uint32_t add;
    struct sk_bytes v = h;
    if ((flags & 0x8000) && sk_u32le(&v, &add))
        data = add;
    if (type == 0x73) {
        w->volume |= flags & 1;
        if (flags & 0x80) {
            w->out->encrypted_headers = true;
            w->out->method = "rar4-aes128";
            return false;
        }
    } else if (type == 0x74) {
        file4(w, h, flags, &data);
    } else if (type == 0x7B) {
        w->more = flags & 1;
        w->at += size + data;
        return next_volume(w, "Rar!\x1A\x07\0", 7);
    }
    w->at += size + data;
    return true;
}

/* ---------------------------------------------------------------- RAR 5 */

static bool vint(struct sk_bytes *b, uint64_t *out)
{
    uint64_t v = 0;
    for (unsigned shift = 0; shift < 70; shift += 7) {
        uint8_t c;
        if (!sk_u8(b, &c))
            return false;
        if (shift < 64)
            v |= (uint64_t)(c & 0x7F) << shift;
        if (!(c & 0x80)) {
            *out = v;
            return true;
        }
    }
    return false;
}

/* Extra record 1 of a file is its encryption; its flag 2 says that the checksum is a MAC and no CRC-32 of the content.
 */
static bool has_encryption(struct sk_bytes extra, bool *mac)
{
    uint64_t size, type, version, flags;
    struct sk_bytes record;
    while (extra.n && vint(&extra, &size) && size <= extra.n && sk_take(&extra, (size_t)size, &record))
        if (vint(&record, &type) && type == 1) {
            *mac = !vint(&record, &version) || !vint(&record, &flags) || (flags & 2);
            return true;
        }
    return false;
}

static void file5(struct walk *w, struct sk_bytes h, struct sk_bytes extra)
{
    uint64_t flags, size, unused, name_n;
    uint32_t crc = 0;
    struct sk_bytes name;
    if (!vint(&h, &flags) || !vint(&h, &size) || !vint(&h, &unused) || ((flags & 2) && !sk_skip(&h, 4)) ||
        ((flags & 4) && !sk_u32le(&h, &crc)) || !vint(&h, &unused) || !vint(&h, &unused) || !vint(&h, &name_n) ||
        name_n > h.n || !sk_take(&h, (size_t)name_n, &name)) {
        w->out->damaged = true;
        return;
    }
    if (flags & 1)
        return;
    char text[NAME_BYTES];
    size_t n = sk_member_name(name.p, name.n, text, sizeof(text));
    bool mac = false, encrypted = has_encryption(extra, &mac);
    note_file(w, encrypted, "rar5-aes256", text, n, size, mac ? 0 : crc);
}

static bool block5(struct walk *w)
{
    struct sk_bytes b = look(w), h = b, extra = { 0 };
    uint64_t size, type, flags, extra_n = 0, data = 0, archive;
    if (b.n == 0)
        return false;
    size_t all = b.n;
    if (!sk_skip(&h, 4) || !vint(&h, &size) || size == 0 || size > h.n) {
        w->out->damaged = true;
        return false;
    }
    uint64_t next = all - h.n + size;
    h.n = (size_t)size;
    if (!vint(&h, &type) || !vint(&h, &flags) || ((flags & 1) && !vint(&h, &extra_n)) ||
        ((flags & 2) && !vint(&h, &data)) || extra_n > h.n || data > (uint64_t)INT64_MAX) {
        w->out->damaged = true;
        return false;
    }
    extra = sk_bytes(h.p + (h.n - (size_t)extra_n), (size_t)extra_n);
    h.n -= (size_t)extra_n;
    if (type == 2) {
        w->later |= w->files == 0 && (flags & 0x08);
        w->more = flags & 0x10;
        w->files++;
    }
    w->volume |= (flags & 0x18) != 0;
    if (type == 1 && vint(&h, &archive)) {
        w->volume |= archive & 1;
    } else if (type == 2) {
        file5(w, h, extra);
    } else if (type == 4) {
        w->out->encrypted_headers = true;
        w->out->method = "rar5-aes256";
        return false;
    } else if (type == 5) {
        w->more = vint(&h, &archive) && (archive & 1);
        w->at += next;
        return next_volume(w, "Rar!\x1A\x07\x01\0", 8);
    }
    w->at += next + data;
    return true;
}

void sk_rar_read(struct sk_job *job, struct sk_source *source, uint64_t base, struct sk_rar *out)
{
    struct walk w = { .job = job, .source = source, .at = base, .out = out };
    memset(out, 0, sizeof(*out));
    struct sk_bytes sign = look(&w);
    bool five = SK_STARTS(sign, "Rar!\x1A\x07\x01");
    w.at += five ? 8 : 7;
    for (uint32_t i = 0; i < MAX_HEADERS && !out->damaged && sk_budget_time(job->budget); i++)
        if (w.at > (uint64_t)INT64_MAX || !(five ? block5(&w) : block4(&w)))
            break;
    out->volume = w.volume && (w.later || w.more);
}
