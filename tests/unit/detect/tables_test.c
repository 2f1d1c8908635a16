/* Tables and row layouts through the public face of detect, against the counts of corpus/make_claims.py and hand-worked
 * cases. */
#include <criterion/criterion.h>

#include "detect/detect.h"
#include "detect/table_feed.h"

#include <stdio.h>

struct bench {
    struct sk_fold *fold;
    struct sk_rules *rules;
    struct sk_matcher *matcher;
    struct sk_match_scratch *scratch;
    struct sk_detect *detect;
    struct seki_result *result;
    const char *format;
};

static void bench_open(struct bench *b)
{
    struct sk_problems problems;
    sk_problems_init(&problems);
    memset(b, 0, sizeof *b);
    b->fold = sk_fold_new();
    b->rules = sk_rules_load(PATTERNS_DIR, b->fold, &problems);
    cr_assert_not_null(b->rules, "%s", problems.n ? problems.items[0].en : "memory");
    b->matcher = sk_matcher_new(b->rules, NULL, &problems);
    cr_assert_not_null(b->matcher);
    b->scratch = sk_match_scratch_new(b->matcher);
    struct sk_detect_config config = { .today = 20780, .key = { 1, 2 } }; /* 2026-11-23 */
    b->detect = sk_detect_new(b->rules, &config);
    cr_assert_not_null(b->detect);
    sk_problems_free(&problems);
}

static void bench_close(struct bench *b)
{
    sk_result_free(b->result);
    sk_detect_free(b->detect);
    sk_match_scratch_free(b->scratch);
    sk_matcher_free(b->matcher);
    sk_rules_free(b->rules);
    sk_fold_free(b->fold);
}

static bool give(void *ctx, const struct sk_segment *s)
{
    struct bench *b = ctx;
    struct sk_hits hits = { 0 };
    return sk_match_scan(b->matcher, b->scratch, s->text, s->len, &hits) && sk_detect_segment(b->detect, s, &hits);
}

static void scan(struct bench *b, const char *csv, size_t n, uint32_t rows, bool sheet)
{
    struct table_feed f = { .fold = b->fold, .rows = rows, .sheet = sheet, .separator = ',' };
    sk_result_free(b->result);
    b->result = calloc(1, sizeof *b->result);
    sk_arena_init(&b->result->arena, (size_t)1 << 28);
    sk_detect_begin(b->detect);
    b->format = "csv"; /* segments without source bytes show no csv by themselves */
    cr_assert(table_feed(&f, csv, n, give, b));
    cr_assert(sk_detect_part_end(b->detect, 0, &b->format));
    cr_assert(sk_detect_end(b->detect, b->result));
}

static unsigned long count(const struct bench *b, const char *element, enum sk_confidence least)
{
    unsigned long n = 0;
    for (uint32_t i = 0; i < b->result->n_found; i++)
        if (b->result->found[i].element == sk_element_find(element) && b->result->found[i].confidence >= least)
            n += b->result->found[i].count;
    return n;
}

/* ---------------------------------------------------------------- the corpus */

static char *read_file(const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    cr_assert_not_null(f, "%s", path);
    static char buf[1 << 20];
    *n = fread(buf, 1, sizeof buf - 1, f);
    buf[*n] = '\0';
    fclose(f);
    return buf;
}

static void check_facts(struct bench *b, char *line, const char *way)
{
    char *save = NULL, *name = strtok_r(line, "\t\n", &save), *format = strtok_r(NULL, "\t\n", &save);
    char *people = strtok_r(NULL, "\t\n", &save);
    cr_expect_str_eq(b->format, format, "%s %s: format %s", name, way, b->format);
    cr_expect_eq(b->result->persons_max, strtoul(people, NULL, 10), "%s %s: %lu people", name, way,
                 (unsigned long)b->result->persons_max);
    for (char *item = strtok_r(NULL, "\t\n", &save); item; item = strtok_r(NULL, "\t\n", &save)) {
        char *equals = strchr(item, '=');
        *equals = '\0';
        unsigned long want = strtoul(equals + 1, NULL, 10), got = count(b, item, SK_CONF_MEDIUM);
        cr_expect_eq(got, want, "%s %s: %s %lu, expected %lu", name, way, item, got, want);
    }
}

