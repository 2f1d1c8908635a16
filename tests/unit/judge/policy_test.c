/* Loading: the default policy is read as it is written; every kind of mistake is told at its own line, in both
 * languages. */
#include "bench.h"

#include "base/hash.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHA "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define LIST "  list: []\n"
#define EXCEPTION(scope, grade, reason, by, at, until)                                                                 \
    "  list:\n    - {id: EX-1, scope: " scope ", grade: " grade ", reason: " reason                                    \
    ", requested_by: 申請太郎, approved_by: " by ", approved_at: " at ", expires_at: " until "}\n"

Test(policy, default_values)
{
    const struct sk_policy *p = the_policy();
    cr_expect_str_eq(sk_policy_id(p), "kokuhoren-default");
    cr_expect_str_eq(sk_policy_version(p), "0.1.0");
    cr_expect(sk_policy_is_draft(p));
    cr_expect_not(sk_policy_is_overdue(p, 21183)); /* 2027-12-31 */
    cr_expect(sk_policy_is_overdue(p, 21184));
    cr_expect_eq(sk_policy_grades(p), 5);
    cr_expect_str_eq(sk_policy_grade(p, 3), "L3");
    cr_expect_str_eq(sk_policy_grade_name(p, 4), "特定・秘密");
    cr_expect_str_eq(sk_policy_compartment(p, 1), "M");
    cr_expect_null(sk_policy_compartment(p, 4));
    cr_expect_str_eq(sk_policy_location_name(p, "LOC-SOUMU"), "/share/総務課");
    cr_expect_str_eq(sk_policy_severity_name(p, "S2"), "重大");
    cr_expect_str_eq(sk_policy_destination_name(p, "D-TRAINING"), "研修・会議の配布資料");
    struct sk_limits limits;
    sk_policy_limits(p, &limits);
    cr_expect_eq(limits.max_depth, 10);
    cr_expect_eq(limits.max_file_bytes, UINT64_C(21474836480));
    cr_expect_eq(limits.seconds, 600);
    const struct sk_policy_settings *s = sk_policy_settings(p);
    cr_expect_eq(s->full_scan_days, 7);
    cr_expect_eq(s->small_count_mask, 10);
    cr_expect_float_eq(s->share_min_ratio, 0.8, 1e-9);
    cr_expect_str_eq(s->canary_name, "検査器試験.csv");
}

Test(policy, digest_is_of_the_file)
{
    char *text = read_text(DEFAULT_POLICY);
    uint8_t digest[32];
    cr_assert(sk_sha256(text, strlen(text), digest));
    cr_expect_arr_eq(sk_policy_digest(the_policy()), digest, 32);
    free(text);
}

Test(policy, what_a_scan_looks_for)
{
    struct sk_detect_config c;
    memset(&c, 0, sizeof(c));
    sk_policy_detect(the_policy(), &c);
    cr_expect_eq(c.n_mark_words, 17);
    cr_expect_str_eq(c.mark_words[0].text, "極秘");
    cr_expect_str_eq(c.mark_words[1].text, "秘");
    cr_expect(c.mark_words[1].enclosed_only);
    cr_expect_str_eq(c.mark_words[2].text, "自治体機密性3A");
    cr_expect_eq(c.mark_positions, (1u << SK_MARK_POSITIONS) - 1);
    cr_expect_eq(c.cia_positions, 1u << SK_MARK_FILENAME | 1u << SK_MARK_TITLE | 1u << SK_MARK_HEADER);
    cr_expect_eq(c.first_lines, 5);
    cr_expect_eq(c.n_small_headers, 6);
    cr_expect(c.small_from == 1 && c.small_to == 9);
}

/* A changed place must not make a scan read everything again; a changed marking must. */
Test(policy, detect_digest)
{
    static const struct {
        const char *from, *to;
        bool same;
    } CASES[] = {
        { "max_grade: L1", "max_grade: L2", true },
        { "name: 機密,", "name: 秘密情報,", true },
        { "部外秘: ", "局外秘: ", false },
        { "first_lines: 5", "first_lines: 6", false },
        { "to: 9", "to: 8", false },
        { "受診者数", "受給者数", false },
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct sk_problems problems;
        sk_problems_init(&problems);
        struct sk_policy *p = changed_policy(CASES[i].from, CASES[i].to, &problems, NULL);
        cr_assert(p, "%s", CASES[i].from);
        bool same = memcmp(sk_policy_detect_digest(p), sk_policy_detect_digest(the_policy()), 32) == 0;
        cr_expect_eq(same, CASES[i].same, "%s", CASES[i].from);
        cr_expect(memcmp(sk_policy_digest(p), sk_policy_digest(the_policy()), 32) != 0);
        sk_policy_free(p);
        sk_problems_free(&problems);
    }
}

