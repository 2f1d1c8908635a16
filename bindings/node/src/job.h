/*
 * One call of the library on a thread of libuv's pool: what it needs, what it gave, and the promise that waits for it.
 * Everything but run() happens on JavaScript's thread.
 */
#ifndef SEKISHO_NODE_JOB_H
#define SEKISHO_NODE_JOB_H

#include <node_api.h>
#include <sekisho/sekisho.h>
#include <stdatomic.h>
#include <stddef.h>

/* An object of the library that JavaScript holds. Counted, because a scanner needs its rules whichever is collected first. */
struct box {
    int users; /* touched by JavaScript's thread only */
    void *object;
    void (*release)(void *object);
    struct box *needs[2];
};
/* Takes object; NULL (object released) when out of memory. */
struct box *box_new(void *object, void (*release)(void *), struct box *first, struct box *second);
void box_keep(struct box *b);
void box_drop(struct box *b);
napi_value box_value(napi_env env, struct box *b); /* takes one use */
/* NULL, exception pending: not a box of that release. What `optional` allows to be missing gives NULL without one. */
struct box *box_of(napi_env env, napi_value v, void (*release)(void *), bool optional);

enum option_kind { OPTION_STRING, OPTION_BOOL, OPTION_UINT32, OPTION_UINT64, OPTION_INT64, OPTION_STRINGS, OPTION_INTS };
struct option {
    const char *name;
    enum option_kind kind;
    size_t offset, count_offset;
};

struct problem {
    char *file, *ja, *en;
    unsigned line, column;
};

struct job {
    void (*run)(struct job *job);                      /* on a pool thread: no napi_* here */
    napi_value (*done)(napi_env env, struct job *job); /* makes the promise's value; NULL = undefined */
    struct box *rules, *policy, *other;                /* kept while the job runs */
    union {
        size_t size;
        seki_rules_options rules;
        seki_policy_options policy;
        seki_scanner_options scanner;
        seki_judge_options judge;
        seki_tree_options tree;
        seki_check_options check;
        seki_report_options report;
        seki_label_options label;
        seki_serve_options serve;
        seki_evidence_options evidence;
    } options;
    seki_index_info info;
    seki_judge_options judge;
    bool judged;
    char *text[5]; /* plain string arguments, in order; owned */
    char **list;   /* one list of strings; owned */
    size_t n_list;
    const void *bytes; /* memory of a Buffer, kept by `keep` */
    size_t n_bytes;
    int fd;
    bool flag;
    const atomic_bool *cancel; /* in a box of this job; NULL: none */
    napi_ref keep;             /* the Buffer of bytes */

    seki_status status;
    seki_error error;
    struct problem *problems;
    size_t n_problems;
    void *made; /* rules, policy, scanner or result */
    seki_judgement *judgement;
    int exit_status;
    size_t ran, failed;
    char *out; /* what the call wrote */
    size_t n_out, room;
    char *json; /* the second output of a check */
    size_t n_json, json_room;

    napi_threadsafe_function progress;
    napi_async_work work;
    napi_deferred deferred;
    char **owned; /* strings of the options */
    size_t n_owned;
};

/* NULL with a pending exception when out of memory. */
struct job *job_new(napi_env env, void (*run)(struct job *), napi_value (*done)(napi_env, struct job *));
void job_free(struct job *job);
/* Takes the job; returns its promise. */
napi_value job_start(napi_env env, struct job *job);
/* An owned copy of a string or Buffer, NULL for undefined and null; *ok false with a pending exception for anything else. */
char *job_string(napi_env env, struct job *job, napi_value v, bool *ok);
/* Reads the fields that `table` names from a JavaScript object; a name that is not there is refused. false: exception pending. */
bool job_options(napi_env env, struct job *job, const struct option *table, void *into, napi_value object);
bool job_list(napi_env env, struct job *job, napi_value array, char ***out, size_t *n);
/* Callbacks for the library; ctx is the job. */
void job_problem(void *ctx, const seki_problem *p);
bool job_write(void *ctx, const void *bytes, size_t n);
bool job_write_json(void *ctx, const void *bytes, size_t n);
void job_started(void *ctx, const char *url);
bool job_cancelled(void *ctx);
void job_progress(void *ctx, const seki_progress *p);
bool job_progress_to(napi_env env, struct job *job, napi_value function);

napi_value throw_memory(napi_env env);

#endif
