/* Seeds by tests/corpus/make_exe.py: self-extracting programs, named as anything else. */
#include "sink_log.h"

#define ROWS "0,0=氏名\n0,1=番号\n1,0=山田太郎\n1,1=12\n2,0=鈴木花子\n2,1=34\n"

Test(exe, self_extracting)
{
    static const struct {
        const char *seed, *member;
        unsigned archives;
    } CASES[] = {
        { "copy.7z.exe", "名簿.csv", 1 },
        { "stored-4.rar.exe", "a.csv", 1 },
        { "stored-5.rar.exe", "資料/名簿.csv", 1 },
        { "stored.cab.exe", "資料/名簿.csv", 1 },
        { "level2.lzh.exe", "資料/表ソ/名簿.csv", 1 },
        { "two-cabinets.exe", "資料/名簿.csv", 2 },
        { "plain.exe", NULL, 0 },
    };
    struct sink_log *l = log_new();
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        char path[512];
        snprintf(path, sizeof(path), "corpus/exe/%s", CASES[i].seed);
        struct sk_bytes b = log_file(path);
        log_memory(l, b.p, b.n, "文書.txt");
        free((void *)b.p);
        cr_expect_str_eq(l->parts[0].format, "exe", "%s: %s", CASES[i].seed, l->parts[0].format);
        unsigned archives = 0;
        for (uint32_t k = 1; k < l->n; k++)
            archives += l->parts[k].parent == 0;
        cr_expect_eq(archives, CASES[i].archives, "%s: %u", CASES[i].seed, archives);
        cr_expect_str_eq(log_text(&l->parts[0].reasons), CASES[i].member ? "" : "unsupported:exe;", "%s: %s",
                         CASES[i].seed, log_text(&l->parts[0].reasons));
        struct log_part *p = CASES[i].member ? log_find(l, CASES[i].member) : NULL;
        cr_expect(!CASES[i].member || (p && strcmp(log_text(&p->cells), ROWS) == 0), "%s", CASES[i].seed);
    }
    log_free(l);
}
