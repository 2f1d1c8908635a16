/*
 * The functions that index.js builds its classes from: each reads its arguments, starts a job and returns a promise.
 */
#include "job.h"
#include "values.h"

#include "abi.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_ARGS = 8 };

/* Arguments of a call; missing ones are undefined. */
static void arguments(napi_env env, napi_callback_info info, napi_value v[MAX_ARGS])
{
    size_t n = MAX_ARGS;
    napi_get_cb_info(env, info, &n, v, NULL, NULL);
}

struct scanner {
    seki_scanner *s;
    atomic_bool cancel;
};

static void free_rules(void *p)
{
    seki_rules_free(p);
}

static void free_policy(void *p)
{
    seki_policy_free(p);
}

static void free_scanner(void *p)
{
    struct scanner *s = p;
    seki_scanner_free(s->s);
    free(s);
}

static void free_token(void *p)
{
    free(p);
}

static bool take(napi_env env, napi_value v, void (*release)(void *), bool optional, struct box **out)
{
    bool pending = false;
    *out = box_of(env, v, release, optional);
    napi_is_exception_pending(env, &pending);
    if (*out)
        box_keep(*out);
    return !pending;
}

/* ---------------------------------------------------------------- what needs no promise */

static napi_value call_version(napi_env env, napi_callback_info info)
{
    (void)info;
    napi_value v;
    napi_create_object(env, &v);
    set_text(env, v, "version", seki_version());
    set_text(env, v, "engines", seki_version_engines());
    return v;
}

static napi_value call_formats(napi_env env, napi_callback_info info)
{
    (void)info;
    napi_value list, v;
    napi_create_array(env, &list);
    for (size_t i = 0; i < seki_formats(); i++) {
        const char *name, *ja, *en;
        bool readable;
        if (seki_format(i, &name, &ja, &en, &readable) != SEKI_OK)
            continue;
        napi_create_object(env, &v);
        set_text(env, v, "name", name);
        set_text(env, v, "ja", ja);
        set_text(env, v, "en", en);
        set_bool(env, v, "readable", readable);
        napi_set_element(env, list, (uint32_t)i, v);
    }
    return list;
}

static napi_value call_rules_info(napi_env env, napi_callback_info info)
{
    napi_value a[MAX_ARGS], v, list, one;
    arguments(env, info, a);
    struct box *b = box_of(env, a[0], free_rules, false);
    if (!b)
        return NULL;
    napi_create_object(env, &v);
    set_text(env, v, "version", seki_rules_version(b->object));
    set_text(env, v, "digest", seki_rules_digest(b->object));
    napi_create_array(env, &list);
    for (size_t i = 0; i < seki_rules_count(b->object); i++) {
        const char *id, *element, *ja, *en;
        if (seki_rules_item(b->object, i, &id, &element, &ja, &en) != SEKI_OK)
            continue;
        napi_create_object(env, &one);
        set_text(env, one, "id", id);
        set_text(env, one, "element", element);
        set_text(env, one, "ja", ja);
        set_text(env, one, "en", en);
        napi_set_element(env, list, (uint32_t)i, one);
    }
    napi_set_named_property(env, v, "items", list);
    return v;
}

static napi_value call_policy_info(napi_env env, napi_callback_info info)
{
    napi_value a[MAX_ARGS], v;
    arguments(env, info, a);
    struct box *b = box_of(env, a[0], free_policy, false);
    if (!b)
        return NULL;
    napi_create_object(env, &v);
    set_text(env, v, "id", seki_policy_id(b->object));
    set_text(env, v, "version", seki_policy_version(b->object));
    set_text(env, v, "digest", seki_policy_digest(b->object));
    set_bool(env, v, "draft", seki_policy_is_draft(b->object));
    return v;
}

/* A flag that scanTree looks at. */
static napi_value call_token(napi_env env, napi_callback_info info)
{
    (void)info;
    atomic_bool *flag = calloc(1, sizeof(*flag));
    return flag ? box_value(env, box_new(flag, free_token, NULL, NULL)) : throw_memory(env);
}

