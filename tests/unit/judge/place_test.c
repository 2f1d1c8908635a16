/* Places, encryption, exceptions, canaries, sums: hand-worked cases. */
#include "bench.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LIST "  list: []\n"

static struct sk_judgement judge_on(const struct sk_policy *p, const struct seki_result *r, const char *path,
                                    long as_of)
{
    struct sk_facts facts = { .path = path, .group = "x", .mtime = as_of * 86400L + 43200 };
    struct sk_judgement j;
    cr_assert(sk_judge_place(p, r, &facts, as_of, &j));
    return j;
}

static const struct sk_violation *find(const struct sk_judgement *j, const char *code)
{
    for (size_t i = 0; i < j->n_violations; i++)
        if (strcmp(j->violations[i].code, code) == 0)
            return &j->violations[i];
    return NULL;
}

Test(place, longest_whole_components)
{
    static const char *const CASES[][2] = {
        { "/share/総務課/a", "LOC-SOUMU" },
        { "/share/総務課", "LOC-SOUMU" },
        { "/share/総務課2/a", "LOC-DEFAULT" },
        { "/share/総務課/人事/a", "LOC-JINJI" },
        { "/share/総務課/人事課/a", "LOC-SOUMU" },
        { "/backup/個人端末/u1/a", "LOC-BACKUP" },
        { "share/総務課/a", "LOC-DEFAULT" },
        { "", "LOC-DEFAULT" },
        { "/share/\xFF\xFE", "LOC-DEFAULT" },
        { "/share/総務課/../広報/a", "LOC-SOUMU" }, /* paths come from the walk, which never writes .. */
    };
    struct bench b;
    bench_start(&b, 1);
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct sk_judgement j = judge_on(the_policy(), &b.r, CASES[i][0], AS_OF);
        cr_expect_str_eq(j.location, CASES[i][1], "%s", CASES[i][0]);
        sk_judgement_free(&j);
    }
}

Test(place, never_opened)
{
    struct sk_judgement j = judge_on(the_policy(), NULL, "/share/広報/権限なし.txt", AS_OF);
    cr_assert(find(&j, "V-UNK"));
    cr_expect_str_eq(j.severity, "S4");
    sk_judgement_free(&j);
}

/* Day of modification by the clock on the wall, whatever the zone: 23:30 JST on the 15th is the 15th. */
Test(place, age_in_local_days)
{
    static const struct {
        const char *zone;
        int64_t mtime;
        bool old;
    } CASES[] = {
        { "JST-9", 1763215800, true },  /* 2025-11-15 23:10 JST; as of 2025-11-23: 8 days */
        { "JST-9", 1763220600, false }, /* 2025-11-16 00:30 JST: 7 days */
        { "UTC0", 1763220600, true },   /* the same moment is still the 15th in UTC */
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct bench b;
        bench_start(&b, 1);
        setenv("TZ", CASES[i].zone, 1);
        tzset();
        struct sk_facts facts = { .path = "/share/一時/a.txt", .mtime = CASES[i].mtime };
        struct sk_judgement j;
        cr_assert(sk_judge_place(the_policy(), &b.r, &facts, 20415, &j)); /* 2025-11-23 */
        cr_expect_eq(find(&j, "V-AGE") != NULL, CASES[i].old, "%zu", i);
        sk_judgement_free(&j);
    }
}

Test(place, absurd_times)
{
    static const int64_t TIMES[] = { INT64_MIN, INT64_MAX, -1, 0 };
    struct bench b;
    bench_start(&b, 1);
    for (size_t i = 0; i < 4; i++) {
        struct sk_facts facts = { .path = "/share/一時/a.txt", .mtime = TIMES[i] };
        struct sk_judgement j;
        cr_assert(sk_judge_place(the_policy(), &b.r, &facts, AS_OF, &j));
        sk_judgement_free(&j);
    }
}

/* must_encrypt: all of it, by a strong method. */
Test(place, encryption)
{
    static const struct {
        const char *container, *first, *second; /* methods; "-": a readable member; NULL: no such part */
        bool ok;
    } CASES[] = {
        { "zip-aes256", "zip-aes256", NULL, true }, { "zip-aes128", "zip-aes128", "zip-aes256", true },
        { NULL, "zip-aes256", "-", false },         { "zipcrypto", "zipcrypto", NULL, false },
        { NULL, "zip-aes256", "zipcrypto", false }, { NULL, NULL, NULL, false },
        { "7z-aes256", NULL, NULL, true },          { "ooxml-rc4", NULL, NULL, false },
        { "zip-unknown", NULL, NULL, false },       { "zip-aes256", "-", NULL, false },
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct bench b;
        bench_start(&b, 1);
        b.parts[0].has_text = false;
        b.parts[0].encryption = CASES[i].container;
        const char *const members[] = { CASES[i].first, CASES[i].second };
        for (int k = 0; k < 2 && members[k]; k++) {
            uint32_t part = bench_part(&b, 0, "a.csv");
            if (strcmp(members[k], "-") == 0) {
                b.parts[part].has_text = true;
            } else {
                b.parts[part].encryption = members[k];
                bench_why(&b, part, SK_WHY_ENCRYPTED);
            }
        }
        b.r.state = CASES[i].container || CASES[i].first ? SK_PARTIAL : SK_INSPECTED;
        struct sk_judgement j = judge_on(the_policy(), &b.r, "/share/外部送付準備/x.zip", AS_OF);
        cr_expect_eq(find(&j, "V-ENC") == NULL, CASES[i].ok, "%zu", i);
        sk_judgement_free(&j);
    }
}

