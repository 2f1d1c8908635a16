/*
 * life.c - the life of a finding: one for each file that has violations other than V-UNK. Its number stays across nights and when the file moves.
 *   new 新規 · open 継続 · gone 解消 · again 再発 · unsure 継続(未確認): its place could not be reached
 */
#include "nightly/inner.h"

#include <inttypes.h>
#include <stdio.h>
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
            sk_buf_printf(b, "%s%s:%" PRIu64, b->n ? " " : "", sk_element_name((enum sk_element)r->found[i].element), r->found[i].count);
}

static void insurers_text(const struct seki_result *r, struct sk_buf *b)
{
    for (uint32_t i = 0; r && i < r->n_insurers; i++)
        sk_buf_printf(b, "%s%s:%" PRIu64 ":%" PRIu64, b->n ? " " : "", r->insurers[i].number, r->insurers[i].min, r->insurers[i].max);
}

static void codes_text(const struct sk_judgement *j, struct sk_buf *codes, struct sk_buf *why)
{
    for (size_t i = 0; i < j->n_violations; i++) {
        sk_buf_printf(codes, "%s%s:%s", codes->n ? " " : "", j->violations[i].code, j->violations[i].severity);
        sk_buf_printf(why, "%s%s", why->n ? "\n" : "", j->violations[i].detail_ja);
    }
}

/* The finding of this path, or one of the same content whose file is not there any more (it was moved); 0 = none. */
static int64_t known_finding(struct sk_store *s, const struct sk_report_file *f, char status[16])
{
    if (!s->old_finding && !(s->old_finding = sk_prepare(s, "SELECT id, status FROM finding WHERE path=?1 OR (sha=?2 AND run<?3 AND status<>'gone' AND NOT EXISTS"
                                                            " (SELECT 1 FROM file WHERE file.path=finding.path AND file.run=?3))"
                                                            " ORDER BY path=?1 DESC, id LIMIT 1")))
        return -1;
    sqlite3_stmt *st = s->old_finding;
    sqlite3_bind_text(st, 1, f->facts->path, -1, SQLITE_STATIC);
    if (f->result && f->result->has_sha256)
        sqlite3_bind_blob(st, 2, f->result->sha256, SK_SHA256_BYTES, SQLITE_STATIC);
    else
        sqlite3_bind_null(st, 2);
    sqlite3_bind_int64(st, 3, s->run);
    int64_t id = 0;
    if (sqlite3_step(st) == SQLITE_ROW) {
        id = sqlite3_column_int64(st, 0);
        snprintf(status, 16, "%s", SK_COL_TEXT(st, 1));
    }
    sqlite3_reset(st);
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

static const char PUT[] = "INSERT INTO finding(id, path, sha, location, grade, severity, violations, what, why, persons_min, persons_max, insurers,"
                          " first, last, status, exception, run) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?13,?14,?15,?16)"
                          " ON CONFLICT(id) DO UPDATE SET path=?2, sha=?3, location=?4, grade=?5, severity=?6, violations=?7, what=?8, why=?9,"
                          " persons_min=?10, persons_max=?11, insurers=?12, last=?13, status=?14, closed=NULL, moved=NULL, exception=?15, run=?16";

static bool put(struct sk_store *s, const struct sk_report_file *f, int64_t id, const char *status, struct sk_buf text[4])
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
    return ok;
}

bool sk_life_file(struct sk_store *s, const struct sk_report_file *f)
{
    if (!note_exceptions(s, f))
        return false;
    if (!violates(f->judgement))
        return true;
    char was[16] = "";
    int64_t id = known_finding(s, f, was);
    if (id < 0)
        return false;
    struct sk_buf text[4]; /* violations, what, why, insurers */
    for (int i = 0; i < 4; i++)
        sk_buf_init(&text[i], (size_t)1 << 20);
    codes_text(f->judgement, &text[0], &text[2]);
    what_text(f->result, &text[1]);
    insurers_text(f->result, &text[3]);
    const char *status = id == 0 ? "new" : strcmp(was, "gone") == 0 ? "again" : "open";
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
        found = strncmp(path, root, len) == 0 && (path[len] == '/' || path[len] == '\0' || (len && root[len - 1] == '/'));
        root += len;
        root += *root == '\n';
    }
    sqlite3_result_int(ctx, found);
}

bool sk_life_end(struct sk_store *s)
{
    char sql[2048];
    if (sqlite3_create_function(s->db, "below_roots", 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, below_roots, NULL, NULL) != SQLITE_OK)
        return sk_store_failed(s);
    /* Not met tonight although the run looked there: unsure where the place was out of reach, else gone. */
    snprintf(sql, sizeof(sql),
             "UPDATE finding SET status='unsure' WHERE run<%" PRId64 " AND status<>'gone' AND"
             " below_roots(path, (SELECT roots FROM run WHERE id=%" PRId64 ")) AND"
             " location IN (SELECT location FROM place WHERE run=%" PRId64 " AND unreachable=1) AND"
             " NOT EXISTS (SELECT 1 FROM file WHERE file.path=finding.path AND file.run=%" PRId64 ");"
             "UPDATE finding SET status='gone', closed=%ld, run=%" PRId64 ", moved=(SELECT min(f.path) FROM file f WHERE f.sha=finding.sha AND f.run=%" PRId64
             " AND f.path<>finding.path) WHERE run<%" PRId64 " AND status NOT IN ('gone','unsure') AND"
             " below_roots(path, (SELECT roots FROM run WHERE id=%" PRId64 "));"
             "UPDATE finding SET status='gone', closed=%ld, run=%" PRId64 " WHERE run<%" PRId64 " AND status='unsure' AND"
             " EXISTS (SELECT 1 FROM file WHERE file.path=finding.path AND file.run=%" PRId64 ");",
             s->run, s->run, s->run, s->run, s->as_of, s->run, s->run, s->run, s->run, s->as_of, s->run, s->run, s->run);
    /* Files that are gone leave the inventory, but for places out of reach. */
    if (!sk_sql(s, sql))
        return false;
    snprintf(sql, sizeof(sql),
             "DELETE FROM file WHERE run<%" PRId64 " AND below_roots(path, (SELECT roots FROM run WHERE id=%" PRId64 ")) AND"
             " location NOT IN (SELECT location FROM place WHERE run=%" PRId64 " AND unreachable=1);",
             s->run, s->run, s->run);
    return sk_sql(s, sql);
}
