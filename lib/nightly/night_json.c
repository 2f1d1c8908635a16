/* night_json.c - the same report for programs. The summary audience gets no paths. */
#include "nightly/night.h"

#include <inttypes.h>
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
    sk_buf_printf(b, ",\"complete\":%s,\"draft\":%s,\"overdue\":%s,", r->complete ? "true" : "false",
                  r->draft ? "true" : "false", r->overdue ? "true" : "false");
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
        if (sk_night_hides(f->persons_max, n, q))
            sk_buf_printf(b, ",\"persons\":{\"min\":null,\"max\":null,\"under\":%" PRId64 "}", n->run.mask);
        else
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

static void aggregates(const struct sk_night *n, const struct sk_nightly_request *q, struct sk_buf *b)
{
    sk_buf_str(b, ",\"aggregates\":[");
    for (size_t i = 0; i < n->n_aggregates; i++) {
        const struct sk_night_aggregate *a = &n->aggregates[i];
        sk_buf_str(b, i ? ",{" : "{");
        string(b, "location", a->location);
        sk_buf_str(b, ",");
        string(b, "code", a->code);
        sk_buf_str(b, ",");
        string(b, "severity", a->severity);
        if (sk_night_hides(a->max, n, q))
            sk_buf_printf(b, ",\"persons\":{\"min\":null,\"max\":null,\"under\":%" PRId64 "}}", n->run.mask);
        else
            sk_buf_printf(b, ",\"persons\":{\"min\":%" PRId64 ",\"max\":%" PRId64 "}}", a->min, a->max);
    }
    sk_buf_str(b, "],\"canaries\":[");
    for (size_t i = 0; i < n->n_canaries; i++) {
        sk_buf_str(b, i ? ",{" : "{");
        string(b, "location", n->canaries[i].location);
        sk_buf_printf(b, ",\"ok\":%s}", n->canaries[i].ok ? "true" : "false");
    }
    sk_buf_str(b, "]");
}

static void places(const struct sk_night *n, struct sk_buf *b)
{
    sk_buf_str(b, ",\"places\":[");
    for (size_t i = 0; i < n->n_places; i++) {
        sk_buf_str(b, i ? ",{" : "{");
        string(b, "location", n->places[i].location);
        sk_buf_printf(b, ",\"files\":%" PRId64 ",\"before\":%" PRId64 ",\"unreachable\":%s}", n->places[i].files,
                      n->places[i].before, n->places[i].unreachable ? "true" : "false");
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
            const struct sk_night_run *r = &n->trend[i];
            run(b, r);
            sk_buf_printf(b,
                          ",\"files\":%" PRId64 ",\"open\":{\"S1\":%" PRId64 ",\"S2\":%" PRId64 ",\"S3\":%" PRId64
                          ",\"S4\":%" PRId64 "},\"closed\":%" PRId64 ",\"break\":%s}",
                          r->files, r->still_open[0], r->still_open[1], r->still_open[2], r->still_open[3], r->closed,
                          sk_night_break(n, i) ? "true" : "false");
        }
        sk_buf_str(b, "]");
    } else {
        sk_buf_printf(b, ",\"files\":%" PRId64 ",\"bytes\":%" PRId64 ",\"over_100\":%" PRId64 ",\"over_1000\":%" PRId64,
                      n->files, n->bytes, n->over100, n->over1000);
        counts(b, "states", n->states, n->n_states);
        counts(b, "grades", n->grades, n->n_grades);
        counts(b, "severities", n->severities, n->n_severities);
        counts(b, "reasons", n->reasons, n->n_reasons);
        if (strcmp(q->kind, "nightly") == 0) {
            findings(n, q, b);
            places(n, b);
            aggregates(n, q, b);
        }
    }
    return sk_buf_str(b, "}\n");
}
