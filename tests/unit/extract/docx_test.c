/* docx_test.c - documents of tests/corpus/docx (make_ooxml.py). */
#include "record_check.h"

TestSuite(docx);

Test(docx, body)
{
    static const struct expected FILES[] = {
        { "docx/full.docx",
          { "format 0 docx", "0 body - p1 一段落目続きです", "0 body - p2 山田太郎", "0 body change p2 川",
            "0 body - p3 前表示後", "0 body text p3 隠し文字白文字", "0 body - p4 佐藤様", "0 ruby - p4 さとう",
            "0 body - p5 左\t右", "0 body - p5 次行-末", "0 body - p6 連絡先", "0 body - p7 記号だけ隠れる",
            "0 body - p20 移動先", "0 body change p20 移動元", "0 body - p21 終わり", "!0 reason damaged" } },
        { "docx/full.docx",
          { "0 body - r0c0 課", "0 body - r0c1 氏名 二段落", "0 body - r0c3 白見出し", "0 body - r1c0~ 課",
            "0 body - r1c1 内1  内2    外", "0 body - r1c2(text) 消し", "0 body - r1c3(text) 白だけ" } },
        { "docx/full.docx",
          { "0 body - p18 錨後ろ", "0 body - p18 テキストボックスの中にある少し長い文章", "0 stamp - p19 部外秘",
            "0 header - p1 取扱注意", "0 watermark - p2 ㊙", "0 footer - p1 1頁", "0 note - p1 脚注の文",
            "0 note - p1 文末の注", "0 comment comment p1 要確認の人", "1 body - 取り込まれた文書",
            "0 body - 図解の文字", "0 title - 題名です", "0 body - soumu@example.jp",
            "part 2 in 0 [embedded] oleObject1.bin", "part 3 in 2 [embedded] 添付.txt", "3 body - native の中身",
            "0 body name カスタム値",
            "0 msip 11111111-2222-3333-4444-55555555555a 00000000-0000-0000-0000-00000000000b enabled info" } },
        { "docx/template.dotm", { "format 0 docx", "0 body - p1 ひな形" } },
    };
    CHECK_FILES(FILES);
}

/* Both branches of mc:AlternateContent hold the same box: it is given once. */
Test(docx, box_once)
{
    struct record *r = record_new();
    size_t n;
    uint8_t *p = record_load(TESTS_DIR "/corpus/docx/full.docx", &n);
    record_bytes(r, "full.docx", p, n);
    const char *first = strstr(r->log.p, "テキストボックスの中");
    cr_assert(first);
    cr_expect_null(strstr(first + 1, "テキストボックスの中"));
    free(p);
    record_free(r);
}

Test(docx, damaged)
{
    static const struct expected FILES[] = {
        { "docx/cut.docx", { "format 0 docx", "0 reason damaged", "0 body - p1 最初の段落です。" } },
        { "docx/cut-xml.docx", { "format 0 docx", "0 reason damaged", "0 body - p1 最初の段落です。" } },
        { "docx/deep.docx", { "format 0 docx", "0 reason damaged" } },
        { "docx/no-types.docx", { "format 0 docx", "0 body - p1 最初の段落です。" } },
    };
    CHECK_FILES(FILES);
}

Test(docx, stop)
{
    check_stop("docx/full.docx");
}

/* The parts of full.docx in one XML document. */
Test(docx, flat_package)
{
    static const struct expected FILES[] = {
        { "flatopc/full.xml",
          { "format 0 flat-opc", "part 1 in 0 [-] package", "format 1 docx", "!0 reason damaged",
            "!1 reason damaged" } },
        { "flatopc/cut.xml", { "format 0 flat-opc" } },
    };
    CHECK_FILES(FILES);
    check_stop("flatopc/full.xml");
}

Test(docx, xps)
{
    static const struct expected FILES[] = {
        { "xps/two.xps",
          { "format 0 xps", "0 body - 氏名\t生年月日", "0 body - 山田 太郎", "0 body - {中括弧}",
            "0 body name mailto:a@example.jp", "!0 reason damaged", "!0 reason unsupported" } },
    };
    CHECK_FILES(FILES);
    check_stop("xps/two.xps");
}
