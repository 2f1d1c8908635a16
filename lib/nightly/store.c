/* store.c - opening, schema, the secret key, the audit chain. */
#include "nightly/inner.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define SCHEMA_VERSION 1

static const char SCHEMA[] =
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;"
    "CREATE TABLE digest(id INTEGER PRIMARY KEY, rules BLOB, detect BLOB, UNIQUE(rules, detect));"
    "CREATE TABLE run(id INTEGER PRIMARY KEY, started INT, ended INT, as_of INT, status TEXT, complete INT, tool TEXT, rules TEXT,"
    " rules_digest BLOB, policy_id TEXT, policy_version TEXT, policy_digest BLOB, draft INT, overdue INT, roots TEXT);"
    "CREATE TABLE file(path TEXT PRIMARY KEY, dev INT, ino INT, size INT, mtime INT, ctime INT, sha BLOB, state INT, reasons TEXT,"
    " format TEXT, location TEXT, grade TEXT, severity TEXT, violations TEXT, persons_min INT, persons_max INT, canary INT, owner TEXT,"
    " mode INT, run INT, hashed INT, digest INT, wire BLOB) WITHOUT ROWID;"
    "CREATE INDEX file_sha ON file(sha);"
    "CREATE TABLE finding(id INTEGER PRIMARY KEY, path TEXT, sha BLOB, location TEXT, grade TEXT, severity TEXT, violations TEXT,"
    " what TEXT, why TEXT, persons_min INT, persons_max INT, insurers TEXT, first INT, last INT, status TEXT, closed INT, moved TEXT,"
    " exception TEXT, run INT);"
    "CREATE INDEX finding_path ON finding(path);"
    "CREATE TABLE place(run INT, location TEXT, files INT, before INT, unreachable INT, PRIMARY KEY(run, location)) WITHOUT ROWID;"
    "CREATE TABLE aggregate(run INT, location TEXT, code TEXT, severity TEXT, min INT, max INT);"
    "CREATE TABLE canary(location TEXT PRIMARY KEY, run INT, ok INT) WITHOUT ROWID;"
    "CREATE TABLE exception(run INT, id TEXT, status TEXT, expires INT, soon INT, PRIMARY KEY(run, id)) WITHOUT ROWID;"
    "CREATE TABLE excepted(run INT, id TEXT, status TEXT, path TEXT);"
    "CREATE TABLE total(run INT, kind TEXT, name TEXT, n INT, PRIMARY KEY(run, kind, name)) WITHOUT ROWID;"
    "CREATE TABLE chain(seq INTEGER PRIMARY KEY, at INT, kind TEXT, body TEXT, hash BLOB);";

bool sk_store_failed(struct sk_store *s)
{
    snprintf(s->error, sizeof(s->error), "%s", sqlite3_errmsg(s->db));
    return false;
}

const char *sk_store_error(const struct sk_store *s)
{
    return s->error;
}

bool sk_sql(struct sk_store *s, const char *sql)
{
    return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK || sk_store_failed(s);
}

sqlite3_stmt *sk_prepare(struct sk_store *s, const char *sql)
{
    sqlite3_stmt *st = NULL;
    if (sqlite3_prepare_v2(s->db, sql, -1, &st, NULL) != SQLITE_OK)
        sk_store_failed(s);
    return st;
}

int64_t sk_sql_integer(struct sk_store *s, const char *sql, int64_t otherwise)
{
    sqlite3_stmt *st = sk_prepare(s, sql);
    int64_t value = otherwise;
    if (st && sqlite3_step(st) == SQLITE_ROW && sqlite3_column_type(st, 0) != SQLITE_NULL)
        value = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    return value;
}

