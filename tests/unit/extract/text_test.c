#define _GNU_SOURCE
#include "sink_log.h"

static struct sink_log *l;

static void setup(void)
{
    l = log_new();
}

static void teardown(void)
{
    log_free(l);
}

TestSuite(text, .init = setup, .fini = teardown);

static struct log_part *scan(const char *s)
{
    cr_assert(log_memory(l, s, strlen(s), "x.dat"));
    return &l->parts[0];
}

Test(text, empty_is_inspected_text)
{
    struct log_part *p = scan("");
    cr_assert_str_eq(p->format, "text");
    cr_assert_eq(p->segments, 0);
    cr_assert_str_eq(log_text(&p->reasons), "");
}

/* Table or prose: hand-made and from the share's shapes. */
Test(text, layouts)
{
    static const struct {
        const char *what, *text, *format;
        bool table;
    } CASES[] = {
        { "csv with header",
          "氏名,生年月日,住所\r\n山田太郎,1980/01/02,群馬県桜川市1\r\n鈴木花子,1975/03/04,群馬県桜川市2\r\n", "csv",
          true },
        { "title above", "保険医療機関一覧(令和8年10月1日現在)\r\nコード,名称,所在地,電話\r\n1,a,b,c\r\n2,d,e,f\r\n",
          "csv", true },
        { "header only", "氏名,フリガナ,生年月日,住所\r\n", "csv", true },
        { "header and one line of two columns", "氏名,電話番号\n山田太郎,090-1234-5678\n", "csv", true },
        { "two short sentences", "はい,そうです。\nいいえ,ちがいます。\n", "text", false },
        { "letter", "Dear John,thanks.\nYours,Mary.\n", "text", false },
        { "one data line", "山田太郎,ﾔﾏﾀﾞﾀﾛｳ,S55.1.2,群馬県桜川市1-2", "csv", true },
        { "tsv", "コード\t名称\n1\tあ\n2\tい\n", "csv", true },
        { "semicolons", "a;b;c\n1;2;3\n4;5;6\n", "csv", true },
        { "pipes with empty rows", "氏名|番号\n山田 太郎|1980\n|\n鈴木 花子|1990\n|\n佐藤 一|1991\n", "csv", true },
        { "two columns of a print-out",
          "氏名           個人番号\n山田　太郎     1899-5061-5643\n鈴木　花子     1930-2623-6161\n佐藤　一       "
          "1462-5605-4757\n",
          "text", true },
        { "options of a manual",
          "使い方\n  -v, --verbose    詳しく表示する\n  -q, --quiet      表示しない\n  -h, --help       "
          "説明を表示する\n  -n, --number     番号 1000 から\n",
          "text", false },
        { "contents and pages", "第1章 総則      12\n第2章 組織      34\n第3章 手続      56\n第4章 雑則      78\n",
          "text", false },
        { "pipes", "id|name|birth\n1|山田|1980-01-01\n2|鈴木|1990-01-01\n", "csv", true },
        { "quoted", "\"氏名\",\"備考\"\r\n\"山田\",\"a, b\"\r\n\"鈴木\",\"c\r\nd\"\r\n\"佐藤\",\"e\"\r\n", "csv",
          true },
        { "claims",
          "IR,1,10,1,0100161,,病院,50510,00,027-000-0000\r\nRE,1,1112,50510,山田,1,3550102,,,,,,,,,,,,\r\nHO,  "
          "100016,１,２,1,500,,,,,\r\nSY,8830417,4300101,1,,,01,\r\n"
          "SI,12,1,112007410,,72,1,,,,,,,,,,,,,,,,,\r\nGO,1,500,99\r\n\x1A",
          "csv", true },
        { "claims, insurer side",
          "1,1,0,MN,000000001,,10000000000000001\r\n1,2,0,IR,1,10,1,0100161,,病院,50510,00\r\n1,3,0,RE,1,1112,50510,"
          "山田,1,3550102,,,\r\n1,4,0,SY,8830417,4300101,1\r\n",
          "csv", true },
        { "care transmission",
          "1,1,0,2,711,0,100016,1070100001,10,1,202610,0\r\n2,2,\"7131\",\"01\",\"202609\",\"1070100001\"\r\n3,3\r\n",
          "csv", true },
        { "fixed width",
          "受診者一覧\n番号    氏名        生年月日\n1       山田太郎    1980/01/02\n2       鈴木花子    1975/03/04\n3 "
          "      佐藤次郎    1966/05/06\n",
          "text", true },
        { "two tables between blank rows",
          "区分,件数\n全体,812\n再掲,90\n,\n,\n,\n,\n氏名,番号,病名\n山田,1,頭痛\n鈴木,2,頭痛\n佐藤,3,頭痛\n", "csv",
          true },
        { "two tables below each other",
          "区分,件数\n全体,812\n再掲,90\n氏名,番号,病名\n山田,1,頭痛\n鈴木,2,頭痛\n佐藤,3,頭痛\n区分,件数\n全体,"
          "2\n再掲,1\n",
          "csv", true },
        { "prose that changes its commas",
          "拝啓,春暖の候\n皆様,益々のこと\n会議は,次のとおり\n場所は,会議室,三階,です\n持ち物,筆記具,"
          "資料\n以上\n敬具\n追伸\n",
          "text", false },
        { "prose", "本日の会議は、予定どおり行います。\nご出席ください。\n", "text", false },
        { "english prose",
          "Dear all, please note the following.\nWe meet at ten, as always, in room 3.\nBring paper, pens, and "
          "patience.\n",
          "text", false },
        { "one english line", "Dear John, please find attached, as promised, the list.\n", "text", false },
        { "log",
          "2026-10-01 09:00:00,123 INFO [worker-1] job=000000000001 status=200 elapsed=3 ms\n2026-10-01 09:00:01,124 "
          "INFO [worker-2] job=000000000002 "
          "status=200 elapsed=4 ms\n2026-10-01 09:00:02,125 INFO [worker-1] job=000000000003 status=200 elapsed=3 ms\n",
          "text", false },
        { "web log",
          "10.0.0.1 - - [01/Oct/2026:09:00:00 +0900] \"GET / HTTP/1.1\" 200 1 \"-\" \"Mozilla/5.0 (Windows NT 10.0; "
          "Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)\"\n"
          "10.0.0.2 - - [01/Oct/2026:09:00:01 +0900] \"GET / HTTP/1.1\" 200 1 \"-\" \"Mozilla/5.0 (Windows NT 10.0; "
          "Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)\"\n"
          "10.0.0.3 - - [01/Oct/2026:09:00:02 +0900] \"GET / HTTP/1.1\" 200 1 \"-\" \"Mozilla/5.0 (Windows NT 10.0; "
          "Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)\"\n",
          "text", false },
        { "json", "{\"host\": \"10.1.2.3\", \"port\": 8443, \"retry\": 3, \"version\": \"1.22\"}\n", "json", false },
        { "pretty json", "{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": 3\n}\n", "json", false },
        { "xml", "<?xml version=\"1.0\"?>\n<a b=\"1,2,3\"/>\n", "xml", false },
        { "sql",
          "CREATE TABLE 被保険者 (\n  個人番号 CHAR(12),\n  氏名 VARCHAR(40),\n  生年月日 DATE,\n  住所 "
          "VARCHAR(200)\n);\n",
          "text", false },
        { "c",
          "static const int weight[] = {6,5,4,3,2,7,6,5,4,3,2};\nint check(const char *s) { int t = 0; return t % 11; "
          "}\n/* end */\n",
          "text", false },
        { "indented code", "int f(void)\n{\n\t\ta();\n\t\tb();\n\t\tc();\n\t\td();\n}\n", "text", false },
        { "edifact", "UNA:+.? 'UNB+UNOC:3+SENDER+RECEIVER+261001:0900+1'UNH+1+ORDERS:D:96A:UN'", "text", false },
        { "blank form",
          "氏名：　　　　　　　　\n生年月日：　　　　年　　月　　日\n住所：\n電話番号：　　　－　　　－　　　\n",
          "text", false },
        { "hash list", "ab12  file0.bin\nab13  file1.bin\nab14  file2.bin\nab15  file3.bin\nab16  file4.bin\n", "text",
          false },
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct log_part *p = scan(CASES[i].text);
        cr_expect_eq(p->table, CASES[i].table, "%s", CASES[i].what);
        cr_expect_str_eq(p->format, CASES[i].format, "%s: %s", CASES[i].what, p->format);
        cr_expect_str_eq(log_text(&p->reasons), "", "%s", CASES[i].what);
    }
}

