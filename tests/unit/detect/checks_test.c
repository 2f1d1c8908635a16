#include "detect/engine.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VECTORS_TODAY 20780 /* 2026-11-23: the vectors' own day (check.py TODAY) */

/* Every row of the published and generated vectors: kind, value, valid|invalid, why. */
Test(checks, vectors)
{
    FILE *f = fopen(TESTS_DIR "/data/vectors.tsv", "r");
    cr_assert(f);
    char line[512];
    unsigned rows = 0;
    while (fgets(line, sizeof(line), f)) {
        char *kind = strtok(line, "\t"), *value = strtok(NULL, "\t"), *expected = strtok(NULL, "\t");
        cr_assert(kind && value && expected);
        sk_check check = sk_check_find(kind);
        cr_assert(check, "no check %s", kind);
        bool valid = strcmp(expected, "valid") == 0;
        cr_expect_eq(check(value, strlen(value), VECTORS_TODAY), valid, "%s %s should be %s", kind, value, expected);
        rows++;
    }
    fclose(f);
    cr_assert_eq(rows, 423);
}

Test(checks, unknown_names)
{
    cr_assert_null(sk_check_find("no_such_check"));
    cr_assert_null(sk_value_find("no_such_value"));
}

/* No check reads beyond n or falls over strange bytes and lengths. */
Test(checks, any_bytes)
{
    static const char *const KINDS[] = {
#define X(name) #name,
#include "detect/checks.def"
#undef X
    };
    static const char *const SAMPLES[] = { "", "0", "-", "A", "9999999999999999999", "\xE6\x98\xAD", "\xE6\x98\xAD\xE5\x92\x8C", "@", "a@", "@b.jp", "K", "U07", "....", "1.2.3.", "\xFF\xFE" };
    for (size_t k = 0; k < sizeof(KINDS) / sizeof(KINDS[0]); k++)
        for (size_t i = 0; i < sizeof(SAMPLES) / sizeof(SAMPLES[0]); i++) {
            size_t n = strlen(SAMPLES[i]);
            char *exact = malloc(n ? n : 1); /* so that a sanitizer sees one byte too many */
            memcpy(exact, SAMPLES[i], n);
            sk_check_find(KINDS[k])(exact, n, VECTORS_TODAY);
            free(exact);
        }
}

