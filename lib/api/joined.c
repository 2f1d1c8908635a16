#include "api/joined.h"

#include "api/union.h"

#include <stdlib.h>
#include <string.h>

struct joining {
    struct sk_store *all;
    struct sk_unions people;
    const struct sk_policy *policy;
    struct sk_key key;
    long day;      /* of the latest run of any store */
    size_t on_day; /* stores whose last run was on it */
};

static bool take_people(void *ctx, const char *location, const struct seki_result *r)
{
    struct joining *j = ctx;
    return sk_unions_add(&j->people, j->policy, location, r);
}

static bool mistake(struct sk_problems *problems, const char *path, const char *ja, const char *en)
{
    sk_problem_add(problems, path, 0, 0, "%s%.0s", "%.0s%s", ja, en);
    return false;
}

/* Hashes under two keys would count a person of both stores twice. */
static bool agrees(struct joining *j, struct sk_store *one, const char *path, size_t i, struct sk_problems *problems)
{
    struct sk_key key;
    if (!sk_store_policy_is(one, sk_policy_digest(j->policy)))
        return mistake(problems, path,
                       "最後の検査は別のポリシーで行われています。そのポリシーを --policy で指定してください。",
                       "Its last scan used another policy. Name that one with --policy.");
    if (!sk_store_key(one, &key))
        return mistake(problems, path, "鍵を読めません。", "Its key cannot be read.");
    if (i == 0)
        j->key = key;
    if (memcmp(&key, &j->key, sizeof(key)) == 0)
        return true;
    return mistake(problems, path,
                   "本人の印が別の鍵で作られているため、合わせて数えられません。すべての検査に同じ --site-key "
                   "を指定して、新しい状態ファイルから始めてください。",
                   "Its people were hashed under another key and cannot be counted together. Give all scans the same "
                   "--site-key and begin with new state files.");
}

static bool add(struct joining *j, const char *path, size_t i, bool files, struct sk_problems *problems)
{
    struct sk_store *one = sk_store_open(path, false, problems);
    bool ok = one && agrees(j, one, path, i, problems);
    if (ok && !(sk_store_people(one, take_people, j) && sk_store_join_add(j->all, one, i, files)))
        ok = mistake(problems, path, "状態ファイルを読めません。", "The state file cannot be read.");
    if (ok) {
        long day = sk_store_last_day(one);
        j->on_day = day > j->day ? 1 : day == j->day ? j->on_day + 1 : j->on_day;
        j->day = day > j->day ? day : j->day;
    }
    sk_store_close(one);
    return ok;
}

static bool put_unions(struct joining *j)
{
    bool ok = true;
    sk_unions_sort(&j->people);
    for (size_t i = 0; ok && i < j->people.n; i++) {
        const struct sk_union *u = &j->people.items[i];
        struct sk_aggregate agg;
        uint64_t max = u->people.n + u->unkeyed;
        if (!sk_judge_aggregate(j->policy, u->location, max, &agg))
            continue;
        struct sk_report_aggregate a = { u->location, agg.code, agg.severity, u->people.n ? u->people.n : 1, max };
        ok = sk_store_aggregate(j->all, &a);
    }
    return ok;
}

struct sk_store *sk_open_joined(const char *const *paths, size_t n, const struct sk_policy *policy, bool files,
                                struct sk_problems *problems)
{
    struct joining j = { .all = sk_store_join_new(), .policy = policy, .day = -1 };
    sk_unions_init(&j.people);
    bool ok = j.all || mistake(problems, "", "メモリーが足りません。", "Out of memory.");
    for (size_t i = 0; ok && i < n; i++)
        ok = add(&j, paths[i], i, files, problems);
    if (ok && !(sk_store_join_end(j.all, j.on_day, n) && put_unions(&j)))
        ok = mistake(problems, paths[0], "合わせた状態を作れません。", "The joined state cannot be made.");
    sk_unions_free(&j.people);
    explicit_bzero(&j.key, sizeof(j.key));
    if (!ok) {
        sk_store_close(j.all);
        return NULL;
    }
    return j.all;
}
