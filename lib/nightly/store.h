/*
 * store.h - the state of a share between nights (SQLite, WAL, one writer): identities, hashes, results, violations'
 * life, runs, and a hash chain over all records. Keeps no value and nothing made from a 個人番号.
 */
#ifndef SK_NIGHTLY_STORE_H
#define SK_NIGHTLY_STORE_H

#include "report/report.h"

struct sk_store;
/*
 * create: for a run; holds the lock of path.lock until closed and creates what is missing (mode 0600). Else for
 * reading, also while a run goes on. NULL with a problem: another run, damaged, another schema, no permission, nothing
 * there yet. Beside path: path.key (Ed25519, made once, 0600) and path.head, the signed end of the audit chain. What
 * this shows and what not: an edit of any record, and records cut off the end, by whoever cannot read path.key. Whoever
 * can read it (root, the account of the nightly run) can sign another end; against them, copy path.head to another
 * machine every night and compare. Records after the signed one are accepted: a power cut may come between commit and
 * signature.
 */
struct sk_store *sk_store_open(const char *path, bool create, struct sk_problems *problems);
void sk_store_close(struct sk_store *s);
/* Key of keyed person hashes, made once per store. */
bool sk_store_key(struct sk_store *s, struct sk_key *key);
/* Gives a store the key that several hosts share, so that their stores can be joined. False with a message in *problems
 * when the store already holds people under another key. */
bool sk_store_share_key(struct sk_store *s, const struct sk_key *key, struct sk_problems *problems);

/* ---- a run ---- */
struct sk_store_run {
    const char *tool_version, *rules_version;
    const uint8_t *rules_digest;
    const uint8_t *rules_meaning;   /* NULL: as rules_digest */
    const struct sk_policy *policy; /* must outlive the run */
    const char *const *roots;
    size_t n_roots;
    const char *const *real; /* of the roots on this machine; NULL: unknown */
    const uint8_t *index;    /* digest of the register's index, NULL: none */
    const char *shard;       /* "2/8"; NULL: all */
    long as_of;
    int64_t started;
    bool full;
    bool ocr; /* pictures are read too */
};
bool sk_store_run_begin(struct sk_store *s, const struct sk_store_run *run, bool *previous_interrupted);
/* What the store says about a file that need not be read; handed back with its judgement. */
struct sk_stored {
    int64_t id;      /* 0: not from the store */
    bool name_only;  /* found under other rules, but without text: true if its name says nothing under these */
    uint64_t judged; /* of the judgement that is stored */
};
/* The stored result of an unchanged file (same identity, size, mtime, ctime, meaning of the rules, detect digest and
 * version of the tool, hashed not longer ago than full_scan_days); NULL when it must be read. A new index of the
 * register changes only files with people; other rules change only files that gave text (stored->name_only). Reasons
 * that lie in the content (encrypted, damaged) stay; those of the moment (denied, timeout, crashed) are tried again.
 * facts->world_readable becomes what it was: an ACL cannot change without ctime. */
struct seki_result *sk_store_unchanged(struct sk_store *s, struct sk_facts *facts, uint32_t full_scan_days,
                                       struct sk_stored *stored);
/* The result of a file with this content that was read under the same rules and not longer ago; NULL: none. *path (to
 * be freed): that file. */
struct seki_result *sk_store_same_content(struct sk_store *s, const uint8_t sha[SK_SHA256_BYTES], uint64_t size,
                                          uint32_t full_scan_days, char **path);
/* Gives the sizes of files with content that sk_store_same_content may know. */
bool sk_store_sizes(struct sk_store *s, bool (*take)(void *ctx, uint64_t size), void *ctx);
/* Records one file of this run. f as given to the report. wire: sk_wire_encode of the result, or empty. stored: as
 * sk_store_unchanged filled it, NULL when the file was read: where the judgement is as it was, no row is written. */
bool sk_store_file(struct sk_store *s, const struct sk_report_file *f, struct sk_bytes wire,
                   const struct sk_stored *stored);
bool sk_store_aggregate(struct sk_store *s, const struct sk_report_aggregate *a);
/* Files not seen are 解消 / moved / 継続(未確認), shares that shrank are 到達不良 (count before and now). complete as
 * in the report. *unreachable: number of places that are 到達不良. */
/* Instead of the end: the run stops before it came by all files. It is told as 中断, and the next one resumes. */
bool sk_store_run_stop(struct sk_store *s);
bool sk_store_run_end(struct sk_store *s, bool complete, size_t *unreachable);
/* A check, an exception, an operator's action: one line in the chain. No values. */
bool sk_store_log(struct sk_store *s, const char *kind, const char *text);
/* Verifies the hash chain and its signed head; false and a problem at the first record that does not hold. */
bool sk_store_verify(struct sk_store *s, struct sk_problems *problems);
const char *sk_store_error(const struct sk_store *s);

/* ---- several stores told as one: new, add each, end; then report over it ---- */
struct sk_store *sk_store_join_new(void); /* temporary; NULL without memory */
bool sk_store_join_add(struct sk_store *s, const struct sk_store *one, size_t number, bool files);
/* with_today: how many of the n stores ran on the last day; fewer: that day is not complete. */
bool sk_store_join_end(struct sk_store *s, size_t with_today, size_t n);
long sk_store_last_day(struct sk_store *s);                                         /* of its last run; -1 none */
bool sk_store_policy_is(struct sk_store *s, const uint8_t digest[SK_SHA256_BYTES]); /* of its last run */
/* Each stored file with people. */
bool sk_store_people(struct sk_store *s, bool (*take)(void *ctx, const char *location, const struct seki_result *r),
                     void *ctx);

/* ---- reports over a store: policy.md 5.1 ---- */
struct sk_nightly_request {
    const char *kind;   /* nightly, audit, trend, inventory */
    const char *format; /* text, html, csv, json; nightly also cef, syslog, mail */
    bool restricted;    /* audience: restricted names files, summary does not */
    uint32_t sample;
    uint64_t seed; /* audit */
    bool english;
};
/* Judges every stored file by both policies: what a new policy would change. */
bool sk_store_what_if(struct sk_store *s, const struct sk_policy *before, const struct sk_policy *after,
                      struct sk_what_if *out);
struct sk_evidence_request {
    const char *finding; /* "F-12" */
    long known;          /* the day of knowing, or < 0 = first seen */
    const char *folder;
    bool english, drill;   /* drill: every page says so */
    const char *recipient; /* public key: a sealed copy of the content too; NULL: no content */
};
/* A folder with manifest, facts, the nine items, due dates, digests. */
bool sk_evidence_make(struct sk_store *s, const struct sk_evidence_request *q, struct sk_problems *problems);
/* Every file of the bundle is as it was written; false and a problem for each that is not. */
bool sk_evidence_verify(const char *folder, struct sk_problems *problems);
bool sk_nightly_report(struct sk_store *s, const struct sk_nightly_request *q, const struct sk_writer *out,
                       struct sk_problems *problems);

#endif
