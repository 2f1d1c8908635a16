/* place.c - a file where it lies: violations of the place, exceptions, canaries, sums over a place. */
#include "judge/inner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define JUDGEMENT_BYTES ((size_t)64 << 20)
#define SECONDS_A_DAY 86400

bool sk_path_is_below(const char *path, const char *dir, size_t dir_n)
{
    if (dir_n == 0)
        return false;
    if (strncmp(path, dir, dir_n) != 0)
        return false;
    return path[dir_n] == '\0' || path[dir_n] == '/' || dir[dir_n - 1] == '/';
}

const struct sk_location *sk_location_of(const struct sk_policy *p, const char *path)
{
    const struct sk_location *best = &p->locations[p->n_locations - 1];
    for (size_t i = 0; i + 1 < p->n_locations; i++)
        if (p->locations[i].path_n > best->path_n &&
            sk_path_is_below(path, p->locations[i].path, p->locations[i].path_n))
            best = &p->locations[i];
    return best;
}

struct work {
    const struct sk_policy *p;
    const struct seki_result *r; /* NULL: never opened */
    const struct sk_facts *facts;
    const struct sk_location *loc;
    long as_of;
    struct sk_judgement *j;
    struct sk_phrases phrases;
};

static uint64_t persons(const struct work *w)
{
    return w->r ? w->r->persons_max : 0;
}

static void add(struct work *w, enum sk_code code, const char *ja, const char *en)
{
    struct sk_judgement *j = w->j;
    const char *severity = sk_severity_of(w->p, code, j->label.decided, w->loc->id, persons(w));
    j->violations[j->n_violations++] = (struct sk_violation){ SK_CODES[code], severity, ja, en, false };
}

/* "置ける場所: /share/審査・…": up to three places of the policy that would take the label. */
static const char *homes(struct work *w, bool english)
{
    struct sk_buf b;
    sk_buf_init(&b, 4096);
    size_t n = 0;
    for (size_t i = 0; i + 1 < w->p->n_locations && n < 3; i++) {
        const struct sk_location *loc = &w->p->locations[i];
        if (loc->max_grade < w->j->label.decided || w->j->label.compartments & ~loc->compartments)
            continue;
        if (b.n + strlen(loc->path) > 3000)
            break;
        sk_buf_str(&b, n++ ? (english ? ", " : "・") : (english ? " Places that may hold it: " : "置ける場所:"));
        sk_buf_str(&b, loc->path);
    }
    return sk_phrase_buf(&w->phrases, &b);
}

static const char *grade(const struct work *w, uint8_t g)
{
    return sk_policy_grade(w->p, g);
}

static const char *bits(struct work *w, const struct sk_names *names, uint32_t set)
{
    struct sk_buf b;
    sk_buf_init(&b, 65536);
    sk_put_bits(&b, names, set);
    return sk_phrase_buf(&w->phrases, &b);
}

static void test_label(struct work *w)
{
    const struct sk_label *l = &w->j->label;
    if (l->decided > w->loc->max_grade)
        add(w, SK_V_GRADE,
            sk_phrase(&w->phrases,
                      "格付 %s は、この置き場所の上限 %s "
                      "を超えています。許された場所へ移すか、該当する内容を除いてください。%s",
                      grade(w, l->decided), grade(w, w->loc->max_grade), homes(w, false)),
            sk_phrase(&w->phrases,
                      "Grade %s is above this place's ceiling %s. Move the file to a place that allows it, or take the "
                      "content out.%s",
                      grade(w, l->decided), grade(w, w->loc->max_grade), homes(w, true)));
    uint32_t wrong = l->compartments & ~w->loc->compartments;
    if (wrong)
        add(w, SK_V_COMP,
            sk_phrase(&w->phrases, "区画 [%s] の情報は、この置き場所には置けません。その区画の場所へ移してください。%s",
                      bits(w, &w->p->compartments, wrong), homes(w, false)),
            sk_phrase(&w->phrases,
                      "Compartment [%s] is not allowed in this place. Move the file to a place of that compartment.%s",
                      bits(w, &w->p->compartments, wrong), homes(w, true)));
}

static bool owns(const struct sk_location *loc, const struct sk_facts *f)
{
    char number[16];
    snprintf(number, sizeof(number), "%u", f->gid);
    for (size_t i = 0; i < loc->n_owner_groups; i++)
        if (strcmp(loc->owner_groups[i], f->group) == 0 || strcmp(loc->owner_groups[i], number) == 0)
            return true;
    return false;
}

