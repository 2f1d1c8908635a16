/* The life of findings over nights: policy.md 5.1 and A1, A16, A18, A21, A22. */
#include "nightly/night_kit.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define is(status, want) cr_assert_str_eq((status), (want))

Test(life, new_open_gone_again)
{
    struct kit k;
    int64_t id, again;
    kit_open(&k, NULL, NULL);
    cr_assert(NIGHT(&k, { SOUMU "a.uke", 1, 3 }, { SOUMU "memo.txt", 2, 0 }));
    is(kit_status(&k, SOUMU "a.uke", &id, NULL), "new");
    is(kit_status(&k, SOUMU "memo.txt", NULL, NULL), "");
    cr_assert(NIGHT(&k, { SOUMU "a.uke", 1, 3 }, { SOUMU "memo.txt", 2, 0 }));
    is(kit_status(&k, SOUMU "a.uke", &again, NULL), "open");
    cr_assert_eq(id, again);
    cr_assert(NIGHT(&k, { SOUMU "memo.txt", 2, 0 }, { SOUMU "b.txt", 3, 0 }));
    is(kit_status(&k, SOUMU "a.uke", NULL, NULL), "gone");
    cr_assert_eq(kit_integer(&k, "SELECT closed FROM finding"), MONDAY + 2);
    cr_assert_eq(kit_integer(&k, "SELECT first FROM finding"), MONDAY);
    cr_assert_eq(kit_integer(&k, "SELECT last FROM finding"), MONDAY + 1);
    cr_assert(strstr(kit_report(&k, "nightly", "text", true), "解消日 2026-11-25"));
    cr_assert(NIGHT(&k, { SOUMU "memo.txt", 2, 0 }, { SOUMU "b.txt", 3, 0 }));
    cr_assert_not(strstr(kit_report(&k, "nightly", "text", true), "a.uke"), "resolved once is told once");
    cr_assert(NIGHT(&k, { SOUMU "a.uke", 1, 3 }, { SOUMU "memo.txt", 2, 0 }, { SOUMU "b.txt", 3, 0 }));
    is(kit_status(&k, SOUMU "a.uke", &again, NULL), "again");
    cr_assert_eq(id, again);
    kit_close(&k);
}

Test(life, moved_to_where_it_may_lie)
{
    struct kit k;
    char moved[256];
    kit_open(&k, NULL, NULL);
    cr_assert(NIGHT(&k, { SOUMU "a.uke", 1, 3 }));
    cr_assert(NIGHT(&k, { SHINSA "a.uke", 1, 3 }));
    is(kit_status(&k, SOUMU "a.uke", NULL, moved), "gone");
    is(moved, SHINSA "a.uke");
    cr_assert_eq(k.unreachable, 0, "a place is not out of reach because its file was moved");
    kit_close(&k);
}

Test(life, moved_to_another_wrong_place_keeps_its_number)
{
    struct kit k;
    int64_t id, now;
    kit_open(&k, NULL, NULL);
    cr_assert(NIGHT(&k, { SOUMU "a.uke", 1, 3 }));
    kit_status(&k, SOUMU "a.uke", &id, NULL);
    cr_assert(NIGHT(&k, { SOUMU "0/a.uke", 1, 3 }));
    is(kit_status(&k, SOUMU "0/a.uke", &now, NULL), "open");
    cr_assert_eq(id, now);
    cr_assert_eq(kit_integer(&k, "SELECT count(*) FROM finding"), 1);
    cr_assert_eq(kit_integer(&k, "SELECT first FROM finding"), MONDAY);
    kit_close(&k);
}

/* The copy is met first, because its name sorts first: the number stays with the file that was there before. */
Test(life, copied_is_another_finding)
{
    struct kit k;
    int64_t id, old, copy;
    kit_open(&k, NULL, NULL);
    cr_assert(NIGHT(&k, { SOUMU "z.uke", 1, 3 }));
    kit_status(&k, SOUMU "z.uke", &id, NULL);
    cr_assert(NIGHT(&k, { SOUMU "a.uke", 1, 3 }, { SOUMU "z.uke", 1, 3 }));
    is(kit_status(&k, SOUMU "z.uke", &old, NULL), "open");
    is(kit_status(&k, SOUMU "a.uke", &copy, NULL), "new");
    cr_assert(old == id && copy != id);
    kit_close(&k);
}

