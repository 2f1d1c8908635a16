/* Reports over a store, policy tools, the audit chain. */
#include "api/api.h"

#include "api/joined.h"
#include "base/seal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

seki_status seki_report(const seki_report_options *given, seki_error *err)
{
    seki_report_options o;
    if (!given || !SK_OPTIONS(o, given) || (!o.state && !o.n_states) || !o.kind || (o.n_states > 1 && !o.policy))
        return sk_fail(err, SEKI_E_USAGE, 0, "引数が正しくありません。状態ファイルと報告の種類が必要です。",
                       "Arguments cannot be used: a state file and a kind are needed.");
    bool english;
    seki_status status = sk_language(o.language, &english, err);
    if (status)
        return status;
    if (o.audience && strcmp(o.audience, "summary") != 0 && strcmp(o.audience, "restricted") != 0)
        return sk_fail(err, SEKI_E_USAGE, 0, "--audience %s はありません。summary か restricted です。",
                       "Audience %s is not known. Use summary or restricted.", o.audience);
    struct sk_problems problems;
    struct sk_output output;
    sk_problems_init(&problems);
    bool files = strcmp(o.kind, "audit") == 0 || strcmp(o.kind, "inventory") == 0;
    struct sk_store *store = o.n_states > 1 ? sk_open_joined(o.states, o.n_states, o.policy->policy, files, &problems)
                                            : sk_store_open(o.n_states ? o.states[0] : o.state, false, &problems);
    if (!store) {
        status = sk_fail_problems(err, &problems, o.problem, o.problem_ctx);
        sk_problems_free(&problems);
        return status;
    }
    struct sk_nightly_request q = { .kind = o.kind,
                                    .format = o.format ? o.format : "text",
                                    .restricted = o.audience && strcmp(o.audience, "restricted") == 0,
                                    .sample = o.sample,
                                    .seed = o.seed,
                                    .english = english };
    status = sk_output_open(&output, o.output, o.write, o.write_ctx, err);
    if (!status) {
        if (!sk_nightly_report(store, &q, &output.writer, &problems) && !output.error)
            status = sk_fail_problems(err, &problems, o.problem, o.problem_ctx);
        if (!status)
            status = sk_output_commit(&output, err);
        sk_output_drop(&output);
    }
    sk_store_close(store);
    sk_problems_free(&problems);
    return status;
}

seki_status seki_log_verify(const char *state, seki_problem_fn problem, void *ctx, seki_error *err)
{
    if (!state)
        return sk_fail(err, SEKI_E_USAGE, 0, "状態ファイルが必要です。", "A state file is needed.");
    struct sk_problems problems;
    sk_problems_init(&problems);
    struct sk_store *store = sk_store_open(state, false, &problems);
    seki_status status = SEKI_OK;
    if (!store || !sk_store_verify(store, &problems))
        status = sk_fail_problems(err, &problems, problem, ctx);
    sk_store_close(store);
    sk_problems_free(&problems);
    return status;
}

/* Writes what was made in buf to the caller. */
static seki_status hand_over(struct sk_buf *buf, bool made, seki_write_fn write, void *ctx, seki_error *err)
{
    seki_status status = SEKI_OK;
    if (!made || buf->failed)
        status = sk_no_memory(err);
    else if (!write(ctx, buf->p ? buf->p : "", buf->n))
        status = sk_fail(err, SEKI_E_IO, 0, "書けませんでした。", "Could not be written.");
    sk_buf_free(buf);
    return status;
}

seki_status seki_policy_render(const seki_policy *p, bool html, const char *language, seki_write_fn write, void *ctx,
                               seki_error *err)
{
    bool english;
    struct sk_buf buf;
    if (!p || !write)
        return sk_fail(err, SEKI_E_USAGE, 0, "引数が正しくありません。", "Arguments cannot be used.");
    seki_status status = sk_language(language, &english, err);
    if (status)
        return status;
    sk_buf_init(&buf, (size_t)64 << 20);
    return hand_over(&buf, sk_policy_render(p->policy, html, english, &buf), write, ctx, err);
}

seki_status seki_policy_coverage(const seki_policy *p, const char *const *paths, size_t n, const char *language,
                                 seki_write_fn write, void *ctx, seki_error *err)
{
    bool english;
    struct sk_buf buf;
    if (!p || !write || (!paths && n))
        return sk_fail(err, SEKI_E_USAGE, 0, "引数が正しくありません。", "Arguments cannot be used.");
    seki_status status = sk_language(language, &english, err);
    if (status)
        return status;
    sk_buf_init(&buf, (size_t)64 << 20);
    return hand_over(&buf, sk_policy_coverage(p->policy, paths, n, &buf), write, ctx, err);
}

