/* night.c - reads what a report says. */
#include "nightly/night.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *keep(struct sk_night *n, sqlite3_stmt *st, int col)
{
    const char *text = SK_COL_TEXT(st, col);
    if (!text)
        return "";
    char *copy = sk_arena_string(&n->arena, text, strlen(text));
    return copy ? copy : "";
}

/* Runs sql (with ?1 = run) and calls row for each result. */
static bool each(struct sk_store *s, struct sk_night *n, const char *sql,
                 bool (*row)(struct sk_night *, sqlite3_stmt *))
{
    sqlite3_stmt *st = sk_prepare(s, sql);
    if (!st)
        return false;
    if (sqlite3_bind_parameter_count(st))
        sqlite3_bind_int64(st, 1, n->run.id);
    bool ok = true;
    int step = SQLITE_DONE;
    while (ok && (step = sqlite3_step(st)) == SQLITE_ROW)
        ok = row(n, st);
    if (ok && step != SQLITE_DONE)
        ok = sk_store_failed(s);
    sqlite3_finalize(st);
    return ok;
}

/* The next element of an array in the arena whose size doubles. */
static void *next(struct sk_night *n, void *array, size_t *count, size_t size)
{
    void *items;
    memcpy(&items, array, sizeof(items));
    if ((*count & (*count - 1)) == 0) { /* full at powers of two */
        void *more = sk_arena_new(&n->arena, *count ? *count * 2 : 1, size);
        if (!more)
            return NULL;
        if (*count)
            memcpy(more, items, *count * size);
        memcpy(array, &more, sizeof(more));
        items = more;
    }
    return (char *)items + (*count)++ * size;
}

static void read_run(struct sk_night *n, sqlite3_stmt *st, struct sk_night_run *r)
{
    *r = (struct sk_night_run){ .id = sqlite3_column_int64(st, 0),
                                .started = sqlite3_column_int64(st, 1),
                                .ended = sqlite3_column_int64(st, 2),
                                .as_of = (long)sqlite3_column_int64(st, 3),
                                .status = keep(n, st, 4),
                                .complete = sqlite3_column_int(st, 5),
                                .tool = keep(n, st, 6),
                                .rules = keep(n, st, 7),
                                .policy_id = keep(n, st, 8),
                                .policy_version = keep(n, st, 9),
                                .draft = sqlite3_column_int(st, 10),
                                .overdue = sqlite3_column_int(st, 11),
                                .roots = keep(n, st, 12),
                                .mask = sqlite3_column_int64(st, 13) };
}
#define RUN_COLUMNS                                                                                                    \
    "id, started, ended, as_of, status, complete, tool, rules, policy_id, policy_version, draft, overdue, roots, mask"

static bool row_run(struct sk_night *n, sqlite3_stmt *st)
{
    read_run(n, st, &n->run);
    n->has_run = true;
    return true;
}

static bool row_trend(struct sk_night *n, sqlite3_stmt *st)
{
    struct sk_night_run *r = next(n, &n->trend, &n->n_trend, sizeof(*r));
    if (r)
        read_run(n, st, r);
    return r != NULL;
}

static bool row_trend_total(struct sk_night *n, sqlite3_stmt *st)
{
    int64_t run = sqlite3_column_int64(st, 0), count = sqlite3_column_int64(st, 3);
    const char *kind = SK_COL_TEXT(st, 1), *name = SK_COL_TEXT(st, 2);
    size_t low = 0, high = n->n_trend;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (n->trend[middle].id < run)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == n->n_trend || n->trend[low].id != run)
        return true;
    struct sk_night_run *r = &n->trend[low];
    if (strcmp(kind, "state") == 0)
        r->files += count;
    else if (strcmp(kind, "closed") == 0)
        r->closed = count;
    else if (name[0] == 'S' && name[1] >= '1' && name[1] <= '4')
        r->still_open[name[1] - '1'] += count;
    return true;
}

static bool row_finding(struct sk_night *n, sqlite3_stmt *st)
{
    struct sk_night_finding *f = next(n, &n->findings, &n->n_findings, sizeof(*f));
    if (!f)
        return false;
    *f = (struct sk_night_finding){ .id = sqlite3_column_int64(st, 0),
                                    .path = keep(n, st, 1),
                                    .location = keep(n, st, 2),
                                    .grade = keep(n, st, 3),
                                    .severity = keep(n, st, 4),
                                    .violations = keep(n, st, 5),
                                    .what = keep(n, st, 6),
                                    .why = keep(n, st, 7),
                                    .status = keep(n, st, 8),
                                    .moved = keep(n, st, 9),
                                    .exception = keep(n, st, 10),
                                    .persons_min = sqlite3_column_int64(st, 11),
                                    .persons_max = sqlite3_column_int64(st, 12),
                                    .first = (long)sqlite3_column_int64(st, 13),
                                    .last = (long)sqlite3_column_int64(st, 14),
                                    .closed = (long)sqlite3_column_int64(st, 15) };
    bool gone = strcmp(f->status, "gone") == 0;
    n->closed += gone;
    n->fresh += strcmp(f->status, "new") == 0;
    n->open += strcmp(f->status, "open") == 0;
    n->again += strcmp(f->status, "again") == 0;
    n->unsure += strcmp(f->status, "unsure") == 0;
    if (!gone && strcmp(f->exception, "active") != 0 && f->severity[0] == 'S' && f->severity[1] >= '1' &&
        f->severity[1] <= '4')
        n->worst[f->severity[1] - '1']++;
    return true;
}

