/* rules.c - patterns/ as a whole: which files there are, their digest, the loaded rules. */
#include "rules/rules.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules/load.h"
#include "rules/modelfile.h"
#include "rules/textfile.h"

#define RULES_BYTES ((size_t)256 << 20)
#define MOST_FILES 2000

/* ---- helpers of the loaders ---- */

const char *sk_load_fold(struct sk_loader *l, const char *text)
{
    char folded[SK_WORD_BYTES + 256]; /* sk_fold_utf8 stops at cap */
    size_t n = strlen(text);
    if (n > SK_WORD_BYTES * 2)
        return NULL;
    n = sk_fold_utf8(l->fold, text, n, folded, sizeof(folded));
    while (n > 0 && folded[n - 1] == ' ')
        n--;
    size_t start = 0;
    while (start < n && folded[start] == ' ')
        start++;
    if (n == start || n - start > SK_WORD_BYTES)
        return NULL;
    const char *copy = sk_arena_string(&l->rules->arena, folded + start, n - start);
    if (!copy)
        l->problems->no_memory = true;
    return copy;
}

static bool digest_piece(struct sk_loader *l, const void *p, size_t n)
{
    uint8_t length[8]; /* so that moving a byte from one piece to the next changes the digest */
    for (int i = 0; i < 8; i++)
        length[i] = (uint8_t)((uint64_t)n >> (8 * i));
    return sk_sha256_add(l->sha, length, sizeof(length)) && (n == 0 || sk_sha256_add(l->sha, p, n));
}

bool sk_load_digest(struct sk_loader *l, const char *name, const void *bytes, size_t n)
{
    if (digest_piece(l, name, strlen(name)) && digest_piece(l, bytes, n))
        return true;
    l->problems->no_memory = true;
    return false;
}

bool sk_load_lines(struct sk_loader *l, const char *path, const char *name,
                   void (*each)(struct sk_loader *l, const char *path, struct sk_line line, void *ctx), void *ctx)
{
    struct sk_buf text;
    bool ok = sk_textfile_read(path, &text, l->problems) &&
              sk_textfile_check(sk_bytes(text.p, text.n), path, l->problems) && sk_load_digest(l, name, text.p, text.n);
    char *p = text.p;
    if (ok && text.n >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0)
        p += 3;
    if (ok && p && memchr(p, 0, text.n - (size_t)(p - text.p))) {
        sk_problem_add(l->problems, path, 0, 0, "文字 NUL は使えません", "the character NUL is not allowed");
        ok = false;
    }
    for (unsigned number = 1; ok && p && *p; number++) {
        char *end = p + strcspn(p, "\n");
        char *next = *end ? end + 1 : end;
        while (end > p && strchr(" \t\r", end[-1]))
            end--;
        *end = '\0';
        if (*p)
            each(l, path, (struct sk_line){ p, number }, ctx);
        p = next;
    }
    sk_buf_free(&text);
    return ok;
}

/* ---- the folders ---- */

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool has_ending(const char *name, const char *ending)
{
    size_t n = strlen(name), e = strlen(ending);
    return n > e && strcmp(name + n - e, ending) == 0;
}

struct names {
    char **items;
    size_t n, cap;
};

static void free_names(struct names *names)
{
    for (size_t i = 0; i < names->n; i++)
        free(names->items[i]);
    free(names->items);
}

/* Names in dir that end so, sorted: the order must not hang on the file system. */
static bool list_names(struct sk_loader *l, const char *dir, const char *ending, struct names *names)
{
    DIR *d = opendir(dir);
    if (!d) {
        sk_problem_add(l->problems, dir, 0, 0, "フォルダーを開けません: %s", "cannot open the folder: %s",
                       strerror(errno));
        return false;
    }
    bool ok = true;
    for (struct dirent *e; ok && (e = readdir(d));) {
        if (e->d_name[0] == '.')
            continue;
        if (strcmp(ending, ".yaml") == 0 && has_ending(e->d_name, ".yml"))
            sk_problem_add(l->problems, dir, 0, 0, "%s: 拡張子を .yaml にしてください", "%s: rename it to .yaml",
                           e->d_name);
        if (!has_ending(e->d_name, ending))
            continue;
        char *copy = names->n < MOST_FILES ? sk_copy_string(e->d_name, strlen(e->d_name)) : NULL;
        ok = copy && sk_grow(&names->items, &names->cap, names->n + 1, sizeof(char *));
        if (ok)
            names->items[names->n++] = copy;
        else
            free(copy);
    }
    closedir(d);
    if (!ok)
        l->problems->no_memory = true;
    if (names->n)
        qsort(names->items, names->n, sizeof(char *), by_name);
    return ok;
}

