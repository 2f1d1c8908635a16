/* check.c - seki_check: may these files leave for that destination? */
#include "api/key.h"
#include "api/tree.h"

#include "input/volumes.h"
#include "nightly/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct check {
    const seki_policy *policy;
    seki_check_options o;
    long as_of;
    bool english;
    struct sk_item **items;
    struct sk_transfer_file *files;
    size_t n_judged; /* files[0 .. n_judged) hold a judgement */
    size_t next;
    const struct sk_receipt *receipts; /* given; in arena */
    size_t n_receipts;
    struct sk_arena arena;
    struct sk_signer signer;
};

static bool on_result(void *ctx, void *tag, struct seki_result *result)
{
    struct check *c = ctx;
    struct sk_item *item = tag;
    if (!result) {
        result = item->stored;
        item->stored = NULL;
    }
    struct sk_transfer_file *f = &c->files[c->next++];
    f->result = result;
    f->facts = &item->facts;
    if (!result || !sk_item_dress(item, result) ||
        !sk_judge_place(c->policy->policy, result, f->facts, c->as_of, &f->judgement))
        return false;
    c->n_judged = c->next;
    return true;
}

/* A file by its path, with what the place says of it. *fd -1: it cannot be opened, which the result tells. */
static seki_status open_file(struct check *c, size_t i, const char *name, int *fd, struct stat *st, seki_error *err)
{
    const char *path = c->o.files[i];
    if (stat(path, st) != 0 || !S_ISREG(st->st_mode)) {
        int e = S_ISDIR(st->st_mode) ? EISDIR : errno;
        return sk_fail(err, SEKI_E_USAGE, e, "%s を点検できません(%s)。ファイルの名前を確かめてください。",
                       "Cannot check %s (%s). Check the file's name.", path, strerror(e));
    }
    char *real = realpath(path, NULL);
    c->items[i] = sk_item_new(real ? real : path, st, NULL);
    free(real);
    if (!c->items[i])
        return sk_no_memory(err);
    *fd = sk_open_path(path, NULL);
    if (*fd < 0)
        c->items[i]->stored = sk_result_unread(name, (uint64_t)st->st_size, SK_WHY_DENIED, "");
    else if (!sk_item_attributes(c->items[i], *fd, c->policy->policy))
        return sk_no_memory(err);
    if (*fd >= 0)
        *fd = sk_volumes_bundle_path(path, *fd);
    return *fd >= 0 || c->items[i]->stored ? SEKI_OK : sk_no_memory(err);
}

/* Bytes that lie nowhere: only their name is known. */
static seki_status take_descriptor(struct check *c, size_t i, int *fd, struct stat *st, seki_error *err)
{
    *fd = fcntl(c->o.fds[i], F_DUPFD_CLOEXEC, 0);
    if (*fd < 0 || fstat(*fd, st) != 0)
        return sk_fail(err, SEKI_E_USAGE, errno, "%s を点検できません(%s)。", "Cannot check %s (%s).", c->o.files[i],
                       strerror(errno));
    st->st_mode = S_IFREG | S_IRUSR;
    return (c->items[i] = sk_item_new(c->o.files[i], st, NULL)) ? SEKI_OK : sk_no_memory(err);
}

static seki_status scan_files(struct check *c, struct sk_executor *x, seki_error *err)
{
    for (size_t i = 0; i < c->o.n_files; i++) {
        const char *path = c->o.files[i], *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
        struct stat st = { 0 };
        int fd = -1;
        seki_status status = c->o.fds ? take_descriptor(c, i, &fd, &st, err) : open_file(c, i, name, &fd, &st, err);
        if (status) {
            if (fd >= 0)
                close(fd);
            return status;
        }
        if (!sk_executor_submit(x, fd, name, (uint64_t)st.st_size, c->items[i]))
            return sk_no_memory(err);
    }
    return sk_executor_drain(x) && c->n_judged == c->o.n_files ? SEKI_OK : sk_no_memory(err);
}

/* One line in the audit chain: what was asked and answered, and of which bytes. */
static seki_status note(const struct check *c, const struct sk_verdict_result *v, seki_error *err)
{
    static const char *const WORDS[] = { "allow", "conditions", "deny", "undetermined" };
    if (!c->o.state)
        return SEKI_OK;
    struct sk_problems problems;
    struct sk_buf text;
    sk_problems_init(&problems);
    sk_buf_init(&text, (size_t)1 << 20);
    struct sk_store *store = sk_store_open(c->o.state, true, &problems);
    sk_buf_printf(&text, "dest=%s verdict=%s", c->o.dest, WORDS[v->verdict]);
    for (size_t i = 0; i < c->o.n_files; i++) {
        char hex[SK_SHA256_HEX] = "";
        if (c->files[i].result->has_sha256)
            sk_hex(c->files[i].result->sha256, SK_SHA256_BYTES, hex);
        sk_buf_printf(&text, " sha256=%s", hex);
    }
    seki_status status = SEKI_OK;
    if (!store)
        status = sk_fail_problems(err, &problems, c->o.problem, c->o.problem_ctx);
    else if (text.failed || !sk_store_log(store, "check", text.p))
        status = sk_fail(err, SEKI_E_IO, 0, "状態ファイルへ書けません: %s", "Cannot write the state file: %s",
                         sk_store_error(store));
    sk_store_close(store);
    sk_buf_free(&text);
    sk_problems_free(&problems);
    return status;
}

/* Receipts hold only when the key of the site has signed them. */
static seki_status read_receipts(struct check *c, seki_error *err)
{
    struct sk_signer key;
    seki_status status = sk_site_key_read(c->o.key, &key, err);
    if (status)
        return status;
    struct sk_problems problems;
    sk_problems_init(&problems);
    c->receipts = sk_receipts_load(c->o.receipts, key.public_key, &c->arena, &c->n_receipts, &problems);
    if (!c->receipts)
        status = sk_fail_problems(err, &problems, c->o.problem, c->o.problem_ctx);
    sk_signer_wipe(&key);
    sk_problems_free(&problems);
    return status;
}

