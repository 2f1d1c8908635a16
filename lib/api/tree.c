/* tree.c - seki_scan_tree: walk -> workers -> judge -> report and store, in order, in memory that does not grow with
 * the number of files. */
#include "api/tree.h"

#include "api/pace.h"
#include "api/same.h"
#include "api/union.h"
#include "input/volumes.h"
#include "nightly/store.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct tree {
    const seki_rules *rules;
    const seki_policy *policy;
    seki_tree_options o;
    long as_of;
    bool english;
    struct sk_executor executor;
    struct sk_output output;
    struct sk_report *report;
    struct sk_store *store;
    struct sk_unions unions;
    struct sk_buf wire;
    char **roots; /* as shown */
    size_t n_roots;
    size_t root;       /* the one that is walked now */
    const char *start; /* its real path */
    bool violated, uninspected, failed, cancelled;
    uint64_t files, bytes, files_total, bytes_total;
    struct timespec began, shown;
    uint32_t full_days;
    struct sk_group group;
    struct sk_pace pace;
    struct sk_same same;
    bool stopped; /* the time window ended */
    bool counting;
    struct sk_labelling *labelling; /* NULL: labels are only reported */
};

static double seconds_since(const struct timespec *t)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - t->tv_sec) + (double)(now.tv_nsec - t->tv_nsec) * 1e-9;
}

static void show_progress(struct tree *t, bool last)
{
    if (!t->o.progress || (!last && seconds_since(&t->shown) < 0.2))
        return;
    clock_gettime(CLOCK_MONOTONIC, &t->shown);
    seki_progress p = { sizeof(p), t->files, t->files_total, t->bytes, t->bytes_total, seconds_since(&t->began) };
    t->o.progress(t->o.progress_ctx, &p);
}

/* ---------------------------------------------------------------- one file, judged and reported */

static bool has_violation(const struct sk_judgement *j)
{
    for (size_t i = 0; i < j->n_violations; i++)
        if (!j->violations[i].excepted && strcmp(j->violations[i].code, "V-UNK") != 0)
            return true;
    return false;
}

static bool store_file(struct tree *t, const struct sk_report_file *f, const struct sk_stored *stored)
{
    if (!t->store)
        return true;
    sk_buf_clear(&t->wire);
    if (f->result && !sk_wire_encode(f->result, &t->wire))
        return false;
    return sk_store_file(t->store, f, sk_bytes(t->wire.p, t->wire.n), stored);
}

static bool report_file(struct tree *t, struct sk_item *item, struct seki_result *result)
{
    static const char *const STATES[] = { "inspected", "partial", "uninspectable" };
    struct sk_report_file f = { .facts = &item->facts, .why = item->why, .why_detail = "" };
    struct sk_judgement j;
    bool ok = true, judged = false;
    if (item->why == SK_WHY_SPECIAL) {
        f.state_name = "excluded";
    } else if (!result) {
        return false;
    } else {
        f.result = result;
        f.state_name = item->unchanged && result->state == SK_INSPECTED ? "unchanged" : STATES[result->state];
        judged = ok = sk_judge_place(t->policy->policy, result, &item->facts, t->as_of, &j);
        if (judged) {
            f.judgement = &j;
            if (!j.canary) {
                t->violated |= has_violation(&j);
                t->uninspected |= result->state != SK_INSPECTED;
                ok = sk_unions_add(&t->unions, t->policy->policy, j.location, result);
            }
        }
    }
    if (ok && t->labelling && result)
        f.note = sk_label_file(t->labelling, t->policy->policy, item, result, judged ? &j : NULL);
    ok = ok && sk_report_file(t->report, &f) && store_file(t, &f, &item->from);
    if (judged)
        sk_judgement_free(&j);
    return ok;
}

static bool is_cancelled(void *ctx)
{
    struct tree *t = ctx;
    if (t->o.cancelled && t->o.cancelled(t->o.cancel_ctx))
        t->cancelled = true;
    t->stopped |= sk_pace_over(&t->pace);
    return t->cancelled || t->stopped;
}

