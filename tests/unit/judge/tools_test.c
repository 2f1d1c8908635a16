/* render, coverage, diff, what-if. */
#include "bench.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static size_t count(const char *text, const char *word)
{
    size_t n = 0;
    for (const char *s = text; (s = strstr(s, word)); s += strlen(word))
        n++;
    return n;
}

Test(tools, render)
{
    for (int html = 0; html < 2; html++)
        for (int english = 0; english < 2; english++) {
            struct sk_buf b;
            sk_buf_init(&b, (size_t)4 << 20);
            cr_assert(sk_policy_render(the_policy(), html, english, &b));
            static const char *const WORDS[] = { "LR-10",       "審査",           "規則7条1号",     "LOC-KOUHOU",
                                                 "D-INSURER-T", "自治体機密性3A", "二者承認",       "zip-aes256",
                                                 "1825",        "V-COMP",         "検査器試験.csv", "GRP_JINJI" };
            for (size_t i = 0; i < sizeof(WORDS) / sizeof(WORDS[0]); i++)
                cr_expect(strstr(b.p, WORDS[i]), "%s", WORDS[i]);
            cr_expect(strstr(b.p, english ? "NOT APPROVED" : "未承認"));
            cr_expect_not(strstr(b.p, "報告不要"));
            if (html) {
                cr_expect_eq(count(b.p, "<table>"), count(b.p, "</table>"));
                cr_expect_eq(count(b.p, "<tr>"), count(b.p, "</tr>"));
                cr_expect_eq(count(b.p, "<td>"), count(b.p, "</td>"));
                cr_expect_eq(count(b.p, "</html>"), 1);
            }
            sk_buf_free(&b);
        }
}

/* Every row of a Markdown table has as many cells as its heading. */
Test(tools, markdown_tables_are_square)
{
    struct sk_buf b;
    sk_buf_init(&b, (size_t)4 << 20);
    cr_assert(sk_policy_render(the_policy(), false, false, &b));
    size_t width = 0, rows = 0;
    for (char *line = strtok(b.p, "\n"); line; line = strtok(NULL, "\n")) {
        size_t bars = 0;
        for (char *s = line; *s; s++)
            bars += *s == '|' && (s == line || s[-1] != '\\');
        if (*line != '|')
            width = 0;
        else if (width == 0)
            width = bars;
        else
            cr_expect_eq(bars, width, "%s", line);
        rows += *line == '|';
    }
    cr_expect_gt(rows, 80);
    sk_buf_free(&b);
}

Test(tools, render_escapes)
{
    struct sk_problems problems;
    sk_problems_init(&problems);
    struct sk_policy *p = changed_policy("name: 個人番号\n", "name: 'a|b <script>*x*'\n", &problems, NULL);
    cr_assert(p);
    struct sk_buf b;
    sk_buf_init(&b, (size_t)4 << 20);
    cr_assert(sk_policy_render(p, true, false, &b));
    cr_expect(strstr(b.p, "a|b &lt;script&gt;*x*"));
    sk_buf_clear(&b);
    cr_assert(sk_policy_render(p, false, false, &b));
    cr_expect(strstr(b.p, "a\\|b \\<script\\>\\*x\\*"));
    sk_buf_free(&b);
    sk_policy_free(p);
    sk_problems_free(&problems);
}

Test(tools, coverage)
{
    static const char *const PATHS[] = { "/share/審査", "/share/新課", "/share/総務課/人事/x", "/backup/サーバ",
                                         "/share/a\nb" };
    struct sk_buf b;
    sk_buf_init(&b, 65536);
    cr_assert(sk_policy_coverage(the_policy(), PATHS, 5, &b));
    cr_expect_str_eq(b.p, "LOC-DEFAULT\t/share/新課\nLOC-DEFAULT\t/backup/サーバ\nLOC-DEFAULT\t/share/a?b\n");
    sk_buf_free(&b);
}

