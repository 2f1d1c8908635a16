/* cfb_test.c - compound files of tests/corpus/cfb (make_ooxml.py). */
#include "record_check.h"

TestSuite(cfb);

Test(cfb, kinds)
{
    static const struct expected FILES[] = {
        { "cfb/agile.xlsx", { "format 0 ooxml", "0 encrypted ooxml-agile-aes", "0 reason encrypted ooxml-agile-aes" } },
        /* Excel's own password for protected structure: two segments of 4,096 bytes and more. */
        { "cfb/open-agile.xlsx", { "format 0 ooxml", "part 1 in 0 [-] EncryptedPackage", "format 1 xlsx", "2 body - A1 1001", "2 body - A59 59059", "!0 reason encrypted ooxml-agile-aes",
                                   "!1 reason damaged" } },
        { "cfb/other-password.xlsx", { "0 reason encrypted ooxml-agile-aes" } },
        { "cfb/standard.xlsx", { "0 reason encrypted ooxml-standard-aes" } },
        { "cfb/rc4.xlsx", { "0 reason encrypted ooxml-rc4" } },
        { "cfb/irm.docx",
          { "0 reason rights-managed",
            "0 msip 11111111-2222-3333-4444-55555555555a 00000000-0000-0000-0000-00000000000b enabled info" } },
        { "cfb/plain.doc", { "format 0 doc", "0 reason damaged", "!0 reason unsupported doc" } },
        { "cfb/locked.doc", { "0 reason encrypted doc-rc4" } },
        { "cfb/locked.xls", { "0 reason encrypted xls-rc4" } },
        { "cfb/mail.msg", { "format 0 msg", "!0 reason unsupported msg" } },
        { "cfb/package.bin",
          { "part 1 in 0 [embedded] 名簿.csv", "1 body - 氏名,年齢", "!0 reason unsupported ole2" } },
        { "cfb/zip-inside.bin", { "part 2 in 1 [-] a.txt", "2 body - packed text" } },
        { "cfb/cut.bin", { "0 reason damaged" } },
        { "cfb/loop.bin", { "2 body - packed text" } },
    };
    CHECK_FILES(FILES);
}
