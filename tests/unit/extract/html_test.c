/* html_test.c - pages of tests/corpus/html (make_markup.py). */
#include "record_check.h"

#include <time.h>

TestSuite(html);

#define PAGE                                                                                                           \
    "format 0 html", "0 title - 題名 & 副題", "0 property - p1 作成者甲", "0 body - 一行目の 文",                      \
        "0 body - p2 二行目Aあ 終<&unknown; ", "0 body text p3 隠した", "0 body - p4 段落",                            \
        "0 body text p5 隠した枠 内側 ", "0 body - p6 山田さん ", "0 ruby - p6 やまだ", "0 body - r0c0 配置",          \
        "0 body - r0c0 区", "0 body - r0c1 横", "0 body - r1c0~ 区", "0 body - r1c1 甲", "0 body - r1c2 乙",           \
        "0 body - p7 入力値", "0 body text p7 隠し値", "0 body - p8 欄の<文", "0 body name p9 代替文",                 \
        "0 body - p9 a@example.jp", "0 body - p9 宛先 1 < 2 && 3 > 2 ", "0 comment comment p1  消した   行     ",      \
        "0 body text p1 var s = \"脚本の値\";", "!0 reason damaged"

Test(html, pages)
{
    static const struct expected FILES[] = {
        { "html/cp932.html", { PAGE } },
        { "html/euc.htm", { PAGE } },
        { "html/utf16.html", { PAGE } },
        { "html/liar.html", { PAGE } },
        { "html/broken.html", { "0 body - 閉じない ", "0 body - p2 文一 文二 ", "0 body - r0c0 升<td 途中" } },
    };
    CHECK_FILES(FILES);
}

Test(html, stop)
{
    check_stop("html/cp932.html");
}

/* What is never closed costs no more than what is. */
Test(html, linear)
{
    static const char *const PIECES[] = { "<a \"", "<!--",     "<![CDATA[", "<!x",
                                          "<?",    "<script>", "</",        "<table><tr><td rowspan=9>",
                                          "&#",    "<!D [" };
    struct record *r = record_new();
    for (size_t i = 0; i < sizeof(PIECES) / sizeof(PIECES[0]); i++) {
        struct sk_buf b;
        sk_buf_init(&b, (size_t)8 << 20);
        sk_buf_str(&b, "<html>");
        while (b.n < (size_t)1 << 20)
            sk_buf_str(&b, PIECES[i]);
        struct timespec t0, t1;
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t0);
        cr_expect(record_bytes(r, "x", b.p, b.n), "%s", PIECES[i]);
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t1);
        cr_expect(t1.tv_sec - t0.tv_sec < 8, "%s: %ld s", PIECES[i], (long)(t1.tv_sec - t0.tv_sec));
        sk_buf_free(&b);
    }
    record_free(r);
}
