/*
 * chain.c - the audit chain: each record's hash covers the one before it, and the last one is signed into STATE.head by
 * the store's own key. The hashes show an edit, a deletion, a change of order; the head shows that records at the end
 * were cut off together with the database's own note.
 */
#include "nightly/inner.h"

#include "base/files.h"
#include "base/sign.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

_Static_assert(SK_CHAIN_KEY_BYTES == SK_SIGN_PUBLIC, "Ed25519");
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

/* Whole or not at all. */
static bool write_small(struct sk_store *s, const char *path, const void *p, size_t n)
{
    return sk_write_whole(path, p, n, true) || trouble(s, path);
}

/* A key that others can read still signs: refusing would leave the night without an audit record. */
static bool read_key(struct sk_store *s, const char *path, struct sk_signer *key)
{
    enum sk_signer_state state = sk_signer_read(path, key);
    if (state == SK_SIGNER_WRONG)
        errno = EINVAL;
    return state == SK_SIGNER_GOOD || state == SK_SIGNER_OPEN || trouble(s, path);
}

static bool write_head(struct sk_store *s, int64_t seq, const char *hash)
{
    struct sk_signer key;
    uint8_t sig[SK_SIGNATURE];
    char path[4096], text[512], hex[2 * SK_SIGNATURE + 1];
    if (!side_path(s, ".key", path) || !read_key(s, path, &key) || !side_path(s, ".head", path))
        return false;
    int n = snprintf(text, sizeof(text), HEAD_FORMAT, seq, hash);
    bool ok = sk_sign(&key, text, (size_t)n, sig);
    sk_signer_wipe(&key);
    if (!ok) {
        errno = EINVAL;
        return trouble(s, path);
    }
    sk_hex(sig, sizeof(sig), hex);
    n += snprintf(text + n, sizeof(text) - (size_t)n, "%s\n", hex);
    return write_small(s, path, text, (size_t)n);
}

enum head_state { HEAD_GOOD, HEAD_MISSING, HEAD_WRONG };

static enum head_state read_head(struct sk_store *s, const uint8_t public_key[SK_CHAIN_KEY_BYTES], struct head *h)
{
    char path[4096], text[512], again[512], hex[2 * SK_SIGNATURE + 1];
    uint8_t sig[SK_SIGNATURE];
    if (!side_path(s, ".head", path))
        return HEAD_MISSING;
    int64_t n = sk_read_small(path, text, sizeof(text) - 1);
    if (n < 0)
        return HEAD_MISSING;
    text[n] = '\0';
    /* NOLINTNEXTLINE(cert-err34-c) */
    if (sscanf(text, "sekisho-head 1\n%" SCNd64 " %64[0-9a-f]\n%128[0-9a-f]", &h->seq, h->hash, hex) != 3)
        return HEAD_WRONG;
    int signed_n = snprintf(again, sizeof(again), HEAD_FORMAT, h->seq, h->hash);
    bool ok = sk_unhex(hex, sig, sizeof(sig)) && strncmp(again, text, (size_t)signed_n) == 0 &&
              strlen(text) == (size_t)signed_n + strlen(hex) + 1 && text[strlen(text) - 1] == '\n' &&
              (!public_key || sk_signature_holds(public_key, again, (size_t)signed_n, sig));
    return ok ? HEAD_GOOD : HEAD_WRONG;
}

bool sk_chain_start(struct sk_store *s, uint8_t public_key[SK_CHAIN_KEY_BYTES])
{
    struct sk_signer key;
    char path[4096], zeros[SK_SHA256_HEX], line[160];
    struct head old = { 0 };
    if (!side_path(s, ".key", path))
        return false;
    /* Where a store was deleted and made anew, its chain says so first. */
    bool replaced = read_head(s, NULL, &old) != HEAD_MISSING && old.seq > 0;
    if (!sk_signer_create(path, &key)) {
        if (errno != EEXIST)
            return trouble(s, path);
        if (!read_key(s, path, &key))
            return false;
    }
    memcpy(public_key, key.public_key, sizeof(key.public_key));
    sk_signer_wipe(&key);
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
    enum head_state state = !have ? HEAD_WRONG : read_head(s, public_key, &signed_head);
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
