/* run.c - one night: beginning, each file, what is not there any more, the end. */
#include "nightly/inner.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static int64_t monotonic(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec;
}

/* Rows are committed a few times a second: a kill loses no more than that, and what it loses is read again. */
static bool breathe(struct sk_store *s, bool now)
{
    if (!now && ++s->pending < 500 && monotonic() == s->committed)
        return true;
    s->pending = 0;
    s->committed = monotonic();
    return (sqlite3_get_autocommit(s->db) || sk_sql(s, "COMMIT")) && sk_sql(s, "BEGIN IMMEDIATE");
}

/* The number of a pair of digests in the store; 0 when that failed. */
static int64_t digest_row(struct sk_store *s, const uint8_t *first, const uint8_t *second)
{
    static const char *const SQL[] = { "INSERT OR IGNORE INTO digest(rules, detect) VALUES(?1, ?2)",
                                       "SELECT id FROM digest WHERE rules=?1 AND detect=?2" };
    int64_t id = 0;
    for (int i = 0; i < 2; i++) {
        sqlite3_stmt *st = sk_prepare(s, SQL[i]);
        if (!st)
            return 0;
        sqlite3_bind_blob(st, 1, first, SK_SHA256_BYTES, SQLITE_STATIC);
        sqlite3_bind_blob(st, 2, second, SK_SHA256_BYTES, SQLITE_STATIC);
        int step = sqlite3_step(st);
        id = step == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
        if (step != SQLITE_ROW && step != SQLITE_DONE)
            sk_store_failed(s);
        sqlite3_finalize(st);
    }
    return id;
}

/* What decides beside the rules: what the policy has looked for, and how files are read: another version reads
 * otherwise. */
static bool manner(const struct sk_store_run *run, uint8_t out[SK_SHA256_BYTES])
{
    struct sk_sha256 *sha = sk_sha256_new();
    uint8_t ocr = run->ocr;
    bool ok = sha && sk_sha256_start(sha) &&
              sk_sha256_add(sha, sk_policy_detect_digest(run->policy), SK_SHA256_BYTES) &&
              sk_sha256_add(sha, &ocr, 1) && sk_sha256_add(sha, run->tool_version, strlen(run->tool_version)) &&
              sk_sha256_end(sha, out);
    sk_sha256_free(sha);
    return ok;
}

static bool digest_rows(struct sk_store *s, const struct sk_store_run *run)
{
    static const uint8_t NONE[SK_SHA256_BYTES] = { 0 };
    if (!manner(run, s->manner)) {
        snprintf(s->error, sizeof(s->error), "no memory");
        return false;
    }
    s->digest = digest_row(s, run->rules_meaning ? run->rules_meaning : run->rules_digest, s->manner);
    s->edm = digest_row(s, NONE, run->index ? run->index : NONE);
    return s->digest && s->edm;
}

/* A store of one shard holds no files of another: they would all seem to be gone. */
static bool same_shard(struct sk_store *s, const struct sk_store_run *run)
{
    sqlite3_stmt *st = sk_prepare(s, "SELECT shard FROM run ORDER BY id DESC LIMIT 1");
    bool ok = st != NULL;
    if (ok && sqlite3_step(st) == SQLITE_ROW && strcmp(SK_COL_TEXT(st, 0), run->shard ? run->shard : "") != 0) {
        snprintf(s->error, sizeof(s->error), "--shard %s / %s", SK_COL_TEXT(st, 0), run->shard ? run->shard : "-");
        ok = false;
    }
    sqlite3_finalize(st);
    return ok;
}

