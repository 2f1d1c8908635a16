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
    int64_t mask; /* policy: counts of people from 1 to below this are not told in the summary */
    int64_t files, still_open[4], closed; /* at its end; still_open[0] = S1 */
};

struct sk_night {
    struct sk_arena arena;
    struct sk_night_run run;
    bool has_run, interrupted, previous_interrupted, incomplete;
    struct sk_night_finding *findings;
    size_t n_findings; /* open ones worst first, then those closed in this run */
    struct sk_night_place *places;
    size_t n_places;
    struct sk_night_count *states, *grades, *severities, *reasons;
    size_t n_states, n_grades, n_severities, n_reasons;
    struct sk_night_canary *canaries;
    size_t n_canaries;
    struct sk_night_exception *exceptions;
    size_t n_exceptions;
    struct sk_night_aggregate *aggregates;
    size_t n_aggregates;
    struct sk_night_run *trend;
    size_t n_trend; /* all runs, oldest first */
    int64_t files, bytes, over100, over1000;
    int64_t open, fresh, closed, again, unsure, worst[4]; /* counts; worst[0] = S1 */
};

/* False without memory or when the store cannot be read. */
bool sk_night_load(struct sk_store *s, struct sk_night *n);
void sk_night_free(struct sk_night *n);
/* 新規 継続 解消 再発 継続(未確認). */
const char *sk_night_status(const char *status, bool english);

/* What the writers share. */
const char *sk_night_severity(const char *severity, bool english); /* 緊急 重大 要是正 要確認 */
const char *sk_night_state(const char *number, bool english);
const char *sk_night_exception_word(const char *status, bool english);
/* "5人(確定)", "3～5人", in the summary "10人未満". */
void sk_night_persons(struct sk_buf *b, int64_t min, int64_t max, const struct sk_night *n,
                      const struct sk_nightly_request *q);
bool sk_night_hides(int64_t max, const struct sk_night *n, const struct sk_nightly_request *q);
enum sk_night_verdict { SK_NIGHT_FINE, SK_NIGHT_ACT, SK_NIGHT_UNKNOWN };
/* The first line; without line break. */
enum sk_night_verdict sk_night_conclusion(const struct sk_night *n, bool english, struct sk_buf *b);
/* Rules or policy are not those of the run before: numbers across it do not compare. */
bool sk_night_break(const struct sk_night *n, size_t run);
const char *sk_night_run_word(const struct sk_night_run *r, bool english); /* 完全, 不完全, 中断・不完全 */
/* ▁▂▃ of what stayed open over 30 days, | where rules or policy changed, × an interrupted run. */
void sk_night_sparkline(const struct sk_night *n, struct sk_buf *b);
void sk_night_chart(const struct sk_night *n, bool english, struct sk_buf *b); /* inline SVG */

struct sk_pick { /* of an audit sample */
    uint64_t order;
    char *path, *location, *grade, *violations;
    int state;
};
struct sk_sample {
    struct sk_pick *items;
    size_t n;
};
/* The same seed draws the same files of the same inventory. */
bool sk_sample_draw(struct sk_store *s, uint32_t want, uint64_t seed, struct sk_sample *out);
void sk_sample_free(struct sk_sample *sample);

bool sk_night_html(const struct sk_night *n, const struct sk_sample *sample, const struct sk_nightly_request *q,
                   struct sk_buf *out);
bool sk_night_csv(struct sk_store *s, const struct sk_night *n, const struct sk_sample *sample,
                  const struct sk_nightly_request *q, const struct sk_writer *out);
bool sk_sample_text(const struct sk_sample *sample, const struct sk_nightly_request *q, struct sk_buf *out);
bool sk_sample_json(const struct sk_sample *sample, const struct sk_nightly_request *q, struct sk_buf *out);
/* cef, syslog, mail: never paths, whatever the audience. */
bool sk_night_events(const struct sk_night *n, const struct sk_nightly_request *q, struct sk_buf *out);
bool sk_night_text(const struct sk_night *n, const struct sk_nightly_request *q, struct sk_buf *out);
bool sk_night_json(struct sk_store *s, const struct sk_night *n, const struct sk_nightly_request *q,
                   struct sk_buf *out);

#endif
