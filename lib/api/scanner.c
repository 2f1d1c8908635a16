/* scanner.c - one file: read, hashed, scanned, its result put together; the public scanner. */
#include "api/scanner.h"

#include "input/volumes.h"
#include "input/walk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SMALL_FILE ((size_t)1 << 20) /* read whole, once: hashed and scanned from memory */
#define HASH_STEP ((size_t)1 << 20)
#define RESULT_CEILING ((size_t)1 << 30)

static enum sk_state state_of(const seki_scanner *s)
{
    if (s->n_whys == 0)
        return SK_INSPECTED;
    for (size_t i = 0; i < s->n_parts; i++)
        if (s->parts[i].has_text)
            return SK_PARTIAL;
    return SK_UNINSPECTABLE;
}

static void *keep(seki_scanner *s, const void *items, size_t n, size_t size)
{
    void *copy = sk_arena_new(&s->result->arena, n ? n : 1, size);
    if (!copy)
        s->no_memory = true;
    else if (n)
        memcpy(copy, items, n * size);
    return copy;
}

static void finish(seki_scanner *s)
{
    struct seki_result *r = s->result;
    for (size_t i = s->n_parts; i-- > 1;) /* parts that are no children (sheets) end with the file */
        if (!sk_detect_part_end(s->detect, (uint32_t)i, &s->parts[i].format))
            s->no_memory = true;
    if (!sk_detect_end(s->detect, r))
        s->no_memory = true;
    if (s->n_parts && sk_detect_persons_full(s->detect)) /* more people than can be told apart: the count is a bound */
        sk_scan_reason(s, 0, SK_WHY_TOO_LARGE, "persons");
    r->state = (uint8_t)state_of(s);
    r->format = s->n_parts ? s->parts[0].format : "";
    r->parts = keep(s, s->parts, s->n_parts, sizeof(*s->parts));
    r->n_parts = (uint32_t)s->n_parts;
    r->whys = keep(s, s->whys, s->n_whys, sizeof(*s->whys));
    r->n_whys = (uint32_t)s->n_whys;
    r->msips = keep(s, s->msips, s->n_msips, sizeof(*s->msips));
    r->n_msips = (uint32_t)s->n_msips;
    r->members = keep(s, s->members, s->n_members, sizeof(*s->members));
    r->n_members = (uint32_t)s->n_members;
    r->text_bytes = s->budget.text;
    r->expanded_bytes = s->budget.expanded;
}

static bool begin(seki_scanner *s, const char *name, uint64_t size)
{
    s->n_parts = s->n_whys = s->n_msips = s->n_members = 0;
    s->depth = 0;
    s->no_memory = false;
    s->result = sk_new(1, sizeof(*s->result));
    if (!s->result)
        return false;
    sk_arena_init(&s->result->arena, RESULT_CEILING);
    s->result->size = size;
    s->budget.cancelled = s->cancelled;
    s->budget.cancel_ctx = s->cancel_ctx;
    sk_budget_start(&s->budget, &s->limits, size);
    sk_detect_begin(s->detect);
    sk_scan_new_part(s, 0, name ? name : "", name ? strlen(name) : 0, SK_SHOWN);
    return !s->no_memory;
}

static seki_status end(seki_scanner *s, struct seki_result **out, seki_error *err)
{
    struct seki_result *r = s->result;
    s->result = NULL;
    if (s->no_memory || s->budget.is_cancelled) {
        sk_result_free(r);
        return s->no_memory ? sk_no_memory(err) : sk_fail(err, SEKI_E_CANCELLED, 0, "中止されました。", "Cancelled.");
    }
    *out = r;
    return SEKI_OK;
}

static void hash_memory(seki_scanner *s, struct sk_bytes b)
{
    s->result->crc = sk_crc32(0, b.p, b.n);
    s->result->has_crc = true;
    s->result->has_sha256 =
        sk_sha256_start(s->sha) && sk_sha256_add(s->sha, b.p, b.n) && sk_sha256_end(s->sha, s->result->sha256);
}

static void scan_memory(seki_scanner *s, struct sk_bytes b)
{
    struct sk_source *source = sk_source_memory(b);
    if (!source) {
        s->no_memory = true;
        return;
    }
    hash_memory(s, b);
    sk_scan_part(s, 0, source);
    sk_source_free(source);
}

