/*
 * stored.c - results in the store. Nearly all files of a share are plain: nothing found, nothing marked, nothing
 * hidden, all of it read. They keep no message; their columns say all that judging needs.
 */
#include "nightly/inner.h"
#include "report/wire.h"

#include <stdlib.h>
#include <string.h>

bool sk_result_is_plain(const struct seki_result *r)
{
    if (!r || r->state != SK_INSPECTED || !r->has_sha256 || r->n_found || r->n_masks || r->n_whys || r->n_markings ||
        r->n_msips || r->n_hiddens || r->n_members || r->n_insurers || r->n_person_keys || r->persons_max ||
        r->persons_unkeyed || r->small_cells || r->worn)
        return false;
    for (uint32_t i = 0; i < r->n_parts; i++)
        if (r->parts[i].encryption)
            return false;
    return true;
}

static struct seki_result *plain(const char *path, uint64_t size, const char *format, const void *sha)
{
    struct seki_result *r = sk_new(1, sizeof(*r));
    if (!r)
        return NULL;
    sk_arena_init(&r->arena, (size_t)1 << 20);
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    struct sk_part *part = sk_arena_new(&r->arena, 1, sizeof(*part));
    char *kind = sk_arena_string(&r->arena, format, strlen(format)),
         *shown = sk_arena_string(&r->arena, name, strlen(name));
    if (!part || !kind || !shown) {
        sk_result_free(r);
        return NULL;
    }
    *part = (struct sk_part){ .name = shown, .format = kind, .has_text = true };
    r->state = SK_INSPECTED;
    r->format = kind;
    r->size = size;
    memcpy(r->sha256, sha, sizeof(r->sha256));
    r->has_sha256 = true;
    r->parts = part;
    r->n_parts = 1;
    return r;
}

struct seki_result *sk_stored_result(sqlite3_stmt *st, int col, const char *path)
{
    int n = sqlite3_column_bytes(st, col);
    if (n > 0)
        return sk_wire_decode(sk_bytes(sqlite3_column_blob(st, col), (size_t)n));
    const char *format = SK_COL_TEXT(st, col + 3);
    if (!path || !format || sqlite3_column_int(st, col + 1) != 0 ||
        sqlite3_column_bytes(st, col + 4) != SK_SHA256_BYTES)
        return NULL;
    return plain(path, (uint64_t)sqlite3_column_int64(st, col + 2), format, sqlite3_column_blob(st, col + 4));
}

/* Why nothing or not all of it could be read lies in the content: it would be the same tomorrow. */
static bool lasting(const struct seki_result *r)
{
    for (uint32_t i = 0; i < r->n_whys; i++)
        switch (r->whys[i].reason) {
        case SK_WHY_ENCRYPTED:
        case SK_WHY_RIGHTS_MANAGED:
        case SK_WHY_IMAGE_ONLY:
        case SK_WHY_DAMAGED:
        case SK_WHY_UNSUPPORTED:
        case SK_WHY_TOO_DEEP:
        case SK_WHY_RATIO:
            break;
        default:
            return false;
        }
    return r->has_sha256 && (r->state == SK_INSPECTED || r->n_whys);
}

/* Rules speak of text alone. Without any, only the names of a file and of its members could say something new. */
static bool without_text(const struct seki_result *r)
{
    return r->n_parts == 1 && !r->parts[0].has_text && !r->n_found && !r->n_masks && !r->n_markings && !r->n_members &&
           !r->persons_max;
}

#define KNOWN "(edm=?8 OR persons_max=0) AND hashed>=?9"
#define STILL_TRUE "digest=?7 AND " KNOWN

static const char UNCHANGED[] =
    "SELECT " SK_STORED_COLUMNS ", mode, id, location, grade, severity, violations, canary, digest FROM file WHERE "
    "path=?1 AND dev=?2 AND ino=?3 AND size=?4 AND mtime=?5 AND ctime=?6 AND (digest=?7 OR digest IN (SELECT id FROM "
    "digest WHERE detect=?10)) AND " KNOWN;