Test(life, out_of_reach_is_unsure)
{
    struct kit k;
    struct lying files[12];
    static char names[12][64];
    kit_open(&k, NULL, NULL);
    for (int i = 0; i < 12; i++) {
        snprintf(names[i], sizeof(names[i]), i < 10 ? SOUMU "%d.uke" : SHINSA "%d.uke", i);
        files[i] = (struct lying){ .path = names[i], .mark = (uint8_t)(i + 1), .people = 2 };
    }
    cr_assert(kit_night(&k, files, 12));
    for (int night = 0; night < 2; night++) { /* the last good count stays the measure */
        cr_assert(kit_night(&k, files + 10, 2));
        cr_assert_eq(k.unreachable, 1);
        is(kit_status(&k, names[3], NULL, NULL), "unsure");
        const char *text = kit_report(&k, "nightly", "text", false);
        cr_assert(strstr(text, "【不完全】") && strstr(text, "前回 10件→今回 0件") && strstr(text, "継続(未確認) 10"),
                  "%s", text);
        cr_assert_eq(kit_integer(&k, "SELECT complete FROM run ORDER BY id DESC LIMIT 1"), 0);
        cr_assert_eq(kit_integer(&k, "SELECT count(*) FROM file"), 12, "what is known stays");
    }
    cr_assert(kit_night(&k, files, 12));
    is(kit_status(&k, names[3], NULL, NULL), "open");
    cr_assert(kit_night(&k, files + 1, 11));
    cr_assert_eq(k.unreachable, 0);
    is(kit_status(&k, names[0], NULL, NULL), "gone");
    kit_close(&k);
}

Test(life, unreadable_is_not_resolved)
{
    struct kit k;
    kit_open(&k, NULL, NULL);
    cr_assert(NIGHT(&k, { SOUMU "a.uke", 1, 3 }, { SOUMU "d/b.uke", 2, 3 }, { SOUMU "d/e/f.uke", 9, 3 },
                    { SOUMU "m", 3 }, { SOUMU "n", 4 }, { SOUMU "o", 5 }, { SOUMU "p", 6 }, { SOUMU "q", 7 },
                    { SOUMU "r", 8 }, { SOUMU "s", 10 }, { SOUMU "t", 11 }));
    k.complete = false;
    cr_assert(NIGHT(&k, { SOUMU "a.uke", 1, 3, 0, true }, { SOUMU "d", 2, 3, 0, true }, { SOUMU "m", 3 },
                    { SOUMU "n", 4 }, { SOUMU "o", 5 }, { SOUMU "p", 6 }, { SOUMU "q", 7 }, { SOUMU "r", 8 },
                    { SOUMU "s", 10 }, { SOUMU "t", 11 }));
    is(kit_status(&k, SOUMU "a.uke", NULL, NULL), "unsure");
    is(kit_status(&k, SOUMU "d/b.uke", NULL, NULL), "unsure");
    is(kit_status(&k, SOUMU "d/e/f.uke", NULL, NULL), "unsure");
    k.complete = true;
    cr_assert(NIGHT(&k, { SOUMU "a.uke", 1, 3 }, { SOUMU "d/x", 2 }, { SOUMU "m", 3 }, { SOUMU "n", 4 },
                    { SOUMU "o", 5 }, { SOUMU "p", 6 }, { SOUMU "q", 7 }, { SOUMU "r", 8 }, { SOUMU "s", 10 },
                    { SOUMU "t", 11 }));
    is(kit_status(&k, SOUMU "a.uke", NULL, NULL), "open");
    is(kit_status(&k, SOUMU "d/b.uke", NULL, NULL), "gone");
    kit_close(&k);
}

