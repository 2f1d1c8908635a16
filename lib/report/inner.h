/* inner.h - what the formats of a report share. */
#ifndef SK_REPORT_INNER_H
#define SK_REPORT_INNER_H

#include "report/put.h"
#include "report/report.h"

/* ---------------------------------------------------------------- counts */

enum sk_count_state {
    SK_ST_INSPECTED,
    SK_ST_PARTIAL,
    SK_ST_UNINSPECTABLE,
    SK_ST_EXCLUDED,
    SK_ST_UNCHANGED,
    SK_ST_COUNT
};
const char *sk_count_state_name(enum sk_count_state s);
const char *sk_count_state_title(enum sk_count_state s, bool english);

struct sk_tally { /* counts by name, sorted by name */
    struct sk_tally_item {
        char *name;
        uint64_t n;
    } * items;
    size_t n, cap;
};
bool sk_tally_add(struct sk_tally *t, const char *name, uint64_t n);
void sk_tally_free(struct sk_tally *t);

struct sk_counts {
    uint64_t files, bytes, states[SK_ST_COUNT];
    uint64_t grades[256], canaries, canaries_failed, unread_unchanged;
    uint64_t to_fix, excepted, to_review;   /* files */
    struct sk_tally violations, severities; /* violations of files and places */
    struct sk_tally worst;                  /* files and places by their worst severity, without exceptions in force */
    struct sk_tally reasons;                /* files by reason of a part not inspected */
};

/* ---------------------------------------------------------------- a report */

struct sk_report {
    const struct sk_report_style *style;
    struct sk_run_info run;
    struct sk_writer out;
    bool failed;
    struct sk_buf line; /* what is being made */
    struct sk_buf part; /* scratch of sk_part_path */
    struct sk_counts counts;
    void *own; /* of the format */
};

struct sk_report_style {
    bool (*begin)(struct sk_report *r);
    bool (*file)(struct sk_report *r, const struct sk_report_file *f);
    bool (*aggregate)(struct sk_report *r, const struct sk_report_aggregate *a);
    bool (*finish)(struct sk_report *r, bool complete, double seconds);
    void (*free)(struct sk_report *r); /* may be NULL */
};
extern const struct sk_report_style SK_STYLE_TEXT, SK_STYLE_JSONL, SK_STYLE_CSV, SK_STYLE_SARIF, SK_STYLE_HTML,
    SK_STYLE_LABELS_TEXT, SK_STYLE_LABELS_CSV, SK_STYLE_LABELS_JSON;

/* Writes r->line and clears it; false, and r->failed, when that or anything before could not be done. */
bool sk_report_flush(struct sk_report *r);

/* ---------------------------------------------------------------- one file, asked the same way by all formats */

enum sk_count_state sk_file_state(const struct sk_report_file *f);
bool sk_file_is_unread(const struct sk_report_file *f); /* partial, uninspectable, or unchanged and still so */
size_t sk_file_reasons(const struct sk_report_file *f);
struct sk_file_reason {
    enum sk_reason reason;
    uint32_t part;
    const char *detail; /* for encrypted: strong, weak, unknown */
    const char *method; /* of encryption, else NULL */
};
struct sk_file_reason sk_file_reason(const struct sk_report_file *f, const struct sk_policy *policy, size_t i);
/* Worst severity that an exception does not cover, "" when none. */
const char *sk_file_severity(const struct sk_report_file *f, const struct sk_policy *policy);
/* Whether low confidence is left out of what this run lists. */
bool sk_found_is_listed(const struct sk_run_info *run, const struct sk_found *f);
uint32_t sk_places_listed(const struct sk_run_info *run, const struct sk_found *f);
bool sk_has_compartment(const struct sk_label *l, unsigned bit);
/* The path of a part into scratch; "" when it is the file itself. Never NULL. */
const char *sk_part_text(const struct seki_result *r, uint32_t part, struct sk_buf *scratch);

/* ---------------------------------------------------------------- JSON of the contract (objects.c) */

