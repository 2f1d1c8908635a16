/* Opening and refusing, what is not read again, what-if, the chain, evidence. */
#include "nightly/night_kit.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *why(struct kit *k)
{
    return k->problems.n ? k->problems.items[k->problems.n - 1].en : "";
}

Test(store, modes_and_key)
{
    struct kit k;
    struct stat st;
    char path[160];
    struct sk_key a, b;
    kit_open(&k, NULL, NULL);
    static const char *const FILES[] = { "", ".key", ".head", ".lock" };
    for (size_t i = 0; i < 4; i++) {
        snprintf(path, sizeof(path), "%s%s", k.path, FILES[i]);
        cr_assert(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600, "%s", path);
    }
    cr_assert(sk_store_key(k.store, &a) && kit_reopen(&k) && sk_store_key(k.store, &b));
    cr_assert(memcmp(&a, &b, sizeof(a)) == 0 && (a.k0 || a.k1));
    kit_close(&k);
}

Test(store, refused)
{
    struct kit k;
    kit_open(&k, NULL, NULL);
    cr_assert_null(sk_store_open(k.path, true, &k.problems), "two runs at a time");
    cr_assert(strstr(why(&k), "another scan"), "%s", why(&k));
    struct sk_store *reader = sk_store_open(k.path, false, &k.problems);
    cr_assert(reader, "reports may be read while a scan runs");
    sk_store_close(reader);
    sk_sql(k.store, "PRAGMA user_version=9");
    cr_assert_not(kit_reopen(&k));
    cr_assert(strstr(why(&k), "version"), "%s", why(&k));
    FILE *f = fopen(k.path, "wb");
    fputs("this is not a database, but it is long enough to look like something else", f);
    fclose(f);
    cr_assert_not(kit_reopen(&k));
    cr_assert(strstr(why(&k), "damaged") || strstr(why(&k), "database"), "%s", why(&k));
    cr_assert_eq(truncate(k.path, 0), 0);
    cr_assert_null(sk_store_open(k.path, false, &k.problems));
    cr_assert(strstr(why(&k), "nothing was scanned"), "%s", why(&k));
    unlink(k.path);
    cr_assert_null(sk_store_open(k.path, false, &k.problems));
    cr_assert(strstr(why(&k), "nothing was scanned"), "%s", why(&k));
    cr_assert(kit_reopen(&k), "%s", why(&k));
    kit_close(&k);
}

Test(store, only_what_changed_is_read)
{
    struct kit k;
    kit_open(&k, NULL, NULL);
#define FILES(change) { SOUMU "a.uke", 1, 3 }, { SOUMU "b.txt", 2 }, { SHINSA "c.uke", 3, 9, 0, false, (change) }
    cr_assert(NIGHT(&k, FILES(0)) && k.read == 3);
    cr_assert(NIGHT(&k, FILES(0)) && k.kept == 3);
    cr_assert_eq(kit_integer(&k, "SELECT sum(persons_max) FROM file"), 12);
    cr_assert(NIGHT(&k, FILES(1763900777)) && k.kept == 2 && k.read == 1);
    k.rules[0] = 1; /* other rules */
    cr_assert(NIGHT(&k, FILES(1763900777)) && k.read == 3);
    k.full = true;
    cr_assert(NIGHT(&k, FILES(1763900777)) && k.read == 3);
    k.full = false;
    cr_assert(NIGHT(&k, FILES(1763900777)) && k.kept == 3);
    k.day += 7; /* full_scan_days */
    cr_assert(NIGHT(&k, FILES(1763900777)) && k.read == 3);
    kit_policy(&k, "max_grade: L2\n      compartments: []\n      owner_groups: [GRP_SOUMU]",
               "max_grade: L3\n      compartments: [M]\n      owner_groups: [GRP_SOUMU]");
    cr_assert(NIGHT(&k, FILES(1763900777)) && k.kept == 3, "another ceiling judges anew and reads nothing");
    cr_assert_str_eq(kit_status(&k, SOUMU "a.uke", NULL, NULL), "gone");
    cr_assert_eq(kit_integer(&k, "SELECT count(*) FROM file WHERE wire IS NULL"), 1, "a plain file keeps no message");
    kit_close(&k);
}

