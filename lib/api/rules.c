/* Loading rules and policies for callers. */
#include "api/api.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef SEKISHO_PATTERNS_DIR
#define SEKISHO_PATTERNS_DIR "/usr/local/share/sekisho/patterns"
#endif

static const char *patterns_directory(const char *given)
{
    if (given)
        return given;
    const char *env = getenv("SEKISHO_PATTERNS");
    if (env && *env)
        return env;
#ifdef SEKISHO_SOURCE_PATTERNS_DIR
    if (access(SEKISHO_SOURCE_PATTERNS_DIR, R_OK) == 0)
        return SEKISHO_SOURCE_PATTERNS_DIR;
#endif
    return SEKISHO_PATTERNS_DIR;
}

/* The caller's folder, or the user's cache folder made on demand; NULL = no cache. */
static const char *cache_directory(const char *given, struct sk_buf *buf)
{
    if (given)
        return *given ? given : NULL;
    const char *xdg = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (xdg && *xdg == '/')
        sk_buf_printf(buf, "%s", xdg);
    else if (home && *home == '/')
        sk_buf_printf(buf, "%s/.cache", home);
    else
        return NULL;
    if (buf->failed)
        return NULL;
    mkdir(buf->p, 0700);
    if (!sk_buf_str(buf, "/sekisho"))
        return NULL;
    mkdir(buf->p, 0700);
    return buf->p;
}

seki_status seki_rules_load(seki_rules **out, const seki_rules_options *given, seki_error *err)
{
    seki_rules_options o;
    if (!out || !SK_OPTIONS(o, given))
        return sk_fail(err, SEKI_E_USAGE, 0, "引数が正しくありません。", "Arguments cannot be used.");
    struct sk_problems problems;
    struct sk_buf path;
    sk_problems_init(&problems);
    sk_buf_init(&path, 8192);
    seki_status status = SEKI_OK;
    struct seki_rules *r = sk_new(1, sizeof(*r));
    if (!r)
        return sk_no_memory(err);
    if (!(r->fold = sk_fold_new()))
        status = sk_no_memory(err);
    if (!status && !(r->rules = sk_rules_load(patterns_directory(o.directory), r->fold, &problems)))
        status = sk_fail_problems(err, &problems, o.problem, o.problem_ctx);
    if (!status && !sk_detect_check_rules(r->rules, &problems))
        status = sk_fail_problems(err, &problems, o.problem, o.problem_ctx);
    if (!status && !(r->matcher = sk_matcher_new(r->rules, cache_directory(o.cache, &path), &problems)))
        status = sk_fail_problems(err, &problems, o.problem, o.problem_ctx);
    if (!status) {
        sk_hex(sk_rules_digest(r->rules), SK_SHA256_BYTES, r->digest);
        *out = r;
    } else {
        seki_rules_free(r);
    }
    sk_buf_free(&path);
    sk_problems_free(&problems);
    return status;
}

void seki_rules_free(seki_rules *r)
{
    if (!r)
        return;
    sk_matcher_free(r->matcher);
    sk_rules_free(r->rules);
    sk_fold_free(r->fold);
    free(r);
}

const char *seki_rules_version(const seki_rules *r)
{
    return sk_rules_version(r->rules);
}

const char *seki_rules_digest(const seki_rules *r)
{
    return r->digest;
}

size_t seki_rules_count(const seki_rules *r)
{
    const struct sk_detector *d;
    return sk_rules_detectors(r->rules, &d);
}

seki_status seki_rules_item(const seki_rules *r, size_t i, const char **id, const char **element, const char **title_ja,
                            const char **title_en)
{
    const struct sk_detector *d;
    if (i >= sk_rules_detectors(r->rules, &d))
        return SEKI_E_USAGE;
    if (id)
        *id = d[i].id;
    if (element)
        *element = sk_element_name(d[i].element);
    if (title_ja)
        *title_ja = d[i].title_ja;
    if (title_en)
        *title_en = d[i].title_en;
    return SEKI_OK;
}

seki_status seki_rules_test(const seki_rules *r, seki_problem_fn problem, void *ctx, size_t *run, size_t *failed,
                            seki_error *err)
{
    struct sk_problems problems;
    sk_problems_init(&problems);
    size_t count = sk_detect_test_examples(r->rules, r->matcher, r->fold, &problems);
    if (run)
        *run = count;
    if (failed)
        *failed = problems.n;
    seki_status status = problems.no_memory ? sk_no_memory(err) : SEKI_OK;
    if (!status && problems.n)
        status = sk_fail_problems(err, &problems, problem, ctx);
    sk_problems_free(&problems);
    return status;
}

seki_status seki_policy_load(seki_policy **out, const char *path, const seki_policy_options *given, seki_error *err)
{
    seki_policy_options o;
    if (!out || !SK_OPTIONS(o, given))
        return sk_fail(err, SEKI_E_USAGE, 0, "引数が正しくありません。", "Arguments cannot be used.");
    struct sk_problems problems;
    struct sk_buf name;
    struct sk_fold *own = NULL;
    sk_problems_init(&problems);
    sk_buf_init(&name, 8192);
    seki_status status = SEKI_OK;
    struct seki_policy *p = sk_new(1, sizeof(*p));
    if (!p)
        return sk_no_memory(err);
    if (!path) {
        sk_buf_printf(&name, "%s/policies/kokuhoren-default.yaml", patterns_directory(NULL));
        path = name.p;
    }
    if (!o.rules)
        own = sk_fold_new();
    if (!path || (!o.rules && !own))
        status = sk_no_memory(err);
    if (!status && !(p->policy = sk_policy_load(path, o.rules ? o.rules->fold : own, &problems)))
        status = sk_fail_problems(err, &problems, o.problem, o.problem_ctx);
    if (!status) {
        sk_hex(sk_policy_digest(p->policy), SK_SHA256_BYTES, p->digest);
        *out = p;
    } else {
        seki_policy_free(p);
    }
    sk_fold_free(own);
    sk_buf_free(&name);
    sk_problems_free(&problems);
    return status;
}

void seki_policy_free(seki_policy *p)
{
    if (!p)
        return;
    sk_policy_free(p->policy);
    free(p);
}

const char *seki_policy_id(const seki_policy *p)
{
    return sk_policy_id(p->policy);
}

const char *seki_policy_version(const seki_policy *p)
{
    return sk_policy_version(p->policy);
}

const char *seki_policy_digest(const seki_policy *p)
{
    return p->digest;
}

bool seki_policy_is_draft(const seki_policy *p)
{
    return sk_policy_is_draft(p->policy);
}