bool sk_json_file(struct sk_buf *b, struct sk_buf *scratch, const struct sk_run_info *run,
                  const struct sk_report_file *f);
bool sk_json_label(struct sk_buf *b, const struct sk_policy *policy, const struct sk_label *l);
bool sk_json_persons(struct sk_buf *b, uint64_t min, uint64_t max, const struct sk_insurer *insurers, uint32_t n);
bool sk_json_versions(struct sk_buf *b, const struct sk_run_info *run); /* "tool":… "rules":… "policy":… */

/* ---------------------------------------------------------------- reports that say the worst first (sheaf.c) */

/* What a person has to do with a file; the order of the report. */
enum sk_section {
    SK_SEC_FIX,
    SK_SEC_UNREAD,
    SK_SEC_REVIEW,
    SK_SEC_EXCEPTED,
    SK_SEC_EXCLUDED,
    SK_SECTIONS,
    SK_SEC_NONE = SK_SECTIONS
};
enum sk_section sk_file_section(const struct sk_report_file *f); /* NONE: clean, only counted */
const char *sk_section_title(enum sk_section s, bool english);
/* Pieces of the report, written when all are known. Each is in one section and has a rank in it, 0 the worst. */
struct sk_sheaf {
    struct sk_sheaf_piece {
        enum sk_section section;
        size_t rank, number;
        char *text;
        size_t n;
    } * items;
    size_t n, cap, counts[SK_SECTIONS];
    bool sorted;
};
bool sk_sheaf_add(struct sk_sheaf *s, enum sk_section section, size_t rank,
                  struct sk_buf *text); /* takes the text, clears the buffer */
bool sk_sheaf_write(struct sk_report *r, struct sk_sheaf *s, enum sk_section section);
void sk_sheaf_free(struct sk_sheaf *s);

/* ---------------------------------------------------------------- phrases for people (tell.c) */

static inline const char *sk_tell(const struct sk_run_info *run, const char *ja, const char *en)
{
    return run->english ? en : ja;
}
/* Each appends plain text; names from files are made safe by the writer of the text (sk_put_plain, sk_put_html). */
bool sk_tell_label(struct sk_buf *b, const struct sk_run_info *run, const struct sk_label *l);     /* L3 機密[M] */
bool sk_tell_persons(struct sk_buf *b, const struct sk_run_info *run, uint64_t min, uint64_t max); /* 2人(確定) */
/* a.zip!b.csv 3行 5文字目 */
bool sk_tell_place(struct sk_buf *b, struct sk_buf *scratch, const struct sk_run_info *run, const struct seki_result *r,
                   const struct sk_place *p);
/* 氏名 2件(確度 高): … ほか3か所 */
bool sk_tell_found(struct sk_buf *b, struct sk_buf *scratch, const struct sk_run_info *run, const struct seki_result *r,
                   const struct sk_found *f, uint32_t places);
/* a.zip: 暗号化されています(弱い方式 zipcrypto) */
bool sk_tell_reason(struct sk_buf *b, struct sk_buf *scratch, const struct sk_run_info *run,
                    const struct sk_report_file *f, const struct sk_file_reason *y);
bool sk_tell_violation(struct sk_buf *b, const struct sk_run_info *run,
                       const struct sk_violation *v); /* V-GRADE(重大): … */
bool sk_tell_exception(struct sk_buf *b, const struct sk_run_info *run, const struct sk_exception_state *e);
bool sk_tell_versions(struct sk_buf *b, const struct sk_run_info *run); /* 方針 … 規則 … */
/* 【要対応】緊急 2件・重大 1件 */
bool sk_tell_to_do(struct sk_buf *b, const struct sk_report *r);
/* 【不完全】判定不能 2件 */
bool sk_tell_completeness(struct sk_buf *b, const struct sk_report *r, bool complete);
const char *sk_severity_shape(const struct sk_policy *policy,
                              const char *severity);                               /* differs by form, not by colour */
const char *sk_severity_word(const struct sk_run_info *run, const char *severity); /* 緊急; never empty */

#endif
