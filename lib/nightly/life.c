/*
 * life.c - the life of a finding: one for each file that has violations other than V-UNK. Its number stays across
 * nights and when the file moves. new 新規 · open 継続 · gone 解消 · again 再発 · unsure 継続(未確認): its place could
 * not be reached
 */
#include "nightly/inner.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool violates(const struct sk_judgement *j)
{
    for (size_t i = 0; i < j->n_violations; i++)
        if (strcmp(j->violations[i].code, "V-UNK") != 0)
            return true;
    return false;
}

/* "個人番号 5、氏名 5": what was found, in the words of the elements, with counts. */
static void what_text(const struct seki_result *r, struct sk_buf *b)
{
    for (uint32_t i = 0; r && i < r->n_found && b->n < 400; i++)
        if (r->found[i].confidence >= SK_CONF_MEDIUM)
            sk_buf_printf(b, "%s%s:%" PRIu64, b->n ? " " : "", sk_element_name((enum sk_element)r->found[i].element),
                          r->found[i].count);
}

static void insurers_text(const struct seki_result *r, struct sk_buf *b)
{
    for (uint32_t i = 0; r && i < r->n_insurers; i++)
        sk_buf_printf(b, "%s%s:%" PRIu64 ":%" PRIu64, b->n ? " " : "", r->insurers[i].number, r->insurers[i].min,
                      r->insurers[i].max);
}

static void codes_text(const struct sk_judgement *j, struct sk_buf *codes, struct sk_buf *why)
{
    for (size_t i = 0; i < j->n_violations; i++) {
        sk_buf_printf(codes, "%s%s:%s", codes->n ? " " : "", j->violations[i].code, j->violations[i].severity);
        sk_buf_printf(why, "%s%s", why->n ? "\n" : "", j->violations[i].detail_ja);
    }
}

/* The finding of this path; 0 = none. What an interrupted night found first was never reported: it is still new. */
static int64_t known_finding(struct sk_store *s, const struct sk_report_file *f, char status[16])
{
    if (!s->old_finding &&
        !(s->old_finding = sk_prepare(
              s, "SELECT f.id, f.status, r.status FROM finding f LEFT JOIN run r ON r.id=f.run WHERE f.path=?1"
                 " ORDER BY f.id LIMIT 1")))
        return -1;
    sqlite3_stmt *st = s->old_finding;
    sqlite3_bind_text(st, 1, f->facts->path, -1, SQLITE_STATIC);
    int64_t id = 0;
    snprintf(status, 16, "new");
    int step = sqlite3_step(st);
    if (step == SQLITE_ROW) {
        const char *was = SK_COL_TEXT(st, 1), *run = SK_COL_TEXT(st, 2);
        bool unreported =
            run && strcmp(run, "interrupted") == 0 && (strcmp(was, "new") == 0 || strcmp(was, "again") == 0);
        id = sqlite3_column_int64(st, 0);
        snprintf(status, 16, "%s", strcmp(was, "gone") == 0 ? "again" : unreported ? was : "open");
    }
    sqlite3_reset(st);
    if (step != SQLITE_ROW && step != SQLITE_DONE) {
        sk_store_failed(s);
        return -1;
    }
    return id;
}

static bool note_exceptions(struct sk_store *s, const struct sk_report_file *f)
{
    const struct sk_judgement *j = f->judgement;
    bool ok = true;
    for (size_t i = 0; ok && i < j->n_exceptions; i++) {
        sqlite3_stmt *st = sk_prepare(s, "INSERT INTO excepted VALUES(?,?,?,?)");
        if (!st)
            return false;
        sqlite3_bind_int64(st, 1, s->run);
        sqlite3_bind_text(st, 2, j->exceptions[i].id, -1, SQLITE_STATIC);
        sqlite3_bind_text(st, 3, j->exceptions[i].status, -1, SQLITE_STATIC);
        sqlite3_bind_text(st, 4, f->facts->path, -1, SQLITE_STATIC);
        ok = sqlite3_step(st) == SQLITE_DONE || sk_store_failed(s);
        sqlite3_finalize(st);
    }
    return ok;
}

static const char PUT[] =
    "INSERT INTO finding(id, path, sha, location, grade, severity, violations, what, why, persons_min, persons_max, "
    "insurers,"
    " first, last, status, exception, run) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?13,?14,?15,?16)"
    " ON CONFLICT(id) DO UPDATE SET path=?2, sha=?3, location=?4, grade=?5, severity=?6, violations=?7, what=?8, "
    "why=?9,"
    " persons_min=?10, persons_max=?11, insurers=?12, last=?13, status=?14, closed=NULL, moved=NULL, exception=?15, "
    "run=?16";

