/* The strict subset: every trap of YAML is refused at its line and column, everything else is text until a schema asks.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules/yaml.h"

struct bench {
    struct sk_arena arena;
    struct sk_problems problems;
    struct sk_reader r;
};

static void start(struct bench *b)
{
    sk_arena_init(&b->arena, (size_t)64 << 20);
    sk_problems_init(&b->problems);
    b->r = (struct sk_reader){ "t.yaml", &b->arena, &b->problems };
}

static void stop(struct bench *b)
{
    sk_arena_free(&b->arena);
    sk_problems_free(&b->problems);
}

static struct sk_node *parse(struct bench *b, const char *text)
{
    return sk_yaml_parse(sk_bytes(text, strlen(text)), "t.yaml", &b->arena, &b->problems);
}

Test(yaml, tree_with_places)
{
    struct bench b;
    start(&b);
    const struct sk_node *root =
        parse(&b, "\xEF\xBB\xBF# 注釈\n名前: 値\nlist:\n  - a\n  - 'b: c'\nmap: {x: \"\", y: [1, 2]}\n");
    cr_assert_not_null(root);
    cr_expect_eq(b.problems.n, 0);
    cr_expect_eq(root->n, 3);
    const struct sk_node *first = sk_get(root, "名前");
    cr_assert_not_null(first);
    cr_expect_str_eq(first->text, "値");
    cr_expect_eq(first->key_line, 2);
    cr_expect_eq(first->key_column, 1);
    cr_expect_eq(first->line, 2);
    cr_expect_eq(first->column, 5); /* characters, not bytes */
    const struct sk_node *list = sk_get(root, "list");
    cr_expect_eq(list->kind, SK_NODE_LIST);
    cr_expect_eq(list->n, 2);
    cr_expect_str_eq(list->child->next->text, "b: c");
    cr_expect(list->child->next->quoted);
    cr_expect_eq(list->child->next->line, 5);
    const struct sk_node *y = sk_get(sk_get(root, "map"), "y");
    cr_expect_eq(y->n, 2);
    cr_expect_null(sk_get(root, "nothing"));
    stop(&b);
}

Test(yaml, refused)
{
    static const struct {
        const char *text;
        unsigned line, column;
        const char *in_ja;
    } ROWS[] = {
        { "a: &x 1\n", 1, 4, "アンカー" },
        { "a: 1\nb: *x\n", 2, 4, "別名" },
        { "a: !!int 1\n", 1, 4, "タグ" },
        { "a: !x 1\n", 1, 4, "タグ" },
        { "a: 1\n---\nb: 2\n", 2, 1, "1つの文書" },
        { "a: 1\nb: 2\na: 3\n", 3, 1, "2度" },
        { "m:\n  x: 1\n  y: 2\n  x: 3\n", 4, 3, "2度" },
        { "? [a, b]\n: c\n", 1, 3, "項目名" },
        { "? {a: b}\n: c\n", 1, 3, "項目名" },
        { "a:\n\t- b\n", 2, 1, "タブ" },
        { "a: \"\\d\"\n", 1, 5, "\\" },
        { "a: [1, 2\n", 2, 1, "]" },
        { "a: 'x\n", 2, 1, "引用符" },
        { "a: b: c\n", 1, 5, ":" },
        { "", 0, 0, "何も" },
        { "# 何もない\n", 0, 0, "何も" },
        { "a: 1\nb: \x83\x65\x83\x58\n", 2, 4, "UTF-8" },
        { "a: \"x\\0y\"\n", 1, 4, "NUL" },
        { "a: \x01\n", 1, 0, "制御" },
    };
    for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++) {
        struct bench b;
        start(&b);
        parse(&b, ROWS[i].text);
        cr_assert_geq(b.problems.n, 1, "row %zu", i);
        const struct sk_problem *p = &b.problems.items[0];
        cr_expect_str_eq(p->file, "t.yaml");
        if (ROWS[i].line || !ROWS[i].column)
            cr_expect_eq(p->line, ROWS[i].line, "row %zu: line %u (%s)", i, p->line, p->en);
        if (ROWS[i].column)
            cr_expect_eq(p->column, ROWS[i].column, "row %zu: column %u (%s)", i, p->column, p->en);
        cr_expect(strstr(p->ja, ROWS[i].in_ja), "row %zu: %s", i, p->ja);
        stop(&b);
    }
}

Test(yaml, utf16_and_cut_character)
{
    struct bench b;
    start(&b);
    static const char UTF16[] = { (char)0xFF, (char)0xFE, 'a', 0, ':', 0 };
    cr_expect_null(sk_yaml_parse(sk_bytes(UTF16, sizeof(UTF16)), "t", &b.arena, &b.problems));
    cr_assert_eq(b.problems.n, 1);
    cr_expect(strstr(b.problems.items[0].en, "UTF-16"));
    cr_expect_null(sk_yaml_parse(sk_bytes("a: \xE5\x90", 5), "t", &b.arena, &b.problems));
    cr_expect_eq(b.problems.n, 2);
    stop(&b);
}

