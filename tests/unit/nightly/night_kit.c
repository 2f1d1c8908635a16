#include "nightly/night_kit.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *default_policy(void)
{
    FILE *f = fopen(PATTERNS_DIR "/policies/kokuhoren-default.yaml", "rb");
    char *text = calloc(1, 1 << 18);
    cr_assert(f && fread(text, 1, (1 << 18) - 1, f) > 0);
    fclose(f);
    return text;
}

void kit_policy(struct kit *k, const char *from, const char *to)
{
    char path[160], *text = default_policy(), *at = from ? strstr(text, from) : text;
    cr_assert(at, "%s is not in the default policy", from ? from : "");
    snprintf(path, sizeof(path), "%s/policy.yaml", k->folder);
    FILE *f = fopen(path, "wb");
    fwrite(text, 1, (size_t)(at - text), f);
    fputs(from ? to : "", f);
    fputs(at + (from ? strlen(from) : 0), f);
    fclose(f);
    free(text);
    sk_policy_free(k->policy);
    k->policy = sk_policy_load(path, k->fold, &k->problems);
    cr_assert(k->policy, "%s", k->problems.n ? k->problems.items[0].en : "");
}

void kit_open(struct kit *k, const char *from, const char *to)
{
    memset(k, 0, sizeof(*k));
    snprintf(k->folder, sizeof(k->folder), "/tmp/sekisho-nightly-XXXXXX");
    cr_assert(mkdtemp(k->folder));
    snprintf(k->path, sizeof(k->path), "%s/state.db", k->folder);
    sk_problems_init(&k->problems);
    k->fold = sk_fold_new();
    k->day = MONDAY;
    k->complete = true;
    kit_policy(k, from, to);
    cr_assert(kit_reopen(k), "%s", k->problems.n ? k->problems.items[0].en : "");
}

bool kit_reopen(struct kit *k)
{
    sk_store_close(k->store);
    k->store = sk_store_open(k->path, true, &k->problems);
    return k->store != NULL;
}

void kit_close(struct kit *k)
{
    static const char *const SUFFIXES[] = { "state.db",          "state.db-wal",     "state.db-shm",
                                            "state.db.lock",     "state.db.key",     "state.db.head",
                                            "state.db.head.new", "state.db.key.new", "policy.yaml" };
    sk_store_close(k->store);
    sk_policy_free(k->policy);
    sk_fold_free(k->fold);
    sk_problems_free(&k->problems);
    for (size_t i = 0; i < sizeof(SUFFIXES) / sizeof(SUFFIXES[0]); i++) {
        char path[160];
        snprintf(path, sizeof(path), "%s/%s", k->folder, SUFFIXES[i]);
        unlink(path);
    }
    rmdir(k->folder);
}

static const char *const ROOTS[] = { "/share" };

bool kit_begin(struct kit *k)
{
    struct sk_store_run run = { .tool_version = "0.1.0",
                                .rules_version = "2026.11.20",
                                .rules_digest = k->rules,
                                .policy = k->policy,
                                .roots = ROOTS,
                                .n_roots = 1,
                                .as_of = k->day,
                                .started = 1763900000,
                                .full = k->full };
    k->read = k->kept = 0;
    return sk_store_run_begin(k->store, &run, &k->interrupted_before);
}

static struct seki_result *result_of(const struct lying *l)
{
    struct seki_result *r = sk_new(1, sizeof(*r));
    sk_arena_init(&r->arena, 1 << 20);
    struct sk_part *part = sk_arena_new(&r->arena, 1, sizeof(*part));
    *part = (struct sk_part){ .name = "x", .format = "uke", .has_text = true };
    r->parts = part;
    r->n_parts = 1;
    r->format = "uke";
    r->size = 100u + l->mark;
    memset(r->sha256, l->mark, 32);
    r->has_sha256 = !l->denied;
    if (l->denied) {
        struct sk_why *why = sk_arena_new(&r->arena, 1, sizeof(*why));
        *why = (struct sk_why){ 0, SK_WHY_DENIED, "" };
        r->whys = why;
        r->n_whys = 1;
        r->state = SK_UNINSPECTABLE;
    } else if (l->people) {
        struct sk_found *found = sk_arena_new(&r->arena, 1, sizeof(*found));
        struct sk_mask *mask = sk_arena_new(&r->arena, 1, sizeof(*mask));
        *found = (struct sk_found){ SK_EL_CLAIM_RECORD, SK_CONF_HIGH, l->people, NULL, 0 };
        *mask = (struct sk_mask){ SK_BIT(SK_EL_CLAIM_RECORD), SK_BIT(SK_EL_CLAIM_RECORD), l->people };
        r->found = found;
        r->masks = mask;
        r->n_found = r->n_masks = 1;
        r->persons_min = r->persons_max = l->people;
    }
    return r;
}

