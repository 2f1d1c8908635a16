/* Whatever write or sync fails, for each in turn: the store opens again and holds, and no night that did not end is
 * told as ended. */
#include "nightly/fault_vfs.h"
#include "nightly/night_kit.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static const struct lying BEFORE[] = { { SOUMU "a.uke", 1, 3 }, { SOUMU "b.txt", 2 }, { SHINSA "c.uke", 3, 9 } };
static const struct lying AFTER[] = { { SOUMU "b.txt", 2 }, { SOUMU "d.uke", 4, 5 }, { SHINSA "c.uke", 3, 9 } };

static void holds(struct kit *k, enum fault kind, long at, bool said_ended)
{
    cr_assert(kit_reopen(k), "fault %d at %ld: %s", kind, at,
              k->problems.n ? k->problems.items[k->problems.n - 1].en : "");
    sqlite3_stmt *st = sk_prepare(k->store, "PRAGMA integrity_check");
    cr_assert(st && sqlite3_step(st) == SQLITE_ROW && strcmp(SK_COL_TEXT(st, 0), "ok") == 0, "fault %d at %ld: %s",
              kind, at, SK_COL_TEXT(st, 0));
    sqlite3_finalize(st);
    cr_assert(sk_store_verify(k->store, &k->problems), "fault %d at %ld: %s", kind, at,
              k->problems.n ? k->problems.items[k->problems.n - 1].en : "");
    int64_t ended = kit_integer(k, "SELECT count(*) FROM run WHERE status='ended'");
    cr_assert(ended >= (said_ended ? 2 : 1), "fault %d at %ld: %d nights ended", kind, at, (int)ended);
    /* A night counts as ended with all that belongs to it, or not at all. */
    cr_assert_eq(kit_integer(k, "SELECT count(*) FROM chain WHERE kind='run-end'"), ended, "fault %d at %ld", kind, at);
    cr_assert_eq(kit_integer(k, "SELECT count(DISTINCT run) FROM place"), ended, "fault %d at %ld", kind, at);
    cr_assert_eq(kit_integer(k, "SELECT count(*) FROM run WHERE complete=1 AND status<>'ended'"), 0, "fault %d at %ld",
                 kind, at);
    cr_assert_str_eq(kit_status(k, SOUMU "a.uke", NULL, NULL), ended == 2 ? "gone" : "new", "fault %d at %ld", kind,
                     at);
    bool begun = kit_integer(k, "SELECT count(*) FROM run") == 2;
    const char *text = kit_report(k, "nightly", "text", false);
    cr_assert((strstr(text, "中断") != NULL) == (begun && ended == 1), "fault %d at %ld: %s", kind, at, text);
    cr_assert(kit_night(k, AFTER, 3), "fault %d at %ld: the next night", kind, at);
    cr_assert_str_eq(kit_status(k, SOUMU "a.uke", NULL, NULL), "gone");
    cr_assert_str_eq(kit_status(k, SOUMU "d.uke", NULL, NULL), ended == 2 ? "open" : "new", "fault %d at %ld", kind,
                     at);
    cr_assert(sk_store_verify(k->store, &k->problems));
}

static bool drop(void *ctx, const void *p, size_t n)
{
    (void)ctx;
    (void)p;
    (void)n;
    return true;
}

static void every_step(enum fault kind)
{
    long at = 1;
    for (bool struck = true; struck && at < 2000; at++) {
        struct kit k;
        fault_arm(FAULT_NONE, 0);
        kit_open(&k, NULL, NULL);
        cr_assert(kit_night(&k, BEFORE, 3));
        fault_arm(kind, at);
        bool ended = kit_night(&k, AFTER, 3);
        sk_store_close(k.store);
        k.store = NULL;
        struck = fault_happened();
        cr_assert(ended || struck);
        fault_arm(FAULT_NONE, 0);
        holds(&k, kind, at, ended);
        kit_close(&k);
    }
    cr_assert(at > 2 && at < 2000, "%ld steps", at);
}

Test(fault, disk_full)
{
    every_step(FAULT_FULL);
}
Test(fault, torn_write)
{
    every_step(FAULT_TORN);
}
Test(fault, sync_fails)
{
    every_step(FAULT_SYNC);
}