static napi_value call_cancel(napi_env env, napi_callback_info info)
{
    napi_value a[MAX_ARGS];
    arguments(env, info, a);
    struct box *b = box_of(env, a[0], free_token, false);
    if (b)
        atomic_store((atomic_bool *)b->object, true);
    return NULL;
}

static napi_value call_cancel_scanner(napi_env env, napi_callback_info info)
{
    napi_value a[MAX_ARGS];
    arguments(env, info, a);
    struct box *b = box_of(env, a[0], free_scanner, false);
    if (b)
        atomic_store(&((struct scanner *)b->object)->cancel, true);
    return NULL;
}

/* ---------------------------------------------------------------- rules and policies */

static void run_rules(struct job *job)
{
    job->status = seki_rules_load((seki_rules **)&job->made, &job->options.rules, &job->error);
}

static napi_value done_rules(napi_env env, struct job *job)
{
    return box_value(env, box_new(job->made, free_rules, NULL, NULL));
}

static napi_value call_rules(napi_env env, napi_callback_info info)
{
    napi_value a[MAX_ARGS];
    arguments(env, info, a);
    struct job *job = job_new(env, run_rules, done_rules);
    if (!job)
        return NULL;
    job->options.rules = (seki_rules_options){ .size = sizeof(seki_rules_options), .problem = job_problem, .problem_ctx = job };
    if (!job_options(env, job, seki_rules_options_fields, &job->options.rules, a[0]))
        return job_free(job), NULL;
    return job_start(env, job);
}

static void run_policy(struct job *job)
{
    job->status = seki_policy_load((seki_policy **)&job->made, job->text[0], &job->options.policy, &job->error);
}

static napi_value done_policy(napi_env env, struct job *job)
{
    return box_value(env, box_new(job->made, free_policy, NULL, NULL));
}

static napi_value call_policy(napi_env env, napi_callback_info info)
{
    napi_value a[MAX_ARGS];
    bool ok;
    arguments(env, info, a);
    struct job *job = job_new(env, run_policy, done_policy);
    if (!job)
        return NULL;
    job->text[0] = job_string(env, job, a[0], &ok);
    if (!ok || !take(env, a[1], free_rules, true, &job->rules))
        return job_free(job), NULL;
    job->options.policy = (seki_policy_options){ .size = sizeof(seki_policy_options), .problem = job_problem, .problem_ctx = job,
                                                 .rules = job->rules ? job->rules->object : NULL };
    return job_start(env, job);
}

static napi_value done_tests(napi_env env, struct job *job)
{
    napi_value v;
    napi_create_object(env, &v);
    set_number(env, v, "run", (double)job->ran);
    set_number(env, v, "failed", (double)job->failed);
    return v;
}

static void run_rules_test(struct job *job)
{
    job->status = seki_rules_test(job->rules->object, job_problem, job, &job->ran, &job->failed, &job->error);
}

static void run_selftest(struct job *job)
{
    job->status = seki_selftest(job->rules->object, job->policy->object, job_problem, job, &job->ran, &job->failed, &job->error);
}

static napi_value with_rules(napi_env env, napi_callback_info info, void (*run)(struct job *), bool policy)
{
    napi_value a[MAX_ARGS];
    arguments(env, info, a);
    struct job *job = job_new(env, run, done_tests);
    if (!job)
        return NULL;
    if (!take(env, a[0], free_rules, false, &job->rules) || (policy && !take(env, a[1], free_policy, false, &job->policy)))
        return job_free(job), NULL;
    return job_start(env, job);
}

static napi_value call_rules_test(napi_env env, napi_callback_info info)
{
    return with_rules(env, info, run_rules_test, false);
}

static void run_rules_diff(struct job *job)
{
    job->status = seki_rules_diff(job->rules->object, job->other->object, job->policy ? job->policy->object : NULL,
                                  (const char *const *)job->list, job->n_list, job->text[0], job_write, job, &job->ran, &job->error);
}

static napi_value done_rules_diff(napi_env env, struct job *job)
{
    napi_value v;
    napi_create_object(env, &v);
    set_number(env, v, "changes", (double)job->ran);
    set_text(env, v, "text", job_write(job, "", 1) ? job->out : "");
    return v;
}

