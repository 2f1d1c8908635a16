#include "sink_log.h"

static struct sink_log *l;
static struct sk_sink sink;
static struct sk_job job;

static void setup(void)
{
    l = log_new();
    job = log_job(l, &sink);
}

static void teardown(void)
{
    log_free(l);
}

TestSuite(out, .init = setup, .fini = teardown);

static void text(struct sk_out *o, const char *s)
{
    cr_assert(sk_out_text(o, s, strlen(s)));
}

/* Runs split words: what one run begins, the next may complete. U+FF76 U+FF9E is the half-width form of U+30AC (JIS X
 * 0201). */
Test(out, folding_sees_joined_runs)
{
    struct sk_out *o = sk_out_open(&job, 0);
    text(o, "ﾀｶﾞﾜ ｶ");
    text(o, "ﾞ 03");
    text(o, "ー12");
    text(o, "３");
    cr_assert(sk_out_line(o) && sk_out_close(o));
    cr_assert_str_eq(log_text(&l->parts[0].text), "タガワ ガ 03-123\n");
    cr_assert_eq(l->parts[0].firsts, 1);
    cr_assert_eq(l->parts[0].lasts, 1);
}

Test(out, lines_do_not_join)
{
    struct sk_out *o = sk_out_open(&job, 0);
    text(o, "ｶ");
    sk_out_line(o);
    text(o, "ﾊﾟ");
    cr_assert(sk_out_close(o));
    cr_assert_str_eq(log_text(&l->parts[0].text), "カ\nパ");
}

Test(out, table_cells)
{
    struct sk_out *o = sk_out_open(&job, 0);
    sk_out_table_begin(o, true);
    sk_out_cell_begin(o, 2, 0, SK_SHOWN, false);
    text(o, "  氏");
    text(o, "名　");
    sk_out_cell_end(o);
    sk_out_cell_begin(o, 2, 3, SK_HIDDEN_COLUMN, false);
    text(o, "a\tb\nc");
    sk_out_cell_end(o);
    sk_out_cell_begin(o, 5, 1, SK_SHOWN, true);
    sk_out_cell_end(o);
    cr_assert(sk_out_table_end(o) && sk_out_close(o));
    cr_assert_str_eq(log_text(&l->parts[0].cells), "2,0=氏名\n2,3=a b c\n5,1=\n");
    cr_assert(l->parts[0].table && l->parts[0].sheet);
    cr_assert_eq(l->parts[0].segments, 1);
}

/* A sheet larger than a segment: cut between rows only, every cell once, first and last once. */
Test(out, long_table_is_cut_between_rows)
{
    struct sk_out *o = sk_out_open(&job, 0);
    sk_out_table_begin(o, true);
    char cell[64];
    for (unsigned r = 0; r < 20000; r++)
        for (unsigned c = 0; c < 4; c++) {
            sk_out_cell_begin(o, r, c, SK_SHOWN, false);
            snprintf(cell, sizeof(cell), "値%u-%u", r, c);
            text(o, cell);
            sk_out_cell_end(o);
        }
    cr_assert(sk_out_table_end(o) && sk_out_close(o));
    struct log_part *p = &l->parts[0];
    cr_assert_gt(p->segments, 2);
    cr_assert_eq(p->firsts, 1);
    cr_assert_eq(p->lasts, 1);
    cr_assert_leq(p->largest, 256u << 10);
    struct sk_buf want;
    sk_buf_init(&want, 1 << 24);
    for (unsigned r = 0; r < 20000; r++)
        for (unsigned c = 0; c < 4; c++)
            sk_buf_printf(&want, "%u,%u=値%u-%u\n", r, c, r, c);
    cr_assert_str_eq(log_text(&p->cells), want.p);
    sk_buf_free(&want);
}

Test(out, giant_cell_is_bounded)
{
    struct sk_out *o = sk_out_open(&job, 0);
    sk_out_table_begin(o, false);
    sk_out_cell_begin(o, 0, 0, SK_SHOWN, false);
    for (int i = 0; i < 200000; i++)
        text(o, "個人");
    sk_out_cell_end(o);
    cr_assert(sk_out_table_end(o) && sk_out_close(o));
    cr_assert_eq(l->parts[0].text.n, 200000u * 6 + 1);
    cr_assert_leq(l->parts[0].largest, 384u << 10);
    cr_assert_eq(l->parts[0].lasts, 1);
}

static bool count_kinds(struct sink_log *log, const struct sk_segment *s)
{
    unsigned *n = log->user;
    n[s->kind]++;
    cr_assert(s->first && s->last);
    cr_assert_eq(s->hidden, s->kind == SK_RUN_COMMENT ? SK_HIDDEN_COMMENT : SK_SHOWN);
    return true;
}

Test(out, kinds_part_segments)
{
    unsigned n[SK_RUN_RUBY + 1] = { 0 };
    l->user = n;
    l->on_segment = count_kinds;
    struct sk_out *o = sk_out_open(&job, 0);
    text(o, "本文");
    sk_out_kind(o, SK_RUN_COMMENT, SK_HIDDEN_COMMENT);
    text(o, "注");
    sk_out_kind(o, SK_RUN_BODY, SK_SHOWN);
    text(o, "続き");
    cr_assert(sk_out_close(o));
    cr_assert_eq(n[SK_RUN_BODY], 2);
    cr_assert_eq(n[SK_RUN_COMMENT], 1);
}