static bool on_result(void *ctx, void *tag, struct seki_result *result)
{
    struct tree *t = ctx;
    struct sk_item *item = tag;
    if (!result) {
        result = item->stored;
        item->stored = NULL;
    }
    bool ok = (!result || sk_item_dress(item, result)) && report_file(t, item, result);
    t->files++;
    t->bytes += item->facts.size;
    show_progress(t, false);
    sk_result_free(result);
    sk_item_free(item);
    t->failed |= !ok;
    return ok && !is_cancelled(t);
}

static void on_drop(void *ctx, void *tag)
{
    (void)ctx;
    sk_item_free(tag);
}

/* ---------------------------------------------------------------- the walk */

/* "/share" + path below the start. */
static bool shown_path(const struct tree *t, const char *path, struct sk_buf *out)
{
    size_t skip = strlen(t->start);
    const char *below = strncmp(path, t->start, skip) == 0 ? path + skip : path;
    const char *root = t->roots[t->root];
    if (below[0] == '/' && strcmp(root, "/") == 0)
        root = "";
    return sk_buf_str(out, root) && (below[0] == '\0' || below[0] == '/' || sk_buf_str(out, "/")) &&
           sk_buf_str(out, below);
}

static struct sk_item *item_of(struct tree *t, const struct sk_entry *e)
{
    struct sk_buf shown;
    sk_buf_init(&shown, (size_t)1 << 20);
    struct sk_item *item = shown_path(t, e->path, &shown) ? sk_item_new(shown.p, &e->st, &t->group) : NULL;
    sk_buf_free(&shown);
    if (item) {
        item->why = e->why;
        item->folder = e->is_folder;
        if (t->labelling && t->labelling->apply && !(item->real = sk_copy_string(e->path, strlen(e->path)))) {
            sk_item_free(item);
            item = NULL;
        }
    }
    return item;
}

static bool submit_unread(struct tree *t, struct sk_item *item, const char *name, enum sk_reason why,
                          const char *detail)
{
    item->why = why;
    if (why != SK_WHY_SPECIAL && !(item->stored = sk_result_unread(name, item->facts.size, why, detail))) {
        sk_item_free(item);
        return false;
    }
    return sk_executor_submit(&t->executor, -1, name, item->facts.size, item);
}

/* The stored result, when it is still true. */
static struct seki_result *kept(struct tree *t, struct sk_item *item, const char *name)
{
    struct seki_result *r = sk_store_unchanged(t->store, &item->facts, t->full_days, &item->from);
    if (r && item->from.name_only && !sk_name_says_nothing(&t->executor, name)) {
        sk_result_free(r);
        r = NULL;
        item->from = (struct sk_stored){ 0 };
    }
    return r;
}

static bool visit(void *ctx, const struct sk_entry *e)
{
    struct tree *t = ctx;
    if (!sk_pace_mine(&t->pace, e->path + strlen(t->start)))
        return true;
    if (t->counting) {
        t->files_total++;
        t->bytes_total += e->why == SK_WHY_NONE ? (uint64_t)e->st.st_size : 0;
        return true;
    }
    struct sk_item *item = item_of(t, e);
    if (!item)
        return false;
    if (e->why != SK_WHY_NONE)
        return submit_unread(t, item, e->name, e->why, e->is_folder ? "folder" : "");
    if (t->store && !t->o.full && (item->stored = kept(t, item, e->name))) {
        item->unchanged = true;
        return sk_executor_submit(&t->executor, -1, e->name, item->facts.size, item);
    }
    int fd = sk_open_entry(e, NULL);
    if (fd < 0)
        return submit_unread(t, item, e->name,
                             errno == EACCES || errno == EPERM ? SK_WHY_DENIED
                             : errno == ELOOP                  ? SK_WHY_SPECIAL
                                                               : SK_WHY_CHANGED,
                             "");
    if (!sk_item_attributes(item, fd, t->policy->policy)) {
        close(fd);
        sk_item_free(item);
        return false;
    }
    if (!sk_pace_take(&t->pace, item->facts.size, is_cancelled, t)) {
        close(fd);
        sk_item_free(item);
        return false;
    }
    if (t->store && (item->stored = sk_same_find(&t->same, t->store, &t->executor, item, fd, e->name, t->full_days))) {
        close(fd);
        fd = -1;
    }
    if (fd >= 0)
        fd = sk_volumes_bundle(e->dir_fd, e->name, fd, e->path[strlen(t->start)] == '\0');
    return sk_executor_submit(&t->executor, fd, e->name, item->facts.size, item);
}

