/*
 * fmt_archive.c - everything libarchive reads, through callbacks on the source: no file is opened, nothing is written.
 * Members become streams that are scanned while they are unpacked.
 */
#define _GNU_SOURCE
#include "base/utf8.h"
#include "extract/archive_sign.h"
#include "extract/rar.h"
#include "extract/scratch.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

int sk_sniff_archive(struct sk_bytes head, struct sk_source *source);
bool sk_extract_archive(struct sk_job *job);

#define NAME_BYTES 4096u
#define MAX_RETRIES 100u
#define PEEK_STEP ((size_t)4 << 10)
#define RAR5_CHUNK 512u /* libarchive looks for the next volume of a RAR 5 set in so many bytes, or not at all */
#define MAX_HOLE ((int64_t)1 << 20) /* zeros of a sparse file that are given on; a longer hole holds no text */

static const struct {
    const char *name, *tar; /* as shown; with a tar inside */
    const char *suffixes;   /* dropped from the name of the one member; each with the one that takes its place */
} KINDS[SK_ARC_KINDS] = {
    [SK_ARC_TAR] = { "tar", "tar", "" },
    [SK_ARC_7Z] = { "7z", "7z", "" },
    [SK_ARC_RAR4] = { "rar", "rar", "" },
    [SK_ARC_RAR5] = { "rar", "rar", "" },
    [SK_ARC_CAB] = { "cab", "cab", "" },
    [SK_ARC_ISO] = { "iso", "iso", "" },
    [SK_ARC_CPIO] = { "cpio", "cpio", "" },
    [SK_ARC_AR] = { "ar", "ar", "" },
    [SK_ARC_XAR] = { "xar", "xar", "" },
    [SK_ARC_RPM] = { "rpm", "rpm", "" },
    [SK_ARC_GZ] = { "gz", "tar.gz", ".gz= .tgz=.tar .gzip= .svgz=.svg" },
    [SK_ARC_BZ2] = { "bz2", "tar.bz2", ".bz2= .tbz=.tar .tbz2=.tar .bz=" },
    [SK_ARC_XZ] = { "xz", "tar.xz", ".xz= .txz=.tar" },
    [SK_ARC_LZMA] = { "lzma", "tar.lzma", ".lzma= .tlz=.tar" },
    [SK_ARC_LZIP] = { "lz", "tar.lz", ".lz=" },
    [SK_ARC_ZST] = { "zst", "tar.zst", ".zst= .tzst=.tar .zstd=" },
    [SK_ARC_LZ4] = { "lz4", "tar.lz4", ".lz4=" },
    [SK_ARC_Z] = { "Z", "tar.Z", ".Z= .taz=.tar" },
};

struct unpacking {
    struct sk_job *job;
    enum sk_archive_kind kind;
    struct archive *a;
    struct sk_source *source; /* the job's, or its bytes in memory */
    struct sk_archive_space *space;
    uint64_t off;   /* of the next read */
    size_t padding; /* zeros behind the end, see RAR5_CHUNK */
    bool peeking;   /* only the first bytes are wanted */
    bool encrypted_told, failed_told, stopped;

    /* the member in hand */
    const uint8_t *block;
    size_t block_n;
    uint64_t hole; /* zeros before the block */
    int64_t at;    /* bytes given so far */
    bool ended, spent;
    enum sk_reason why; /* SK_WHY_NONE while all is well */
};

int sk_sniff_archive(struct sk_bytes head, struct sk_source *source)
{
    (void)source;
    int bits;
    sk_archive_sign(head, &bits);
    return bits;
}

/* ---------------------------------------------------------------- input */

static ssize_t on_read(struct archive *a, void *ctx, const void **buf)
{
    struct unpacking *u = ctx;
    if (!sk_budget_time(u->job->budget)) {
        archive_set_error(a, EIO, "stopped");
        return -1;
    }
    size_t want = sizeof(u->space->in);
    if (u->peeking) /* no further than a stream can be read again */
        want = u->off + PEEK_STEP <= SK_HEAD_BYTES ? PEEK_STEP : 0;
    ssize_t n = want ? sk_source_read(u->source, u->off, u->space->in, want) : 0;
    if (n == 0 && u->kind == SK_ARC_RAR5 && u->padding) {
        n = (ssize_t)u->padding;
        memset(u->space->in, 0, u->padding);
        u->padding = 0;
        *buf = u->space->in;
        return n;
    }
    if (n < 0)
        archive_set_error(a, EIO, "read error");
    else
        u->off += (uint64_t)n;
    *buf = u->space->in;
    return n;
}

