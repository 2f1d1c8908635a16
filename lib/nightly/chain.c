/*
 * chain.c - the audit chain: each record's hash covers the one before it, and the last one is signed into STATE.head by
 * the store's own key. The hashes show an edit, a deletion, a change of order; the head shows that records at the end
 * were cut off together with the database's own note.
 */
#include "nightly/inner.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

_Static_assert(SK_CHAIN_KEY_BYTES == crypto_sign_PUBLICKEYBYTES, "Ed25519");
#define HEAD_FORMAT "sekisho-head 1\n%" PRId64 " %s\n"

struct head {
    int64_t seq;
    char hash[SK_SHA256_HEX];
};

static bool trouble(struct sk_store *s, const char *path)
{
    snprintf(s->error, sizeof(s->error), "%.300s: %s", path, strerror(errno));
    return false;
}

static bool side_path(struct sk_store *s, const char *suffix, char path[4096])
{
    if (snprintf(path, 4096, "%s%s", s->path, suffix) < 4096)
        return true;
    errno = ENAMETOOLONG;
    return trouble(s, s->path);
}

/* Reads at most n bytes; -1 when it cannot be opened. */
static ssize_t read_small(const char *path, void *p, size_t n)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return -1;
    size_t got = 0;
    ssize_t r = 0;
    while (got < n && (r = read(fd, (char *)p + got, n - got)) > 0)
        got += (size_t)r;
    close(fd);
    return r < 0 ? -1 : (ssize_t)got;
}

/* Whole or not at all: written beside, flushed, renamed. */
static bool write_small(struct sk_store *s, const char *path, const void *p, size_t n)
{
    char part[4104];
    snprintf(part, sizeof(part), "%s.new", path);
    unlink(part);
    int fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return trouble(s, part);
    size_t done = 0;
    ssize_t w = 0;
    while (done < n && ((w = write(fd, (const char *)p + done, n - done)) > 0 || (w < 0 && errno == EINTR)))
        done += w > 0 ? (size_t)w : 0;
    bool ok = done == n && fsync(fd) == 0;
    ok = (ok || trouble(s, part)) && (close(fd) == 0 || trouble(s, part));
    ok = ok && (rename(part, path) == 0 || trouble(s, path));
    if (!ok)
        unlink(part);
    return ok;
}

static bool secret_key(struct sk_store *s, uint8_t sk[crypto_sign_SECRETKEYBYTES])
{
    char path[4096];
    if (!side_path(s, ".key", path))
        return false;
    ssize_t n = read_small(path, sk, crypto_sign_SECRETKEYBYTES);
    if (n == crypto_sign_SECRETKEYBYTES)
        return true;
    if (n >= 0)
        errno = EINVAL;
    return trouble(s, path);
}

static bool write_head(struct sk_store *s, int64_t seq, const char *hash)
{
    uint8_t sk[crypto_sign_SECRETKEYBYTES], sig[crypto_sign_BYTES];
    char path[4096], text[512], hex[2 * crypto_sign_BYTES + 1];
    if (!side_path(s, ".head", path) || !secret_key(s, sk))
        return false;
    int n = snprintf(text, sizeof(text), HEAD_FORMAT, seq, hash);
    crypto_sign_detached(sig, NULL, (const uint8_t *)text, (unsigned long long)n, sk);
    sodium_memzero(sk, sizeof(sk));
    sk_hex(sig, sizeof(sig), hex);
    n += snprintf(text + n, sizeof(text) - (size_t)n, "%s\n", hex);
    return write_small(s, path, text, (size_t)n);
}

enum head_state { HEAD_GOOD, HEAD_MISSING, HEAD_WRONG };

static enum head_state read_head(struct sk_store *s, const uint8_t public_key[SK_CHAIN_KEY_BYTES], struct head *h)
{
    char path[4096], text[512], again[512], hex[2 * crypto_sign_BYTES + 1];
    uint8_t sig[crypto_sign_BYTES];
    size_t sig_n;
    if (!side_path(s, ".head", path))
        return HEAD_MISSING;
    ssize_t n = read_small(path, text, sizeof(text) - 1);
    if (n < 0)
        return HEAD_MISSING;
    text[n] = '\0';
    /* NOLINTNEXTLINE(cert-err34-c) */
    if (sscanf(text, "sekisho-head 1\n%" SCNd64 " %64[0-9a-f]\n%128[0-9a-f]", &h->seq, h->hash, hex) != 3)
        return HEAD_WRONG;
    int signed_n = snprintf(again, sizeof(again), HEAD_FORMAT, h->seq, h->hash);
    bool ok = sodium_hex2bin(sig, sizeof(sig), hex, strlen(hex), NULL, &sig_n, NULL) == 0 && sig_n == sizeof(sig) &&
              strncmp(again, text, (size_t)signed_n) == 0 && strlen(text) == (size_t)signed_n + strlen(hex) + 1 &&
              text[strlen(text) - 1] == '\n' &&
              (!public_key ||
               crypto_sign_verify_detached(sig, (const uint8_t *)again, (unsigned long long)signed_n, public_key) == 0);
    return ok ? HEAD_GOOD : HEAD_WRONG;
}