/* rulesDiff(before, after, policy, paths, language) */
static napi_value call_rules_diff(napi_env env, napi_callback_info info)
{
    napi_value a[MAX_ARGS];
    bool ok;
    arguments(env, info, a);
    struct job *job = job_new(env, run_rules_diff, done_rules_diff);
    if (!job)
        return NULL;
    job->text[0] = job_string(env, job, a[4], &ok);
    if (!ok || !take(env, a[0], free_rules, false, &job->rules) || !take(env, a[1], free_rules, false, &job->other) ||
        !take(env, a[2], free_policy, true, &job->policy) || !job_list(env, job, a[3], &job->list, &job->n_list))
        return job_free(job), NULL;
    return job_start(env, job);
}

static napi_value call_selftest(napi_env env, napi_callback_info info)
{
    return with_rules(env, info, run_selftest, true);
}

static napi_value done_text(napi_env env, struct job *job)
{
    napi_value v;
    napi_create_string_utf8(env, job->out ? job->out : "", job->n_out, &v);
    return v;
}

/* policyText(policy, {render: html} | {newer, state} | {paths}, language): the texts that a policy can be turned into. */
static void run_render(struct job *job)
{
    job->status = seki_policy_render(job->policy->object, job->flag, job->text[0], job_write, job, &job->error);
}

static void run_diff(struct job *job)
{
    job->status = seki_policy_diff(job->policy->object, job->other->object, job->text[1], job->text[0], job_write, job, &job->error);
}

static void run_coverage(struct job *job)
{
    job->status = seki_policy_coverage(job->policy->object, (const char *const *)job->list, job->n_list, job->text[0], job_write, job, &job->error);
}

static struct job *policy_text(napi_env env, napi_value a[MAX_ARGS], void (*run)(struct job *))
{
    bool ok;
    struct job *job = job_new(env, run, done_text);
    if (!job)
        return NULL;
    job->text[0] = job_string(env, job, a[1], &ok);
    if (!ok || !take(env, a[0], free_policy, false, &job->policy))
        return job_free(job), NULL;
    return job;
}

static napi_value call_render(napi_env env, napi_callback_info info)
{
    napi_value a[MAX_ARGS];
    arguments(env, info, a);
    struct job *job = policy_text(env, a, run_render);
    if (!job)
        return NULL;
    napi_get_value_bool(env, a[2], &job->flag);
    return job_start(env, job);
}

static napi_value call_diff(napi_env env, napi_callback_info info)
{
    napi_value a[MAX_ARGS];
    bool ok;
    arguments(env, info, a);
    struct job *job = policy_text(env, a, run_diff);
    if (!job)
        return NULL;
    job->text[1] = job_string(env, job, a[3], &ok);
    if (!ok || !take(env, a[2], free_policy, false, &job->other))
        return job_free(job), NULL;
    return job_start(env, job);
}

static napi_value call_coverage(napi_env env, napi_callback_info info)
{
    napi_value a[MAX_ARGS];
    arguments(env, info, a);
    struct job *job = policy_text(env, a, run_coverage);
    if (!job)
        return NULL;
    if (!job_list(env, job, a[2], &job->list, &job->n_list))
        return job_free(job), NULL;
    return job_start(env, job);
}

/* ---------------------------------------------------------------- scanning */

static bool scanner_cancelled(void *ctx)
{
    return atomic_load(&((struct scanner *)ctx)->cancel);
}

static void run_scanner(struct job *job)
{
    struct scanner *s = job->made;
    job->status = seki_scanner_new(&s->s, job->rules->object, job->policy ? job->policy->object : NULL, &job->options.scanner, &job->error);
    if (job->status != SEKI_OK)
        free(s);
}

static napi_value done_scanner(napi_env env, struct job *job)
{
    return box_value(env, box_new(job->made, free_scanner, job->rules, job->policy));
}