static bool insert_run(struct sk_store *s, const struct sk_store_run *run)
{
    struct sk_buf roots, real;
    sk_buf_init(&roots, (size_t)1 << 20);
    sk_buf_init(&real, (size_t)1 << 20);
    for (size_t i = 0; i < run->n_roots; i++) {
        sk_buf_printf(&roots, "%s%s", i ? "\n" : "", run->roots[i]);
        if (run->real)
            sk_buf_printf(&real, "%s%s", i ? "\n" : "", run->real[i]);
    }
    sqlite3_stmt *st = sk_prepare(
        s,
        "INSERT INTO run(started, as_of, status, tool, rules, rules_digest, policy_id, policy_version, policy_digest,"
        " draft, overdue, roots, mask, real, edm, shard) VALUES(?,?,'running',?,?,?,?,?,?,?,?,?,?,?,?,?)");
    bool ok = st && !roots.failed && !real.failed;
    if (ok) {
        sqlite3_bind_int64(st, 1, run->started);
        sqlite3_bind_int64(st, 2, run->as_of);
        sqlite3_bind_text(st, 3, run->tool_version, -1, SQLITE_STATIC);
        sqlite3_bind_text(st, 4, run->rules_version, -1, SQLITE_STATIC);
        sqlite3_bind_blob(st, 5, run->rules_digest, SK_SHA256_BYTES, SQLITE_STATIC);
        sqlite3_bind_text(st, 6, sk_policy_id(run->policy), -1, SQLITE_STATIC);
        sqlite3_bind_text(st, 7, sk_policy_version(run->policy), -1, SQLITE_STATIC);
        sqlite3_bind_blob(st, 8, sk_policy_digest(run->policy), SK_SHA256_BYTES, SQLITE_STATIC);
        sqlite3_bind_int(st, 9, sk_policy_is_draft(run->policy));
        sqlite3_bind_int(st, 10, sk_policy_is_overdue(run->policy, run->as_of));
        sqlite3_bind_text(st, 11, roots.p, (int)roots.n, SQLITE_STATIC);
        sqlite3_bind_int64(st, 12, (int64_t)sk_policy_settings(run->policy)->small_count_mask);
        sqlite3_bind_text(st, 13, real.p, (int)real.n, SQLITE_STATIC);
        if (run->index)
            sqlite3_bind_blob(st, 14, run->index, SK_SHA256_BYTES, SQLITE_STATIC);
        sqlite3_bind_text(st, 15, run->shard ? run->shard : "", -1, SQLITE_STATIC);
        ok = sqlite3_step(st) == SQLITE_DONE || sk_store_failed(s);
    }
    sqlite3_finalize(st);
    sk_buf_free(&roots);
    sk_buf_free(&real);
    s->run = ok ? sqlite3_last_insert_rowid(s->db) : 0;
    return ok;
}

bool sk_store_run_begin(struct sk_store *s, const struct sk_store_run *run, bool *previous_interrupted)
{
    s->policy = run->policy;
    s->as_of = run->as_of;
    s->full = run->full;
    *previous_interrupted = sk_sql_integer(s, "SELECT status<>'ended' FROM run ORDER BY id DESC LIMIT 1", 0) != 0;
    char body[256], hex[SK_SHA256_HEX], rules[SK_SHA256_HEX];
    sk_hex(sk_policy_digest(run->policy), SK_SHA256_BYTES, hex);
    sk_hex(run->rules_digest, SK_SHA256_BYTES, rules);
    snprintf(body, sizeof(body), "policy=%.64s rules=%.64s", hex, rules);
    s->next_id = sk_sql_integer(s, "SELECT max(id) FROM file", 0) + 1;
    sk_run_tally_clear(&s->tally);
    if (s->met.bits)
        memset(s->met.bits, 0, s->met.bytes);
    s->ending = true; /* until it is committed: all or nothing */
    bool ok = same_shard(s, run) && sk_life_start(s) && sk_sql(s, "BEGIN IMMEDIATE") &&
              sk_sql(s, "UPDATE run SET status='interrupted', complete=0 WHERE status='running'") &&
              digest_rows(s, run) && insert_run(s, run) && sk_store_log(s, "run-begin", body) && breathe(s, true);
    s->ending = !ok;
    return ok && sk_chain_anchor(s);
}

static void reasons_text(const struct sk_report_file *f, struct sk_buf *b)
{
    if (!f->result) {
        if (f->why != SK_WHY_NONE)
            sk_buf_str(b, sk_reason_code(f->why));
        return;
    }
    for (uint32_t i = 0; i < f->result->n_whys && b->n < 256; i++) {
        const char *code = sk_reason_code((enum sk_reason)f->result->whys[i].reason);
        if (!b->p || !strstr(b->p, code))
            sk_buf_printf(b, "%s%s", b->n ? " " : "", code);
    }
}

static void violations_text(const struct sk_judgement *j, struct sk_buf *b)
{
    for (size_t i = 0; j && i < j->n_violations; i++)
        sk_buf_printf(b, "%s%s:%s", i ? " " : "", j->violations[i].code, j->violations[i].severity);
}

static int state_number(const struct sk_report_file *f)
{
    return f->result ? f->result->state : f->why == SK_WHY_SPECIAL ? 3 : 2;
}

