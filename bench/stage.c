/*
 * stage.c - MB/s of each stage on files, one thread, thread CPU time, best of several runs; and the same patterns
 * through raw Hyperscan. stage RULES FILE...; the machine's noise is in every number, so only ratios within one run
 * mean something.
 */
#include "api/api.h"

#include <fcntl.h>
#include <hs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { RUNS = 5, BLOCK = 65536, FOLDED = BLOCK * 4, MOST_RULES = 200 };

struct raw { /* a pattern set of raw Hyperscan */
    hs_database_t *db;
    hs_scratch_t *scratch;
};

struct bench {
    seki_rules *rules;
    seki_scanner *scanner;
    struct raw sixty, words;
    struct sk_match_scratch *scratch;
    struct sk_detect *detect;
    struct sk_fold_map map;
    struct sk_atom *atoms;
    uint8_t *bytes;
    size_t n;
    char *text; /* the file folded, SK_PAD behind */
    size_t len;
    enum sk_charset charset;
    const char *path;
    unsigned long long hits;
};

static void fail(const char *what)
{
    fprintf(stderr, "stage: %s\n", what);
    exit(1);
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---------------------------------------------------------------- raw Hyperscan */

static int count(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *ctx)
{
    (void)id, (void)from, (void)to, (void)flags;
    ++*(unsigned long long *)ctx;
    return 0;
}

static void read_sixty(struct raw *r, const char *path)
{
    static char lines[MOST_RULES][4096];
    const char *expressions[MOST_RULES];
    unsigned flags[MOST_RULES], ids[MOST_RULES], n = 0;
    FILE *f = fopen(path, "r");
    if (!f)
        fail(path);
    while (n < MOST_RULES && fgets(lines[n], sizeof(lines[n]), f)) {
        lines[n][strcspn(lines[n], "\n")] = '\0';
        expressions[n] = lines[n];
        flags[n] = HS_FLAG_MULTILINE;
        ids[n] = n;
        n++;
    }
    fclose(f);
    hs_compile_error_t *error = NULL;
    if (hs_compile_multi(expressions, flags, ids, n, HS_MODE_BLOCK, NULL, &r->db, &error) != HS_SUCCESS)
        fail(error ? error->message : "rules");
    if (hs_alloc_scratch(r->db, &r->scratch) != HS_SUCCESS)
        fail("scratch");
}

static void take_words(struct raw *r, const struct sk_rules *rules)
{
    const struct sk_word *words;
    const struct sk_use *uses;
    size_t n = sk_rules_literals(rules, &words, &uses);
    const char **texts = calloc(n, sizeof(*texts));
    size_t *lengths = calloc(n, sizeof(*lengths));
    unsigned *flags = calloc(n, sizeof(*flags)), *ids = calloc(n, sizeof(*ids));
    if (!texts || !lengths || !flags || !ids)
        fail("memory");
    for (size_t i = 0; i < n; i++) {
        texts[i] = words[i].text;
        lengths[i] = words[i].n;
        ids[i] = (unsigned)i;
    }
    hs_compile_error_t *error = NULL;
    if (hs_compile_lit_multi(texts, flags, ids, lengths, (unsigned)n, HS_MODE_BLOCK, NULL, &r->db, &error) !=
            HS_SUCCESS ||
        hs_alloc_scratch(r->db, &r->scratch) != HS_SUCCESS)
        fail(error ? error->message : "words");
    printf("# %zu words\n", n);
    free(texts);
    free(lengths);
    free(flags);
    free(ids);
}

/* ---------------------------------------------------------------- stages: each goes over the whole file once */

static void stage_read(struct bench *b)
{
    static uint8_t buffer[256 << 10];
    int fd = open(b->path, O_RDONLY | O_CLOEXEC);
    while (fd >= 0 && read(fd, buffer, sizeof(buffer)) > 0)
        ;
    if (fd >= 0)
        close(fd);
}

static void stage_hash(struct bench *b)
{
    uint8_t digest[SK_SHA256_BYTES];
    b->hits = sk_crc32(0, b->bytes, b->n) + sk_sha256(b->bytes, b->n, digest);
}

static void stage_charset(struct bench *b)
{
    for (size_t at = 0; at < b->n; at += BLOCK)
        b->hits += sk_charset_holds(b->charset, b->bytes + at, b->n - at < BLOCK ? b->n - at : BLOCK);
}

static void fold_into(struct bench *b, char *keep)
{
    static char out[FOLDED];
    struct sk_fold_state state = { 0 };
    for (size_t at = 0; at < b->n;) {
        size_t k = b->n - at < BLOCK ? b->n - at : BLOCK;
        struct sk_fold_result r =
            sk_fold_run(b->rules->fold, b->charset, b->bytes + at, k, at + k == b->n, &state, out, FOLDED, &b->map);
        if (!r.ok || r.consumed == 0)
            break;
        if (keep)
            memcpy(keep + b->len, out, r.produced);
        b->len += keep ? r.produced : 0;
        at += r.consumed;
    }
}

static void stage_fold(struct bench *b)
{
    fold_into(b, NULL);
}

/* Blocks of folded text, as segments are. */
static void each_block(struct bench *b, void (*scan)(struct bench *, const char *, uint32_t))
{
    for (size_t at = 0; at < b->len; at += 4 * BLOCK)
        scan(b, b->text + at, (uint32_t)(b->len - at < 4 * BLOCK ? b->len - at : 4 * BLOCK));
}

static void scan_sixty(struct bench *b, const char *p, uint32_t n)
{
    hs_scan(b->sixty.db, p, n, 0, b->sixty.scratch, count, &b->hits);
}
static void scan_words(struct bench *b, const char *p, uint32_t n)
{
    hs_scan(b->words.db, p, n, 0, b->words.scratch, count, &b->hits);
}
static void scan_atoms(struct bench *b, const char *p, uint32_t n)
{
    b->hits += sk_match_atoms(p, n, b->atoms, BLOCK);
}
static void scan_match(struct bench *b, const char *p, uint32_t n)
{
    struct sk_hits hits;
    if (sk_match_scan(b->rules->matcher, b->scratch, p, n, &hits))
        b->hits += hits.n_words;
}

static void stage_sixty(struct bench *b)
{
    each_block(b, scan_sixty);
}
static void stage_words(struct bench *b)
{
    each_block(b, scan_words);
}
static void stage_atoms(struct bench *b)
{
    each_block(b, scan_atoms);
}
static void stage_match(struct bench *b)
{
    each_block(b, scan_match);
}

/* From bytes to identifiers with their words and check digits, as far as the rule sets of other tools go: charset,
 * fold, match, judge; no names, tables, people, hashes. Blocks are cut behind line ends. */
static void stage_ids(struct bench *b)
{
    static char out[FOLDED + SK_PAD];
    struct sk_fold_state state = { 0 };
    bool wide = b->charset == SK_CS_UTF16LE || b->charset == SK_CS_UTF16BE;
    sk_detect_begin(b->detect);
    b->hits = 0;
    for (size_t at = 0; at < b->n;) {
        size_t k = b->n - at < BLOCK ? b->n - at : BLOCK, cut = k;
        while (!wide && at + k < b->n && cut > 1 && b->bytes[at + cut - 1] != '\n')
            cut--;
        k = cut > 1 ? cut : k;
        b->hits +=
            (at == 0 || wide) && !sk_charset_holds(b->charset, b->bytes, k < (4u << 10) ? k : (4u << 10));
        struct sk_fold_result r =
            sk_fold_run(b->rules->fold, b->charset, b->bytes + at, k, at + k == b->n, &state, out, FOLDED, &b->map);
        if (!r.ok || r.consumed == 0)
            fail("fold");
        memset(out + r.produced, 0, SK_PAD);
        struct sk_segment s = { .text = out, .len = (uint32_t)r.produced, .layout = SK_PROSE, .fold = b->rules->fold };
        struct sk_hits hits;
        if (!sk_match_scan(b->rules->matcher, b->scratch, out, s.len, &hits))
            fail("match");
        b->hits += sk_detect_identifiers(b->detect, &s, &hits);
        at += r.consumed;
    }
}

static void stage_whole(struct bench *b)
{
    seki_result *r = NULL;
    const char *slash = strrchr(b->path, '/');
    if (seki_scan_memory(b->scanner, b->bytes, b->n, slash ? slash + 1 : b->path, &r, NULL) == SEKI_OK)
        seki_result_free(r);
}

static const struct {
    const char *name;
    void (*run)(struct bench *);
} STAGES[] = { { "read", stage_read },    { "hash", stage_hash },   { "charset", stage_charset },
               { "fold", stage_fold },    { "atoms", stage_atoms }, { "match", stage_match },
               { "ids", stage_ids },      { "whole", stage_whole }, { "hs60", stage_sixty },
               { "hswords", stage_words } };
#define N_STAGES (sizeof(STAGES) / sizeof(STAGES[0]))

static void measure(struct bench *b)
{
    FILE *f = fopen(b->path, "rb");
    if (!f || fseek(f, 0, SEEK_END) != 0)
        fail(b->path);
    long size = ftell(f);
    rewind(f);
    b->n = size > 0 ? (size_t)size : 0;
    b->bytes = calloc(1, b->n + SK_PAD);
    b->text = calloc(1, b->n * 4 + FOLDED + SK_PAD);
    b->len = 0;
    if (!b->bytes || !b->text || fread(b->bytes, 1, b->n, f) != b->n)
        fail("read");
    fclose(f);
    b->charset = sk_charset_guess(b->bytes, b->n < BLOCK ? b->n : BLOCK, true).best;
    fold_into(b, b->text);
    const char *slash = strrchr(b->path, '/');
    printf("%-20s", slash ? slash + 1 : b->path);
    for (size_t i = 0; i < N_STAGES; i++) {
        double best = 1e9;
        for (int run = 0; run < RUNS; run++) {
            double start = seconds();
            STAGES[i].run(b);
            double took = seconds() - start;
            best = took < best ? took : best;
        }
        printf(" %8.0f", (double)b->n / best / 1e6);
    }
    printf("\n");
    fflush(stdout);
    free(b->bytes);
    free(b->text);
}

int main(int argc, char **argv)
{
    struct bench b = { 0 };
    double start = seconds();
    if (argc < 3 || seki_rules_load(&b.rules, NULL, NULL) != SEKI_OK)
        fail("rules");
    printf("# rules loaded in %.1f ms, %s\n", (seconds() - start) * 1e3,
           sk_matcher_from_cache(b.rules->matcher) ? "cached" : "compiled");
    if (seki_scanner_new(&b.scanner, b.rules, NULL, NULL, NULL) != SEKI_OK)
        fail("scanner");
    read_sixty(&b.sixty, argv[1]);
    take_words(&b.words, b.rules->rules);
    b.scratch = sk_match_scratch_new(b.rules->matcher);
    b.atoms = calloc(BLOCK, sizeof(*b.atoms));
    sk_fold_map_init(&b.map);
    struct sk_detect_config config = { .today = 20000 };
    b.detect = sk_detect_new(b.rules->rules, &config);
    if (!b.detect || !b.scratch || !b.atoms)
        fail("memory");
    printf("%-20s", "# MB/s of source");
    for (size_t i = 0; i < N_STAGES; i++)
        printf(" %8s", STAGES[i].name);
    printf("\n");
    for (int i = 2; i < argc; i++) {
        b.path = argv[i];
        measure(&b);
    }
    sk_detect_free(b.detect);
    seki_scanner_free(b.scanner);
    seki_rules_free(b.rules);
    return 0;
}