/* ---------------------------------------------------------------- before and after */

/* True when file lies in folder or is it; both real paths. */
static bool inside(const char *file, const char *folder)
{
    size_t n = strlen(folder);
    return strncmp(file, folder, n) == 0 && (file[n] == '/' || file[n] == '\0' || (n && folder[n - 1] == '/'));
}

/* Real path of a file that need not exist yet: that of its folder. NULL when the folder does not exist. */
static char *real_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return realpath(".", NULL);
    char *folder = sk_copy_string(path, slash == path ? 1 : (size_t)(slash - path));
    char *real = folder ? realpath(folder, NULL) : NULL;
    free(folder);
    return real;
}

static seki_status outside_trees(char **real, size_t n, const char *path, seki_error *err)
{
    if (!path)
        return SEKI_OK;
    char *folder = real_folder(path);
    if (!folder)
        return sk_fail(err, SEKI_E_USAGE, ENOENT, "%s のフォルダがありません。先に作ってください。",
                       "%s: its folder does not exist. Create it first.", path);
    seki_status status = SEKI_OK;
    for (size_t i = 0; i < n && !status; i++)
        if (inside(folder, real[i]))
            status =
                sk_fail(err, SEKI_E_USAGE, 0,
                        "%s は検査する場所の中にあります。検査対象は変更しません。外の場所を指定してください。",
                        "%s lies inside the tree to be scanned, which is never changed. Name a place outside.", path);
    free(folder);
    return status;
}

static seki_status resolve(struct tree *t, char ***real_out, seki_error *err)
{
    char **real = sk_new(t->o.n_paths, sizeof(*real));
    t->roots = sk_new(t->o.n_paths, sizeof(*t->roots));
    *real_out = real;
    if (!real || !t->roots)
        return sk_no_memory(err);
    t->n_roots = t->o.n_paths;
    for (size_t i = 0; i < t->o.n_paths; i++) {
        real[i] = realpath(t->o.paths[i], NULL);
        if (!real[i]) {
            int e = errno;
            return sk_fail(err, SEKI_E_USAGE, e, "%s を検査できません(%s)。場所の名前と権限を確かめてください。",
                           "Cannot scan %s (%s). Check the name and the permissions.", t->o.paths[i], strerror(e));
        }
        const char *shown = i == 0 && t->o.as_prefix ? t->o.as_prefix : real[i];
        size_t n = strlen(shown);
        while (n > 1 && shown[n - 1] == '/')
            n--;
        if (!(t->roots[i] = sk_copy_string(shown, n)))
            return sk_no_memory(err);
    }
    if (t->o.as_prefix && t->o.as_prefix[0] != '/')
        return sk_fail(err, SEKI_E_USAGE, 0, "--as %s は / で始めてください。", "--as %s must begin with /.",
                       t->o.as_prefix);
    seki_status status = outside_trees(real, t->o.n_paths, t->o.output, err);
    return status ? status : outside_trees(real, t->o.n_paths, t->o.state, err);
}

static seki_status open_store(struct tree *t, seki_error *err)
{
    struct sk_key key;
    if (!t->o.state)
        return SEKI_OK;
    struct sk_problems problems;
    sk_problems_init(&problems);
    t->store = sk_store_open(t->o.state, true, &problems);
    bool usable = t->store != NULL;
    seki_status status = SEKI_OK;
    if (usable && t->o.site_key && !(status = sk_secret_key(t->o.site_key, "persons", &key, err)))
        usable = sk_store_share_key(t->store, &key, &problems);
    if (!status)
        status = usable ? SEKI_OK : sk_fail_problems(err, &problems, t->o.problem, t->o.problem_ctx);
    if (status == SEKI_E_RULES)
        status = SEKI_E_IO;
    sk_problems_free(&problems);
    return status;
}