static la_int64_t on_skip(struct archive *a, void *ctx, la_int64_t request)
{
    struct unpacking *u = ctx;
    (void)a;
    uint64_t size = sk_source_size(u->source), left = u->off < size ? size - u->off : 0;
    if (!sk_source_random(u->source) || request <= 0)
        return 0;
    uint64_t step = (uint64_t)request < left ? (uint64_t)request : left;
    u->off += step;
    return (la_int64_t)step;
}

static la_int64_t on_seek(struct archive *a, void *ctx, la_int64_t offset, int whence)
{
    struct unpacking *u = ctx;
    (void)a;
    uint64_t size = sk_source_size(u->source), base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? u->off : size;
    if (size > (uint64_t)INT64_MAX || (offset < 0 && (uint64_t)-offset > base) ||
        (offset > 0 && (uint64_t)offset > size))
        return ARCHIVE_FATAL;
    uint64_t to = base + (uint64_t)offset;
    if (to > size)
        return ARCHIVE_FATAL;
    u->off = to;
    return (la_int64_t)to;
}

/* libarchive turns names by the thread's locale; in the "C" locale Japanese names are lost, or fatal for the archive.
 */
static locale_t enter(const struct unpacking *u)
{
    locale_t utf8 = u->job->scratch->utf8;
    return utf8 ? uselocale(utf8) : (locale_t)0;
}

static void leave(locale_t before)
{
    if (before)
        uselocale(before);
}

static int support(struct archive *a, enum sk_archive_kind kind)
{
    switch (kind) {
    case SK_ARC_TAR:
        return archive_read_support_format_gnutar(a);
    case SK_ARC_7Z:
        return archive_read_support_format_7zip(a);
    case SK_ARC_RAR4:
        return archive_read_support_format_rar(a);
    case SK_ARC_RAR5:
        return archive_read_support_format_rar5(a);
    case SK_ARC_CAB:
        return archive_read_support_format_cab(a);
    case SK_ARC_ISO:
        return archive_read_support_format_iso9660(a);
    case SK_ARC_CPIO:
        return archive_read_support_format_cpio(a);
    case SK_ARC_AR:
        return archive_read_support_format_ar(a);
    case SK_ARC_XAR:
        return archive_read_support_format_xar(a);
    case SK_ARC_RPM:
        archive_read_support_filter_rpm(a);
        archive_read_support_filter_gzip(a);
        archive_read_support_filter_bzip2(a);
        archive_read_support_filter_xz(a);
        archive_read_support_filter_lzma(a);
        archive_read_support_filter_zstd(a);
        return archive_read_support_format_cpio(a);
    case SK_ARC_GZ:
        return archive_read_support_filter_gzip(a);
    case SK_ARC_BZ2:
        return archive_read_support_filter_bzip2(a);
    case SK_ARC_XZ:
        return archive_read_support_filter_xz(a);
    case SK_ARC_LZMA:
        return archive_read_support_filter_lzma(a);
    case SK_ARC_LZIP:
        return archive_read_support_filter_lzip(a);
    case SK_ARC_ZST:
        return archive_read_support_filter_zstd(a);
    case SK_ARC_LZ4:
        return archive_read_support_filter_lz4(a);
    case SK_ARC_Z:
        return archive_read_support_filter_compress(a);
    default:
        return ARCHIVE_FATAL;
    }
}

