/* What the table of places_test does not reach: confidence, links, thresholds, CIA codes, sensitivity labels, reviews.
 */
#include "bench.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define MAPPED "11111111-1111-1111-1111-111111111111"
#define OTHER "22222222-2222-2222-2222-222222222222"
#define TENANT "00000000-0000-0000-0000-000000000000"
#define FOREIGN "99999999-9999-9999-9999-999999999999"

static struct sk_judgement judge(const struct sk_policy *p, const struct bench *b, const char *path)
{
    struct sk_facts facts = { .path = path, .group = "GRP_SOUMU", .mtime = AS_OF * 86400L + 43200 };
    struct sk_judgement j;
    cr_assert(sk_judge_place(p, &b->r, &facts, AS_OF, &j));
    return j;
}

static bool has(const struct sk_judgement *j, const char *code)
{
    for (size_t i = 0; i < j->n_violations; i++)
        if (strcmp(j->violations[i].code, code) == 0)
            return true;
    return false;
}

/* 個人番号 of medium confidence is put up for review and decides nothing; any of high confidence decides. */
Test(label, suspected_number)
{
    static const struct {
        enum sk_confidence c;
        uint64_t persons;
        const char *grade;
        size_t reviews;
    } CASES[] = { { SK_CONF_LOW, 0, "L1", 1 },
                  { SK_CONF_MEDIUM, 98, "L1", 1 },
                  { SK_CONF_HIGH, 5, "L4", 0 },
                  { SK_CONF_HIGH, 0, "L1", 0 } };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct bench b;
        bench_start(&b, 1);
        bench_found(&b, SK_EL_PERSONAL_NUMBER, CASES[i].c, 98);
        bench_persons(&b, 0, CASES[i].persons);
        struct sk_judgement j = judge(the_policy(), &b, "/share/総務課/a");
        cr_expect_str_eq(sk_policy_grade(the_policy(), j.label.grade), CASES[i].grade, "%zu", i);
        cr_expect_eq(j.n_reviews, CASES[i].reviews, "%zu", i);
        if (j.n_reviews) {
            cr_expect_str_eq(j.reviews[0].code, "個人番号の疑い");
            cr_expect_str_eq(j.reviews[0].rule, "LR-02");
            cr_expect_str_eq(j.severity, "S4");
            cr_expect_eq(j.n_violations, 0);
        }
        sk_judgement_free(&j);
    }
}

/* Name and disease: one record L3; the same file but not one record is for a person to look at; low confidence does not
 * count. */
Test(label, link)
{
    const sk_elements name = SK_BIT(SK_EL_PERSON_NAME), disease = SK_BIT(SK_EL_DISEASE);
    static const struct {
        int mode;
        const char *grade;
        size_t reviews;
    } CASES[] = { { 0, "L3", 0 }, { 1, "L1", 1 }, { 2, "L1", 0 } };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct bench b;
        bench_start(&b, 1);
        bench_found(&b, SK_EL_PERSON_NAME, SK_CONF_MEDIUM, 3);
        bench_found(&b, SK_EL_DISEASE, CASES[i].mode == 2 ? SK_CONF_LOW : SK_CONF_MEDIUM, 3);
        bench_persons(&b, 3, 3);
        if (CASES[i].mode == 0)
            bench_mask(&b, name | disease, 0);
        bench_mask(&b, name, 0);
        if (CASES[i].mode == 1)
            bench_mask(&b, disease, 0);
        struct sk_judgement j = judge(the_policy(), &b, "/share/総務課/a");
        cr_expect_str_eq(sk_policy_grade(the_policy(), j.label.grade), CASES[i].grade, "%zu", i);
        cr_expect_eq(j.n_reviews, CASES[i].reviews, "%zu", i);
        if (j.n_reviews)
            cr_expect_str_eq(j.reviews[0].rule, "LR-11");
        sk_judgement_free(&j);
    }
}

/* A rule for high confidence alone looks at the record's high elements. */
Test(label, link_of_high_confidence)
{
    struct sk_problems problems;
    sk_problems_init(&problems);
    struct sk_policy *p =
        changed_policy("link: record}\n    persons: {over: 0}\n    set: {grade: L3",
                       "link: record, confidence: high}\n    persons: {over: 0}\n    set: {grade: L3", &problems, NULL);
    cr_assert(p);
    const sk_elements both = SK_BIT(SK_EL_PERSON_NAME) | SK_BIT(SK_EL_DISEASE);
    for (int high = 0; high < 2; high++) {
        struct bench b;
        bench_start(&b, 1);
        bench_found(&b, SK_EL_PERSON_NAME, SK_CONF_HIGH, 1);
        bench_found(&b, SK_EL_DISEASE, SK_CONF_HIGH, 1);
        bench_persons(&b, 1, 1);
        bench_mask(&b, both, high ? both : SK_BIT(SK_EL_DISEASE));
        struct sk_judgement j = judge(p, &b, "/x");
        cr_expect_eq(label_has_rule(&j.label, "LR-11"), high == 1);
        sk_judgement_free(&j);
    }
    sk_policy_free(p);
    sk_problems_free(&problems);
}