/* What Python's csv module reads from the same text, but for the outer spaces and empty fields. */
Test(text, quoting)
{
    struct log_part *p =
        scan("a,b,c\r\n\"1 , x\",\"say \"\"hi\"\"\",3\r\n\r\n\"two\r\nlines\",  \"q\" ,\r\n5,6\" tall,\"7\"\r\n");
    cr_assert_str_eq(log_text(&p->cells), "0,0=a\n0,1=b\n0,2=c\n"
                                          "1,0=1 , x\n1,1=say \"\"hi\"\"\n1,2=3\n"
                                          "3,0=two\r\nlines\n3,1=q\n3,2=\n"
                                          "4,0=5\n4,1=6\" tall\n4,2=7\n");
}

/* A quotation mark that is never closed is text: the rows behind it stay rows. */
Test(text, bare_quotes)
{
    struct log_part *p = scan("id,memo,date\n1,\"open,2026\n2,b,2026\n3,\"c\",2026\n4,d,2026\n");
    cr_assert(strstr(log_text(&p->cells), "2,0=2\n2,1=b\n2,2=2026\n"), "%s", log_text(&p->cells));
    p = scan("RE,1,1112,50510,山田\r\nCO,01,1,810000001,\"A\"型\r\nCO,01,1,810000001,\"未閉\r\nSY,1,2,3\r\nCO,01,1,8,"
             "\"x\r\n");
    cr_assert(strstr(log_text(&p->cells), "1,4=\"A\"型\n"), "%s", log_text(&p->cells));
    cr_assert(strstr(log_text(&p->cells), "2,4=\"未閉\n3,0=SY\n"), "%s", log_text(&p->cells));
}

