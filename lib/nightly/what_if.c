/* what_if.c - judges what is stored by two policies, without reading a file. */
#include "nightly/inner.h"

#include <string.h>

bool sk_store_what_if(struct sk_store *s, const struct sk_policy *before, const struct sk_policy *after,
                      struct sk_what_if *out)
{
    sqlite3_stmt *st = sk_prepare(s, "SELECT path, size, mtime, ctime, owner, mode, " SK_STORED_COLUMNS
                                     " FROM file WHERE canary=0 ORDER BY path");
    long as_of = (long)sk_sql_integer(s, "SELECT as_of FROM run ORDER BY id DESC LIMIT 1", 0);
    memset(out, 0, sizeof(*out));
    bool ok = st != NULL;
    while (ok && sqlite3_step(st) == SQLITE_ROW) {
        struct sk_facts f = { .path = SK_COL_TEXT(st, 0),
                              .size = (uint64_t)sqlite3_column_int64(st, 1),
                              .mtime = sqlite3_column_int64(st, 2),
                              .ctime = sqlite3_column_int64(st, 3) / 1000000000,
                              .group = SK_COL_TEXT(st, 4),
                              .mode = (uint32_t)sqlite3_column_int64(st, 5) & 0177777,
                              .world_readable = ((unsigned)sqlite3_column_int64(st, 5) & SK_MODE_WORLD) != 0 };
        struct seki_result *r = sk_stored_result(st, 6, f.path);
        struct sk_judgement a, b;
        if (!r)
            continue;
        ok = sk_judge_place(before, r, &f, as_of, &a);
        if (ok && (ok = sk_judge_place(after, r, &f, as_of, &b))) {
            sk_what_if_add(out, &a, &b);
            sk_judgement_free(&b);
        }
        sk_judgement_free(&a);
        sk_result_free(r);
    }
    sqlite3_finalize(st);
    return ok;
}