Test(store, what_if)
{
    struct kit k, other;
    struct sk_what_if w;
    kit_open(&k, NULL, NULL);
    kit_open(&other, "max_grade: L2\n      compartments: []\n      owner_groups: [GRP_SOUMU]",
             "max_grade: L3\n      compartments: [M]\n      owner_groups: [GRP_SOUMU]");
    cr_assert(NIGHT(&k, { SOUMU "a.uke", 1, 3 }, { SOUMU "b.uke", 2, 3 }, { SOUMU "c.txt", 3 }));
    cr_assert(sk_store_what_if(k.store, k.policy, other.policy, &w));
    uint64_t gone = 0, appeared = 0;
    for (int i = 0; i < SK_WHAT_IF_CODES; i++) {
        gone += w.gone[i];
        appeared += w.appeared[i];
    }
    cr_assert(w.files == 3 && w.label_changed == 0 && gone == 4 && appeared == 0, "%d files, %d gone", (int)w.files,
              (int)gone); /* V-GRADE and V-COMP of two */
    kit_close(&other);
    kit_close(&k);
}

/* ---- the chain ---- */
Test(chain, finds_every_change)
{
    static const struct {
        const char *what, *sql;
    } CHANGES[] = {
        { "edit", "UPDATE chain SET body='x' WHERE seq=3" },
        { "edit of the time", "UPDATE chain SET at=at+1 WHERE seq=2" },
        { "delete in the middle", "DELETE FROM chain WHERE seq=3" },
        { "delete the first", "DELETE FROM chain WHERE seq=1" },
        { "reorder", "UPDATE chain SET seq=-1 WHERE seq=2; UPDATE chain SET seq=2 WHERE seq=3; UPDATE chain SET seq=3 "
                     "WHERE seq=-1" },
        { "cut off the end", "DELETE FROM chain WHERE seq=(SELECT max(seq) FROM chain)" },
        { "cut off the end with its note",
          "DELETE FROM chain WHERE seq>4; UPDATE meta SET value=(SELECT seq||':'||lower(hex(hash)) FROM chain WHERE "
          "seq=4) WHERE key='chain_head'" },
        { "empty", "DELETE FROM chain; DELETE FROM meta WHERE key='chain_head'" },
        { "another key", "UPDATE meta SET value=zeroblob(32) WHERE key='chain_key'" },
    };
    for (size_t i = 0; i < sizeof(CHANGES) / sizeof(CHANGES[0]); i++) {
        struct kit k;
        kit_open(&k, NULL, NULL);
        for (int night = 0; night < 3; night++)
            cr_assert(NIGHT(&k, { SOUMU "a.uke", 1, 3 }));
        cr_assert(sk_store_log(k.store, "exception", "ex-1") && sk_store_verify(k.store, &k.problems), "%s", why(&k));
        cr_assert_eq(kit_integer(&k, "SELECT count(*) FROM chain"), 7);
        cr_assert(sk_sql(k.store, CHANGES[i].sql));
        cr_assert_not(sk_store_verify(k.store, &k.problems), "%s", CHANGES[i].what);
        kit_close(&k);
    }
}

Test(chain, head_outside)
{
    struct kit k;
    char head[160], text[512] = "";
    kit_open(&k, NULL, NULL);
    cr_assert(NIGHT(&k, { SOUMU "a.uke", 1, 3 }));
    snprintf(head, sizeof(head), "%s.head", k.path);
    FILE *f = fopen(head, "rb");
    size_t n = fread(text, 1, sizeof(text) - 1, f);
    fclose(f);
    cr_assert(n > 100);
    for (size_t i = 0; i < n; i++) {
        int fd = open(head, O_WRONLY);
        char c = text[i] == '0' ? '1' : '0';
        cr_assert(pwrite(fd, &c, 1, (off_t)i) == 1);
        cr_assert_not(sk_store_verify(k.store, &k.problems), "byte %zu of the head", i);
        cr_assert(pwrite(fd, &text[i], 1, (off_t)i) == 1);
        close(fd);
    }
    cr_assert(sk_store_verify(k.store, &k.problems));
    unlink(head);
    cr_assert_not(sk_store_verify(k.store, &k.problems));
    kit_close(&k);
}

