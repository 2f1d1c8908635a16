/* Hits of the shipped patterns against a plain search; regular expressions; lint; cache. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "extract/extract.h"
#include "match/lint.h"
#include "match/match.h"

struct bench {
    struct sk_fold *fold;
    struct sk_problems problems;
    struct sk_rules *rules;
    struct sk_matcher *matcher;
    struct sk_match_scratch *scratch;
};

static void start(struct bench *b, const char *patterns, const char *cache)
{
    sk_problems_init(&b->problems);
    b->fold = sk_fold_new();
    b->rules = sk_rules_load(patterns, b->fold, &b->problems);
    cr_assert_not_null(b->rules);
    b->matcher = sk_matcher_new(b->rules, cache, &b->problems);
    for (size_t i = 0; i < b->problems.n; i++)
        fprintf(stderr, "%s: %s\n", b->problems.items[i].file, b->problems.items[i].en);
    b->scratch = b->matcher ? sk_match_scratch_new(b->matcher) : NULL;
}

static void stop(struct bench *b)
{
    sk_match_scratch_free(b->scratch);
    sk_matcher_free(b->matcher);
    sk_rules_free(b->rules);
    sk_problems_free(&b->problems);
    sk_fold_free(b->fold);
}

/* Text with SK_PAD bytes behind. */
static char *padded(const char *s, size_t n)
{
    char *p = calloc(n + SK_PAD, 1);
    memcpy(p, s, n);
    return p;
}