static seki_status begin_run(struct tree *t, char **real, struct sk_run_info *run, seki_error *err)
{
    if (!t->store)
        return SEKI_OK;
    struct sk_store_run begin = { .tool_version = run->tool_version,
                                  .rules_version = run->rules_version,
                                  .rules_digest = run->rules_digest,
                                  .rules_meaning = sk_rules_meaning(t->rules->rules),
                                  .policy = t->policy->policy,
                                  .roots = run->roots,
                                  .n_roots = run->n_roots,
                                  .real = (const char *const *)real,
                                  .index = sk_scanner_own(t->executor.scanner),
                                  .shard = t->o.shard,
                                  .as_of = t->as_of,
                                  .started = run->started,
                                  .full = t->o.full,
                                  .ocr = t->o.ocr };
    if (!sk_store_run_begin(t->store, &begin, &run->interrupted_before))
        return sk_fail(err, SEKI_E_IO, 0, "状態ファイルへ書けません: %s", "Cannot write the state file: %s",
                       sk_store_error(t->store));
    return SEKI_OK;
}

static seki_status walk_all(struct tree *t, char **real, seki_error *err)
{
    struct sk_walk_options w = { 0 };
    if (t->o.progress) {
        t->counting = true;
        for (size_t i = 0; i < t->n_roots; i++) {
            t->start = real[i];
            sk_walk(real[i], &w, visit, t);
        }
        t->counting = false;
    }
    for (t->root = 0; t->root < t->n_roots; t->root++) {
        t->start = real[t->root];
        int e = sk_walk(t->start, &w, visit, t);
        if (e && e != ECANCELED)
            return sk_fail(err, SEKI_E_IO, e, "%s を検査できません(%s)。", "Cannot scan %s (%s).", t->start,
                           strerror(e));
        if (e)
            break;
    }
    if (!sk_executor_drain(&t->executor) && !t->failed && !t->cancelled && !t->stopped)
        t->failed = true;
    show_progress(t, true);
    if (t->cancelled)
        return sk_fail(err, SEKI_E_CANCELLED, 0, "中止されました。", "Cancelled.");
    return SEKI_OK;
}

/* The window ended: what was scanned is told and kept, and the run is one that was interrupted. */
static seki_status stop(struct tree *t, int *exit_status, seki_error *err)
{
    if (t->store && !sk_store_run_stop(t->store))
        return sk_fail(err, SEKI_E_IO, 0, "状態ファイルへ書けません: %s", "Cannot write the state file: %s",
                       sk_store_error(t->store));
    if (!sk_report_finish(t->report, false, seconds_since(&t->began)))
        t->failed = true;
    *exit_status = t->violated ? 1 : 2;
    return SEKI_OK;
}

/* The end: aggregates, the store's account of the run, the summary, the exit status. */
static seki_status conclude(struct tree *t, int *exit_status, seki_error *err)
{
    sk_unions_sort(&t->unions);
    for (size_t i = 0; i < t->unions.n; i++) {
        const struct sk_union *u = &t->unions.items[i];
        struct sk_aggregate agg;
        uint64_t max = u->people.n + u->unkeyed;
        if (!sk_judge_aggregate(t->policy->policy, u->location, max, &agg))
            continue;
        struct sk_report_aggregate a = { u->location, agg.code, agg.severity, u->people.n ? u->people.n : 1, max };
        t->violated = true;
        if (!sk_report_aggregate(t->report, &a) || (t->store && !sk_store_aggregate(t->store, &a)))
            t->failed = true;
    }
    size_t unreachable = 0;
    bool complete = !t->uninspected;
    if (t->store && !sk_store_run_end(t->store, complete, &unreachable))
        return sk_fail(err, SEKI_E_IO, 0, "状態ファイルへ書けません: %s", "Cannot write the state file: %s",
                       sk_store_error(t->store));
    t->uninspected |= unreachable != 0;
    if (!sk_report_finish(t->report, complete && !unreachable, seconds_since(&t->began)))
        t->failed = true;
    *exit_status = t->violated ? 1 : t->uninspected ? 2 : 0;
    return SEKI_OK;
}