/* Reads [0, size) step by step into the hash; false when the file gave an error or was shorter. */
static bool hash_descriptor(seki_scanner *s, int fd, uint64_t size)
{
    sk_buf_clear(&s->bytes);
    if (!sk_buf_reserve(&s->bytes, HASH_STEP) || !sk_sha256_start(s->sha))
        return false;
    for (uint64_t at = 0; at < size;) {
        ssize_t n = pread(fd, s->bytes.p, HASH_STEP, (off_t)at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0 || !sk_sha256_add(s->sha, s->bytes.p, (size_t)n) || !sk_budget_time(&s->budget))
            return false;
        s->result->crc = sk_crc32(s->result->crc, s->bytes.p, (size_t)n);
        at += (uint64_t)n;
    }
    s->result->has_crc = true;
    return sk_sha256_end(s->sha, s->result->sha256);
}

static void scan_large(seki_scanner *s, int fd, uint64_t size)
{
    s->result->has_sha256 = hash_descriptor(s, fd, size);
    struct sk_source *source = sk_source_fd(fd, size);
    if (!source) {
        s->no_memory = true;
        return;
    }
    sk_scan_part(s, 0, source);
    sk_source_free(source);
}

static void scan_small(seki_scanner *s, int fd, size_t size)
{
    sk_buf_clear(&s->bytes);
    if (!sk_buf_reserve(&s->bytes, size + SK_PAD)) {
        s->no_memory = true;
        return;
    }
    size_t n = 0;
    while (n < size) {
        ssize_t got = pread(fd, s->bytes.p + n, size - n, (off_t)n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            sk_scan_reason(s, 0, SK_WHY_DAMAGED, "read error");
        if (got <= 0)
            break;
        n += (size_t)got;
    }
    scan_memory(s, sk_bytes(s->bytes.p, n));
}

/* ---------------------------------------------------------------- archives split into several files */

static bool is_archive(struct sk_source *source)
{
    struct sk_guess guess;
    const struct sk_format *f = sk_identify(source, &guess);
    return f && (strcmp(f->name, "archive") == 0 || strcmp(f->name, "zip") == 0 || strcmp(f->name, "lzh") == 0);
}

/* Do these files belong together? Their names say so; the first must be an archive, and none of the others one of its
 * own (only RAR and the marker of split ZIP stand at the head of volumes). */
static bool belong_together(const struct sk_volumes *v, struct sk_source *const *sources)
{
    struct sk_source *first = v->lead ? sources[0] : sources[v->n - 1];
    struct sk_bytes head = sk_source_head(first, 8);
    if (!is_archive(first))
        return false;
    if (v->n == 1)
        return true;
    struct sk_source *other = v->lead ? sources[1] : sources[0];
    return SK_STARTS(head, "Rar!") || SK_STARTS(head, "PK\007\010") || !is_archive(other);
}

/* The archive is reported under the name of one of its files; the others are inspected with it. */
static void scan_joined(seki_scanner *s, const struct sk_volumes *v, struct sk_source *const *sources, uint64_t size)
{
    struct sk_stretch pieces[SK_VOLUMES_MAX];
    s->result->has_sha256 = hash_descriptor(s, v->fds[v->self], size);
    if (!v->lead) {
        s->parts[0].format = "volume";
        return;
    }
    uint64_t total = 0;
    for (uint32_t i = 0; i < v->n; i++) {
        pieces[i] = (struct sk_stretch){ sources[i], 0, v->sizes[i] };
        total += v->sizes[i];
    }
    s->budget.file_bytes = total;
    struct sk_source *whole = total <= s->limits.max_file_bytes ? sk_source_joined(pieces, v->n) : NULL;
    if (whole)
        sk_scan_part(s, 0, whole);
    else
        sk_scan_reason(s, 0, SK_WHY_TOO_LARGE, "file");
    sk_source_free(whole);
}

static bool sizes_hold(const struct sk_volumes *v)
{
    struct stat st;
    for (uint32_t i = 0; i < v->n; i++)
        if (fstat(v->fds[i], &st) != 0 || (uint64_t)st.st_size != v->sizes[i])
            return false;
    return true;
}

static seki_status scan_set(seki_scanner *s, const struct sk_volumes *v, const char *name, struct seki_result **out,
                            seki_error *err)
{
    struct sk_source *sources[SK_VOLUMES_MAX] = { 0 };
    uint64_t size = v->sizes[v->self];
    bool ready = true;
    for (uint32_t i = 0; i < v->n; i++)
        ready &= (sources[i] = sk_source_fd(v->fds[i], v->sizes[i])) != NULL;
    bool together = ready && belong_together(v, sources);
    seki_status status = SEKI_OK;
    if (!together) {
        status = ready ? sk_scan_descriptor(s, v->fds[v->self], name, size, out, err) : sk_no_memory(err);
    } else if (!begin(s, name, size)) {
        sk_result_free(s->result);
        s->result = NULL;
        status = sk_no_memory(err);
    } else {
        scan_joined(s, v, sources, size);
        if (!sizes_hold(v)) {
            sk_scan_reason(s, 0, SK_WHY_CHANGED, "");
            s->result->has_sha256 = s->result->has_crc = false;
        }
        finish(s);
        status = end(s, out, err);
    }
    for (uint32_t i = 0; i < v->n; i++)
        sk_source_free(sources[i]);
    return status;
}

seki_status sk_scan_descriptor(seki_scanner *s, int fd, const char *name, uint64_t size, struct seki_result **out,
                               seki_error *err)
{
    struct stat before, after;
    struct sk_volumes set;
    if (sk_volumes_take(fd, &set)) {
        seki_status status = scan_set(s, &set, name, out, err);
        sk_volumes_close(&set);
        return status;
    }
    bool known = fstat(fd, &before) == 0;
    if (!begin(s, name, size)) {
        sk_result_free(s->result);
        s->result = NULL;
        return sk_no_memory(err);
    }
    if (size > s->limits.max_file_bytes)
        sk_scan_reason(s, 0, SK_WHY_TOO_LARGE, "file");
    else if (size <= SMALL_FILE)
        scan_small(s, fd, (size_t)size);
    else
        scan_large(s, fd, size);
    if (known && fstat(fd, &after) == 0 &&
        (before.st_size != after.st_size || (uint64_t)after.st_size != size ||
         before.st_mtim.tv_sec != after.st_mtim.tv_sec || before.st_mtim.tv_nsec != after.st_mtim.tv_nsec)) {
        sk_scan_reason(s, 0, SK_WHY_CHANGED, "");
        s->result->has_sha256 = s->result->has_crc = false;
    }
    finish(s);
    return end(s, out, err);
}

struct seki_result *sk_result_unread(const char *name, uint64_t size, enum sk_reason why, const char *detail)
{
    struct seki_result *r = sk_new(1, sizeof(*r));
    if (!r)
        return NULL;
    sk_arena_init(&r->arena, RESULT_CEILING);
    struct sk_part *part = sk_arena_new(&r->arena, 1, sizeof(*part));
    struct sk_why *one = sk_arena_new(&r->arena, 1, sizeof(*one));
    if (!part || !one || !(part->name = sk_arena_string(&r->arena, name, strlen(name))) ||
        !(one->detail = sk_arena_string(&r->arena, detail, strlen(detail)))) {
        sk_result_free(r);
        return NULL;
    }
    part->format = "";
    one->reason = (uint8_t)why;
    r->state = SK_UNINSPECTABLE;
    r->format = "";
    r->size = size;
    r->parts = part;
    r->n_parts = 1;
    r->whys = one;
    r->n_whys = 1;
    return r;
}

/* ---------------------------------------------------------------- public */

seki_status seki_scanner_new(seki_scanner **out, const seki_rules *rules, const seki_policy *policy,
                             const seki_scanner_options *given, seki_error *err)
{
    seki_scanner_options o;
    if (!out || !rules || !SK_OPTIONS(o, given))
        return sk_fail(err, SEKI_E_USAGE, 0, "引数が正しくありません。", "Arguments cannot be used.");
    long today;
    seki_status status = sk_as_of(o.as_of, &today, err);
    if (status)
        return status;
    seki_scanner *s = sk_new(1, sizeof(*s));
    if (!s)
        return sk_no_memory(err);
    s->rules = rules;
    s->limits = SK_LIMITS_DEFAULT;
    if (policy) {
        s->policy = policy->policy;
        sk_policy_limits(s->policy, &s->limits);
        sk_policy_detect(s->policy, &s->config);
    }
    s->limits.ocr |= o.ocr;
    s->config.max_places = o.max_places == UINT32_MAX ? 0 : o.max_places ? o.max_places : 1000;
    s->config.today = today;
    s->cancelled = o.cancelled;
    s->cancel_ctx = o.cancel_ctx;
    sk_buf_init(&s->bytes, SMALL_FILE + HASH_STEP);
    if ((status = sk_own_register(o.index, o.index_key, &s->own, err))) {
        seki_scanner_free(s);
        return status;
    }
    s->config.own = s->own;
    if (!sk_key_random(&s->config.key) || !(s->detect = sk_detect_new(rules->rules, &s->config)) ||
        !(s->match = sk_match_scratch_new(rules->matcher)) || !(s->extract = sk_scratch_new()) ||
        !(s->sha = sk_sha256_new()) || (!o.no_helpers && !(s->launcher = sk_launcher_new(NULL)))) {
        seki_scanner_free(s);
        return sk_no_memory(err);
    }
    *out = s;
    return SEKI_OK;
}

void sk_scanner_before_lock(void *scanner)
{
    seki_scanner *s = scanner;
    if (s->launcher)
        sk_launcher_fork(s->launcher); /* else such files are told as unsupported */
    sk_naming_ready(s->extract);
}

bool sk_scanner_keys(seki_scanner *s, const struct sk_key *key)
{
    s->config.person_keys = true;
    s->config.key = *key;
    sk_detect_free(s->detect);
    s->detect = sk_detect_new(s->rules->rules, &s->config);
    return s->detect != NULL;
}

const uint8_t *sk_scanner_own(const seki_scanner *s)
{
    return s->own ? sk_register_digest(s->own) : NULL;
}

bool sk_scanner_lists(seki_scanner *s, struct sk_register_list *list)
{
    s->config.own_list = list;
    s->limits.max_file_bytes = s->limits.max_expanded_bytes = s->limits.max_text_bytes = UINT64_MAX / 2;
    s->limits.seconds = 24 * 3600; /* a list of millions of people */
    sk_detect_free(s->detect);
    s->detect = sk_detect_new(s->rules->rules, &s->config);
    return s->detect != NULL;
}

void seki_scanner_free(seki_scanner *s)
{
    if (!s)
        return;
    sk_detect_free(s->detect);
    sk_match_scratch_free(s->match);
    sk_scratch_free(s->extract);
    sk_sha256_free(s->sha);
    sk_launcher_free(s->launcher);
    sk_register_free(s->own);
    sk_buf_free(&s->bytes);
    free(s->parts);
    free(s->whys);
    free(s->msips);
    free(s->members);
    free(s);
}

seki_status seki_scan_memory(seki_scanner *s, const void *bytes, size_t n, const char *name, seki_result **out,
                             seki_error *err)
{
    if (!s || !out || (!bytes && n))
        return sk_fail(err, SEKI_E_USAGE, 0, "引数が正しくありません。", "Arguments cannot be used.");
    if (!begin(s, name, n)) {
        sk_result_free(s->result);
        s->result = NULL;
        return sk_no_memory(err);
    }
    scan_memory(s, sk_bytes(bytes, n));
    finish(s);
    return end(s, out, err);
}

seki_status seki_scan_fd(seki_scanner *s, int fd, const char *name, seki_result **out, seki_error *err)
{
    struct stat st;
    if (!s || !out || fd < 0)
        return sk_fail(err, SEKI_E_USAGE, 0, "引数が正しくありません。", "Arguments cannot be used.");
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return sk_fail(err, SEKI_E_IO, errno, "通常のファイルではありません。", "Not a regular file.");
    return sk_scan_descriptor(s, fd, name, (uint64_t)st.st_size, out, err);
}

seki_status seki_scan_path(seki_scanner *s, const char *path, seki_result **out, seki_error *err)
{
    if (!s || !path || !out)
        return sk_fail(err, SEKI_E_USAGE, 0, "引数が正しくありません。", "Arguments cannot be used.");
    int fd = sk_open_path(path, NULL);
    if (fd < 0) {
        int e = errno;
        return sk_fail(err, SEKI_E_IO, e, "%s を開けません(%s)。", "Cannot open %s (%s).", path, strerror(e));
    }
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    struct stat st;
    seki_status status;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        status = seki_scan_fd(s, fd, name, out, err); /* says why not */
    } else {
        fd = sk_volumes_bundle_path(path, fd);
        status = sk_scan_descriptor(s, fd, name, (uint64_t)st.st_size, out, err);
    }
    close(fd);
    return status;
}

void seki_result_free(seki_result *r)
{
    sk_result_free(r);
}
