/* zip_test.c - archives of tests/corpus/zip (make_ooxml.py): what each holds is written there. */
#include "record_check.h"

#include "extract/zip.h"

TestSuite(zip);

Test(zip, members)
{
    static const struct expected FILES[] = {
        { "zip/plain.zip",
          { "format 0 zip", "part 1 in 0 [-] a.txt", "1 body - alpha one", "part 2 in 0 [-] dir/b.txt",
            "2 body - beta two", "!0 reason damaged" } },
        { "zip/stored.zip", { "1 body - alpha one" } },
        { "zip/descriptor.zip", { "1 body - alpha one", "2 body - beta two", "!0 reason damaged" } },
        { "zip/zip64.zip", { "part 1 in 0 [-] a.txt", "1 body - alpha one", "!0 reason damaged" } },
        { "zip/comment.zip", { "1 body - alpha one", "!0 reason damaged" } },
        { "zip/duplicate.zip", { "1 body - alpha one", "2 body - beta two", "part 2 in 0 [-] a.txt" } },
        { "zip/empty.zip", { "format 0 zip", "!0 reason damaged" } },
        { "zip/bzip2.zip", { "1 body - alpha one", "!1 reason damaged" } },
        { "zip/lzma.zip", { "1 body - alpha one", "!1 reason damaged" } },
        { "zip/deflate64.zip", { "!1 reason damaged", "!1 reason unsupported deflate64", "1 body - alpha one", "2 body - beta two" } },
        { "zip/deflate64-dynamic.zip", { "!1 reason damaged", "1 body - line 0 0", "1 body - line 1499 3834" } },
        { "zip/ppmd.zip", { "1 reason unsupported method 97", "2 body - beta two" } },
    };
    CHECK_FILES(FILES);
}

/* The byte 5C ends 表, ソ and 能 in CP932; 0x7075 counts only with the CRC of the name it belongs to. */
Test(zip, names)
{
    static const struct expected FILES[] = {
        { "zip/names.zip",
          { "part 1 in 0 [-] 表ソ能.txt", "part 2 in 0 [-] 日本.txt", "part 3 in 0 [-] 葛󠄀城.txt",
            "part 4 in 0 [-] y.txt", "part 5 in 0 [-] w/z.txt" } },
    };
    CHECK_FILES(FILES);
}

Test(zip, outside_the_directory)
{
    static const struct expected FILES[] = {
        { "zip/prefix.exe", { "format 0 zip", "1 body - alpha one", "!0 reason damaged" } },
        { "zip/prefix-unshifted.exe", { "1 body - alpha one" } },
        { "zip/two.zip", { "1 body - beta two", "part 2 in 0 [-] a.txt", "2 body - alpha one" } },
        { "zip/unlisted.zip",
          { "part 2 in 0 [-] b.txt", "2 body - beta two", "part 3 in 0 [-] c.txt", "3 body - gamma three",
            "!0 reason damaged" } },
        { "zip/no-directory.zip",
          { "0 reason damaged", "1 body - alpha one", "2 body - beta two", "3 body - gamma three" } },
        { "zip/cut-member.zip", { "0 reason damaged", "2 body - beta two", "3 reason damaged" } },
        { "zip/crc.zip", { "1 body - alpha one", "1 reason damaged", "2 body - beta two", "!2 reason damaged" } },
    };
    CHECK_FILES(FILES);
}

Test(zip, encryption)
{
    static const struct expected FILES[] = {
        { "zip/aes128.zip", { "0 encrypted zip-aes128", "1 reason encrypted zip-aes128" } },
        { "zip/aes192.zip", { "1 reason encrypted zip-aes192" } },
        { "zip/aes256.zip",
          { "0 encrypted zip-aes256", "1 encrypted zip-aes256", "1 reason encrypted zip-aes256",
            "0 member a.txt 11 0x00000000" } },
        /* One member stands open, so the archive as a whole is not encrypted; both members are listed for receipts. */
        { "zip/zipcrypto.zip",
          { "1 reason encrypted zipcrypto", "!0 encrypted zipcrypto", "0 member 氏名.txt 11 0x333ad862",
            "0 member b.txt 10 0xce5160b9", "1 filename - 氏名.txt", "2 body - beta two" } },
        { "zip/strong.zip", { "1 reason encrypted zip-unknown" } },
    };
    CHECK_FILES(FILES);
}

/* 64 members that are the same 4 KiB of deflated zeros would be 256 MiB: the ratio to the file of 7 KiB ends it soon
 * after the floor. */
Test(zip, overlapping_members_cost_their_output)
{
    static const struct expected FILES[] = { { "zip/overlap.zip", { "0 reason ratio" } } };
    CHECK_FILES(FILES);
}

Test(zip, stop)
{
    check_stop("zip/plain.zip");
}

Test(zip, find_and_stream)
{
    size_t n;
    bool damaged;
    uint8_t *p = record_load(TESTS_DIR "/corpus/zip/names.zip", &n);
    struct sk_budget budget = { 0 };
    sk_budget_start(&budget, &SK_LIMITS_DEFAULT, n);
    struct sk_source *s = sk_source_memory(sk_bytes(p, n));
    struct sk_zip *z = sk_zip_open(s, &budget, &damaged);
    cr_assert(z && !damaged);
    cr_expect_eq(sk_zip_count(z), 5);
    cr_expect_eq(sk_zip_find(z, "W\\Z.TXT"), 4);
    cr_expect_eq(sk_zip_find(z, "none"), SIZE_MAX);
    struct sk_source *m = sk_zip_stream(z, 4);
    char buf[32] = "";
    cr_assert(m);
    cr_expect_eq(sk_source_read(m, 0, buf, 3), 3);
    cr_expect_eq(sk_source_read(m, 3, buf + 3, sizeof(buf) - 4), 7);
    cr_expect_str_eq(buf, "beta two\r\n");
    sk_source_free(m);
    cr_expect_eq(sk_zip_stream_why(z), SK_WHY_NONE);
    sk_zip_close(z);
    sk_source_free(s);
    free(p);
}