Test(tables, corpus_holds_what_its_generator_wrote)
{
    static const struct {
        const char *name;
        uint32_t rows;
        bool sheet;
    } ways[] = { { "whole", 0, false }, { "row by row", 1, false }, { "three rows", 3, false }, { "sheet", 0, true } };
    struct bench b;
    bench_open(&b);
    FILE *facts = fopen(TESTS_DIR "/data/claims/facts.tsv", "r");
    cr_assert_not_null(facts);
    char line[2048], path[512];
    size_t files = 0;
    while (fgets(line, sizeof line, facts)) {
        if (line[0] == '#')
            continue;
        files++;
        snprintf(path, sizeof path, TESTS_DIR "/corpus/%.*s", (int)strcspn(line, "\t"), line);
        for (size_t w = 0; w < sizeof ways / sizeof ways[0]; w++) {
            size_t n;
            const char *csv = read_file(path, &n);
            char copy[2048];
            memcpy(copy, line, sizeof copy);
            scan(&b, csv, n, ways[w].rows, ways[w].sheet);
            check_facts(&b, copy, ways[w].name);
        }
    }
    fclose(facts);
    cr_assert_gt(files, 30);
    bench_close(&b);
}

/* ---------------------------------------------------------------- hand-worked cases */

/* identifiers.md 4.1: 621498320257 and 983205673214 are valid; 138057 is valid, 138058 is not (1.1). */
Test(tables, confidence_follows_header_and_check_digit)
{
    static const struct {
        const char *csv, *element;
        unsigned long high, medium, low; /* at exactly this confidence */
    } cases[] = {
        { "氏名,個人番号\n山田太郎,621498320257\n鈴木花子,983205673214\n", "personal_number", 2, 0, 0 },
        { "氏名,マイナンバー\n山田太郎,6214-9832-0257\n", "personal_number", 1, 0, 0 },
        { "氏名,個人番号\n山田太郎,621498320257\n鈴木花子,983205673215\n", "personal_number", 1, 0, 1 },
        { "氏名,個人番号\n山田太郎,1\n鈴木花子,2\n", "personal_number", 0, 0, 0 },
        { "氏名,保険者番号\n山田太郎,138057\n鈴木花子,138057\n", "insurer_number", 2, 0, 0 },
        { "主たる氏名欄,生年月日\n山田太郎,1955/4/1\n鈴木花子,1956/4/2\n", "person_name", 0, 2, 0 },
        { "被保険者番号,氏名\n87654323,山田太郎\n87654324,鈴木花子\n", "latecare_insured_number", 1, 1, 0 },
        { "傷病名,件名\n糖尿病,あ\n頭痛,い\n", "disease", 0, 0, 2 },
        /* whose account it is, where nothing else tells; not for companies and offices (全銀協: カ), ユ)) */
        { "支払先,口座番号,口座名義\n小野寺,2345671,ｵﾉﾃﾞﾗ ﾐﾉﾙ\n前橋印刷,0012345,カ)マエバシインサツ\n", "person_kana",
          1, 0, 0 },
        { "番号,口座番号,口座名義人\n1,2345671,小野寺 実\n2,0012345,株式会社前橋印刷\n3,0012347,前橋市会計管理者\n",
          "person_name", 1, 0, 0 },
        { "氏名,金融機関,記号,番号\n小野寺 実,ゆうちょ銀行,10460,12345671\n", "yucho_account", 1, 0, 0 },
        { "氏名,金融機関,記号,番号\n小野寺 実,ゆうちょ銀行,10460,12345671\n", "insured_id", 0, 0, 0 },
        { "氏名,記号,番号\n小野寺 実,10461,12345671\n", "insured_id", 1, 0, 0 },
        { "氏名,ゆうちょ記号,ゆうちょ番号\n小野寺 実,10460,12345671\n", "yucho_account", 1, 0, 0 },
        { "氏名,振込口座\n小野寺 実,みどり銀行 本店 普通 2345671\n", "bank_account", 1, 0, 0 },
        { "氏名,口座番号,口座名義\n小野寺 実,2345671,ｵﾉﾃﾞﾗ ﾐﾉﾙ\n", "person_kana", 0, 0, 0 },
    };
    struct bench b;
    bench_open(&b);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        scan(&b, cases[i].csv, strlen(cases[i].csv), 0, false);
        unsigned long high = count(&b, cases[i].element, SK_CONF_HIGH),
                      most = count(&b, cases[i].element, SK_CONF_MEDIUM),
                      all = count(&b, cases[i].element, SK_CONF_LOW);
        cr_expect(high == cases[i].high && most - high == cases[i].medium && all - most == cases[i].low,
                  "case %zu: %lu high, %lu medium, %lu low", i, high, most - high, all - most);
    }
    bench_close(&b);
}

