/*
 * sekisho.h - finds personal and medical-claim data in files, labels their confidentiality, and says which lie where they must not.
 *
 * OVERVIEW
 *   Three objects, one verb: an immutable seki_rules (what to look for), an immutable seki_policy (how to judge), a seki_scanner (one per
 *   thread), and scanning gives an immutable seki_result.
 *
 *     seki_rules *rules = NULL;  seki_policy *policy = NULL;  seki_scanner *scanner = NULL;  seki_result *result = NULL;
 *     seki_rules_load(&rules, NULL, &err);               // the installed patterns
 *     seki_policy_load(&policy, "policy.yaml", NULL, &err);
 *     seki_scanner_new(&scanner, rules, policy, NULL, &err);
 *     seki_scan_path(scanner, "file.xlsx", &result, &err);
 *     for (size_t i = 0; i < seki_result_findings(result); i++) ... seki_result_finding(result, i, &finding);
 *
 *   Whole trees in isolated worker processes, with reports and the nightly store: seki_scan_tree. Before a transfer: seki_check.
 *
 * CONVENTIONS
 *   Names    new/load give ownership, free/drop take it and accept NULL, everything else borrows.
 *   Errors   functions return seki_status; *err (caller-allocated, may be NULL) is filled when it is not SEKI_OK, and outputs are untouched.
 *            A hostile, damaged or encrypted file is no error: it is a state of the result with reasons.
 *   Options  structs begin with `size` = sizeof; zero means default; NULL means all defaults; bytes behind a known size must be zero.
 *   Threads  rules and policies may be shared by all threads once loaded. A scanner, and everything borrowed from one result, belongs to one
 *            thread at a time. There are no globals and no initialisation; the library never touches locale, signals, stdin/out/err, and
 *            creates no threads. It creates processes in seki_scan_tree and seki_check, and in a scanner whose options have not set no_helpers:
            the first PDF forks a launcher (reaped at once, ends with the scanner), which starts the locked program sekisho-pdf for each PDF
            (environment SEKISHO_HELPERS names another folder of such programs).
 *   Strings  UTF-8, NUL-terminated. No function ever gives back a value that was found in a file, or a part of it.
 *   Safety   seki_scan_path/fd/memory parse hostile bytes inside your process. The tree and check functions use locked worker processes.
 */
#ifndef SEKISHO_SEKISHO_H
#define SEKISHO_SEKISHO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define SEKI_API __attribute__((visibility("default")))
#else
#define SEKI_API
#endif

#define SEKI_VERSION_MAJOR 0
#define SEKI_VERSION_MINOR 1
#define SEKI_VERSION_PATCH 0

/* ---------------------------------------------------------------- status and errors */

typedef enum seki_status {
    SEKI_OK = 0,
    SEKI_E_USAGE = 1,     /* an argument cannot be used */
    SEKI_E_RULES = 2,     /* mistakes in rules, policy, receipts: each was given to the problem callback */
    SEKI_E_IO = 3,        /* a file named by the caller cannot be opened, read or written */
    SEKI_E_MEMORY = 4,
    SEKI_E_CANCELLED = 5,
    SEKI_E_INTERNAL = 6
} seki_status;

typedef struct seki_error {
    seki_status status;
    int system;        /* errno, 0 when none */
    char ja[512];      /* what happened, where, what to do */
    char en[512];
} seki_error;

/* One mistake in a file written by people. */
typedef struct seki_problem {
    const char *file;
    unsigned line, column; /* 1-based; 0 = the whole file */
    const char *ja, *en;
} seki_problem;
typedef void (*seki_problem_fn)(void *ctx, const seki_problem *problem);
/* Receives output; false = could not be written. */
typedef bool (*seki_write_fn)(void *ctx, const void *bytes, size_t n);

/* "0.1.0" and, in one line, the engines in use. Static. */
SEKI_API const char *seki_version(void);
SEKI_API const char *seki_version_engines(void);
/* Formats that can be read, by index; 0 <= i < seki_formats(). Static strings. */
SEKI_API size_t seki_formats(void);
SEKI_API seki_status seki_format(size_t i, const char **name, const char **title_ja, const char **title_en, bool *readable);

/* ---------------------------------------------------------------- rules */

