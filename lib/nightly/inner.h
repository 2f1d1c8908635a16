/* inner.h - inside nightly: the open store. store.c opens it, chain.c keeps the audit chain, run.c records a run,
 * life.c the life of findings. */
#ifndef SK_NIGHTLY_INNER_H
#define SK_NIGHTLY_INNER_H

#include "nightly/store.h"

#include <sqlite3.h>

struct sk_store {
    sqlite3 *db;
    char *path;
    char error[512];
    struct sk_arena arena;          /* cached SQL */
    int64_t run;                    /* the run in hand, 0 = none */
    int64_t digest;                 /* row of digest for it */
    const struct sk_policy *policy; /* of the run in hand */
    long as_of;
    bool full;
    bool ending;       /* the end of the run is being written: all of it or nothing */
    int lock;          /* held by a run, -1 = none */
    unsigned pending;  /* rows since the last commit */
    int64_t committed; /* seconds, monotonic */
    sqlite3_stmt *unchanged, *put_file, *put_finding, *old_finding;
};

/* Runs SQL without results; false and s->error. */
bool sk_sql(struct sk_store *s, const char *sql);
/* Prepares; NULL and s->error. */
sqlite3_stmt *sk_prepare(struct sk_store *s, const char *sql);
/* One integer of a query, or otherwise. */
int64_t sk_sql_integer(struct sk_store *s, const char *sql, int64_t otherwise);
bool sk_store_failed(struct sk_store *s); /* notes SQLite's message; returns false */

/* file.ctime in nanoseconds; file.mode with this bit when an ACL lets everybody read. */
#define SK_STORED_CTIME(f) ((f)->ctime * 1000000000 + (f)->ctime_ns)
#define SK_MODE_WORLD (1u << 20)

#define SK_COL_TEXT(st, i) ((const char *)sqlite3_column_text((st), (i)))

/* stored.c: a result that its columns alone can give back; what SELECTs of results begin with; the result of a row
 * (col: the first of them). */
bool sk_result_is_plain(const struct seki_result *r);
#define SK_STORED_COLUMNS "wire, state, size, format, sha"
struct seki_result *sk_stored_result(sqlite3_stmt *st, int col, const char *path);

#define SK_CHAIN_KEY_BYTES 32
/* chain.c: the key pair (made once) and the signed head of a new store. */
bool sk_chain_start(struct sk_store *s, uint8_t public_key[SK_CHAIN_KEY_BYTES]);
/* Signs the head of what is committed. After the commit, never before: a head ahead of its chain would look like a cut.
 */
bool sk_chain_anchor(struct sk_store *s);

/* life.c: one finding a file that has violations other than V-UNK. */
bool sk_life_file(struct sk_store *s, const struct sk_report_file *f);
/* After all files: what became of findings that this run did not meet. */
bool sk_life_end(struct sk_store *s);

#endif
