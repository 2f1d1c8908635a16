/* What reports say and to whom, in each format. */
#include "nightly/night_kit.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void two_nights(struct kit *k)
{
    kit_open(k, NULL, NULL);
    cr_assert(NIGHT(k, { SOUMU "<b>&\"=1\xE2\x80\xAE.uke", 1, 3 }, { SOUMU "b.uke", 2, 101 }, { SHINSA "c.uke", 3, 12 },
                    { SHINSA "d", 4 }, { SOUMU "e", 5 }, { SOUMU "f", 6 }, { SOUMU "g", 7 }, { SOUMU "h", 8 }));
    k->rules[0] = 9;
    kit_policy(k, "version: \"0.1.0\"", "version: \"0.2.0\"");
    cr_assert(NIGHT(k, { SOUMU "<b>&\"=1\xE2\x80\xAE.uke", 1, 3 }, { SHINSA "c.uke", 3, 12 }, { SHINSA "d", 4 },
                    { SOUMU "e", 5 }, { SOUMU "f", 6 }, { SOUMU "g", 7 }, { SOUMU "h", 8 }));
}

Test(report, no_names_and_small_counts_in_the_summary)
{
    static const char *const KINDS[] = { "nightly", "audit", "trend", "inventory" }, *const FORMATS[] = { "text",
                                                                                                          "html", "csv",
                                                                                                          "json" };
    struct kit k;
    two_nights(&k);
    for (int i = 0; i < 4; i++)
        for (int f = 0; f < 4; f++) {
            const char *text = kit_report(&k, KINDS[i], FORMATS[f], false);
            cr_assert(strlen(text) > 20, "%s %s", KINDS[i], FORMATS[f]);
            cr_assert_not(strstr(text, ".uke"), "%s %s names a file: %s", KINDS[i], FORMATS[f], text);
        }
    cr_assert(strstr(kit_report(&k, "nightly", "text", false), "10人未満"));
    cr_assert(strstr(kit_report(&k, "nightly", "html", false), "10人未満"));
    cr_assert(strstr(kit_report(&k, "nightly", "json", false), "\"under\":10"));
    cr_assert(strstr(kit_report(&k, "nightly", "csv", false), ",<10,<10,"));
    cr_assert(strstr(kit_report(&k, "nightly", "json", true), "\"max\":3}"));
    cr_assert(strstr(kit_report(&k, "nightly", "csv", true), "b.uke"));
    kit_close(&k);
}

Test(report, html_is_closed_in_itself)
{
    static const char *const KINDS[] = { "nightly", "audit", "trend", "inventory" };
    struct kit k;
    two_nights(&k);
    for (int i = 0; i < 4; i++) {
        const char *text = kit_report(&k, KINDS[i], "html", true);
        cr_assert(strstr(text, "Content-Security-Policy") && strstr(text, "default-src 'none'") &&
                  strstr(text, "viewport") && strstr(text, "@media print"));
        cr_assert(!strstr(text, "http://") && !strstr(text, "https://") && !strstr(text, " src=") &&
                  !strstr(text, " style=") && !strstr(text, " href="));
        cr_assert(!strstr(text, "<b>") && !strstr(text, "\xE2\x80\xAE"), "names are escaped");
        char path[160], command[512];
        snprintf(path, sizeof(path), "%s/page.html", k.folder);
        FILE *f = fopen(path, "wb");
        fputs(text, f);
        fclose(f);
        snprintf(command, sizeof(command), "python3 '%s/unit/nightly/check_page.py' '%s'", TESTS_DIR, path);
        cr_assert_eq(system(command), 0, "%s", KINDS[i]);
        unlink(path);
    }
    cr_assert(strstr(kit_report(&k, "nightly", "html", true), "■ 緊急") || strstr(k.text, "▲ 重大"),
              "words and shapes");
    cr_assert(strstr(kit_report(&k, "trend", "html", true), "class=\"break\""), "a change of policy breaks the line");
    kit_close(&k);
}

Test(report, csv)
{
    struct kit k;
    kit_open(&k, NULL, NULL);
    cr_assert(NIGHT(&k, { "=1+1", 1, 3 }, { SOUMU "a,\"b\".uke", 2, 30 }, { SHINSA "c", 3 }));
    const char *text = kit_report(&k, "inventory", "csv", true);
    cr_assert(strncmp(text, "\xEF\xBB\xBF", 3) == 0 && strstr(text, "\r\n") && strstr(text, "\n'=1+1,") &&
                  strstr(text, "\n\"" SOUMU "a,\"\"b\"\".uke\","),
              "%s", text);
    text = kit_report(&k, "inventory", "csv", false);
    cr_assert(strstr(text, "LOC-SHINSA,L1,検査済,1\r\n"), "%s", text);
    kit_close(&k);
}

Test(report, trend_breaks)
{
    struct kit k;
    two_nights(&k);
    cr_assert(strstr(kit_report(&k, "nightly", "text", false), "30日の推移(未解消の件数) █|▄ 2→1"), "%s", k.text);
    cr_assert(strstr(kit_report(&k, "trend", "text", false), "0.1.0 2026.11.20 → 0.2.0 2026.11.20"), "%s", k.text);
    cr_assert(strstr(kit_report(&k, "trend", "json", false), "\"break\":true"));
    cr_assert(strstr(kit_report(&k, "trend", "csv", false), ",*,7,0,1,0,0,1\r\n"), "%s", k.text);
    kit_close(&k);
}

Test(report, same_seed_same_sample)
{
    struct kit k;
    static char first[65536];
    two_nights(&k);
    snprintf(first, sizeof(first), "%s", kit_report(&k, "audit", "text", true));
    cr_assert_str_eq(first, kit_report(&k, "audit", "text", true));
    kit_close(&k);
}
