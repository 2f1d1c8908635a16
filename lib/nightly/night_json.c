/* night_json.c - the same report for programs; the entry point of reports. The summary audience gets no paths. */
#include "nightly/night.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void string(struct sk_buf *b, const char *key, const char *value)
{
    sk_buf_printf(b, "\"%s\":\"", key);
    sk_put_json(b, value, strlen(value));
    sk_buf_str(b, "\"");
}

static void day(struct sk_buf *b, const char *key, long d)
{
    char text[11];
    sk_day_text(d, text);
    sk_buf_printf(b, ",\"%s\":\"%s\"", key, text);
}

static void run(struct sk_buf *b, const struct sk_night_run *r)
{
    string(b, "status", r->status);
    day(b, "as_of", r->as_of);
    sk_buf_printf(b, ",\"complete\":%s,\"draft\":%s,\"overdue\":%s,", r->complete ? "true" : "false", r->draft ? "true" : "false",
                  r->overdue ? "true" : "false");
    string(b, "tool", r->tool);
    sk_buf_str(b, ",");
    string(b, "rules", r->rules);
    sk_buf_str(b, ",");
    string(b, "policy", r->policy_id);
    sk_buf_str(b, ",");
    string(b, "policy_version", r->policy_version);
}

static void counts(struct sk_buf *b, const char *key, const struct sk_night_count *c, size_t n)
{
    sk_buf_printf(b, ",\"%s\":{", key);
    bool first = true;
    for (size_t i = 0; i < n; i++) {
        if (!c[i].name[0])
            continue;
        sk_buf_str(b, first ? "\"" : ",\"");
        sk_put_json(b, c[i].name, strlen(c[i].name));
        sk_buf_printf(b, "\":%" PRId64, c[i].n);
        first = false;
    }
    sk_buf_str(b, "}");
}

static void findings(const struct sk_night *n, const struct sk_nightly_request *q, struct sk_buf *b)
{
    sk_buf_str(b, ",\"findings\":[");
    for (size_t i = 0; i < n->n_findings; i++) {
        const struct sk_night_finding *f = &n->findings[i];
        sk_buf_printf(b, "%s{\"id\":\"F-%" PRId64 "\",", i ? "," : "", f->id);
        string(b, "status", f->status);
        sk_buf_str(b, ",");
        string(b, "severity", f->severity);
        sk_buf_str(b, ",");
        string(b, "grade", f->grade);
        sk_buf_str(b, ",");
        string(b, "location", f->location);
        sk_buf_str(b, ",");
        string(b, "violations", f->violations);
        sk_buf_printf(b, ",\"persons\":{\"min\":%" PRId64 ",\"max\":%" PRId64 "}", f->persons_min, f->persons_max);
        day(b, "first", f->first);
        day(b, "last", f->last);
        if (q->restricted) {
            sk_buf_str(b, ",");
            string(b, "path", f->path);
            if (f->moved[0]) {
                sk_buf_str(b, ",");
                string(b, "moved", f->moved);
            }
        }
        if (f->exception[0]) {
            sk_buf_str(b, ",");
            string(b, "exception", f->exception);
        }
        sk_buf_str(b, "}");
    }
    sk_buf_str(b, "]");
}

static void places(const struct sk_night *n, struct sk_buf *b)
{
    sk_buf_str(b, ",\"places\":[");
    for (size_t i = 0; i < n->n_places; i++) {
        sk_buf_str(b, i ? ",{" : "{");
        string(b, "location", n->places[i].location);
        sk_buf_printf(b, ",\"files\":%" PRId64 ",\"before\":%" PRId64 ",\"unreachable\":%s}", n->places[i].files, n->places[i].before,
                      n->places[i].unreachable ? "true" : "false");
    }
    sk_buf_str(b, "]");
}

bool sk_night_json(struct sk_store *s, const struct sk_night *n, const struct sk_nightly_request *q, struct sk_buf *b)
{
    (void)s;
    sk_buf_str(b, "{");
    string(b, "report", q->kind);
    sk_buf_str(b, ",");
    run(b, &n->run);
    if (strcmp(q->kind, "trend") == 0) {
        sk_buf_str(b, ",\"runs\":[");
        for (size_t i = 0; i < n->n_trend; i++) {
            sk_buf_str(b, i ? ",{" : "{");
            run(b, &n->trend[i]);
            sk_buf_str(b, "}");
        }
        sk_buf_str(b, "]");
    } else {
        sk_buf_printf(b, ",\"files\":%" PRId64 ",\"bytes\":%" PRId64 ",\"over_100\":%" PRId64 ",\"over_1000\":%" PRId64, n->files, n->bytes, n->over100,
                      n->over1000);
        counts(b, "states", n->states, n->n_states);
        counts(b, "grades", n->grades, n->n_grades);
        counts(b, "severities", n->severities, n->n_severities);
        counts(b, "reasons", n->reasons, n->n_reasons);
        if (strcmp(q->kind, "nightly") == 0) {
            findings(n, q, b);
            places(n, b);
        }
    }
    return sk_buf_str(b, "}\n");
}