typedef struct seki_rules seki_rules;
typedef struct seki_rules_options {
    size_t size;
    const char *directory;   /* NULL: environment SEKISHO_PATTERNS, else the installed patterns */
    const char *cache;       /* folder for compiled databases; NULL: $XDG_CACHE_HOME/sekisho or ~/.cache/sekisho; "": none */
    seki_problem_fn problem; /* may be NULL */
    void *problem_ctx;
} seki_rules_options;
SEKI_API seki_status seki_rules_load(seki_rules **rules, const seki_rules_options *options, seki_error *err);
SEKI_API void seki_rules_free(seki_rules *rules);
SEKI_API const char *seki_rules_version(const seki_rules *rules);
SEKI_API const char *seki_rules_digest(const seki_rules *rules); /* 64 hex digits */
SEKI_API size_t seki_rules_count(const seki_rules *rules);
SEKI_API seki_status seki_rules_item(const seki_rules *rules, size_t i, const char **id, const char **element, const char **title_ja, const char **title_en);
/* Runs each detector's own examples; a problem for each that fails. *run and *failed may be NULL. */
SEKI_API seki_status seki_rules_test(const seki_rules *rules, seki_problem_fn problem, void *ctx, size_t *run, size_t *failed, seki_error *err);

/* ---------------------------------------------------------------- policy */

typedef struct seki_policy seki_policy;
typedef struct seki_policy_options {
    size_t size;
    const seki_rules *rules; /* lends its tables while loading, which saves some milliseconds; may be NULL */
    seki_problem_fn problem;
    void *problem_ctx;
} seki_policy_options;
/* path NULL: the default policy beside the installed patterns. */
SEKI_API seki_status seki_policy_load(seki_policy **policy, const char *path, const seki_policy_options *options, seki_error *err);
SEKI_API void seki_policy_free(seki_policy *policy);
SEKI_API const char *seki_policy_id(const seki_policy *policy);
SEKI_API const char *seki_policy_version(const seki_policy *policy);
SEKI_API const char *seki_policy_digest(const seki_policy *policy); /* 64 hex digits */
SEKI_API bool seki_policy_is_draft(const seki_policy *policy);
/* Tables for the annex of the 規程, as Markdown or HTML (html true). language: "ja" (default), "en". */
SEKI_API seki_status seki_policy_render(const seki_policy *policy, bool html, const char *language, seki_write_fn write, void *ctx, seki_error *err);
/* What differs, by id, old value -> new value. state (may be NULL): also how many stored files would change label or violations. */
SEKI_API seki_status seki_policy_diff(const seki_policy *before, const seki_policy *after, const char *state, const char *language, seki_write_fn write, void *ctx, seki_error *err);
/*
 * What differs between two sets of rules, a line each. With paths: also what that means for the files there, which are scanned twice by a locked
 * worker: occurrences newly found and no longer found, labels that change (by policy). *changes (may be NULL): differences of the rules.
 */
SEKI_API seki_status seki_rules_diff(const seki_rules *before, const seki_rules *after, const seki_policy *policy, const char *const *paths, size_t n, const char *language, seki_write_fn write, void *ctx, size_t *changes, seki_error *err);
/* Which of these folders fall to the default location. */
SEKI_API seki_status seki_policy_coverage(const seki_policy *policy, const char *const *paths, size_t n, const char *language, seki_write_fn write, void *ctx, seki_error *err);

/* ---------------------------------------------------------------- scanning in this process */

typedef struct seki_scanner seki_scanner;
typedef struct seki_result seki_result;
typedef struct seki_scanner_options {
    size_t size;
    const char *as_of;   /* YYYY-MM-DD; NULL: today */
    uint32_t max_places; /* listed an element; 0 = 1000, UINT32_MAX = all */
    bool (*cancelled)(void *ctx); /* polled at least every 50 ms of work; true stops with SEKI_E_CANCELLED */
    void *cancel_ctx;
    bool no_helpers;     /* never start a process: formats that a helper program reads (PDF) are "unsupported" */
    const char *index, *index_key; /* the own register (seki_index_build) and its secret; NULL: none */
    bool ocr;            /* recognise text in pictures, a second or more for each; also by the policy's limits */
} seki_scanner_options;
/* policy NULL: no marking words and small cells are looked for, and default limits hold. rules and policy must outlive the scanner. */
SEKI_API seki_status seki_scanner_new(seki_scanner **scanner, const seki_rules *rules, const seki_policy *policy, const seki_scanner_options *options, seki_error *err);
SEKI_API void seki_scanner_free(seki_scanner *scanner);
/* A volume of a split archive is inspected together with the others of its folder, as the whole archive.
 * fd is read with pread and not closed. name: base name for reports and markings, may be NULL. */