static bool put_canary(struct sk_store *s, const struct sk_judgement *j)
{
    sqlite3_stmt *st = sk_prepare(s, "INSERT OR REPLACE INTO canary VALUES(?,?,?)");
    if (!st)
        return false;
    sqlite3_bind_text(st, 1, j->location, -1, SQLITE_STATIC);
    sqlite3_bind_int64(st, 2, s->run);
    sqlite3_bind_int(st, 3, j->canary_ok);
    bool ok = sqlite3_step(st) == SQLITE_DONE || sk_store_failed(s);
    sqlite3_finalize(st);
    return ok;
}

static const char PUT_FILE[] =
    "INSERT OR REPLACE INTO file(path, id, dev, ino, size, mtime, ctime, sha, state, reasons, format, location, grade, "
    "severity, violations, persons_min, persons_max, canary, owner, uid, mode, run, hashed, digest, edm, wire)"
    " VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,coalesce(?,(SELECT hashed FROM file WHERE path=?1)),?,?,?)";

uint64_t sk_judged(const char *location, const char *grade, const char *severity, const char *violations, bool canary)
{
    const struct sk_key plain = { 0, 0 }; /* no secret: it only tells two judgements apart */
    char text[1024];
    int n = snprintf(text, sizeof(text), "%s\x1f%s\x1f%s\x1f%d\x1f%s", location, grade, severity, canary, violations);
    return n < 0 || n >= (int)sizeof(text) ? 0 : sk_siphash(&plain, text, (size_t)n);
}

/* The number of a path that is in the store, else the next free one; 0 when that failed. */
static int64_t file_id(struct sk_store *s, const char *path)
{
    if (!s->file_id && !(s->file_id = sk_prepare(s, "SELECT id FROM file WHERE path=?1")))
        return 0;
    sqlite3_bind_text(s->file_id, 1, path, -1, SQLITE_STATIC);
    int step = sqlite3_step(s->file_id);
    int64_t id = step == SQLITE_ROW ? sqlite3_column_int64(s->file_id, 0) : s->next_id++;
    sqlite3_reset(s->file_id);
    return step == SQLITE_ROW || step == SQLITE_DONE ? id : (sk_store_failed(s), 0);
}

static void bind_sha(sqlite3_stmt *st, int at, const struct seki_result *r)
{
    if (r && r->has_sha256)
        sqlite3_bind_blob(st, at, r->sha256, SK_SHA256_BYTES, SQLITE_STATIC);
    else
        sqlite3_bind_null(st, at);
}

/* What is written of one file. */
struct row {
    const struct sk_report_file *f;
    int64_t id;
    const char *location, *grade, *severity;
    struct sk_buf reasons, violations;
    bool kept; /* the result is that of an earlier night */
};

static bool put_row(struct sk_store *s, const struct row *w, struct sk_bytes wire)
{
    if (!s->put_file && !(s->put_file = sk_prepare(s, PUT_FILE)))
        return false;
    const struct seki_result *r = w->f->result;
    const struct sk_judgement *j = w->f->judgement;
    const struct sk_facts *facts = w->f->facts;
    sqlite3_stmt *st = s->put_file;
    sqlite3_bind_text(st, 1, facts->path, -1, SQLITE_STATIC);
    sqlite3_bind_int64(st, 2, w->id);
    sqlite3_bind_int64(st, 3, (int64_t)facts->dev);
    sqlite3_bind_int64(st, 4, (int64_t)facts->ino);
    sqlite3_bind_int64(st, 5, (int64_t)facts->size);
    sqlite3_bind_int64(st, 6, facts->mtime);
    sqlite3_bind_int64(st, 7, SK_STORED_CTIME(facts));
    bind_sha(st, 8, r);
    sqlite3_bind_int(st, 9, state_number(w->f));
    sqlite3_bind_text(st, 10, w->reasons.p, (int)w->reasons.n, SQLITE_STATIC);
    sqlite3_bind_text(st, 11, r ? r->format : "", -1, SQLITE_STATIC);
    sqlite3_bind_text(st, 12, w->location, -1, SQLITE_STATIC);
    sqlite3_bind_text(st, 13, w->grade, -1, SQLITE_STATIC);
    sqlite3_bind_text(st, 14, w->severity, -1, SQLITE_STATIC);
    sqlite3_bind_text(st, 15, w->violations.p ? w->violations.p : "", (int)w->violations.n, SQLITE_STATIC);
    sqlite3_bind_int64(st, 16, r ? (int64_t)r->persons_min : 0);
    sqlite3_bind_int64(st, 17, r ? (int64_t)r->persons_max : 0);
    sqlite3_bind_int(st, 18, j && j->canary);
    sqlite3_bind_text(st, 19, facts->group, -1, SQLITE_STATIC);
    sqlite3_bind_int64(st, 20, facts->uid);
    sqlite3_bind_int64(st, 21, facts->mode | (facts->world_readable ? SK_MODE_WORLD : 0));
    sqlite3_bind_int64(st, 22, s->run);
    if (w->kept)
        sqlite3_bind_null(st, 23);
    else
        sqlite3_bind_int64(st, 23, s->as_of);
    sqlite3_bind_int64(st, 24, s->digest);
    sqlite3_bind_int64(st, 25, s->edm);
    if (sk_result_is_plain(r))
        wire.n = 0;
    if (wire.n)
        sqlite3_bind_blob(st, 26, wire.p, (int)wire.n, SQLITE_STATIC);
    else
        sqlite3_bind_null(st, 26);
    bool ok = !w->reasons.failed && !w->violations.failed && (sqlite3_step(st) == SQLITE_DONE || sk_store_failed(s));
    sqlite3_reset(st);
    return ok && (w->kept || !r || sk_content_put(s, r, facts->path)) &&
           (state_number(w->f) != 2 || (r && r->has_sha256) || w->reasons.n < 6 ||
            strncmp(w->reasons.p, "denied", 6) != 0 || sk_life_closed(s, facts->path));
}

