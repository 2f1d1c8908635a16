/*
 * fmt_exe.c - Windows programs. Code is nobody's data, but a program that unpacks itself carries an archive: behind the
 * code, or as a resource (IExpress). ZIP is found from its end (fmt_zip.c); the others are searched for here.
 */
#include "extract/scratch.h"

#include <zlib.h>

int sk_sniff_exe(struct sk_bytes head, struct sk_source *source);
bool sk_extract_exe(struct sk_job *job);
int sk_sniff_lha(struct sk_bytes head, struct sk_source *source);

#define STEP ((size_t)64 << 10)
#define LOOK ((size_t)64 << 10) /* what a candidate may show of itself */
#define MOST 64u                /* archives in one program */

int sk_sniff_exe(struct sk_bytes head, struct sk_source *source)
{
    (void)source;
    uint32_t pe;
    struct sk_bytes v = head, sign;
    uint16_t last, pages, header;
    if (!SK_STARTS(head, "MZ") || !sk_skip(&v, 2) || !sk_u16le(&v, &last) || !sk_u16le(&v, &pages) || !sk_skip(&v, 2) ||
        !sk_u16le(&v, &header))
        return 0;
    v = head;
    if (sk_skip(&v, 60) && sk_u32le(&v, &pe) && sk_slice(head, pe, 2, &sign) &&
        (SK_STARTS(sign, "PE") || SK_STARTS(sign, "NE") || SK_STARTS(sign, "LE")))
        return 64;
    return last < 512 && pages && header && header <= 4096 && head.n >= 64 ? 24 : 0;
}

/* ---------------------------------------------------------------- candidates: programs hold the signatures of what
 * they can unpack, so each must prove itself by its own checksum */

/* The checksum of the start header stands before it. */
static bool seven_zip(struct sk_bytes b)
{
    uint32_t crc;
    struct sk_bytes v = b, header;
    return SK_STARTS(b, "7z\xBC\xAF\x27\x1C\0") && sk_skip(&v, 8) && sk_u32le(&v, &crc) && sk_take(&v, 20, &header) &&
           crc32(0, header.p, 20) == crc;
}

static bool rar(struct sk_bytes b)
{
    struct sk_bytes v = b, header;
    uint16_t crc, size;
    uint32_t crc5;
    if (SK_STARTS(b, "Rar!\x1A\x07\0")) /* the archive header: sum, 73, flags, size */
        return sk_skip(&v, 7) && sk_u16le(&v, &crc) && v.n > 5 && v.p[0] == 0x73 &&
               (size = (uint16_t)(v.p[3] | v.p[4] << 8)) >= 13 && sk_take(&v, size - 2u, &header) &&
               (crc32(0, header.p, 11) & 0xFFFF) == crc;
    if (!SK_STARTS(b, "Rar!\x1A\x07\x01\0") || !sk_skip(&v, 8) || !sk_u32le(&v, &crc5) || v.n == 0)
        return false;
    return v.p[0] < 0x80 && sk_take(&v, v.p[0] + (size_t)1, &header) && crc32(0, header.p, (uInt)header.n) == crc5;
}

/* Version 1.3, reserved fields zero, sizes that fit; *n: its own length. */
static bool cabinet(struct sk_bytes b, uint64_t left, uint64_t *n)
{
    uint32_t zero, size, zero2, files, zero3;
    struct sk_bytes v = b;
    if (!SK_STARTS(b, "MSCF") || !sk_skip(&v, 4) || !sk_u32le(&v, &zero) || !sk_u32le(&v, &size) ||
        !sk_u32le(&v, &zero2) || !sk_u32le(&v, &files) || !sk_u32le(&v, &zero3) || v.n < 2)
        return false;
    *n = size;
    return !zero && !zero2 && !zero3 && v.p[0] == 3 && v.p[1] == 1 && size >= 44 && size <= left && files < size;
}

/* Is an archive here? *n: how long it is. */
static bool is_archive(struct sk_bytes b, uint64_t left, uint64_t *n)
{
    *n = left;
    /* LHA's signature stands behind two bytes that may be anything. */
    if (b.n > 6 && b.p[2] == '-' && b.p[3] == 'l' && b.p[6] == '-' && sk_sniff_lha(b, NULL) > 0)
        return true;
    switch (b.p[0]) {
    case '7':
        return seven_zip(b);
    case 'R':
        return rar(b);
    case 'M':
        return cabinet(b, left, n);
    default:
        return false;
    }
}

/* The next archive at or behind *at. */
static bool find(struct sk_job *job, struct sk_source *source, uint8_t *buf, uint64_t *at, uint64_t *n)
{
    uint64_t size = sk_source_size(source);
    while (*at < size && sk_budget_time(job->budget)) {
        ssize_t got = sk_source_read(source, *at, buf, STEP + LOOK);
        if (got <= 0)
            return false;
        size_t most = (size_t)got < STEP ? (size_t)got : STEP;
        for (size_t i = 0; i < most; i++) {
            bool maybe = buf[i] == '7' || buf[i] == 'R' || buf[i] == 'M' || (i + 2 < (size_t)got && buf[i + 2] == '-');
            if (maybe && is_archive(sk_bytes(buf + i, (size_t)got - i), size - *at - i, n)) {
                *at += i;
                return true;
            }
        }
        *at += most;
    }
    return false;
}

static bool give(struct sk_job *job, struct sk_source *source, uint64_t at, uint64_t n)
{
    struct sk_stretch piece = { source, at, n };
    struct sk_source *part = sk_source_joined(&piece, 1);
    bool ok = true;
    if (part)
        ok = sk_out_child(job, "archive", 7, SK_SHOWN, part);
    else
        job->sink->reason(job->sink->ctx, job->part, SK_WHY_TOO_LARGE, "memory");
    sk_source_free(part);
    return ok;
}

static bool look_through(struct sk_job *job, struct sk_source *source)
{
    struct sk_archive_space *space = sk_scratch_archive_take(job->scratch);
    uint64_t at = 1, n;
    unsigned found = 0;
    bool ok = true;
    while (ok && space && found < MOST && find(job, source, space->in, &at, &n) && sk_budget_member(job->budget)) {
        found++;
        ok = give(job, source, at, n);
        at += n;
    }
    sk_scratch_archive_give(job->scratch, space);
    if (found == 0 && job->budget->spent == SK_WHY_NONE)
        job->sink->reason(job->sink->ctx, job->part, SK_WHY_UNSUPPORTED, "exe");
    return ok;
}

bool sk_extract_exe(struct sk_job *job)
{
    struct sk_buf hold;
    struct sk_bytes all;
    if (sk_source_random(job->source))
        return look_through(job, job->source);
    bool ok = true;
    sk_buf_init(&hold, 0);
    struct sk_source *memory = NULL;
    if (sk_source_all(job->source, job->budget->limits.max_member_bytes, NULL, &hold, &all) &&
        (memory = sk_source_memory(all)))
        ok = look_through(job, memory);
    else
        job->sink->reason(job->sink->ctx, job->part, SK_WHY_UNSUPPORTED, "exe");
    sk_source_free(memory);
    sk_buf_free(&hold);
    return ok;
}
