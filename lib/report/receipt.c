/* receipt.c - issuing, signing, writing and reading receipts. */
#define _GNU_SOURCE
#include "report/receipt.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "report/inner.h"
#include "report/json.h"

#define FILE_MAX_BYTES ((size_t)256 << 20)

/* ---------------------------------------------------------------- what a receipt stands for */

bool sk_receipts_sha256(const struct sk_receipt *receipts, size_t n, uint8_t out[32])
{
    if (n == 1) {
        memcpy(out, receipts[0].member.sha256, 32);
        return true;
    }
    struct sk_sha256 *h = sk_sha256_new();
    bool ok = h && sk_sha256_start(h);
    for (size_t i = 0; ok && i < n; i++)
        ok = sk_sha256_add(h, receipts[i].member.sha256, 32);
    ok = ok && sk_sha256_end(h, out);
    sk_sha256_free(h);
    return ok;
}

/* Everything a receipt says, one thing a line. NUL cannot stand in any of it, and lengths are not needed: names are
 * JSON-escaped. */
static void put_member(struct sk_buf *b, const struct sk_receipt *r)
{
    char hex[SK_SHA256_HEX];
    sk_hex(r->member.sha256, 32, hex);
    sk_put_json_string(b, r->member.path);
    sk_put_json_string(b, r->member.name);
    sk_buf_printf(b, "\n%llu %u %s %s %s %u %u\n", (unsigned long long)r->member.size, r->member.crc, hex, r->grade,
                  r->compartments, r->label.integrity, r->label.availability);
    for (size_t i = 0; i < r->n_handling; i++)
        sk_put_json_string(b, r->handling[i]);
    sk_buf_printf(b, "\n%llu %llu", (unsigned long long)r->persons_min, (unsigned long long)r->persons_max);
    for (uint32_t i = 0; i < r->n_insurers; i++)
        sk_buf_printf(b, " %s %llu %llu", r->insurers[i].number, (unsigned long long)r->insurers[i].min,
                      (unsigned long long)r->insurers[i].max);
    sk_buf_str(b, "\n");
}

/* All that is signed. */
static bool put_payload(struct sk_buf *b, const struct sk_receipt *receipts, size_t n)
{
    sk_buf_init(b, (size_t)1 << 30);
    sk_buf_printf(b, "sekisho receipt 1\n%ld %ld %s %s\n", receipts[0].issued, receipts[0].expires, receipts[0].policy,
                  receipts[0].dest);
    for (size_t i = 0; i < n; i++)
        put_member(b, &receipts[i]);
    return !b->failed;
}

bool sk_receipts_id(const struct sk_receipt *receipts, size_t n, char id[SK_RECEIPT_ID])
{
    struct sk_buf b;
    uint8_t digest[32];
    char hex[SK_SHA256_HEX], day[11];
    bool ok = put_payload(&b, receipts, n) && sk_sha256(b.p, b.n, digest);
    sk_buf_free(&b);
    if (!ok)
        return false;
    sk_hex(digest, 32, hex);
    sk_day_text(receipts[0].issued, day);
    const char *parts[] = { "R-", day, "-", hex };
    const size_t lengths[] = { 2, 10, 1, 32 };
    size_t at = 0;
    for (int p = 0; p < 4; p++)
        for (size_t i = 0; i < lengths[p]; i++)
            if (p != 1 || parts[p][i] != '-')
                id[at++] = parts[p][i];
    id[at] = '\0';
    return true;
}

/* ---------------------------------------------------------------- issuing */

static const char *keep(struct sk_arena *a, const char *s)
{
    return sk_arena_string(a, s ? s : "", s ? strlen(s) : 0);
}