/* Encrypted, but with a password that everybody knows: it was read, so it does not protect. */
Test(place, read_in_spite_of_encryption)
{
    struct bench b;
    bench_start(&b, 1);
    b.parts[0].encryption = "ooxml-agile-aes";
    struct sk_judgement j = judge_on(the_policy(), &b.r, "/share/外部送付準備/x.xlsx", AS_OF);
    cr_expect(find(&j, "V-ENC"));
    sk_judgement_free(&j);
}

Test(place, strength)
{
    static const char *const CASES[][2] = { { "zip-aes256", "strong" },   { "pdf-aes256", "strong" },
                                            { "zipcrypto", "weak" },      { "pdf-rc4-40", "weak" },
                                            { "zip-unknown", "unknown" }, { "", "unknown" } };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++)
        cr_expect_str_eq(sk_policy_strength(the_policy(), CASES[i][0]), CASES[i][1]);
    cr_expect_str_eq(sk_policy_strength(the_policy(), NULL), "unknown");
}

/* ---- exceptions: acceptance case A16 ---- */

static struct sk_policy *with_exception(const char *scope, const char *grade)
{
    char text[600];
    struct sk_problems problems;
    sk_problems_init(&problems);
    snprintf(text, sizeof(text),
             "  list:\n    - {id: EX-1, scope: %s, grade: %s, reason: 照会, requested_by: 甲, approved_by: 乙, "
             "approved_at: 2026-10-01, expires_at: "
             "2027-01-31}\n",
             scope, grade);
    struct sk_policy *p = changed_policy(LIST, text, &problems, NULL);
    cr_assert(p, "%s", problems.n ? problems.items[0].en : "");
    sk_problems_free(&problems);
    return p;
}

#define BY_SHA "{sha256: \"0101010101010101010101010101010101010101010101010101010101010101\"}"
#define BY_BOTH                                                                                                        \
    "{sha256: \"0101010101010101010101010101010101010101010101010101010101010101\", path: /share/総務課/共有/a.UKE}"

Test(place, exception_life)
{
    static const struct {
        const char *scope, *grade;
        uint8_t mark;
        const char *path;
        long as_of;
        const char *status; /* NULL: not listed */
    } CASES[] = {
        { BY_SHA, "L3", 1, "/share/総務課/共有/a.UKE", AS_OF, "active" },
        { BY_SHA, "L3", 1, "/share/総務課/b.UKE", AS_OF, "active" },      /* the same content */
        { BY_SHA, "L3", 1, "/share/総務課/共有/a.UKE", 20849, "active" }, /* its last day, 2027-01-31 */
        { BY_SHA, "L3", 1, "/share/総務課/共有/a.UKE", 20850, "expired" },
        { BY_SHA, "L3", 1, "/share/総務課/共有/a.UKE", 20726, NULL }, /* the day before approval */
        { BY_SHA, "L3", 2, "/share/総務課/共有/a.UKE", AS_OF,
          NULL }, /* another content: nothing ties it to the exception */
        { BY_BOTH, "L3", 1, "/share/総務課/共有/a.UKE", AS_OF, "active" },
        { BY_BOTH, "L3", 2, "/share/総務課/共有/a.UKE", AS_OF, "changed" },
        { BY_BOTH, "L3", 2, "/share/総務課/共有/b.UKE", AS_OF, NULL },
        { BY_BOTH, "L3", 2, "/share/総務課/共有/a.UKE", 20850, "expired" },
        { BY_SHA, "L2", 1, "/share/総務課/共有/a.UKE", AS_OF, "changed" }, /* graded above what was approved */
        { "{path: /share/総務課}", "L2", 1, "/share/総務課/共有/a.UKE", AS_OF, "changed" },
        { "{path: /share/総務}", "L2", 1, "/share/総務課/共有/a.UKE", AS_OF, NULL },
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct sk_policy *p = with_exception(CASES[i].scope, CASES[i].grade);
        struct bench b;
        bench_claims(&b, CASES[i].mark, 3);
        struct sk_judgement j = judge_on(p, &b.r, CASES[i].path, CASES[i].as_of);
        const struct sk_violation *v = find(&j, "V-GRADE");
        cr_assert(v, "%zu: the violation stays listed", i);
        cr_expect_str_eq(v->severity, "S2");
        cr_expect_eq(v->excepted, CASES[i].status && strcmp(CASES[i].status, "active") == 0, "%zu", i);
        cr_expect_eq(j.n_exceptions, CASES[i].status != NULL, "%zu", i);
        if (CASES[i].status && j.n_exceptions) {
            cr_expect_str_eq(j.exceptions[0].status, CASES[i].status, "%zu", i);
            cr_expect_str_eq(j.exceptions[0].id, "EX-1");
        }
        cr_expect_str_eq(sk_policy_grade(p, j.label.grade), "L3"); /* never lowered */
        sk_judgement_free(&j);
        sk_policy_free(p);
    }
}

