/* api.h - inside api: the public objects and what its files share. */
#ifndef SK_API_API_H
#define SK_API_API_H

#include "sekisho/sekisho.h"

#include "base/hash.h"
#include "detect/detect.h"
#include "judge/judge.h"
#include "match/match.h"
#include "report/report.h"

struct seki_rules {
    struct sk_fold *fold;
    struct sk_rules *rules;
    struct sk_matcher *matcher;
    char digest[SK_SHA256_HEX];
};

struct seki_policy {
    struct sk_policy *policy;
    char digest[SK_SHA256_HEX];
};

struct seki_judgement {
    struct sk_judgement j;
    const struct sk_policy *policy;
};

/* ---- errors.c ---- */
/* Fills *err (may be NULL) and returns status. Formats take the same arguments in the same order. */
seki_status sk_fail(seki_error *err, seki_status status, int system, const char *ja, const char *en, ...);
seki_status sk_no_memory(seki_error *err);
/* Hands every problem to the callback and returns SEKI_E_RULES with the first of them in *err. */
seki_status sk_fail_problems(seki_error *err, const struct sk_problems *p, seki_problem_fn problem, void *ctx);
/* True when the caller's struct of `size` bytes can be used by this version, which knows `known` bytes: what lies
 * behind is zero. */
bool sk_options_ok(const void *options, size_t size, size_t known);
/* Copies the caller's options into a zeroed struct of our version; false when they cannot be used. */
#define SK_OPTIONS(local, given)                                                                                       \
    (sk_options_copy(&(local), sizeof(local), (given), (given) ? *(const size_t *)(given) : 0))
bool sk_options_copy(void *local, size_t known, const void *given, size_t size);
/* "YYYY-MM-DD" or NULL = today (local time). */
seki_status sk_as_of(const char *text, long *day, seki_error *err);
/* "ja", "en" or NULL. */
seki_status sk_language(const char *text, bool *english, seki_error *err);

/* ---- output.c: a file written aside and renamed when whole, or the caller's function ---- */
struct sk_output {
    struct sk_writer writer;
    seki_write_fn write;
    void *write_ctx;
    const char *path;
    char *aside;
    int fd;
    int error; /* errno of the first failed write */
    struct sk_buf pending;
};
seki_status sk_output_open(struct sk_output *o, const char *path, seki_write_fn write, void *ctx, seki_error *err);
/* Publishes the file. */
seki_status sk_output_commit(struct sk_output *o, seki_error *err);
/* Removes what was written aside; safe after commit. */
void sk_output_drop(struct sk_output *o);

/* ---- scan.c ---- */
seki_status sk_scan_descriptor(seki_scanner *scanner, int fd, const char *name, uint64_t size, struct seki_result **out,
                               seki_error *err);
/* For sk_pool_options.before_lock, with a scanner: starts what starts helper programs. */
void sk_scanner_before_lock(void *scanner);
/* From now on results carry person keys under this key. False without memory. */
bool sk_scanner_keys(seki_scanner *scanner, const struct sk_key *key);
/* From now on files only give the keys of their people to list; no limit holds but that of a day. */
bool sk_scanner_lists(seki_scanner *scanner, struct sk_register_list *list);
/* index.c: the index of the own register, NULL when none is named. */
seki_status sk_own_register(const char *index, const char *key, struct sk_register **out, seki_error *err);
/* Digest of the index that a scanner asks, NULL: none. */
const uint8_t *sk_scanner_own(const seki_scanner *scanner);
/* A key of the site's secret for a purpose. */
seki_status sk_secret_key(const char *path, const char *purpose, struct sk_key *key, seki_error *err);
/* A result for a file that could not be opened or is not to be read. NULL without memory. */
struct seki_result *sk_result_unread(const char *name, uint64_t size, enum sk_reason why, const char *detail);

#endif