/* A line when place, grade or violations are not those of the line before. */
static bool note_history(struct sk_store *s, int64_t id)
{
    static const char NOTE[] =
        "INSERT INTO history SELECT id, ?2, location, grade, violations, ?3 FROM finding f WHERE id=?1 AND NOT EXISTS "
        "(SELECT 1 FROM history h WHERE h.rowid=(SELECT max(rowid) FROM history WHERE finding=?1) AND "
        "h.location=f.location AND h.grade=f.grade AND h.violations=f.violations)";
    if (!s->history && !(s->history = sk_prepare(s, NOTE)))
        return false;
    char policy[256];
    snprintf(policy, sizeof(policy), "%s %s", sk_policy_id(s->policy), sk_policy_version(s->policy));
    sqlite3_bind_int64(s->history, 1, id);
    sqlite3_bind_int64(s->history, 2, s->as_of);
    sqlite3_bind_text(s->history, 3, policy, -1, SQLITE_STATIC);
    bool ok = sqlite3_step(s->history) == SQLITE_DONE || sk_store_failed(s);
    sqlite3_reset(s->history);
    return ok;
}

static bool put(struct sk_store *s, const struct sk_report_file *f, int64_t id, const char *status,
                struct sk_buf text[4])
{
    if (!s->put_finding && !(s->put_finding = sk_prepare(s, PUT)))
        return false;
    const struct sk_judgement *j = f->judgement;
    const struct seki_result *r = f->result;
    sqlite3_stmt *st = s->put_finding;
    if (id)
        sqlite3_bind_int64(st, 1, id);
    else
        sqlite3_bind_null(st, 1);
    sqlite3_bind_text(st, 2, f->facts->path, -1, SQLITE_STATIC);
    if (r && r->has_sha256)
        sqlite3_bind_blob(st, 3, r->sha256, SK_SHA256_BYTES, SQLITE_STATIC);
    else
        sqlite3_bind_null(st, 3);
    sqlite3_bind_text(st, 4, j->location, -1, SQLITE_STATIC);
    sqlite3_bind_text(st, 5, sk_policy_grade(s->policy, j->label.grade), -1, SQLITE_STATIC);
    sqlite3_bind_text(st, 6, j->severity, -1, SQLITE_STATIC);
    for (int i = 0; i < 3; i++)
        sqlite3_bind_text(st, 7 + i, text[i].p ? text[i].p : "", -1, SQLITE_STATIC);
    sqlite3_bind_int64(st, 10, r ? (int64_t)r->persons_min : 0);
    sqlite3_bind_int64(st, 11, r ? (int64_t)r->persons_max : 0);
    sqlite3_bind_text(st, 12, text[3].p ? text[3].p : "", -1, SQLITE_STATIC);
    sqlite3_bind_int64(st, 13, s->as_of);
    sqlite3_bind_text(st, 14, status, -1, SQLITE_STATIC);
    sqlite3_bind_text(st, 15, j->n_exceptions ? j->exceptions[0].status : "", -1, SQLITE_STATIC);
    sqlite3_bind_int64(st, 16, s->run);
    bool ok = sqlite3_step(st) == SQLITE_DONE || sk_store_failed(s);
    sqlite3_reset(st);
    return ok && note_history(s, id ? id : sqlite3_last_insert_rowid(s->db));
}

bool sk_life_file(struct sk_store *s, const struct sk_report_file *f)
{
    if (!note_exceptions(s, f))
        return false;
    if (!violates(f->judgement))
        return true;
    char status[16];
    int64_t id = known_finding(s, f, status);
    if (id < 0)
        return false;
    struct sk_buf text[4]; /* violations, what, why, insurers */
    for (int i = 0; i < 4; i++)
        sk_buf_init(&text[i], (size_t)1 << 20);
    codes_text(f->judgement, &text[0], &text[2]);
    what_text(f->result, &text[1]);
    insurers_text(f->result, &text[3]);
    bool ok = put(s, f, id, status, text);
    for (int i = 0; i < 4; i++) {
        ok = ok && !text[i].failed;
        sk_buf_free(&text[i]);
    }
    return ok;
}

/* True when path lies below one of the newline-separated roots. */
static void below_roots(sqlite3_context *ctx, int n, sqlite3_value **v)
{
    (void)n;
    const char *path = (const char *)sqlite3_value_text(v[0]), *root = (const char *)sqlite3_value_text(v[1]);
    bool found = false;
    while (path && root && *root && !found) {
        size_t len = strcspn(root, "\n");
        found =
            strncmp(path, root, len) == 0 && (path[len] == '/' || path[len] == '\0' || (len && root[len - 1] == '/'));
        root += len;
        root += *root == '\n';
    }
    sqlite3_result_int(ctx, found);
}

