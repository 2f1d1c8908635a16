/* inner.h - inside nightly: the open store. store.c opens it and keeps the chain, run.c records a run, life.c the life of findings. */
#ifndef SK_NIGHTLY_INNER_H
#define SK_NIGHTLY_INNER_H

#include "nightly/store.h"

#include <sqlite3.h>

struct sk_store {
    sqlite3 *db;
    char *path;
    char error[512];
    struct sk_arena arena; /* cached SQL */
    int64_t run;           /* the run in hand, 0 = none */
    int64_t digest;        /* row of digest for it */
    const struct sk_policy *policy; /* of the run in hand */
    long as_of;
    bool full;
    unsigned pending;      /* rows since the last commit */
    int64_t committed;     /* seconds, monotonic */
    sqlite3_stmt *unchanged, *put_file, *put_finding, *old_finding;
};

/* Runs SQL without results; false and s->error. */
bool sk_sql(struct sk_store *s, const char *sql);
/* Prepares; NULL and s->error. */
sqlite3_stmt *sk_prepare(struct sk_store *s, const char *sql);
/* One integer of a query, or otherwise. */
int64_t sk_sql_integer(struct sk_store *s, const char *sql, int64_t otherwise);
bool sk_store_failed(struct sk_store *s); /* notes SQLite's message; returns false */

#define SK_COL_TEXT(st, i) ((const char *)sqlite3_column_text((st), (i)))

/* life.c: one finding a file that has violations other than V-UNK. */
bool sk_life_file(struct sk_store *s, const struct sk_report_file *f);
/* After all files: what became of findings that this run did not meet. unreachable: bits... see run.c */
bool sk_life_end(struct sk_store *s);

#endif