static bool set_up(struct sk_store *s, bool fresh)
{
    if (!sk_sql(s, "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA trusted_schema=OFF; PRAGMA secure_delete=ON;"))
        return false;
    if (!fresh)
        return true;
    struct sk_key key;
    if (!sk_key_random(&key)) {
        snprintf(s->error, sizeof(s->error), "no random numbers");
        return false;
    }
    sqlite3_stmt *st;
    char version[64];
    snprintf(version, sizeof(version), "PRAGMA user_version=%d", SCHEMA_VERSION);
    bool ok = sk_sql(s, "BEGIN IMMEDIATE") && sk_sql(s, SCHEMA) && sk_sql(s, version);
    if (ok && (st = sk_prepare(s, "INSERT INTO meta VALUES('person_key', ?)"))) {
        sqlite3_bind_blob(st, 1, &key, sizeof(key), SQLITE_TRANSIENT);
        ok = sqlite3_step(st) == SQLITE_DONE || sk_store_failed(s);
        sqlite3_finalize(st);
    }
    return ok && sk_sql(s, "COMMIT");
}

/* Why it cannot be used, in words. */
static struct sk_store *refuse(struct sk_store *s, const char *path, struct sk_problems *problems, const char *ja, const char *en)
{
    sk_problem_add(problems, path, 0, 0, "状態ファイルを使えません: %s(%s)", "The state file cannot be used: %s (%s)", ja, s && s->error[0] ? s->error : en);
    sk_store_close(s);
    return NULL;
}

struct sk_store *sk_store_open(const char *path, bool create, struct sk_problems *problems)
{
    struct stat st;
    bool exists = stat(path, &st) == 0 && st.st_size > 0;
    struct sk_store *s = sk_new(1, sizeof(*s));
    if (!s || !(s->path = sk_copy_string(path, strlen(path))))
        return refuse(s, path, problems, "メモリーが足りません", "out of memory");
    if (!exists && !create)
        return refuse(s, path, problems, "ファイルがありません", "no such file");
    if (!exists) { /* the mode before the first byte */
        int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd < 0) {
            snprintf(s->error, sizeof(s->error), "%s", strerror(errno));
            return refuse(s, path, problems, "作れません", "cannot be created");
        }
        close(fd);
    }
    if (sqlite3_open_v2(path, &s->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
        sk_store_failed(s);
        return refuse(s, path, problems, "開けません", "cannot be opened");
    }
    sqlite3_busy_timeout(s->db, 2000);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    if (exists) {
        int64_t version = sk_sql_integer(s, "PRAGMA user_version", -1);
        if (version != SCHEMA_VERSION)
            return refuse(s, path, problems, version < 0 ? "壊れているか、状態ファイルではありません" : "別の版の状態ファイルです", "not a state file of this version");
    }
    if (!set_up(s, !exists))
        return refuse(s, path, problems, "書けないか、ほかの実行が使用中です", "not writable, or in use by another run");
    return s;
}

void sk_store_close(struct sk_store *s)
{
    if (!s)
        return;
    sqlite3_finalize(s->unchanged);
    sqlite3_finalize(s->put_file);
    sqlite3_finalize(s->put_finding);
    sqlite3_finalize(s->old_finding);
    if (s->db && !sqlite3_get_autocommit(s->db))
        sqlite3_exec(s->db, "COMMIT", NULL, NULL, NULL); /* what was recorded is right; the run stays marked as running */
    sqlite3_close(s->db);
    free(s->path);
    free(s);
}

bool sk_store_key(struct sk_store *s, struct sk_key *key)
{
    sqlite3_stmt *st = sk_prepare(s, "SELECT value FROM meta WHERE key='person_key'");
    bool ok = st && sqlite3_step(st) == SQLITE_ROW && sqlite3_column_bytes(st, 0) == (int)sizeof(*key);
    if (ok)
        memcpy(key, sqlite3_column_blob(st, 0), sizeof(*key));
    sqlite3_finalize(st);
    return ok;
}

/* ---------------------------------------------------------------- the chain */

