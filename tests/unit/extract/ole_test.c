/* ole_test.c - Outlook messages and the old Office formats in tests/corpus/cfb (make_mail.py). */
#include "record_check.h"

TestSuite(ole);

Test(ole, documents)
{
    static const struct expected FILES[] = {
        { "cfb/full.msg",
          { "format 0 msg", "0 title - 件名の表示", "0 mail-header - From: 送信 太郎 <taro@example.jp>",
            "0 mail-header - To: 宛先 花子 <hana@example.jp>", "0 body - 一行目", "0 body - 二行目",
            "part 1 in 0 [-] body.html", "1 body - 表の本文", "part 2 in 0 [-] body.rtf", "part 3 in 0 [-] 名簿.csv",
            "3 body - r1c0 山田太郎", "part 4 in 0 [-] 転送", "format 4 msg", "4 title - 内側の件名",
            "4 body - 内側の本文" } },
        { "cfb/book.xls",
          { "format 0 xls",
            "part 1 in 0 [-] 名簿",
            "1 body - A1 氏名",
            "1 body - B1 電話abcd",
            "1 body - A2 山田太郎",
            "1 ruby - ヤマダ1",
            "1 body - B2 100-0001",
            "1 body - C2 1980/01/01",
            "1 body - A3(row) 7",
            "1 body - B3(row) 12.34",
            "1 body - A4 式の値",
            "1 body - A5~ 式の値",
            "1 body - E4(column) 隠し列",
            "1 header - 社外秘",
            "1 comment comment コメント文",
            "part 2 in 0 [sheet] 裏",
            "2 body sheet A1 裏の表",
            "0 body pivot 隠れた元の値",
            "0 title - 表題の例",
            "0 property - 作成 太郎",
            "part 3 in 0 [embedded] Ole10Native",
            "3 body - packed text",
            "!0 reason damaged" } },
        { "cfb/book5.xls",
          { "1 body - A1 氏名", "1 body - B2 100-0001", "1 body - C2 1980/01/01", "1 body - A4 式の値",
            "1 body - A5~ 式の値", "1 header - abc", "1 comment comment コメント", "2 body sheet A1 裏の表" } },
        { "cfb/letter.doc",
          { "format 0 doc", "0 body - p1 Tel’s 見出し", "0 body - r0c0 氏名", "0 body - r0c1 電話",
            "0 body - r1c0 山田太郎", "0 body - r1c1 03-0000-0000", "0 body - p2 表示末尾", "0 body text p2 消した字",
            "0 header - p4 取扱注意", "0 title - p2 文書の題", "part 1 in 0 [embedded] _1", "format 1 xls",
            "2 body - A2 山田太郎" } },
        { "cfb/word95.doc", { "0 body - p1 旧版の文", "0 body - p2 氏名\t山田\t", "0 body - p2 終わり" } },
        { "cfb/show.ppt",
          { "format 0 ppt", "0 body change 古い版の文", "0 body - s1 一枚目の題", "0 body - s1 café",
            "0 body - s1 second", "0 body - r0c0 氏名", "0 body - r1c1 03-0000-0000", "0 body slide s2 見せない頁",
            "0 note notes 発表者の控え", "part 1 in 0 [embedded] OLE", "2 body - packed text" } },
    };
    CHECK_FILES(FILES);
    check_stop("cfb/book.xls");
    check_stop("cfb/letter.doc");
    check_stop("cfb/show.ppt");
    check_stop("cfb/full.msg");
}

/* Encrypted with the password that Excel itself uses and tries: read. LibreOffice 7.4 wrote open-rc4.xls and opens the
 * others (but for 40 bits, which it does not support) with the same values. */
Test(ole, known_password)
{
#define VALUES                                                                                                         \
    "format 0 xls", "1 body - A2 山田太郎", "1 body - B2 100-0001", "1 body - C2 1980/01/01", "1 body - A4 式の値",    \
        "1 body - E4(column) 隠し列", "2 body sheet A1 裏の表", "!0 reason encrypted", "!0 reason damaged"
    static const struct expected FILES[] = {
        { "cfb/open-rc4.xls",
          { "format 0 xls", "1 body - A1 氏名欄", "1 body - B1 山田 太郎", "1 body - A61 行番号 60 の長い文字列",
            "1 body - B121 120120", "2 body - A1 二枚目の文", "!0 reason encrypted" } },
        { "cfb/open-xor.xls", { VALUES, "1 ruby - ヤマダ1", "1 comment comment コメント文" } },
        { "cfb/open-xor5.xls", { VALUES, "1 comment comment コメント" } },
        { "cfb/open-api.xls", { VALUES, "1 ruby - ヤマダ1" } },
        { "cfb/open-api40.xls", { VALUES } },
        { "cfb/open-standard.xlsx",
          { "format 0 ooxml", "format 1 xlsx", "2 body - A39 39039", "!0 reason encrypted ooxml-standard-aes" } },
        { "cfb/locked-xor.xls", { "0 encrypted xls-xor", "0 reason encrypted xls-xor" } },
    };
    CHECK_FILES(FILES);
}
