/* rtf_test.c - documents of tests/corpus/rtf (make_markup.py). */
#include "record_check.h"

TestSuite(rtf);

#define START                                                                                                          \
    "format 0 rtf", "0 title - p1 題名です", "0 property - p1 作成者甲", "0 header - p1 取扱注意",                     \
        "0 footer - p1 部外秘の頁", "0 body - p1 一行目の表示続き", "0 body text p1 隠し字", "0 body - p2 山田🝀",      \
        "0 body change p2 消した字", "0 note - p2 脚注の文", "0 comment comment p2 注釈の文", "0 body - r0c0 区",      \
        "0 body - r0c1 甲 乙"

Test(rtf, documents)
{
    static const struct expected FILES[] = {
        { "rtf/full.rtf",
          { START, "0 body - r1c0~ 区", "0 body - r1c1 丙", "0 body - p3 表の後宛先",
            "0 body name p3 HYPERLINK \"mailto:a@example.jp\"", "0 stamp - p4 秘", "part 1 in 0 [embedded] 名簿.csv",
            "1 body - r1c0 甲", "1 body - r2c1 2", "!0 reason damaged" } },
        { "rtf/cut.rtf", { START, "0 reason damaged" } },
    };
    CHECK_FILES(FILES);
}

Test(rtf, stop)
{
    check_stop("rtf/full.rtf");
}
