#include <stdlib.h>
#include <string.h>

#include "report/inner.h"

#define LINE_MAX_BYTES ((size_t)1 << 30) /* one record: all places of one file, when asked for all */

/* ---------------------------------------------------------------- names */

static const struct {
    const char *name;
    const struct sk_report_style *style;
} FORMATS[SK_REPORT_FORMATS] = {
    [SK_REPORT_TEXT] = { "text", &SK_STYLE_TEXT },
    [SK_REPORT_JSONL] = { "jsonl", &SK_STYLE_JSONL },
    [SK_REPORT_CSV] = { "csv", &SK_STYLE_CSV },
    [SK_REPORT_SARIF] = { "sarif", &SK_STYLE_SARIF },
    [SK_REPORT_HTML] = { "html", &SK_STYLE_HTML },
    [SK_REPORT_LABELS_TEXT] = { "labels-text", &SK_STYLE_LABELS_TEXT },
    [SK_REPORT_LABELS_CSV] = { "labels-csv", &SK_STYLE_LABELS_CSV },
    [SK_REPORT_LABELS_JSON] = { "labels-json", &SK_STYLE_LABELS_JSON },
};

int sk_report_format_find(const char *name)
{
    for (int i = 0; i < SK_REPORT_FORMATS; i++)
        if (strcmp(name, FORMATS[i].name) == 0)
            return i;
    return -1;
}

static const struct {
    const char *name, *ja, *en;
} STATES[SK_ST_COUNT] = {
    [SK_ST_INSPECTED] = { "inspected", "検査済", "inspected" },
    [SK_ST_PARTIAL] = { "partial", "一部判定不能", "partly not inspected" },
    [SK_ST_UNINSPECTABLE] = { "uninspectable", "判定不能", "not inspectable" },
    [SK_ST_EXCLUDED] = { "excluded", "対象外", "excluded" },
    [SK_ST_UNCHANGED] = { "unchanged", "変更なし(前回の結果)", "unchanged (earlier result)" },
};

const char *sk_count_state_name(enum sk_count_state s)
{
    return STATES[s].name;
}

const char *sk_count_state_title(enum sk_count_state s, bool english)
{
    return english ? STATES[s].en : STATES[s].ja;
}

/* ---------------------------------------------------------------- counts */

bool sk_tally_add(struct sk_tally *t, const char *name, uint64_t n)
{
    size_t at = 0;
    int order = -1;
    while (at < t->n && (order = strcmp(t->items[at].name, name)) < 0)
        at++;
    if (at == t->n || order != 0) {
        char *copy = sk_copy_string(name, strlen(name));
        if (!copy || !sk_grow(&t->items, &t->cap, t->n + 1, sizeof(*t->items))) {
            free(copy);
            return false;
        }
        memmove(t->items + at + 1, t->items + at, (t->n - at) * sizeof(*t->items));
        t->items[at] = (struct sk_tally_item){ copy, 0 };
        t->n++;
    }
    t->items[at].n += n;
    return true;
}

void sk_tally_free(struct sk_tally *t)
{
    for (size_t i = 0; i < t->n; i++)
        free(t->items[i].name);
    free(t->items);
    memset(t, 0, sizeof(*t));
}

enum sk_count_state sk_file_state(const struct sk_report_file *f)
{
    for (int i = 0; i < SK_ST_COUNT; i++)
        if (strcmp(f->state_name, STATES[i].name) == 0)
            return (enum sk_count_state)i;
    return SK_ST_UNINSPECTABLE; /* an unknown state is never clean */
}

bool sk_file_is_unread(const struct sk_report_file *f)
{
    enum sk_count_state s = sk_file_state(f);
    if (s == SK_ST_UNCHANGED)
        return !f->result || f->result->state != SK_INSPECTED;
    return s == SK_ST_PARTIAL || s == SK_ST_UNINSPECTABLE;
}

size_t sk_file_reasons(const struct sk_report_file *f)
{
    if (f->result)
        return f->result->n_whys;
    return f->why < SK_WHY_COUNT;
}

struct sk_file_reason sk_file_reason(const struct sk_report_file *f, const struct sk_policy *policy, size_t i)
{
    struct sk_file_reason y = { .reason = f->why, .detail = f->why_detail ? f->why_detail : "" };
    if (!f->result)
        return y;
    const struct sk_why *w = &f->result->whys[i];
    y = (struct sk_file_reason){ .reason = (enum sk_reason)w->reason,
                                 .part = w->part,
                                 .detail = w->detail ? w->detail : "" };
    if (y.reason == SK_WHY_ENCRYPTED) {
        const char *method = w->part < f->result->n_parts ? f->result->parts[w->part].encryption : NULL;
        y.method = method && *method ? method : *y.detail ? y.detail : NULL;
        y.detail = y.method ? sk_policy_strength(policy, y.method) : "unknown";
    }
    return y;
}