struct seki_result *sk_store_unchanged(struct sk_store *s, struct sk_facts *f, uint32_t full_scan_days,
                                       struct sk_stored *stored)
{
    *stored = (struct sk_stored){ 0 };
    if (s->full || (!s->unchanged && !(s->unchanged = sk_prepare(s, UNCHANGED))))
        return NULL;
    sqlite3_stmt *st = s->unchanged;
    sqlite3_bind_text(st, 1, f->path, -1, SQLITE_STATIC);
    sqlite3_bind_int64(st, 2, (int64_t)f->dev);
    sqlite3_bind_int64(st, 3, (int64_t)f->ino);
    sqlite3_bind_int64(st, 4, (int64_t)f->size);
    sqlite3_bind_int64(st, 5, f->mtime);
    sqlite3_bind_int64(st, 6, SK_STORED_CTIME(f));
    sqlite3_bind_int64(st, 7, s->digest);
    sqlite3_bind_int64(st, 8, s->edm);
    sqlite3_bind_int64(st, 9, s->as_of - (int64_t)full_scan_days);
    sqlite3_bind_blob(st, 10, s->manner, SK_SHA256_BYTES, SQLITE_STATIC);
    struct seki_result *r = sqlite3_step(st) == SQLITE_ROW ? sk_stored_result(st, 0, f->path) : NULL;
    stored->name_only = r && sqlite3_column_int64(st, 12) != s->digest;
    if (r && (!lasting(r) || (stored->name_only && !without_text(r)))) {
        sk_result_free(r);
        r = NULL;
    }
    if (r) {
        f->world_readable = ((unsigned)sqlite3_column_int64(st, 5) & SK_MODE_WORLD) != 0;
        stored->id = sqlite3_column_int64(st, 6);
        stored->judged = sk_judged(SK_COL_TEXT(st, 7), SK_COL_TEXT(st, 8), SK_COL_TEXT(st, 9), SK_COL_TEXT(st, 10),
                                   sqlite3_column_int(st, 11) != 0);
    }
    sqlite3_reset(st);
    return r;
}

/* ---------------------------------------------------------------- the same content elsewhere */

/* Smaller files are read again sooner than looked up. */
#define CONTENT_LEAST 1024

int64_t sk_content_key(const uint8_t sha[SK_SHA256_BYTES])
{
    int64_t key;
    memcpy(&key, sha, sizeof(key));
    return key;
}

bool sk_content_put(struct sk_store *s, const struct seki_result *r, const char *path)
{
    if (!r->has_sha256 || r->size < CONTENT_LEAST || !lasting(r))
        return true;
    if (!s->put_content && !(s->put_content = sk_prepare(s, "INSERT OR REPLACE INTO content VALUES(?1, ?2)")))
        return false;
    sqlite3_bind_int64(s->put_content, 1, sk_content_key(r->sha256));
    sqlite3_bind_text(s->put_content, 2, path, -1, SQLITE_STATIC);
    bool ok = sqlite3_step(s->put_content) == SQLITE_DONE || sk_store_failed(s);
    sqlite3_reset(s->put_content);
    return ok;
}

struct seki_result *sk_store_same_content(struct sk_store *s, const uint8_t sha[SK_SHA256_BYTES], uint64_t size,
                                          uint32_t full_scan_days, char **path)
{
    static const char SAME[] =
        "SELECT " SK_STORED_COLUMNS ", path FROM file WHERE path=(SELECT path FROM content WHERE "
        "key=?1) AND sha=?2 AND size=?3 AND " STILL_TRUE;
    *path = NULL;
    if (s->full || size < CONTENT_LEAST || (!s->same && !(s->same = sk_prepare(s, SAME))))
        return NULL;
    sqlite3_stmt *st = s->same;
    sqlite3_bind_int64(st, 1, sk_content_key(sha));
    sqlite3_bind_blob(st, 2, sha, SK_SHA256_BYTES, SQLITE_STATIC);
    sqlite3_bind_int64(st, 3, (int64_t)size);
    sqlite3_bind_int64(st, 7, s->digest);
    sqlite3_bind_int64(st, 8, s->edm);
    sqlite3_bind_int64(st, 9, s->as_of - (int64_t)full_scan_days);
    struct seki_result *r = NULL;
    if (sqlite3_step(st) == SQLITE_ROW) {
        const char *found = SK_COL_TEXT(st, 5);
        r = found ? sk_stored_result(st, 0, found) : NULL;
        if (r && !(*path = sk_copy_string(found, strlen(found)))) {
            sk_result_free(r);
            r = NULL;
        }
    }
    sqlite3_reset(st);
    return r;
}

bool sk_store_sizes(struct sk_store *s, bool (*take)(void *ctx, uint64_t size), void *ctx)
{
    sqlite3_stmt *st = sk_prepare(s, "SELECT size FROM file WHERE size>=?1");
    bool ok = st != NULL;
    int step = SQLITE_DONE;
    if (ok)
        sqlite3_bind_int(st, 1, CONTENT_LEAST);
    while (ok && (step = sqlite3_step(st)) == SQLITE_ROW)
        ok = take(ctx, (uint64_t)sqlite3_column_int64(st, 0));
    sqlite3_finalize(st);
    return ok && (step == SQLITE_DONE || sk_store_failed(s));
}
