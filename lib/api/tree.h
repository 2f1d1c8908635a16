/* tree.h - what scanning a tree and checking files share: facts of a file, an executor (workers or this process), exit
 * status. */
#ifndef SK_API_TREE_H
#define SK_API_TREE_H

#include "api/api.h"
#include "input/walk.h"
#include "nightly/store.h"
#include "work/pool.h"

/* One file on its way: heap, made when it is found, freed when it was reported. */
struct sk_item {
    struct sk_facts facts;
    char *path, *group; /* own the strings of facts */
    enum sk_reason why; /* != NONE: not to be read */
    bool folder;
    bool unchanged; /* result comes from the store */
    struct seki_result *stored;
    struct sk_stored from; /* the store's note beside it */
    bool asked;            /* its attributes were read */
    char *worn;            /* what the file wears (judge/worn.c), NULL nothing */
    char *real;            /* real path, where labels are applied */
};
/* The last group that was asked for (may be NULL); the caller frees the name. */
struct sk_group {
    gid_t gid;
    char *name;
};
/* shown: path as the policy sees it. NULL without memory. */
struct sk_item *sk_item_new(const char *shown, const struct stat *st, struct sk_group *known);
void sk_item_free(struct sk_item *item);
/* From the attributes of its open descriptor: who may read it, which label it wears. False without memory. */
bool sk_item_attributes(struct sk_item *item, int fd, const struct sk_policy *policy);
/* Hands the label to the result, which may come from a store. False without memory. */
bool sk_item_dress(const struct sk_item *item, struct seki_result *result);

/* label.c: writes labels into the attributes of scanned files, on request. */
struct sk_labelling {
    bool apply;
    uint64_t applied, refused, uninspected;
    struct sk_buf record; /* for the audit chain: digests and labels, no names */
    long as_of;
};
/* What became of it: "applied", "same", or why not: "unread", "not-owner", "changed", "denied", "unsupported". */
const char *sk_label_file(struct sk_labelling *l, const struct sk_policy *p, const struct sk_item *item,
                          const struct seki_result *r, const struct sk_judgement *j);
/* seki_scan_tree; labelling may be NULL. */
seki_status sk_scan_tree(const seki_rules *rules, const seki_policy *policy, const seki_tree_options *given,
                         struct sk_labelling *labelling, int *exit_status, seki_error *err);

/* Runs scans in locked workers, or here. Results come in order of submission. */
struct sk_executor {
    seki_scanner *scanner;
    struct sk_pool *pool; /* NULL: in this process */
    sk_pool_deliver deliver;
    void *ctx;
};
struct sk_executor_options {
    const seki_rules *rules;
    const seki_policy *policy;
    const seki_scanner_options *scanner;
    const struct sk_key *key; /* of person keys; NULL: none */
    unsigned workers;         /* 0: in this process */
    sk_pool_deliver deliver;
    sk_pool_drop drop;            /* NULL: the caller frees its tags */
    bool (*cancelled)(void *ctx); /* NULL: never */
    void *ctx;                    /* of the three */
};
seki_status sk_executor_open(struct sk_executor *e, const struct sk_executor_options *o, seki_error *err);
/* Takes the descriptor (-1: delivered with result NULL). False: stopped. */
bool sk_executor_submit(struct sk_executor *e, int fd, const char *name, uint64_t size, void *tag);
bool sk_executor_drain(struct sk_executor *e);
void sk_executor_close(struct sk_executor *e);

#endif
