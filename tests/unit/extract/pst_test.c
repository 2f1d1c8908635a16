/* Seeds by tests/corpus/make_pst.py. Real files (.pst of Outlook 2003, .ost of 2016) were compared with pffexport. */
#include "record_sink.h"

#include <criterion/criterion.h>

static struct record *r;

static void scan(const char *seed)
{
    char path[512];
    size_t n;
    snprintf(path, sizeof(path), "%s/corpus/pst/%s", TESTS_DIR, seed);
    uint8_t *p = record_load(path, &n);
    cr_assert(p, "%s", path);
    cr_expect(record_bytes(r, "名前.dat", p, n), "%s", seed);
    free(p);
}

/* The same mailbox in each of the four ways in which Outlook keeps one. */
Test(pst, folders_messages_attachments)
{
    static const char *const SEEDS[] = { "unicode.pst", "permuted.pst", "ansi.pst", "large.ost" };
    static const char *const LINES[] = {
        "format 0 pst",
        "part 1 in 0 [-] 受信トレイ",
        "part 2 in 1 [-] 表ソ能",
        "part 3 in 2 [-] RE: 名簿の件",
        "3 title - RE: 名簿の件",
        "3 mail-header - From: 担当 太郎",
        "3 mail-header - To: 受取 花子 <hanako@example.jp>",
        "3 mail-header - Cc: 写し 次郎",
        "3 body - 二行目",
        "part 4 in 3 [-] body.html",
        "part 5 in 3 [-] 名簿.csv",
        "part 6 in 3 [-] 長い.csv",
        "6 body - r2c0 鈴木花子", /* in its second block */
        "part 7 in 3 [-] 転送された件名",
        "7 body - 内側の本文",
        "part 8 in 0 [-] どこにもない", /* in no folder */
        "8 body - 削除された本文",
        "part 9 in 1 [-] 連絡先",
        "9 property - 090-0000-0000",
    };
    r = record_new();
    for (size_t i = 0; i < sizeof(SEEDS) / sizeof(SEEDS[0]); i++) {
        scan(SEEDS[i]);
        for (size_t k = 0; k < sizeof(LINES) / sizeof(LINES[0]); k++)
            cr_expect(record_has(r, LINES[k]), "%s: no line '%s' in\n%s", SEEDS[i], LINES[k], r->log.p);
        cr_expect(!strstr(r->log.p, "reason"), "%s:\n%s", SEEDS[i], r->log.p);
    }
    record_free(r);
}

Test(pst, what_cannot_be_read_is_told)
{
    static const struct {
        const char *seed, *line;
    } CASES[] = {
        { "loop.pst", "0 reason damaged" },
        { "loop.pst", "part 1 in 0 [-] RE: 名簿の件" }, /* the other half of the tree */
        { "no-blocks.pst", "0 reason damaged" },
        { "edp.pst", "0 encrypted edp" },
    };
    r = record_new();
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        scan(CASES[i].seed);
        cr_expect(record_has(r, CASES[i].line), "%s: no line '%s' in\n%s", CASES[i].seed, CASES[i].line, r->log.p);
    }
    record_free(r);
}