/* from -> to makes a policy with a problem `line_after` lines behind the start of `from` that says ja and en. */
static const struct {
    const char *from, *to;
    int line_after; /* -1: wherever */
    const char *ja, *en;
} BAD[] = {
    /* the five of acceptance case A17 */
    { LIST, EXCEPTION("{sha256: \"" SHA "\"}", "L3", "照会のため", "申請太郎", "2026-10-01", "2027-01-31"), 1,
      "自己承認", "self-approval" },
    { LIST, EXCEPTION("{sha256: \"" SHA "\"}", "L3", "\"\"", "承認花子", "2026-10-01", "2027-01-31"), 1,
      "「reason」が空", "'reason' is empty" },
    { LIST, EXCEPTION("{sha256: \"" SHA "\"}", "L3", "照会のため", "承認花子", "2026-10-01", "2027-09-01"), 1,
      "180日まで", "at most 180 days" },
    { "      max_grade: L3\n", "      max_gradd: L3\n", 0, "max_grade", "did you mean 'max_grade'" },
    { "aggregate:", "aggregate: [", -1, "", "" },
    /* exceptions */
    { LIST, EXCEPTION("{sha256: \"" SHA "\"}", "L3", "照会", "承認花子", "2026-10-01", "2026-09-30"), 1, "承認日より前",
      "before approved_at" },
    { LIST, EXCEPTION("{sha256: \"" SHA "\"}", "L3", "照会", "承認花子", "2026-02-29", "2026-09-30"), 1, "暦にある日付",
      "date that exists" },
    { LIST, EXCEPTION("{sha256: abc}", "L3", "照会", "承認花子", "2026-10-01", "2027-01-31"), 1, "64 文字",
      "64 characters" },
    { LIST, EXCEPTION("{path: /share/総務課/a}", "L3", "照会", "承認花子", "2026-10-01", "2027-01-31"), 1,
      "path は使えません", "cannot use path" },
    { LIST, EXCEPTION("{path: 総務課}", "L2", "照会", "承認花子", "2026-10-01", "2027-01-31"), 1, "「/」から",
      "begins with '/'" },
    { LIST, EXCEPTION("{}", "L2", "照会", "承認花子", "2026-10-01", "2027-01-31"), 1, "sha256 か path",
      "sha256 or path" },
    { LIST, EXCEPTION("{path: /}", "L2", "照会", "承認花子", "2026-10-01", "2027-01-31"), 1, "広すぎます", "too wide" },
    { LIST, EXCEPTION("{sha265: \"" SHA "\"}", "L2", "照会", "承認花子", "2026-10-01", "2027-01-31"), 1, "sha256",
      "did you mean 'sha256'" },
    { LIST, EXCEPTION("{sha256: \"" SHA "\"}", "L9", "照会", "承認花子", "2026-10-01", "2027-01-31"), 1, "L9", "L9" },
    { LIST, EXCEPTION("{sha256: \"" SHA "\"}", "L3", "照会", "申請 太郎", "2026-10-01", "2027-01-31"), 1, "自己承認",
      "self-approval" },
    { LIST, EXCEPTION("{sha256: \"" SHA "\"}", "L3", "照会", "\"部長:申請太郎\"", "2026-10-01", "2027-01-31"), 1,
      "自己承認", "self-approval" },
    { LIST, "  list:\n    - {id: EX-1, scope: {sha256: \"" SHA "\"}, grade: L3}\n", 1, "「reason」",
      "'reason' is missing" },
    { LIST, "  list:\n    - {id: EX-1, scope: {sha256: \"" SHA "\"}, grade: L3}\n", 1, "「expires_at」",
      "'expires_at' is missing" },
    { "max_days: {L0: 365, ", "max_days: {", 0, "L0 の日数", "days of grade L0" },
    { "max_days: {L0: 365, ", "max_days: {L7: 365, L0: 365, ", 0, "「L7」", "no grade 'L7'" },
    { "self_approval: forbid", "self_approval: allow", 0, "forbid", "forbid" },
    { "need: [id, scope", "need: [id, scoop", 0, "scope", "did you mean 'scope'" },
    /* the head */
    { "  schema: 1\n", "  schema: 2\n", 0, "schema 1", "schema 1" },
    { "  status: draft ", "  status: drafty ", 0, "draft", "did you mean 'draft'" },
    { "  status: draft ", "  status: approved ", 1, "role・name・at", "role, name and at" },
    { "review_by: 2027-12-31", "review_by: 2026-12-31", 0, "適用開始日より前", "before effective_from" },
    { "review_by: 2027-12-31", "review_by: 2027-12-32", 0, "暦にある日付", "date that exists" },
    { "  version: \"0.1.0\"\n", "", -1, "「version」がありません", "'version' is missing" },
    { "report:\n", "reports:\n", 0, "report", "did you mean 'report'" },
    /* grades and what refers to them */
    { "{id: L1, name: 内部限り, ", "{id: L0, name: 内部限り, ", 0, "id「L0」は前にも", "'L0' is already used" },
    { "{id: L1, name: 内部限り, ", "{id: L1, ", 0, "「name」", "'name' is missing" },
    { "grade: L1\n  integrity", "grade: L5\n  integrity", 0, "L5", "L5" },
    { "applies_to: [inventory, ", "applies_to: [inventry, ", 0, "inventory", "did you mean 'inventory'" },
    { "handling: [暗号化必須, 持出禁止", "handling: [暗号化必須, 暗号化必須, 持出禁止", 0, "二度", "twice" },
    /* groups, rules */
    { "account: [bank_account, ", "account: [bank_acount, ", 0, "bank_account", "did you mean 'bank_account'" },
    { "account: [bank_account, ", "account: [contact_or_dob, ", 0, "contact_or_dob",
      "contact_or_dob" }, /* groups do not nest */
    { "  account: [", "  email: [", 0, "別の名前", "give the group another" },
    { "when: {any: [personal_number], confidence: high}", "when: {any: [personal_numbr], confidence: high}", 0,
      "personal_number", "did you mean" },
    { "when: {any: [personal_number], confidence: high}", "when: {any: [personal_number], confidence: sure}", 0, "sure",
      "sure" },
    { "when: {any: [personal_number], confidence: high}", "when: {any: [personal_number], link: record}", 0,
      "all といっしょ", "together with all" },
    { "when: {any: [personal_number], confidence: high}", "when: {confidence: high}", 0, "any・all・signal",
      "one of any, all, signal" },
    { "when: {any: [personal_number], confidence: high}", "when: {any: []}", 0, "空", "empty" },
    { "all: [person_key, care_content], link: record}",
      "all: [person_key, care_content], link: record, confidence: [low, high]}", 0, "low", "low" },
    { "persons: {over: 100}", "persons: {above: 100}", 0, "above", "above" },
    { "persons: {over: 100}", "persons: {over: many}", 0, "整数", "whole number" },
    { "persons: {over: 100}", "persons: {over: -1}", 0, "整数", "whole number" },
    { "set: {review: 個人番号の疑い}", "set: {review: 個人番号の疑い, grade: L4}", 0, "同時に書けません",
      "cannot stand beside" },
    { "set: {review: 個人番号の疑い}", "set: {}", 0, "空", "empty" },
    { "compartments: [T], handling", "compartments: [X], handling", 0, "X", "X" },
    { "handling: [関係者限り]}\n", "handling: [関係者のみ]}\n", -1, "関係者のみ", "関係者のみ" },
    { "  - id: LR-02\n", "  - id: LR-01\n", 0, "LR-01", "'LR-01' is already used" },
    { "basis: 本会の選択(", "basis: 報告不要(", 0, "報告不要", "people decide" },
    /* markings, labels of Microsoft */
    { "positions: [header, footer", "positions: [heading, footer", 0, "heading", "heading" },
    { "    社外秘:         {grade: L2}", "    部 外 秘:         {grade: L2}", 0, "同じ表示", "same marking" },
    { "    社外秘:         {grade: L2}", "    社外秘:         {}", 0, "「grade」", "'grade' is missing" },
    { "{\"3\": L3, ", "{\"4\": L3, ", 0, "1 から 3", "from 1 to 3" },
    { "tenant: \"00000000-", "tenant: \"0000-", 0, "GUID", "GUID" },
    /* places */
    { "    - id: LOC-HOKEN\n", "    - id: LOC-SHINSA\n", 0, "LOC-SHINSA", "already used" },
    { "      path: /share/保健事業\n", "      path: /share/審査/\n", 0, "LOC-SHINSA にもあります",
      "also that of LOC-SHINSA" },
    { "      path: /share/保健事業\n", "      path: /share/../保健事業\n", 0, "「..」", "'..'" },
    { "      path: /share/保健事業\n", "      path: share/保健事業\n", 0, "「/」から", "begins with '/'" },
    { "      path: /share/保健事業\n", "", -1, "「path」がありません", "'path' is missing" },
    { "      max_age_days: 1825\n", "      max_age_days: five\n", 0, "整数", "whole number" },
    { "      must_encrypt: true\n", "      must_encrypt: yes\n", 0, "true か false", "true or false" },
    { "forbid_elements: [person_name, ", "forbid_elements: [person_names, ", 0, "person_name", "did you mean" },
    { "    unscannable: review\n", "    unscannable: revue\n", 0, "review", "did you mean 'review'" },
    { "    id: LOC-DEFAULT\n", "    id: LOC-SOUMU\n", -1, "default の id", "that of default" },
    /* aggregate, severity */
    { "{level: location, persons: {over: 100}, ", "{level: share, persons: {over: 100}, ", 0, "share", "share" },
    { "code: V-AGG, severity: S2}", "code: V-AGG, severity: S7}", 0, "S7", "S7" },
    { "{violation: [V-COMP], grade_at_least: L4}", "{violation: [V-COMPS], grade_at_least: L4}", 0, "V-COMP",
      "did you mean 'V-COMP'" },
    { "{location: [LOC-KOUHOU], ", "{location: [LOC-KOUHO], ", 0, "LOC-KOUHOU", "did you mean 'LOC-KOUHOU'" },
    { "{violation: [V-ELEM]}", "{}", 0, "空", "empty" },
    /* transfer */
    { "require: [recipient_scope, strong_encryption", "require: [recipient_scoop, strong_encryption", 0,
      "recipient_scope", "did you mean" },
    { "overrides_handling: [持出禁止, ", "overrides_handling: [持出, ", 0, "持出", "持出" },
    { "  publication_approval: {count: 1, roles: [公表責任者]}\n", "", -1, "publication_approval",
      "publication_approval" },
    { "dual_approval:        {count: 2,", "dual_approval:        {count: 1,", 0, "2 人以上", "2 or more" },
    { "roles: [公表責任者]", "roles: []", 0, "空", "empty" },
    { "receipts: {valid_days: 7}", "receipts: {valid_days: week}", 0, "整数", "whole number" },
    { "id: D-OTHER, ", "id: D-PUBLIC, ", 0, "D-PUBLIC", "already used" },
    /* limits, coverage, report */
    { "  max_ratio: 1000 ", "  max_ratio: 0 ", 0, "整数", "whole number" },
    { "  share_min_ratio: 0.8 ", "  share_min_ratio: 1.8 ", 0, "数", "number" },
    { "expect: {insured_id: 3, ", "expect: {insured: 3, ", 0, "insured", "insured" },
    { "file_name: 検査器試験.csv", "file_name: a/検査器試験.csv", 0, "ファイル名だけ", "bare file name" },
    { "  values: none ", "  values: all ", 0, "none", "none" },
    { "handling: [暗号化必須, 持出禁止", "handling: 3 #", -1, "一覧", "list" },
};