static void test_rights(struct work *w)
{
    const struct sk_facts *f = w->facts;
    if (f->world_readable && !w->loc->world_readable) {
        const char *by = f->world_by ? f->world_by : "other (o+r), Everyone";
        add(w, SK_V_ACL,
            sk_phrase(&w->phrases, "だれでも読めます(%s の読み取り許可)。読める人を担当グループだけにしてください。",
                      by),
            sk_phrase(&w->phrases,
                      "Everybody can read this file (%s may read). Let only the responsible group read it.", by));
    }
    if (f->group && w->loc->tests_owner && !owns(w->loc, f))
        add(w, SK_V_OWNER,
            sk_phrase(
                &w->phrases,
                "所有グループ「%"
                "s」は、この置き場所の担当グループではありません。所有グループを直すか、担当の場所へ移してください。",
                f->group),
            sk_phrase(&w->phrases,
                      "The owning group '%s' is not one of this place's groups. Correct the group or move the file.",
                      f->group));
}

/* The day of the last modification as people read it in a listing: local time. */
static long local_day(int64_t seconds)
{
    time_t t = (time_t)seconds;
    struct tm tm;
    if (localtime_r(&t, &tm))
        seconds += tm.tm_gmtoff;
    return (long)(seconds / SECONDS_A_DAY - (seconds % SECONDS_A_DAY < 0));
}

static void test_age(struct work *w)
{
    long most = w->loc->max_age_days, age = w->as_of - local_day(w->facts->mtime);
    if (most >= 0 && age > most)
        add(w, SK_V_AGE,
            sk_phrase(&w->phrases,
                      "最後の更新から %ld 日たっています(この置き場所は %ld "
                      "日まで)。要らなければ消し、要るなら保存場所へ移してください。",
                      age, most),
            sk_phrase(&w->phrases,
                      "Last modified %ld days ago (this place allows %ld). Delete the file if it is not needed, else "
                      "move it to where it is kept.",
                      age, most));
}

static void test_encryption(struct work *w)
{
    enum sk_strength s = w->r ? sk_file_strength(w->p, w->r) : SK_PLAIN;
    if (!w->loc->must_encrypt || s == SK_STRONG)
        return;
    if (s == SK_WEAK)
        add(w, SK_V_ENC,
            sk_phrase(&w->phrases,
                      "暗号化が弱いか、一部しか暗号化されていません。強い方式(AES)で全体を暗号化し直してください。"),
            sk_phrase(
                &w->phrases,
                "The encryption is weak or covers only a part. Encrypt the whole again with a strong method (AES)."));
    else
        add(w, SK_V_ENC,
            sk_phrase(&w->phrases, "この置き場所では暗号化が必要です。強い方式(AES)で暗号化してください。"),
            sk_phrase(&w->phrases,
                      "Files in this place must be encrypted. Encrypt this one with a strong method (AES)."));
}

static const char *titles(struct work *w, sk_elements set, bool english)
{
    struct sk_buf b;
    sk_buf_init(&b, 65536);
    for (int e = 0, n = 0; e < SK_EL_COUNT; e++)
        if (set & SK_BIT(e))
            sk_buf_printf(&b, "%s%s", n++ ? (english ? ", " : "・") : "",
                          sk_element_title((enum sk_element)e, english));
    return sk_phrase_buf(&w->phrases, &b);
}

static void test_content(struct work *w)
{
    sk_elements found = w->r ? (sk_result_elements(w->r, SK_CONF_MEDIUM) & w->loc->forbidden) : 0;
    if (found)
        add(w, SK_V_ELEM,
            sk_phrase(&w->phrases,
                      "この置き場所にあってはならない項目があります:%s。該当する列・箇所を消してから置いてください。",
                      titles(w, found, false)),
            sk_phrase(&w->phrases, "Holds what must not be in this place: %s. Remove those columns or passages first.",
                      titles(w, found, true)));
    if (w->j->label.below_content)
        add(w, SK_V_MARK,
            sk_phrase(
                &w->phrases,
                "書かれている格付の表示より、内容の格付が高くなっています(%s)。表示を直すか、内容を除いてください。",
                grade(w, w->j->label.decided)),
            sk_phrase(
                &w->phrases,
                "The content is graded higher (%s) than the marking says. Correct the marking or take the content out.",
                grade(w, w->j->label.decided)));
}

static void test_unread(struct work *w)
{
    bool whole = w->r && w->r->state == SK_INSPECTED;
    if (whole || !w->loc->review_unscannable)
        return;
    bool some = w->r && w->r->state == SK_PARTIAL;
    add(w, SK_V_UNK,
        sk_phrase(&w->phrases,
                  some
                      ? "一部を検査できませんでした。問題がないとは言えません。理由を見て、人が中身を確かめてください。"
                      : "検査できませんでした。問題がないとは言えません。理由を見て、人が中身を確かめてください。"),
        sk_phrase(&w->phrases, some ? "A part could not be inspected, so it cannot be called clean. See the reasons; a "
                                      "person must look into it."
                                    : "Could not be inspected, so it cannot be called clean. See the reasons; a person "
                                      "must look into it."));
}