/* from -> to gives exactly this line (and the head line of nothing else). */
Test(tools, diff)
{
    static const struct {
        const char *from, *to, *lines;
    } CASES[] = {
        { "version: \"0.1.0\"", "version: \"0.2.0\"", "policy version 0.1.0 → 0.2.0\n" },
        { "id: LOC-SOUMU\n      path: /share/総務課\n      max_grade: L2",
          "id: LOC-SOUMU\n      path: /share/総務課\n      max_grade: L3", "location LOC-SOUMU max_grade L2 → L3\n" },
        { "owner_groups: [GRP_SHINSA]", "owner_groups: [GRP_SHINSA, GRP_X]",
          "location LOC-SHINSA owner_groups [GRP_SHINSA] → [GRP_SHINSA, GRP_X]\n" },
        { "compartments: [T, M]\n      owner", "compartments: [M, T]\n      owner", "" }, /* a set */
        { "persons: {over: 100}\n", "persons: {over: 50}\n", "label_rule LR-22 persons over 100 → 50\n" },
        { "      max_age_days: 7\n", "", "location LOC-TEMP max_age_days removed: 7\n" },
        { "receipts: {valid_days: 7}", "receipts: {valid_days: 3}", "receipts valid_days 7 → 3\n" },
        { "    社外秘:         {grade: L2}\n", "", "markings words 社外秘 removed: {grade: L2}\n" },
        { "  - {id: D-OTHER,       name: その他(メール等), max_grade: L1, compartments: [], require: [no_hidden]}\n",
          "",
          "destination D-OTHER removed: {id: D-OTHER, name: その他(メール等), max_grade: L1, compartments: [], "
          "require: [no_hidden]}\n" },
        { "# 各項目", "# 書き直した注釈", "" },
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct sk_problems problems;
        struct sk_buf b;
        size_t changes = 99;
        sk_problems_init(&problems);
        struct sk_policy *p = changed_policy(CASES[i].from, CASES[i].to, &problems, NULL);
        cr_assert(p, "%s: %s", CASES[i].from, problems.n ? problems.items[0].en : "");
        sk_buf_init(&b, 65536);
        cr_assert(sk_policy_diff(the_policy(), p, true, &b, &changes));
        cr_expect_str_eq(b.p ? b.p : "", CASES[i].lines);
        cr_expect_eq(changes, *CASES[i].lines != '\0');
        sk_buf_free(&b);
        sk_policy_free(p);
        sk_problems_free(&problems);
    }
}

Test(tools, diff_tells_order)
{
    struct sk_problems problems;
    struct sk_buf b;
    sk_problems_init(&problems);
    struct sk_policy *p = changed_policy("  - {id: L2, name: 取扱注意,   c: 2, gov: 機密性2, muni: 自治体機密性3C}\n  "
                                         "- {id: L3, name: 機密,       c: 3, gov: "
                                         "機密性2, muni: 自治体機密性3B}\n",
                                         "  - {id: L3, name: 機密,       c: 3, gov: 機密性2, muni: 自治体機密性3B}\n  "
                                         "- {id: L2, name: 取扱注意,   c: 2, "
                                         "gov: 機密性2, muni: 自治体機密性3C}\n",
                                         &problems, NULL);
    cr_assert(p);
    sk_buf_init(&b, 65536);
    cr_assert(sk_policy_diff(the_policy(), p, true, &b, NULL));
    cr_expect_str_eq(b.p, "grade order changed at L2 → L3\n");
    sk_buf_free(&b);
    sk_policy_free(p);
    sk_problems_free(&problems);
}

Test(tools, what_if)
{
    struct sk_problems problems;
    struct sk_buf text;
    struct sk_what_if w;
    struct bench b;
    memset(&w, 0, sizeof(w));
    sk_problems_init(&problems);
    sk_buf_init(&text, 65536);
    struct sk_policy *p = changed_policy("path: /share/総務課\n      max_grade: L2",
                                         "path: /share/総務課\n      max_grade: L3", &problems, NULL);
    cr_assert(p);
    struct sk_facts facts = { .path = "/share/総務課/a.UKE", .group = "GRP_SOUMU", .mtime = AS_OF * 86400L };
    for (int i = 0; i < 3; i++) {
        struct sk_judgement before, after;
        bench_claims(&b, 1, 2);
        cr_assert(sk_judge_place(the_policy(), &b.r, &facts, AS_OF, &before) &&
                  sk_judge_place(p, &b.r, &facts, AS_OF, &after));
        sk_what_if_add(&w, &before, &after);
        sk_judgement_free(&before);
        sk_judgement_free(&after);
    }
    cr_assert(sk_what_if_render(&w, the_policy(), p, true, &text));
    cr_expect(strstr(text.p, "3 files") && strstr(text.p, "V-GRADE  3 → 0 (new 0, gone 3)") &&
              strstr(text.p, "V-COMP  3 → 3"));
    cr_expect(strstr(text.p, "L3  3 → 3"));
    sk_buf_free(&text);
    sk_policy_free(p);
    sk_problems_free(&problems);
}
