/*
 * report.h - judged results -> text, JSON lines, CSV, SARIF, HTML; verdicts -> the slip. Writes no value of any file;
 * names and paths are made safe for where they are printed (terminal control and bidi characters, CSV formulas, HTML,
 * JSON, invalid UTF-8).
 */
#ifndef SK_REPORT_REPORT_H
#define SK_REPORT_REPORT_H

#include "base/sign.h"
#include "judge/judge.h"

/* Where output goes; false = it could not be written (disk full): the writer stops and remembers. */
struct sk_writer {
    bool (*write)(void *ctx, const void *p, size_t n);
    void *ctx;
};

enum sk_report_format {
    SK_REPORT_TEXT,
    SK_REPORT_JSONL,
    SK_REPORT_CSV,
    SK_REPORT_SARIF,
    SK_REPORT_HTML,
    SK_REPORT_LABELS_TEXT, /* labels and digests only, for other tools (labels.c) */
    SK_REPORT_LABELS_CSV,
    SK_REPORT_LABELS_JSON,
    SK_REPORT_FORMATS
};
int sk_report_format_find(const char *name); /* -1 unknown */

struct sk_run_info {
    const char *tool_version, *rules_version, *engine;
    const uint8_t *rules_digest; /* 32 bytes */
    const struct sk_policy *policy;
    long as_of;
    int64_t started; /* seconds since 1970-01-01 */
    const char *const *roots;
    size_t n_roots; /* as shown (after --as) */
    bool english, verbose;
    uint32_t max_places;
    bool interrupted_before;        /* the previous run of this store was interrupted */
    const struct sk_signer *signer; /* of receipts; NULL: none are issued */
};

/* One file as reported. state_name: "inspected" "partial" "uninspectable" "excluded" "unchanged". For excluded and
 * denied files result may be NULL and why tells the reason. */
struct sk_report_file {
    const struct sk_facts *facts;
    const char *state_name;
    const struct seki_result *result;     /* NULL: never opened */
    const struct sk_judgement *judgement; /* NULL: not judged (excluded) */
    enum sk_reason why;                   /* with result == NULL */
    const char *why_detail;
    const char *note; /* of a labelling: what became of it (api/tree.h); NULL none */
};
struct sk_report_aggregate {
    const char *location, *code, *severity;
    uint64_t min, max;
};

struct sk_report;
struct sk_report *sk_report_new(enum sk_report_format format, const struct sk_run_info *run,
                                const struct sk_writer *out); /* NULL: no memory */
bool sk_report_file(struct sk_report *r, const struct sk_report_file *f);
bool sk_report_aggregate(struct sk_report *r, const struct sk_report_aggregate *a);
/* complete: every file was enumerated and inspected (else the summary says so). Writes the end; false when anything
 * could not be written. */
bool sk_report_finish(struct sk_report *r, bool complete, double seconds);
void sk_report_free(struct sk_report *r);

/* The slip of `check`: policy.md 5.2. format: text, json, html. */
enum sk_slip_format { SK_SLIP_TEXT, SK_SLIP_JSON, SK_SLIP_HTML, SK_SLIP_FORMATS };
int sk_slip_format_find(const char *name);
bool sk_slip_write(enum sk_slip_format format, const struct sk_run_info *run, const struct sk_transfer_request *q,
                   const struct sk_transfer_file *files, size_t n, const struct sk_verdict_result *v,
                   const struct sk_writer *out);
/* Reads the JSON of an earlier check; receipts live in arena. Files that are no receipts, edited ones and those that
 * another key has signed are problems. */
const struct sk_receipt *sk_receipts_load(const char *path, const uint8_t public_key[SK_SIGN_PUBLIC],
                                          struct sk_arena *arena, size_t *n, struct sk_problems *problems);

/* ---- making strings safe ---- */
/* For terminals and text: control, bidi and invisible characters as \u{...}; invalid bytes as U+FFFD. */
bool sk_put_plain(struct sk_buf *b, const char *s, size_t n);
/* JSON string content without the quotes: escapes, invalid bytes as U+FFFD. Returns false without memory. */
bool sk_put_json(struct sk_buf *b, const char *s, size_t n);
bool sk_put_csv(struct sk_buf *b, const char *s,
                size_t n); /* quoted when needed; a leading = + - @ TAB gets an apostrophe */
bool sk_put_html(struct sk_buf *b, const char *s, size_t n);
void sk_day_text(long day, char out[11]);       /* YYYY-MM-DD */
bool sk_day_parse(const char *text, long *day); /* strict; false for dates that do not exist */

#endif
