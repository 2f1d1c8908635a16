/* odf_test.c - OpenDocument of tests/corpus/odf (make_odf.py). */
#include "record_check.h"

TestSuite(odf);

Test(odf, texts)
{
    static const struct expected FILES[] = {
        { "odf/full.odt",
          { "format 0 odt",
            "0 header - p1 取扱注意",
            "0 footer - p2 - 頁 -",
            "0 body - p1 見出し",
            "0 body - p2 氏名   甲と乙",
            "0 body - p3 山田さん",
            "0 ruby - p3 やまだ",
            "0 body - p4 前後",
            "0 body text p4 見えない字",
            "0 body - p5 白黒地の白字",
            "0 body text p5 白い字",
            "0 body text p6 隠した節",
            "0 body change 消した段落",
            "0 note - p2 脚注の文",
            "0 comment comment p2 注釈の文",
            "0 body - p7 宛先本文",
            "0 body - p7 a@example.jp",
            "0 stamp - p7 秘",
            "0 body - r0c0 区",
            "0 body - r0c1 一行 二行",
            "0 body - r1c0~ 区",
            "0 body - r1c1 中  表",
            "0 body - p13 末尾",
            "0 title - 題名です",
            "0 property - 作成者甲",
            "0 property - 担当課:総務課",
            "part 1 in 0 [embedded] Object 1",
            "2 body - A1 元データ",
            "part 3 in 0 [embedded] Object 2",
            "3 body - r1c0 甲",
            "!0 reason damaged" } },
        { "odf/repacked.odt", { "format 0 odt", "0 body - p1 見出し" } },
        { "odf/cut.odt", { "format 0 odt", "0 reason damaged", "0 body - p1 見出し", "0 body - r1c0~ 区" } },
        { "odf/aes.odt", { "format 0 odt", "0 encrypted odf-aes256", "0 reason encrypted odf-aes256" } },
        { "odf/blowfish.ods", { "format 0 ods", "0 encrypted odf-blowfish" } },
    };
    CHECK_FILES(FILES);
}

#define SHEET                                                                                                          \
    "part 1 in 0 [-] 一覧", "1 body - A1 氏名", "1 body - B1 1980/01/02", "1 body - C1(column) 隠し列",                \
        "1 body - D1 12.5", "1 body - E5 同", "1 body - F6 同", "!1 body - G5 同", "!1 body - E7 同",                  \
        "1 body - A7(row) 隠し行", "1 body - A8(row) 畳んだ行", "1 body - A9 縦", "1 body - B9 1234567890123",         \
        "1 body - A10~ 縦", "1 body - B10 値", "1 comment comment p8 セルの注釈", "part 2 in 0 [sheet] 裏",            \
        "2 body sheet A1 隠しシート", "0 body name of:cell-content-is-in-list(\"甲\";\"乙\")", "!0 reason damaged"

Test(odf, sheets)
{
    static const struct expected FILES[] = {
        { "odf/full.ods", { "format 0 ods", SHEET } },
        { "odf/flat.fods", { "format 0 fods", "0 title - 題名です", SHEET } },
        { "odf/bomb.ods", { "1 body - XFD62 満", "0 reason too-large" } },
    };
    CHECK_FILES(FILES);
}

Test(odf, slides)
{
    static const struct expected FILES[] = {
        { "odf/full.odp",
          { "format 0 odp", "0 body - 全頁に出る組織の名前", "0 body - r0c0 列甲", "0 body - r0c1 列乙",
            "part 1 in 0 [embedded] Object", "1 body - r1c0 丙", "0 footer - 部外秘", "0 title - s1 表題",
            "0 body - s1 本文二行目", "0 stamp - s1 機密", "0 note notes s1 発表者だけが見る文",
            "0 body slide s2 隠しスライドの文です" } },
    };
    CHECK_FILES(FILES);
}

Test(odf, stop)
{
    check_stop("odf/full.odt");
    check_stop("odf/full.ods");
    check_stop("odf/flat.fods");
    check_stop("odf/full.odp");
}
