/* Seeds by tests/corpus/make_tnef.py. */
#include "record_sink.h"

#include <criterion/criterion.h>

Test(tnef, messages_and_attachments)
{
    static const struct {
        const char *seed, *line;
    } CASES[] = {
        { "winmail.dat", "format 0 tnef" },
        { "winmail.dat", "0 title - 名簿 髙橋様" },
        { "winmail.dat", "0 mail-header - From: 担当 太郎 <tantou@example.jp>" },
        { "winmail.dat", "0 mail-header - To: 受取 花子 <hanako@example.jp>" },
        { "winmail.dat", "0 mail-header - Cc: 写し 次郎" },
        { "winmail.dat", "0 body - 本文です。" },
        { "winmail.dat", "0 body - 二行目" },
        { "winmail.dat", "0 property - 携帯 090-0000-0000" },
        { "winmail.dat", "part 1 in 0 [-] body.html" },
        { "winmail.dat", "1 body - 書式つきの本文" },
        { "winmail.dat", "part 2 in 0 [-] 名簿 2026.csv" },
        { "winmail.dat", "2 body - r1c0 山田太郎" },
        { "winmail.dat", "part 3 in 0 [-] 転送" },
        { "winmail.dat", "3 title - 転送された件名" },
        { "winmail.dat", "3 body - 内側の本文" },
        { "old.dat", "0 title - 古い件名" },
        { "old.dat", "0 body - 古い本文" },
        { "old.dat", "part 1 in 0 [-] 表.csv" },
        { "cut.dat", "0 reason damaged" },
        { "cut.dat", "2 body - r1c0 山田太郎" },
        { "badcount.dat", "0 reason damaged" },
    };
    struct record *r = record_new();
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        char path[512];
        size_t n;
        snprintf(path, sizeof(path), "%s/corpus/tnef/%s", TESTS_DIR, CASES[i].seed);
        uint8_t *p = record_load(path, &n);
        cr_assert(p, "%s", path);
        record_bytes(r, "名前.dat", p, n);
        cr_expect(record_has(r, CASES[i].line), "%s: no line '%s' in\n%s", CASES[i].seed, CASES[i].line, r->log.p);
        cr_expect(strcmp(CASES[i].seed, "winmail.dat") != 0 || !strstr(r->log.p, "reason"), "%s", r->log.p);
        free(p);
    }
    record_free(r);
}
