/* pptx_test.c - presentations of tests/corpus/pptx (make_ooxml.py). */
#include "record_check.h"

TestSuite(pptx);

Test(pptx, slides)
{
    static const struct expected FILES[] = {
        { "pptx/full.pptx",
          { "format 0 pptx",
            "0 title - s1 表題のスライド",
            "0 body - s1 本文一行目",
            "0 body - s1 本文二行目",
            "0 body - r0c0 区",
            "0 body - r0c1 氏名欄",
            "0 body - r1c0~ 区",
            "0 body - r1c1 甲",
            "0 body - r1c2 乙",
            "0 stamp - s1 ㊙",
            "0 body text s1 枠の外に置いた文",
            "0 body text s1 見えない図形の文",
            "0 footer - s1 部外秘",
            "0 note notes s1 発表者だけが見る文",
            "0 comment comment s1 昔のコメント",
            "0 body slide s2 隠しスライドの文",
            "0 body slide s3 どこからも参照されない文",
            "0 body - 全頁に出る組織の名前と所在地",
            "0 footer - フッターの注記",
            "!0 title - マスタータイトルの書式設定",
            "0 body - s1 件数の推移",
            "0 body cache r0c1 系列一",
            "0 body cache r1c0 甲野",
            "0 body cache r1c1 12",
            "0 body cache r2c0 乙野",
            "0 body cache r2c1 34",
            "part 1 in 0 [embedded] book.xlsx",
            "2 body - A1 元データ",
            "!0 reason damaged" } },
        { "pptx/cut.pptx", { "format 0 pptx", "0 reason damaged", "0 body - s1 本文一行目" } },
    };
    CHECK_FILES(FILES);
}

Test(pptx, stop)
{
    check_stop("pptx/full.pptx");
}