static seki_status write_slip(struct check *c, enum sk_slip_format format, struct sk_run_info *info,
                              const struct sk_transfer_request *q, const struct sk_verdict_result *v, seki_error *err)
{
    struct sk_output output;
    bool have = false;
    seki_status status = v->receipt ? sk_site_key_for_issuing(c->o.key, &c->signer, &have, err) : SEKI_OK;
    info->signer = have ? &c->signer : NULL;
    if (status)
        return status;
    status = sk_output_open(&output, c->o.output, c->o.write, c->o.write_ctx, err);
    if (status)
        return status;
    if (!sk_slip_write(format, info, q, c->files, c->o.n_files, v, &output.writer) && !output.error)
        status = sk_no_memory(err);
    if (!status)
        status = sk_output_commit(&output, err);
    sk_output_drop(&output);
    if (!status && c->o.json) {
        struct sk_writer json = { c->o.json, c->o.json_ctx };
        if (!sk_slip_write(SK_SLIP_JSON, info, q, c->files, c->o.n_files, v, &json))
            status = sk_fail(err, SEKI_E_IO, 0, "結果を書けませんでした。", "The result could not be written.");
    }
    return status;
}

static seki_status judge_and_write(struct check *c, const seki_rules *rules, int *exit_status, seki_error *err)
{
    static const int EXIT[] = { 0, 3, 1, 2 };
    struct sk_transfer_request q = { .dest = c->o.dest,
                                     .recipients = c->o.recipients,
                                     .n_recipients = c->o.n_recipients,
                                     .approvals = c->o.approvals,
                                     .n_approvals = c->o.n_approvals,
                                     .contract = c->o.contract,
                                     .requested_by = c->o.requested_by,
                                     .purpose = c->o.purpose,
                                     .channel = c->o.channel,
                                     .receipts = c->receipts,
                                     .n_receipts = c->n_receipts,
                                     .as_of = c->as_of };
    struct sk_run_info info = { .tool_version = seki_version(),
                                .rules_version = sk_rules_version(rules->rules),
                                .engine = sk_match_engine(),
                                .rules_digest = sk_rules_digest(rules->rules),
                                .policy = c->policy->policy,
                                .as_of = c->as_of,
                                .started = time(NULL),
                                .english = c->english,
                                .max_places = c->o.max_places };
    int format = sk_slip_format_find(c->o.format ? c->o.format : "text");
    if (format < 0)
        return sk_fail(err, SEKI_E_USAGE, 0, "出力形式 %s はありません。text, json, html のどれかです。",
                       "Format %s is not known. Use text, json or html.", c->o.format);
    struct sk_problems problems;
    struct sk_verdict_result v;
    sk_problems_init(&problems);
    seki_status status = SEKI_OK;
    if (!sk_judge_transfer(c->policy->policy, c->files, c->o.n_files, &q, &v, &problems)) {
        status = sk_fail_problems(err, &problems, c->o.problem, c->o.problem_ctx);
        sk_problems_free(&problems);
        return status;
    }
    status = write_slip(c, (enum sk_slip_format)format, &info, &q, &v, err);
    if (!status)
        status = note(c, &v, err);
    *exit_status = EXIT[v.verdict];
    sk_verdict_free(&v);
    sk_problems_free(&problems);
    return status;
}

seki_status seki_check(const seki_rules *rules, const seki_policy *policy, const seki_check_options *given,
                       int *exit_status, seki_error *err)
{
    struct check c;
    memset(&c, 0, sizeof(c));
    if (!rules || !policy || !exit_status || !given || !SK_OPTIONS(c.o, given) || c.o.n_files == 0 || !c.o.dest)
        return sk_fail(err, SEKI_E_USAGE, 0, "引数が正しくありません。宛先とファイルが必要です。",
                       "Arguments cannot be used: a destination and files are needed.");
    c.policy = policy;
    struct sk_executor x;
    memset(&x, 0, sizeof(x));
    sk_arena_init(&c.arena, (size_t)256 << 20);
    seki_status status = sk_as_of(c.o.as_of, &c.as_of, err);
    if (!status)
        status = sk_language(c.o.language, &c.english, err);
    if (!status && c.o.receipts)
        status = read_receipts(&c, err);
    c.items = sk_new(c.o.n_files, sizeof(*c.items));
    c.files = sk_new(c.o.n_files, sizeof(*c.files));
    if (!status && (!c.items || !c.files))
        status = sk_no_memory(err);
    seki_scanner_options so = { .size = sizeof(so), .as_of = c.o.as_of, .max_places = c.o.max_places };
    struct sk_executor_options eo = { rules, policy, &so, NULL, c.o.in_process ? 0 : 1, on_result, NULL, NULL, &c };
    if (!status)
        status = sk_executor_open(&x, &eo, err);
    if (!status)
        status = scan_files(&c, &x, err);
    if (!status)
        status = judge_and_write(&c, rules, exit_status, err);
    sk_executor_close(&x);
    for (size_t i = 0; i < c.n_judged; i++)
        sk_judgement_free(&c.files[i].judgement);
    for (size_t i = 0; c.files && i < c.o.n_files; i++)
        sk_result_free((struct seki_result *)c.files[i].result);
    for (size_t i = 0; c.items && i < c.o.n_files; i++)
        sk_item_free(c.items[i]);
    free(c.items);
    free(c.files);
    sk_arena_free(&c.arena);
    sk_signer_wipe(&c.signer);
    return status;
}
