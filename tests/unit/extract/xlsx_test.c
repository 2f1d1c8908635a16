/* xlsx_test.c - workbooks of tests/corpus/xlsx (make_ooxml.py). */
#include "record_check.h"

#include "extract/xlsx.h"

TestSuite(xlsx);

/* Serial dates: 1 is 1900-01-01, 60 never was, 25569 is 1970-01-01 (so 20335 is 5,234 days before), 2958465 the last.
 */
Test(xlsx, numbers)
{
    static const struct expected FILES[] = {
        { "xlsx/numbers.xlsx", { "1 body - A1 1955/09/03",   "1 body - B1 昭和30年9月3日",
                                 "1 body - C1 0001234",      "1 body - D1 100-0001",
                                 "1 body - E1 123",          "1 body - F1 123456789012",
                                 "1 body - G1 123456789012", "1 body - H1 1.5",
                                 "1 body - I1 1234567",      "1 body - J1 2023/03/15",
                                 "1 body - K1 S30.9.3",      "1 body - L1 昭和30年9月3日",
                                 "1 body - M1 0.0015",       "1 body - N1 12345",
                                 "1 body - O1 012",          "1 body - P1 012-34",
                                 "1 body - A2 1900/01/01",   "1 body - B2 1900/02/28",
                                 "1 body - C2 1900/03/01",   "1 body - D2 0.5",
                                 "1 body - E2 -3",           "1 body - F2 9999/12/31",
                                 "1 body - A3 TRUE",         "1 body - C3 結果",
                                 "1 body - D3 山田",         "1 ruby - ヤマダ",
                                 "1 body - E3 1999/12/31" } },
        { "xlsx/date1904.xlsx", { "1 body - A1 1904/01/01", "1 body - B1 1955/09/03" } },
        { "xlsx/unseen.xlsx", { "1 body - A1 1", "1 body - B1(text) 2", "1 body - C1 3", "1 body - D1(text) 4" } },
    };
    CHECK_FILES(FILES);
}

Test(xlsx, plain_decimals)
{
    static const struct {
        const char *in, *out;
    } CASES[] = {
        { "0", "0" },
        { "-0.50", "-0.5" },
        { "1E3", "1000" },
        { "1.5e-7", "0.00000015" },
        { "12.0", "12" },
        { "00012", "12" },
        { "1E+400", "1E+400" },
        { "12a", "12a" },
        { "", "" },
        { "9.99999999999E+11", "999999999999" },
        { "  7 ", "7" },
        { "1.2.3", "1.2.3" },
        { "100", "100" },
        { "0.1", "0.1" },
        { "-", "-" },
    };
    struct xlsx_format plain = { XLSX_PLAIN, NULL, false };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        char out[XLSX_NUMBER + 1];
        size_t n = xlsx_number(&plain, false, CASES[i].in, strlen(CASES[i].in), out);
        out[n] = '\0';
        cr_expect_str_eq(out, CASES[i].out, "%s -> %s", CASES[i].in, out);
    }
}

/* As Excel 2016 (Japanese) and LibreOffice 7.4 show them. */
Test(xlsx, amounts_and_eras)
{
    static const struct {
        const char *code, *in, *out;
    } CASES[] = {
        { "#,##0", "0", "0" },
        { "#,##0", "999", "999" },
        { "#,##0", "1234", "1,234" },
        { "#,##0", "123456", "123,456" },
        { "#,##0", "12345678", "12345678" }, /* may be a number of something: as stored */
        { "#,##0.00", "1599.99", "1,599.99" },
        { "#,##0.00", "-1599.995", "-1,600.00" },
        { "#,##0.00", "0.004", "0.00" },
        { "$#,##0.00;[Red]($#,##0.00)", "-1599.99", "($1,599.99)" },
        { "[$¥-411]#,##0", "1500", "¥1,500" },
        { "#,##0\"円\"", "1500", "1,500円" },
        { "#,##0;\"▲ \"#,##0", "-1500", "▲ 1,500" },
        { "0%", "0.2", "20%" },
        { "0.00%", "0.025", "2.50%" },
        { "#,##0,", "1500000", "1500000" },
        { "[$-411]ggge\"年\"m\"月\"d\"日\";@", "20335", "昭和30年9月3日" },
        { "[$-411]ge.m.d", "20335", "S30.9.3" },
        { "[$-411]gge.mm.dd", "43585", "平31.04.30" },
        { "[$-411]ggge\"年\"", "43586", "令和1年" },
        { "[$-411]gee.mm.dd", "32516", "H01.01.08" },
        { "[$-411]ge.m.d", "32515", "S64.1.7" },
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        char out[XLSX_NUMBER + 1];
        struct xlsx_format f = xlsx_format_of(164, CASES[i].code);
        size_t n = xlsx_number(&f, false, CASES[i].in, strlen(CASES[i].in), out);
        out[n] = '\0';
        cr_expect_str_eq(out, CASES[i].out, "%s %s -> %s", CASES[i].code, CASES[i].in, out);
    }
}