static bool issue_label(const struct sk_policy *p, const struct sk_label *l, struct sk_arena *arena,
                        struct sk_receipt *r)
{
    struct sk_buf letters;
    const char *name;
    sk_buf_init(&letters, 4096);
    for (unsigned bit = 0; bit < 32 && (name = sk_policy_compartment(p, bit)); bit++)
        if (sk_has_compartment(l, bit))
            sk_buf_printf(&letters, "%s%s", letters.n ? "," : "", name);
    r->compartments = keep(arena, letters.p);
    bool ok = !letters.failed;
    sk_buf_free(&letters);
    const char **handling = sk_arena_new(arena, 32, sizeof(*handling));
    for (unsigned bit = 0; handling && bit < 32 && (name = sk_policy_handling(p, bit)); bit++)
        if (l->handling >> bit & 1)
            handling[r->n_handling++] = keep(arena, name);
    r->handling = handling;
    /* The label by rules and markings: the default label alone stops no transfer, and must not do so through a receipt.
     */
    r->grade = keep(arena, sk_policy_grade(p, l->is_decided ? l->decided : 0));
    r->label.integrity = l->integrity;
    r->label.availability = l->availability;
    r->label.is_decided = l->is_decided;
    return ok && handling && r->compartments && r->grade;
}

static bool issue_one(const struct sk_policy *p, const struct sk_transfer_file *f, struct sk_arena *arena,
                      struct sk_receipt *r)
{
    const struct seki_result *s = f->result;
    const char *slash = strrchr(f->facts->path, '/');
    r->member = (struct sk_receipt_member){ keep(arena, f->facts->path),
                                            keep(arena, slash ? slash + 1 : f->facts->path),
                                            s->size,
                                            s->has_crc ? s->crc : 0,
                                            { 0 } };
    memcpy(r->member.sha256, s->sha256, 32);
    r->persons_min = s->persons_min;
    r->persons_max = s->persons_max;
    r->insurers = s->insurers;
    r->n_insurers = s->n_insurers;
    return r->member.path && r->member.name && issue_label(p, &f->judgement.label, arena, r);
}

struct sk_receipt *sk_receipts_issue(const struct sk_run_info *run, const struct sk_transfer_request *q,
                                     const struct sk_transfer_file *files, size_t n_files,
                                     const struct sk_verdict_result *v, struct sk_arena *arena, size_t *n)
{
    char policy[SK_SHA256_HEX], id[SK_RECEIPT_ID];
    struct sk_receipt *r = sk_arena_new(arena, n_files, sizeof(*r));
    sk_hex(sk_policy_digest(run->policy), 32, policy);
    const char *digest = keep(arena, policy), *dest = keep(arena, q->dest);
    *n = 0;
    if (!r || !digest || !dest)
        return NULL;
    if (!run->signer || !run->signer->can_sign)
        return r;
    for (size_t i = 0; i < n_files; i++) {
        if (!files[i].result || !files[i].result->has_sha256)
            return r;
        r[i].issued = q->as_of;
        r[i].expires = v->receipt_expires;
        r[i].policy = digest;
        r[i].dest = dest;
        if (!issue_one(run->policy, &files[i], arena, &r[i]))
            return NULL;
    }
    const char *kept = n_files && sk_receipts_id(r, n_files, id) ? keep(arena, id) : NULL;
    for (size_t i = 0; i < n_files; i++)
        r[i].id = kept;
    *n = kept ? n_files : 0;
    return kept || !n_files ? r : NULL;
}

/* ---------------------------------------------------------------- JSON */

static void put_string(struct sk_buf *b, const char *key, const char *value)
{
    sk_buf_printf(b, "\"%s\":", key);
    sk_put_json_string(b, value);
    sk_buf_str(b, ",");
}

static void put_digest(struct sk_buf *b, const uint8_t digest[32])
{
    char hex[SK_SHA256_HEX];
    sk_hex(digest, 32, hex);
    put_string(b, "sha256", hex);
}

static void member_json(struct sk_buf *b, const struct sk_receipt *r)
{
    sk_buf_str(b, "{");
    put_string(b, "path", r->member.path);
    put_string(b, "name", r->member.name);
    sk_buf_printf(b, "\"size\":%llu,\"crc32\":%u,", (unsigned long long)r->member.size, r->member.crc);
    put_digest(b, r->member.sha256);
    sk_buf_str(b, "\"label\":{");
    put_string(b, "grade", r->grade);
    put_string(b, "compartments", r->compartments);
    sk_buf_printf(b, "\"decided\":%s,\"integrity\":%u,\"availability\":%u,\"handling\":[",
                  r->label.is_decided ? "true" : "false", r->label.integrity, r->label.availability);
    for (size_t i = 0; i < r->n_handling; i++) {
        sk_buf_str(b, i ? "," : "");
        sk_put_json_string(b, r->handling[i]);
    }
    sk_buf_str(b, "]},\"persons\":");
    sk_json_persons(b, r->persons_min, r->persons_max, r->insurers, r->n_insurers);
    sk_buf_str(b, "}");
}

