/* inner.h - inside nightly: the open store. store.c opens it, chain.c keeps the audit chain, run.c records a run,
 * life.c the life of findings. */
#ifndef SK_NIGHTLY_INNER_H
#define SK_NIGHTLY_INNER_H

#include "nightly/store.h"

#include <sqlite3.h>

/* Files that this run met, a bit for each file.id: rows of unchanged files need not be written to say so. */
struct sk_met {
    uint8_t *bits;
    size_t bytes;
};
bool sk_met_mark(struct sk_met *m, int64_t id, bool *before); /* false without memory */
bool sk_met_has(const struct sk_met *m, int64_t id);

/* What the run counts as files go by: tally.c. */
struct sk_run_tally {
    struct sk_run_tally_item {
        char kind; /* enum sk_run_tally_kind */
        char *name;
        int64_t n;
    } * items;
    size_t n, cap;
};
enum sk_run_tally_kind {
    SK_TALLY_STATE,
    SK_TALLY_GRADE,
    SK_TALLY_SEVERITY,
    SK_TALLY_REASON,
    SK_TALLY_OTHER,
    SK_TALLY_PLACE
};
bool sk_run_tally_add(struct sk_run_tally *t, enum sk_run_tally_kind kind, const char *name, int64_t n);
void sk_run_tally_clear(struct sk_run_tally *t);

struct sk_store {
    sqlite3 *db;
    char *path;
    char error[512];
    struct sk_arena arena;           /* cached SQL */
    int64_t run;                     /* the run in hand, 0 = none */
    int64_t digest, edm;             /* rows of digest for it: rules and manner; index of the register */
    uint8_t manner[SK_SHA256_BYTES]; /* of reading and looking, without the rules */
    const struct sk_policy *policy;  /* of the run in hand */
    long as_of;
    bool full;
    bool ending;       /* the end of the run is being written: all of it or nothing */
    int lock;          /* held by a run, -1 = none */
    unsigned pending;  /* rows since the last commit */
    int64_t committed; /* seconds, monotonic */
    sqlite3_stmt *unchanged, *put_file, *put_finding, *old_finding, *file_id, *put_content, *same, *history;
    struct sk_met met;
    struct sk_run_tally tally;
    int64_t next_id; /* of the next new file */
};

/* Runs SQL without results; false and s->error. */
bool sk_sql(struct sk_store *s, const char *sql);
/* Prepares; NULL and s->error. */
sqlite3_stmt *sk_prepare(struct sk_store *s, const char *sql);
/* One integer of a query, or otherwise. */
int64_t sk_sql_integer(struct sk_store *s, const char *sql, int64_t otherwise);
/* The tables, in an empty database. */
bool sk_store_tables(struct sk_store *s);
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

/* Tells two judgements apart; 0: cannot say. */
uint64_t sk_judged(const char *location, const char *grade, const char *severity, const char *violations, bool canary);
/* stored.c: notes that the file at path has this content. */
int64_t sk_content_key(const uint8_t sha[SK_SHA256_BYTES]);
bool sk_content_put(struct sk_store *s, const struct seki_result *r, const char *path);

/* life.c: what the end of a run needs: SQL functions, the list of closed folders. */
bool sk_life_start(struct sk_store *s);
bool sk_life_closed(struct sk_store *s, const char *folder); /* it could not be looked into */
bool sk_life_missed(struct sk_store *s);                     /* temp.missed: stored files that this run did not meet */
/* One finding a file that has violations other than V-UNK. */
bool sk_life_file(struct sk_store *s, const struct sk_report_file *f);
/* After all files: what became of findings that this run did not meet. */
bool sk_life_end(struct sk_store *s);

#endif