Test(label, cia_code)
{
    struct bench b;
    bench_start(&b, 1);
    b.markings[b.r.n_markings++] = (struct sk_marking){ .word = SK_MARKING_CIA, .c = 3, .i = 2, .a = 2 };
    struct sk_judgement j = judge(the_policy(), &b, "/share/広報/C3I2A2_計画.txt");
    cr_expect_str_eq(sk_policy_grade(the_policy(), j.label.decided), "L3");
    cr_expect_eq(j.label.integrity, 2);
    cr_expect_eq(j.label.availability, 2);
    cr_expect(label_has_rule(&j.label, "MARK:C3I2A2"));
    cr_expect(has(&j, "V-GRADE"));
    cr_expect_str_eq(j.severity, "S1"); /* L3 in 広報 */
    sk_judgement_free(&j);
}

Test(label, marking_names_its_word)
{
    struct bench b;
    bench_start(&b, 1);
    bench_mark(&b, "取扱注意");
    bench_mark(&b, "取扱注意");
    bench_mark(&b, "持出禁止");
    struct sk_judgement j = judge(the_policy(), &b, "/share/広報/a");
    cr_expect_eq(j.label.n_rules, 2);
    cr_expect_str_eq(j.label.rules[0], "MARK:取扱注意");
    cr_expect(label_has(the_policy(), &j.label, "持出禁止"));
    cr_expect(has(&j, "V-GRADE") && !has(&j, "V-MARK"));
    sk_judgement_free(&j);
}

/* POLICY.md: LabelInfo first, custom properties only for labels it does not name; removed and disabled are ignored;
 * strangers for review. */
Test(label, sensitivity_labels)
{
    static const struct {
        struct sk_msip labels[2];
        size_t n;
        const char *grade, *decided;
        size_t reviews;
    } CASES[] = {
        { { { MAPPED, TENANT, false, true, true } }, 1, "L3", "L3", 0 },
        { { { MAPPED, TENANT, false, true, true }, { MAPPED, TENANT, false, true, false } }, 2, "L3", "L3", 0 },
        { { { MAPPED, TENANT, true, true, true }, { MAPPED, TENANT, false, true, false } },
          2,
          "L1",
          "L0",
          0 }, /* removed speaks first */
        { { { MAPPED, TENANT, true, true, true } }, 1, "L1", "L0", 0 },
        { { { MAPPED, TENANT, false, false, true } }, 1, "L1", "L0", 0 },
        { { { MAPPED, TENANT, false, true, false } }, 1, "L3", "L3", 0 },
        { { { OTHER, TENANT, false, true, true } }, 1, "L1", "L0", 1 },
        { { { OTHER, FOREIGN, false, true, true } }, 1, "L1", "L0", 1 },
        { { { MAPPED, FOREIGN, false, true, true } }, 1, "L1", "L0", 1 }, /* known GUID, other tenant */
        { { { OTHER, FOREIGN, false, true, true }, { MAPPED, TENANT, false, true, false } }, 2, "L3", "L3", 1 },
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct bench b;
        bench_start(&b, 1);
        memcpy(b.msips, CASES[i].labels, sizeof(CASES[i].labels));
        b.r.n_msips = (uint32_t)CASES[i].n;
        struct sk_judgement j = judge(the_policy(), &b, "/share/総務課/a.xlsx");
        cr_expect_str_eq(sk_policy_grade(the_policy(), j.label.grade), CASES[i].grade, "%zu", i);
        cr_expect_str_eq(sk_policy_grade(the_policy(), j.label.decided), CASES[i].decided, "%zu", i);
        cr_expect_eq(j.n_reviews, CASES[i].reviews, "%zu", i);
        if (j.n_reviews)
            cr_expect_str_eq(j.reviews[0].code, "未知の秘密度ラベル");
        sk_judgement_free(&j);
    }
}

/* A stranger's label in 広報 (ceiling L0) is for review; it raises no violation, as the default label raises none. */
Test(label, unknown_label_is_a_floor)
{
    struct bench b;
    bench_start(&b, 1);
    b.msips[b.r.n_msips++] = (struct sk_msip){ OTHER, FOREIGN, false, true, true };
    struct sk_judgement j = judge(the_policy(), &b, "/share/広報/a.xlsx");
    cr_expect_eq(j.n_violations, 0);
    cr_expect_eq(j.n_reviews, 1);
    sk_judgement_free(&j);
}

Test(label, default_only_where_it_applies)
{
    struct sk_problems problems;
    sk_problems_init(&problems);
    struct sk_policy *p =
        changed_policy("applies_to: [inventory, transfer]", "applies_to: [transfer]", &problems, NULL);
    cr_assert(p);
    struct bench b;
    bench_start(&b, 1);
    struct sk_judgement j = judge(p, &b, "/share/広報/a");
    cr_expect_str_eq(sk_policy_grade(p, j.label.grade), "L0");
    sk_judgement_free(&j);
    sk_policy_free(p);
    sk_problems_free(&problems);
}

/* A name and a telephone number somewhere in a memo are nothing to look at. */
Test(label, everyday_names_need_no_review)
{
    struct bench b;
    bench_start(&b, 1);
    bench_found(&b, SK_EL_PERSON_NAME, SK_CONF_MEDIUM, 1);
    bench_found(&b, SK_EL_PHONE, SK_CONF_HIGH, 1);
    bench_persons(&b, 1, 1);
    bench_mask(&b, SK_BIT(SK_EL_PERSON_NAME), 0);
    bench_mask(&b, SK_BIT(SK_EL_PHONE), 0);
    struct sk_judgement j = judge(the_policy(), &b, "/share/総務課/a");
    cr_expect_eq(j.n_reviews, 0);
    cr_expect_str_eq(sk_policy_grade(the_policy(), j.label.grade), "L1");
    sk_judgement_free(&j);
}
