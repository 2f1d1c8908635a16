/*
 * Text is read in blocks: what is found must not depend on where a block ends. Each document is scanned with its bytes
 * moved against the end of a block, by every number of bytes, and must give the same elements (high and medium), counts
 * and persons each time. What is low may hang on what stands around it.
 * Usage: chunks PATTERNS BLOCK STEP FILE...
 *   BLOCK  bytes of a block (lib/extract/scratch.h)      STEP  1: every position
 *
 * A table (.csv, .tsv) is made long by repeating its rows, and moved by spaces behind its header; other text is moved
 * by lines of English before it.
 */
#define _GNU_SOURCE
#include <sekisho/sekisho.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 20000 }; /* bytes of a document: larger ones cross blocks by themselves */

struct text {
    unsigned char *p;
    size_t n, cap;
    unsigned unit; /* bytes of a character of ASCII: 2 in UTF-16 */
    bool big;      /* its higher byte comes first */
};

static void add(struct text *t, const void *bytes, size_t n)
{
    if (t->n + n > t->cap)
        abort();
    memcpy(t->p + t->n, bytes, n);
    t->n += n;
}

static void add_ascii(struct text *t, char c)
{
    unsigned char pair[2] = { (unsigned char)c, 0 };
    if (t->unit == 2 && t->big)
        pair[0] = 0, pair[1] = (unsigned char)c;
    add(t, pair, t->unit);
}

/* Lines of exactly n bytes that hold nobody. */
static void add_lines(struct text *t, size_t n)
{
    static const char words[] = "The quick brown fox jumps over the lazy dog while others look on.";
    for (size_t i = 0, all = n / t->unit; i < all; i++)
        add_ascii(t, i + 1 == all || i % sizeof(words) == sizeof(words) - 1 ? '\n' : words[i % sizeof(words)]);
}

/* What was found, as text. */
static char *said(seki_scanner *scanner, const struct text *t, const char *name)
{
    seki_result *r = NULL;
    seki_error err;
    char *out = NULL;
    size_t n = 0;
    uint64_t min, max;
    if (seki_scan_memory(scanner, t->p, t->n, name, &r, &err) != SEKI_OK) {
        fprintf(stderr, "%s: %s\n", name, err.en);
        exit(70);
    }
    FILE *f = open_memstream(&out, &n);
    if (!f)
        exit(70);
    seki_result_persons(r, &min, &max);
    fprintf(f, "%s, persons %" PRIu64 "-%" PRIu64, seki_result_state(r), min, max);
    for (size_t i = 0; i < seki_result_findings(r); i++) {
        seki_finding x = { .size = sizeof(x) };
        if (seki_result_finding(r, i, &x) == SEKI_OK && strcmp(x.confidence, "low") != 0)
            fprintf(f, ", %s %s %" PRIu64, x.element, x.confidence, x.count);
    }
    fclose(f);
    seki_result_free(r);
    return out;
}