/* The key is named so that one of another site can be told from an edit; what is trusted is the caller's own key. */
static bool put_signature(struct sk_buf *b, const struct sk_signer *signer, const struct sk_receipt *r, size_t n)
{
    struct sk_buf payload;
    uint8_t signature[SK_SIGNATURE];
    char hex[2 * SK_SIGNATURE + 1];
    bool ok = put_payload(&payload, r, n) && sk_sign(signer, payload.p, payload.n, signature);
    sk_buf_free(&payload);
    if (!ok)
        return false;
    sk_buf_str(b, "\"signature\":{\"algorithm\":\"ed25519\",");
    sk_hex(signer->public_key, SK_SIGN_PUBLIC, hex);
    put_string(b, "key", hex);
    sk_hex(signature, sizeof(signature), hex);
    return sk_buf_printf(b, "\"value\":\"%s\"}", hex);
}

bool sk_receipts_json(struct sk_buf *b, const struct sk_signer *signer, const struct sk_receipt *r, size_t n)
{
    uint8_t digest[32];
    char day[11];
    if (!sk_receipts_sha256(r, n, digest))
        return false;
    sk_buf_str(b, "{");
    put_string(b, "id", r[0].id);
    put_digest(b, digest);
    sk_day_text(r[0].issued, day);
    put_string(b, "issued", day);
    sk_day_text(r[0].expires, day);
    put_string(b, "expires", day);
    put_string(b, "policy", r[0].policy);
    put_string(b, "dest", r[0].dest);
    sk_buf_str(b, "\"members\":[");
    for (size_t i = 0; i < n; i++) {
        sk_buf_str(b, i ? "," : "");
        member_json(b, &r[i]);
    }
    sk_buf_str(b, "],");
    return put_signature(b, signer, r, n) && sk_buf_str(b, "}");
}

/* ---------------------------------------------------------------- reading */

struct loader {
    const char *path;
    const uint8_t *public_key;
    struct sk_arena *arena;
    struct sk_problems *problems;
    struct sk_receipt *items;
    size_t n, cap;
};

static bool read_digest(const struct sk_json *v, uint8_t out[32])
{
    const char *text = sk_json_text(v, "sha256");
    return text && sk_unhex(text, out, 32);
}

static bool read_number(const struct sk_json *v, const char *key, uint64_t max, uint64_t *out)
{
    return sk_json_u64(v, key, out) && *out <= max;
}

static bool read_insurers(struct loader *l, const struct sk_json *persons, struct sk_receipt *r)
{
    const struct sk_json *by = sk_json_get(persons, "by_insurer");
    if (!by || by->kind != SK_JSON_OBJECT || by->n > UINT32_MAX)
        return false;
    struct sk_insurer *items = sk_arena_new(l->arena, by->n, sizeof(*items));
    size_t i = 0;
    for (const struct sk_json *v = by->first; items && v; v = v->next, i++) {
        size_t n = strlen(v->key);
        items[i].number = v->key;
        if (n > 8 || strspn(v->key, "0123456789") != n || !sk_json_u64(v, "min", &items[i].min) ||
            !sk_json_u64(v, "max", &items[i].max))
            return false;
    }
    r->insurers = items;
    r->n_insurers = (uint32_t)by->n;
    return items != NULL;
}