bool sk_chain_start(struct sk_store *s, uint8_t public_key[SK_CHAIN_KEY_BYTES])
{
    uint8_t sk[crypto_sign_SECRETKEYBYTES];
    char path[4096], zeros[SK_SHA256_HEX], line[160];
    struct head old = { 0 };
    if (sodium_init() < 0 || !side_path(s, ".key", path))
        return false;
    /* Where a store was deleted and made anew, its chain says so first. */
    bool replaced = read_head(s, NULL, &old) != HEAD_MISSING && old.seq > 0;
    if (read_small(path, sk, sizeof(sk)) != (ssize_t)sizeof(sk)) {
        crypto_sign_keypair(public_key, sk);
        bool ok = write_small(s, path, sk, sizeof(sk));
        sodium_memzero(sk, sizeof(sk));
        if (!ok)
            return false;
    } else {
        crypto_sign_ed25519_sk_to_pk(public_key, sk);
        sodium_memzero(sk, sizeof(sk));
    }
    memset(zeros, '0', sizeof(zeros) - 1);
    zeros[sizeof(zeros) - 1] = '\0';
    if (!replaced)
        return write_head(s, 0, zeros);
    snprintf(line, sizeof(line), "before=%" PRId64 " %s", old.seq, old.hash);
    return sk_store_log(s, "store-replaced", line) && sk_chain_anchor(s);
}

static bool head_note(struct sk_store *s, char note[128])
{
    sqlite3_stmt *st = sk_prepare(s, "SELECT value FROM meta WHERE key='chain_head'");
    bool ok = st && sqlite3_step(st) == SQLITE_ROW && SK_COL_TEXT(st, 0);
    if (ok)
        snprintf(note, 128, "%s", SK_COL_TEXT(st, 0));
    sqlite3_finalize(st);
    return ok;
}

bool sk_chain_anchor(struct sk_store *s)
{
    char note[128], hash[SK_SHA256_HEX];
    int64_t seq;
    if (!head_note(s, note))
        return true;
    /* NOLINTNEXTLINE(cert-err34-c) */
    return sscanf(note, "%" SCNd64 ":%64[0-9a-f]", &seq, hash) == 2 && write_head(s, seq, hash);
}

/* hash = SHA-256(previous hash, seq, at, kind, body), lengths included so that no two records read alike. */
static bool link_hash(const uint8_t *previous, int64_t seq, int64_t at, const char *kind, const char *body,
                      uint8_t out[SK_SHA256_BYTES])
{
    struct sk_buf b;
    sk_buf_init(&b, (size_t)4 << 20);
    sk_buf_add(&b, previous, SK_SHA256_BYTES);
    sk_buf_printf(&b, "%" PRId64 "\n%" PRId64 "\n%zu:%s\n%zu:%s", seq, at, strlen(kind), kind, strlen(body), body);
    bool ok = !b.failed && sk_sha256(b.p, b.n, out);
    sk_buf_free(&b);
    return ok;
}

/* The last record: its number and hash; zeros before the first. */
static bool last_link(struct sk_store *s, int64_t *seq, uint8_t hash[SK_SHA256_BYTES])
{
    sqlite3_stmt *st = sk_prepare(s, "SELECT seq, hash FROM chain ORDER BY seq DESC LIMIT 1");
    *seq = 0;
    memset(hash, 0, SK_SHA256_BYTES);
    if (!st)
        return false;
    int step = sqlite3_step(st);
    if (step == SQLITE_ROW && sqlite3_column_bytes(st, 1) == SK_SHA256_BYTES) {
        *seq = sqlite3_column_int64(st, 0);
        memcpy(hash, sqlite3_column_blob(st, 1), SK_SHA256_BYTES);
    }
    sqlite3_finalize(st);
    return step == SQLITE_ROW || step == SQLITE_DONE || sk_store_failed(s);
}

static bool append(struct sk_store *s, const char *kind, const char *text)
{
    uint8_t previous[SK_SHA256_BYTES], hash[SK_SHA256_BYTES];
    char note[128], hex[SK_SHA256_HEX];
    int64_t seq, at = time(NULL);
    sqlite3_stmt *st;
    if (!last_link(s, &seq, previous) || !link_hash(previous, ++seq, at, kind, text, hash) ||
        !(st = sk_prepare(s, "INSERT INTO chain VALUES(?,?,?,?,?)")))
        return false;
    sqlite3_bind_int64(st, 1, seq);
    sqlite3_bind_int64(st, 2, at);
    sqlite3_bind_text(st, 3, kind, -1, SQLITE_STATIC);
    sqlite3_bind_text(st, 4, text, -1, SQLITE_STATIC);
    sqlite3_bind_blob(st, 5, hash, sizeof(hash), SQLITE_STATIC);
    bool ok = sqlite3_step(st) == SQLITE_DONE || sk_store_failed(s);
    sqlite3_finalize(st);
    if (!ok || !(st = sk_prepare(s, "INSERT OR REPLACE INTO meta VALUES('chain_head', ?)")))
        return false;
    sk_hex(hash, sizeof(hash), hex);
    snprintf(note, sizeof(note), "%" PRId64 ":%s", seq, hex);
    sqlite3_bind_text(st, 1, note, -1, SQLITE_STATIC);
    ok = sqlite3_step(st) == SQLITE_DONE || sk_store_failed(s);
    sqlite3_finalize(st);
    return ok;
}