static seki_status run(struct tree *t, int *exit_status, seki_error *err)
{
    char **real = NULL;
    seki_status status = resolve(t, &real, err);
    struct sk_run_info info = { .tool_version = seki_version(),
                                .rules_version = sk_rules_version(t->rules->rules),
                                .engine = sk_match_engine(),
                                .rules_digest = sk_rules_digest(t->rules->rules),
                                .policy = t->policy->policy,
                                .as_of = t->as_of,
                                .started = time(NULL),
                                .roots = (const char *const *)t->roots,
                                .n_roots = t->n_roots,
                                .english = t->english,
                                .verbose = t->o.verbose,
                                .max_places = t->o.max_places };
    int format = sk_report_format_find(t->o.format ? t->o.format : "text");
    if (!status && format < 0)
        status = sk_fail(err, SEKI_E_USAGE, 0, "出力形式 %s はありません。text, jsonl, csv, sarif, html のどれかです。",
                         "Format %s is not known. Use text, jsonl, csv, sarif or html.", t->o.format);
    if (!status)
        status = sk_output_open(&t->output, t->o.output, t->o.write, t->o.write_ctx, err);
    if (!status)
        status = open_store(t, err);
    struct sk_key key;
    if (!status && !(t->store ? sk_store_key(t->store, &key) : sk_key_random(&key)))
        status = sk_fail(err, SEKI_E_INTERNAL, errno, "乱数が得られません。", "No random numbers from the system.");
    seki_scanner_options so = { .size = sizeof(so),
                                .as_of = t->o.as_of,
                                .max_places = t->o.max_places,
                                .index = t->o.index,
                                .index_key = t->o.index_key,
                                .ocr = t->o.ocr };
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned workers = t->o.in_process ? 0 : t->o.jobs ? t->o.jobs : processors > 0 ? (unsigned)processors : 1;
    struct sk_executor_options eo = { t->rules, t->policy, &so, &key, workers, on_result, on_drop, is_cancelled, t };
    if (!status)
        status = sk_executor_open(&t->executor, &eo, err);
    if (!status)
        status = begin_run(t, real, &info, err);
    if (!status && !(t->report = sk_report_new((enum sk_report_format)format, &info, &t->output.writer)))
        status = sk_no_memory(err);
    if (!status)
        status = walk_all(t, real, err);
    if (!status && !t->failed)
        status = t->stopped ? stop(t, exit_status, err) : conclude(t, exit_status, err);
    if (!status && t->output.error == 0 && t->failed)
        status = t->store && sk_store_error(t->store)[0]
                     ? sk_fail(err, SEKI_E_IO, 0, "状態ファイルへ書けません: %s", "Cannot write the state file: %s",
                               sk_store_error(t->store))
                     : sk_no_memory(err);
    if (!status || t->output.error)
        status = sk_output_commit(&t->output, err);
    for (size_t i = 0; real && i < t->o.n_paths; i++)
        free(real[i]);
    free(real);
    return status;
}

seki_status seki_scan_tree(const seki_rules *rules, const seki_policy *policy, const seki_tree_options *options,
                           int *exit_status, seki_error *err)
{
    return sk_scan_tree(rules, policy, options, NULL, exit_status, err);
}

seki_status sk_scan_tree(const seki_rules *rules, const seki_policy *policy, const seki_tree_options *given,
                         struct sk_labelling *labelling, int *exit_status, seki_error *err)
{
    struct tree t;
    memset(&t, 0, sizeof(t));
    if (!rules || !policy || !exit_status || !given || !SK_OPTIONS(t.o, given) || t.o.n_paths == 0)
        return sk_fail(err, SEKI_E_USAGE, 0, "引数が正しくありません。", "Arguments cannot be used.");
    t.rules = rules;
    t.policy = policy;
    t.labelling = labelling;
    t.full_days = sk_policy_settings(policy->policy)->full_scan_days;
    t.output.fd = -1;
    sk_buf_init(&t.wire, (size_t)1 << 30);
    sk_unions_init(&t.unions);
    clock_gettime(CLOCK_MONOTONIC, &t.began);
    seki_status status = sk_as_of(t.o.as_of, &t.as_of, err);
    if (!status)
        status = sk_language(t.o.language, &t.english, err);
    if (!status)
        status = sk_pace_set(&t.pace, t.o.shard, t.o.bytes_per_second, t.o.until, err);
    if (!status && labelling)
        labelling->as_of = t.as_of;
    if (!status)
        status = run(&t, exit_status, err);
    sk_executor_close(&t.executor);
    sk_report_free(t.report);
    sk_store_close(t.store);
    sk_output_drop(&t.output);
    sk_unions_free(&t.unions);
    sk_buf_free(&t.wire);
    free(t.group.name);
    sk_same_free(&t.same);
    for (size_t i = 0; t.roots && i < t.o.n_paths; i++)
        free(t.roots[i]);
    free(t.roots);
    return status;
}