/* True when path is folder or lies below it. */
static void below(sqlite3_context *ctx, int n, sqlite3_value **v)
{
    (void)n;
    const char *path = (const char *)sqlite3_value_text(v[0]), *folder = (const char *)sqlite3_value_text(v[1]);
    size_t len = folder ? strlen(folder) : 0;
    sqlite3_result_int(ctx,
                       path && folder && strncmp(path, folder, len) == 0 && (path[len] == '/' || path[len] == '\0'));
}

/* ?1 the run in hand, ?2 its day. */
static bool run_sql(struct sk_store *s, const char *const *lines, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        sqlite3_stmt *st = sk_prepare(s, lines[i]);
        if (!st)
            return false;
        int used = sqlite3_bind_parameter_count(st);
        if (used >= 1)
            sqlite3_bind_int64(st, 1, s->run);
        if (used >= 2)
            sqlite3_bind_int64(st, 2, s->as_of);
        bool ok = sqlite3_step(st) == SQLITE_DONE || sk_store_failed(s);
        sqlite3_finalize(st);
        if (!ok)
            return false;
    }
    return true;
}

#define MISSED "run<?1 AND status<>'gone' AND below_roots(path, (SELECT roots FROM run WHERE id=?1))"

/* A new finding with the content of one whose file is not met any more: the file was moved, and the finding keeps its
 * number. */
static bool follow_moves(struct sk_store *s)
{
    sqlite3_stmt *pairs = sk_prepare(s, "SELECT o.id, n.id FROM finding o JOIN finding n ON n.sha=o.sha WHERE o.run<?1 "
                                        "AND o.status<>'gone' AND n.run=?1 AND n.status='new'"
                                        " AND below_roots(o.path, (SELECT roots FROM run WHERE id=?1)) AND NOT EXISTS "
                                        "(SELECT 1 FROM file WHERE file.path=o.path AND"
                                        " met(file.id)) ORDER BY o.id, n.id");
    sqlite3_stmt *take = sk_prepare(s, "UPDATE finding SET (path, location, grade, severity, violations, what, why, "
                                       "persons_min, persons_max, insurers, last, exception, run,"
                                       " status) = (SELECT path, location, grade, severity, violations, what, why, "
                                       "persons_min, persons_max, insurers, last, exception, run,"
                                       " 'open' FROM finding n WHERE n.id=?2) WHERE id=?1 AND EXISTS (SELECT 1 FROM "
                                       "finding n WHERE n.id=?2) AND run<?3");
    sqlite3_stmt *drop = sk_prepare(s, "DELETE FROM finding WHERE id=?1");
    bool ok = pairs && take && drop;
    int64_t *found = NULL;
    size_t n = 0, cap = 0;
    if (ok)
        sqlite3_bind_int64(pairs, 1, s->run);
    int step = SQLITE_DONE;
    while (ok && (step = sqlite3_step(pairs)) == SQLITE_ROW && (ok = sk_grow(&found, &cap, n + 2, sizeof(*found)))) {
        found[n++] = sqlite3_column_int64(pairs, 0);
        found[n++] = sqlite3_column_int64(pairs, 1);
    }
    if (ok && step != SQLITE_DONE)
        ok = sk_store_failed(s);
    for (size_t i = 0; ok && i < n; i += 2) {
        sqlite3_bind_int64(take, 1, found[i]);
        sqlite3_bind_int64(take, 2, found[i + 1]);
        sqlite3_bind_int64(take, 3, s->run);
        ok = sqlite3_step(take) == SQLITE_DONE || sk_store_failed(s);
        if (ok && sqlite3_changes(s->db) > 0) {
            sqlite3_bind_int64(drop, 1, found[i + 1]);
            ok = sqlite3_step(drop) == SQLITE_DONE || sk_store_failed(s);
            sqlite3_reset(drop);
        }
        sqlite3_reset(take);
    }
    free(found);
    sqlite3_finalize(pairs);
    sqlite3_finalize(take);
    sqlite3_finalize(drop);
    return ok;
}

/* met(file.id): this run came by the file. */
static void met(sqlite3_context *ctx, int n, sqlite3_value **v)
{
    (void)n;
    const struct sk_store *s = sqlite3_user_data(ctx);
    sqlite3_result_int(ctx, sk_met_has(&s->met, sqlite3_value_int64(v[0])));
}

