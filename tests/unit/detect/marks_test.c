#include "segment_helper.h"

static const struct sk_mark_word WORDS[] = { { "極秘", false }, { "秘", true }, { "機密性3情報", false }, { "部外秘", false }, { "取扱注意", false }, { "関係者限り", false } };

static void policy(struct bench *b)
{
    bench_start(b);
    b->config.mark_words = WORDS;
    b->config.n_mark_words = sizeof(WORDS) / sizeof(WORDS[0]);
    b->config.mark_positions = (1u << SK_MARK_POSITIONS) - 1;
    b->config.cia_positions = 1u << SK_MARK_FILENAME | 1u << SK_MARK_TITLE | 1u << SK_MARK_HEADER;
    b->config.first_lines = 5;
}

Test(marks, positions)
{
    static const struct {
        enum sk_run_kind kind;
        const char *text;
        int words; /* honoured */
    } CASES[] = {
        { SK_RUN_HEADER, "【取　扱　注　意】", 1 }, { SK_RUN_HEADER, "㊙", 1 }, { SK_RUN_WATERMARK, "㊙", 1 }, { SK_RUN_HEADER, "(秘)", 1 },
        { SK_RUN_HEADER, "会長秘書", 0 }, { SK_RUN_HEADER, "機密性3情報 関係者限り", 2 }, { SK_RUN_FILENAME, "予定(部外秘).txt", 1 },
        { SK_RUN_FILENAME, "取扱注意_名簿.csv", 1 }, { SK_RUN_FILENAME, "便秘症.txt", 0 }, { SK_RUN_FILENAME, "取扱注意文書の管理.docx", 0 },
        { SK_RUN_FILENAME, "C3I2A2_計画.txt", 1 }, { SK_RUN_FILENAME, "ABC3I2A2.txt", 0 }, { SK_RUN_TITLE, "【取扱注意】名簿の送付", 1 },
        { SK_RUN_BODY, "取扱注意\n名簿\n", 1 }, { SK_RUN_BODY, "【秘】\n議題\n", 1 }, { SK_RUN_BODY, "秘\n議題\n", 1 }, { SK_RUN_BODY, "取扱注意の文書は金庫に置く。\n", 0 },
        { SK_RUN_BODY, "秘書　会長秘書は総務課に置く。\n", 0 }, { SK_RUN_BODY, "1\n2\n3\n4\n5\n取扱注意\n", 0 }, { SK_RUN_BODY, "部外秘・取扱注意\n", 2 },
        { SK_RUN_NOTE, "取扱注意\n", 0 }, { SK_RUN_PROPERTY, "部外秘", 1 }, { SK_RUN_BODY, "便秘症　べんぴしょう\n", 0 }, { SK_RUN_STAMP, "極　秘", 1 },
        /* the stamp is a marking wherever one may stand, without a space too; the character in it is not */
        { SK_RUN_HEADER, "㊙人事異動案", 1 }, { SK_RUN_HEADER, "秘人事異動案", 0 }, { SK_RUN_FILENAME, "㊙名簿.xlsx", 1 }, { SK_RUN_FILENAME, "名簿㊙.xlsx", 1 },
        { SK_RUN_FILENAME, "秘名簿.xlsx", 0 }, { SK_RUN_FILENAME, "(秘)名簿.xlsx", 1 }, { SK_RUN_TITLE, "㊙議事録", 1 }, { SK_RUN_PROPERTY, "㊙", 1 },
        { SK_RUN_BODY, "㊙\n議題\n", 1 }, { SK_RUN_BODY, "㊙　取扱注意\n議題\n", 2 }, { SK_RUN_BODY, "㊙の文書は金庫に置く。\n", 0 }, { SK_RUN_NOTE, "㊙\n", 0 },
        { SK_RUN_HEADER, "〔 部 外 秘 〕", 1 }, { SK_RUN_HEADER, "「取扱注意」", 1 }, { SK_RUN_HEADER, "ﾌﾞｶﾞｲﾋ", 0 },
        /* CxIxAx: only grades that exist, spaces at will, full width, set off from words */
        { SK_RUN_HEADER, "C3 I2 A2", 1 }, { SK_RUN_HEADER, "Ｃ３Ｉ２Ａ１", 1 }, { SK_RUN_TITLE, "【C2I1A1】計画", 1 }, { SK_RUN_FILENAME, "C3I9A9.txt", 0 },
        { SK_RUN_FILENAME, "C4I2A2.txt", 0 }, { SK_RUN_FILENAME, "C3I2A22.txt", 0 }, { SK_RUN_FOOTER, "C3I2A2", 0 }, { SK_RUN_BODY, "C3I2A2\n", 0 },
    };
    struct bench b;
    policy(&b);
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        bench_file(&b);
        bench_fold(&b, CASES[i].text)->kind = CASES[i].kind;
        bench_give(&b);
        const struct seki_result *r = bench_result(&b);
        cr_expect_eq((int)r->n_markings, CASES[i].words, "%s: %u", CASES[i].text, r->n_markings);
        cr_expect_eq((int)bench_count(r, SK_EL_MARKING, SK_CONF_HIGH), CASES[i].words, "%s", CASES[i].text);
    }
    bench_file(&b);
    bench_fold(&b, "C3I2A1_計画.txt")->kind = SK_RUN_FILENAME;
    bench_give(&b);
    const struct seki_result *r = bench_result(&b);
    cr_assert_eq(r->n_markings, 1);
    cr_expect(r->markings[0].word == SK_MARKING_CIA && r->markings[0].c == 3 && r->markings[0].i == 2 && r->markings[0].a == 1);
    bench_end(&b);
}