SEKI_API seki_status seki_scan_path(seki_scanner *scanner, const char *path, seki_result **result, seki_error *err);
SEKI_API seki_status seki_scan_fd(seki_scanner *scanner, int fd, const char *name, seki_result **result, seki_error *err);
SEKI_API seki_status seki_scan_memory(seki_scanner *scanner, const void *bytes, size_t n, const char *name, seki_result **result, seki_error *err);
SEKI_API void seki_result_free(seki_result *result);

/* ---------------------------------------------------------------- reading a result (borrowed from it) */

SEKI_API const char *seki_result_state(const seki_result *result);  /* "inspected", "partial", "uninspectable" */
SEKI_API const char *seki_result_format(const seki_result *result); /* "uke", "xlsx", ...; "" unknown */
SEKI_API const char *seki_result_sha256(const seki_result *result, char hex[65]); /* "" when it was not read whole */
SEKI_API void seki_result_persons(const seki_result *result, uint64_t *min, uint64_t *max);
/* Those of them that stand in the own register; false: no index was asked. persons may be NULL. */
SEKI_API bool seki_result_own_persons(const seki_result *result, uint64_t *persons);

typedef struct seki_reason { size_t size; const char *code, *detail; size_t part; } seki_reason;
SEKI_API size_t seki_result_reasons(const seki_result *result);
SEKI_API seki_status seki_result_reason(const seki_result *result, size_t i, seki_reason *out);

typedef struct seki_finding { size_t size; const char *element, *confidence; uint64_t count; size_t places; } seki_finding;
SEKI_API size_t seki_result_findings(const seki_result *result);
SEKI_API seki_status seki_result_finding(const seki_result *result, size_t i, seki_finding *out);

typedef struct seki_place {
    size_t size;
    size_t part;
    const char *kind;       /* "bytes", "cell", "page", "slide", "paragraph", "part" */
    const char *hidden;     /* NULL when a reader would see it, else why not */
    uint64_t offset, line;  /* bytes */
    uint32_t length, column;
    uint32_t row, col;      /* cell, 0-based */
    uint32_t number;        /* page, slide, paragraph */
} seki_place;
SEKI_API seki_status seki_result_place(const seki_result *result, size_t finding, size_t i, seki_place *out);
/* Path of a part inside the file, "!"-separated; "" for the file itself. Copies at most n - 1 bytes and NUL; returns the full length. */
SEKI_API size_t seki_result_part(const seki_result *result, size_t part, char *out, size_t n);

typedef struct seki_insurer { size_t size; const char *number; uint64_t min, max; } seki_insurer;
SEKI_API size_t seki_result_insurers(const seki_result *result);
SEKI_API seki_status seki_result_insurer(const seki_result *result, size_t i, seki_insurer *out);

/* ---------------------------------------------------------------- judging */

typedef struct seki_judgement seki_judgement;
typedef struct seki_judge_options {
    size_t size;
    const char *path;    /* where the file lies, as the policy's locations name it */
    const char *group;   /* owning group, NULL: not judged */
    int64_t mtime;       /* seconds; 0: age not judged */
    bool world_readable;
    const char *as_of;
} seki_judge_options;
SEKI_API seki_status seki_judge_place(seki_judgement **out, const seki_policy *policy, const seki_result *result, const seki_judge_options *options, seki_error *err);
SEKI_API void seki_judgement_free(seki_judgement *j);
SEKI_API const char *seki_judgement_grade(const seki_judgement *j);    /* "L3" */
SEKI_API const char *seki_judgement_location(const seki_judgement *j); /* "LOC-SOUMU" */
SEKI_API size_t seki_judgement_violations(const seki_judgement *j);
SEKI_API seki_status seki_judgement_violation(const seki_judgement *j, size_t i, const char **code, const char **severity, const char **detail_ja, const char **detail_en);

/* ---------------------------------------------------------------- trees, checks, reports: what the command does */

typedef struct seki_progress { size_t size; uint64_t files, files_total, bytes, bytes_total; double seconds; } seki_progress;
typedef void (*seki_progress_fn)(void *ctx, const seki_progress *p);