static napi_value call_scanner(napi_env env, napi_callback_info info)
{
    napi_value a[MAX_ARGS];
    arguments(env, info, a);
    struct job *job = job_new(env, run_scanner, done_scanner);
    struct scanner *s = calloc(1, sizeof(*s));
    if (!job || !s) {
        free(s);
        return job ? (job_free(job), throw_memory(env)) : NULL;
    }
    job->made = s;
    job->options.scanner = (seki_scanner_options){ .size = sizeof(seki_scanner_options), .cancelled = scanner_cancelled, .cancel_ctx = s };
    if (!take(env, a[0], free_rules, false, &job->rules) || !take(env, a[1], free_policy, true, &job->policy) ||
        !job_options(env, job, seki_scanner_options_fields, &job->options.scanner, a[2])) {
        free(s);
        return job_free(job), NULL;
    }
    return job_start(env, job);
}

static void run_scan(struct job *job)
{
    struct scanner *s = job->other->object;
    seki_result *result = NULL;
    if (job->fd >= 0)
        job->status = seki_scan_fd(s->s, job->fd, job->text[1], &result, &job->error);
    else if (job->bytes || job->flag)
        job->status = seki_scan_memory(s->s, job->bytes, job->n_bytes, job->text[1], &result, &job->error);
    else
        job->status = seki_scan_path(s->s, job->text[0], &result, &job->error);
    job->made = result;
    if (job->status == SEKI_OK && job->judged) {
        job->status = seki_judge_place(&job->judgement, job->policy->object, result, &job->judge, &job->error);
        if (job->status != SEKI_OK)
            seki_result_free(result);
    }
}

static napi_value done_scan(napi_env env, struct job *job)
{
    napi_value v = result_value(env, job->made);
    if (job->judgement)
        napi_set_named_property(env, v, "judgement", judgement_value(env, job->judgement));
    seki_judgement_free(job->judgement);
    seki_result_free(job->made);
    return v;
}

/* What is scanned: a path, an open file's number, or a Buffer. */
static bool scan_input(napi_env env, struct job *job, napi_value v)
{
    napi_valuetype type;
    bool buffer = false, ok = true;
    void *bytes;
    napi_typeof(env, v, &type);
    napi_is_buffer(env, v, &buffer);
    if (type == napi_number) {
        ok = napi_get_value_int32(env, v, &job->fd) == napi_ok && job->fd >= 0;
    } else if (buffer) {
        job->flag = true; /* an empty Buffer has no address */
        napi_get_buffer_info(env, v, &bytes, &job->n_bytes);
        job->bytes = bytes;
        napi_create_reference(env, v, 1, &job->keep);
    } else {
        job->text[0] = job_string(env, job, v, &ok);
        if (!ok)
            return false;
        ok = job->text[0] != NULL;
    }
    if (!ok)
        napi_throw_type_error(env, NULL, "a path, a file descriptor or a Buffer is wanted");
    return ok;
}

/* scan(scanner, input, name, policy, judge options) */
static napi_value call_scan(napi_env env, napi_callback_info info)
{
    napi_value a[MAX_ARGS];
    bool ok;
    arguments(env, info, a);
    struct job *job = job_new(env, run_scan, done_scan);
    if (!job)
        return NULL;
    job->judge.size = sizeof(job->judge);
    if (!take(env, a[0], free_scanner, false, &job->other) || !scan_input(env, job, a[1]))
        goto fail;
    job->text[1] = job_string(env, job, a[2], &ok);
    if (!ok || !take(env, a[3], free_policy, true, &job->policy))
        goto fail;
    job->judged = job->policy != NULL;
    if (!job_options(env, job, seki_judge_options_fields, &job->judge, a[4]))
        goto fail;
    atomic_store(&((struct scanner *)job->other->object)->cancel, false);
    return job_start(env, job);
fail:
    if (job->keep)
        napi_delete_reference(env, job->keep);
    job_free(job);
    return NULL;
}

/* ---------------------------------------------------------------- trees, checks, reports */

static napi_value done_output(napi_env env, struct job *job)
{
    napi_value v, output;
    napi_create_object(env, &v);
    set_number(env, v, "status", job->exit_status);
    napi_create_buffer_copy(env, job->n_out, job->out ? job->out : "", NULL, &output);
    napi_set_named_property(env, v, "output", output);
    if (job->n_json) {
        napi_create_buffer_copy(env, job->n_json, job->json, NULL, &output);
        napi_set_named_property(env, v, "json", output);
    }
    return v;
}