static bool alnum(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool there(const char *t, size_t n, size_t at, const struct sk_word *w)
{
    if (at + w->n > n || strncasecmp(t + at, w->text, w->n) != 0)
        return false;
    size_t end = at + w->n;
    return !(at > 0 && alnum(t[at]) && alnum(t[at - 1])) && !(end < n && alnum(t[end - 1]) && alnum(t[end]));
}

static void compare(struct bench *b, const char *t, size_t n)
{
    struct sk_hits h;
    const struct sk_word *w;
    const struct sk_use *u;
    size_t n_words = sk_rules_literals(b->rules, &w, &u), k = 0;
    cr_assert(sk_match_scan(b->matcher, b->scratch, t, (uint32_t)n, &h));
    for (size_t i = 1; i < h.n_words; i++)
        cr_assert(h.words[i - 1].begin < h.words[i].begin ||
                  (h.words[i - 1].begin == h.words[i].begin && h.words[i - 1].end > h.words[i].end));
    for (size_t at = 0; at < n; at++) {
        size_t found = 0;
        for (size_t i = 0; i < n_words; i++)
            found += there(t, n, at, &w[i]);
        for (; found > 0; found--, k++) {
            cr_assert(k < h.n_words && h.words[k].begin == at, "at %zu: hit missing", at);
            cr_assert(there(t, n, at, &w[h.words[k].word]) && h.words[k].end == at + w[h.words[k].word].n);
            bool inner = false;
            for (size_t i = 0; i < h.n_words; i++)
                inner = inner || (i != k && h.words[i].begin <= h.words[k].begin && h.words[i].end >= h.words[k].end);
            cr_assert_eq(h.words[k].inner, inner);
        }
    }
    cr_assert_eq(k, h.n_words);
}

Test(matcher, words_against_a_plain_search)
{
    struct bench b;
    start(&b, PATTERNS_DIR, NULL);
    cr_assert_not_null(b.scratch);
    const struct sk_word *w;
    const struct sk_use *u;
    size_t n_words = sk_rules_literals(b.rules, &w, &u);
    unsigned seed = 3;
    struct sk_buf t;
    sk_buf_init(&t, 1 << 20);
    for (int round = 0; round < 60; round++) {
        sk_buf_clear(&t);
        for (int i = 0; i < 25; i++) { /* whole, cut and glued words, other cases, filler */
            const struct sk_word *x = &w[(size_t)rand_r(&seed) % n_words];
            size_t cut = rand_r(&seed) % 4 ? 0 : (size_t)rand_r(&seed) % x->n;
            for (size_t c = 0; c < x->n - cut; c++) {
                char up = x->text[c];
                if (up >= 'a' && up <= 'z' && rand_r(&seed) % 2)
                    up = (char)(up - 32);
                sk_buf_add(&t, &up, 1);
            }
            static const char *const GLUE[] = { "", " ", "：", "\n", "x", "9", "の" };
            sk_buf_str(&t, GLUE[rand_r(&seed) % 7]);
        }
        char *p = padded(t.p, t.n);
        compare(&b, p, t.n);
        free(p);
    }
    sk_buf_free(&t);
    stop(&b);
}

Test(matcher, overlapping_and_inner)
{
    struct bench b;
    start(&b, PATTERNS_DIR, NULL);
    cr_assert_not_null(b.scratch);
    static const char TEXT[] = "被保険者番号:1 保険者番号:2 hotel tel TEL:3";
    char *p = padded(TEXT, sizeof(TEXT) - 1);
    struct sk_hits h;
    const struct sk_word *w;
    const struct sk_use *u;
    sk_rules_literals(b.rules, &w, &u);
    cr_assert(sk_match_scan(b.matcher, b.scratch, p, sizeof(TEXT) - 1, &h));
    size_t insurer = 0, inner = 0, tel = 0;
    for (size_t i = 0; i < h.n_words; i++) {
        const char *text = w[h.words[i].word].text;
        insurer += strcmp(text, "保険者番号") == 0;
        inner += strcmp(text, "保険者番号") == 0 && h.words[i].inner;
        tel += strcmp(text, "tel") == 0;
    }
    cr_expect_eq(insurer, 2);
    cr_expect_eq(inner, 1);
    cr_expect_eq(tel, 2);
    cr_expect_eq(h.n_atoms, 3);
    cr_assert(sk_match_scan(b.matcher, b.scratch, p, 0, &h));
    cr_expect(h.n_words == 0 && h.n_atoms == 0 && h.n_regexes == 0);
    free(p);
    stop(&b);
}

Test(matcher, regex_hits_with_begin_and_longest_end)
{
    struct bench b;
    start(&b, PATTERNS_DIR, NULL);
    cr_assert_not_null(b.scratch);
    static const char TEXT[] = "key\n-----BEGIN RSA PRIVATE KEY-----\nTEL +81-90-4123-8876 x\n-----BEGIN PUBLIC "
                               "KEY-----\nAKIAQ3EGRTB7ZXWVUT5P\n";
    char *p = padded(TEXT, sizeof(TEXT) - 1);
    const struct sk_detector *d;
    struct sk_hits h;
    sk_rules_detectors(b.rules, &d);
    cr_assert(sk_match_scan(b.matcher, b.scratch, p, sizeof(TEXT) - 1, &h));
    static const struct {
        const char *id, *text;
    } WANT[] = { { "credential_key", "-----BEGIN RSA PRIVATE KEY-----" },
                 { "phone_international", "+81-90-4123-8876" },
                 { "credential_token", "AKIAQ3EGRTB7ZXWVUT5P" } };
    cr_assert_eq(h.n_regexes, 3);
    for (size_t i = 0; i < 3; i++) {
        const struct sk_regex_hit *x = &h.regexes[i];
        cr_expect_str_eq(d[x->detector].id, WANT[i].id);
        cr_expect(x->end - x->begin == strlen(WANT[i].text) &&
                      memcmp(p + x->begin, WANT[i].text, x->end - x->begin) == 0,
                  "%.*s", (int)(x->end - x->begin), p + x->begin);
    }
    free(p);
    stop(&b);
}

Test(matcher, random_bytes)
{
    struct bench b;
    start(&b, PATTERNS_DIR, NULL);
    unsigned seed = 11;
    struct sk_hits h;
    for (int round = 0; round < 200; round++) {
        uint32_t n = (uint32_t)rand_r(&seed) % 3000;
        char *p = malloc(n + SK_PAD);
        for (uint32_t i = 0; i < n + SK_PAD; i++)
            p[i] = (char)rand_r(&seed);
        cr_assert(sk_match_scan(b.matcher, b.scratch, p, n, &h));
        for (size_t i = 0; i < h.n_words; i++)
            cr_assert(h.words[i].begin < h.words[i].end && h.words[i].end <= n);
        free(p);
    }
    stop(&b);
}

/* ---- rules with their own expressions ---- */

static void put(const char *dir, const char *name, const char *text)
{
    char path[300];
    snprintf(path, sizeof(path), "%s/%s", dir, name);
    FILE *f = fopen(path, "wb");
    cr_assert_not_null(f);
    fputs(text, f);
    fclose(f);
}

static void folder(char *dir, const char *regex)
{
    char path[300], text[700];
    strcpy(dir, "/tmp/sk_match_XXXXXX");
    cr_assert_not_null(mkdtemp(dir));
    static const char *const PARTS[] = { "detectors", "headers", "words" };
    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof(path), "%s/%s", dir, PARTS[i]);
        mkdir(path, 0700);
    }
    put(dir, "VERSION", "1\n");
    put(dir, "headers/h.tsv", "PHONE\t電話番号;携帯電話\n");
    snprintf(text, sizeof(text),
             "id: x\ntitle: {ja: a, en: a}\nelement: phone\nfind:\n  regex: '%s'\nscore: {found: 50}\n"
             "examples: {hits: ['電話番号 0123-4567 abcabcabc'], misses: ['0000000000 aaaaaaaaaaaaaaaaaaaaaaaaa']}\n",
             regex);
    put(dir, "detectors/x.yaml", text);
}