static bool read_label(struct loader *l, const struct sk_json *label, struct sk_receipt *r)
{
    const struct sk_json *handling = sk_json_get(label, "handling"), *decided = sk_json_get(label, "decided");
    uint64_t integrity, availability;
    r->grade = sk_json_text(label, "grade");
    r->compartments = sk_json_text(label, "compartments");
    if (!r->grade || !r->compartments || !handling || handling->kind != SK_JSON_ARRAY || !decided ||
        !read_number(label, "integrity", UINT8_MAX, &integrity) ||
        !read_number(label, "availability", UINT8_MAX, &availability))
        return false;
    r->label.integrity = (uint8_t)integrity;
    r->label.availability = (uint8_t)availability;
    r->label.is_decided = decided->kind == SK_JSON_TRUE;
    const char **words = sk_arena_new(l->arena, handling->n, sizeof(*words));
    for (const struct sk_json *v = handling->first; words && v; v = v->next) {
        if (v->kind != SK_JSON_STRING)
            return false;
        words[r->n_handling++] = v->text;
    }
    r->handling = words;
    return words != NULL;
}

static bool read_member(struct loader *l, const struct sk_json *v, struct sk_receipt *r)
{
    const struct sk_json *persons = sk_json_get(v, "persons");
    uint64_t crc;
    r->member.path = sk_json_text(v, "path");
    r->member.name = sk_json_text(v, "name");
    if (!r->member.path || !r->member.name || !sk_json_u64(v, "size", &r->member.size) ||
        !read_number(v, "crc32", UINT32_MAX, &crc) || !read_digest(v, r->member.sha256) ||
        !sk_json_u64(persons, "min", &r->persons_min) || !sk_json_u64(persons, "max", &r->persons_max))
        return false;
    r->member.crc = (uint32_t)crc;
    return read_insurers(l, persons, r) && read_label(l, sk_json_get(v, "label"), r);
}

enum found { RECEIPT_GOOD, RECEIPT_EDITED, RECEIPT_UNSIGNED, RECEIPT_FOREIGN };

static enum found read_signature(struct loader *l, const struct sk_json *v, const struct sk_receipt *r, size_t n)
{
    const struct sk_json *signature = sk_json_get(v, "signature");
    const char *key = sk_json_text(signature, "key"), *value = sk_json_text(signature, "value");
    uint8_t signer[SK_SIGN_PUBLIC], bytes[SK_SIGNATURE];
    struct sk_buf payload;
    if (!signature)
        return RECEIPT_UNSIGNED;
    if (!key || !value || !sk_unhex(key, signer, sizeof(signer)) || !sk_unhex(value, bytes, sizeof(bytes)))
        return RECEIPT_EDITED;
    if (memcmp(signer, l->public_key, sizeof(signer)) != 0)
        return RECEIPT_FOREIGN;
    bool ok = put_payload(&payload, r, n) && sk_signature_holds(l->public_key, payload.p, payload.n, bytes);
    sk_buf_free(&payload);
    return ok ? RECEIPT_GOOD : RECEIPT_EDITED;
}

static enum found read_receipt(struct loader *l, const struct sk_json *v)
{
    struct sk_receipt head = { .id = sk_json_text(v, "id"),
                               .policy = sk_json_text(v, "policy"),
                               .dest = sk_json_text(v, "dest") };
    const char *issued = sk_json_text(v, "issued"), *expires = sk_json_text(v, "expires");
    const struct sk_json *members = sk_json_get(v, "members");
    char id[SK_RECEIPT_ID];
    uint8_t named[32] = { 0 }, whole[32];
    if (!head.id || !head.policy || !head.dest || !issued || !expires || !sk_day_parse(issued, &head.issued) ||
        !sk_day_parse(expires, &head.expires) || !members || members->kind != SK_JSON_ARRAY || members->n == 0 ||
        !read_digest(v, named) || !sk_grow(&l->items, &l->cap, l->n + members->n, sizeof(*l->items)))
        return RECEIPT_EDITED;
    size_t first = l->n;
    for (const struct sk_json *m = members->first; m; m = m->next) {
        struct sk_receipt *r = &l->items[l->n++];
        *r = head;
        if (!read_member(l, m, r))
            return RECEIPT_EDITED;
    }
    if (!sk_receipts_sha256(l->items + first, l->n - first, whole) || memcmp(whole, named, 32) != 0 ||
        !sk_receipts_id(l->items + first, l->n - first, id) || strcmp(id, head.id) != 0)
        return RECEIPT_EDITED;
    return read_signature(l, v, l->items + first, l->n - first);
}