Test(xlsx, formats)
{
    static const struct {
        uint32_t id;
        const char *code;
        enum xlsx_show show;
    } CASES[] = {
        { 0, NULL, XLSX_PLAIN },
        { 14, NULL, XLSX_DATE },
        { 20, NULL, XLSX_TIME },
        { 22, NULL, XLSX_DATE },
        { 27, NULL, XLSX_ERA },
        { 36, NULL, XLSX_ERA },
        { 46, NULL, XLSX_TIME },
        { 50, NULL, XLSX_ERA },
        { 58, NULL, XLSX_ERA },
        { 37, NULL, XLSX_AMOUNT },
        { 49, NULL, XLSX_PLAIN },
        { 164, "General", XLSX_PLAIN },
        { 164, "G/標準", XLSX_PLAIN },
        { 164, "ge.m.d", XLSX_ERA },
        { 164, "m/d", XLSX_DATE },
        { 164, "h:mm", XLSX_TIME },
        { 164, "[h]:mm", XLSX_PLAIN },
        { 164, "\"day\"0", XLSX_PLAIN },
        { 164, "0.0E+0", XLSX_PLAIN },
        { 164, "[Red]0", XLSX_PLAIN },
        { 164, "\\y0", XLSX_PLAIN },
        { 164, "00000000", XLSX_PATTERN },
        { 164, "000-0000", XLSX_PATTERN },
        { 164, "0_ ", XLSX_PLAIN },
        { 164, "#,##0", XLSX_AMOUNT },
        { 164, "@", XLSX_PLAIN },
        { 164, "[$-411]e\"年\"", XLSX_DATE },
        { 164, "0.00", XLSX_PLAIN },
        { 164, "", XLSX_PLAIN },
        { 164, "[", XLSX_PLAIN },
        { 164, "yyyy/mm/dd", XLSX_DATE },
        { 164, "0\"件\"", XLSX_PLAIN },
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++)
        cr_expect_eq(xlsx_format_of(CASES[i].id, CASES[i].code).show, CASES[i].show, "%u %s", CASES[i].id,
                     CASES[i].code ? CASES[i].code : "");
}

Test(xlsx, patterns)
{
    static const struct {
        const char *code, *in, *out;
    } CASES[] = {
        { "0000000", "12", "0000012" },
        { "0000000", "123456789", "123456789" },
        { "000-0000", "1000001", "100-0001" },
        { "0000\"-\"0000\"-\"0000", "123456789012", "1234-5678-9012" },
        { "00000000", "1.5", "1.5" },
        { "00000000", "-5", "-5" },
        { "\"No.\"0000", "7", "No.0007" },
        { "####-####", "12345678", "1234-5678" },
        { "####-####", "123", "123" },
        { "[<=99999999]####-####;(00) ####-####", "312345678", "(03) 1234-5678" },
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        char out[XLSX_NUMBER + 1];
        struct xlsx_format f = xlsx_format_of(200, CASES[i].code);
        size_t n = xlsx_number(&f, false, CASES[i].in, strlen(CASES[i].in), out);
        out[n] = '\0';
        cr_expect_str_eq(out, CASES[i].out, "%s %s -> %s", CASES[i].code, CASES[i].in, out);
    }
}

Test(xlsx, references)
{
    uint32_t row, col;
    const char *rest;
    cr_expect(xlsx_ref("A1:B2", &row, &col, &rest) && row == 0 && col == 0 && *rest == ':');
    cr_expect(xlsx_ref("$XFD$1048576", &row, &col, NULL) && row == 1048575 && col == 16383);
    cr_expect(!xlsx_ref("XFE1", &row, &col, NULL) && !xlsx_ref("A0", &row, &col, NULL) &&
              !xlsx_ref("1", &row, &col, NULL) && !xlsx_ref("A", &row, &col, NULL) &&
              !xlsx_ref("ABCDE1", &row, &col, NULL) && !xlsx_ref("A99999999", &row, &col, NULL));
}

