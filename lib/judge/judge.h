/*
 * judge.h - a result and the policy -> label, violations of place, and the verdict before a transfer. Reads no text and
 * no files.
 */
#ifndef SK_JUDGE_JUDGE_H
#define SK_JUDGE_JUDGE_H

#include "detect/detect.h"
#include "detect/result.h"
#include "rules/problem.h"

struct sk_policy; /* immutable after loading; shareable */

/* NULL when there are problems (added: every mistake at its line and column) or no memory. */
struct sk_policy *sk_policy_load(const char *path, const struct sk_fold *fold, struct sk_problems *problems);
void sk_policy_free(struct sk_policy *p);
const char *sk_policy_id(const struct sk_policy *p);
const char *sk_policy_version(const struct sk_policy *p);
bool sk_policy_is_draft(const struct sk_policy *p);
bool sk_policy_is_overdue(const struct sk_policy *p, long as_of);
const uint8_t *sk_policy_digest(const struct sk_policy *p); /* SHA-256 of the file */
const uint8_t *
sk_policy_detect_digest(const struct sk_policy *p); /* of what a scan looks for: marking words, small cells */
void sk_policy_limits(const struct sk_policy *p, struct sk_limits *limits);
/* Fills the parts of config that come from the policy (words, positions, small cells). Borrowed from the policy. */
void sk_policy_detect(const struct sk_policy *p, struct sk_detect_config *config);

/* Facts about the file from outside its bytes. */
struct sk_facts {
    const char *path; /* as the policy sees it (after --as), UTF-8 or raw bytes */
    uint64_t size;
    int64_t mtime, ctime; /* seconds */
    uint32_t mode, uid, gid;
    const char *group;   /* name of gid, or its number */
    bool world_readable; /* o+r, or an ACL entry for everybody */
    uint64_t dev, ino;
    uint32_t nlink;
    uint32_t ctime_ns;    /* below the second of ctime: two changes in one second differ */
    const char *world_by; /* who stands for everybody there: "Domain Users"; NULL not known */
};

struct sk_label {
    uint8_t grade;   /* index into the policy's grades; what is shown (never below the default label) */
    uint8_t decided; /* by rules and markings only; violations compare this one */
    bool is_decided;
    uint32_t compartments; /* bits, policy order */
    uint32_t handling;     /* bits, policy order */
    uint8_t integrity, availability;
    const char **rules;
    size_t n_rules;     /* ids: LR-.. and MARK:word, MSIP, in order */
    bool below_content; /* a marking is lower than the content: V-MARK */
};
struct sk_violation {
    const char *code;                  /* "V-GRADE" */
    const char *severity;              /* "S2"; "" when no entry of the policy matches */
    const char *detail_ja, *detail_en; /* why, and what to do; no value of the file */
    bool excepted;                     /* an exception is in force */
};
struct sk_review {
    const char *code;
    const char *rule;
};
struct sk_exception_state {
    const char *id;
    const char *status;
}; /* active, expired, changed */
struct sk_judgement {
    struct sk_arena arena;
    struct sk_label label;
    const char *location; /* id */
    struct sk_violation *violations;
    size_t n_violations;
    struct sk_review *reviews;
    size_t n_reviews;
    struct sk_exception_state *exceptions;
    size_t n_exceptions;
    const char *severity; /* the worst, or "" */
    bool canary;          /* the file is a canary: excluded from totals */
    bool canary_ok;
};
/* as_of: day since 1970-01-01. r == NULL: the file could not be opened, judged as uninspectable. False without memory.
 * *out is overwritten and freed with sk_judgement_free (also after false). A canary has a label but no violations. */
bool sk_judge_place(const struct sk_policy *p, const struct seki_result *r, const struct sk_facts *facts, long as_of,
                    struct sk_judgement *out);
void sk_judgement_free(struct sk_judgement *j);

/* ---- what other layers act on ---- */
struct sk_policy_settings {
    const char *status, *approver_role, *approver, *approved_at; /* "draft"; "" when not filled */
    long effective_from, review_by;
    uint32_t full_scan_days;
    double share_min_ratio;
    bool canary_required;
    const char *canary_name;   /* file name */
    uint64_t small_count_mask; /* summary: counts of people from 1 to below this are not told; 0 = no mask */
    bool restricted_paths;     /* the summary names no files */
    uint32_t receipt_days, notice_days;
};
const struct sk_policy_settings *sk_policy_settings(const struct sk_policy *p);

