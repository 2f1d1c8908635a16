/* rules_diff.c - seki_rules_diff: what differs between two sets of rules, and what that means for given files. */
#include "api/tree.h"

#include "rules/diff.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST_NAMED 20u

struct seen { /* what one set of rules sees in one file */
    uint64_t counts[SK_EL_COUNT];
    uint8_t grade;
    uint32_t compartments;
    bool inspected;
};
struct file {
    char *path;
    struct seen by[2];
};
struct effect {
    const seki_policy *policy;
    long as_of;
    struct file *files;
    size_t n, cap;
    int which; /* 0 before, 1 after */
    bool no_memory;
};

static bool note_file(void *ctx, const struct sk_entry *e)
{
    struct effect *x = ctx;
    if (e->why != SK_WHY_NONE || e->is_folder)
        return true;
    char *path = sk_copy_string(e->path, strlen(e->path));
    if (!path || !sk_grow(&x->files, &x->cap, x->n + 1, sizeof(*x->files))) {
        free(path);
        x->no_memory = true;
        return false;
    }
    x->files[x->n] = (struct file){ .path = path };
    x->n++;
    return true;
}

static bool on_result(void *ctx, void *tag, struct seki_result *r)
{
    struct effect *x = ctx;
    struct file *f = tag;
    struct seen *s = &f->by[x->which];
    struct sk_judgement j;
    struct sk_facts facts = { .path = f->path };
    if (!r)
        return true; /* could not be opened: seen by neither */
    for (uint32_t i = 0; i < r->n_found; i++)
        if (r->found[i].element < SK_EL_COUNT && r->found[i].confidence != SK_CONF_LOW)
            s->counts[r->found[i].element] += r->found[i].count;
    s->inspected = r->state == SK_INSPECTED;
    bool ok = sk_judge_place(x->policy->policy, r, &facts, x->as_of, &j);
    s->grade = j.label.grade;
    s->compartments = j.label.compartments;
    sk_judgement_free(&j);
    sk_result_free(r);
    x->no_memory |= !ok;
    return ok;
}

static seki_status look(struct effect *x, const seki_rules *rules, seki_error *err)
{
    struct sk_executor e;
    seki_scanner_options so = { .size = sizeof(so) };
    struct sk_executor_options eo = {
        .rules = rules, .policy = x->policy, .scanner = &so, .workers = 1, .deliver = on_result, .ctx = x
    };
    seki_status status = sk_executor_open(&e, &eo, err);
    for (size_t i = 0; i < x->n && !status; i++) {
        struct stat st;
        const char *slash = strrchr(x->files[i].path, '/');
        int fd = sk_open_path(x->files[i].path, NULL);
        uint64_t size = fd >= 0 && fstat(fd, &st) == 0 ? (uint64_t)st.st_size : 0;
        if (!sk_executor_submit(&e, fd, slash ? slash + 1 : x->files[i].path, size, &x->files[i]))
            status = sk_no_memory(err);
    }
    if (!status && (!sk_executor_drain(&e) || x->no_memory))
        status = sk_no_memory(err);
    sk_executor_close(&e);
    return status;
}

/* ---------------------------------------------------------------- telling */

struct sums {
    uint64_t before, after, appeared, gone;
};

static void put_element(struct sk_buf *b, const struct effect *x, int e, bool english)
{
    struct sums s = { 0 };
    for (size_t i = 0; i < x->n; i++) {
        uint64_t was = x->files[i].by[0].counts[e], is = x->files[i].by[1].counts[e];
        s.before += was;
        s.after += is;
        s.appeared += is > was ? is - was : 0;
        s.gone += was > is ? was - is : 0;
    }
    if (s.appeared || s.gone)
        sk_buf_printf(b,
                      english
                          ? "  %s  %" PRIu64 " -> %" PRIu64 " (newly found %" PRIu64 ", no longer found %" PRIu64 ")\n"
                          : "  %s  %" PRIu64 " → %" PRIu64 "(新しく検出 %" PRIu64 "、検出されなくなる %" PRIu64 ")\n",
                      sk_element_name((enum sk_element)e), s.before, s.after, s.appeared, s.gone);
}

static void put_labels(struct sk_buf *b, const struct effect *x, bool english)
{
    const struct sk_policy *p = x->policy->policy;
    size_t changed = 0;
    for (size_t i = 0; i < x->n; i++) {
        const struct seen *was = &x->files[i].by[0], *is = &x->files[i].by[1];
        if (was->grade == is->grade && was->compartments == is->compartments && was->inspected == is->inspected)
            continue;
        if (changed++ < MOST_NAMED) {
            sk_buf_str(b, "  ");
            sk_put_plain(b, x->files[i].path, strlen(x->files[i].path));
            sk_buf_printf(b, "  %s → %s\n", sk_policy_grade(p, was->grade), sk_policy_grade(p, is->grade));
        }
    }
    sk_buf_printf(b, english ? "label changes: %zu files\n" : "格付が変わる: %zu件\n", changed);
}

static void put_effect(struct sk_buf *b, const struct effect *x, bool english)
{
    size_t unread = 0;
    for (size_t i = 0; i < x->n; i++)
        unread += !x->files[i].by[0].inspected || !x->files[i].by[1].inspected;
    sk_buf_printf(b,
                  english ? "effect on %zu files (%zu of them not inspected whole)\n"
                          : "影響の試算: %zu件(うち検査が完全でない %zu件)\n",
                  x->n, unread);
    for (int e = 0; e < SK_EL_COUNT; e++)
        put_element(b, x, e, english);
    put_labels(b, x, english);
}

static seki_status find_effect(struct effect *x, const seki_rules *before, const seki_rules *after,
                               const char *const *paths, size_t n, seki_error *err)
{
    struct sk_walk_options w = { 0 };
    for (size_t i = 0; i < n; i++) {
        int e = sk_walk(paths[i], &w, note_file, x);
        if (e)
            return x->no_memory ? sk_no_memory(err)
                                : sk_fail(err, SEKI_E_USAGE, e, "%s を検査できません(%s)。", "Cannot scan %s (%s).",
                                          paths[i], strerror(e));
    }
    seki_status status = look(x, before, err);
    x->which = 1;
    return status ? status : look(x, after, err);
}

seki_status seki_rules_diff(const seki_rules *before, const seki_rules *after, const seki_policy *policy,
                            const char *const *paths, size_t n, const char *language, seki_write_fn write, void *ctx,
                            size_t *changes, seki_error *err)
{
    bool english;
    struct effect x = { .policy = policy };
    struct sk_buf text;
    if (!before || !after || !write || (n && (!paths || !policy)))
        return sk_fail(err, SEKI_E_USAGE, 0, "引数が正しくありません。", "Arguments cannot be used.");
    seki_status status = sk_language(language, &english, err);
    if (!status)
        status = sk_as_of(NULL, &x.as_of, err);
    if (status)
        return status;
    sk_buf_init(&text, (size_t)64 << 20);
    if (!sk_rules_diff(before->rules, after->rules, english, &text, changes))
        status = sk_no_memory(err);
    if (!status && n)
        status = find_effect(&x, before, after, paths, n, err);
    if (!status && n)
        put_effect(&text, &x, english);
    if (!status && text.failed)
        status = sk_no_memory(err);
    if (!status && !write(ctx, text.p, text.n))
        status = sk_fail(err, SEKI_E_IO, 0, "書けませんでした。", "Could not be written.");
    for (size_t i = 0; i < x.n; i++)
        free(x.files[i].path);
    free(x.files);
    sk_buf_free(&text);
    return status;
}
