/* store.c - opening, schema, the lock against two runs, the secret key. */
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

#define SCHEMA_VERSION 3

static const char SCHEMA[] =
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;"
    "CREATE TABLE digest(id INTEGER PRIMARY KEY, rules BLOB, detect BLOB, UNIQUE(rules, detect));"
    "CREATE TABLE run(id INTEGER PRIMARY KEY, started INT, ended INT, as_of INT, status TEXT, complete INT, tool TEXT, "
    "rules TEXT,"
    " rules_digest BLOB, policy_id TEXT, policy_version TEXT, policy_digest BLOB, draft INT, overdue INT, roots TEXT, "
    "mask INT, real TEXT, edm BLOB, shard TEXT);"
    "CREATE TABLE file(path TEXT PRIMARY KEY, id INT, dev INT, ino INT, size INT, mtime INT, ctime INT, sha BLOB, "
    "state INT, "
    "reasons TEXT,"
    " format TEXT, location TEXT, grade TEXT, severity TEXT, violations TEXT, persons_min INT, persons_max INT, canary "
    "INT, owner TEXT,"
    " uid INT, mode INT, run INT, hashed INT, digest INT, edm INT, wire BLOB) WITHOUT ROWID;" /* no index but the path:
                                                                               each would hold every path again */
    "CREATE TABLE finding(id INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT, sha BLOB, location TEXT, grade TEXT, "
    "severity TEXT, violations TEXT,"
    " what TEXT, why TEXT, persons_min INT, persons_max INT, insurers TEXT, first INT, last INT, status TEXT, closed "
    "INT, moved TEXT,"
    " exception TEXT, run INT);"
    "CREATE INDEX finding_path ON finding(path);"
    "CREATE INDEX finding_sha ON finding(sha);"
    "CREATE TABLE place(run INT, location TEXT, files INT, before INT, unreachable INT, PRIMARY KEY(run, location)) "
    "WITHOUT ROWID;"
    "CREATE TABLE aggregate(run INT, location TEXT, code TEXT, severity TEXT, min INT, max INT);"
    "CREATE TABLE canary(location TEXT PRIMARY KEY, run INT, ok INT) WITHOUT ROWID;"
    "CREATE TABLE exception(run INT, id TEXT, status TEXT, expires INT, soon INT, PRIMARY KEY(run, id)) WITHOUT ROWID;"
    "CREATE TABLE excepted(run INT, id TEXT, status TEXT, path TEXT);"
    "CREATE TABLE total(run INT, kind TEXT, name TEXT, n INT, PRIMARY KEY(run, kind, name)) WITHOUT ROWID;"
    "CREATE TABLE content(key INTEGER PRIMARY KEY, path TEXT);" /* first bytes of a SHA-256 -> a file that has it */
    "CREATE TABLE history(finding INT, day INT, location TEXT, grade TEXT, violations TEXT, policy TEXT);"
    "CREATE INDEX history_finding ON history(finding);"
    "CREATE TABLE chain(seq INTEGER PRIMARY KEY, at INT, kind TEXT, body TEXT, hash BLOB);";

/* A commit survives a power cut once it is in the write-ahead log; NORMAL may lose the last ones whole, never a part.
 * What a run was lost is read again. */
static const char SETTINGS[] =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA trusted_schema=OFF; PRAGMA secure_delete=ON;";

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

static bool put_meta(struct sk_store *s, const char *key, const void *p, size_t n)
{
    sqlite3_stmt *st = sk_prepare(s, "INSERT OR REPLACE INTO meta VALUES(?, ?)");
    if (!st)
        return false;
    sqlite3_bind_text(st, 1, key, -1, SQLITE_STATIC);
    sqlite3_bind_blob(st, 2, p, (int)n, SQLITE_STATIC);
    bool ok = sqlite3_step(st) == SQLITE_DONE || sk_store_failed(s);
    sqlite3_finalize(st);
    return ok;
}

bool sk_store_tables(struct sk_store *s)
{
    return sk_sql(s, SCHEMA);
}

/* The schema, in one transaction: a power cut leaves either nothing (made anew next time) or all of it. */
static bool make_schema(struct sk_store *s)
{
    struct sk_key key;
    uint8_t public_key[SK_CHAIN_KEY_BYTES];
    char version[64];
    snprintf(version, sizeof(version), "PRAGMA user_version=%d", SCHEMA_VERSION);
    if (!sk_key_random(&key)) {
        snprintf(s->error, sizeof(s->error), "no random numbers");
        return false;
    }
    bool ok = sk_sql(s, "BEGIN IMMEDIATE") && sk_sql(s, SCHEMA) && sk_sql(s, version) &&
              put_meta(s, "person_key", &key, sizeof(key)) && sk_chain_start(s, public_key) &&
              put_meta(s, "chain_key", public_key, sizeof(public_key)) && sk_sql(s, "COMMIT");
    if (!ok)
        sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
    return ok;
}