typedef void (*load_file)(struct sk_loader *l, const char *path, const char *name);

static void load_folder(struct sk_loader *l, const char *dir, const char *folder, const char *ending, load_file load)
{
    char path[4096], name[512];
    struct names names = { 0 };
    if (snprintf(path, sizeof(path), "%s/%s", dir, folder) < (int)sizeof(path) && list_names(l, path, ending, &names))
        for (size_t i = 0; i < names.n; i++) {
            int n = snprintf(name, sizeof(name), "%s/%s", folder, names.items[i]);
            int p = snprintf(path, sizeof(path), "%s/%s", dir, name);
            if (n < (int)sizeof(name) && p < (int)sizeof(path))
                load(l, path, name);
        }
    free_names(&names);
}

static void load_headers_file(struct sk_loader *l, const char *path, const char *name)
{
    if (has_ending(name, "/near.tsv"))
        sk_load_near(l, path, name);
    else
        sk_load_headers(l, path, name);
}

static void on_version(struct sk_loader *l, const char *path, struct sk_line line, void *ctx)
{
    (void)ctx;
    struct sk_rules *r = l->rules;
    size_t n = strlen(line.text);
    if (r->version[0] || n >= sizeof(r->version) || strspn(line.text, "0123456789.") != n)
        sk_problem_add(l->problems, path, line.number, 1, "版は 2026.11.24 の形で1行だけ書きます",
                       "write the version as one line like 2026.11.24");
    else
        memcpy(r->version, line.text, n + 1);
}

static void load_version(struct sk_loader *l, const char *dir)
{
    char path[4096];
    if (snprintf(path, sizeof(path), "%s/VERSION", dir) >= (int)sizeof(path))
        return;
    bool ok = sk_load_lines(l, path, "VERSION", on_version, NULL);
    if (ok && !l->rules->version[0])
        sk_problem_add(l->problems, path, 0, 0, "版が書かれていません", "there is no version in it");
}

static void load_all(struct sk_loader *l, const char *dir)
{
    load_version(l, dir);
    load_folder(l, dir, "detectors", ".yaml", sk_load_detector);
    load_folder(l, dir, "headers", ".tsv", load_headers_file);
    load_folder(l, dir, "words", ".txt", sk_load_words);
    sk_load_names(l, dir);
    sk_load_places(l, dir);
    sk_load_prose(l, dir);
    sk_load_headers_end(l);
    if (l->rules->n_detectors > UINT16_MAX || l->rules->n_lists > UINT16_MAX)
        sk_problem_add(l->problems, dir, 0, 0, "規則が多すぎます", "too many rules");
}

struct sk_rules *sk_rules_load(const char *dir, const struct sk_fold *fold, struct sk_problems *problems)
{
    size_t before = problems->n;
    struct sk_rules *r = sk_new(1, sizeof(*r));
    struct sk_loader l = { r, fold, problems, sk_sha256_new() };
    if (!r || !l.sha || !sk_sha256_start(l.sha)) {
        problems->no_memory = true;
        sk_sha256_free(l.sha);
        free(r);
        return NULL;
    }
    sk_arena_init(&r->arena, RULES_BYTES);
    if (strlen(dir) > 3500)
        sk_problem_add(problems, dir, 0, 0, "フォルダーの名前が長すぎます", "the folder's name is too long");
    else
        load_all(&l, dir);
    bool ok = problems->n == before && !problems->no_memory && sk_load_literals(&l) && problems->n == before;
    ok = ok && sk_sha256_end(l.sha, r->digest) && sk_load_meaning(&l);
    sk_sha256_free(l.sha);
    if (ok)
        return r;
    if (problems->n == before)
        problems->no_memory = true;
    sk_rules_free(r);
    return NULL;
}

void sk_rules_free(struct sk_rules *r)
{
    if (!r)
        return;
    free(r->detectors);
    free(r->spellings);
    free(r->lists);
    free(r->list_scanned);
    for (size_t k = 0; k < SK_NEAR_KINDS; k++)
        free(r->near[k].words);
    sk_models_unmap(r);
    sk_arena_free(&r->arena);
    free(r);
}

const char *sk_rules_version(const struct sk_rules *r)
{
    return r->version;
}

const uint8_t *sk_rules_digest(const struct sk_rules *r)
{
    return r->digest;
}

size_t sk_rules_detectors(const struct sk_rules *r, const struct sk_detector **out)
{
    *out = r->detectors;
    return r->n_detectors;
}