/* Approved exceptions. One by SHA-256 that is in force and met no file of a complete run is 内容変更により例外失効. */
struct sk_policy_exception {
    const char *id, *reason, *requested_by, *approved_by;
    uint8_t grade;          /* highest grade covered */
    long approved, expires; /* in force from, up to and including */
    bool has_sha256;
    uint8_t sha256[32];
    const char *path; /* NULL; a folder or file; beside sha256: the file that had this content */
};
size_t sk_policy_exceptions(const struct sk_policy *p, const struct sk_policy_exception **out);
/* In force, and its end is within notice_days. */
bool sk_exception_ends_soon(const struct sk_policy *p, const struct sk_policy_exception *e, long as_of);

struct sk_policy_place {
    const char *id, *path;
    uint8_t max_grade;
    uint32_t compartments;
}; /* path "" of the default place */
size_t sk_policy_places(const struct sk_policy *p,
                        const struct sk_policy_place **out);         /* the default place is the last */
size_t sk_policy_severities(const struct sk_policy *p);              /* worst first */
const char *sk_policy_severity(const struct sk_policy *p, size_t i); /* "S1"; NULL behind the last */
/* 0 is the worst; sk_policy_severities() when unknown or "". */
size_t sk_policy_severity_rank(const struct sk_policy *p, const char *severity);
const char *sk_policy_destination_name(const struct sk_policy *p, const char *id); /* NULL unknown */
/* Destinations in order; false behind the last. */
bool sk_policy_destination(const struct sk_policy *p, size_t i, const char **id, const char **name);
/* Name and ground ("" when none) of a label rule; false unknown. */
bool sk_policy_rule(const struct sk_policy *p, const char *id, const char **name, const char **basis);

/* Aggregate of a location over files (V-AGG): false when none applies. */
struct sk_aggregate {
    const char *code, *severity;
};
bool sk_judge_aggregate(const struct sk_policy *p, const char *location, uint64_t persons, struct sk_aggregate *out);

/* Names for printing. */
const char *sk_policy_grade(const struct sk_policy *p, uint8_t grade);      /* "L3" */
const char *sk_policy_grade_name(const struct sk_policy *p, uint8_t grade); /* "機密" */
size_t sk_policy_grades(const struct sk_policy *p);
const char *sk_policy_compartment(const struct sk_policy *p, unsigned bit); /* "M"; NULL behind the last */
const char *sk_policy_compartment_name(const struct sk_policy *p, unsigned bit);
const char *sk_policy_handling(const struct sk_policy *p, unsigned bit);
const char *sk_policy_location_name(const struct sk_policy *p, const char *id); /* its path */
const char *sk_policy_severity_name(const struct sk_policy *p, const char *severity);
/* "strong", "weak" or "unknown" for a method of sk_sink.encrypted. */
const char *sk_policy_strength(const struct sk_policy *p, const char *method);

/* Names of the grade in the schemes of the government and of municipalities (policy: gov, muni); "" when not filled. */
const char *sk_policy_grade_gov(const struct sk_policy *p, uint8_t grade);
const char *sk_policy_grade_muni(const struct sk_policy *p, uint8_t grade);

/* ---- worn.c: the label that a file wears in an extended attribute ---- */
#define SK_WORN_ATTRIBUTE "user.sekisho.label"
#define SK_WORN_MAX 4096u
/* The attribute's text. False when a word of the policy cannot stand in it, when it grows too long, without memory. */
bool sk_worn_write(const struct sk_policy *p, const struct sk_label *l, const uint8_t sha256[32], const char *day,
                   struct sk_buf *out);
/* What a scan keeps of it (seki_result.worn): the label in words that this policy knows, else "?". */
bool sk_worn_accept(const struct sk_policy *p, struct sk_bytes attribute, struct sk_buf *out);
/* grade, compartments, handling, integrity, availability, is_decided; false when the policy does not know a word. */
bool sk_worn_read(const struct sk_policy *p, const char *text, struct sk_label *out);