static void run_tree(struct job *job)
{
    job->status = seki_scan_tree(job->rules->object, job->policy->object, &job->options.tree, &job->exit_status, &job->error);
}

/* A call over rules and a policy, its first two arguments; NULL: exception pending. */
static struct job *judging(napi_env env, napi_value a[MAX_ARGS], void (*run)(struct job *), napi_value (*done)(napi_env, struct job *))
{
    struct job *job = job_new(env, run, done);
    if (job && take(env, a[0], free_rules, false, &job->rules) && take(env, a[1], free_policy, false, &job->policy))
        return job;
    if (job)
        job_free(job);
    return NULL;
}

/* scanTree(rules, policy, options, progress, token) */
static napi_value call_tree(napi_env env, napi_callback_info info)
{
    napi_value a[MAX_ARGS];
    arguments(env, info, a);
    struct job *job = judging(env, a, run_tree, done_output);
    if (!job)
        return NULL;
    seki_tree_options *o = &job->options.tree;
    *o = (seki_tree_options){ .size = sizeof(*o), .write = job_write, .write_ctx = job, .problem = job_problem, .problem_ctx = job,
                              .cancelled = job_cancelled, .cancel_ctx = job };
    if (!job_options(env, job, seki_tree_options_fields, o, a[2]) || !take(env, a[4], free_token, true, &job->other) ||
        !job_progress_to(env, job, a[3]))
        return job_free(job), NULL;
    if (job->other)
        job->cancel = job->other->object;
    if (job->progress) {
        o->progress = job_progress;
        o->progress_ctx = job;
    }
    if (o->output)
        o->write = NULL;
    return job_start(env, job);
}

static void run_check(struct job *job)
{
    job->status = seki_check(job->rules->object, job->policy->object, &job->options.check, &job->exit_status, &job->error);
}

static napi_value call_check(napi_env env, napi_callback_info info)
{
    napi_value a[MAX_ARGS];
    arguments(env, info, a);
    struct job *job = judging(env, a, run_check, done_output);
    if (!job)
        return NULL;
    seki_check_options *o = &job->options.check;
    *o = (seki_check_options){ .size = sizeof(*o), .write = job_write, .write_ctx = job, .problem = job_problem, .problem_ctx = job,
                               .json = job_write_json, .json_ctx = job };
    if (!job_options(env, job, seki_check_options_fields, o, a[2]))
        return job_free(job), NULL;
    if (o->output)
        o->write = NULL;
    return job_start(env, job);
}

static void run_label(struct job *job)
{
    job->status = seki_label(job->rules->object, job->policy->object, &job->options.label, &job->exit_status, &job->error);
}

/* label(rules, policy, options, token) */
static napi_value call_label(napi_env env, napi_callback_info info)
{
    napi_value a[MAX_ARGS];
    arguments(env, info, a);
    struct job *job = judging(env, a, run_label, done_output);
    if (!job)
        return NULL;
    seki_label_options *o = &job->options.label;
    *o = (seki_label_options){ .size = sizeof(*o), .write = job_write, .write_ctx = job, .problem = job_problem, .problem_ctx = job,
                               .cancelled = job_cancelled, .cancel_ctx = job };
    if (!job_options(env, job, seki_label_options_fields, o, a[2]) || !take(env, a[3], free_token, true, &job->other))
        return job_free(job), NULL;
    if (job->other)
        job->cancel = job->other->object;
    if (o->output)
        o->write = NULL;
    return job_start(env, job);
}

static void run_serve(struct job *job)
{
    job->status = seki_serve(job->rules->object, job->policy->object, &job->options.serve, &job->error);
}