/* hash = SHA-256(previous hash, seq, at, kind, body), lengths included so that no two records read alike. */
static bool link_hash(const uint8_t *previous, int64_t seq, int64_t at, const char *kind, const char *body, uint8_t out[SK_SHA256_BYTES])
{
    struct sk_buf b;
    sk_buf_init(&b, (size_t)4 << 20);
    sk_buf_add(&b, previous, SK_SHA256_BYTES);
    sk_buf_printf(&b, "%" PRId64 "\n%" PRId64 "\n%zu:%s\n%zu:%s", seq, at, strlen(kind), kind, strlen(body), body);
    bool ok = !b.failed && sk_sha256(b.p, b.n, out);
    sk_buf_free(&b);
    return ok;
}

bool sk_store_log(struct sk_store *s, const char *kind, const char *text)
{
    uint8_t previous[SK_SHA256_BYTES] = { 0 }, hash[SK_SHA256_BYTES];
    int64_t seq = 1, at = time(NULL);
    sqlite3_stmt *st = sk_prepare(s, "SELECT seq, hash FROM chain ORDER BY seq DESC LIMIT 1");
    if (!st)
        return false;
    if (sqlite3_step(st) == SQLITE_ROW && sqlite3_column_bytes(st, 1) == SK_SHA256_BYTES) {
        seq = sqlite3_column_int64(st, 0) + 1;
        memcpy(previous, sqlite3_column_blob(st, 1), SK_SHA256_BYTES);
    }
    sqlite3_finalize(st);
    if (!link_hash(previous, seq, at, kind, text, hash) || !(st = sk_prepare(s, "INSERT INTO chain VALUES(?,?,?,?,?)")))
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
    char head[128], hex[SK_SHA256_HEX];
    sk_hex(hash, sizeof(hash), hex);
    snprintf(head, sizeof(head), "%" PRId64 ":%s", seq, hex);
    sqlite3_bind_text(st, 1, head, -1, SQLITE_STATIC);
    ok = sqlite3_step(st) == SQLITE_DONE || sk_store_failed(s);
    sqlite3_finalize(st);
    return ok;
}

static bool broken(struct sk_store *s, struct sk_problems *problems, int64_t seq)
{
    sk_problem_add(problems, s->path, 0, 0, "監査記録 %" PRId64 " 番で連鎖が切れています。記録が変更・削除・並べ替えされています。",
                   "The audit chain breaks at record %" PRId64 ": records were changed, deleted or reordered.", seq);
    return false;
}

bool sk_store_verify(struct sk_store *s, struct sk_problems *problems)
{
    uint8_t previous[SK_SHA256_BYTES] = { 0 }, hash[SK_SHA256_BYTES];
    int64_t expected = 1;
    char head[128] = "0:", stored[128] = "0:";
    sqlite3_stmt *st = sk_prepare(s, "SELECT seq, at, kind, body, hash FROM chain ORDER BY seq");
    if (!st)
        return broken(s, problems, 0);
    bool ok = true;
    int step;
    while (ok && (step = sqlite3_step(st)) == SQLITE_ROW) {
        const char *kind = SK_COL_TEXT(st, 2), *body = SK_COL_TEXT(st, 3);
        ok = kind && body && sqlite3_column_int64(st, 0) == expected && sqlite3_column_bytes(st, 4) == SK_SHA256_BYTES &&
             link_hash(previous, expected, sqlite3_column_int64(st, 1), kind, body, hash) &&
             memcmp(hash, sqlite3_column_blob(st, 4), SK_SHA256_BYTES) == 0;
        if (ok) {
            char hex[SK_SHA256_HEX];
            memcpy(previous, hash, sizeof(hash));
            sk_hex(hash, sizeof(hash), hex);
            snprintf(head, sizeof(head), "%" PRId64 ":%s", expected++, hex);
        }
    }
    sqlite3_finalize(st);
    if (!ok)
        return broken(s, problems, expected);
    if ((st = sk_prepare(s, "SELECT value FROM meta WHERE key='chain_head'")) && sqlite3_step(st) == SQLITE_ROW && SK_COL_TEXT(st, 0))
        snprintf(stored, sizeof(stored), "%s", SK_COL_TEXT(st, 0));
    sqlite3_finalize(st);
    return strcmp(head, stored) == 0 || broken(s, problems, expected);
}
