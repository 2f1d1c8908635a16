/* database_test.c - tables of databases. The files: dbf and Access by hand-written generators (mdb-export reads the
 * latter the same way), SQLite by SQLite itself (make_database.py). */
#include "record_check.h"

TestSuite(database);

Test(database, dbf)
{
    static const struct expected FILES[] = {
        { "dbf/cp932.dbf",
          { "format 0 dbf", "0 body - r0c1 氏名", "0 body - r1c0 12345", "0 body - r1c1 髙橋 ①郎",
            "0 body - r1c2 タカハシ イチロウ", "0 body - r1c3 19550903", "0 body - r1c4 1",
            "0 body - r2c1(change) 佐藤 花子", "0 body - r2c4(change) -2", "0 body - r3c1 鈴木",
            "!0 reason damaged" } },
        { "dbf/unmarked.dbf", { "0 body - r1c1 髙橋 ①郎", "0 body - r1c2 タカハシ イチロウ" } },
        { "dbf/utf8.dbf",
          { "0 body - r0c0 name", "0 body - r1c0 日本語の文字です日本語の文字です日本語の文字です日本語の文字です" } },
        { "dbf/cut.dbf", { "0 body - r1c1 髙橋 ①郎", "0 reason damaged" } },
    };
    CHECK_FILES(FILES);
    check_stop("dbf/cp932.dbf");
}

/* Records beyond what a source remembers of its head, also across that border. */
Test(database, long_table)
{
    enum { WIDTH = 61, RECORDS = 3000 };
    struct record *r = record_new();
    size_t n = 65 + (size_t)RECORDS * WIDTH;
    uint8_t *p = calloc(n, 1);
    cr_assert(p);
    memcpy(p, "\x03\x7e\x0b\x18", 4);
    p[4] = RECORDS & 255;
    p[5] = RECORDS >> 8;
    p[8] = 65;
    p[10] = WIDTH;
    memcpy(p + 32, "NO\0\0\0\0\0\0\0\0\0C", 12);
    p[48] = WIDTH - 1;
    p[64] = '\r';
    for (size_t i = 0; i < RECORDS; i++) {
        char text[WIDTH + 1];
        snprintf(text, sizeof(text), " %-60zu", i);
        memcpy(p + 65 + i * WIDTH, text, WIDTH);
    }
    FILE *f = tmpfile(); /* a descriptor, not memory */
    cr_assert(f && fwrite(p, 1, n, f) == n && fflush(f) == 0);
    struct sk_source *s = sk_source_fd(fileno(f), n);
    cr_assert(s);
    bool sk_extract_dbf(struct sk_job * job);
    struct sk_job job = {
        .source = s, .name = "t", .budget = &r->budget, .fold = r->fold, .scratch = r->scratch, .sink = &r->sink
    };
    sk_budget_start(&r->budget, &r->limits, n);
    sk_source_head(s, SK_HEAD_BYTES);
    cr_assert(sk_extract_dbf(&job));
    cr_expect(record_has(r, "0 body - r1074c0 1073"));
    cr_expect(record_has(r, "0 body - r3000c0 2999"));
    cr_expect(!record_has(r, "0 reason damaged"));
    sk_source_free(s);
    fclose(f);
    free(p);
    record_free(r);
}

Test(database, sqlite)
{
    static const struct expected FILES[] = {
        { "sqlite/people.sqlite",
          { "format 0 sqlite", "part 1 in 0 [-] 名簿", "1 body - r0c0 番号", "1 body - r0c1 氏名", "1 body - r0c3 金額",
            "!1 body - r0c4 check", "1 body - r1c0 1001", "1 body - r1c1 髙橋 0郎", "1 body - r40c0 1040",
            "1 body - r40c1 髙橋 39郎", "1 body - r40c3 58.5", "part 2 in 0 [-] wr", "2 body - r1c0 書類",
            "part 3 in 2 [embedded] row 2 column 2", "3 body - p1 inside the blob", "2 body - r3c0 長い値",
            "0 body change %消した人 07 xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxO",
            "!0 reason damaged" } },
        { "sqlite/utf16.sqlite",
          { "1 body - r0c0 氏名", "1 body - r1c0 佐藤 花子", "1 body - r2c1 -7", "!0 reason damaged" } },
        { "sqlite/cut.sqlite", { "0 reason damaged" } },
        { "sqlite/loop.sqlite", { "0 reason damaged" } },
    };
    CHECK_FILES(FILES);
    check_stop("sqlite/people.sqlite");
}

#define PEOPLE                                                                                                         \
    "format 0 access", "2 body - r0c1 氏名", "2 body - r1c0 1001", "2 body - r1c1 髙橋 一郎",                          \
        "2 body - r1c2 Takahashi", "2 body - r1c3 1955/09/03", "2 body - r1c4 内の備考", "2 body - r1c5 1500",         \
        "2 body - r2c1(change) 消した 人", "2 body - r3c2 Café", "2 body - r3c5 -1.2345", "2 body - r4c0 1005"

Test(database, access)
{
    static const struct expected FILES[] = {
        { "access/jet4.mdb",
          { PEOPLE, "part 2 in 0 [-] 名簿", "2 body - r4c4 一枚の備考", "2 body - r5c1 移った 人",
            "!0 reason damaged" } },
        { "access/encoded.mdb", { PEOPLE, "2 body - r4c4 一枚の備考", "!0 reason damaged" } },
        { "access/cut.mdb", { PEOPLE, "0 reason damaged" } },
    };
    CHECK_FILES(FILES);
    check_stop("access/jet4.mdb");
}