static void content_key(sqlite3_context *ctx, int n, sqlite3_value **v)
{
    (void)n;
    if (sqlite3_value_bytes(v[0]) == SK_SHA256_BYTES)
        sqlite3_result_int64(ctx, sk_content_key(sqlite3_value_blob(v[0])));
}

bool sk_life_start(struct sk_store *s)
{
    const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC;
    if (sqlite3_create_function(s->db, "below_roots", 2, flags, NULL, below_roots, NULL, NULL) != SQLITE_OK ||
        sqlite3_create_function(s->db, "below", 2, flags, NULL, below, NULL, NULL) != SQLITE_OK ||
        sqlite3_create_function(s->db, "content_key", 1, flags, NULL, content_key, NULL, NULL) != SQLITE_OK ||
        sqlite3_create_function(s->db, "met", 1, SQLITE_UTF8, s, met, NULL, NULL) != SQLITE_OK)
        return sk_store_failed(s);
    return sk_sql(s, "DROP TABLE IF EXISTS temp.closed_folder; CREATE TEMP TABLE closed_folder(path TEXT)");
}

bool sk_life_closed(struct sk_store *s, const char *folder)
{
    sqlite3_stmt *st = sk_prepare(s, "INSERT INTO temp.closed_folder VALUES(?1)");
    if (!st)
        return false;
    sqlite3_bind_text(st, 1, folder, -1, SQLITE_STATIC);
    bool ok = sqlite3_step(st) == SQLITE_DONE || sk_store_failed(s);
    sqlite3_finalize(st);
    return ok;
}

bool sk_life_missed(struct sk_store *s)
{
    static const char *const MISSED_FILES[] = {
        "DROP TABLE IF EXISTS temp.missed",
        "CREATE TEMP TABLE missed AS SELECT path, location, sha, canary FROM file WHERE NOT met(id) AND "
        "below_roots(path, (SELECT roots FROM run WHERE id=?1))",
    };
    return run_sql(s, MISSED_FILES, 2);
}

bool sk_life_end(struct sk_store *s)
{
    static const char *const LIFE[] = {
        /* Not looked at tonight: its place was out of reach, its folder closed, its file not readable any more. */
        "UPDATE finding SET status='unsure' WHERE " MISSED
        " AND (EXISTS (SELECT 1 FROM file WHERE file.path=finding.path AND met(file.id) AND file.state IN (1,2)) OR"
        " (NOT EXISTS (SELECT 1 FROM file WHERE file.path=finding.path AND met(file.id)) AND (location IN (SELECT "
        "location FROM place WHERE run=?1 AND unreachable=1)"
        " OR EXISTS (SELECT 1 FROM temp.closed_folder c WHERE below(finding.path, c.path)))))",
        /* Temporary, so that the question about all files is asked once and not for every finding. */
        "DROP TABLE IF EXISTS temp.met_again",
        "CREATE TEMP TABLE met_again AS SELECT sha, min(path) AS path FROM file WHERE EXISTS (SELECT 1 FROM finding "
        "WHERE " MISSED ") AND met(id) AND sha IN (SELECT sha FROM finding WHERE " MISSED ") GROUP BY sha",
        /* Looked at and without violation, or looked for and not there. */
        "UPDATE finding SET status='gone', closed=?2, run=?1, moved=(SELECT m.path FROM temp.met_again m WHERE "
        "m.sha=finding.sha AND m.path<>finding.path AND NOT EXISTS"
        " (SELECT 1 FROM file WHERE file.path=finding.path AND met(file.id))) WHERE " MISSED
        " AND (status<>'unsure' OR EXISTS (SELECT 1 FROM file WHERE file.path=finding.path AND met(file.id) AND "
        "file.state NOT IN (1,2)) OR"
        " NOT (location IN (SELECT location FROM place WHERE run=?1 AND unreachable=1) OR EXISTS (SELECT 1 FROM "
        "temp.closed_folder c WHERE below(finding.path, c.path)) OR"
        " EXISTS (SELECT 1 FROM file WHERE file.path=finding.path AND met(file.id))))",
        /* Files that are gone leave the inventory, but for those that could not be looked for. */
        "DELETE FROM content WHERE key IN (SELECT content_key(sha) FROM temp.missed WHERE sha IS NOT NULL)",
        "DELETE FROM file WHERE path IN (SELECT m.path FROM temp.missed m WHERE m.location NOT IN (SELECT location "
        "FROM place WHERE run=?1 AND unreachable=1) AND NOT EXISTS (SELECT 1 FROM temp.closed_folder c WHERE "
        "below(m.path, c.path)))",
    };
    return follow_moves(s) && run_sql(s, LIFE, sizeof(LIFE) / sizeof(LIFE[0]));
}