/* ---------------------------------------------------------------- audit: a sample that the same seed draws again */

static bool audit(struct sk_store *s, const struct sk_nightly_request *q, struct sk_buf *b)
{
    struct sk_key key = { q->seed, 0x73656b6973686fULL };
    sqlite3_stmt *st = sk_prepare(s, "SELECT path, grade, state, violations, location FROM file WHERE canary=0 ORDER BY path");
    struct pick {
        uint64_t order;
        char *line;
    } *picks = NULL;
    size_t n = 0, cap = 0;
    uint32_t want = q->sample ? q->sample : 25;
    bool ok = st != NULL;
    while (ok && sqlite3_step(st) == SQLITE_ROW) {
        const char *path = SK_COL_TEXT(st, 0), *place = SK_COL_TEXT(st, 4);
        uint64_t order = sk_siphash(&key, path, strlen(path));
        if (n == want && order >= picks[n - 1].order)
            continue;
        struct sk_buf line;
        sk_buf_init(&line, (size_t)1 << 20);
        sk_put_plain(&line, q->restricted ? path : place, strlen(q->restricted ? path : place));
        sk_buf_printf(&line, "\t%s\t%s\t%s", SK_COL_TEXT(st, 1), sqlite3_column_int(st, 2) == 0 ? "検査済" : "未検査あり", SK_COL_TEXT(st, 3));
        if (n < want && !sk_grow(&picks, &cap, n + 1, sizeof(*picks))) {
            sk_buf_free(&line);
            ok = false;
            break;
        }
        if (n == want)
            free(picks[--n].line);
        size_t at = n++;
        while (at > 0 && picks[at - 1].order > order) {
            picks[at] = picks[at - 1];
            at--;
        }
        picks[at].order = order;
        picks[at].line = line.p;
        ok = !line.failed;
    }
    sqlite3_finalize(st);
    sk_buf_printf(b, q->english ? "Audit sample: %zu files, seed %" PRIu64 " (the same seed draws the same files)\n" : "監査用の抽出:%zu件 種 %" PRIu64 "(同じ種なら同じファイルを抽出)\n", n, q->seed);
    for (size_t i = 0; i < n; i++) {
        sk_buf_printf(b, "%zu\t%s\n", i + 1, picks[i].line ? picks[i].line : "");
        free(picks[i].line);
    }
    free(picks);
    return ok;
}

bool sk_nightly_report(struct sk_store *s, const struct sk_nightly_request *q, const struct sk_writer *out, struct sk_problems *problems)
{
    static const char *const KINDS[] = { "nightly", "audit", "trend", "inventory" };
    bool known = false;
    for (size_t i = 0; i < sizeof(KINDS) / sizeof(KINDS[0]); i++)
        known |= strcmp(KINDS[i], q->kind) == 0;
    if (!known) {
        sk_problem_add(problems, q->kind, 0, 0, "この種類の報告はありません。nightly, audit, trend, inventory のどれかです。",
                       "No such report. Use nightly, audit, trend or inventory.");
        return false;
    }
    bool json = strcmp(q->format, "json") == 0;
    if (!json && strcmp(q->format, "text") != 0) {
        sk_problem_add(problems, q->format, 0, 0, "この形式の報告はありません。text か json です。", "No such format for reports. Use text or json.");
        return false;
    }
    struct sk_night n;
    struct sk_buf b;
    sk_buf_init(&b, (size_t)1 << 30);
    bool ok = sk_night_load(s, &n);
    if (ok)
        ok = strcmp(q->kind, "audit") == 0 ? audit(s, q, &b) : json ? sk_night_json(s, &n, q, &b) : sk_night_text(&n, q, &b);
    if (!ok || b.failed)
        sk_problem_add(problems, s->path, 0, 0, "状態ファイルを読めません: %s", "The state file cannot be read: %s", s->error);
    ok = ok && !b.failed && out->write(out->ctx, b.p ? b.p : "", b.n);
    sk_night_free(&n);
    sk_buf_free(&b);
    return ok;
}
