/* Seeds by tests/corpus/make_jtd.py. */
#include "record_sink.h"

#include <criterion/criterion.h>

static void scan(struct record *r, const char *seed)
{
    char path[512];
    size_t n;
    snprintf(path, sizeof(path), "%s/corpus/%s", TESTS_DIR, seed);
    uint8_t *p = record_load(path, &n);
    cr_assert(p, "%s", path);
    cr_expect(record_bytes(r, "名前.dat", p, n), "%s", seed);
    free(p);
}

Test(jtd, text_between_records)
{
    static const struct {
        const char *seed, *line;
    } CASES[] = {
        { "cfb/simple.jtd", "format 0 jtd" },
        { "cfb/simple.jtd", "0 body - p1 氏名:山田太郎" },
        { "cfb/simple.jtd", "0 body - p2 𠮷田 花子" },
        { "cfb/rich.jtd", "0 body - p1 第1条 被保険者氏名\t番号" },
        { "cfb/rich.jtd", "0 body - p2 髙橋たかはし様" },
        { "cfb/rich.jtd", "0 body - p3 次の行 終" },
        { "cfb/rich.jtd", "0 header - 取扱注意" },
        { "cfb/rich.jtd", "0 note - 脚注の文" },
        { "cfb/rich.jtd", "0 body - p1 二枚目のシート" },
        { "cfb/packed.jtdc", "part 1 in 0 [-] JSCompDocument" },
        { "cfb/packed.jtdc", "part 2 in 1 [-] DOC.JTD" },
        { "cfb/packed.jtdc", "2 body - p1 二枚目のシート" },
        { "cfb/cut.jtd", "0 reason damaged" },
        { "cfb/cut.jtd", "0 body - p1 氏名:山" },
        { "ichitaro/v6.jtw", "format 0 ichitaro" },
        { "ichitaro/v6.jtw", "0 body - 支払通知書 山田太郎" },
        { "ichitaro/v6.jtw", "0 body - 電話 00-0000-0000" },
        { "ichitaro/packed.jsw", "0 reason unsupported ichitaro" },
    };
    struct record *r = record_new();
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        scan(r, CASES[i].seed);
        cr_expect(record_has(r, CASES[i].line), "%s: no line '%s' in\n%s", CASES[i].seed, CASES[i].line, r->log.p);
    }
    record_free(r);
}