static bool row_place(struct sk_night *n, sqlite3_stmt *st)
{
    struct sk_night_place *p = next(n, &n->places, &n->n_places, sizeof(*p));
    if (!p)
        return false;
    *p = (struct sk_night_place){ keep(n, st, 0), sqlite3_column_int64(st, 1), sqlite3_column_int64(st, 2),
                                  sqlite3_column_int(st, 3) };
    n->incomplete |= p->unreachable;
    return true;
}

static bool row_total(struct sk_night *n, sqlite3_stmt *st)
{
    const char *kind = SK_COL_TEXT(st, 0), *name = keep(n, st, 1);
    int64_t count = sqlite3_column_int64(st, 2);
    struct sk_night_count *c = NULL;
    if (strcmp(kind, "state") == 0) {
        c = next(n, &n->states, &n->n_states, sizeof(*c));
        n->files += count;
        n->incomplete |= strcmp(name, "1") == 0 || strcmp(name, "2") == 0;
    } else if (strcmp(kind, "grade") == 0) {
        c = next(n, &n->grades, &n->n_grades, sizeof(*c));
    } else if (strcmp(kind, "severity") == 0) {
        c = next(n, &n->severities, &n->n_severities, sizeof(*c));
    } else if (strcmp(kind, "reason") == 0) {
        c = next(n, &n->reasons, &n->n_reasons, sizeof(*c));
    } else {
        n->bytes = strcmp(kind, "bytes") == 0 ? count : n->bytes;
        n->over100 = strcmp(kind, "over100") == 0 ? count : n->over100;
        n->over1000 = strcmp(kind, "over1000") == 0 ? count : n->over1000;
        return true;
    }
    if (c)
        *c = (struct sk_night_count){ name, count };
    return c != NULL;
}

static bool row_canary(struct sk_night *n, sqlite3_stmt *st)
{
    struct sk_night_canary *c = next(n, &n->canaries, &n->n_canaries, sizeof(*c));
    if (c)
        *c = (struct sk_night_canary){ keep(n, st, 0),
                                       sqlite3_column_int(st, 1) && sqlite3_column_int64(st, 2) == n->run.id };
    return c != NULL;
}

static bool row_exception(struct sk_night *n, sqlite3_stmt *st)
{
    struct sk_night_exception *e = next(n, &n->exceptions, &n->n_exceptions, sizeof(*e));
    if (e)
        *e = (struct sk_night_exception){ keep(n, st, 0), keep(n, st, 1), (long)sqlite3_column_int64(st, 2),
                                          sqlite3_column_int(st, 3) };
    return e != NULL;
}

static bool row_aggregate(struct sk_night *n, sqlite3_stmt *st)
{
    struct sk_night_aggregate *a = next(n, &n->aggregates, &n->n_aggregates, sizeof(*a));
    if (a)
        *a = (struct sk_night_aggregate){ keep(n, st, 0), keep(n, st, 1), keep(n, st, 2), sqlite3_column_int64(st, 3),
                                          sqlite3_column_int64(st, 4) };
    if (a && a->severity[0] == 'S' && a->severity[1] >= '1' && a->severity[1] <= '4')
        n->worst[a->severity[1] - '1']++;
    return a != NULL;
}

bool sk_night_load(struct sk_store *s, struct sk_night *n)
{
    memset(n, 0, sizeof(*n));
    sk_arena_init(&n->arena, (size_t)1 << 30);
    if (!each(s, n, "SELECT " RUN_COLUMNS " FROM run ORDER BY id DESC LIMIT 1", row_run))
        return false;
    n->interrupted = n->has_run && strcmp(n->run.status, "ended") != 0;
    char sql[128];
    snprintf(sql, sizeof(sql), "SELECT count(*) FROM run WHERE status='interrupted' AND id=%" PRId64, n->run.id - 1);
    n->previous_interrupted = sk_sql_integer(s, sql, 0) != 0;
    n->incomplete = !n->run.complete;
    return each(s, n,
                "SELECT id, path, location, grade, severity, violations, what, why, status, coalesce(moved,''), "
                "exception, persons_min, persons_max,"
                " first, last, coalesce(closed,0) FROM finding WHERE status<>'gone' OR run=?1 ORDER BY status='gone', "
                "severity, persons_max DESC, id",
                row_finding) &&
           each(s, n, "SELECT location, files, before, unreachable FROM place WHERE run=?1 ORDER BY location",
                row_place) &&
           each(s, n, "SELECT kind, name, n FROM total WHERE run=?1 ORDER BY kind, name", row_total) &&
           each(s, n, "SELECT location, ok, run FROM canary ORDER BY location", row_canary) &&
           each(s, n, "SELECT id, status, expires, soon FROM exception WHERE run=?1 ORDER BY id", row_exception) &&
           each(s, n,
                "SELECT location, code, severity, min, max FROM aggregate WHERE run=?1 ORDER BY severity, location",
                row_aggregate) &&
           each(s, n, "SELECT " RUN_COLUMNS " FROM run ORDER BY id", row_trend) &&
           each(s, n, "SELECT run, kind, name, n FROM total WHERE kind IN ('open','closed','state')", row_trend_total);
}

void sk_night_free(struct sk_night *n)
{
    sk_arena_free(&n->arena);
}

const char *sk_night_status(const char *status, bool english)
{
    static const char *const NAMES[][3] = { { "new", "新規", "new" },
                                            { "open", "継続", "open" },
                                            { "gone", "解消", "resolved" },
                                            { "again", "再発", "again" },
                                            { "unsure", "継続(未確認)", "open (not confirmed)" } };
    for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
        if (strcmp(NAMES[i][0], status) == 0)
            return NAMES[i][english ? 2 : 1];
    return status;
}