/* ---- canaries ---- */

Test(place, canary)
{
    static const struct {
        const char *path;
        uint64_t ids, diseases, persons;
        enum sk_state state;
        bool canary, ok;
    } CASES[] = {
        { "/share/審査/検査器試験.csv", 3, 3, 3, SK_INSPECTED, true, true },
        { "/share/総務課/検査器試験.csv", 3, 3, 3, SK_INSPECTED, true, true },
        { "/share/審査/検査器試験.csv", 2, 3, 3, SK_INSPECTED, true, false },
        { "/share/審査/検査器試験.csv", 4, 3, 3, SK_INSPECTED, true, false },
        { "/share/審査/検査器試験.csv", 3, 3, 40, SK_INSPECTED, true, false }, /* real people behind the name */
        { "/share/審査/検査器試験.csv", 3, 3, 3, SK_PARTIAL, true, false },
        { "/share/審査/下/検査器試験.csv", 3, 3, 3, SK_INSPECTED, false, false }, /* not directly in the place */
        { "/share/検査器試験.csv", 3, 3, 3, SK_INSPECTED, false, false },         /* no place of the policy */
        { "/share/審査/検査器試験.csv.bak", 3, 3, 3, SK_INSPECTED, false, false },
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct bench b;
        bench_start(&b, 1);
        bench_found(&b, SK_EL_INSURED_ID, SK_CONF_HIGH, CASES[i].ids);
        bench_found(&b, SK_EL_DISEASE, SK_CONF_MEDIUM, CASES[i].diseases);
        bench_found(&b, SK_EL_DISEASE, SK_CONF_LOW, 9);
        bench_mask(&b, SK_BIT(SK_EL_INSURED_ID) | SK_BIT(SK_EL_DISEASE), 0);
        bench_persons(&b, CASES[i].persons, CASES[i].persons);
        b.r.state = (uint8_t)CASES[i].state;
        struct sk_judgement j = judge_on(the_policy(), &b.r, CASES[i].path, AS_OF);
        cr_expect_eq(j.canary, CASES[i].canary, "%zu", i);
        cr_expect_eq(j.canary_ok, CASES[i].ok, "%zu", i);
        if (j.canary)
            cr_expect(j.n_violations == 0 && j.n_reviews == 0 && !*j.severity);
        sk_judgement_free(&j);
    }
}

/* ---- sums over a place: acceptance case A6 ---- */

Test(place, aggregate)
{
    static const struct {
        const char *location;
        uint64_t persons;
        const char *severity;
    } CASES[] = {
        { "LOC-SOUMU", 1055, "S1" },  { "LOC-SOUMU", 1000, "S2" }, { "LOC-SOUMU", 1001, "S1" },
        { "LOC-SOUMU", 110, "S2" },   { "LOC-SOUMU", 100, NULL },  { "LOC-SHINSA", 9999, NULL },
        { "LOC-DEFAULT", 101, "S2" }, { "LOC-NONE", 5000, NULL },
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct sk_aggregate a;
        sk_judge_aggregate(the_policy(), CASES[i].location, CASES[i].persons, &a);
        if (!CASES[i].severity) {
            cr_expect_null(a.severity);
        } else {
            cr_expect_str_eq(a.code, "V-AGG");
            cr_expect_str_eq(a.severity, CASES[i].severity);
        }
    }
}

/* The words tell where the file may go, and no value. */
Test(place, details_help)
{
    struct bench b;
    bench_claims(&b, 1, 2);
    struct sk_judgement j = judge_on(the_policy(), &b.r, "/share/総務課/共有/RECEIPTC.UKE", AS_OF);
    const struct sk_violation *v = find(&j, "V-COMP");
    cr_assert(v);
    cr_expect(strstr(v->detail_ja, "/share/審査") && strstr(v->detail_ja, "[M]"));
    cr_expect(strstr(v->detail_en, "/share/審査"));
    sk_judgement_free(&j);
}
