#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scene.h"

static void write_all(const struct scene *s, enum sk_report_format format, struct sink *out, bool complete)
{
    struct sk_writer w = sink_writer(out);
    struct sk_report *r = sk_report_new(format, &s->run, &w);
    cr_assert(r);
    for (int i = 0; i < SCENE_FILES; i++)
        cr_assert(sk_report_file(r, &s->files[i]));
    const struct sk_report_aggregate a = { "LOC-SOUMU", "V-AGG", "S1", 1055, 1055 };
    cr_assert(sk_report_aggregate(r, &a));
    cr_assert(sk_report_finish(r, complete, 1.25));
    sk_report_free(r);
}

Test(report, every_format_is_valid_and_as_agreed)
{
    static const struct {
        enum sk_report_format format;
        const char *kind;
        bool english, verbose;
        const char *golden;
    } CASES[] = {
        { SK_REPORT_JSONL, "jsonl", false, false, "scan.jsonl" },
        { SK_REPORT_JSONL, "jsonl", true, false, "scan.jsonl" },
        { SK_REPORT_JSONL, "jsonl", false, true, "verbose.jsonl" },
        { SK_REPORT_TEXT, "text", false, false, "scan.ja.txt" },
        { SK_REPORT_TEXT, "text", true, false, "scan.en.txt" },
        { SK_REPORT_CSV, "csv", false, false, "scan.csv" },
        { SK_REPORT_CSV, "csv", true, false, "scan.csv" },
        { SK_REPORT_SARIF, "sarif", false, false, "scan.sarif" },
        { SK_REPORT_SARIF, "sarif", true, false, "scan.sarif" },
        { SK_REPORT_HTML, "html", false, false, "scan.ja.html" },
        { SK_REPORT_HTML, "html", true, false, "scan.en.html" },
    };
    struct scene *s = scene_new();
    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        struct sink out = { 0 };
        s->run.english = CASES[i].english;
        s->run.verbose = CASES[i].verbose;
        write_all(s, CASES[i].format, &out, false);
        check_with_python(CASES[i].kind, &out.buf);
        check_golden(s, CASES[i].golden, &out.buf);
        sk_buf_free(&out.buf);
    }
    scene_free(s);
}

static bool has(const struct sk_buf *b, const char *text)
{
    return strstr(b->p, text) != NULL;
}

Test(report, the_contract_in_words)
{
    struct scene *s = scene_new();
    struct sink out = { 0 };
    write_all(s, SK_REPORT_JSONL, &out, false);
    static const char *const MUST[] = {
        "{\"record\":\"file\",\"path\":\"/share/総務課/共有/"
        "RECEIPTC.UKE\",\"format\":\"uke\",\"size\":1234,\"sha256\":\"0001020304",
        "{\"part\":\"\",\"offset\":123,\"length\":8,\"line\":3,\"column\":5}",
        "{\"part\":\"名簿.xlsx!Sheet1\",\"cell\":\"C2\"}",
        "{\"part\":\"名簿.xlsx!元データ\",\"cell\":\"AB10\",\"hidden\":true,\"hidden_kind\":\"very hidden sheet\"}",
        "{\"part\":\"名簿.xlsx!添付.docx\",\"paragraph\":4}",
        "{\"part\":\"名簿.xlsx!添付.docx\",\"page\":12}",
        "{\"part\":\"名簿.xlsx!添付.docx\",\"slide\":2}",
        "\"persons\":{\"min\":3,\"max\":3,\"by_insurer\":{\"100016\":{\"min\":2,\"max\":2},\"39100016\":{\"min\":1,"
        "\"max\":1}}}",
        "{\"code\":\"encrypted\",\"part\":\"弱.zip!RECEIPTC.UKE\",\"detail\":\"weak\",\"method\":\"zipcrypto\"}",
        "\"state\":\"excluded\",\"reasons\":[{\"code\":\"special\",\"part\":\"\",\"detail\":\"\"}]",
        "\"state\":\"uninspectable\",\"reasons\":[{\"code\":\"denied\"",
        "\"path_bytes\":\"/share/%E5%BA%83%E5%A0%B1/=<b>%22%0A%E2%80%AE%96%BC,x'.csv\"",
        "{\"record\":\"aggregate\",\"location\":\"LOC-SOUMU\",\"code\":\"V-AGG\",\"severity\":\"S1\",\"persons\":{"
        "\"min\":1055,\"max\":1055}}",
        "{\"record\":\"summary\",\"complete\":false,\"states\":{\"inspected\":3,\"partial\":1,\"uninspectable\":2,"
        "\"excluded\":1,\"unchanged\":0}",
        "\"status\":\"draft\"",
    };
    for (size_t i = 0; i < sizeof(MUST) / sizeof(*MUST); i++)
        cr_assert(has(&out.buf, MUST[i]), "%s", MUST[i]);
    cr_assert_not(has(&out.buf, "\"low\""), "low confidence only with --verbose");
    sk_buf_free(&out.buf);
    scene_free(s);
}