const char *sk_file_severity(const struct sk_report_file *f, const struct sk_policy *policy)
{
    const char *worst = "";
    for (size_t i = 0; f->judgement && i < f->judgement->n_violations; i++) {
        const struct sk_violation *v = &f->judgement->violations[i];
        if (!v->excepted &&
            (!*worst || sk_policy_severity_rank(policy, v->severity) < sk_policy_severity_rank(policy, worst)))
            worst = *v->severity ? v->severity : worst;
    }
    return worst;
}

static bool count_reasons(struct sk_report *r, const struct sk_report_file *f)
{
    bool ok = true, seen[SK_WHY_COUNT] = { false };
    for (size_t i = 0; i < sk_file_reasons(f); i++) {
        unsigned reason = sk_file_reason(f, r->run.policy, i).reason;
        if (reason >= SK_WHY_COUNT || seen[reason])
            continue;
        seen[reason] = true;
        ok = sk_tally_add(&r->counts.reasons, sk_reason_code((enum sk_reason)reason), 1) && ok;
    }
    return ok;
}

static bool count_judgement(struct sk_report *r, const struct sk_report_file *f)
{
    struct sk_counts *c = &r->counts;
    const struct sk_judgement *j = f->judgement;
    bool ok = true, open = false, excepted = false;
    c->grades[j->label.grade]++;
    for (size_t i = 0; i < j->n_violations; i++) {
        const struct sk_violation *v = &j->violations[i];
        ok = sk_tally_add(&c->violations, v->code, 1) && ok;
        ok = (!*v->severity || sk_tally_add(&c->severities, v->severity, 1)) && ok;
        excepted |= v->excepted;
        open |= !v->excepted;
    }
    c->to_fix += open;
    c->excepted += excepted;
    c->to_review += j->n_reviews > 0;
    const char *worst = sk_file_severity(f, r->run.policy);
    return (!*worst || sk_tally_add(&c->worst, worst, 1)) && ok;
}

static bool count_file(struct sk_report *r, const struct sk_report_file *f)
{
    struct sk_counts *c = &r->counts;
    enum sk_count_state s = sk_file_state(f);
    c->files++;
    c->bytes += f->facts->size;
    c->states[s]++;
    c->unread_unchanged += s == SK_ST_UNCHANGED && sk_file_is_unread(f);
    bool ok = s == SK_ST_EXCLUDED || count_reasons(r, f);
    if (!f->judgement)
        return ok;
    if (f->judgement->canary) { /* test files never count in totals, labels or violations */
        c->canaries++;
        c->canaries_failed += !f->judgement->canary_ok;
        return ok;
    }
    return count_judgement(r, f) && ok;
}

/* ---------------------------------------------------------------- writing */

bool sk_report_flush(struct sk_report *r)
{
    r->failed = r->failed || r->line.failed || (r->line.n && !r->out.write(r->out.ctx, r->line.p, r->line.n));
    sk_buf_clear(&r->line);
    return !r->failed;
}

struct sk_report *sk_report_new(enum sk_report_format format, const struct sk_run_info *run,
                                const struct sk_writer *out)
{
    if ((unsigned)format >= SK_REPORT_FORMATS)
        return NULL;
    struct sk_report *r = sk_new(1, sizeof(*r));
    if (!r)
        return NULL;
    r->style = FORMATS[format].style;
    r->run = *run;
    r->out = *out;
    sk_buf_init(&r->line, LINE_MAX_BYTES);
    sk_buf_init(&r->part, 1 << 26);
    /* A failed write is remembered and told by every later call; only lack of memory gives no report. */
    if (!r->style->begin(r) && !r->failed) {
        sk_report_free(r);
        return NULL;
    }
    return r;
}

static bool done(struct sk_report *r, bool ok)
{
    r->failed |= !ok;
    return !r->failed;
}

bool sk_report_file(struct sk_report *r, const struct sk_report_file *f)
{
    return !r->failed && done(r, count_file(r, f) && r->style->file(r, f));
}

bool sk_report_aggregate(struct sk_report *r, const struct sk_report_aggregate *a)
{
    struct sk_counts *c = &r->counts;
    return !r->failed &&
           done(r, sk_tally_add(&c->violations, a->code, 1) &&
                       (!*a->severity || sk_tally_add(&c->severities, a->severity, 1)) &&
                       (!*a->severity || sk_tally_add(&c->worst, a->severity, 1)) && r->style->aggregate(r, a));
}

bool sk_report_finish(struct sk_report *r, bool complete, double seconds)
{
    return !r->failed && done(r, r->style->finish(r, complete, seconds));
}

void sk_report_free(struct sk_report *r)
{
    if (!r)
        return;
    if (r->style->free)
        r->style->free(r);
    sk_tally_free(&r->counts.violations);
    sk_tally_free(&r->counts.severities);
    sk_tally_free(&r->counts.worst);
    sk_tally_free(&r->counts.reasons);
    sk_buf_free(&r->line);
    sk_buf_free(&r->part);
    free(r);
}