static bool check_places(struct sink_log *log, const struct sk_segment *s)
{
    (void)log;
    cr_assert_eq(s->n_units, 3);
    for (uint32_t i = 0; i < 3; i++) {
        cr_assert_eq(s->units[i].paragraph, i + 1);
        cr_assert_eq(s->text[s->units[i].begin], 'a' + (char)i);
    }
    return true;
}

Test(out, places)
{
    l->on_segment = check_places;
    struct sk_out *o = sk_out_open(&job, 0);
    for (uint32_t i = 0; i < 3; i++) {
        char c[2] = { (char)('a' + i), 0 };
        sk_out_place(o, 0, 0, i + 1);
        text(o, c);
        sk_out_line(o);
    }
    cr_assert(sk_out_close(o));
}

static bool check_fields(struct sink_log *log, const struct sk_segment *s)
{
    unsigned *n = log->user;
    cr_assert_eq(s->layout, SK_FIELDS);
    for (uint32_t i = 0; i < s->n_fields; i++) {
        const struct sk_field *f = &s->fields[i];
        char want[64];
        int k = snprintf(want, sizeof(want), "値%u", f->record);
        cr_assert_eq((int)(f->end - f->begin), k);
        cr_assert_eq(memcmp(s->text + f->begin, want, (size_t)k), 0);
        (*n)++;
    }
    return true;
}

Test(out, fields)
{
    unsigned n = 0;
    l->user = &n;
    l->on_segment = check_fields;
    struct sk_out *o = sk_out_open(&job, 0);
    for (uint32_t r = 1; r <= 30000; r++) {
        char v[32];
        int k = snprintf(v, sizeof(v), "値%u", r);
        cr_assert(sk_out_field(o, r, SK_EL_PERSON_NAME, SK_WHOLE, v, (size_t)k));
        cr_assert(sk_out_field(o, r, SK_EL_PERSON_KANA, SK_WHOLE, v, (size_t)k));
    }
    cr_assert(sk_out_close(o));
    cr_assert_eq(n, 60000);
}

static bool say_stop(struct sink_log *log, const struct sk_segment *s)
{
    (void)log;
    (void)s;
    return false;
}

Test(out, stop_is_passed_on)
{
    l->on_segment = say_stop;
    struct sk_out *o = sk_out_open(&job, 0);
    text(o, "a");
    cr_assert_not(sk_out_close(o));
}

Test(out, text_budget)
{
    l->limits.max_text_bytes = 1000;
    log_clear(l);
    struct sk_out *o = sk_out_open(&job, 0);
    bool ok = true;
    for (int i = 0; i < 1000000 && ok; i++)
        ok = sk_out_text(o, "0123456789", 10) && sk_out_line(o);
    cr_assert_not(ok);
    cr_assert_not(sk_out_close(o));
    cr_assert_str_eq(log_text(&l->parts[0].reasons), "too-large:;");
}

Test(out, outs_of_two_parts_open_together)
{
    uint32_t child = sink.part(sink.ctx, 0, "b", 1, SK_SHOWN);
    struct sk_out *a = sk_out_open(&job, 0);
    text(a, "a1 ");
    struct sk_out *b = sk_out_open(&job, child);
    text(b, "b1");
    text(a, "a2");
    cr_assert(sk_out_close(b));
    cr_assert(sk_out_close(a));
    cr_assert_str_eq(log_text(&l->parts[0].text), "a1 a2");
    cr_assert_str_eq(log_text(&l->parts[1].text), "b1");
}

Test(out, bytes_in_other_charsets)
{
    struct sk_out *o = sk_out_open(&job, 0);
    cr_assert(sk_out_bytes(o, SK_CS_CP932, (const uint8_t *)"\x8E\x52\x93\x63\xB6\xDE", 6)); /* 山田ｶﾞ */
    cr_assert(sk_out_close(o));
    cr_assert_str_eq(log_text(&l->parts[0].text), "山田ガ");
}

/* Python: name.encode(...) */
Test(out, member_names)
{
    static const struct {
        const char *raw, *want;
    } CASES[] = {
        { "plain.txt", "plain.txt" },
        { "\xE5\x90\x8D\xE7\xB0\xBF.csv", "名簿.csv" },             /* UTF-8 */
        { "\x96\xBC\x95\xEB.csv", "名簿.csv" },                     /* CP932 */
        { "\x95\x5C\x83\x5C.txt", "表ソ.txt" },                     /* CP932 with 5C as second byte */
        { "\xC9\xBD.txt", "表.txt" }, /* EUC-JP that is valid UTF-8 too */
        { "\xCC\xBE\xCA\xED\xB0\xEC\xCD\xF7.csv", "名簿一覧.csv" }, /* EUC-JP */
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        char out[64];
        size_t n = sk_member_name((const uint8_t *)CASES[i].raw, strlen(CASES[i].raw), out, sizeof(out) - 1);
        out[n] = 0;
        cr_expect_str_eq(out, CASES[i].want);
    }
}