Test(report, places_are_cut_and_the_rest_is_counted)
{
    struct scene *s = scene_new();
    struct sink out = { 0 };
    s->run.max_places = 1;
    write_all(s, SK_REPORT_JSONL, &out, false);
    check_with_python("jsonl", &out.buf);
    cr_assert(has(&out.buf, "\"element\":\"insured_id\",\"confidence\":\"high\",\"count\":6,\"at\":[{\"part\":\"\","
                            "\"offset\":123,\"length\":8,"
                            "\"line\":3,\"column\":5}],\"more\":5}"));
    sk_buf_free(&out.buf);
    scene_free(s);
}

Test(report, people_read_the_conclusion_first)
{
    struct scene *s = scene_new();
    struct sink out = { 0 };
    write_all(s, SK_REPORT_TEXT, &out, false);
    static const char *const MUST[] = { "結論: 【要対応】緊急",
                                        "検査: 【不完全】判定不能 2件・一部判定不能 1件",
                                        "未承認ポリシー",
                                        "弱い方式",
                                        "名簿.xlsx!Sheet1 C2",
                                        "3行 5文字目",
                                        "〔完全非表示シート〕",
                                        "〔ヘッダー〕",
                                        "読む権限がありません",
                                        "1,055人(確定)",
                                        "3人(確定)",
                                        "5〜6人" };
    for (size_t i = 0; i < sizeof(MUST) / sizeof(*MUST); i++)
        cr_assert(has(&out.buf, MUST[i]), "%s", MUST[i]);
    cr_assert_not(has(&out.buf, "会議.txt"), "clean files are only counted");
    cr_assert(strstr(out.buf.p, "名簿.xlsx\n") < strstr(out.buf.p, "RECEIPTC.UKE\n"), "S1 before S2");
    sk_buf_free(&out.buf);
    scene_free(s);
}

Test(report, overdue_and_clean_runs_say_so)
{
    struct scene *s = scene_new();
    struct sink out = { 0 };
    struct sk_writer w = sink_writer(&out);
    s->run.as_of = 21500; /* 2028-11-12, behind the review day */
    struct sk_report *r = sk_report_new(SK_REPORT_TEXT, &s->run, &w);
    cr_assert(sk_report_file(r, &s->files[SCENE_CLEAN]) && sk_report_finish(r, true, 0));
    sk_report_free(r);
    cr_assert(has(&out.buf, "見直し期限超過"));
    cr_assert(has(&out.buf, "結論: 【違反なし】  検査: 【完全】"));
    cr_assert_not(has(&out.buf, "安全"));
    sk_buf_free(&out.buf);
    scene_free(s);
}

Test(report, no_violation_is_never_clean_while_something_is_unread)
{
    struct scene *s = scene_new();
    struct sink out = { 0 };
    struct sk_writer w = sink_writer(&out);
    struct sk_report *r = sk_report_new(SK_REPORT_TEXT, &s->run, &w);
    cr_assert(sk_report_file(r, &s->files[SCENE_CLEAN]) && sk_report_finish(r, false, 0));
    sk_report_free(r);
    cr_assert(has(&out.buf, "検査: 【不完全】"));
    sk_buf_free(&out.buf);
    scene_free(s);
}

Test(report, the_same_run_gives_the_same_bytes)
{
    struct scene *s = scene_new();
    for (int format = 0; format < SK_REPORT_FORMATS; format++) {
        struct sink a = { 0 }, b = { 0 };
        write_all(s, format, &a, true);
        write_all(s, format, &b, true);
        cr_assert(a.buf.n == b.buf.n && memcmp(a.buf.p, b.buf.p, a.buf.n) == 0);
        sk_buf_free(&a.buf);
        sk_buf_free(&b.buf);
    }
    scene_free(s);
}

Test(report, a_full_disk_is_remembered)
{
    struct scene *s = scene_new();
    for (int format = 0; format < SK_REPORT_FORMATS; format++)
        for (size_t room = 1; room < 40000; room += 997) {
            struct sink out = { .room = room };
            struct sk_writer w = sink_writer(&out);
            struct sk_report *r = sk_report_new(format, &s->run, &w);
            cr_assert(r);
            bool ok = true;
            for (int i = 0; i < SCENE_FILES; i++) {
                bool now = sk_report_file(r, &s->files[i]);
                cr_assert(ok || !now, "success after a failure");
                ok = now;
            }
            bool end = sk_report_finish(r, true, 0);
            cr_assert(ok || !end);
            cr_assert(!end || out.buf.n <= room);
            sk_report_free(r);
            sk_buf_free(&out.buf);
        }
    scene_free(s);
}

Test(report, formats_have_names)
{
    cr_assert_eq(sk_report_format_find("text"), SK_REPORT_TEXT);
    cr_assert_eq(sk_report_format_find("jsonl"), SK_REPORT_JSONL);
    cr_assert_eq(sk_report_format_find("csv"), SK_REPORT_CSV);
    cr_assert_eq(sk_report_format_find("sarif"), SK_REPORT_SARIF);
    cr_assert_eq(sk_report_format_find("html"), SK_REPORT_HTML);
    cr_assert_eq(sk_report_format_find("xml"), -1);
    cr_assert_eq(sk_slip_format_find("json"), SK_SLIP_JSON);
    cr_assert_eq(sk_slip_format_find("html"), SK_SLIP_HTML);
    cr_assert_eq(sk_slip_format_find("text"), SK_SLIP_TEXT);
    cr_assert_eq(sk_slip_format_find("jsonl"), -1);
}