Test(yaml, all_mistakes_at_once)
{
    struct bench b;
    start(&b);
    const struct sk_node *root =
        parse(&b, "nmae: x\ncount: ten\nflag: yes\nwhen: 2027-02-29\nkind: gred\nmore: [a, {b: c}]\n");
    cr_assert_not_null(root);
    static const char *const KEYS[] = { "name", "count", "flag", "when", "kind", "more", "must" };
    static const char *const COLOURS[] = { "red", "green", "blue" };
    size_t n;
    cr_expect(sk_keys(&b.r, root, KEYS, 7));
    cr_expect_eq(sk_integer(&b.r, sk_get(root, "count"), 0, 100, 7), 7);
    cr_expect_eq(sk_boolean(&b.r, sk_get(root, "flag"), true), true);
    cr_expect_eq(sk_date(&b.r, sk_get(root, "when"), false, -1), -1);
    cr_expect_eq(sk_choice(&b.r, sk_get(root, "kind"), COLOURS, 3), -1);
    sk_strings(&b.r, sk_get(root, "more"), &n);
    cr_expect_eq(n, 1);
    cr_expect_null(sk_need(&b.r, root, "must"));
    static const struct {
        unsigned line, column;
        const char *en;
    } WANT[] = { { 1, 1, "did you mean 'name'" },
                 { 2, 8, "whole number" },
                 { 3, 7, "true or false" },
                 { 4, 7, "calendar" },
                 { 5, 7, "'red'" },
                 { 6, 11, "expected text" },
                 { 1, 1, "'must' is missing" } };
    cr_assert_eq(b.problems.n, 7);
    for (size_t i = 0; i < 7; i++) {
        cr_expect_eq(b.problems.items[i].line, WANT[i].line, "%zu: %u", i, b.problems.items[i].line);
        cr_expect_eq(b.problems.items[i].column, WANT[i].column, "%zu: %u", i, b.problems.items[i].column);
        cr_expect(strstr(b.problems.items[i].en, WANT[i].en), "%zu: %s", i, b.problems.items[i].en);
    }
    stop(&b);
}

Test(yaml, typed_scalars)
{
    static const struct {
        const char *text;
        long long value; /* -1: refused */
    } NUMBERS[] = { { "0", 0 },
                    { "10", 10 },
                    { "+5", 5 },
                    { "010", -1 },
                    { "0x10", -1 },
                    { "1_000", -1 },
                    { "1e3", -1 },
                    { "'5'", -1 },
                    { "1000", 1000 },
                    { "1001", -1 },
                    { "99999999999999999999", -1 },
                    { "~", -1 },
                    { "", -1 },
                    { "５", -1 } };
    for (size_t i = 0; i < sizeof(NUMBERS) / sizeof(NUMBERS[0]); i++) {
        struct bench b;
        char text[64];
        start(&b);
        snprintf(text, sizeof(text), "a: %s\n", NUMBERS[i].text);
        const struct sk_node *root = parse(&b, text);
        cr_expect_eq(sk_integer(&b.r, sk_get(root, "a"), 0, 1000, -1), NUMBERS[i].value, "%s", NUMBERS[i].text);
        cr_expect_eq(b.problems.n, NUMBERS[i].value < 0 ? 1 : 0, "%s", NUMBERS[i].text);
        stop(&b);
    }
    /* Days from Python's datetime.date(...).toordinal() - 719163. */
    static const struct {
        const char *text;
        long day;
    } DATES[] = { { "1970-01-01", 0 },       { "2027-01-31", 20849 }, { "2000-02-29", 11016 },
                  { "1900-03-01", -25508 },  { "2026-11-24", 20781 }, { "0001-01-01", -719162 },
                  { "9999-12-31", 2932896 }, { "1900-02-29", -1 },    { "2027-13-01", -1 },
                  { "2027-00-10", -1 },      { "2027-1-1", -1 },      { "2027/01/01", -1 },
                  { "20270101", -1 },        { "2027-04-31", -1 } };
    for (size_t i = 0; i < sizeof(DATES) / sizeof(DATES[0]); i++) {
        struct bench b;
        char text[64];
        start(&b);
        snprintf(text, sizeof(text), "a: %s\n", DATES[i].text);
        long day = sk_date(&b.r, sk_get(parse(&b, text), "a"), false, -1);
        cr_expect_eq(day, DATES[i].day, "%s: %ld", DATES[i].text, day);
        stop(&b);
    }
    struct bench b;
    start(&b);
    const struct sk_node *root = parse(&b, "no: no\nempty: \"\"\nnone:\nx: 1.5\ny: 1,5\none: a\nlist: [a, 'b']\n");
    size_t n;
    cr_expect_str_eq(sk_string(&b.r, sk_get(root, "no"), ""), "no"); /* the Norway problem */
    cr_expect_str_eq(sk_string(&b.r, sk_get(root, "empty"), "?"), "");
    cr_expect_eq(sk_date(&b.r, sk_get(root, "empty"), true, 5), 5);
    cr_expect_eq(sk_number(&b.r, sk_get(root, "x"), 0, 2, 0), 1.5);
    cr_expect_eq(b.problems.n, 0);
    sk_number(&b.r, sk_get(root, "y"), 0, 2, 0);
    sk_string(&b.r, sk_get(root, "none"), "?");
    cr_expect_eq(b.problems.n, 2);
    const char *const *one = sk_strings(&b.r, sk_get(root, "one"), &n);
    cr_expect(n == 1 && strcmp(one[0], "a") == 0);
    sk_strings(&b.r, sk_get(root, "list"), &n);
    cr_expect_eq(n, 2);
    sk_strings(&b.r, sk_get(root, "none"), &n);
    cr_expect_eq(n, 0);
    cr_expect_eq(b.problems.n, 2);
    stop(&b);
}