Test(chain, a_store_made_anew_says_so)
{
    struct kit k;
    char path[160];
    kit_open(&k, NULL, NULL);
    cr_assert(NIGHT(&k, { SOUMU "a.uke", 1, 3 }));
    sk_store_close(k.store);
    k.store = NULL;
    unlink(k.path);
    snprintf(path, sizeof(path), "%s-wal", k.path);
    unlink(path);
    cr_assert(kit_reopen(&k));
    cr_assert_eq(
        kit_integer(&k, "SELECT count(*) FROM chain WHERE seq=1 AND kind='store-replaced' AND body LIKE 'before=2 %'"),
        1);
    cr_assert(sk_store_verify(k.store, &k.problems), "%s", why(&k));
    kit_close(&k);
}

/* ---- evidence ---- */
static bool make(struct kit *k, const char *finding, long known, const char *folder)
{
    struct sk_evidence_request q = { .finding = finding, .known = known, .folder = folder };
    return sk_evidence_make(k->store, &q, &k->problems);
}

Test(evidence, one_changed_byte)
{
    struct kit k;
    char folder[160], path[512];
    int64_t id;
    kit_open(&k, NULL, NULL);
    cr_assert(NIGHT(&k, { SOUMU "a.uke", 1, 3 }, { SHINSA "same.uke", 1, 3 }));
    kit_status(&k, SOUMU "a.uke", &id, NULL);
    snprintf(folder, sizeof(folder), "%s/evidence", k.folder);
    cr_assert_not(make(&k, "F-99", -1, folder));
    cr_assert(make(&k, "F-1", MONDAY, folder), "%s", why(&k));
    cr_assert(sk_evidence_verify(folder, &k.problems));
    cr_assert(sk_store_verify(k.store, &k.problems), "making evidence is in the chain");
    cr_assert_not(make(&k, "F-1", MONDAY, folder), "a bundle is never written over");
    struct dirent *e;
    DIR *d = opendir(folder);
    size_t files = 0;
    while ((e = readdir(d))) {
        if (e->d_name[0] == '.')
            continue;
        files++;
        snprintf(path, sizeof(path), "%s/%s", folder, e->d_name);
        struct stat st;
        cr_assert(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600);
        int fd = open(path, O_RDWR);
        for (off_t at = 0; at < st.st_size; at += 1 + st.st_size / 40) {
            char was, now;
            cr_assert(pread(fd, &was, 1, at) == 1);
            now = (char)(was ^ 1);
            cr_assert(pwrite(fd, &now, 1, at) == 1);
            cr_assert_not(sk_evidence_verify(folder, &k.problems), "%s byte %ld", e->d_name, (long)at);
            cr_assert(pwrite(fd, &was, 1, at) == 1);
        }
        close(fd);
        char away[600];
        snprintf(away, sizeof(away), "%s.away", path);
        rename(path, away);
        cr_assert_not(sk_evidence_verify(folder, &k.problems), "%s missing", e->d_name);
        rename(away, path);
        cr_assert(sk_evidence_verify(folder, &k.problems));
        if (strcmp(e->d_name, "report.txt") == 0) { /* 5 days and 30 and 60 from 2026-11-23, counted on a calendar */
            char text[8192] = "";
            FILE *f = fopen(path, "rb");
            cr_assert(fread(text, 1, sizeof(text) - 1, f) > 0);
            fclose(f);
            cr_assert(strstr(text, "2026-11-26") && strstr(text, "2026-11-28") && strstr(text, "2026-12-23") &&
                          strstr(text, "2027-01-22"),
                      "%s", text);
        }
    }
    closedir(d);
    cr_assert(files >= 3);
    snprintf(path, sizeof(path), "rm -rf '%s'", folder);
    cr_assert_eq(system(path), 0);
    kit_close(&k);
}
