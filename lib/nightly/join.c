/*
 * join.c - several stores told as one: shards of a share, hosts of a federation. The joined store is a temporary
 * database that SQLite deletes; its runs are days. The number of a finding of the k-th store (from 0) is
 * k * 1,000,000,000 + its own.
 */
#include "nightly/inner.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct sk_store *sk_store_join_new(void)
{
    struct sk_store *s = sk_new(1, sizeof(*s));
    if (!s)
        return NULL;
    s->lock = -1;
    s->path = sk_copy_string("(joined)", 8);
    if (!s->path || sqlite3_open_v2("", &s->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) != SQLITE_OK ||
        !sk_store_tables(s)) {
        sk_store_close(s);
        return NULL;
    }
    return s;
}

/* ?1: the store's place in the list. The last run of a day is what that day was. */
static const char *const JOIN[] = {
    "DROP TABLE IF EXISTS temp.pick",
    "CREATE TEMP TABLE pick AS SELECT as_of, max(id) AS id FROM s.run GROUP BY as_of",
    "INSERT INTO run(id, started, ended, as_of, status, complete, tool, rules, rules_digest, policy_id, "
    "policy_version, policy_digest, draft, overdue, roots, mask, shard) SELECT r.as_of, started, ended, r.as_of, "
    "CASE status WHEN 'running' THEN 'interrupted' ELSE status END, coalesce(complete,0), tool, rules, rules_digest, "
    "policy_id, policy_version, policy_digest, draft, overdue, roots, mask, shard FROM s.run r JOIN temp.pick "
    "USING(id) "
    "WHERE true ON CONFLICT(id) DO UPDATE SET started=min(started, excluded.started), ended=max(ended, "
    "excluded.ended), "
    "complete=min(complete, excluded.complete), status=CASE WHEN excluded.status='ended' THEN status ELSE "
    "excluded.status END, draft=max(draft, excluded.draft), overdue=max(overdue, excluded.overdue), mask=max(mask, "
    "excluded.mask), roots=CASE WHEN roots=excluded.roots THEN roots ELSE roots || char(10) || excluded.roots END, "
    "rules=CASE WHEN rules=excluded.rules THEN rules ELSE rules || ' / ' || excluded.rules END, "
    "policy_version=CASE WHEN policy_version=excluded.policy_version THEN policy_version ELSE policy_version || ' / ' "
    "|| excluded.policy_version END",
    "INSERT INTO total SELECT p.as_of, kind, name, n FROM s.total t JOIN temp.pick p ON t.run=p.id WHERE true ON "
    "CONFLICT DO UPDATE SET n=n+excluded.n",
    "INSERT INTO place SELECT p.as_of, location, files, before, unreachable FROM s.place t JOIN temp.pick p ON "
    "t.run=p.id WHERE true ON CONFLICT DO UPDATE SET files=files+excluded.files, before=before+excluded.before, "
    "unreachable=max(unreachable, excluded.unreachable)",
    "INSERT INTO finding SELECT id + ?1 * 1000000000, path, sha, location, grade, severity, violations, what, why, "
    "persons_min, persons_max, insurers, first, last, status, closed, moved, exception, coalesce((SELECT as_of FROM "
    "s.run r WHERE r.id=f.run), 0) FROM s.finding f",
    "INSERT INTO canary SELECT location, (SELECT as_of FROM s.run r WHERE r.id=c.run), CASE WHEN run=(SELECT max(id) "
    "FROM s.run) THEN ok ELSE 0 END FROM s.canary c WHERE true ON CONFLICT DO UPDATE SET ok=min(ok, excluded.ok), "
    "run=max(run, excluded.run)",
    "INSERT INTO exception SELECT p.as_of, e.id, status, expires, soon FROM s.exception e JOIN temp.pick p ON "
    "e.run=p.id WHERE true ON CONFLICT DO UPDATE SET status=CASE WHEN excluded.status='active' OR status='active' THEN "
    "'active' ELSE status END, soon=max(soon, excluded.soon)",
};
/* The inventory, for the kinds of reports that ask for it. */
static const char FILES[] = "INSERT OR IGNORE INTO file SELECT * FROM s.file WHERE ?1>=0";

static bool step(struct sk_store *s, const char *sql, int64_t number)
{
    sqlite3_stmt *st = sk_prepare(s, sql);
    if (!st)
        return false;
    if (sqlite3_bind_parameter_count(st))
        sqlite3_bind_int64(st, 1, number);
    bool ok = sqlite3_step(st) == SQLITE_DONE || sk_store_failed(s);
    sqlite3_finalize(st);
    return ok;
}

static bool attach(struct sk_store *s, const char *path)
{
    sqlite3_stmt *st = sk_prepare(s, "ATTACH ?1 AS s");
    if (!st)
        return false;
    sqlite3_bind_text(st, 1, path, -1, SQLITE_STATIC);
    bool ok = sqlite3_step(st) == SQLITE_DONE || sk_store_failed(s);
    sqlite3_finalize(st);
    return ok;
}

bool sk_store_join_add(struct sk_store *s, const struct sk_store *one, size_t number, bool files)
{
    if (!attach(s, one->path))
        return false;
    bool ok = sk_sql(s, "BEGIN");
    for (size_t i = 0; ok && i < sizeof(JOIN) / sizeof(JOIN[0]); i++)
        ok = step(s, JOIN[i], (int64_t)number);
    ok = ok && (!files || step(s, FILES, 0)) && sk_sql(s, "COMMIT");
    if (!ok && !sqlite3_get_autocommit(s->db))
        sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
    return ok && sk_sql(s, "DETACH s");
}

bool sk_store_join_end(struct sk_store *s, size_t with_today, size_t n)
{
    s->run = sk_sql_integer(s, "SELECT max(id) FROM run", 0);
    return with_today == n || step(s, "UPDATE run SET complete=0 WHERE id=?1", s->run);
}

long sk_store_last_day(struct sk_store *s)
{
    return (long)sk_sql_integer(s, "SELECT as_of FROM run ORDER BY id DESC LIMIT 1", -1);
}

bool sk_store_policy_is(struct sk_store *s, const uint8_t digest[SK_SHA256_BYTES])
{
    sqlite3_stmt *st = sk_prepare(s, "SELECT policy_digest FROM run ORDER BY id DESC LIMIT 1");
    bool same = st && sqlite3_step(st) == SQLITE_ROW && sqlite3_column_bytes(st, 0) == SK_SHA256_BYTES &&
                memcmp(sqlite3_column_blob(st, 0), digest, SK_SHA256_BYTES) == 0;
    sqlite3_finalize(st);
    return same;
}

bool sk_store_people(struct sk_store *s, bool (*take)(void *ctx, const char *location, const struct seki_result *r),
                     void *ctx)
{
    sqlite3_stmt *st =
        sk_prepare(s, "SELECT " SK_STORED_COLUMNS ", path, location FROM file WHERE persons_max>0 AND canary=0");
    bool ok = st != NULL;
    int got = SQLITE_DONE;
    while (ok && (got = sqlite3_step(st)) == SQLITE_ROW) {
        struct seki_result *r = sk_stored_result(st, 0, SK_COL_TEXT(st, 5));
        ok = r && take(ctx, SK_COL_TEXT(st, 6), r);
        sk_result_free(r);
    }
    sqlite3_finalize(st);
    return ok && (got == SQLITE_DONE || sk_store_failed(s));
}
