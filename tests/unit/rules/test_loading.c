/* Wrong rule folders: every mistake with its place, nothing loaded. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rules/rules.h"

struct folder {
    char dir[64];
    struct sk_fold *fold;
    struct sk_problems problems;
};

static void put(const struct folder *f, const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof(path), "%s/%s", f->dir, name);
    FILE *out = fopen(path, "wb");
    cr_assert_not_null(out);
    fputs(text, out);
    fclose(out);
}

static void make(struct folder *f)
{
    static const char *const PARTS[] = { "detectors", "headers", "words" };
    char path[256];
    strcpy(f->dir, "/tmp/sk_rules_XXXXXX");
    cr_assert_not_null(mkdtemp(f->dir));
    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof(path), "%s/%s", f->dir, PARTS[i]);
        mkdir(path, 0700);
    }
    put(f, "VERSION", "2026.11.24\n");
    f->fold = sk_fold_new();
    sk_problems_init(&f->problems);
}

static void unmake(struct folder *f)
{
    char command[128];
    snprintf(command, sizeof(command), "rm -rf '%s'", f->dir);
    cr_expect_eq(system(command), 0);
    sk_fold_free(f->fold);
    sk_problems_free(&f->problems);
}

static bool told(const struct folder *f, const char *file, unsigned line, const char *en)
{
    for (size_t i = 0; i < f->problems.n; i++) {
        const struct sk_problem *p = &f->problems.items[i];
        size_t n = strlen(p->file), m = strlen(file);
        if (n >= m && strcmp(p->file + n - m, file) == 0 && p->line == line && strstr(p->en, en))
            return true;
    }
    for (size_t i = 0; i < f->problems.n; i++)
        fprintf(stderr, "%s:%u:%u: %s\n", f->problems.items[i].file, f->problems.items[i].line,
                f->problems.items[i].column, f->problems.items[i].en);
    return false;
}

static const char GOOD[] = "id: good\n"
                           "title: { ja: 良い, en: Good }\n"
                           "element: phone\n"
                           "find: { digits: ['12', 14..19, 4-4-4] }\n"
                           "check: phone\n"
                           "score: { found: 10, checked: 20, labelled: 40, against: -30 }\n"
                           "labels: [ＴＥＬ, 電話, ☎, 〒]\n"
                           "against: [ｼﾘｱﾙ]\n"
                           "placeholders: ['０９０']\n"
                           "examples:\n"
                           "  hits: ['電話 1']\n"
                           "  misses: ['x']\n";

Test(loading, a_small_folder)
{
    struct folder f;
    make(&f);
    put(&f, "detectors/good.yaml", GOOD);
    put(&f, "headers/a.tsv", "# x\nPERSON_NAME\t氏名;?名\r\nPHONE\tTEL\n");
    put(&f, "headers/near.tsv", "tail\t等\n");
    put(&f, "words/w.txt", "# x\n#! scan\nい\nあいう\nあいう\n\nかき\n");
    struct sk_rules *r = sk_rules_load(f.dir, f.fold, &f.problems);
    cr_assert_eq(f.problems.n, 0);
    cr_assert_not_null(r);
    const struct sk_detector *d;
    cr_assert_eq(sk_rules_detectors(r, &d), 1);
    cr_expect_eq(d->element, SK_EL_PHONE);
    cr_expect_eq(d->n_shapes, 3);
    cr_expect(d->shapes[1].min == 14 && d->shapes[1].max == 19 && d->shapes[1].n_groups == 0);
    cr_expect_str_eq(d->labels[0], "TEL"); /* folded */
    cr_expect_str_eq(d->against[0], "シリアル");
    cr_expect_str_eq(d->placeholders[0], "090");
    cr_expect_eq(d->within, 60);
    cr_expect_eq(d->hits[0].line, 11);
    cr_expect_str_eq(sk_rules_version(r), "2026.11.24");
    const struct sk_word_list *w = sk_rules_words(r, "w");
    cr_assert_not_null(w);
    cr_expect_eq(w->n, 3);
    const struct sk_word *words;
    const struct sk_use *uses;
    size_t n = sk_rules_literals(r, &words, &uses);
    bool listed = false, short_word = false;
    for (size_t i = 0; i < n; i++) {
        listed = listed || strcmp(words[i].text, "あいう") == 0;
        short_word = short_word || strcmp(words[i].text, "い") == 0;
    }
    cr_expect(listed && !short_word);
    uint8_t before[32];
    memcpy(before, sk_rules_digest(r), 32);
    sk_rules_free(r);
    put(&f, "words/w.txt", "あいう\n"); /* another byte anywhere is another digest */
    r = sk_rules_load(f.dir, f.fold, &f.problems);
    cr_assert_not_null(r);
    cr_expect_arr_neq(before, sk_rules_digest(r), 32);
    memcpy(before, sk_rules_meaning(r), 32);
    sk_rules_free(r);
    static const struct {
        const char *words;
        bool same; /* what they say */
    } LISTS[] = { { "# 注記\n\nあいう\nあいう\n", true }, { "#! scan\nあいう\n", false }, { "あいうえ\n", false } };
    for (size_t i = 0; i < sizeof(LISTS) / sizeof(LISTS[0]); i++) {
        put(&f, "words/w.txt", LISTS[i].words);
        r = sk_rules_load(f.dir, f.fold, &f.problems);
        cr_assert_not_null(r);
        cr_expect_eq(memcmp(before, sk_rules_meaning(r), 32) == 0, LISTS[i].same, "%zu", i);
        sk_rules_free(r);
    }
    unmake(&f);
}

