/* night_csv.c - tables for spreadsheets: UTF-8 with BOM so that a Japanese Excel reads it, CRLF, cells that cannot
 * become formulas. */
#include "nightly/night.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void cell(struct sk_buf *b, const char *text)
{
    if (b->n && b->p[b->n - 1] != '\n')
        sk_buf_str(b, ",");
    sk_put_csv(b, text, strlen(text));
}

static void number(struct sk_buf *b, int64_t n)
{
    char text[24];
    snprintf(text, sizeof(text), "%" PRId64, n);
    cell(b, text);
}

static void day(struct sk_buf *b, long d)
{
    char text[11] = "";
    if (d > 0)
        sk_day_text(d, text);
    cell(b, text);
}

static void head(struct sk_buf *b, const char *const *titles, size_t n)
{
    sk_buf_str(b, "\xEF\xBB\xBF");
    for (size_t i = 0; i < n; i++)
        sk_buf_printf(b, "%s%s", i ? "," : "", titles[i]);
    sk_buf_str(b, "\r\n");
}
#define HEAD(b, titles) head((b), (titles), sizeof(titles) / sizeof((titles)[0]))

static void nightly(const struct sk_night *n, const struct sk_nightly_request *q, struct sk_buf *b)
{
    static const char *const TITLES[] = { "finding", "status",     "severity",    "location",    "path",
                                          "grade",   "violations", "persons_min", "persons_max", "first",
                                          "last",    "closed",     "moved",       "exception" };
    HEAD(b, TITLES);
    for (size_t i = 0; i < n->n_findings; i++) {
        const struct sk_night_finding *f = &n->findings[i];
        char id[32], under[32];
        snprintf(id, sizeof(id), "F-%" PRId64, f->id);
        snprintf(under, sizeof(under), "<%" PRId64, n->run.mask);
        cell(b, id);
        cell(b, sk_night_status(f->status, q->english));
        cell(b, f->severity);
        cell(b, f->location);
        cell(b, q->restricted ? f->path : "");
        cell(b, f->grade);
        cell(b, f->violations);
        if (sk_night_hides(f->persons_max, n, q)) {
            cell(b, under);
            cell(b, under);
        } else {
            number(b, f->persons_min);
            number(b, f->persons_max);
        }
        day(b, f->first);
        day(b, f->last);
        day(b, strcmp(f->status, "gone") == 0 ? f->closed : 0);
        cell(b, q->restricted ? f->moved : "");
        cell(b, f->exception[0] ? sk_night_exception_word(f->exception, q->english) : "");
        sk_buf_str(b, "\r\n");
    }
}

static void trend(const struct sk_night *n, const struct sk_nightly_request *q, struct sk_buf *b)
{
    static const char *const TITLES[] = { "date",  "result",  "policy",  "policy_version", "rules",   "changed",
                                          "files", "open_S1", "open_S2", "open_S3",        "open_S4", "resolved" };
    HEAD(b, TITLES);
    for (size_t i = 0; i < n->n_trend; i++) {
        const struct sk_night_run *r = &n->trend[i];
        bool ended = strcmp(r->status, "ended") == 0;
        day(b, r->as_of);
        cell(b, sk_night_run_word(r, q->english));
        cell(b, r->policy_id);
        cell(b, r->policy_version);
        cell(b, r->rules);
        cell(b, sk_night_break(n, i) ? "*" : "");
        for (int k = -1; k < 5; k++) { /* an interrupted run has no numbers, which is not 0 */
            if (ended)
                number(b, k < 0 ? r->files : k < 4 ? r->still_open[k] : r->closed);
            else
                cell(b, "");
        }
        sk_buf_str(b, "\r\n");
    }
}

static void audit(const struct sk_sample *sample, const struct sk_nightly_request *q, struct sk_buf *b)
{
    static const char *const TITLES[] = { "number", "location", "path", "grade", "state", "violations" };
    HEAD(b, TITLES);
    for (size_t i = 0; i < sample->n; i++) {
        const struct sk_pick *p = &sample->items[i];
        char state[2] = { (char)('0' + (p->state & 3)), '\0' };
        number(b, (int64_t)i + 1);
        cell(b, p->location);
        cell(b, q->restricted ? p->path : "");
        cell(b, p->grade);
        cell(b, sk_night_state(state, q->english));
        cell(b, p->violations);
        sk_buf_str(b, "\r\n");
    }
}

/* Every file, or for the summary the number of files; written as it is read, so that a million rows need no memory. */
static bool inventory(struct sk_store *s, const struct sk_nightly_request *q, struct sk_buf *b,
                      const struct sk_writer *out)
{
    static const char *const FILES[] = { "path",   "location", "grade",       "state",       "reasons",
                                         "format", "size",     "persons_min", "persons_max", "violations" };
    static const char *const COUNTS[] = { "location", "grade", "state", "files" };
    sqlite3_stmt *st =
        sk_prepare(s, q->restricted ? "SELECT path, location, grade, state, reasons, format, size, persons_min, "
                                      "persons_max, violations FROM file WHERE canary=0 ORDER BY path"
                                    : "SELECT location, grade, state, count(*) FROM file WHERE canary=0 GROUP BY "
                                      "location, grade, state ORDER BY location, grade, state");
    if (!st)
        return false;
    if (q->restricted)
        HEAD(b, FILES);
    else
        HEAD(b, COUNTS);
    int state_column = q->restricted ? 3 : 2, columns = sqlite3_column_count(st), step;
    bool ok = true;
    while (ok && (step = sqlite3_step(st)) == SQLITE_ROW) {
        for (int i = 0; i < columns; i++) {
            const char *t = SK_COL_TEXT(st, i);
            cell(b, !t ? "" : i == state_column ? sk_night_state(t, q->english) : t);
        }
        sk_buf_str(b, "\r\n");
        if (b->n > 65536) {
            ok = !b->failed && out->write(out->ctx, b->p, b->n);
            b->n = 0;
        }
    }
    sqlite3_finalize(st);
    return ok && (step == SQLITE_DONE || sk_store_failed(s));
}

bool sk_night_csv(struct sk_store *s, const struct sk_night *n, const struct sk_sample *sample,
                  const struct sk_nightly_request *q, const struct sk_writer *out)
{
    struct sk_buf b;
    bool ok = true;
    sk_buf_init(&b, (size_t)1 << 30);
    if (strcmp(q->kind, "nightly") == 0)
        nightly(n, q, &b);
    else if (strcmp(q->kind, "trend") == 0)
        trend(n, q, &b);
    else if (strcmp(q->kind, "audit") == 0)
        audit(sample, q, &b);
    else
        ok = inventory(s, q, &b, out);
    ok = ok && !b.failed && (b.n == 0 || out->write(out->ctx, b.p, b.n));
    sk_buf_free(&b);
    return ok;
}