/* serve(rules, policy, options, started, token): takes one thread of the pool until the token is cancelled. */
static napi_value call_serve(napi_env env, napi_callback_info info)
{
    napi_value a[MAX_ARGS];
    arguments(env, info, a);
    struct job *job = judging(env, a, run_serve, NULL);
    if (!job)
        return NULL;
    seki_serve_options *o = &job->options.serve;
    *o = (seki_serve_options){ .size = sizeof(*o), .started = job_started, .started_ctx = job, .cancelled = job_cancelled, .cancel_ctx = job };
    if (!job_options(env, job, seki_serve_options_fields, o, a[2]) || !take(env, a[4], free_token, false, &job->other) ||
        !job_progress_to(env, job, a[3]))
        return job_free(job), NULL;
    if (!job->progress)
        o->started = NULL;
    job->cancel = job->other->object;
    return job_start(env, job);
}

static void run_report(struct job *job)
{
    job->status = seki_report(&job->options.report, &job->error);
}

/* report(options, policy) */
static napi_value call_report(napi_env env, napi_callback_info info)
{
    napi_value a[MAX_ARGS];
    arguments(env, info, a);
    struct job *job = job_new(env, run_report, done_output);
    if (!job)
        return NULL;
    seki_report_options *o = &job->options.report;
    *o = (seki_report_options){ .size = sizeof(*o), .write = job_write, .write_ctx = job, .problem = job_problem, .problem_ctx = job };
    if (!job_options(env, job, seki_report_options_fields, o, a[0]) || !take(env, a[1], free_policy, true, &job->policy))
        return job_free(job), NULL;
    if (job->policy)
        o->policy = job->policy->object;
    if (o->output)
        o->write = NULL;
    return job_start(env, job);
}

static void run_evidence(struct job *job)
{
    job->status = seki_evidence(job->text[0], job->text[1], job->text[3], job->text[2], job->text[4], job_problem, job, &job->error);
}

/* evidence with all its options */
static void run_evidence_make(struct job *job)
{
    job->status = seki_evidence_make(&job->options.evidence, &job->error);
}

static napi_value call_evidence_make(napi_env env, napi_callback_info info)
{
    napi_value a[MAX_ARGS];
    arguments(env, info, a);
    struct job *job = job_new(env, run_evidence_make, NULL);
    if (!job)
        return NULL;
    job->options.evidence = (seki_evidence_options){ .size = sizeof(seki_evidence_options), .problem = job_problem, .problem_ctx = job };
    if (!job_options(env, job, seki_evidence_options_fields, &job->options.evidence, a[0]))
        return job_free(job), NULL;
    return job_start(env, job);
}

static void run_evidence_content(struct job *job)
{
    job->status = seki_evidence_content(job->text[0], job->text[1], job->text[2], &job->error);
}

static void run_evidence_verify(struct job *job)
{
    job->status = seki_evidence_verify(job->text[0], job_problem, job, &job->error);
}

static void run_log_verify(struct job *job)
{
    job->status = seki_log_verify(job->text[0], job_problem, job, &job->error);
}

/* n strings into job->text, the first `wanted` of which must be given. */
static bool read_strings(napi_env env, struct job *job, const napi_value *v, int n, int wanted)
{
    bool ok = true;
    for (int i = 0; i < n && ok; i++) {
        job->text[i] = job_string(env, job, v[i], &ok);
        if (ok && i < wanted && !job->text[i]) {
            napi_throw_type_error(env, NULL, "a string is missing");
            ok = false;
        }
    }
    return ok;
}

/* A call whose arguments are strings only. */
static napi_value with_strings(napi_env env, napi_callback_info info, int n, int wanted, void (*run)(struct job *),
                               napi_value (*done)(napi_env, struct job *))
{
    napi_value a[MAX_ARGS];
    arguments(env, info, a);
    struct job *job = job_new(env, run, done);
    if (!job)
        return NULL;
    return read_strings(env, job, a, n, wanted) ? job_start(env, job) : (job_free(job), NULL);
}

static napi_value call_evidence(napi_env env, napi_callback_info info)
{
    return with_strings(env, info, 5, 3, run_evidence, NULL);
}

static napi_value call_evidence_content(napi_env env, napi_callback_info info)
{
    return with_strings(env, info, 3, 3, run_evidence_content, NULL);
}

static napi_value call_evidence_verify(napi_env env, napi_callback_info info)
{
    return with_strings(env, info, 1, 1, run_evidence_verify, NULL);
}

static napi_value call_log_verify(napi_env env, napi_callback_info info)
{
    return with_strings(env, info, 1, 1, run_log_verify, NULL);
}