Test(text, fixed_width_cells)
{
    struct log_part *p = scan("番号  氏名　　　生年月日\n1     山田　太郎　　S55.1.2\n2     鈴木　花子　　S50.3.4\n3   "
                              "  佐藤　次郎　　S41.5.6\n");
    cr_assert(strstr(log_text(&p->cells), "1,0=1\n1,1=山田 太郎\n1,2=S55.1.2\n"), "%s", log_text(&p->cells));
}

/* Empty cells of a print-out: cells stand below their headers. Titles that an export filled up with commas; blank rows.
 */
Test(text, cells_below_their_headers)
{
    struct log_part *p =
        scan("一覧\n番号  氏名        受付    備考\n1     山田　太郎          確認済\n2     鈴木　花子  202605\n"
             "3     佐藤　次郎  202606\n4     森　三郎    202607\n");
    cr_assert(strstr(log_text(&p->cells), "2,0=1\n2,1=山田 太郎\n2,3=確認済\n"), "%s", log_text(&p->cells));
    cr_assert(strstr(log_text(&p->cells), "3,0=2\n3,1=鈴木 花子\n3,2=202605\n"), "%s", log_text(&p->cells));
    p = scan("帳票番号 KH001,,\n条件,,\n,,\n氏名,生年月日,電話\n山田,S55.1.2,1\n,,\n鈴木,S56.1.2,2\n");
    cr_assert(strstr(log_text(&p->cells), "3,0=氏名\n3,1=生年月日\n3,2=電話\n"), "%s", log_text(&p->cells));
    p = scan("求職者氏名|個人番号\n渡邊|1\n清水|2\n池田|3\n安|4\n");
    cr_assert(strstr(log_text(&p->cells), "1,0=渡邊\n1,1=1\n"), "%s", log_text(&p->cells));
}

