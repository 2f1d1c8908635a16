/* mail_test.c - mail of tests/corpus/eml (make_mail.py), and what must not be taken for mail. */
#include "extract/mime.h"
#include "record_check.h"

TestSuite(mail);

Test(mail, messages)
{
    static const struct expected FILES[] = {
        /* encoded words of one header joined; NEC row 13 and half-width kana in ISO-2022-JP */
        { "eml/jis.eml",
          { "format 0 eml", "0 mail-header - From: 担当 太郎 <tantou@example.jp>", "0 title - 名簿の送付",
            "0 body - 三々田花子 ① カリ", "0 body - second" } },
        { "eml/parts.eml",
          { "0 title - 氏名", "0 body text preamble", "0 body - 住所は東京都千代田区丸の内一丁目",
            "part 1 in 0 [-] body.html", "format 1 html", "1 body - 本文の表示", "part 2 in 0 [-] 名簿 2026.csv",
            "2 body - r1c0 山田太郎", "part 3 in 0 [-] 転送", "format 3 eml", "3 body - inner text",
            "4 encrypted smime", "4 reason encrypted smime", "0 body text epilogue", "!0 reason damaged" } },
        { "eml/raw.eml",
          { "0 title - 表の送付について", "0 mail-header - From: 佐藤次郎", "0 body - カナ氏名はサトウ ジロウです。",
            "part 1 in 0 [-] list.txt", "1 body - abc123", "0 body - behind" } },
        { "eml/korean.mbox",
          { "0 mail-header - From kim@example.kr Mon May  2 16:07:05 2005", "0 title - 한국말",
            "0 body - 본문입니다" } },
        { "eml/box.mbox", { "part 1 in 0 [-] no1", "1 body - text 1", "part 2 in 0 [-] no2", "2 body - text 2" } },
        { "eml/page.mht", { "0 title - 頁", "format 1 html", "1 body - r0c1 鈴木花子" } },
        { "eml/flowed.eml", { "0 body - 山田太郎" } },
        { "eml/cut.eml", { "0 body - kept text", "0 reason damaged" } },
        { "eml/deep.eml", { "0 reason too-deep" } },
    };
    CHECK_FILES(FILES);
    check_stop("eml/parts.eml");
}

Test(mail, identified)
{
    static const struct {
        const char *text;
        bool mail;
    } T[] = {
        { "From: a@example.jp\nTo: b@example.jp\nSubject: x\n\nbody\n", true },
        { "MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nbody\r\n", true },
        { "From a@example.jp Thu Oct  1 09:00:00 2026\nReceived: x\n\tby y\nSubject: x\n\nbody\n", true },
        { "Note: this is a text\n\nbody\n", false },
        { "From: the office\n\nDear all\n", false },
        { "Subject: agenda\nDate: 2026-10-01\n\n1. opening\n", false },
        { "From: a\nTo: b\nSubject: c\nand so on without a blank line\n", false },
        { "HTTP/1.1 200 OK\nDate: x\nContent-Type: text/html\n\n<p>\n", false },
    };
    struct record *r = record_new();
    for (size_t i = 0; i < sizeof(T) / sizeof(T[0]); i++) {
        record_bytes(r, "x", T[i].text, strlen(T[i].text));
        cr_expect(record_has(r, "format 0 eml") == T[i].mail, "%zu: %s", i, r->log.p);
    }
    record_free(r);
}

/* Examples of RFC 2047 section 8, RFC 2231 section 4.1, and what Japanese mailers write. */
Test(mail, words)
{
    static const struct {
        const char *in, *out;
    } T[] = {
        { "(=?ISO-8859-1?Q?a?= b)", "(a b)" },
        { "(=?UTF-8?Q?a?= =?UTF-8?Q?b?=)", "(ab)" },
        { "(=?UTF-8?Q?a?=\r\n    =?UTF-8?Q?b?=)", "(ab)" },
        { "=?UTF-8?Q?a_b?=", "a b" },
        { "=?utf-8*ja?B?5rCP5ZCN?=", "氏名" },
        { "=?shift_jis?B?lFyX?= =?shift_jis?B?zQ==?=", "能力" },
        { "plain =? no word", "plain =? no word" },
        { "", "" },
    };
    struct sk_buf out;
    sk_buf_init(&out, 4096);
    for (size_t i = 0; i < sizeof(T) / sizeof(T[0]); i++) {
        sk_buf_clear(&out);
        sk_mime_words(sk_bytes(T[i].in, strlen(T[i].in)), &out);
        cr_expect_str_eq(out.n ? out.p : "", T[i].out, "%s", T[i].in);
    }
    sk_buf_free(&out);
}

Test(mail, parameters)
{
    static const struct {
        const char *in, *out;
    } T[] = {
        { "a/b; name=plain.txt", "plain.txt" },
        { "a/b; x=1; name=\"a; \\\"b\\\".txt\"", "a; \"b\".txt" },
        { "a/b; name*=us-ascii'en-us'This%20is%20%2A%2A%2Afun%2A%2A%2A", "This is ***fun***" },
        { "a/b; name*0*=us-ascii'en'This%20is%20even%20more%20; name*1*=%2A%2A%2Afun%2A%2A%2A%20; name*2=\"isn't it!\"",
          "This is even more ***fun*** isn't it!" },
        { "a/b; name=\"=?UTF-8?B?5rCP5ZCN?=.csv\"", "氏名.csv" },
        { "a/b; name*=UTF-8''%E6%B0%8F%E5%90%8D.csv; name=\"x.csv\"", "氏名.csv" },
    };
    struct sk_buf out;
    sk_buf_init(&out, 4096);
    for (size_t i = 0; i < sizeof(T) / sizeof(T[0]); i++) {
        sk_buf_clear(&out);
        cr_expect(sk_mime_param(sk_bytes(T[i].in, strlen(T[i].in)), "name", &out), "%s", T[i].in);
        cr_expect_str_eq(out.n ? out.p : "", T[i].out, "%s", T[i].in);
    }
    cr_expect(!sk_mime_param(sk_bytes("a/b; filename=x", 15), "name", &out));
    sk_buf_free(&out);
}

Test(mail, transfer)
{
    static const struct {
        enum sk_transfer how;
        const char *in, *out;
    } T[] = {
        { SK_TRANSFER_BASE64, "YWJj\r\nZGVm", "abcdef" },          { SK_TRANSFER_BASE64, "YQ==\r\nYg==", "ab" },
        { SK_TRANSFER_QUOTED, "a=3Db=\r\nc  \r\nd", "a=bc\r\nd" }, { SK_TRANSFER_QUOTED, "a=\r\r\nb", "ab" },
        { SK_TRANSFER_UU, "begin 644 x\n#86)C\n`\nend\n", "abc" },
    };
    struct sk_buf out;
    sk_buf_init(&out, 4096);
    for (size_t i = 0; i < sizeof(T) / sizeof(T[0]); i++) {
        sk_buf_clear(&out);
        sk_mime_decode(T[i].how, sk_bytes(T[i].in, strlen(T[i].in)), &out);
        cr_expect_str_eq(out.n ? out.p : "", T[i].out, "%zu", i);
    }
    sk_buf_free(&out);
}