Test(tables, places_are_cells_of_the_sheet)
{
    static const char csv[] = "名簿,\n氏名,個人番号\n山田太郎,621498320257\n鈴木花子,983205673214\n";
    struct bench b;
    bench_open(&b);
    for (uint32_t rows = 0; rows < 3; rows++) { /* also where the decision waits for more segments */
        scan(&b, csv, strlen(csv), rows, true);
        size_t seen = 0;
        for (uint32_t i = 0; i < b.result->n_found; i++) {
            const struct sk_found *f = &b.result->found[i];
            for (uint32_t j = 0; f->element == SK_EL_PERSONAL_NUMBER && j < f->n_at; j++, seen++)
                cr_expect(f->at[j].kind == SK_AT_CELL && f->at[j].col == 1 && f->at[j].row == 2 + j);
        }
        cr_expect_eq(seen, 2);
    }
    bench_close(&b);
}

/* One 記号番号 is one place, in however many cells it stands; 枝番 tells two people of one household apart. */
Test(tables, insured_ids_are_one_place_each)
{
    static const struct {
        const char *csv;
        unsigned long ids, people;
    } cases[] = {
        { "保険者番号,記号,番号,枝番\n138057,12,345678,01\n138057,12,345678,02\n", 2, 2 },
        { "保険者番号,記号番号\n138057,12・345678\n138057,12・345679\n", 2, 2 },
        { "氏名,記号番号\n山田太郎,12-345678\n山田太郎,12-345678\n", 2, 1 },
        { "氏名,番号\n山田太郎,345678\n", 0, 1 },                           /* 番号 alone is any number */
        { "保険者番号,被保険者証記号,被保険者証番号\n138057,12,\n", 0, 0 }, /* 記号 without 番号 */
    };
    struct bench b;
    bench_open(&b);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        scan(&b, cases[i].csv, strlen(cases[i].csv), 0, false);
        cr_expect_eq(count(&b, "insured_id", SK_CONF_MEDIUM), cases[i].ids, "case %zu: %lu", i,
                     count(&b, "insured_id", SK_CONF_MEDIUM));
        cr_expect_eq(b.result->persons_max, cases[i].people, "case %zu: %lu people", i,
                     (unsigned long)b.result->persons_max);
    }
    bench_close(&b);
}