static void remove_folder(const char *dir)
{
    char command[400];
    snprintf(command, sizeof(command), "rm -rf '%s'", dir);
    cr_expect_eq(system(command), 0);
}

Test(matcher, expressions_that_are_refused)
{
    static const struct {
        const char *regex, *en; /* NULL: accepted */
    } ROWS[] = {
        { "abc[0-9]{4}", NULL },
        { "(?:電話|携帯)[0-9]{1,4}", NULL },
        { "abc(", "refused" },
        { "abc(?=x)", "refused" },
        { "(a)bc\\1", "refused" },
        { "[0-9]{4}-[0-9]{4}", "fixed text" },
        { "ab[0-9]+", "fixed text" },
        { "abc|de", "fixed text" },
        { "(abc)?[0-9]{3}", "fixed text" },
        { "abc.*", "more than" },
        { "abc[0-9]+", "more than" },
        { "abc[0-9]{1,300}", "more than" },
        { "abc\\d", "not allowed" },
        { "abc\\bx", "" },
        { "abc番地?", "wrap" },
        { "abc[番地]", "Japanese" },
        { "abc[^x]{3}", "line" },
        { "abc[^x\\n]{3}", NULL },
        { "abc(?i)d", "only" },
    };
    for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++) {
        struct bench b;
        char dir[64];
        folder(dir, ROWS[i].regex);
        start(&b, dir, NULL);
        if (!ROWS[i].en) {
            cr_expect_not_null(b.matcher, "%s", ROWS[i].regex);
        } else {
            cr_expect_null(b.matcher, "%s", ROWS[i].regex);
            cr_assert_geq(b.problems.n, 1, "%s", ROWS[i].regex);
            cr_expect(strstr(b.problems.items[0].en, ROWS[i].en), "%s: %s", ROWS[i].regex, b.problems.items[0].en);
            cr_expect(strstr(b.problems.items[0].file, "detectors/x.yaml"));
            cr_expect_gt(b.problems.items[0].line, 0);
        }
        stop(&b);
        remove_folder(dir);
    }
}

Test(matcher, mandatory_literals)
{
    static const struct {
        const char *regex;
        size_t n;
    } ROWS[] = { { "abc", 3 },        { "ab+c", 2 },     { "abc|defg", 3 }, { "(abc|de)fgh", 3 },
                 { "x(abcd)?yz", 2 }, { "a.b", 1 },      { "明治", 6 },     { "(?:明治)?[0-9]", 0 },
                 { "\\+81", 3 },      { "[a]b\\.c", 3 }, { "", 0 },         { "a{3}b", 1 } };
    for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++)
        cr_expect_eq(sk_lint_regex(ROWS[i].regex).literal, ROWS[i].n, "%s: %zu", ROWS[i].regex,
                     sk_lint_regex(ROWS[i].regex).literal);
}

Test(matcher, leftmost_begin_of_a_variable_expression)
{
    struct bench b;
    char dir[64];
    folder(dir, "a{1,3}bcd[0-9]{0,2}");
    start(&b, dir, NULL);
    cr_assert_not_null(b.scratch);
    static const char TEXT[] = "xaaaabcd123 abcd";
    char *p = padded(TEXT, sizeof(TEXT) - 1);
    struct sk_hits h;
    cr_assert(sk_match_scan(b.matcher, b.scratch, p, sizeof(TEXT) - 1, &h));
    cr_assert_eq(h.n_regexes, 2);
    cr_expect(h.regexes[0].begin == 2 && h.regexes[0].end == 10);
    cr_expect(h.regexes[1].begin == 12 && h.regexes[1].end == 16);
    free(p);
    stop(&b);
    remove_folder(dir);
}