seki_status seki_policy_diff(const seki_policy *before, const seki_policy *after, const char *state,
                             const char *language, seki_write_fn write, void *ctx, seki_error *err)
{
    bool english;
    struct sk_buf buf;
    if (!before || !after || !write)
        return sk_fail(err, SEKI_E_USAGE, 0, "引数が正しくありません。", "Arguments cannot be used.");
    seki_status status = sk_language(language, &english, err);
    if (status)
        return status;
    sk_buf_init(&buf, (size_t)64 << 20);
    bool made = sk_policy_diff(before->policy, after->policy, english, &buf, NULL);
    if (made && state) {
        struct sk_problems problems;
        struct sk_what_if what;
        sk_problems_init(&problems);
        struct sk_store *store = sk_store_open(state, false, &problems);
        if (store)
            made = sk_store_what_if(store, before->policy, after->policy, &what) &&
                   sk_what_if_render(&what, before->policy, after->policy, english, &buf);
        else
            status = sk_fail_problems(err, &problems, NULL, NULL);
        sk_store_close(store);
        sk_problems_free(&problems);
    }
    if (status) {
        sk_buf_free(&buf);
        return status;
    }
    return hand_over(&buf, made, write, ctx, err);
}

seki_status seki_evidence_make(const seki_evidence_options *given, seki_error *err)
{
    seki_evidence_options o;
    bool english;
    long day = -1;
    if (!given || !SK_OPTIONS(o, given) || !o.state || !o.finding || !o.folder)
        return sk_fail(err, SEKI_E_USAGE, 0, "状態ファイル、検知の番号、出力先が必要です。",
                       "A state file, a finding and a folder are needed.");
    seki_status status = sk_language(o.language, &english, err);
    if (!status && o.known)
        status = sk_as_of(o.known, &day, err);
    if (status)
        return status;
    struct sk_evidence_request q = { o.finding, day, o.folder, english, o.drill, o.recipient };
    struct sk_problems problems;
    sk_problems_init(&problems);
    struct sk_store *store = sk_store_open(o.state, false, &problems);
    if (!store || !sk_evidence_make(store, &q, &problems))
        status = sk_fail_problems(err, &problems, o.problem, o.problem_ctx);
    sk_store_close(store);
    sk_problems_free(&problems);
    return status;
}

seki_status seki_evidence(const char *state, const char *finding, const char *known, const char *folder,
                          const char *language, seki_problem_fn problem, void *ctx, seki_error *err)
{
    seki_evidence_options o = { .size = sizeof(o),
                                .state = state,
                                .finding = finding,
                                .known = known,
                                .folder = folder,
                                .language = language,
                                .problem = problem,
                                .problem_ctx = ctx };
    return seki_evidence_make(&o, err);
}

seki_status seki_evidence_content(const char *folder, const char *key_path, const char *output, seki_error *err)
{
    struct sk_signer key;
    char path[4096];
    if (!folder || !key_path || !output ||
        snprintf(path, sizeof(path), "%s/content.sealed", folder) >= (int)sizeof(path))
        return sk_fail(err, SEKI_E_USAGE, 0, "引数が正しくありません。", "Arguments cannot be used.");
    enum sk_signer_state state = sk_signer_read(key_path, &key);
    if (state != SK_SIGNER_GOOD)
        return sk_fail(err, SEKI_E_USAGE, errno, "鍵 %s を使えません。", "The key %s cannot be used.", key_path);
    int in = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    int out = in >= 0 ? open(output, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600) : -1;
    int e = errno;
    bool opened = out >= 0, ok = opened && sk_unseal(in, out, &key) && fsync(out) == 0;
    sk_signer_wipe(&key);
    if (in >= 0)
        close(in);
    if (out >= 0)
        ok = close(out) == 0 && ok;
    if (ok)
        return SEKI_OK;
    if (opened) {
        unlink(output); /* half a copy is none */
        return sk_fail(err, SEKI_E_USAGE, 0, "この鍵では開けないか、写しが変更されています。",
                       "It does not open with this key, or the copy was changed.");
    }
    return sk_fail(err, SEKI_E_IO, e, "%s を開けません(%s)。", "%s cannot be opened (%s).", in < 0 ? path : output,
                   strerror(e));
}

seki_status seki_evidence_verify(const char *folder, seki_problem_fn problem, void *ctx, seki_error *err)
{
    if (!folder)
        return sk_fail(err, SEKI_E_USAGE, 0, "束のフォルダが必要です。", "The bundle's folder is needed.");
    struct sk_problems problems;
    sk_problems_init(&problems);
    seki_status status =
        sk_evidence_verify(folder, &problems) ? SEKI_OK : sk_fail_problems(err, &problems, problem, ctx);
    sk_problems_free(&problems);
    return status;
}