/* While the store is being made: nothing is left that would be refused for ever. */
Test(fault, making_it)
{
    for (long at = 1; at < 200; at++) {
        struct kit k;
        fault_arm(FAULT_NONE, 0);
        kit_open(&k, NULL, NULL);
        sk_store_close(k.store);
        k.store = NULL;
        char path[160];
        static const char *const SUFFIXES[] = { "", "-wal", "-shm", ".key", ".head" };
        for (size_t i = 0; i < 5; i++) {
            snprintf(path, sizeof(path), "%s%s", k.path, SUFFIXES[i]);
            remove(path);
        }
        fault_arm(FAULT_TORN, at);
        struct sk_store *s = sk_store_open(k.path, true, &k.problems);
        bool made = s != NULL;
        sk_store_close(s);
        bool struck = fault_happened();
        fault_arm(FAULT_NONE, 0);
        cr_assert(made || struck);
        cr_assert(kit_reopen(&k), "step %ld: %s", at, k.problems.n ? k.problems.items[k.problems.n - 1].en : "");
        cr_assert(kit_night(&k, BEFORE, 3) && sk_store_verify(k.store, &k.problems), "step %ld", at);
        kit_close(&k);
        if (!struck)
            return;
    }
    cr_assert(false, "never succeeded");
}

/* Bytes of the database overwritten, at many places: refused, or a store that still holds; never a crash, never a night
 * told as complete that was not. */
Test(fault, corrupt_database)
{
    for (long at = 0; at < 60; at++) {
        struct kit k;
        fault_arm(FAULT_NONE, 0);
        kit_open(&k, NULL, NULL);
        cr_assert(kit_night(&k, BEFORE, 3));
        sk_store_close(k.store);
        k.store = NULL;
        FILE *f = fopen(k.path, "r+b");
        cr_assert(f && fseek(f, 0, SEEK_END) == 0);
        long size = ftell(f);
        fseek(f, at * size / 60, SEEK_SET);
        for (int i = 0; i < 300; i++)
            fputc((int)(at * 31 + i * 7) & 255, f);
        fclose(f);
        if (kit_reopen(&k)) {
            struct sk_nightly_request q = { .kind = "nightly", .format = "text" };
            struct sk_writer w = { drop, NULL };
            sk_nightly_report(k.store, &q, &w, &k.problems);
            sk_store_verify(k.store, &k.problems);
            kit_night(&k, AFTER, 3);
        }
        kit_close(&k);
    }
}

/* Another connection holds the database: the night waits, then says so; nothing is lost and the next one ends. */
Test(fault, locked_database)
{
    struct kit k;
    sqlite3 *other = NULL;
    fault_arm(FAULT_NONE, 0);
    kit_open(&k, NULL, NULL);
    cr_assert(kit_night(&k, BEFORE, 3));
    cr_assert_eq(sqlite3_open(k.path, &other), SQLITE_OK);
    cr_assert_eq(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    cr_assert_not(kit_begin(&k));
    cr_assert(strstr(sk_store_error(k.store), "locked"), "%s", sk_store_error(k.store));
    cr_assert_eq(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(other);
    cr_assert(kit_reopen(&k) && kit_night(&k, AFTER, 3) && sk_store_verify(k.store, &k.problems));
    cr_assert_str_eq(kit_status(&k, SOUMU "a.uke", NULL, NULL), "gone");
    kit_close(&k);
}

/* SQLite's memory runs out at the n-th allocation, for each n: as with a full disk. */
static long allocations, fail_at;
static sqlite3_mem_methods real_memory;

static void *short_malloc(int n)
{
    return fail_at && ++allocations >= fail_at ? NULL : real_memory.xMalloc(n);
}

static void *short_realloc(void *p, int n)
{
    return fail_at && ++allocations >= fail_at ? NULL : real_memory.xRealloc(p, n);
}

Test(fault, memory_runs_out, .timeout = 240)
{
    sqlite3_shutdown();
    cr_assert_eq(sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real_memory), SQLITE_OK);
    sqlite3_mem_methods scarce = real_memory;
    scarce.xMalloc = short_malloc;
    scarce.xRealloc = short_realloc;
    cr_assert_eq(sqlite3_config(SQLITE_CONFIG_MALLOC, &scarce), SQLITE_OK);
    sqlite3_initialize();
    long step = 1;
    for (long at = 1;; at += step, step += at / 200) {
        struct kit k;
        fail_at = 0;
        fault_arm(FAULT_NONE, 0);
        kit_open(&k, NULL, NULL);
        cr_assert(kit_night(&k, BEFORE, 3));
        allocations = 0;
        fail_at = at;
        bool ended = kit_night(&k, AFTER, 3), struck = allocations >= at;
        sk_store_close(k.store);
        k.store = NULL;
        fail_at = 0;
        cr_assert(ended || struck);
        holds(&k, (enum fault)99, at, ended);
        kit_close(&k);
        if (!struck)
            break;
        cr_assert(at < 100000);
    }
}