static bool refuse(struct loader *l, const char *ja, const char *en)
{
    sk_problem_add(l->problems, l->path, 0, 0, ja, en, "");
    return false;
}

static bool read_check(struct loader *l, const struct sk_json *v)
{
    const char *record = sk_json_text(v, "record");
    const struct sk_json *receipt = sk_json_get(v, "receipt");
    if (!record || strcmp(record, "check") != 0)
        return refuse(l, "点検結果(check --format json の出力)ではありません。%s",
                      "This is not the output of check --format json.%s");
    if (!receipt || receipt->kind == SK_JSON_NULL)
        return refuse(l, "この点検では控えが発行されていません。点検し直してください。%s",
                      "This check issued no receipt. Check the files again.%s");
    switch (read_receipt(l, receipt)) {
    case RECEIPT_GOOD:
        return true;
    case RECEIPT_UNSIGNED:
        return refuse(l, "控えに署名がありません。平文を点検し直して、署名のある控えを使ってください。%s",
                      "The receipt has no signature. Check the plain file again and use a signed receipt.%s");
    case RECEIPT_FOREIGN:
        return refuse(l,
                      "控えは別の鍵で署名されています。この点検と同じ鍵(--key)で発行した控えか、発行元の公開鍵を"
                      "使ってください。%s",
                      "The receipt was signed with another key. Use a receipt of this site's key, or give the issuer's "
                      "public key with --key.%s");
    case RECEIPT_EDITED:
        break;
    }
    return refuse(l, "控えが壊れているか、書き換えられています。点検し直してください。%s",
                  "The receipt is damaged or was edited. Check the files again.%s");
}

static void add_syntax_problem(struct loader *l, const struct sk_bytes all, size_t at)
{
    unsigned line = 1, column = 1;
    for (size_t i = 0; i < at && i < all.n; i++) {
        column = all.p[i] == '\n' ? 1 : column + ((all.p[i] & 0xC0) != 0x80);
        line += all.p[i] == '\n';
    }
    sk_problem_add(l->problems, l->path, line, column, "JSON として読めません。%s", "This is not valid JSON.%s", "");
}

/* One check, or several behind each other. */
static bool read_all(struct loader *l, const struct sk_bytes all)
{
    struct sk_bytes in = all;
    do {
        const struct sk_json *v = sk_json_read(&in, l->arena);
        if (!v) {
            add_syntax_problem(l, all, all.n - in.n);
            return false;
        }
        if (!read_check(l, v))
            return false;
    } while (in.n);
    return true;
}

static char *read_file(const char *path, size_t *n)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat st;
    if (fd < 0)
        return NULL;
    char *p = NULL;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && (uint64_t)st.st_size <= FILE_MAX_BYTES &&
        (p = sk_new((size_t)st.st_size + 1, 1))) {
        ssize_t got;
        for (*n = 0; *n < (size_t)st.st_size && (got = read(fd, p + *n, (size_t)st.st_size - *n)) > 0;)
            *n += (size_t)got;
    } else {
        errno = errno ? errno : EINVAL;
    }
    close(fd);
    return p;
}

const struct sk_receipt *sk_receipts_load(const char *path, const uint8_t public_key[SK_SIGN_PUBLIC],
                                          struct sk_arena *arena, size_t *n, struct sk_problems *problems)
{
    struct loader l = { .path = path, .public_key = public_key, .arena = arena, .problems = problems };
    size_t bytes = 0;
    char *text = (errno = 0, read_file(path, &bytes));
    *n = 0;
    if (!text) {
        sk_problem_add(problems, path, 0, 0, "控えのファイルを読めません(%s)。", "The receipts cannot be read (%s).",
                       strerror(errno));
        return NULL;
    }
    struct sk_receipt *kept = NULL;
    if (read_all(&l, sk_bytes(text, bytes)) && (kept = sk_arena_new(arena, l.n, sizeof(*kept)))) {
        memcpy(kept, l.items, l.n * sizeof(*kept));
        *n = l.n;
    }
    free(l.items);
    free(text);
    return kept;
}