Test(policy, mistakes)
{
    for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++) {
        struct sk_problems problems;
        unsigned line;
        sk_problems_init(&problems);
        struct sk_policy *p = changed_policy(BAD[i].from, BAD[i].to, &problems, &line);
        cr_expect_null(p, "%s -> %s", BAD[i].from, BAD[i].to);
        bool told = has_problem(&problems, BAD[i].line_after < 0 ? 0 : line + (unsigned)BAD[i].line_after, BAD[i].ja,
                                BAD[i].en);
        cr_expect(told, "%s -> %s", BAD[i].from, BAD[i].to);
        for (size_t k = 0; !told && k < problems.n; k++)
            cr_log_error("   line %u:%u %s / %s", problems.items[k].line, problems.items[k].column,
                         problems.items[k].ja, problems.items[k].en);
        sk_policy_free(p);
        sk_problems_free(&problems);
    }
}

Test(policy, all_mistakes_at_once)
{
    struct sk_problems problems;
    sk_problems_init(&problems);
    char *text = read_text(TESTS_DIR "/data/policies/many-mistakes.yaml");
    cr_expect_null(policy_from(text, &problems));
    static const struct {
        unsigned line;
        const char *en;
    } WANT[] = {
        { 4, "'version' is missing" },      { 5, "whole number" },        { 13, "'L1' is already used" },
        { 16, "did you mean 'inventory'" }, { 20, "'claim_record'" },     { 22, "'set' is missing" },
        { 32, "did you mean 'L0'" },        { 33, "also that of LOC-A" }, { 37, "S9" },
        { 45, "'D-A' is already used" },    { 53, "self-approval" },
    };
    for (size_t i = 0; i < sizeof(WANT) / sizeof(WANT[0]); i++)
        cr_expect(has_problem(&problems, WANT[i].line, "", WANT[i].en), "%s", WANT[i].en);
    cr_expect_eq(problems.n, sizeof(WANT) / sizeof(WANT[0]));
    free(text);
    sk_problems_free(&problems);
}