bool sk_store_log(struct sk_store *s, const char *kind, const char *text)
{
    if (!sqlite3_get_autocommit(s->db)) /* the run anchors after its own commit */
        return append(s, kind, text);
    if (!sk_sql(s, "BEGIN IMMEDIATE"))
        return false;
    if (append(s, kind, text) && sk_sql(s, "COMMIT"))
        return sk_chain_anchor(s);
    sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
    return false;
}

static bool broken(struct sk_store *s, struct sk_problems *problems, int64_t seq)
{
    sk_problem_add(problems, s->path, 0, 0,
                   "監査記録 %" PRId64 " 番で連鎖が切れています。記録が変更・削除・並べ替えされています。",
                   "The audit chain breaks at record %" PRId64 ": records were changed, deleted or reordered.", seq);
    return false;
}

/* Walks the chain; false at *expected, the first record that does not hold. anchored: the head's record was met as it
 * was signed. */
static bool walk_chain(struct sk_store *s, const struct head *signed_head, int64_t *expected, char head[128],
                       bool *anchored)
{
    uint8_t previous[SK_SHA256_BYTES] = { 0 }, hash[SK_SHA256_BYTES];
    sqlite3_stmt *st = sk_prepare(s, "SELECT seq, at, kind, body, hash FROM chain ORDER BY seq");
    bool ok = st != NULL;
    int step = SQLITE_ERROR;
    *expected = 1;
    while (ok && (step = sqlite3_step(st)) == SQLITE_ROW) {
        const char *kind = SK_COL_TEXT(st, 2), *body = SK_COL_TEXT(st, 3);
        ok = kind && body && sqlite3_column_int64(st, 0) == *expected &&
             sqlite3_column_bytes(st, 4) == SK_SHA256_BYTES &&
             link_hash(previous, *expected, sqlite3_column_int64(st, 1), kind, body, hash) &&
             memcmp(hash, sqlite3_column_blob(st, 4), SK_SHA256_BYTES) == 0;
        if (!ok)
            break;
        char hex[SK_SHA256_HEX];
        memcpy(previous, hash, sizeof(hash));
        sk_hex(hash, sizeof(hash), hex);
        *anchored |= signed_head->seq == *expected && strcmp(signed_head->hash, hex) == 0;
        snprintf(head, 128, "%" PRId64 ":%s", (*expected)++, hex);
    }
    sqlite3_finalize(st);
    return ok && step == SQLITE_DONE;
}

bool sk_store_verify(struct sk_store *s, struct sk_problems *problems)
{
    uint8_t public_key[SK_CHAIN_KEY_BYTES];
    int64_t expected = 0;
    char head[128] = "", stored[128] = "";
    struct head signed_head = { 0 };
    sqlite3_stmt *st = sk_prepare(s, "SELECT value FROM meta WHERE key='chain_key'");
    bool have = st && sqlite3_step(st) == SQLITE_ROW && sqlite3_column_bytes(st, 0) == (int)sizeof(public_key);
    if (have)
        memcpy(public_key, sqlite3_column_blob(st, 0), sizeof(public_key));
    sqlite3_finalize(st);
    enum head_state state = sodium_init() < 0 || !have ? HEAD_WRONG : read_head(s, public_key, &signed_head);
    bool anchored = signed_head.seq == 0;
    if (!walk_chain(s, &signed_head, &expected, head, &anchored))
        return broken(s, problems, expected);
    head_note(s, stored);
    if (strcmp(head, stored) != 0)
        return broken(s, problems, expected);
    if (state == HEAD_GOOD && anchored)
        return true;
    if (state == HEAD_GOOD)
        sk_problem_add(problems, s->path, 0, 0,
                       "監査記録が途中までしかありません(署名された末尾は %" PRId64 " 番、記録は %" PRId64
                       " 番まで)。末尾が切り取られたか、書き直されています。",
                       "Audit records are missing at the end (the signed head is record %" PRId64
                       ", the last one here is %" PRId64 "): they were cut off or rewritten.",
                       signed_head.seq, expected - 1);
    else if (state == HEAD_MISSING)
        sk_problem_add(
            problems, s->path, 0, 0,
            "監査記録の末尾の署名(%s.head)がないため、末尾の切り取りがないことを確かめられません。",
            "The signed head of the audit chain (%s.head) is missing, so that a cut at the end cannot be ruled out.",
            s->path);
    else
        sk_problem_add(problems, s->path, 0, 0, "監査記録の末尾の署名(%s.head)が合いません。変更されています。",
                       "The signed head of the audit chain (%s.head) does not hold: it was changed.", s->path);
    return false;
}