/* Sheets stand in the order of workbook.xml, whatever their ids; the strings stand behind them in the package. */
Test(xlsx, whole_workbook)
{
    static const struct expected FILES[] = {
        { "xlsx/full.xlsx",
          { "format 0 xlsx",
            "part 1 in 0 [-] 表",
            "part 2 in 0 [sheet] 隠し",
            "part 3 in 0 [very] 極秘シート",
            "1 body - B1 氏名",
            "1 body - A2(column) 審査課",
            "1 body - B2 山田 太郎",
            "1 body - A3~(row) 審査課",
            "1 body - B3(row) 佐藤 花子",
            "1 body - A4~(column) 審査課",
            "1 ruby - ヤマダ",
            "!1 body - A5~ 審査課",
            "2 body sheet C7 5",
            "3 body very A1 番地なし",
            "3 body very B1 7",
            "1 header - 社外秘",
            "1 header - 見出し&色",
            "1 footer - 取扱注意",
            "1 comment comment 電話は未確認",
            "1 comment comment 本物のスレッド",
            "!1 comment comment [スレッド] 写し",
            "1 body - 図の中の文章で、少し長いもの",
            "1 stamp - ㊙",
            "1 body name 男,女",
            "0 body name 区分 \"甲,乙\"",
            "0 body cache 消した人 次郎",
            "0 body - tantou@example.jp" } },
        { "xlsx/full.xlsx",
          { "part 4 in 0 [pivot] ピボットキャッシュ1",
            "4 body pivot r0c0 氏名",
            "4 body pivot r0c1 生年月日",
            "4 body pivot r1c0 甲野",
            "4 body pivot r1c1 1955/09/02",
            "4 body pivot r1c2 812",
            "4 body pivot r2c0 乙野",
            "4 body pivot r2c2 120",
            "4 body pivot r1c0 消えた丙野",
            "5 body cache B2 外の値",
            "0 title - 題名です",
            "0 property - 作成者甲",
            "0 property - 更新者乙",
            "0 property - 担当課:総務課",
            "0 msip 11111111-2222-3333-4444-55555555555a 00000000-0000-0000-0000-00000000000b enabled info",
            "0 msip abcdef01-2345-6789-abcd-ef0123456789 00000000-0000-0000-0000-00000000000a enabled custom",
            "part 6 in 0 [embedded] book.xlsx",
            "7 body - A1 埋め込み",
            "0 body name Provider=X;Data Source=srv",
            "0 body name 属性値",
            "0 body name 本文値",
            "!0 reason damaged",
            "!0 reason unsupported" } },
    };
    CHECK_FILES(FILES);
}

Test(xlsx, dialects)
{
    static const struct expected FILES[] = {
        { "xlsx/strict.xlsx", { "format 0 xlsx", "1 body - A1 strict", "!0 reason damaged" } },
        { "xlsx/backslash.xlsx", { "format 0 xlsx", "1 body - A1 strict" } },
        { "xlsx/prefixed.xlsx", { "1 body - A1 strict" } },
        { "xlsx/encodings.xlsx", { "1 body - A1 表計算①", "2 body - A1 ユーティーエフ", "!0 reason damaged" } },
    };
    CHECK_FILES(FILES);
}

Test(xlsx, damaged_and_hostile)
{
    static const struct expected FILES[] = {
        { "xlsx/cut.xlsx", { "format 0 xlsx", "0 reason damaged", "part 1 in 0 [-] 表", "1 body - B2 山田 太郎" } },
        { "xlsx/entities.xlsx", { "0 reason damaged" } },
        { "xlsx/disorder.xlsx", { "1 body - B3 3", "1 body - A3 4", "1 body - A1 1", "1 body - A2 2" } },
        { "xlsx/fanout.xlsx", { "0 reason ratio" } },
    };
    CHECK_FILES(FILES);
}

Test(xlsx, stop)
{
    check_stop("xlsx/full.xlsx");
}

/* make_xlsb.py writes it by MS-XLSB; the binary workbooks of Tika's tests read the same way. */
Test(xlsx, binary)
{
    static const struct expected FILES[] = {
        { "xlsx/binary.xlsb",
          { "format 0 xlsx",
            "part 1 in 0 [-] 表",
            "1 body - A1 氏名",
            "1 body - B1 直書き",
            "1 body - C1 飾った文",
            "1 ruby - カザッタブン",
            "1 ruby - ヤマダ タロウ",
            "1 body - A2 山田 太郎",
            "1 body - B2 昭和30年9月3日",
            "1 body - C2 1,599.99",
            "1 body - D2 12345678",
            "1 body - G2(column) TRUE",
            "1 body - A3(row) 式の結果",
            "1 body - B3(row) 0.5",
            "1 body - A4 結合の値",
            "1 body - A5~ 結合の値",
            "1 body - B4(text) 白い字",
            "1 body name 甲野,乙山,丙",
            "1 body name 連絡先は山田",
            "1 header - 取扱注意",
            "1 footer - 部外秘",
            "1 comment comment 注釈の文",
            "part 2 in 0 [very] 元データ",
            "2 body very A1 隠した値",
            "0 body cache 消した文字列",
            "0 body name 担当_山田 ",
            "0 body pivot 集計元の人",
            "!0 reason damaged",
            "!0 reason unsupported xlsb" } },
    };
    CHECK_FILES(FILES);
}

#define BOOK_2003                                                                                                      \
    "format 0 excel-xml", "0 property - 作成者甲", "0 body name 担当_乙", "part 1 in 0 [-] 名簿", "1 body - A1 氏名",  \
        "1 body - A3 山田 太郎", "1 body - B3 1955/09/03", "1 body - C3(column) 7", "1 comment comment 注釈の文",      \
        "1 body name mailto:a@example.jp", "1 body - D4(row) 隠した行", "part 2 in 0 [-] 二", "2 body - A1 次"

Test(xlsx, xml_of_2003)
{
    static const struct expected FILES[] = {
        { "excelxml/book.xml", { BOOK_2003, "!0 reason damaged" } },
        { "excelxml/sjis.xml", { BOOK_2003, "!0 reason damaged" } },
        { "excelxml/cut.xml", { "1 body - A1 氏名", "0 reason damaged" } },
    };
    CHECK_FILES(FILES);
    check_stop("excelxml/book.xml");
}
