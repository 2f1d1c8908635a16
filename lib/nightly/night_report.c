/* night_report.c - the entry point of reports, and the audit sample. */
#include "nightly/night.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void free_pick(struct sk_pick *p)
{
    free(p->path);
    free(p->location);
    free(p->grade);
    free(p->violations);
}

void sk_sample_free(struct sk_sample *sample)
{
    for (size_t i = 0; i < sample->n; i++)
        free_pick(&sample->items[i]);
    free(sample->items);
    memset(sample, 0, sizeof(*sample));
}

static char *copy(sqlite3_stmt *st, int col)
{
    const char *t = SK_COL_TEXT(st, col);
    return sk_copy_string(t ? t : "", t ? strlen(t) : 0);
}

/* The files with the smallest keyed hashes of their paths: independent of how many others there are and of their order.
 */
bool sk_sample_draw(struct sk_store *s, uint32_t want, uint64_t seed, struct sk_sample *out)
{
    struct sk_key key = { seed, 0x73656b6973686fULL };
    sqlite3_stmt *st =
        sk_prepare(s, "SELECT path, grade, state, violations, location FROM file WHERE canary=0 ORDER BY path");
    size_t cap = 0;
    memset(out, 0, sizeof(*out));
    bool ok = st != NULL;
    int step = SQLITE_DONE;
    while (ok && (step = sqlite3_step(st)) == SQLITE_ROW) {
        const char *path = SK_COL_TEXT(st, 0);
        uint64_t order = sk_siphash(&key, path, strlen(path));
        if (out->n == want && order >= out->items[want - 1].order)
            continue;
        struct sk_pick pick = { order, copy(st, 0), copy(st, 4), copy(st, 1), copy(st, 3), sqlite3_column_int(st, 2) };
        ok = pick.path && pick.location && pick.grade && pick.violations &&
             (out->n == want || sk_grow(&out->items, &cap, out->n + 1, sizeof(pick)));
        if (!ok) {
            free_pick(&pick);
            break;
        }
        if (out->n == want)
            free_pick(&out->items[--out->n]);
        size_t at = out->n++;
        for (; at > 0 && out->items[at - 1].order > order; at--)
            out->items[at] = out->items[at - 1];
        out->items[at] = pick;
    }
    sqlite3_finalize(st);
    return ok && (step == SQLITE_DONE || sk_store_failed(s));
}

bool sk_sample_text(const struct sk_sample *sample, const struct sk_nightly_request *q, struct sk_buf *b)
{
    sk_buf_printf(b,
                  q->english ? "Audit sample: %zu files, seed %" PRIu64 " (the same seed draws the same files)\n"
                             : "監査用の抽出:%zu件 種 %" PRIu64 "(同じ種なら同じファイルを抽出)\n",
                  sample->n, q->seed);
    for (size_t i = 0; i < sample->n; i++) {
        const struct sk_pick *p = &sample->items[i];
        const char *name = q->restricted ? p->path : p->location;
        sk_buf_printf(b, "%zu\t", i + 1);
        sk_put_plain(b, name, strlen(name));
        sk_buf_printf(b, "\t%s\t%s\t%s\n", p->grade,
                      p->state == 0 ? (q->english ? "inspected" : "検査済")
                                    : (q->english ? "not all inspected" : "未検査あり"),
                      p->violations);
    }
    return !b->failed;
}

bool sk_sample_json(const struct sk_sample *sample, const struct sk_nightly_request *q, struct sk_buf *b)
{
    sk_buf_printf(b, "{\"report\":\"audit\",\"seed\":%" PRIu64 ",\"sample\":[", q->seed);
    for (size_t i = 0; i < sample->n; i++) {
        const struct sk_pick *p = &sample->items[i];
        sk_buf_printf(b, "%s{\"number\":%zu,\"location\":\"", i ? "," : "", i + 1);
        sk_put_json(b, p->location, strlen(p->location));
        if (q->restricted) {
            sk_buf_str(b, "\",\"path\":\"");
            sk_put_json(b, p->path, strlen(p->path));
        }
        sk_buf_printf(b, "\",\"grade\":\"%s\",\"inspected\":%s,\"violations\":\"%s\"}", p->grade,
                      p->state == 0 ? "true" : "false", p->violations);
    }
    return sk_buf_str(b, "]}\n");
}

static bool one_of(const char *word, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(words[i], word) == 0)
            return true;
    return false;
}

static bool is_event(const char *format)
{
    static const char *const EVENTS[] = { "cef", "syslog", "mail" };
    return one_of(format, EVENTS, 3);
}

static bool write_it(struct sk_store *s, const struct sk_night *n, const struct sk_sample *sample,
                     const struct sk_nightly_request *q, const struct sk_writer *out)
{
    bool audit = strcmp(q->kind, "audit") == 0;
    if (strcmp(q->format, "csv") == 0)
        return sk_night_csv(s, n, sample, q, out);
    struct sk_buf b;
    sk_buf_init(&b, (size_t)1 << 30);
    bool ok = is_event(q->format)              ? sk_night_events(n, q, &b)
              : strcmp(q->format, "html") == 0 ? sk_night_html(n, sample, q, &b)
              : strcmp(q->format, "json") == 0 ? (audit ? sk_sample_json(sample, q, &b) : sk_night_json(s, n, q, &b))
                                               : (audit ? sk_sample_text(sample, q, &b) : sk_night_text(n, q, &b));
    ok = ok && !b.failed && out->write(out->ctx, b.p ? b.p : "", b.n);
    sk_buf_free(&b);
    return ok;
}

bool sk_nightly_report(struct sk_store *s, const struct sk_nightly_request *q, const struct sk_writer *out,
                       struct sk_problems *problems)
{
    static const char *const KINDS[] = { "nightly", "audit", "trend", "inventory" }, *const FORMATS[] = { "text",
                                                                                                          "html", "csv",
                                                                                                          "json" };
    if (!one_of(q->kind, KINDS, 4)) {
        sk_problem_add(problems, q->kind, 0, 0,
                       "この種類の報告はありません。nightly, audit, trend, inventory のどれかです。",
                       "No such report. Use nightly, audit, trend or inventory.");
        return false;
    }
    if (!one_of(q->format, FORMATS, 4) && !(is_event(q->format) && strcmp(q->kind, "nightly") == 0)) {
        sk_problem_add(
            problems, q->format, 0, 0,
            "この形式の報告はありません。text, html, csv, json(nightly は cef, syslog, mail も)のどれかです。",
            "No such format for reports. Use text, html, csv or json; for nightly also cef, syslog or mail.");
        return false;
    }
    struct sk_night n;
    struct sk_sample sample = { 0 };
    bool whole = sqlite3_get_autocommit(s->db) != 0; /* one view of the store, also while a run goes on */
    bool ok = !whole || sk_sql(s, "BEGIN");
    ok = sk_night_load(s, &n) && ok;
    ok = ok && (strcmp(q->kind, "audit") != 0 || sk_sample_draw(s, q->sample ? q->sample : 25, q->seed, &sample));
    if (!ok || !write_it(s, &n, &sample, q, out)) {
        sk_problem_add(problems, s->path, 0, 0, "状態ファイルを読めないか、報告を書けません: %s",
                       "The state file cannot be read, or the report not written: %s", s->error);
        ok = false;
    }
    if (whole)
        sqlite3_exec(s->db, "COMMIT", NULL, NULL, NULL);
    sk_sample_free(&sample);
    sk_night_free(&n);
    return ok;
}