/* Exit status of the command: 0 nothing wrong and everything inspected, 1 violation or 送付不可, 2 something was not inspected, 3 conditions not met. */
typedef struct seki_tree_options {
    size_t size;
    const char *const *paths; size_t n_paths;
    const char *as_prefix;   /* the first path is judged as if mounted here */
    const char *state;       /* store; NULL: none */
    const char *format;      /* "text" (default), "jsonl", "csv", "sarif", "html" */
    const char *output;      /* file written aside and renamed when whole; NULL: write */
    seki_write_fn write; void *write_ctx;
    const char *language;    /* "ja" (default), "en" */
    const char *as_of;
    unsigned jobs;           /* worker processes, 0 = number of processors */
    bool in_process;         /* no workers, no isolation */
    bool full, verbose;
    uint32_t max_places;
    seki_progress_fn progress; void *progress_ctx;
    bool (*cancelled)(void *ctx); void *cancel_ctx;
    seki_problem_fn problem; void *problem_ctx;
    const char *index, *index_key; /* as in seki_scanner_options */
    const char *site_key;    /* a secret shared by several hosts, so that reports over their stores count people once; a new store takes it */
    const char *shard;       /* "2/8": this share of the files only, the same ones every night; NULL: all */
    uint64_t bytes_per_second; /* read at most; 0: no limit */
    const char *until;       /* "05:30" local time: stops there, exit status 2 at least; the next run resumes. NULL: to the end */
    bool ocr;                /* as in seki_scanner_options */
} seki_tree_options;
SEKI_API seki_status seki_scan_tree(const seki_rules *rules, const seki_policy *policy, const seki_tree_options *options, int *exit_status, seki_error *err);

/*
 * Labels for other tools: each file's label with its SHA-256, nothing of what was found. apply_xattr also writes them into the extended
 * attribute user.sekisho.label of inspected files that the caller owns; content and mtime stay, and the audit chain of `state` (needed for
 * it) records digests and grades. A later scan takes what it reads there as one more marking: it can only raise. *exit_status: 0, 1 some
 * file did not get its label, 2 something was not inspected.
 */
typedef struct seki_label_options {
    size_t size;
    const char *const *paths; size_t n_paths; /* files and folders */
    const char *as_prefix;
    const char *format;      /* "text" (default), "csv", "json" */
    const char *output;
    seki_write_fn write; void *write_ctx;
    const char *language, *as_of;
    unsigned jobs;
    bool in_process;
    bool apply_xattr;
    const char *state;
    bool (*cancelled)(void *ctx); void *cancel_ctx;
    seki_problem_fn problem; void *problem_ctx;
} seki_label_options;
SEKI_API seki_status seki_label(const seki_rules *rules, const seki_policy *policy, const seki_label_options *options, int *exit_status, seki_error *err);

typedef struct seki_check_options {
    size_t size;
    const char *const *files; size_t n_files;
    const char *dest;
    const char *const *recipients; size_t n_recipients;
    const char *const *approvals; size_t n_approvals;
    const char *contract, *requested_by;
    const char *receipts;
    const char *format;      /* "text" (default), "json", "html" */
    const char *output;
    seki_write_fn write; void *write_ctx;
    const char *language, *as_of;
    bool in_process;
    uint32_t max_places;
    const char *state;       /* the check is noted in the store's audit chain */
    seki_problem_fn problem; void *problem_ctx;
    const char *key;         /* signs and verifies receipts; NULL: see seki_key_create. To verify, its public line is enough */
    const int *fds;          /* NULL, or one for each of files, which then only name them: read with pread, not closed */
    seki_write_fn json; void *json_ctx; /* also receives the JSON, which holds the receipt, whatever the format; may be NULL */
    const char *purpose, *channel; /* told on the slip */
} seki_check_options;
SEKI_API seki_status seki_check(const seki_rules *rules, const seki_policy *policy, const seki_check_options *options, int *exit_status, seki_error *err);

/*
 * The local page for people without a terminal: choose a destination, give files, read and print the slip. Listens on 127.0.0.1 only, in the
 * calling thread, until cancelled. What is uploaded lives in memory (memfd) until the answer is sent and is read by a locked worker. Requests
 * need the token of the address that `started` is told, the right Host, and for files the same origin.
 */
typedef struct seki_serve_options {
    size_t size;
    uint32_t port;           /* 0: any that is free */
    uint64_t max_bytes;      /* of one request; 0: 256 MiB */
    const char *language;    /* of the page: "ja" (default), "en" */
    const char *as_of, *state, *key; /* as in seki_check_options */
    void (*started)(void *ctx, const char *url); void *started_ctx; /* the address to open, with the token */
    bool (*cancelled)(void *ctx); void *cancel_ctx; /* polled every half second */
} seki_serve_options;
/* SEKI_E_IO when the port is taken. Returns SEKI_OK when cancelled. */
SEKI_API seki_status seki_serve(const seki_rules *rules, const seki_policy *policy, const seki_serve_options *options, seki_error *err);