static bool open_archive(struct unpacking *u, enum sk_archive_kind inner)
{
    struct archive *a = u->a = archive_read_new();
    if (!a || support(a, u->kind) < ARCHIVE_WARN)
        return false;
    if (u->kind >= SK_ARC_GZ && inner != SK_ARC_NONE)
        support(a, inner);
    if (u->kind >= SK_ARC_GZ && inner == SK_ARC_NONE) {
        archive_read_support_format_raw(a);
        archive_read_support_format_empty(a);
    }
    /* Names come as Latin-1 characters, that is as their bytes; member_name turns them back. */
    if (u->kind == SK_ARC_CAB)
        archive_read_set_format_option(a, "cab", "hdrcharset", "ISO-8859-1");
    archive_read_set_format_option(a, "tar", "read_concatenated_archives",
                                   "1"); /* else what follows the first end is never seen */
    archive_read_set_read_callback(a, on_read);
    archive_read_set_skip_callback(a, on_skip);
    if (sk_source_random(u->source))
        archive_read_set_seek_callback(a, on_seek);
    archive_read_set_callback_data(a, u);
    return archive_read_open1(a) >= ARCHIVE_WARN;
}

/* What a compressed file holds: a tar or cpio, or one file (NONE). Asked of our own signatures: libarchive takes zeros
 * for an empty tar. */
static enum sk_archive_kind look_inside(struct unpacking *u)
{
    enum sk_archive_kind inner = SK_ARC_NONE;
    struct archive_entry *e;
    uint8_t first[512];
    size_t n = 0;
    u->peeking = true;
    if (open_archive(u, SK_ARC_NONE) && archive_read_next_header(u->a, &e) >= ARCHIVE_WARN) {
        la_ssize_t r;
        while (n < sizeof(first) && (r = archive_read_data(u->a, first + n, sizeof(first) - n)) > 0)
            n += (size_t)r;
        int bits;
        inner = sk_archive_sign(sk_bytes(first, n), &bits);
    }
    archive_read_free(u->a);
    u->a = NULL;
    u->off = 0;
    u->peeking = false;
    return inner == SK_ARC_TAR || inner == SK_ARC_CPIO ? inner : SK_ARC_NONE;
}

/* ---------------------------------------------------------------- what went wrong */

/* libarchive has no codes for these, only its English messages. */
static enum sk_reason reason_of(struct archive *a)
{
    const char *m = archive_error_string(a);
    if (!m)
        return SK_WHY_DAMAGED;
    if (strcasestr(m, "encrypt") || strcasestr(m, "passphrase"))
        return SK_WHY_ENCRYPTED;
    static const char *const UNSUPPORTED[] = { "nsupported", "not supported", "unavailable",
                                               "Unrecognized archive format", "not implemented" };
    for (size_t i = 0; i < sizeof(UNSUPPORTED) / sizeof(UNSUPPORTED[0]); i++)
        if (strstr(m, UNSUPPORTED[i]))
            return SK_WHY_UNSUPPORTED;
    return SK_WHY_DAMAGED;
}

static const char *method_of(enum sk_archive_kind kind)
{
    return kind == SK_ARC_7Z     ? "7z-aes256"
           : kind == SK_ARC_RAR5 ? "rar5-aes256"
           : kind == SK_ARC_RAR4 ? "rar4-aes128"
                                 : "unknown";
}

static void tell_encrypted(struct unpacking *u, const char *method)
{
    const struct sk_sink *sink = u->job->sink;
    if (!u->encrypted_told) {
        sink->encrypted(sink->ctx, u->job->part, method);
        sink->reason(sink->ctx, u->job->part, SK_WHY_ENCRYPTED, method);
    }
    u->encrypted_told = true;
}

/* Of the whole archive, from here on. */
static void tell_failed(struct unpacking *u, enum sk_reason why, const char *detail)
{
    const struct sk_sink *sink = u->job->sink;
    const struct sk_budget *b = u->job->budget;
    if (b->is_cancelled || u->failed_told)
        return;
    u->failed_told = true;
    if (b->spent != SK_WHY_NONE) /* that is why reading failed */
        sink->reason(sink->ctx, u->job->part, b->spent, "");
    else if (why == SK_WHY_ENCRYPTED)
        tell_encrypted(u, method_of(u->kind));
    else
        sink->reason(sink->ctx, u->job->part, why, detail);
}

/* ---------------------------------------------------------------- a member's bytes */