/* ---------------------------------------------------------------- keys and the own register */

static void run_secret_create(struct job *job)
{
    job->status = seki_secret_create(job->text[0], &job->error);
}

static void run_index_build(struct job *job)
{
    job->info.size = sizeof(job->info);
    job->status = seki_index_build(job->rules->object, job->text[0], job->text[1], job->text[2], &job->info, &job->error);
}

static void run_index_show(struct job *job)
{
    job->info.size = sizeof(job->info);
    job->status = seki_index_show(job->text[0], job->text[1], &job->info, &job->error);
}

static napi_value done_index(napi_env env, struct job *job)
{
    napi_value v;
    napi_create_object(env, &v);
    set_number(env, v, "records", (double)job->info.records);
    set_number(env, v, "keys", (double)job->info.keys);
    set_number(env, v, "without", (double)job->info.without);
    set_text(env, v, "made", job->info.made);
    set_text(env, v, "digest", job->info.digest);
    return v;
}

static napi_value call_secret_create(napi_env env, napi_callback_info info)
{
    return with_strings(env, info, 1, 1, run_secret_create, NULL);
}

static napi_value call_index_show(napi_env env, napi_callback_info info)
{
    return with_strings(env, info, 2, 2, run_index_show, done_index);
}

/* indexBuild(rules, list, output, secret) */
static napi_value call_index_build(napi_env env, napi_callback_info info)
{
    napi_value a[MAX_ARGS];
    arguments(env, info, a);
    struct job *job = job_new(env, run_index_build, done_index);
    if (!job)
        return NULL;
    if (!take(env, a[0], free_rules, false, &job->rules) || !read_strings(env, job, a + 1, 3, 3))
        return job_free(job), NULL;
    return job_start(env, job);
}

static void run_key_create(struct job *job)
{
    job->status = seki_key_create(job->text[0], &job->error);
}

static void run_key_show(struct job *job)
{
    char hex[65];
    job->status = seki_key_show(job->text[0], hex, &job->error);
    if (job->status == SEKI_OK && !job_write(job, hex, strlen(hex)))
        job->status = SEKI_E_MEMORY;
}

static napi_value call_key_create(napi_env env, napi_callback_info info)
{
    return with_strings(env, info, 1, 1, run_key_create, NULL);
}

static napi_value call_key_show(napi_env env, napi_callback_info info)
{
    return with_strings(env, info, 1, 1, run_key_show, done_text);
}

NAPI_MODULE_INIT()
{
    static const struct {
        const char *name;
        napi_callback call;
    } functions[] = {
        { "version", call_version },
        { "formats", call_formats },
        { "rules", call_rules },
        { "rulesInfo", call_rules_info },
        { "rulesTest", call_rules_test },
        { "rulesDiff", call_rules_diff },
        { "policy", call_policy },
        { "policyInfo", call_policy_info },
        { "policyRender", call_render },
        { "policyDiff", call_diff },
        { "policyCoverage", call_coverage },
        { "scanner", call_scanner },
        { "cancelScanner", call_cancel_scanner },
        { "scan", call_scan },
        { "token", call_token },
        { "cancel", call_cancel },
        { "scanTree", call_tree },
        { "check", call_check },
        { "report", call_report },
        { "evidence", call_evidence },
        { "evidenceMake", call_evidence_make },
        { "evidenceContent", call_evidence_content },
        { "evidenceVerify", call_evidence_verify },
        { "logVerify", call_log_verify },
        { "keyCreate", call_key_create },
        { "keyShow", call_key_show },
        { "secretCreate", call_secret_create },
        { "indexBuild", call_index_build },
        { "indexShow", call_index_show },
        { "label", call_label },
        { "serve", call_serve },
        { "selftest", call_selftest },
    };
    for (size_t i = 0; i < sizeof(functions) / sizeof(*functions); i++) {
        napi_value f;
        napi_create_function(env, functions[i].name, NAPI_AUTO_LENGTH, functions[i].call, NULL, &f);
        napi_set_named_property(env, exports, functions[i].name, f);
    }
    return exports;
}