/* Hand-worked values for the roles' value checks. */
Test(values, table)
{
    static const struct {
        const char *kind, *value;
        bool holds;
    } CASES[] = {
        { "name", "佐藤 一郎", true }, { "name", "佐藤", true }, { "name", "ジョン・スミス", true }, { "name", "JOHN SMITH", true },
        { "name", "VARCHAR(40)", false }, { "name", "12345", false }, { "name", "", false }, { "name", "患者の氏名を漢字で記録すること。", false },
        { "kana", "サトウ イチロウ", true }, { "kana", "さとう いちろう", true }, { "kana", "佐藤", false }, { "kana", "sato", false },
        { "date", "昭和55年1月2日", true }, { "date", "S55.1.2", true }, { "date", "1980/1/2", true }, { "date", "19800102", true },
        { "date", "3550102", true }, { "date", "1980-01-02 00:00:00", true }, { "date", "昭和55年1月2日生", true }, { "date", "2030/1/1", false },
        { "date", "1980/13/2", false }, { "date", "1980/2/30", false }, { "date", "昭和64年1月8日", false }, { "date", "平成1年1月8日", true },
        { "date", "年 月 日", false }, { "date", "昭和55年(1980年)1月2日", true }, { "date", "1980年(昭和55年)1月2日", true },
        { "sex", "男", true }, { "sex", "2", true }, { "sex", "3", false }, { "age", "73", true }, { "age", "満73歳", true }, { "age", "130", false },
        { "age", "40~44歳", false }, { "address", "群馬県桜川市若葉町1丁目2番3号", true }, { "address", "桜川市若葉町1-2", true }, { "address", "なし", false },
        { "postal", "〒371-0811", true }, { "postal", "3710811", true }, { "postal", "371-081", false },
        { "phone", "027-220-1234", true }, { "phone", "03(1234)5678", true }, { "phone", "+81-90-1234-5678", true }, { "phone", "+81 (0)90 1234 5678", true },
        { "phone", "09012345678", true }, { "phone", "1234", false }, { "my_number", "621498320257", true }, { "my_number", "6214-9832-0257", true },
        { "my_number", "|6|2|1|4|9|8|3|2|0|2|5|7|", true }, { "my_number", "6 2 1 4 9 8 3 2 0 2 5 7", true }, { "my_number", "621498320258", false },
        { "my_number", "000000000000", false }, { "symbol", "12", true }, { "symbol", "石あ", true }, { "symbol", "被保険者証の記号を書く", false },
        { "symbol", "", false }, { "symbol_number", "12・123456", true }, { "symbol_number", "12-34 5678", true }, { "symbol_number", "記入例", false },
        { "branch", "01", true }, { "branch", "1", true }, { "branch", "001", false }, { "insured_no", "87654323", true }, { "insured_no", "0000012345", true },
        { "insured_no", "H000012345", true }, { "insured_no", "1234567", false }, { "insurer", "138057", true }, { "insurer", "00138057", true },
        { "insurer", "06130488", true }, { "insurer", "138058", false }, { "insurer", "10017", true }, { "payer", "54016027", true }, { "payer", "80272784", true },
        { "payer", "20271231", false }, { "pension", "1234-567890", true }, { "licence", "309012345620", true }, { "passport", "TK1234567", true },
        { "residence_card", "AB12345678CD", true }, { "card", "4111-1111-1111-1111", true }, { "card", "4111-1111-1111-1112", false },
        { "account", "1234568", true }, { "account", "1111111", false }, { "yucho", "12340-12345671", true }, { "facility", "0110113719", true },
        { "office", "13B0900010", true }, { "corporate", "7000012050002", true }, { "icd10", "E11.9", true }, { "drug_code", "610406079", true },
        { "measure", "5.4", true }, { "measure", "<0.3", true }, { "measure", "65.5kg", true }, { "measure", "(-)", true }, { "measure", "2026/10/01", false },
        { "care_level", "要介護2", true }, { "care_level", "要支援1", true }, { "care_level", "要介護6", false }, { "count", "1,204", true }, { "count", "10未満", false },
        { "text", "糖尿病", true }, { "text", "    年  月  日", false }, { "text", "□□□□-□□□□", false }, { "text", "(   )", false }, { "email", "a@b.example.jp", true },
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        sk_value value = sk_value_find(CASES[i].kind);
        cr_assert(value, "no value %s", CASES[i].kind);
        cr_expect_eq(value(CASES[i].value, strlen(CASES[i].value), VECTORS_TODAY), CASES[i].holds, "%s '%s'", CASES[i].kind, CASES[i].value);
    }
}

#define WHOLE SIZE_MAX
/* Days by Python's datetime.date. */
Test(dates, days)
{
    static const struct {
        const char *text;
        size_t used;
        long day;
    } CASES[] = {
        { "昭和55年1月2日", WHOLE, 3653 }, { "昭55.1.2", WHOLE, 3653 },   { "S55.1.2", WHOLE, 3653 },       { "s.55/01/02", WHOLE, 3653 },
        { "1980/1/2", WHOLE, 3653 },       { "1980-01-02", WHOLE, 3653 }, { "1980.1.2", WHOLE, 3653 },      { "19800102", WHOLE, 3653 },
        { "3550102", WHOLE, 3653 },        { "令和元年5月1日", WHOLE, 18017 }, { "令和1年5月1日", WHOLE, 18017 }, { "昭和 55 年 1 月 2 日", WHOLE, 3653 },
        { "1980年1月2日生", 15, 3653 },    { "明治1年1月25日", WHOLE, -37231 }, { "大正15年12月25日", WHOLE, -15713 }, { "1980/1/23", WHOLE, 3674 },
        { "1980/1/234", 0, 0 },            { "2024.10.1.5", 0, 0 },       { "昭和0年1月1日", 0, 0 },        { "H31.5.1", 0, 0 },
        { "6010101", 0, 0 },               { "18000101", 0, 0 },          { "1980/2/30", 0, 0 },            { "10/1/2024", 0, 0 },
        { "", 0, 0 },                      { "1980/1-2", 0, 0 },          { "平成31年4月30日", WHOLE, 18016 }, { "平成31年5月1日", 0, 0 },
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        long day = 0;
        size_t n = strlen(CASES[i].text), used = sk_date_read(CASES[i].text, n, true, &day);
        cr_expect_eq(used, CASES[i].used == WHOLE ? n : CASES[i].used, "'%s' used %zu", CASES[i].text, used);
        if (used)
            cr_expect_eq(day, CASES[i].day, "'%s' is day %ld", CASES[i].text, day);
    }
}