/* What begins like claims and is none; claims.md 1.4 and 7. */
Test(tables, claims_are_recognised_by_all_their_signs)
{
    static const struct {
        const char *csv, *format;
        unsigned long claims;
    } cases[] = {
        { "RE,1,1112,202608,山田　太郎,1,19550401\nHO,138057,12,345678,1,512\n", "uke", 1 },
        { "RE,Réunion,Saint-Denis\nIR,Iran,Tehran\nCO,Colombia,Bogotá\n", "csv", 0 },
        { "RE,1,9912,202608,山田　太郎,1,19550401\n", "csv", 0 }, /* no such 種別 */
        { "RE,1,1112,202613,山田　太郎,1,19550401\n", "csv", 0 }, /* no such month */
        { "RE,1,1112,202608,山田　太郎,1,19550431\n", "csv", 0 }, /* no such day */
        { "RE,1,1112,202608,山田　太郎,3,19550401\n", "csv", 0 }, /* no such sex */
        { "1,1,0,TRACE,1\n1,2,0,TRACE,2\n1,3,0,TRACE,3\n", "csv", 0 },
        { "RE: RE: 日程,1\nRE,1,IR など\n", "csv", 0 },
        { "1,2,0,RE,1,1112,50808,山田　太郎,1,3300401\n1,3,0,HO,138057,１２,３４５６,1,512\n1,4,0,HR,10\n",
          "uke-returned", 1 },
        { "\"RE\",\"1\",\"1112\",\"202608\",\"\",\"2\",\"3300401\"\n\"HO\",\"138057\",\"12\",\"345678\",\"1\","
          "\"512\"\n",
          "uke", 1 },
    };
    struct bench b;
    bench_open(&b);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        scan(&b, cases[i].csv, strlen(cases[i].csv), 0, false);
        cr_expect_str_eq(b.format, cases[i].format, "case %zu: %s", i, b.format);
        cr_expect_eq(count(&b, "claim_record", SK_CONF_MEDIUM), cases[i].claims, "case %zu", i);
    }
    bench_close(&b);
}

/* A spreadsheet that was given the file without its commas: each line stands in one cell. */
Test(tables, lines_in_single_cells_are_claims)
{
    static const char csv[] = "\"IR,2,10,1,0112345,,診療所,202609,00\"\n\"RE,1,1112,202608,山田　太郎,1,19550401\"\n"
                              "\"HO,  138057,１２,３４５６７８,1,512\"\n\"SY,8830592,20260811,1,,,01,\"\n";
    struct bench b;
    bench_open(&b);
    scan(&b, csv, strlen(csv), 0, true);
    cr_expect_str_eq(b.format, "uke");
    cr_expect_eq(count(&b, "claim_record", SK_CONF_HIGH), 1);
    cr_expect_eq(count(&b, "insured_id", SK_CONF_HIGH), 1);
    cr_expect_eq(b.result->persons_max, 1);
    bench_close(&b);
}

Test(tables, a_long_table_is_read_to_its_end)
{
    struct bench b;
    bench_open(&b);
    size_t cap = 1 << 20, n;
    char *csv = malloc(cap);
    n = (size_t)snprintf(csv, cap, "氏名,カナ氏名,生年月日\n");
    for (int i = 0; i < 3000; i++)
        n += (size_t)snprintf(csv + n, cap - n, "山田%s,ヤマダ タロウ,%d/%d/%d\n", "太郎", 1930 + i % 60, 1 + i % 12,
                              1 + i % 28);
    for (uint32_t rows = 0; rows < 200; rows += 99) {
        scan(&b, csv, n, rows, false);
        cr_expect_eq(count(&b, "birth_date", SK_CONF_HIGH), 3000);
        cr_expect_eq(count(&b, "person_name", SK_CONF_HIGH), 3000);
        cr_expect_eq(b.result->persons_max, 420, "%lu",
                     (unsigned long)b.result->persons_max); /* lcm(60, 12, 28) different days */
    }
    free(csv);
    bench_close(&b);
}

/* ---------------------------------------------------------------- what the quality report revealed */

static void expect_counts(const char *name, const char *csv, const char *const *want)
{
    struct bench b;
    bench_open(&b);
    for (uint32_t rows = 0; rows < 3; rows++) {
        scan(&b, csv, strlen(csv), rows, false);
        for (size_t i = 0; want[i] != NULL; i += 2)
            cr_expect_eq(count(&b, want[i], SK_CONF_MEDIUM), strtoul(want[i + 1], NULL, 10),
                         "%s, %u rows: %s %lu, expected %s", name, rows, want[i], count(&b, want[i], SK_CONF_MEDIUM),
                         want[i + 1]);
    }
    bench_close(&b);
}