Test(small, cells)
{
    static const char *const HEADERS[] = { "患者数", "受診者数" };
    static const char *const COLUMNS[] = { "傷病名", "患者数", "件数" };
    static const struct {
        const char *row;
        unsigned count;
    } CASES[] = { { "うつ病,7,15", 1 }, { "糖尿病,812,2011", 0 }, { "A,10未満,3", 0 }, { "A,-,3", 0 }, { "A,0,3", 0 }, { "A,9人,3", 1 }, { "受診者数,700,4", 1 }, { "A,1.5,3", 0 } };
    struct bench b;
    bench_start(&b);
    b.config.small_headers = HEADERS;
    b.config.n_small_headers = 2;
    b.config.small_from = 1;
    b.config.small_to = 9;
    bench_file(&b);
    struct sk_context c = { .rules = b.rules, .config = b.config };
    c.small = sk_small_new(&c);
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct seki_result r = { 0 };
        sk_arena_init(&r.arena, 1 << 20);
        bench_table(&b, CASES[i].row, ',', true);
        struct sk_row row = { .segment = &b.segment, .cells = b.segment.cells, .n = b.segment.n_cells };
        sk_small_reset(c.small);
        cr_assert(sk_small_row(&c, COLUMNS, 3, &row));
        cr_assert(sk_small_result(&c, &r));
        cr_expect_eq(r.small_cells, CASES[i].count, "%s: %u", CASES[i].row, (unsigned)r.small_cells);
        sk_arena_free(&r.arena);
    }
    sk_small_free(c.small);
    bench_end(&b);
}

Test(result, part_paths)
{
    struct sk_part parts[] = { { .parent = 0, .name = "Desktop.zip" }, { .parent = 0, .name = "a.zip" }, { .parent = 1, .name = "RECEIPTC.UKE" } };
    struct seki_result r = { .parts = parts, .n_parts = 3 };
    struct sk_buf buf;
    sk_buf_init(&buf, 4096);
    cr_expect_str_eq(sk_part_path(&r, 0, &buf), "");
    cr_expect_str_eq(sk_part_path(&r, 2, &buf), "Desktop.zip!a.zip!RECEIPTC.UKE");
    cr_expect_str_eq(sk_part_path(&r, 9, &buf), "");
    sk_buf_free(&buf);
    struct sk_found found[] = { { .element = SK_EL_PHONE, .confidence = SK_CONF_LOW, .count = 2 }, { .element = SK_EL_EMAIL, .confidence = SK_CONF_HIGH, .count = 1 } };
    r.found = found;
    r.n_found = 2;
    cr_expect_eq(sk_result_elements(&r, SK_CONF_MEDIUM), BIT(EMAIL));
}