Test(life, repaired_rights)
{
    struct kit k;
    kit_open(&k, NULL, NULL);
    cr_assert(NIGHT(&k, { SHINSA "a.uke", 1, 3, 0644 }));
    is(kit_status(&k, SHINSA "a.uke", NULL, NULL), "new");
    cr_assert(NIGHT(&k, { SHINSA "a.uke", 1, 3, 0640, false, 1763900999 }));
    is(kit_status(&k, SHINSA "a.uke", NULL, NULL), "gone");
    kit_close(&k);
}

Test(life, interrupted_is_told_and_new_stays_new)
{
    struct kit k;
    kit_open(&k, NULL, NULL);
    static const struct lying FILES[] = { { SOUMU "a.uke", 1, 3 }, { SOUMU "b.txt", 2 } };
    cr_assert(kit_begin(&k) && kit_files(&k, FILES, 2));
    cr_assert(kit_reopen(&k));
    const char *text = kit_report(&k, "nightly", "text", false);
    cr_assert(strstr(text, "中断") && strstr(text, "不完全") && !strstr(text, "適合"), "%s", text);
    cr_assert(kit_night(&k, FILES, 2));
    cr_assert(k.interrupted_before);
    cr_assert(k.kept == 2 && k.read == 0, "what the interrupted night read is not read again");
    is(kit_status(&k, SOUMU "a.uke", NULL, NULL), "new");
    cr_assert(strstr(kit_report(&k, "nightly", "text", false), "前回の検査は中断されていました"));
    cr_assert(kit_night(&k, FILES, 2));
    cr_assert_not(k.interrupted_before);
    cr_assert(strstr(kit_report(&k, "trend", "text", false), "中断・不完全"));
    kit_close(&k);
}

Test(life, exceptions)
{
    static const char LIST[] =
        "  list:\n    - id: ex-1\n      scope: {sha256: "
        "\"0101010101010101010101010101010101010101010101010101010101010101\"}\n      grade: L3\n"
        "      reason: 照会\n      requested_by: 審査課 甲\n      approved_by: 情報セキュリティ管理者 乙\n      "
        "approved_at: 2026-10-01\n"
        "      expires_at: 2026-11-24\n";
    struct kit k;
    kit_open(&k, "  list: []\n", LIST);
    cr_assert(NIGHT(&k, { SOUMU "a.uke", 1, 3 })); /* 23rd: in force, ends soon */
    const char *text = kit_report(&k, "nightly", "text", true);
    cr_assert(strstr(text, "例外承認中") && strstr(text, "14日以内に期限") && strstr(text, "a.uke"), "%s", text);
    cr_assert(NIGHT(&k, { SOUMU "a.uke", 7, 3, 0, false, 1763900999 })); /* edited */
    text = kit_report(&k, "nightly", "text", true);
    cr_assert(strstr(text, "内容変更により例外失効"), "%s", text);
    cr_assert(NIGHT(&k, { SOUMU "a.uke", 1, 3, 0, false, 1763900998 })); /* 25th: expired */
    text = kit_report(&k, "nightly", "text", true);
    cr_assert(strstr(text, "例外期限切れ"), "%s", text);
    kit_close(&k);
}

Test(life, canaries_and_aggregates)
{
    struct kit k;
    kit_open(&k, NULL, NULL);
    cr_assert(NIGHT(&k, { SHINSA "検査器試験.csv", 1, 3 }, { SHINSA "a.txt", 2 }));
    const char *text = kit_report(&k, "nightly", "text", false);
    cr_assert(strstr(text, "検査器試験:不合格") && !strstr(text, "【適合】"), "%s",
              text); /* claims instead of what was planted */
    cr_assert(strstr(text, "対象 1件"), "a canary counts in no total: %s", text);
    struct sk_report_aggregate a = { "LOC-SOUMU", "V-AGG", "S1", 1055, 1055 };
    cr_assert(kit_begin(&k) && sk_store_aggregate(k.store, &a) && kit_end(&k));
    text = kit_report(&k, "nightly", "text", false);
    cr_assert(strstr(text, "V-AGG LOC-SOUMU 1055人"), "%s", text);
    kit_close(&k);
}