/*
 * The key of the site, with which receipts are signed (Ed25519; a file of 64 bytes, mode 0600). path NULL: environment SEKISHO_KEY, else
 * $XDG_CONFIG_HOME/sekisho/site.key or ~/.config/sekisho/site.key. seki_check makes the last one itself when it issues its first receipt.
 * create: also writes path.pub, one line with which others can verify and not sign. SEKI_E_USAGE when the file is there already.
 */
SEKI_API seki_status seki_key_create(const char *path, seki_error *err);
/* Its public key, 64 hex digits. SEKI_E_USAGE when it is missing, may be read by others, or is no key. */
SEKI_API seki_status seki_key_show(const char *path, char public_hex[65], seki_error *err);

/*
 * The index of the own register (exact data matching): keyed fingerprints, 8 bytes a key, of the people of a list (CSV and other tables with a
 * header): 記号・番号, 後期, 介護 numbers, names with birth dates; never 個人番号. With it, scans say how many people of a file stand in the own
 * register, and what names them counts as high confidence. Useless without its secret, a file of 32 random bytes (mode 0600).
 * Rotation: make a new secret, build the index again from the list, delete both old files; the next scan reads files with people again.
 */
SEKI_API seki_status seki_secret_create(const char *path, seki_error *err); /* SEKI_E_USAGE when the file is there already */
typedef struct seki_index_info {
    size_t size;              /* set by the caller */
    uint64_t records, keys;   /* of the list; distinct in the index */
    uint64_t without;         /* build only: records that name nobody */
    char made[11], digest[65];
} seki_index_info;
/* Reads the list once, writes output whole or not at all. SEKI_E_USAGE when the list names nobody. *info may be NULL. */
SEKI_API seki_status seki_index_build(const seki_rules *rules, const char *list, const char *output, const char *secret, seki_index_info *info, seki_error *err);
SEKI_API seki_status seki_index_show(const char *index, const char *secret, seki_index_info *info, seki_error *err);

typedef struct seki_report_options {
    size_t size;
    const char *state, *kind, *format, *audience, *output, *language;
    seki_write_fn write; void *write_ctx;
    uint32_t sample; uint64_t seed;
    seki_problem_fn problem; void *problem_ctx;
    const char *const *states; size_t n_states; /* several stores (shards, hosts) told as one; instead of state. Exact over people that share a site_key */
    const seki_policy *policy; /* with several stores: the one they were scanned under */
} seki_report_options;
SEKI_API seki_status seki_report(const seki_report_options *options, seki_error *err);
/* Evidence of a finding ("F-12"): facts, digests, due dates counted from `known` (YYYY-MM-DD, NULL = first seen), the nine items; never content. */
SEKI_API seki_status seki_evidence(const char *state, const char *finding, const char *known, const char *folder, const char *language, seki_problem_fn problem, void *ctx, seki_error *err);
typedef struct seki_evidence_options {
    size_t size;
    const char *state, *finding, *known, *folder, *language; /* as in seki_evidence */
    bool drill;              /* 訓練 on every page */
    const char *recipient;   /* file of a public key (seki_key_create's path.pub): also puts content.sealed in, which only its secret key opens;
                              * SEKI_E_RULES when the file is not any more what was scanned. NULL: no content */
    seki_problem_fn problem; void *problem_ctx;
} seki_evidence_options;
SEKI_API seki_status seki_evidence_make(const seki_evidence_options *options, seki_error *err);
/* Opens content.sealed of a bundle with the secret key into a new file (mode 0600). */
SEKI_API seki_status seki_evidence_content(const char *folder, const char *key, const char *output, seki_error *err);
/* SEKI_E_RULES with a problem for each file of the bundle that is not as it was written. */
SEKI_API seki_status seki_evidence_verify(const char *folder, seki_problem_fn problem, void *ctx, seki_error *err);
/* Proves that detection works here and now: every detector's examples, then synthetic documents in each encoding, scanned in a locked worker. A
 * problem for each part that fails. */
SEKI_API seki_status seki_selftest(const seki_rules *rules, const seki_policy *policy, seki_problem_fn problem, void *ctx, size_t *run, size_t *failed, seki_error *err);
/* Verifies the audit chain of a store. */
SEKI_API seki_status seki_log_verify(const char *state, seki_problem_fn problem, void *ctx, seki_error *err);

#ifdef __cplusplus
}
#endif
#endif