/* Bytes of the mark in front, and how wide characters are; without a mark the file's name says that it is UTF-16. */
static size_t mark(const unsigned char *p, size_t n, const char *path, struct text *t)
{
    bool little = n >= 2 && p[0] == 0xFF && p[1] == 0xFE, big = n >= 2 && p[0] == 0xFE && p[1] == 0xFF;
    t->big = big || strstr(path, "utf-16-be") != NULL;
    t->unit = little || t->big || strstr(path, "utf-16-le") ? 2 : 1;
    return little || big ? 2 : n >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

static unsigned ascii_at(const struct text *t, const unsigned char *p)
{
    return t->unit == 1 ? p[0] : t->big ? (unsigned)(p[0] << 8 | p[1]) : (unsigned)(p[1] << 8 | p[0]);
}

/* Offset behind the first line; *end: where its line end begins. */
static size_t first_line(const struct text *t, const unsigned char *p, size_t n, size_t *end)
{
    for (size_t i = 0; i + t->unit <= n; i += t->unit)
        if (ascii_at(t, p + i) == '\n') {
            *end = i >= t->unit && ascii_at(t, p + i - t->unit) == '\r' ? i - t->unit : i;
            return i + t->unit;
        }
    *end = n;
    return n;
}

/* The document with its text `shift` characters nearer to the block's end. */
static void make(struct text *t, const char *path, const unsigned char *p, size_t n, bool table, size_t block,
                 size_t shift)
{
    size_t bom = mark(p, n, path, t), end;
    t->n = 0;
    add(t, p, bom);
    p += bom;
    n -= bom;
    if (!table) {
        add_lines(t, (block - t->n - shift * t->unit) / t->unit * t->unit);
        add(t, p, n);
        return;
    }
    size_t behind = first_line(t, p, n, &end);
    if (end >= t->unit && ascii_at(t, p + end - t->unit) == '"')
        end -= t->unit;
    add(t, p, end);
    for (size_t i = 0; i < shift; i++)
        add_ascii(t, ' ');
    add(t, p + end, behind - end);
    /* As many rows however far they are moved. */
    while (behind < n && t->n - shift * t->unit < block + block / 8)
        add(t, p + behind, n - behind);
}

static size_t positions(const struct text *t, const unsigned char *p, size_t n, bool table)
{
    size_t most = 0, line = 0;
    if (!table)
        return n / t->unit;
    for (size_t i = 0; i + t->unit <= n; i += t->unit) {
        line = ascii_at(t, p + i) == '\n' ? 0 : line + 1;
        most = line > most ? line : most;
    }
    return most + 2;
}

/* Number of positions at which something else was found. */
static size_t document(seki_scanner *scanner, const char *path, size_t block, size_t step, size_t *scans)
{
    static unsigned char p[MOST + 1];
    FILE *f = fopen(path, "rb");
    size_t n = f ? fread(p, 1, sizeof(p), f) : 0, differ = 0;
    const char *dot = strrchr(path, '.'), *base = strrchr(path, '/');
    bool table = dot && (strcmp(dot, ".csv") == 0 || strcmp(dot, ".tsv") == 0);
    struct text t = { .cap = 2 * block + 4 * MOST };
    if (f)
        fclose(f);
    if (n == 0 || n > MOST)
        return 0;
    t.p = malloc(t.cap);
    if (!t.p)
        exit(70);
    base = base ? base + 1 : path;
    make(&t, path, p, n, table, block, table ? 0 : n / 2 + 2048); /* other text: whole within the first block */
    char *first = said(scanner, &t, base);
    size_t end = positions(&t, p, n, table);
    for (size_t shift = 0; shift <= end; shift += step) {
        make(&t, path, p, n, table, block, shift);
        char *now = said(scanner, &t, base);
        (*scans)++;
        if (strcmp(first, now) != 0 && differ++ == 0)
            printf("%s, %zu characters before the end of the block:\n  %s\n  instead of %s\n", path, shift, now, first);
        free(now);
    }
    if (differ)
        printf("%s: other findings at %zu of %zu positions\n", path, differ, end / step + 1);
    free(first);
    free(t.p);
    return differ;
}

int main(int argc, char **argv)
{
    seki_rules_options options = { .size = sizeof(options), .directory = argc > 1 ? argv[1] : NULL };
    seki_scanner_options scanning = { .size = sizeof(scanning), .no_helpers = true };
    seki_rules *rules = NULL;
    seki_scanner *scanner = NULL;
    seki_error err;
    size_t block = argc > 4 ? strtoul(argv[2], NULL, 10) : 0, step = argc > 4 ? strtoul(argv[3], NULL, 10) : 0;
    size_t scans = 0, differ = 0, documents = 0;
    if (block < 4 * MOST || step == 0)
        return 64;
    if (seki_rules_load(&rules, &options, &err) != SEKI_OK ||
        seki_scanner_new(&scanner, rules, NULL, &scanning, &err) != SEKI_OK) {
        fprintf(stderr, "%s\n", err.en);
        return 70;
    }
    for (int i = 4; i < argc; i++)
        documents += document(scanner, argv[i], block, step, &scans) != 0;
    differ = documents;
    printf("%d documents, %zu positions, %zu documents differ\n", argc - 4, scans, differ);
    seki_scanner_free(scanner);
    seki_rules_free(rules);
    return differ != 0;
}