Test(policy, every_section_is_needed)
{
    static const char *const SECTIONS[] = { "policy",      "grades",     "compartments", "handling",   "default_label",
                                            "label_rules", "markings",   "locations",    "severity",   "approvals",
                                            "receipts",    "encryption", "destinations", "exceptions", "limits",
                                            "coverage",    "report" };
    for (size_t i = 0; i < sizeof(SECTIONS) / sizeof(SECTIONS[0]); i++) {
        struct sk_problems problems;
        char from[64], to[64], want[64];
        snprintf(from, sizeof(from), "\n%s:", SECTIONS[i]);
        snprintf(to, sizeof(to), "\nx_%s:", SECTIONS[i]);
        snprintf(want, sizeof(want), "'%s' is missing", SECTIONS[i]);
        sk_problems_init(&problems);
        cr_expect_null(changed_policy(from, to, &problems, NULL), "%s", SECTIONS[i]);
        cr_expect(has_problem(&problems, 0, SECTIONS[i], want), "%s", SECTIONS[i]);
        sk_problems_free(&problems);
    }
}

Test(policy, group_names_are_free)
{
    struct sk_problems problems;
    sk_problems_init(&problems);
    struct sk_policy *p = changed_policy("[GRP_SHINSA]", "[root, \"1000\", 'ドメイン ユーザー']", &problems, NULL);
    cr_expect(p);
    sk_policy_free(p);
    sk_problems_free(&problems);
}

