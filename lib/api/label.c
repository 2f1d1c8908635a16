/* label.c - seki_label: labels for other tools, and, on request only, written onto the operator's own files. */
#include "api/tree.h"

#include "nightly/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

/* The file that was scanned, not another one that has taken its name. */
static bool is_same(const struct stat *st, const struct sk_facts *f)
{
    return S_ISREG(st->st_mode) && st->st_dev == f->dev && st->st_ino == f->ino && (uint64_t)st->st_size == f->size &&
           st->st_mtim.tv_sec == f->mtime && st->st_ctim.tv_sec == f->ctime &&
           (uint32_t)st->st_ctim.tv_nsec == f->ctime_ns;
}

static const char *why_not(int error)
{
    return error == EOPNOTSUPP || error == ENOSPC || error == E2BIG ? "unsupported" : "denied";
}

/* Only the attribute: neither content nor times of content change. */
static const char *write_attribute(int fd, const struct sk_buf *text)
{
    char old[SK_WORN_MAX + 1];
    ssize_t n = fgetxattr(fd, SK_WORN_ATTRIBUTE, old, sizeof(old));
    if (n >= 0 && (size_t)n == text->n && memcmp(old, text->p, text->n) == 0)
        return "same";
    return fsetxattr(fd, SK_WORN_ATTRIBUTE, text->p, text->n, 0) == 0 ? "applied" : why_not(errno);
}

static const char *apply(struct sk_labelling *l, const struct sk_policy *p, const struct sk_item *item,
                         const struct seki_result *r, const struct sk_judgement *j)
{
    struct stat st;
    struct sk_buf text;
    char day[11];
    if (r->state != SK_INSPECTED || !r->has_sha256)
        return "unread"; /* what was not read may deserve more than the label says */
    int fd = sk_open_path(item->real, NULL);
    if (fd < 0)
        return "denied";
    const char *done = "changed";
    sk_buf_init(&text, 2 * SK_WORN_MAX);
    sk_day_text(l->as_of, day);
    if (fstat(fd, &st) == 0 && is_same(&st, &item->facts))
        done = st.st_uid != geteuid()                                ? "not-owner"
               : !sk_worn_write(p, &j->label, r->sha256, day, &text) ? "unsupported"
                                                                     : write_attribute(fd, &text);
    close(fd);
    sk_buf_free(&text);
    return done;
}

const char *sk_label_file(struct sk_labelling *l, const struct sk_policy *p, const struct sk_item *item,
                          const struct seki_result *r, const struct sk_judgement *j)
{
    char hex[SK_SHA256_HEX];
    l->uninspected += r->state != SK_INSPECTED;
    if (!l->apply || !j || j->canary)
        return NULL;
    const char *done = apply(l, p, item, r, j);
    if (strcmp(done, "applied") == 0) {
        l->applied++;
        sk_hex(r->sha256, 32, hex);
        sk_buf_printf(&l->record, " %s=%s", hex, sk_policy_grade(p, j->label.grade));
    } else if (strcmp(done, "same") != 0) {
        l->refused++;
    }
    return done;
}

static seki_status note(struct sk_store *store, const char *text, seki_error *err)
{
    return sk_store_log(store, "label", text) ? SEKI_OK
                                              : sk_fail(err, SEKI_E_IO, 0, "状態ファイルへ書けません: %s",
                                                        "Cannot write the state file: %s", sk_store_error(store));
}

/* The chain says that labels are about to be written before the first one is, and then which. */
static seki_status apply_all(const seki_rules *rules, const seki_policy *policy, const seki_tree_options *tree,
                             const seki_label_options *o, struct sk_labelling *l, int *exit_status, seki_error *err)
{
    struct sk_problems problems;
    sk_problems_init(&problems);
    struct sk_store *store = sk_store_open(o->state, true, &problems);
    seki_status status =
        store ? note(store, "apply begins", err) : sk_fail_problems(err, &problems, o->problem, o->problem_ctx);
    if (!status) {
        status = sk_scan_tree(rules, policy, tree, l, exit_status, err);
        seki_error late;
        struct sk_buf text;
        sk_buf_init(&text, (size_t)4 << 20);
        sk_buf_printf(&text, "applied=%llu refused=%llu%s", (unsigned long long)l->applied,
                      (unsigned long long)l->refused,
                      l->record.p && l->record.n < ((size_t)3 << 20) ? l->record.p : "");
        seki_status noted = text.failed ? sk_no_memory(&late) : note(store, text.p, &late);
        sk_buf_free(&text);
        if (!status && noted) {
            status = noted;
            if (err)
                *err = late;
        }
    }
    sk_store_close(store);
    sk_problems_free(&problems);
    return status;
}

seki_status seki_label(const seki_rules *rules, const seki_policy *policy, const seki_label_options *given,
                       int *exit_status, seki_error *err)
{
    seki_label_options o;
    if (!rules || !policy || !exit_status || !given || !SK_OPTIONS(o, given) || o.n_paths == 0)
        return sk_fail(err, SEKI_E_USAGE, 0, "引数が正しくありません。ファイルかフォルダが必要です。",
                       "Arguments cannot be used: files or folders are needed.");
    const char *format = o.format ? o.format : "text";
    char style[32];
    snprintf(style, sizeof(style), "labels-%.16s", format);
    if (sk_report_format_find(style) < 0)
        return sk_fail(err, SEKI_E_USAGE, 0, "出力形式 %s はありません。text, csv, json のどれかです。",
                       "Format %s is not known. Use text, csv or json.", format);
    if (o.apply_xattr && !o.state)
        return sk_fail(err, SEKI_E_USAGE, 0, "格付を書き込むときは、記録のために状態ファイル(--state)が必要です。",
                       "Applying labels needs a state file (--state) for the record.");
    seki_tree_options tree = { .size = sizeof(tree),
                               .paths = o.paths,
                               .n_paths = o.n_paths,
                               .as_prefix = o.as_prefix,
                               .format = style,
                               .output = o.output,
                               .write = o.write,
                               .write_ctx = o.write_ctx,
                               .language = o.language,
                               .as_of = o.as_of,
                               .jobs = o.jobs,
                               .in_process = o.in_process,
                               .cancelled = o.cancelled,
                               .cancel_ctx = o.cancel_ctx,
                               .problem = o.problem,
                               .problem_ctx = o.problem_ctx };
    struct sk_labelling l = { .apply = o.apply_xattr };
    sk_buf_init(&l.record, (size_t)4 << 20);
    seki_status status = o.apply_xattr ? apply_all(rules, policy, &tree, &o, &l, exit_status, err)
                                       : sk_scan_tree(rules, policy, &tree, &l, exit_status, err);
    if (!status) /* labels judge no place: violations are the scan's matter */
        *exit_status = l.refused ? 1 : l.uninspected ? 2 : 0;
    sk_buf_free(&l.record);
    return status;
}
