/* night.h - what a report says, read from the store once; the writers (text, JSON, CSV, HTML) only lay it out. */
#ifndef SK_NIGHTLY_NIGHT_H
#define SK_NIGHTLY_NIGHT_H

#include "nightly/inner.h"

struct sk_night_finding {
    int64_t id;
    const char *path, *location, *grade, *severity, *violations, *what, *why, *status, *moved, *exception;
    int64_t persons_min, persons_max;
    long first, last, closed;
};
struct sk_night_place {
    const char *location;
    int64_t files, before;
    bool unreachable;
};
struct sk_night_count {
    const char *name;
    int64_t n;
};
struct sk_night_canary {
    const char *location;
    bool ok;
};
struct sk_night_exception {
    const char *id, *status;
    long expires;
    bool soon;
};
struct sk_night_aggregate {
    const char *location, *code, *severity;
    int64_t min, max;
};
struct sk_night_run {
    int64_t id, started, ended;
    long as_of;
    const char *status, *tool, *rules, *policy_id, *policy_version, *roots;
    bool complete, draft, overdue;
};

struct sk_night {
    struct sk_arena arena;
    struct sk_night_run run;
    bool has_run, interrupted, previous_interrupted, incomplete;
    struct sk_night_finding *findings; size_t n_findings;       /* open ones worst first, then those closed in this run */
    struct sk_night_place *places; size_t n_places;
    struct sk_night_count *states, *grades, *severities, *reasons; size_t n_states, n_grades, n_severities, n_reasons;
    struct sk_night_canary *canaries; size_t n_canaries;
    struct sk_night_exception *exceptions; size_t n_exceptions;
    struct sk_night_aggregate *aggregates; size_t n_aggregates;
    struct sk_night_run *trend; size_t n_trend;                 /* all runs, oldest first */
    int64_t files, bytes, over100, over1000;
    int64_t open, fresh, closed, again, unsure, worst[4];       /* counts; worst[0] = S1 */
};

/* False without memory or when the store cannot be read. */
bool sk_night_load(struct sk_store *s, struct sk_night *n);
void sk_night_free(struct sk_night *n);
/* 新規 継続 解消 再発 継続(未確認). */
const char *sk_night_status(const char *status, bool english);

bool sk_night_text(const struct sk_night *n, const struct sk_nightly_request *q, struct sk_buf *out);
bool sk_night_json(struct sk_store *s, const struct sk_night *n, const struct sk_nightly_request *q, struct sk_buf *out);

#endif
