/* jsonl.c - one JSON object a line, as the contract has it. Keys keep their order, and nothing but times differs
 * between equal runs. */
#include "report/inner.h"

static bool begin(struct sk_report *r)
{
    struct sk_buf *b = &r->line;
    char day[11];
    sk_day_text(r->run.as_of, day);
    sk_buf_str(b, "{\"record\":\"run\",");
    sk_json_versions(b, &r->run);
    sk_buf_printf(b, ",\"as_of\":\"%s\",\"roots\":[", day);
    for (size_t i = 0; i < r->run.n_roots; i++) {
        sk_buf_str(b, i ? "," : "");
        sk_put_json_string(b, r->run.roots[i]);
    }
    sk_buf_str(b, "],\"started\":\"");
    sk_put_time(b, r->run.started);
    sk_buf_printf(b, "\",\"interrupted_before\":%s}\n", r->run.interrupted_before ? "true" : "false");
    return sk_report_flush(r);
}

static bool file(struct sk_report *r, const struct sk_report_file *f)
{
    sk_json_file(&r->line, &r->part, &r->run, f);
    sk_buf_str(&r->line, "\n");
    return sk_report_flush(r);
}

static bool aggregate(struct sk_report *r, const struct sk_report_aggregate *a)
{
    struct sk_buf *b = &r->line;
    sk_buf_str(b, "{\"record\":\"aggregate\",\"location\":");
    sk_put_json_string(b, a->location);
    sk_buf_str(b, ",\"code\":");
    sk_put_json_string(b, a->code);
    sk_buf_str(b, ",\"severity\":");
    sk_put_json_string(b, a->severity);
    sk_buf_printf(b, ",\"persons\":{\"min\":%llu,\"max\":%llu}}\n", (unsigned long long)a->min,
                  (unsigned long long)a->max);
    return sk_report_flush(r);
}

static void put_tally(struct sk_buf *b, const char *key, const struct sk_tally *t)
{
    sk_buf_printf(b, ",\"%s\":{", key);
    for (size_t i = 0; i < t->n; i++) {
        sk_buf_str(b, i ? "," : "");
        sk_put_json_string(b, t->items[i].name);
        sk_buf_printf(b, ":%llu", (unsigned long long)t->items[i].n);
    }
    sk_buf_str(b, "}");
}

static bool finish(struct sk_report *r, bool complete, double seconds)
{
    struct sk_buf *b = &r->line;
    const struct sk_counts *c = &r->counts;
    sk_buf_printf(b, "{\"record\":\"summary\",\"complete\":%s,\"states\":{", complete ? "true" : "false");
    for (int i = 0; i < SK_ST_COUNT; i++)
        sk_buf_printf(b, "%s\"%s\":%llu", i ? "," : "", sk_count_state_name((enum sk_count_state)i),
                      (unsigned long long)c->states[i]);
    sk_buf_str(b, "},\"labels\":{");
    bool first = true;
    for (size_t g = 0; g < sk_policy_grades(r->run.policy) && g < 256; g++)
        if (c->grades[g]) {
            sk_buf_str(b, first ? "" : ",");
            sk_put_json_string(b, sk_policy_grade(r->run.policy, (uint8_t)g));
            sk_buf_printf(b, ":%llu", (unsigned long long)c->grades[g]);
            first = false;
        }
    sk_buf_str(b, "}");
    put_tally(b, "violations", &c->violations);
    put_tally(b, "severities", &c->severities);
    put_tally(b, "reasons", &c->reasons);
    sk_buf_printf(b, ",\"excepted\":%llu,\"review\":%llu,\"canaries\":{\"passed\":%llu,\"failed\":%llu}",
                  (unsigned long long)c->excepted, (unsigned long long)c->to_review,
                  (unsigned long long)(c->canaries - c->canaries_failed), (unsigned long long)c->canaries_failed);
    /* seconds without the locale's decimal point */
    uint64_t ms = seconds > 0 && seconds < 1e15 ? (uint64_t)(seconds * 1000) : 0;
    sk_buf_printf(b, ",\"files\":%llu,\"bytes\":%llu,\"elapsed_seconds\":%llu.%03u}\n", (unsigned long long)c->files,
                  (unsigned long long)c->bytes, (unsigned long long)(ms / 1000), (unsigned)(ms % 1000));
    return sk_report_flush(r);
}

const struct sk_report_style SK_STYLE_JSONL = { begin, file, aggregate, finish, NULL };