/* Counts a file once, however often its path comes. */
static bool count(struct sk_store *s, const struct row *w)
{
    const struct seki_result *r = w->f->result;
    const struct sk_judgement *j = w->f->judgement;
    struct sk_run_tally *t = &s->tally;
    char state[2] = { (char)('0' + state_number(w->f)), 0 };
    if (j && j->canary)
        return true;
    bool ok = sk_run_tally_add(t, SK_TALLY_STATE, state, 1) && sk_run_tally_add(t, SK_TALLY_GRADE, w->grade, 1) &&
              sk_run_tally_add(t, SK_TALLY_OTHER, "bytes", (int64_t)w->f->facts->size) &&
              (!w->location[0] || sk_run_tally_add(t, SK_TALLY_PLACE, w->location, 1)) &&
              (!w->severity[0] || sk_run_tally_add(t, SK_TALLY_SEVERITY, w->severity, 1));
    if (ok && (state[0] == '1' || state[0] == '2'))
        ok = sk_run_tally_add(t, SK_TALLY_REASON, w->reasons.n ? w->reasons.p : "", 1);
    if (ok && r && r->persons_max > 100)
        ok = sk_run_tally_add(t, SK_TALLY_OTHER, "over100", 1);
    if (ok && r && r->persons_max > 1000)
        ok = sk_run_tally_add(t, SK_TALLY_OTHER, "over1000", 1);
    return ok;
}

bool sk_store_file(struct sk_store *s, const struct sk_report_file *f, struct sk_bytes wire,
                   const struct sk_stored *stored)
{
    const struct sk_judgement *j = f->judgement;
    struct row w = { .f = f,
                     .location = j ? j->location : "",
                     .grade = j ? sk_policy_grade(s->policy, j->label.grade) : "",
                     .severity = j ? j->severity : "",
                     .kept = stored && stored->id };
    sk_buf_init(&w.reasons, 4096);
    sk_buf_init(&w.violations, 4096);
    reasons_text(f, &w.reasons);
    violations_text(j, &w.violations);
    w.id = stored && stored->id ? stored->id : file_id(s, f->facts->path);
    bool before, ok = w.id && sk_met_mark(&s->met, w.id, &before);
    uint64_t judged = sk_judged(w.location, w.grade, w.severity, w.violations.p ? w.violations.p : "", j && j->canary);
    if (ok && (!w.kept || !stored || !judged || judged != stored->judged))
        ok = put_row(s, &w, wire) && breathe(s, false);
    ok = ok && (before || count(s, &w));
    sk_buf_free(&w.reasons);
    sk_buf_free(&w.violations);
    if (ok && j && j->canary)
        ok = put_canary(s, j);
    else if (ok && j && (j->n_violations || j->n_exceptions))
        ok = sk_life_file(s, f) && breathe(s, false);
    return ok;
}