Test(text, end_mark_is_no_text)
{
    struct log_part *p = scan("テスト\r\n\x1A");
    cr_assert_str_eq(log_text(&p->text), "テスト\r\n");
}

/* 氏名,番号 / 山田,１２ in every encoding; bytes by Python's codecs. */
Test(text, encodings)
{
    static const struct {
        const char *name;
        const char *bytes;
        size_t n;
        enum sk_charset cs;
    } CASES[] = {
#define CASE(cs, lit)                                                                                                  \
    {                                                                                                                  \
#cs, lit, sizeof(lit) - 1, cs                                                                                  \
    }
#include "text_encodings.inc"
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        cr_assert(log_memory(l, CASES[i].bytes, CASES[i].n, "x"));
        struct log_part *p = &l->parts[0];
        cr_expect_eq(p->charset, CASES[i].cs, "%s", CASES[i].name);
        cr_expect_str_eq(log_text(&p->cells),
                         "0,0=氏名\n0,1=フリガナ\n0,2=番号\n1,0=山田太郎\n1,1=ヤマダタロウ\n1,2=1234\n2,0=鈴木花子\n2,"
                         "1=スズキハナコ\n2,2=5678\n",
                         "%s: %s", CASES[i].name, log_text(&p->cells));
    }
}

/* ---- places ---- */

/* The raw offsets of a segment lead back to the source: each "番号" stands where the source has it. */
static bool check_raw(struct sink_log *log, const struct sk_segment *s)
{
    const struct sk_bytes *file = log->user;
    const struct sk_raw *r = s->raw;
    cr_assert(r && r->offset + r->n <= file->n);
    cr_assert_eq(memcmp(r->bytes, file->p + r->offset, r->n), 0);
    uint64_t line = 1, start = 0;
    for (uint64_t i = 0; i < r->offset; i++)
        if (file->p[i] == '\n') {
            line++;
            start = i + 1;
        }
    cr_assert_eq(r->line, line);
    cr_assert_eq(r->line_start, start);
    for (const char *at = s->text; (at = memmem(at, (size_t)(s->text + s->len - at), "番号", 6)); at++) {
        uint32_t from = (uint32_t)(at - s->text), begin, end;
        sk_fold_source(s->fold, r->charset, r->bytes, r->n, r->map, from, from + 6, &begin, &end);
        cr_assert_eq(end - begin, 4);
        cr_assert_eq(memcmp(r->bytes + begin, "\x94\xD4\x8D\x86", 4), 0);
        (void)at;
    }
    return true;
}

Test(text, raw_places)
{
    struct sk_buf b;
    sk_buf_init(&b, 1 << 24);
    for (int i = 0; i < 60000; i++) /* "番号 i ｶﾞ" in CP932 */
        sk_buf_printf(&b, "\x94\xD4\x8D\x86 %d \xB6\xDE\r\n", i);
    struct sk_bytes file = sk_bytes(b.p, b.n);
    l->user = &file;
    l->on_segment = check_raw;
    cr_assert(log_memory(l, b.p, b.n, "x"));
    cr_assert_gt(l->parts[0].segments, 2);
    cr_assert_eq(l->parts[0].firsts, 1);
    cr_assert_eq(l->parts[0].lasts, 1);
    sk_buf_free(&b);
}

/* ---- large ---- */

struct generator {
    const char *line;
    size_t n, left, at;
};

static ssize_t generate(void *ctx, void *buf, size_t n)
{
    struct generator *g = ctx;
    if (n > g->left)
        n = g->left;
    char *out = buf;
    for (size_t i = 0; i < n; i++, g->at = (g->at + 1) % g->n)
        out[i] = g->line[g->at];
    g->left -= n;
    return (ssize_t)n;
}

static struct log_part *stream(const char *line, size_t n, size_t total)
{
    struct generator g = { line, n, total, 0 };
    struct sk_source *s = sk_source_stream(generate, &g, SK_SIZE_UNKNOWN);
    l->keep_nothing = true;
    cr_assert(log_scan(l, s, "x"));
    sk_source_free(s);
    return &l->parts[0];
}