/* ---- before a transfer ---- */
struct sk_transfer_request {
    const char *dest;
    const char *const *recipients;
    size_t n_recipients; /* insurer numbers */
    const char *const *approvals;
    size_t n_approvals; /* "role:name" */
    const char *contract;
    const char *requested_by;      /* NULL unknown; an approval by the same name does not count */
    const char *purpose, *channel; /* for the slip; NULL not told */
    const struct sk_receipt *receipts;
    size_t n_receipts;
    long as_of;
};
struct sk_receipt_member {
    const char *path, *name;
    uint64_t size;
    uint32_t crc;
    uint8_t sha256[32];
};
/* Read from an earlier check's JSON by report/receipt.c. grade: by rules and markings; policy: SHA-256 of the policy in
 * hex (or its id, or id and version); compartments: ids, joined by commas. crc 0: not known. */
struct sk_receipt {
    const char *id;
    long issued, expires;
    const char *policy, *dest;
    struct sk_receipt_member member;
    struct sk_label label;
    const char *grade;
    const char *compartments; /* letters */
    const char *const *handling;
    size_t n_handling;
    uint64_t persons_min, persons_max;
    const struct sk_insurer *insurers;
    uint32_t n_insurers;
};
enum sk_verdict { SK_ALLOW, SK_CONDITIONS, SK_DENY, SK_UNDETERMINED };
struct sk_transfer_reason {
    const char *code;
    uint32_t file;
    const char *part, *detail_ja, *detail_en, *fix_ja, *fix_en;
};
struct sk_transfer_file {
    const struct seki_result *result;
    const struct sk_facts *facts;
    struct sk_judgement judgement;
};
struct sk_verdict_result {
    struct sk_arena arena;
    enum sk_verdict verdict;
    struct sk_transfer_reason *reasons;
    size_t n_reasons;
    struct sk_label label; /* of all files together */
    uint64_t persons_min, persons_max;
    const struct sk_insurer *insurers;
    uint32_t n_insurers;
    bool receipt; /* a receipt may be issued */
    long receipt_expires;
};
/* Unknown destination, malformed insurer number or approval: problems (exit 64) and false. */
bool sk_judge_transfer(const struct sk_policy *p, struct sk_transfer_file *files, size_t n,
                       const struct sk_transfer_request *q, struct sk_verdict_result *out,
                       struct sk_problems *problems);
void sk_verdict_free(struct sk_verdict_result *v);

/* ---- tools over policies; each appends to buf and is false without memory ---- */
/* The policy as tables for the annex of a 規程: Markdown, or a whole HTML page. */
bool sk_policy_render(const struct sk_policy *p, bool html, bool english, struct sk_buf *buf);
/* The paths that no entry of the policy covers, a line each: id of the default place, TAB, path. Nothing when all are
 * covered. */
bool sk_policy_coverage(const struct sk_policy *p, const char *const *paths, size_t n, struct sk_buf *buf);
/* Changed keys by id, a line each: "location LOC-SOUMU max_grade L2 → L3". *changes (may be NULL): number of lines. */
bool sk_policy_diff(const struct sk_policy *old_policy, const struct sk_policy *new_policy, bool english,
                    struct sk_buf *buf, size_t *changes);

/* What a new policy would change for files already scanned: the caller judges each file by both policies and adds it.
 */
#define SK_WHAT_IF_CODES 10
struct sk_what_if {
    uint64_t files, label_changed;
    uint64_t before[SK_WHAT_IF_CODES], after[SK_WHAT_IF_CODES]; /* files with the violation: V-GRADE, V-COMP ... */
    uint64_t appeared[SK_WHAT_IF_CODES], gone[SK_WHAT_IF_CODES];
    uint64_t grades_before[32], grades_after[32]; /* files by shown grade, index in its own policy */
};
void sk_what_if_add(struct sk_what_if *w, const struct sk_judgement *before, const struct sk_judgement *after);
bool sk_what_if_render(const struct sk_what_if *w, const struct sk_policy *old_policy,
                       const struct sk_policy *new_policy, bool english, struct sk_buf *buf);

#endif
