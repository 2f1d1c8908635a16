/* layer: match */
/* Rule files of any content: the YAML reader, detectors, header lists, word lists, header look-up, the check of regular
 * expressions. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "match/lint.h"
#include "rules/load.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void walk(struct sk_reader *r, const struct sk_node *node)
{
    static const char *const KEYS[] = { "id", "find", "labels" };
    size_t count;
    sk_string(r, node, "");
    sk_integer(r, node, -5, 5, 0);
    sk_number(r, node, -5, 5, 0);
    sk_boolean(r, node, false);
    sk_date(r, node, true, 0);
    sk_strings(r, node, &count);
    if (node->kind == SK_NODE_SCALAR)
        sk_choice(r, node, KEYS, 3);
    if (node->kind == SK_NODE_MAP)
        sk_keys(r, node, KEYS, 3);
    for (const struct sk_node *c = node->child; c; c = c->next)
        walk(r, c); /* at most 64 levels */
}

static void yaml(const uint8_t *data, size_t n)
{
    struct sk_arena arena;
    struct sk_problems problems;
    sk_arena_init(&arena, (size_t)64 << 20);
    sk_problems_init(&problems);
    struct sk_reader r = { "f", &arena, &problems };
    const struct sk_node *root = sk_yaml_parse(sk_bytes(data, n), "f", &arena, &problems);
    if (root)
        walk(&r, root);
    sk_arena_free(&arena);
    sk_problems_free(&problems);
}

static void file(const struct sk_fold *fold, const uint8_t *data, size_t n, int kind)
{
    int fd = memfd_create("rules", MFD_CLOEXEC);
    char path[64];
    struct sk_problems problems;
    sk_problems_init(&problems);
    struct sk_rules *r = sk_new(1, sizeof(*r));
    struct sk_loader l = { r, fold, &problems, sk_sha256_new() };
    if (fd >= 0 && r && l.sha && sk_sha256_start(l.sha) && write(fd, data, n) == (ssize_t)n) {
        sk_arena_init(&r->arena, (size_t)64 << 20);
        snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
        if (kind == 0)
            sk_load_detector(&l, path, "detectors/good.yaml");
        else if (kind == 1)
            sk_load_headers(&l, path, "headers/h.tsv");
        else if (kind == 2)
            sk_load_near(&l, path, "headers/near.tsv");
        else
            sk_load_words(&l, path, "words/w.txt");
        sk_load_headers_end(&l);
        sk_load_literals(&l);
        int score;
        sk_rules_header_near(r, "被保険者氏名", 18, &score);
        sk_rules_free(r);
    } else {
        free(r);
    }
    sk_sha256_free(l.sha);
    sk_problems_free(&problems);
    if (fd >= 0)
        close(fd);
}

static void header(const struct sk_rules *rules, const uint8_t *data, size_t n)
{
    char out[512];
    int score;
    bool weak;
    size_t cap = n ? data[0] * 2u : 0;
    size_t m = sk_header_normalise((const char *)data, n, out, cap < sizeof(out) ? cap : sizeof(out));
    sk_rules_header(rules, out, m, &weak);
    sk_rules_header_near(rules, out, m, &score);
    sk_rules_header(rules, (const char *)data, n, &weak);
    sk_rules_header_near(rules, (const char *)data, n, &score);
    if (score < 0 || score > 100)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static struct sk_fold *fold;
    static struct sk_rules *rules;
    if (!fold) {
        struct sk_problems problems;
        sk_problems_init(&problems);
        fold = sk_fold_new();
        rules = fold ? sk_rules_load(PATTERNS_DIR, fold, &problems) : NULL;
        sk_problems_free(&problems);
    }
    if (!rules || n == 0)
        return 0;
    switch (data[0] % 8) {
    case 0:
    case 1:
        yaml(data + 1, n - 1);
        break;
    case 2:
    case 3:
    case 4:
    case 5:
        file(fold, data + 1, n - 1, data[0] % 8 - 2);
        break;
    case 6:
        header(rules, data + 1, n - 1);
        break;
    default: {
        char *text = sk_copy_string((const char *)data + 1, n - 1);
        if (text)
            sk_lint_regex(text);
        free(text);
    }
    }
    return 0;
}