Test(tables, headers_over_two_rows_and_apart)
{
    static const struct {
        const char *name, *csv, *want[9];
    } cases[] = {
        { "joined, nothing known alone",
          "社員,納付義,①生年,仮パス\n番号,務者氏名,月日(和暦),ワード\n72748,伊藤　蓮,1992/06/"
          "21,fX#8q!eh4n\n72761,菊地　節子,1931/08/26,n4gbtk3te8\n",
          { "person_name", "2", "birth_date", "2", "credential", "2" } },
        { "家族名 under 本人",
          ",本人,\nNo.,姓,名\n1,鈴木,由美子\n2,山下,美咲\n3,菊地,みどり\n",
          { "person_name", "3" } },
        { "pair apart",
          "No.,氏名（姓）,受付日,氏名（名）,生年月日\n1,河野,202605,和夫,S50.1.31\n2,森,202605,さくら,S63.3.7\n",
          { "person_name", "2", "birth_date", "2" } },
        { "reading in brackets",
          "資格,本人,,\n記号番号,氏名（戸籍）,氏名（全角カナ）,生年月日\n80-1257738,石川 和夫,イシカワ "
          "カズオ,H20.7.11\n79-1257751,高崎 翔太,タカサキ ショウタ,S54.7.31\n",
          { "person_name", "2", "person_kana", "2" } },
        { "cut in two rows: a circled number in front, a digit left over",
          "債務,生年,①年金,住所\n者氏名,月日,手帳番号,2\n渡邊 "
          "清,S32.5.13,6697-753092,大阪府堺市堺区南瓦町4丁目19番30号\n吉田 "
          "陽菜,H22.6.12,8527-084385,大阪府堺市堺区南瓦町4丁目19番31号\n",
          { "person_name", "2", "birth_date", "2", "pension_number", "2", "address", "2" } },
        { "values that end as the header with a number does",
          "氏名,個人番号\n渡邊　一恵,1\n佐々木　りく,2\n",
          { "person_name", "2" } },
        { "unlisted birth date",
          "氏名,世帯主の生年月日\n伊藤　蓮,1992/06/21\n菊地　節子,1931/08/26\n",
          { "birth_date", "2" } },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        expect_counts(cases[i].name, cases[i].csv, cases[i].want);
}

Test(tables, words_that_are_no_values)
{
    static const struct {
        const char *name, *csv, *want[9];
    } cases[] = {
        { "end of the table",
          "氏名,生年月日,口座番号\n新井　正,S31.10.10,2460642\n茂木　勝,H28.12.6,1905105\n以上,,\n合計,,\n該当なし,,\n",
          { "person_name", "2" } },
        { "salaries",
          "基本給,職員番号,氏名\n520000,17914,桑原　花子\n580000,17927,桑原　哲也\n以上,,\n",
          { "staff_hr", "2", "person_name", "2" } },
        { "surname with a word of bodies",
          "申告者氏名,生年月日\n阿部　実,S25.7.26\n服部　正,S25.7.27\n",
          { "person_name", "2" } },
        { "a disease that heads columns too",
          "氏名,傷病名\n青木 幸子,慢性腎臓病\n山本 キヨ,慢性腎臓病\n",
          { "disease", "2" } },
        { "master",
          "ICD10,病名,カナ\nE110,糖尿病性昏睡,トウニョウビョウセイコンスイ\nE112,糖尿病性腎症,"
          "トウニョウビョウセイジンショウ\n",
          { "person_kana", "0", "disease", "0" } },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        expect_counts(cases[i].name, cases[i].csv, cases[i].want);
}

Test(tables, claims_beyond_the_usual)
{
    static const struct {
        const char *name, *csv, *want[9];
    } cases[] = {
        { "labour accidents: no kind, RR behind",
          "IR,,10,1,1234567,,東部総合病院,202610,00,027-220-1111\nRE,1,,202609,山田　太郎,1,19550401\nRR,1,3,"
          "10101234567,,,1,,20260501,500\nSY,2500013,20260901,1,,,01,\nGO,0,0,99\n",
          { "claim_record", "1", "person_name", "1", "birth_date", "1", "disease", "1" } },
        { "free text",
          "IR,1,10,1,1234567,,内科,202610,00,027-220-1111\nRE,1,1112,202609,山田　太郎,1,19550401\nHO,  "
          "100016,１２,３４５６,1,500,,,,\nCO,01,1,810000001,家族の携帯電話 090-1234-5679\nSJ,01,連絡先 電話番号 "
          "03-3581-2111 メール yamada@example.jp\nGO,1,500,99\n",
          { "phone", "2", "email", "1", "claim_record", "1" } },
        { "notice of change through a spreadsheet",
          "1,1,0,2,533,,100016,1070100001,10,1,202610,0\n2,2,5331,1,20260901,1,100016,24680,ヤマダ "
          "タロウ,19350401,1\n2,3,5331,1,20260901,1,100016,13579,スズキ ハナコ,19380401,2\n3,4\n",
          { "care_claim_record", "2", "care_insured_number", "2", "birth_date", "2", "person_kana", "2" } },
        { "notebook with an era letter",
          "JAHISTC06,1\n1,山田　太郎,1,S300401,,,,,,,ヤマダ タロウ\n5,20261001,1\n",
          { "person_name", "1", "birth_date", "1" } },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        expect_counts(cases[i].name, cases[i].csv, cases[i].want);
}

Test(tables, dates_in_boxes)
{
    static const struct {
        const char *name, *csv, *want[9];
    } cases[] = {
        { "digits",
          "申立書\n世帯員氏名,阿部　節子\n加入者生年月日,1,9,7,5,1,1,0,3\n",
          { "birth_date", "1", "person_name", "1" } },
        { "era", "申立書\n世帯員氏名,阿部　節子\n生年月日,昭和,5,0,年,1,1,月,3,日\n", { "birth_date", "1" } },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        expect_counts(cases[i].name, cases[i].csv, cases[i].want);
}

/* Rows in one segment: the columns are known before its numbers are looked at, and those they rule out are left out. In
 * segments of one row all numbers are looked at first. Both must find the same. */
Test(tables, numbers_that_columns_rule_out)
{
    static const char *const tables[] = {
        "氏名,生年月日,電話番号,個人番号,金額,備考\n"
        "山田 太郎,1980/01/02,03-3234-5678,123456789018,123456789018,\n"
        "鈴木 花子,1975/11/30,090-1234-5678,,4111111111111111,個人番号 123456789018\n"
        "佐藤 次郎,1990/05/06,,123456789018,1500,TEL0332345678\n"
        "田中 三郎,1961/07/08,0332345679,,090-1234-5678,法人番号:7000012050002 年齢 45\n",
        "注文番号,商品コード,数量,単価,日付,伝票\n"
        "123456789018,4111111111111111,12,1500,2026/01/02,マイナンバー123456789018\n"
        "7000012050002,123456789018,3,980,2026/01/03,090-1234-5678\n"
        "090-1234-5678,03-3234-5678,1,12000,2026/01/04,1-2-3\n",
        "品目,数量\n機器,123456789018\n部品,4111111111111111\n\n氏名,個人番号\n"
        "山田 太郎,123456789018\n鈴木 花子,123456789018\n",
        "A,B\n123456789018,1\n12,\"個人番号\n123456789018\"\n",
    };
    struct bench b;
    bench_open(&b);
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        uint64_t whole[SK_EL_COUNT][SK_CONF_COUNT] = { 0 };
        for (uint32_t rows = 0; rows < 2; rows++) {
            scan(&b, tables[i], strlen(tables[i]), rows, false);
            for (uint32_t k = 0; k < b.result->n_found; k++) {
                const struct sk_found *f = &b.result->found[k];
                if (rows == 0)
                    whole[f->element][f->confidence] = f->count;
                else
                    whole[f->element][f->confidence] -= f->count;
            }
        }
        for (int e = 0; e < SK_EL_COUNT; e++)
            for (int k = 0; k < SK_CONF_COUNT; k++)
                cr_expect_eq(whole[e][k], 0, "table %zu: element %d at %d differs by %d", i, e, k, (int)whole[e][k]);
    }
    bench_close(&b);
}