/* ---- canaries ---- */

static bool is_canary(const struct sk_policy *p, const struct sk_location *loc, const char *path)
{
    const char *name = strrchr(path, '/');
    size_t dir_n =
        loc->path_n && loc->path[loc->path_n - 1] == '/' ? loc->path_n - 1 : loc->path_n; /* the place may be "/" */
    return *p->settings.canary_name && loc->path_n && name && (size_t)(name - path) == dir_n &&
           strcmp(name + 1, p->settings.canary_name) == 0;
}

static uint64_t count_of(const struct seki_result *r, enum sk_element e)
{
    uint64_t n = 0;
    for (uint32_t i = 0; i < r->n_found; i++)
        if (r->found[i].element == e && r->found[i].confidence >= SK_CONF_MEDIUM)
            n += r->found[i].count;
    return n;
}

/* Exactly what was planted: fewer means that the detector is blind, more people that real data hides behind the name.
 */
static bool canary_passes(const struct sk_policy *p, const struct seki_result *r)
{
    uint64_t most = 0;
    if (!r || r->state != SK_INSPECTED)
        return false;
    for (size_t i = 0; i < p->n_expect; i++) {
        if (count_of(r, p->expect[i].element) != p->expect[i].count)
            return false;
        most = p->expect[i].count > most ? p->expect[i].count : most;
    }
    return r->persons_max <= most;
}

/* ---- the whole ---- */

static void find_severity(struct work *w)
{
    struct sk_judgement *j = w->j;
    size_t worst = w->p->n_severities;
    j->severity = "";
    for (size_t i = 0; i < j->n_violations; i++) {
        size_t rank = sk_policy_severity_rank(w->p, j->violations[i].severity);
        worst = rank < worst ? rank : worst;
    }
    if (j->n_reviews) {
        size_t rank = sk_policy_severity_rank(w->p, sk_severity_of(w->p, -1, j->label.decided, w->loc->id, persons(w)));
        worst = rank < worst ? rank : worst;
    }
    if (worst < w->p->n_severities)
        j->severity = w->p->severities[worst].id;
}

static bool find_violations(struct work *w)
{
    w->j->violations = sk_arena_new(&w->j->arena, SK_V_CODES, sizeof(*w->j->violations));
    if (!w->j->violations)
        return false;
    test_unread(w);
    test_label(w);
    test_rights(w);
    test_age(w);
    test_encryption(w);
    test_content(w);
    return sk_exceptions_apply(w->p, w->r, w->facts, w->as_of, w->j) && !w->phrases.no_memory;
}

bool sk_judge_place(const struct sk_policy *p, const struct seki_result *r, const struct sk_facts *facts, long as_of,
                    struct sk_judgement *out)
{
    memset(out, 0, sizeof(*out));
    sk_arena_init(&out->arena, JUDGEMENT_BYTES);
    struct work w = { p, r, facts, sk_location_of(p, facts->path), as_of, out, { &out->arena, false } };
    struct sk_evidence evidence;
    struct sk_reviews reviews;
    sk_evidence_of(&evidence, &r, r ? 1 : 0, persons(&w));
    out->location = w.loc->id;
    out->severity = "";
    if (!sk_label_decide(p, &evidence, p->default_in_inventory, &out->arena, &out->label, &reviews))
        return false;
    if (is_canary(p, w.loc, facts->path)) {
        out->canary = true;
        out->canary_ok = canary_passes(p, r);
        return true;
    }
    out->reviews = reviews.items;
    out->n_reviews = reviews.n;
    if (!find_violations(&w))
        return false;
    find_severity(&w);
    return true;
}

void sk_judgement_free(struct sk_judgement *j)
{
    sk_arena_free(&j->arena);
    memset(j, 0, sizeof(*j));
}

bool sk_judge_aggregate(const struct sk_policy *p, const char *location, uint64_t n_persons, struct sk_aggregate *out)
{
    *out = (struct sk_aggregate){ NULL, NULL };
    for (size_t i = 0; i < p->n_locations; i++) {
        if (strcmp(p->locations[i].id, location) != 0)
            continue;
        for (size_t k = 0; k < p->n_aggregates; k++) {
            const struct sk_aggregate_rule *a = &p->aggregates[k];
            if (n_persons > (uint64_t)a->over && (a->ceiling_below < 0 || p->locations[i].max_grade < a->ceiling_below))
                *out = (struct sk_aggregate){ SK_CODES[SK_V_AGG], p->severities[a->severity].id };
        }
        break;
    }
    return out->severity != NULL;
}