/* Why it cannot be used, in words. */
static struct sk_store *refuse(struct sk_store *s, const char *path, struct sk_problems *problems, const char *ja,
                               const char *en)
{
    if (s && s->error[0])
        sk_problem_add(problems, path, 0, 0, "状態ファイルを使えません: %s(%s)",
                       "The state file cannot be used: %s (%s)", ja, s->error);
    else
        sk_problem_add(problems, path, 0, 0, "状態ファイルを使えません: %s%.0s",
                       "The state file cannot be used: %.0s%s", ja, en);
    sk_store_close(s);
    return NULL;
}

/* Held until the store is closed; the kernel lets go of it when the process dies, so that no stale lock stops the next
 * night. */
static bool lock(struct sk_store *s)
{
    char path[4096];
    if (snprintf(path, sizeof(path), "%s.lock", s->path) >= (int)sizeof(path)) {
        snprintf(s->error, sizeof(s->error), "%s", strerror(ENAMETOOLONG));
        return false;
    }
    s->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (s->lock >= 0 && flock(s->lock, LOCK_EX | LOCK_NB) == 0)
        return true;
    if (s->lock < 0 || errno != EWOULDBLOCK)
        snprintf(s->error, sizeof(s->error), "%.300s: %s", path, strerror(errno));
    return false;
}

static bool make_empty(struct sk_store *s, const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        snprintf(s->error, sizeof(s->error), "%s", strerror(errno));
        return false;
    }
    return close(fd) == 0;
}

struct sk_store *sk_store_open(const char *path, bool create, struct sk_problems *problems)
{
    struct stat st;
    bool exists = stat(path, &st) == 0 && st.st_size > 0;
    struct sk_store *s = sk_new(1, sizeof(*s));
    if (s)
        s->lock = -1;
    if (!s || !(s->path = sk_copy_string(path, strlen(path))))
        return refuse(s, path, problems, "メモリーが足りません", "out of memory");
    if (!exists && !create)
        return refuse(
            s, path, problems,
            "ファイルがないか空です。この状態ファイルへの検査はまだ行われていません(sekisho scan --state で作ります)",
            "no such file, or empty: nothing was scanned into it yet (made by sekisho scan --state)");
    if (create && !lock(s))
        return refuse(s, path, problems, "ほかの検査が使用中です。終わるのを待ってください。何も検査しませんでした",
                      "another scan is using it. Wait until it ends. Nothing was scanned");
    if (!exists && !make_empty(s, path)) /* the mode before the first byte */
        return refuse(s, path, problems, "作れません", "cannot be created");
    if (sqlite3_open_v2(path, &s->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
        sk_store_failed(s);
        return refuse(s, path, problems, "開けません", "cannot be opened");
    }
    sqlite3_busy_timeout(s->db, 2000);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    int64_t version = sk_sql_integer(s, "PRAGMA user_version", -1),
            tables = sk_sql_integer(s, "SELECT count(*) FROM sqlite_schema", -1);
    bool fresh = version == 0 && tables == 0; /* also what a power cut left while it was made */
    if (version < 0 || tables < 0)
        return refuse(s, path, problems, "壊れているか、状態ファイルではありません", "damaged, or not a state file");
    if (fresh && !create)
        return refuse(s, path, problems, "空です。この状態ファイルへの検査はまだ行われていません",
                      "empty: nothing was scanned into it yet");
    if (!fresh && version != SCHEMA_VERSION)
        return refuse(s, path, problems, "別の版の状態ファイルです", "not a state file of this version");
    s->error[0] = '\0';
    if (!sk_sql(s, SETTINGS) || (fresh && !make_schema(s)))
        return refuse(s, path, problems, "書けません", "not writable");
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
    sqlite3_finalize(s->file_id);
    sqlite3_finalize(s->put_content);
    sqlite3_finalize(s->same);
    sqlite3_finalize(s->history);
    sk_run_tally_clear(&s->tally);
    free(s->met.bits);
    if (s->db && !sqlite3_get_autocommit(s->db)) /* what was recorded of files is right; the run stays marked as
                                                    running. The end of a run is whole or not at all */
        sqlite3_exec(s->db, s->ending ? "ROLLBACK" : "COMMIT", NULL, NULL, NULL);
    sqlite3_close(s->db);
    if (s->lock >= 0)
        close(s->lock);
    free(s->path);
    free(s);
}

bool sk_store_share_key(struct sk_store *s, const struct sk_key *key, struct sk_problems *problems)
{
    struct sk_key old;
    if (sk_store_key(s, &old) && memcmp(&old, key, sizeof(old)) == 0)
        return true;
    if (sk_sql_integer(s, "SELECT count(*) FROM run", 1) == 0 && put_meta(s, "person_key", key, sizeof(*key)) &&
        put_meta(s, "shared_key", "1", 1))
        return true;
    sk_problem_add(problems, s->path, 0, 0,
                   "この状態ファイルの本人の印は別の鍵で作られています。新しい状態ファイルから始めてください。",
                   "The persons of this state file were made with another key. Begin with a new state file.");
    return false;
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
