/* The dictionary of names: what it must know, and that damaged files are refused by name. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/hash.h"
#include "rules/model.h"

static uint32_t unicode(const char **p)
{
    const unsigned char *s = (const unsigned char *)*p;
    unsigned n = s[0] < 0x80 ? 1 : s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : 4;
    uint32_t cp = n == 1 ? s[0] : s[0] & (0xFFu >> (n + 1));
    for (unsigned i = 1; i < n; i++)
        cp = cp << 6 | (s[i] & 63u);
    *p += n;
    return cp;
}

static unsigned flags_of(const struct sk_names *m, const char *word)
{
    uint64_t h = SK_NAMES_START;
    while (*word)
        h = sk_names_step(h, sk_names_fold(m, unicode(&word)));
    return sk_names_word(m, h);
}

Test(model, knows_names_and_places)
{
    struct sk_fold *fold = sk_fold_new();
    struct sk_problems problems;
    sk_problems_init(&problems);
    struct sk_rules *r = sk_rules_load(PATTERNS_DIR, fold, &problems);
    cr_assert_not_null(r);
    const struct sk_names *m = sk_rules_names(r);
    cr_assert_not_null(m);
    /* The five commonest surnames of Japan; variants that Unihan and the family register use; given names of lists. */
    static const char *const SURNAMES[] = { "佐藤", "鈴木", "高橋", "田中", "伊藤",
                                            "髙橋", "渡邊", "渡邉", "齋藤", "山﨑" };
    static const char *const GIVEN[] = { "健太", "美咲", "由美子", "一郎", "さくら" };
    static const struct {
        const char *word;
        unsigned flag;
    } OTHERS[] = { { "サトウ", SK_NAME_SURNAME_READING },
                   { "ケンタ", SK_NAME_GIVEN_READING },
                   { "前橋市", SK_NAME_MUNICIPALITY },
                   { "永田町", SK_NAME_TOWN },
                   { "病院", SK_NAME_NOUN },
                   { "東京", SK_NAME_PLACE } };
    for (size_t i = 0; i < sizeof(SURNAMES) / sizeof(SURNAMES[0]); i++) {
        cr_expect_eq(SK_NAME_SURNAME(flags_of(m, SURNAMES[i])), 3, "%s", SURNAMES[i]);
        const char *p = SURNAMES[i];
        uint32_t a = unicode(&p), b = unicode(&p);
        cr_expect(sk_names_pair(sk_names_pairs(m), a, b), "%s", SURNAMES[i]);
    }
    for (size_t i = 0; i < sizeof(GIVEN) / sizeof(GIVEN[0]); i++)
        cr_expect(SK_NAME_GIVEN(flags_of(m, GIVEN[i])) > 0, "%s", GIVEN[i]);
    for (size_t i = 0; i < sizeof(OTHERS) / sizeof(OTHERS[0]); i++)
        cr_expect(flags_of(m, OTHERS[i].word) & OTHERS[i].flag, "%s", OTHERS[i].word);
    cr_expect_eq(flags_of(m, "国民健康保険団体連合会"), 0);
    sk_rules_free(r);
    sk_fold_free(fold);
    sk_problems_free(&problems);
}

/* ---- files that are none ---- */

static size_t shipped(unsigned char **out)
{
    FILE *in = fopen(PATTERNS_DIR "/models/names.bin", "rb");
    cr_assert_not_null(in);
    fseek(in, 0, SEEK_END);
    size_t n = (size_t)ftell(in);
    rewind(in);
    *out = malloc(n + 16);
    cr_assert(*out && fread(*out, 1, n, in) == n);
    fclose(in);
    return n;
}

static void put(const char *dir, const char *name, const void *p, size_t n)
{
    char path[256];
    snprintf(path, sizeof(path), "%s/%s", dir, name);
    FILE *out = fopen(path, "wb");
    cr_assert_not_null(out);
    cr_assert_eq(fwrite(p, 1, n, out), n);
    fclose(out);
}

static void set32(unsigned char *p, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        p[i] = (unsigned char)(v >> (8 * i));
}

static void sum(unsigned char *p, size_t n) /* a checksum that holds, so that the other checks are asked */
{
    set32(p + 28, sk_crc32(sk_crc32(0, p, 28), p + 32, n - 32));
}

Test(model, damaged_files_are_refused)
{
    static const char *const PARTS[] = { "", "/detectors", "/headers", "/words", "/models" };
    char dir[] = "/tmp/sk_model_XXXXXX", command[64];
    cr_assert_not_null(mkdtemp(dir));
    for (size_t i = 1; i < 5; i++) {
        char path[256];
        snprintf(path, sizeof(path), "%s%s", dir, PARTS[i]);
        mkdir(path, 0700);
    }
    put(dir, "VERSION", "2026.11.24\n", 11);
    struct sk_fold *fold = sk_fold_new();
    unsigned char *bytes, *copy;
    size_t n = shipped(&bytes);
    copy = malloc(n + 16);
    for (int kind = 0; kind <= 9; kind++) {
        size_t use = n;
        memcpy(copy, bytes, n);
        memset(copy + n, 0, 16);
        switch (kind) {
        case 1:
            use = n - 1;
            break;
        case 2:
            use = n + 4;
            break;
        case 3:
            copy[n / 2] ^= 1;
            break;
        case 4:
            set32(copy + 8, 3);
            sum(copy, n);
            break; /* version */
        case 5:
            set32(copy + 16, 31);
            sum(copy, n);
            break; /* slots */
        case 6:
            set32(copy + 20, 0xFFFFFFFF);
            sum(copy, n);
            break; /* folds */
        case 7:
            use = 20;
            break;
        case 8:
            set32(copy + 32, 0);
            sum(copy, n);
            break; /* folds out of order */
        case 9:
            use = 0;
            break;
        default:
            break;
        }
        put(dir, "models/names.bin", copy, use);
        struct sk_problems problems;
        sk_problems_init(&problems);
        struct sk_rules *r = sk_rules_load(dir, fold, &problems);
        cr_expect_eq(r != NULL, kind == 0, "kind %d", kind);
        cr_expect(kind == 0 || (problems.n == 1 && strstr(problems.items[0].file, "models/names.bin")), "kind %d",
                  kind);
        sk_rules_free(r);
        sk_problems_free(&problems);
    }
    /* A bucket that ends behind all words: look-ups must not leave the file. */
    memcpy(copy, bytes, n);
    size_t folds = (size_t)copy[20] | (size_t)copy[21] << 8;
    set32(copy + 32 + folds * 8 + 3 * ((size_t)1 << 17) + 4, 0x7FFFFFFF);
    sum(copy, n);
    put(dir, "models/names.bin", copy, n);
    struct sk_problems problems;
    sk_problems_init(&problems);
    cr_expect_null(sk_rules_load(dir, fold, &problems));
    sk_problems_free(&problems);
    free(bytes);
    free(copy);
    sk_fold_free(fold);
    snprintf(command, sizeof(command), "rm -rf '%s'", dir);
    cr_expect_eq(system(command), 0);
}