static bool one_file(struct kit *k, const struct lying *l)
{
    struct sk_facts facts = { .path = l->path,
                              .size = 100u + l->mark,
                              .mtime = 1763900000,
                              .ctime = l->ctime ? l->ctime : 1763900000,
                              .mode = l->mode ? l->mode : 0640,
                              .group = strstr(l->path, "審査") ? "GRP_SHINSA" : "GRP_SOUMU",
                              .dev = 1,
                              .ino = 1000u + l->mark };
    facts.world_readable = facts.mode & 4;
    static const char *const STATES[] = { "inspected", "partial", "uninspectable" };
    struct sk_stored stored = { 0 };
    uint32_t days = sk_policy_settings(k->policy)->full_scan_days;
    struct seki_result *r = l->denied ? NULL : sk_store_unchanged(k->store, &facts, days, &stored);
    bool kept = r != NULL;
    k->kept += kept;
    k->read += !kept;
    if (!r)
        r = result_of(l);
    struct sk_judgement j;
    struct sk_buf wire;
    sk_buf_init(&wire, 1 << 20);
    cr_assert(sk_judge_place(k->policy, r, &facts, k->day, &j) && sk_wire_encode(r, &wire));
    struct sk_report_file f = { .facts = &facts,
                                .state_name = kept ? "unchanged" : STATES[r->state],
                                .result = r,
                                .judgement = &j,
                                .why_detail = "" };
    bool ok = sk_store_file(k->store, &f, sk_bytes(wire.p, wire.n), &stored);
    sk_buf_free(&wire);
    sk_judgement_free(&j);
    sk_result_free(r);
    return ok;
}

bool kit_files(struct kit *k, const struct lying *files, size_t n)
{
    bool ok = true;
    for (size_t i = 0; ok && i < n; i++)
        ok = one_file(k, &files[i]);
    return ok;
}

bool kit_end(struct kit *k)
{
    return sk_store_run_end(k->store, k->complete, &k->unreachable);
}

bool kit_night(struct kit *k, const struct lying *files, size_t n)
{
    bool ok = kit_begin(k) && kit_files(k, files, n) && kit_end(k);
    k->day++;
    return ok;
}

const char *kit_status(struct kit *k, const char *path, int64_t *id, char moved[256])
{
    static char status[16];
    sqlite3_stmt *st = sk_prepare(k->store, "SELECT status, id, coalesce(moved,'') FROM finding WHERE path=?1");
    sqlite3_bind_text(st, 1, path, -1, SQLITE_STATIC);
    status[0] = '\0';
    if (sqlite3_step(st) == SQLITE_ROW) {
        snprintf(status, sizeof(status), "%s", SK_COL_TEXT(st, 0));
        if (id)
            *id = sqlite3_column_int64(st, 1);
        if (moved)
            snprintf(moved, 256, "%s", SK_COL_TEXT(st, 2));
    }
    sqlite3_finalize(st);
    return status;
}

static bool keep_text(void *ctx, const void *p, size_t n)
{
    struct kit *k = ctx;
    size_t at = strlen(k->text);
    cr_assert(at + n < sizeof(k->text));
    memcpy(k->text + at, p, n);
    k->text[at + n] = '\0';
    return true;
}

const char *kit_report(struct kit *k, const char *kind, const char *format, bool restricted)
{
    struct sk_nightly_request q = { .kind = kind, .format = format, .restricted = restricted, .sample = 5, .seed = 7 };
    struct sk_writer w = { keep_text, k };
    k->text[0] = '\0';
    cr_assert(sk_nightly_report(k->store, &q, &w, &k->problems), "%s %s: %s", kind, format,
              k->problems.n ? k->problems.items[k->problems.n - 1].en : "");
    return k->text;
}

int64_t kit_integer(struct kit *k, const char *sql)
{
    return sk_sql_integer(k->store, sql, -1);
}