/* Fetches the next block; false at the end, on an error, or when the budget is spent. */
static bool next_block(struct unpacking *u)
{
    if (u->ended || u->why != SK_WHY_NONE || u->spent)
        return false;
    const void *p;
    size_t n;
    la_int64_t offset;
    locale_t before = enter(u);
    int r = archive_read_data_block(u->a, &p, &n, &offset);
    leave(before);
    if (r == ARCHIVE_EOF) {
        u->ended = true;
        return false;
    }
    if (r < ARCHIVE_WARN) {
        u->why = reason_of(u->a);
        return false;
    }
    int64_t gap = offset > u->at ? offset - u->at : 0;
    u->hole = gap <= MAX_HOLE ? (uint64_t)gap : 0;
    u->at = offset > u->at ? offset : u->at;
    u->block = p;
    u->block_n = n;
    u->at += (int64_t)n;
    u->spent = !sk_budget_expand(u->job->budget, u->hole + n);
    return !u->spent;
}

static ssize_t on_pull(void *ctx, void *buf, size_t n)
{
    struct unpacking *u = ctx;
    for (unsigned empty = 0; u->hole == 0 && u->block_n == 0; empty++)
        if (empty > 1000 || !next_block(u))
            return u->why != SK_WHY_NONE ? -1 : 0; /* a spent budget ends the member; its reason is told beside */
    if (u->hole) {
        n = n < u->hole ? n : (size_t)u->hole;
        memset(buf, 0, n);
        u->hole -= n;
        return (ssize_t)n;
    }
    n = n < u->block_n ? n : u->block_n;
    memcpy(buf, u->block, n);
    u->block += n;
    u->block_n -= n;
    return (ssize_t)n;
}

/* What the child did not read costs time all the same: it is unpacked here, where it is charged, and not silently by
 * the next header. */
static void drain(struct unpacking *u)
{
    if (u->kind == SK_ARC_TAR || u->kind == SK_ARC_CPIO || u->kind == SK_ARC_AR || u->kind == SK_ARC_ISO)
        return; /* skipped without work */
    u->hole = u->block_n = 0;
    for (unsigned empty = 0; empty < 1000 && next_block(u); empty = u->block_n ? 0 : empty + 1)
        ;
}

/* ---------------------------------------------------------------- names */

/* UTF-8 of Latin-1 characters back to their bytes; SIZE_MAX when it is none (the name was Unicode in the archive). */
static size_t latin1_bytes(const char *s, size_t n, uint8_t *out, size_t cap)
{
    size_t k = 0;
    for (size_t i = 0; i < n && k < cap;) {
        uint32_t cp;
        i += sk_utf8_next(s + i, n - i, &cp);
        if (cp > 0xFF)
            return SIZE_MAX;
        out[k++] = (uint8_t)cp;
    }
    return k;
}

/* "a.txt.gz" -> "a.txt", "a.tgz" -> "a.tar". */
static size_t without_suffix(const char *name, const char *suffixes, char *out, size_t cap)
{
    size_t n = strlen(name);
    for (const char *s = suffixes; *s;) {
        size_t from = strcspn(s, "="), to = strcspn(s + from + 1, " ");
        if (n > from && strncasecmp(name + n - from, s, from) == 0)
            return (size_t)snprintf(out, cap, "%.*s%.*s", (int)(n - from < cap ? n - from : cap - 1), name, (int)to,
                                    s + from + 1);
        s += from + 1 + to;
        s += *s == ' ';
    }
    return (size_t)snprintf(out, cap, "%s", name);
}

/* libarchive turned every 5C of a DOS name into a slash, also where it is the second byte of a CP932 character (表, ソ,
 * 能); 2F never is one. */
static void restore_trails(uint8_t *p, size_t n)
{
    if (sk_utf8_valid((const char *)p, n) || sk_charset_guess(p, n, false).best == SK_CS_EUCJP)
        return;
    for (size_t i = 0; i + 1 < n; i++)
        if ((p[i] >= 0x81 && p[i] <= 0x9F) || (p[i] >= 0xE0 && p[i] <= 0xFC)) {
            if (p[i + 1] == '/')
                p[i + 1] = 0x5C;
            i++;
        }
}