bool sk_store_aggregate(struct sk_store *s, const struct sk_report_aggregate *a)
{
    sqlite3_stmt *st = sk_prepare(s, "INSERT INTO aggregate VALUES(?,?,?,?,?,?)");
    if (!st)
        return false;
    sqlite3_bind_int64(st, 1, s->run);
    sqlite3_bind_text(st, 2, a->location, -1, SQLITE_STATIC);
    sqlite3_bind_text(st, 3, a->code, -1, SQLITE_STATIC);
    sqlite3_bind_text(st, 4, a->severity, -1, SQLITE_STATIC);
    sqlite3_bind_int64(st, 5, (int64_t)a->min);
    sqlite3_bind_int64(st, 6, (int64_t)a->max);
    bool ok = sqlite3_step(st) == SQLITE_DONE || sk_store_failed(s);
    sqlite3_finalize(st);
    return ok;
}

/* ---------------------------------------------------------------- the end of a run */

/* SQL over the run in hand: ?1 run, ?2 a number. */
static bool over_run(struct sk_store *s, const char *sql, double number)
{
    sqlite3_stmt *st = sk_prepare(s, sql);
    if (!st)
        return false;
    sqlite3_bind_int64(st, 1, s->run);
    if (sqlite3_bind_parameter_count(st) >= 2)
        sqlite3_bind_double(st, 2, number);
    bool ok = sqlite3_step(st) == SQLITE_DONE || sk_store_failed(s);
    sqlite3_finalize(st);
    return ok;
}

#define LAST_RUN                                                                                                       \
    "(SELECT max(id) FROM run WHERE id<?1 AND status='ended' AND roots=(SELECT roots FROM run WHERE id=?1))"

/* What was counted as the files went by: places into place, the rest into total. */
static bool put_tally(struct sk_store *s, bool places)
{
    static const char *const KINDS[] = { "state", "grade", "severity", "reason", NULL };
    sqlite3_stmt *st = sk_prepare(s, places ? "INSERT INTO place VALUES(?1, ?3, ?4, 0, 0)"
                                            : "INSERT INTO total VALUES(?1, ?2, ?3, ?4)");
    bool ok = st != NULL;
    for (size_t i = 0; ok && i < s->tally.n; i++) {
        const struct sk_run_tally_item *t = &s->tally.items[i];
        if ((t->kind == SK_TALLY_PLACE) != places)
            continue;
        sqlite3_bind_int64(st, 1, s->run);
        if (!places) /* "bytes", "over100": the name is the kind */
            sqlite3_bind_text(st, 2, t->kind == SK_TALLY_OTHER ? t->name : KINDS[(int)t->kind], -1, SQLITE_STATIC);
        sqlite3_bind_text(st, 3, t->kind == SK_TALLY_OTHER ? "" : t->name, -1, SQLITE_STATIC);
        sqlite3_bind_int64(st, 4, t->n);
        ok = sqlite3_step(st) == SQLITE_DONE || sk_store_failed(s);
        sqlite3_reset(st);
    }
    sqlite3_finalize(st);
    return ok;
}

/*
 * A place with fewer files than its share of the last count, over the same roots, is out of reach. Files that were only
 * moved within the scanned trees do not miss: their content was met elsewhere tonight. While it stays out of reach the
 * last good count is the measure.
 */
static bool count_places(struct sk_store *s, double ratio)
{
    return put_tally(s, true) &&
           over_run(s, "INSERT OR IGNORE INTO place SELECT ?1, location, 0, 0, 0 FROM place WHERE run=" LAST_RUN, 0) &&
           over_run(s,
                    "UPDATE place SET before=coalesce((SELECT max(p.files, p.before * p.unreachable) FROM place p "
                    "WHERE p.location=place.location AND"
                    " p.run=" LAST_RUN "), files) WHERE run=?1",
                    0) &&
           over_run(s,
                    "UPDATE place SET unreachable=1 WHERE run=?1 AND files < before * ?2 AND files < (before - (SELECT "
                    "count(*) FROM temp.missed m WHERE m.location=place.location AND m.canary=0 AND m.sha IN (SELECT "
                    "g.sha FROM file g WHERE met(g.id)))) * ?2",
                    ratio);
}

static bool count_totals(struct sk_store *s)
{
    return put_tally(s, false) &&
           over_run(s,
                    "INSERT INTO total SELECT ?1, 'open', severity, count(*) FROM finding WHERE status<>'gone' AND "
                    "exception<>'active' GROUP BY severity",
                    0) &&
           over_run(
               s, "INSERT INTO total SELECT ?1, 'closed', '', count(*) FROM finding WHERE status='gone' AND run=?1", 0);
}