Test(yaml, bounded)
{
    struct bench b;
    start(&b);
    struct sk_buf deep;
    sk_buf_init(&deep, 1 << 20);
    for (int i = 0; i < 5000; i++)
        sk_buf_str(&deep, "[");
    cr_expect_null(sk_yaml_parse(sk_bytes(deep.p, deep.n), "t", &b.arena, &b.problems));
    cr_expect_eq(b.problems.n, 1);
    cr_expect(strstr(b.problems.items[0].en, "deep"));
    sk_buf_clear(&deep);
    for (int i = 0; i < 64; i++)
        sk_buf_str(&deep, "[");
    for (int i = 0; i < 64; i++)
        sk_buf_str(&deep, "]");
    cr_expect_not_null(sk_yaml_parse(sk_bytes(deep.p, deep.n), "t", &b.arena, &b.problems));
    sk_buf_free(&deep);
    /* Many duplicate keys: told at most 500 times, and fast. */
    struct sk_buf wide;
    sk_buf_init(&wide, 4 << 20);
    for (int i = 0; i < 50000; i++)
        sk_buf_printf(&wide, "k%d: v\n", i % 25000);
    cr_expect_not_null(sk_yaml_parse(sk_bytes(wide.p, wide.n), "t", &b.arena, &b.problems));
    cr_expect_eq(b.problems.n, 500);
    sk_buf_free(&wide);
    stop(&b);
}

Test(yaml, files_that_cannot_be_read)
{
    struct bench b;
    struct sk_buf text;
    start(&b);
    cr_expect_null(sk_yaml_load("/nonexistent/a.yaml", &text, &b.arena, &b.problems));
    sk_buf_free(&text);
    cr_expect_null(sk_yaml_load("/", &text, &b.arena, &b.problems));
    sk_buf_free(&text);
    cr_expect_null(sk_yaml_load("/dev/zero", &text, &b.arena, &b.problems));
    sk_buf_free(&text);
    cr_expect_eq(b.problems.n, 3);
    stop(&b);
}

Test(problem, suggestions)
{
    static const char *const WORDS[] = {
        "labels", "label_rules", "against", "within", "id", "examples", "needs_label"
    };
    static const struct {
        const char *word, *want;
    } ROWS[] = { { "lables", "labels" },
                 { "label", "labels" },
                 { "agianst", "against" },
                 { "witin", "within" },
                 { "exampels", "examples" },
                 { "zzz", NULL },
                 { "needs_labels", "needs_label" },
                 { "", NULL },
                 { "di", "id" },
                 { "label_rule", "label_rules" },
                 { "xy", NULL } };
    for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++) {
        const char *got = sk_suggest(ROWS[i].word, WORDS, sizeof(WORDS) / sizeof(WORDS[0]));
        cr_expect((got == NULL) == (ROWS[i].want == NULL) && (!got || strcmp(got, ROWS[i].want) == 0), "%s -> %s",
                  ROWS[i].word, got ? got : "(none)");
    }
}

Test(problem, long_messages_end_at_a_character)
{
    struct sk_problems p;
    sk_problems_init(&p);
    char *kanji = malloc(9001);
    for (int i = 0; i < 3000; i++)
        memcpy(kanji + 3 * i, "漢", 3);
    kanji[9000] = '\0';
    sk_problem_add(&p, "f", 1, 2, "%s", "%s", kanji);
    cr_assert_eq(p.n, 1);
    cr_expect_eq(strlen(p.items[0].ja) % 3, 0);
    cr_expect_gt(strlen(p.items[0].ja), 1000);
    free(kanji);
    sk_problems_free(&p);
}