static size_t member_name(struct unpacking *u, struct archive_entry *e, char *out, size_t cap)
{
    size_t n;
    locale_t before = enter(u);
    const char *raw = archive_entry_pathname(e);
    if (!raw)
        raw = archive_entry_pathname_utf8(e);
    int format = archive_format(u->a) & ARCHIVE_FORMAT_BASE_MASK;
    leave(before);
    if (format == ARCHIVE_FORMAT_RAW && (!raw || strcmp(raw, "data") == 0 || u->job->name)) {
        n = without_suffix(u->job->name && *u->job->name ? u->job->name : "data", KINDS[u->kind].suffixes, out, cap);
        return n < cap ? n : cap - 1;
    }
    if (!raw)
        return (size_t)snprintf(out, cap, "?");
    uint8_t bytes[NAME_BYTES];
    n = strlen(raw);
    size_t k = u->kind == SK_ARC_CAB ? latin1_bytes(raw, n, bytes, sizeof(bytes)) : SIZE_MAX;
    if (k == SIZE_MAX)
        return sk_member_name((const uint8_t *)raw, n < NAME_BYTES ? n : NAME_BYTES, out, cap);
    restore_trails(bytes, k);
    return sk_member_name(bytes, k, out, cap);
}

/* ---------------------------------------------------------------- members */

static bool give_member(struct unpacking *u, struct archive_entry *e, const char *name, size_t n)
{
    const struct sk_sink *sink = u->job->sink;
    uint32_t part = sink->part(sink->ctx, u->job->part, name, n, SK_SHOWN);
    if (part == 0) {
        tell_failed(u, SK_WHY_TOO_LARGE, "members");
        return false;
    }
    u->block_n = 0;
    u->hole = 0;
    u->at = 0;
    u->ended = u->spent = false;
    u->why = SK_WHY_NONE;
    bool more = true;
    uint64_t size =
        archive_entry_size_is_set(e) && archive_entry_size(e) >= 0 ? (uint64_t)archive_entry_size(e) : SK_SIZE_UNKNOWN;
    next_block(u); /* a method that cannot be unpacked shows here, before anybody takes the member for an empty file */
    if (u->why == SK_WHY_NONE || u->block_n) {
        struct sk_source *s = sk_source_stream(on_pull, u, size);
        if (s)
            more = sink->child(sink->ctx, part, s);
        else
            u->why = SK_WHY_TOO_LARGE;
        sk_source_free(s);
        drain(u);
    }
    if (u->spent && u->job->budget->spent != SK_WHY_NONE)
        sink->reason(sink->ctx, part, u->job->budget->spent, "");
    else if (u->why == SK_WHY_ENCRYPTED)
        tell_encrypted(u, method_of(u->kind));
    else if (u->why != SK_WHY_NONE && !u->spent)
        sink->reason(sink->ctx, part, u->why, "");
    if (!more)
        u->stopped = u->job->budget->spent == SK_WHY_NONE;
    /* libarchive 3.6.2 follows a null pointer when it is asked for the next file of a cabinet whose data failed. */
    bool lost = u->kind == SK_ARC_CAB && u->why != SK_WHY_NONE;
    if (lost)
        tell_failed(u, SK_WHY_DAMAGED, "");
    return more && !u->spent && !lost;
}

static bool one_entry(struct unpacking *u, struct archive_entry *e)
{
    mode_t type = archive_entry_filetype(e);
    bool sized = archive_entry_size_is_set(e) && archive_entry_size(e) > 0;
    if (type == AE_IFDIR || type == AE_IFLNK || type == AE_IFCHR || type == AE_IFBLK || type == AE_IFIFO ||
        type == AE_IFSOCK || (archive_entry_hardlink(e) && !sized))
        return true; /* they hold no content; links are never followed */
    char name[NAME_BYTES];
    size_t n = member_name(u, e, name, sizeof(name));
    if (archive_entry_is_encrypted(e)) {
        const struct sk_sink *sink = u->job->sink;
        bool rar = u->kind == SK_ARC_RAR4 || u->kind == SK_ARC_RAR5;
        tell_encrypted(u, method_of(u->kind));
        if (!rar) /* sk_rar_read listed those */
            sink->member(sink->ctx, u->job->part, name, n, sized ? (uint64_t)archive_entry_size(e) : 0, 0);
        return true;
    }
    return give_member(u, e, name, n);
}

