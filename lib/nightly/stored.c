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

struct seki_result *sk_store_unchanged(struct sk_store *s, struct sk_facts *f, uint32_t full_scan_days)
{
    if (s->full)
        return NULL;
    if (!s->unchanged &&
        !(s->unchanged = sk_prepare(
              s, "SELECT " SK_STORED_COLUMNS
                 ", mode FROM file WHERE path=?1 AND dev=?2 AND ino=?3 AND size=?4 AND mtime=?5 AND ctime=?6 AND"
                 " digest=?7 AND hashed>=?8 AND state=0")))
        return NULL;
    sqlite3_stmt *st = s->unchanged;
    sqlite3_bind_text(st, 1, f->path, -1, SQLITE_STATIC);
    sqlite3_bind_int64(st, 2, (int64_t)f->dev);
    sqlite3_bind_int64(st, 3, (int64_t)f->ino);
    sqlite3_bind_int64(st, 4, (int64_t)f->size);
    sqlite3_bind_int64(st, 5, f->mtime);
    sqlite3_bind_int64(st, 6, SK_STORED_CTIME(f));
    sqlite3_bind_int64(st, 7, s->digest);
    sqlite3_bind_int64(st, 8, s->as_of - (int64_t)full_scan_days);
    struct seki_result *r = sqlite3_step(st) == SQLITE_ROW ? sk_stored_result(st, 0, f->path) : NULL;
    if (r)
        f->world_readable = ((unsigned)sqlite3_column_int64(st, 5) & SK_MODE_WORLD) != 0;
    sqlite3_reset(st);
    return r;
}