/* ---- cache ---- */

static bool loads_from(const char *cache)
{
    struct bench b;
    start(&b, PATTERNS_DIR, cache);
    cr_assert_not_null(b.matcher);
    bool cached = sk_matcher_from_cache(b.matcher);
    /* Whatever its origin, it finds. */
    char *p = padded("個人番号 -----BEGIN PRIVATE KEY-----", 40);
    struct sk_hits h;
    cr_assert(sk_match_scan(b.matcher, b.scratch, p, 40, &h));
    cr_assert(h.n_words >= 1 && h.n_regexes == 1);
    free(p);
    stop(&b);
    return cached;
}

static void cache_file(const char *dir, char *path, size_t cap)
{
    char command[300];
    snprintf(command, sizeof(command), "ls '%s'/*.hsdb", dir);
    FILE *f = popen(command, "r");
    cr_assert(f && fgets(path, (int)cap, f));
    path[strcspn(path, "\n")] = '\0';
    pclose(f);
}

Test(cache, kept_and_refused)
{
    char dir[] = "/tmp/sk_cache_XXXXXX", path[300];
    cr_assert_not_null(mkdtemp(dir));
    cr_expect(!loads_from(dir));
    cr_expect(loads_from(dir));
    cache_file(dir, path, sizeof(path));

    /* One changed byte: compiled anew, and repaired. */
    int fd = open(path, O_RDWR);
    char c;
    cr_assert(pread(fd, &c, 1, 5000) == 1);
    c = (char)(c ^ 1);
    cr_assert(pwrite(fd, &c, 1, 5000) == 1);
    close(fd);
    cr_expect(!loads_from(dir));
    cr_expect(loads_from(dir));

    cr_assert_eq(truncate(path, 100), 0);
    cr_expect(!loads_from(dir));
    cr_assert_eq(truncate(path, 0), 0);
    cr_expect(!loads_from(dir));
    cr_expect(loads_from(dir));

    /* Others could have written it. */
    cr_assert_eq(chmod(path, 0664), 0);
    cr_expect(!loads_from(dir));
    cr_expect(loads_from(dir)); /* replaced by a clean one */
    cr_assert_eq(chmod(dir, 0770), 0);
    cr_expect(!loads_from(dir));
    cr_assert_eq(chmod(dir, 0702), 0);
    cr_expect(!loads_from(dir));
    cr_assert_eq(chmod(dir, 0700), 0);
    cr_expect(loads_from(dir));

    /* A link in the file's place is not followed. */
    char other[320];
    snprintf(other, sizeof(other), "%s.moved", path);
    cr_assert_eq(rename(path, other), 0);
    cr_assert_eq(symlink(other, path), 0);
    cr_expect(!loads_from(dir));
    cr_expect(loads_from(dir));
    remove_folder(dir);
}

Test(cache, missing_folder_is_made_or_ignored)
{
    char base[] = "/tmp/sk_cache_XXXXXX", dir[100];
    cr_assert_not_null(mkdtemp(base));
    snprintf(dir, sizeof(dir), "%s/new", base);
    cr_expect(!loads_from(dir));
    cr_expect(loads_from(dir));
    cr_expect(!loads_from("/proc/nonexistent/cache"));
    cr_expect(!loads_from("/dev/null"));
    remove_folder(base);
}

Test(cache, writers_at_once)
{
    char dir[] = "/tmp/sk_cache_XXXXXX", command[200];
    cr_assert_not_null(mkdtemp(dir));
    pid_t child[4];
    for (int i = 0; i < 4; i++) {
        child[i] = fork();
        if (child[i] == 0) {
            struct bench b;
            start(&b, PATTERNS_DIR, dir);
            _exit(b.matcher ? 0 : 1);
        }
    }
    for (int i = 0; i < 4; i++) {
        int status = -1;
        waitpid(child[i], &status, 0);
        cr_expect_eq(status, 0);
    }
    cr_expect(loads_from(dir));
    /* One file, nothing left aside. */
    snprintf(command, sizeof(command), "test $(ls -A '%s' | wc -l) = 1", dir);
    cr_expect_eq(system(command), 0);
    remove_folder(dir);
}