static void tell_format(struct unpacking *u)
{
    bool tar = (archive_format(u->a) & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_TAR;
    u->job->sink->format(u->job->sink->ctx, u->job->part, tar ? KINDS[u->kind].tar : KINDS[u->kind].name);
}

static void read_entries(struct unpacking *u)
{
    unsigned retries = 0;
    for (uint32_t i = 0;; i++) {
        struct archive_entry *e;
        locale_t before = enter(u);
        int r = archive_read_next_header(u->a, &e);
        leave(before);
        if (i == 0)
            tell_format(u);
        if (r == ARCHIVE_EOF)
            return;
        if ((r == ARCHIVE_RETRY || r == ARCHIVE_FAILED) && retries++ < MAX_RETRIES) {
            tell_failed(u, reason_of(u->a), "");
            continue;
        }
        if (r < ARCHIVE_WARN) {
            bool hidden =
                archive_read_has_encrypted_entries(u->a) == 1 && (u->kind == SK_ARC_7Z || u->kind == SK_ARC_RAR5);
            tell_failed(u, hidden ? SK_WHY_ENCRYPTED : reason_of(u->a), "");
            return;
        }
        if (!one_entry(u, e))
            return;
    }
}

/* ---------------------------------------------------------------- the archive */

/* 7z and RAR are read back and forth: a member of another archive is held in memory for that. */
static bool hold_in_memory(struct unpacking *u, struct sk_buf *hold)
{
    uint64_t max = u->job->budget->limits.max_member_bytes, size = sk_source_size(u->job->source);
    struct sk_bytes all;
    sk_buf_init(hold, 0);
    if (size != SK_SIZE_UNKNOWN && size > max) {
        tell_failed(u, SK_WHY_TOO_LARGE, "member");
        return false;
    }
    if (!sk_source_all(u->job->source, max, NULL, hold, &all)) {
        tell_failed(u, hold->n > max || hold->failed ? SK_WHY_TOO_LARGE : SK_WHY_DAMAGED, "");
        if (hold->n == 0 || hold->n > max)
            return false;
        all = sk_bytes(hold->p, hold->n); /* what could be read of it */
    }
    u->source = sk_source_memory(all);
    return u->source != NULL;
}

/* False when nothing can be read behind the headers. */
static bool look_at_rar(struct unpacking *u)
{
    struct sk_rar rar;
    sk_rar_read(u->job, u->source, 0, &rar);
    if (rar.encrypted || rar.encrypted_headers)
        tell_encrypted(u, rar.method);
    if (rar.volume)
        tell_failed(u, SK_WHY_UNSUPPORTED, "multi-volume");
    else if (rar.encrypted &&
             rar.clear) /* libarchive gives up at an encrypted neighbour: only then is there more to tell */
        return true;
    return !rar.encrypted_headers && !(rar.encrypted && !rar.clear);
}

bool sk_extract_archive(struct sk_job *job)
{
    int bits;
    struct unpacking u = { .job = job, .source = job->source, .padding = RAR5_CHUNK };
    u.kind = sk_archive_sign(sk_source_head(job->source, SK_HEAD_BYTES), &bits);
    bool rar = u.kind == SK_ARC_RAR4 || u.kind == SK_ARC_RAR5, back_and_forth = rar || u.kind == SK_ARC_7Z;
    struct sk_buf hold = { 0 };
    job->sink->format(job->sink->ctx, job->part, KINDS[u.kind].name ? KINDS[u.kind].name : "archive");
    u.space = sk_scratch_archive_take(job->scratch);
    if (!u.space) {
        tell_failed(&u, SK_WHY_TOO_LARGE, "memory");
    } else if (!back_and_forth || sk_source_random(job->source) || hold_in_memory(&u, &hold)) {
        if (!rar || look_at_rar(&u)) {
            locale_t before = enter(&u);
            bool ok = open_archive(&u, u.kind >= SK_ARC_GZ ? look_inside(&u) : SK_ARC_NONE);
            leave(before);
            if (ok)
                read_entries(&u);
            else
                tell_failed(&u, u.a ? reason_of(u.a) : SK_WHY_TOO_LARGE, "");
        }
    }
    locale_t before = enter(&u);
    archive_read_free(u.a);
    leave(before);
    if (u.source != job->source)
        sk_source_free(u.source);
    sk_buf_free(&hold);
    sk_scratch_archive_give(job->scratch, u.space);
    return !u.stopped;
}
