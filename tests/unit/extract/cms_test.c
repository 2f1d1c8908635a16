/* Envelopes written by OpenSSL 3.0 (cms -sign, -encrypt) around a mail body in ISO-2022-JP. */
#include "record_sink.h"

#include <criterion/criterion.h>

Test(cms, envelopes)
{
    static const struct {
        const char *seed, *line;
    } CASES[] = {
        { "cms/signed.p7m", "format 0 p7m" },
        { "cms/signed.p7m", "1 body - 山田太郎の名簿です" },
        { "cms/stream.p7m", "1 body - 山田太郎の名簿です" }, /* lengths unknown, octets in parts */
        { "cms/signed.pem", "1 body - 山田太郎の名簿です" },
        { "cms/detached.p7s", "format 0 p7m" },
        { "cms/enveloped.p7m", "0 encrypted smime" },
        { "cms/enveloped.p7m", "0 reason encrypted smime" },
        { "cms/cut.p7m", "0 reason damaged" },
        { "eml/signed.eml", "part 1 in 0 [-] smime.p7m" },
        { "eml/signed.eml", "2 body - 山田太郎の名簿です" },
        { "eml/sealed.eml", "1 reason encrypted smime" },
    };
    struct record *r = record_new();
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        char path[512];
        size_t n;
        snprintf(path, sizeof(path), "%s/corpus/%s", TESTS_DIR, CASES[i].seed);
        uint8_t *p = record_load(path, &n);
        cr_assert(p, "%s", path);
        record_bytes(r, "名前.dat", p, n);
        cr_expect(record_has(r, CASES[i].line), "%s: no line '%s' in\n%s", CASES[i].seed, CASES[i].line, r->log.p);
        bool told = strstr(r->log.p, "reason") != NULL, expected = strstr(CASES[i].seed, "signed") == NULL &&
                                                                   !strstr(CASES[i].seed, "stream") &&
                                                                   !strstr(CASES[i].seed, "detached");
        cr_expect_eq(told, expected, "%s:\n%s", CASES[i].seed, r->log.p);
        free(p);
    }
    record_free(r);
}