/* What became of each approved exception tonight. */
static bool put_exceptions(struct sk_store *s, const struct sk_policy *policy, bool complete)
{
    const struct sk_policy_exception *e;
    size_t n = sk_policy_exceptions(policy, &e);
    sqlite3_stmt *met = sk_prepare(s, "SELECT status FROM excepted WHERE run=?1 AND id=?2 ORDER BY status LIMIT 1");
    sqlite3_stmt *put = sk_prepare(s, "INSERT OR REPLACE INTO exception VALUES(?,?,?,?,?)");
    bool ok = met && put;
    for (size_t i = 0; ok && i < n; i++) {
        const char *status = s->as_of > e[i].expires ? "expired" : s->as_of < e[i].approved ? "waiting" : "active";
        sqlite3_bind_int64(met, 1, s->run);
        sqlite3_bind_text(met, 2, e[i].id, -1, SQLITE_STATIC);
        bool found = sqlite3_step(met) == SQLITE_ROW;
        if (found && strcmp(SK_COL_TEXT(met, 0), "changed") == 0)
            status = "changed";
        else if (!found && strcmp(status, "active") == 0 && e[i].has_sha256 && complete)
            status = "changed";
        sqlite3_bind_int64(put, 1, s->run);
        sqlite3_bind_text(put, 2, e[i].id, -1, SQLITE_STATIC);
        sqlite3_bind_text(put, 3, status, -1, SQLITE_STATIC);
        sqlite3_bind_int64(put, 4, e[i].expires);
        sqlite3_bind_int(put, 5, sk_exception_ends_soon(policy, &e[i], s->as_of));
        ok = sqlite3_step(put) == SQLITE_DONE || sk_store_failed(s);
        sqlite3_reset(met);
        sqlite3_reset(put);
    }
    sqlite3_finalize(met);
    sqlite3_finalize(put);
    return ok;
}

static bool mark_ended(struct sk_store *s, bool complete)
{
    sqlite3_stmt *st = sk_prepare(s, "UPDATE run SET ended=?1, status='ended', complete=?2 WHERE id=?3");
    if (!st)
        return false;
    sqlite3_bind_int64(st, 1, time(NULL));
    sqlite3_bind_int(st, 2, complete);
    sqlite3_bind_int64(st, 3, s->run);
    bool ok = sqlite3_step(st) == SQLITE_DONE || sk_store_failed(s);
    sqlite3_finalize(st);
    return ok;
}

bool sk_store_run_end(struct sk_store *s, bool complete, size_t *unreachable)
{
    char sql[512];
    *unreachable = 0;
    if (!breathe(s, true)) /* the files are safe whatever comes */
        return false;
    s->ending = true;
    bool ok = sk_life_missed(s) && count_places(s, sk_policy_settings(s->policy)->share_min_ratio) && sk_life_end(s) &&
              count_totals(s) && put_exceptions(s, s->policy, complete);
    if (ok) {
        snprintf(sql, sizeof(sql), "SELECT count(*) FROM place WHERE unreachable=1 AND run=%" PRId64, s->run);
        int64_t n = sk_sql_integer(s, sql, -1);
        ok = n >= 0 || sk_store_failed(s);
        *unreachable = n > 0 ? (size_t)n : 0;
    }
    snprintf(sql, sizeof(sql), "run=%" PRId64 " complete=%d", s->run, complete && *unreachable == 0);
    ok = ok && mark_ended(s, complete && *unreachable == 0) && sk_store_log(s, "run-end", sql) && sk_sql(s, "COMMIT");
    if (!ok)
        sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
    s->ending = !ok;
    s->run = 0;
    return ok && sk_chain_anchor(s);
}

bool sk_store_run_stop(struct sk_store *s)
{
    char sql[128];
    snprintf(sql, sizeof(sql), "UPDATE run SET status='interrupted', complete=0 WHERE id=%" PRId64, s->run);
    bool ok = sk_sql(s, sql);
    snprintf(sql, sizeof(sql), "run=%" PRId64 " window", s->run);
    ok = ok && sk_store_log(s, "run-stop", sql) && (sqlite3_get_autocommit(s->db) || sk_sql(s, "COMMIT"));
    s->run = 0;
    return ok && sk_chain_anchor(s);
}
