/*
 * scan.c - joins the stages for one part: source -> identify -> extract -> match -> detect. The only place that knows
 * them all.
 */
#include "api/scanner.h"

#include <string.h>

#define MAX_PARTS 200000u
#define MAX_WHYS 20000u

/* ---------------------------------------------------------------- the sink */

static bool running(const seki_scanner *s)
{
    return !s->no_memory && !s->budget.is_cancelled;
}

void sk_scan_reason(void *ctx, uint32_t part, enum sk_reason why, const char *detail)
{
    seki_scanner *s = ctx;
    if (!detail)
        detail = "";
    for (size_t i = s->n_whys; i-- > 0 && i + 64 > s->n_whys;) /* said once */
        if (s->whys[i].part == part && s->whys[i].reason == why && strcmp(s->whys[i].detail, detail) == 0)
            return;
    if (s->n_whys >= MAX_WHYS)
        return; /* the state is already partial */
    char *copy = sk_arena_string(&s->result->arena, detail, strlen(detail));
    if (!copy || !sk_grow(&s->whys, &s->cap_whys, s->n_whys + 1, sizeof(*s->whys))) {
        s->no_memory = true;
        return;
    }
    s->whys[s->n_whys++] = (struct sk_why){ part, (uint8_t)why, copy };
}

uint32_t sk_scan_new_part(void *ctx, uint32_t parent, const char *name, size_t n, enum sk_hidden hidden)
{
    seki_scanner *s = ctx;
    if (s->n_parts >= MAX_PARTS) {
        sk_scan_reason(s, parent, SK_WHY_TOO_LARGE, "parts");
        return 0;
    }
    char *copy = sk_arena_string(&s->result->arena, name, n);
    if (!copy || !sk_grow(&s->parts, &s->cap_parts, s->n_parts + 1, sizeof(*s->parts))) {
        s->no_memory = true;
        return 0;
    }
    if (s->n_parts && s->parts[parent].hidden && !hidden)
        hidden = (enum sk_hidden)s->parts[parent].hidden; /* what lies in a hidden part is hidden */
    s->parts[s->n_parts] = (struct sk_part){ .parent = parent, .name = copy, .format = "", .hidden = (uint8_t)hidden };
    return (uint32_t)s->n_parts++;
}

static bool on_segment(void *ctx, const struct sk_segment *given)
{
    seki_scanner *s = ctx;
    struct sk_segment seg = *given;
    if (!seg.hidden)
        seg.hidden = (enum sk_hidden)s->parts[seg.part].hidden;
    if (seg.kind != SK_RUN_FILENAME)
        s->parts[seg.part].has_text = true;
    if (seg.raw)
        s->parts[seg.part].charset = sk_charset_name(seg.raw->charset);
    struct sk_hits hits;
    if (!sk_match_scan(s->rules->matcher, s->match, seg.text, seg.len, &hits) ||
        !sk_detect_segment(s->detect, &seg, &hits)) {
        s->no_memory = true;
        return false;
    }
    if (hits.capped)
        sk_scan_reason(s, seg.part, SK_WHY_TOO_LARGE, "matches");
    return running(s);
}

static void on_format(void *ctx, uint32_t part, const char *name)
{
    seki_scanner *s = ctx;
    s->parts[part].format = name;
}

static void on_encrypted(void *ctx, uint32_t part, const char *method)
{
    seki_scanner *s = ctx;
    if (!s->parts[part].encryption &&
        !(s->parts[part].encryption = sk_arena_string(&s->result->arena, method, strlen(method))))
        s->no_memory = true;
}

static void on_member(void *ctx, uint32_t part, const char *name, size_t n, uint64_t size, uint32_t crc)
{
    seki_scanner *s = ctx;
    char *copy = sk_arena_string(&s->result->arena, name, n);
    if (s->n_members >= MAX_PARTS)
        return;
    if (!copy || !sk_grow(&s->members, &s->cap_members, s->n_members + 1, sizeof(*s->members))) {
        s->no_memory = true;
        return;
    }
    s->members[s->n_members++] = (struct sk_member){ part, copy, size, crc, crc != 0 };
}

static void on_msip(void *ctx, uint32_t part, const struct sk_msip *label)
{
    seki_scanner *s = ctx;
    (void)part;
    if (s->n_msips >= 1000)
        return;
    if (!sk_grow(&s->msips, &s->cap_msips, s->n_msips + 1, sizeof(*s->msips))) {
        s->no_memory = true;
        return;
    }
    s->msips[s->n_msips++] = *label;
}

static bool on_child(void *ctx, uint32_t part, struct sk_source *source)
{
    seki_scanner *s = ctx;
    s->depth++;
    bool more = sk_scan_part(s, part, source);
    s->depth--;
    return more;
}

/* ---------------------------------------------------------------- one part */

static bool scan_filename(seki_scanner *s, uint32_t part, struct sk_job *job)
{
    struct sk_out *o = sk_out_open(job, part);
    if (!o)
        return s->no_memory = true, false;
    const char *name = s->parts[part].name;
    sk_out_kind(o, SK_RUN_FILENAME, (enum sk_hidden)s->parts[part].hidden);
    sk_out_text(o, name, strlen(name));
    return sk_out_close(o);
}

/* Why the budget stopped, as a reason of the part in which it stopped. */
static void tell_budget(seki_scanner *s, uint32_t part)
{
    if (s->budget.spent != SK_WHY_NONE)
        sk_scan_reason(s, part, s->budget.spent, "");
}

bool sk_scan_part(seki_scanner *s, uint32_t part, struct sk_source *source)
{
    static const struct sk_sink SINK = { NULL,           sk_scan_new_part, on_segment, on_child, on_format,
                                         sk_scan_reason, on_encrypted,     on_member,  on_msip };
    struct sk_sink sink = SINK;
    sink.ctx = s;
    struct sk_job job = { .source = source,
                          .part = part,
                          .name = s->parts[part].name,
                          .budget = &s->budget,
                          .fold = s->rules->fold,
                          .scratch = s->extract,
                          .sink = &sink,
                          .helper = sk_launcher_helper(s->launcher) };
    if (!scan_filename(s, part, &job))
        return running(s);
    const struct sk_format *format = sk_identify(source, &job.guess);
    if (format)
        s->parts[part].format = format->name;
    if (!format || !format->extract) {
        sk_scan_reason(s, part, SK_WHY_UNSUPPORTED,
                       format ? format->name : sk_name_binary(s->extract, sk_source_head(source, SK_HEAD_BYTES)));
    } else if (s->depth + 1 > s->limits.max_depth && strcmp(format->name, "text") != 0) {
        sk_scan_reason(s, part, SK_WHY_TOO_DEEP, "");
    } else {
        if (!format->extract(&job) && running(s) && s->budget.spent == SK_WHY_NONE)
            s->no_memory = true; /* nobody told it to stop */
        tell_budget(s, part);
        const char *better = s->parts[part].format;
        if (!sk_detect_part_end(s->detect, part, &better))
            s->no_memory = true;
        s->parts[part].format = better;
    }
    return running(s) && s->budget.spent == SK_WHY_NONE;
}