Test(policy, missing_file)
{
    struct sk_problems problems;
    sk_problems_init(&problems);
    struct sk_fold *fold = sk_fold_new();
    cr_expect_null(sk_policy_load("/nonexistent/policy.yaml", fold, &problems));
    cr_expect_eq(problems.n, 1);
    sk_fold_free(fold);
    sk_problems_free(&problems);
}

Test(policy, exceptions_for_reports)
{
    struct sk_problems problems;
    sk_problems_init(&problems);
    struct sk_policy *p = changed_policy(
        LIST, EXCEPTION("{sha256: \"" SHA "\"}", "L3", "照会のため", "承認花子", "2026-10-01", "2027-01-31"), &problems,
        NULL);
    cr_assert(p);
    const struct sk_policy_exception *e;
    cr_assert_eq(sk_policy_exceptions(p, &e), 1);
    cr_expect_str_eq(e->id, "EX-1");
    cr_expect(e->has_sha256 && e->sha256[0] == 0xAA && e->sha256[31] == 0xAA);
    cr_expect_eq(e->grade, 3);
    cr_expect_eq(e->expires, 20849); /* 2027-01-31 */
    cr_expect_not(sk_exception_ends_soon(p, e, AS_OF));
    cr_expect_not(sk_exception_ends_soon(p, e, 20834));
    cr_expect(sk_exception_ends_soon(p, e, 20835)); /* 14 days before */
    cr_expect(sk_exception_ends_soon(p, e, 20849));
    cr_expect_not(sk_exception_ends_soon(p, e, 20850));
    sk_policy_free(p);
    sk_problems_free(&problems);
}
