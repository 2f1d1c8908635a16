/* Seeds by tests/corpus/make_lha.py; jlha-*.lzh by jlha 0.1.6, h*.lzh from the test set of lhasa, unicode-folder.lzh
 * from that of libarchive. */
#include "sink_log.h"

#define ROWS "0,0=氏名\n0,1=番号\n1,0=山田太郎\n1,1=12\n2,0=鈴木花子\n2,1=34\n"

static struct sink_log *l;

static void setup(void)
{
    l = log_new();
}

static void teardown(void)
{
    log_free(l);
}

TestSuite(lha, .init = setup, .fini = teardown);

static void scan_seed(const char *name)
{
    char path[512];
    snprintf(path, sizeof(path), "corpus/lha/%s", name);
    struct sk_bytes b = log_file(path);
    log_memory(l, b.p, b.n, "名前は違う.dat");
    free((void *)b.p);
    cr_expect_str_eq(l->parts[0].format, "lzh", "%s: %s", name, l->parts[0].format);
}

Test(lha, methods_and_headers)
{
    static const struct {
        const char *seed, *member;
    } CASES[] = {
        { "level0.lzh", "名簿.csv" },
        { "level0-folder.lzh", "資料/表ソ/名簿.csv" },
        { "level1.lzh", "資料/表ソ/名簿.csv" },
        { "level2.lzh", "資料/表ソ/名簿.csv" },
        { "level3.lzh", "資料/表ソ/名簿.csv" },
        { "utf16.lzh", "資料/髙橋🍣.csv" },
        { "lz4.lzh", "名簿.csv" },
        { "lz5.lzh", "名簿.csv" },
        { "lzs.lzh", "名簿.csv" },
        { "lh1.lzh", "名簿.csv" },
        { "folder-and-link.lzh", "名簿.csv" },
        { "two-joined.lzh", "a.csv" },
        { "two-joined.lzh", "名簿.csv" },
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        scan_seed(CASES[i].seed);
        struct log_part *p = log_find(l, CASES[i].member);
        cr_expect(p, "%s: %s is missing", CASES[i].seed, CASES[i].member);
        for (uint32_t k = 0; k < l->n; k++)
            cr_expect_str_eq(log_text(&l->parts[k].reasons), "", "%s: %s", CASES[i].seed,
                             log_text(&l->parts[k].reasons));
        if (p)
            cr_expect_str_eq(log_text(&p->cells), ROWS, "%s: %s", CASES[i].seed, log_text(&p->cells));
    }
    scan_seed("level0.lzh");
    cr_expect(log_find(l, "表ソ.txt"));
}

/* Written by other programs; the text is known from outside. */
Test(lha, other_programs)
{
    static const struct {
        const char *seed, *member, *text;
    } CASES[] = {
        { "jlha-lh5.lzh", "big.txt", "119,山田太郎,42361" }, { "jlha-lh6.lzh", "big.txt", "119,山田太郎,42361" },
        { "jlha-lh7.lzh", "big.txt", "119,山田太郎,42361" }, { "unicode-folder.lzh", "ÜÖÄüöä/テスト.txt", "Katakana" },
        { "h0_lh5.lzh", "gpl-2", "GENERAL PUBLIC LICENSE" }, { "h1_lh6.lzh", "gpl-2", "GENERAL PUBLIC LICENSE" },
        { "h2_lh7.lzh", "gpl-2", "GENERAL PUBLIC LICENSE" },
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        scan_seed(CASES[i].seed);
        for (uint32_t k = 0; k < l->n; k++)
            cr_expect_str_eq(log_text(&l->parts[k].reasons), "", "%s: %s", CASES[i].seed,
                             log_text(&l->parts[k].reasons));
        struct log_part *p = log_find(l, CASES[i].member);
        cr_expect(p, "%s: %s is missing, not %s", CASES[i].seed, CASES[i].member, l->n > 1 ? l->parts[1].name : "");
        if (p)
            cr_expect(strstr(log_text(&p->text), CASES[i].text), "%s: %s", CASES[i].seed, log_text(&p->text));
    }
}

Test(lha, what_cannot_be_read_is_told)
{
    static const struct {
        const char *seed, *member, *reason; /* NULL: of the archive */
        bool rows;                          /* the undamaged member is read all the same */
    } CASES[] = {
        { "lh3-unread.lzh", "名簿.csv", "unsupported:lh3;", false },
        { "wrong-crc.lzh", "a.csv", "damaged:;", true },
        { "cut.lzh", "b.txt", "damaged:;", true },
        { "broken-middle.lzh", NULL, "damaged:;", true },
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        scan_seed(CASES[i].seed);
        struct log_part *p = &l->parts[0];
        for (uint32_t k = 1; CASES[i].member && k < l->n; k++)
            if (strcmp(l->parts[k].name, CASES[i].member) == 0) {
                p = &l->parts[k];
                break;
            }
        cr_expect_str_eq(log_text(&p->reasons), CASES[i].reason, "%s: %s", CASES[i].seed, log_text(&p->reasons));
        p = log_find(l, "名簿.csv");
        cr_expect(p && (!CASES[i].rows || strcmp(log_text(&p->cells), ROWS) == 0), "%s", CASES[i].seed);
    }
}