Test(loading, every_mistake_at_its_line)
{
    struct folder f;
    make(&f);
    put(&f, "detectors/good.yaml", GOOD);
    put(&f, "detectors/bad.yaml",
        "id: bed\ntitle: { ja: あ, en: a }\nelement: fone\nfind: { digits: ['12', 1-2-], finder: email }\nlables: "
        "[電話]\n"
        "score: { found: 101, failed: -5, checked: 5 }\nagainst: [名, あ]\nexamples: { hits: [], misses: x }\n");
    put(&f, "detectors/shape.yaml",
        "id: shape\ntitle: { ja: あ, en: a }\nelement: phone\nfind: { digits: [4-4.., '12'] }\n"
        "score: { found: 50 }\nexamples: { hits: [a], misses: [b] }\n");
    put(&f, "detectors/nothing.yaml", "id: nothing\n");
    put(&f, "detectors/other.yml", "id: other\n");
    put(&f, "headers/a.tsv", "PERSON_NAM\t氏名\nno tab\nPHONE\t電話;メール\nEMAIL\tメール;\n");
    put(&f, "VERSION", "first version\n");
    cr_expect_null(sk_rules_load(f.dir, f.fold, &f.problems));
    cr_expect(told(&f, "bad.yaml", 1, "differs from the file name"));
    cr_expect(told(&f, "bad.yaml", 3, "'phone'") || told(&f, "bad.yaml", 3, "one of"));
    cr_expect(told(&f, "bad.yaml", 4, "exactly one"));
    cr_expect(told(&f, "bad.yaml", 5, "'labels'"));
    cr_expect(told(&f, "bad.yaml", 6, "0 to 100"));
    cr_expect(told(&f, "bad.yaml", 6, "'checked' needs"));
    cr_expect(told(&f, "bad.yaml", 6, "'failed' needs"));
    cr_expect(told(&f, "bad.yaml", 7, "one character"));
    cr_expect(told(&f, "bad.yaml", 8, "at least one example"));
    cr_expect(told(&f, "bad.yaml", 8, "expected a list"));
    cr_expect(told(&f, "shape.yaml", 4, "not a shape"));
    cr_expect(told(&f, "nothing.yaml", 1, "'title' is missing"));
    cr_expect(told(&f, "nothing.yaml", 1, "'examples' is missing"));
    cr_expect(told(&f, "detectors", 0, ".yaml"));
    cr_expect(told(&f, "a.tsv", 1, "PERSON_NAME"));
    cr_expect(told(&f, "a.tsv", 2, "ROLE<TAB>"));
    cr_expect(told(&f, "a.tsv", 4, "also has the role PHONE"));
    cr_expect(told(&f, "a.tsv", 4, "empty"));
    cr_expect(told(&f, "VERSION", 1, "2026.11.24"));
    unmake(&f);
}

Test(loading, the_same_id_twice)
{
    struct folder f;
    make(&f);
    put(&f, "detectors/good.yaml", GOOD);
    put(&f, "detectors/good2.yaml", GOOD);
    cr_expect_null(sk_rules_load(f.dir, f.fold, &f.problems));
    cr_expect(told(&f, "good2.yaml", 1, "also in"));
    unmake(&f);
}

Test(loading, no_folder)
{
    struct folder f;
    make(&f);
    cr_expect_null(sk_rules_load("/nonexistent/patterns", f.fold, &f.problems));
    cr_expect_geq(f.problems.n, 4);
    unmake(&f);
}

Test(loading, shift_jis_and_nul)
{
    struct folder f;
    make(&f);
    put(&f, "headers/a.tsv", "PHONE\t\x93\x64\x98\x62\n");
    cr_expect_null(sk_rules_load(f.dir, f.fold, &f.problems));
    cr_expect(told(&f, "a.tsv", 1, "UTF-8"));
    unmake(&f);
}