/* No line end in 20 MB: bounded segments, nothing lost. */
Test(text, endless_line)
{
    struct log_part *p = stream("\x8E\x52\x93\x63\x91\xBE\x98\x59 ", 9, 20000007);
    cr_assert_leq(p->largest, 800u << 10);
    cr_assert_eq(p->lasts, 1);
    cr_assert_str_eq(log_text(&p->reasons), "");
    p = stream("a\0b\0", 4, 3000000); /* UTF-16LE */
    cr_assert_eq(p->charset, SK_CS_UTF16LE);
    cr_assert_eq(p->lasts, 1);
}

static bool count_rows(struct sink_log *log, const struct sk_segment *s)
{
    uint32_t *rows = log->user;
    for (uint32_t i = 0; i < s->n_cells; i++)
        if (s->cells[i].col == 2) {
            cr_assert_eq(s->cells[i].row, *rows * 2, "blank lines count as rows");
            (*rows)++;
        }
    return true;
}

/* Rows with quoted line ends and blank lines between, over many blocks: no row is split. */
Test(text, rows_never_split)
{
    uint32_t rows = 0;
    l->user = &rows;
    l->on_segment = count_rows;
    static const char LINE[] = "1001,\"a\n\"\"b\"\" c\n\nd\",last\n\n";
    struct log_part *p = stream(LINE, sizeof(LINE) - 1, (sizeof(LINE) - 1) * 50000);
    cr_assert_eq(rows, 50000);
    cr_assert_gt(p->segments, 3);
    cr_assert_eq(p->lasts, 1);
}

/* Ctrl-Z padding that fills whole blocks behind the text. */
Test(text, end_marks_fill_blocks)
{
    struct sk_buf b;
    sk_buf_init(&b, 1 << 24);
    for (int i = 0; i < 30000; i++)
        sk_buf_printf(&b, "line %d\r\n", i);
    size_t n = b.n;
    sk_buf_reserve(&b, 700000);
    memset(b.p + b.n, 0x1A, 700000);
    cr_assert(log_memory(l, b.p, n + 700000, "x"));
    cr_assert_eq(l->parts[0].lasts, 1);
    sk_buf_free(&b);
}

/* A log that changes its encoding half way: each part is read as what it is. */
Test(text, encoding_changes)
{
    struct sk_buf b;
    sk_buf_init(&b, 1 << 24);
    for (int i = 0; i < 20000; i++)
        sk_buf_printf(&b, "plain ascii line %d\n", i);
    for (int i = 0; i < 20000; i++)
        sk_buf_printf(&b, "%d 氏名 山田太郎 電話\n", i);
    for (int i = 0; i < 20000; i++)
        sk_buf_printf(&b, "%d \x8E\x81\x96\xBC \x8E\x52\x93\x63\x91\xBE\x98\x59 \x93\x64\x98\x62\n", i);
    cr_assert(log_memory(l, b.p, b.n, "x"));
    unsigned n = 0;
    for (const char *at = log_text(&l->parts[0].text); (at = strstr(at, "氏名 山田太郎 電話\n")); at++)
        n++;
    cr_assert_geq(n, 39900, "%u", n);
    cr_assert_eq(l->parts[0].lasts, 1);
    sk_buf_free(&b);
}

static ssize_t broken(void *ctx, void *buf, size_t n)
{
    unsigned *left = ctx;
    if (*left == 0)
        return -1;
    n = n < *left ? n : *left;
    memset(buf, 'a', n);
    *left -= (unsigned)n;
    return (ssize_t)n;
}

Test(text, read_error_keeps_what_was_read)
{
    static const unsigned SIZES[] = { 0, 10, 65536, 300000 };
    for (size_t i = 0; i < 4; i++) {
        unsigned left = SIZES[i];
        struct sk_source *s = sk_source_stream(broken, &left, SK_SIZE_UNKNOWN);
        cr_assert(log_scan(l, s, "x"));
        sk_source_free(s);
        cr_expect_eq(l->parts[0].text.n, SIZES[i]);
        cr_expect_str_eq(log_text(&l->parts[0].reasons), "damaged:;", "%u", SIZES[i]);
    }
}
