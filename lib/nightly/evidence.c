/*
 * evidence.c - the bundle for an incident: facts that survive an audit, the nine items of the 速報様式 as far as they
 * are known, due dates; never content. Dates (個人情報の保護に関する法律施行規則8条): 速報 速やかに, 目安 3 to 5 days
 * from knowing; 確報 30 days, 60 days for wrongful purposes.
 */
#include "nightly/evidence.h"

#include "base/files.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct bundle {
    const char *folder;
    struct sk_buf manifest; /* "sha256  name" lines */
    struct sk_problems *problems;
};

static bool trouble(struct bundle *b, const char *name, int e)
{
    sk_problem_add(b->problems, name, 0, 0, "証拠の束を書けません(%s)。", "The evidence bundle cannot be written (%s).",
                   strerror(e));
    return false;
}

static bool write_file(struct bundle *b, const char *name, const char *p, size_t n, bool listed)
{
    char path[4096];
    if (snprintf(path, sizeof(path), "%s/%s", b->folder, name) >= (int)sizeof(path))
        return trouble(b, name, ENAMETOOLONG);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return trouble(b, path, errno);
    bool ok = sk_write_all(fd, p, n) && fsync(fd) == 0;
    int e = errno;
    ok = close(fd) == 0 && ok;
    if (!ok)
        return trouble(b, path, e);
    uint8_t digest[SK_SHA256_BYTES];
    char hex[SK_SHA256_HEX];
    if (!listed)
        return true;
    if (!sk_sha256(p, n, digest))
        return trouble(b, path, ENOMEM);
    sk_hex(digest, sizeof(digest), hex);
    return sk_buf_printf(&b->manifest, "%s  %s\n", hex, name) || trouble(b, path, ENOMEM);
}

static void hex_of(sqlite3_stmt *st, int col, char out[SK_SHA256_HEX])
{
    snprintf(out, SK_SHA256_HEX, "不明");
    if (sqlite3_column_bytes(st, col) == SK_SHA256_BYTES)
        sk_hex(sqlite3_column_blob(st, col), SK_SHA256_BYTES, out);
}

static void time_text(int64_t t, char out[32])
{
    struct tm tm;
    time_t when = (time_t)t;
    if (!gmtime_r(&when, &tm) || strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
        snprintf(out, 32, "不明");
}

/* Facts of the file as the store knows them. Columns as in QUERY. */
static const char QUERY[] =
    "SELECT f.path, f.sha, f.location, f.grade, f.violations, f.what, f.persons_min, f.persons_max, f.insurers, "
    "f.first, f.last, f.status,"
    " coalesce(f.moved,''), x.size, x.mtime, x.ctime, x.owner, x.mode, x.dev, x.ino, x.format, f.why, f.id FROM "
    "finding f"
    " LEFT JOIN file x ON x.path=f.path WHERE f.id=?1";

static void put_path(struct sk_buf *b, sqlite3_stmt *st, int col)
{
    const char *t = SK_COL_TEXT(st, col);
    if (t && *t)
        sk_put_plain(b, t, strlen(t));
    else
        sk_buf_str(b, "不明");
}

static void facts_text(struct sk_store *s, sqlite3_stmt *st, bool en, struct sk_buf *b)
{
    char sha[SK_SHA256_HEX], mtime[32], ctime[32], first[11], last[11];
    hex_of(st, 1, sha);
    time_text(sqlite3_column_int64(st, 14), mtime);
    time_text(sqlite3_column_int64(st, 15) / 1000000000, ctime);
    sk_day_text((long)sqlite3_column_int64(st, 9), first);
    sk_day_text((long)sqlite3_column_int64(st, 10), last);
    sk_buf_str(b, en ? "File\n  path: " : "対象ファイル\n  パス: ");
    put_path(b, st, 0);
    sk_buf_printf(b, "\n  SHA-256: %s\n", sha);
    if (sqlite3_column_type(st, 13) == SQLITE_NULL) {
        sk_buf_str(b, en ? "  size, owner, times: unknown (no longer there)\n"
                         : "  大きさ・所有・時刻: 不明(現在は存在しない)\n");
    } else {
        sk_buf_printf(b,
                      en ? "  size: %" PRId64 " bytes\n  modified: %s\n  status changed: %s\n"
                         : "  大きさ: %" PRId64 " バイト\n  更新時刻: %s\n  状態変更時刻: %s\n",
                      (int64_t)sqlite3_column_int64(st, 13), mtime, ctime);
        sk_buf_printf(b,
                      en ? "  owner group: %s  mode: %04o  device/inode: %" PRId64 "/%" PRId64 "\n"
                         : "  所有グループ: %s  権限: %04o  装置/番号: %" PRId64 "/%" PRId64 "\n",
                      SK_COL_TEXT(st, 16), (unsigned)sqlite3_column_int(st, 17) & 07777,
                      (int64_t)sqlite3_column_int64(st, 18), (int64_t)sqlite3_column_int64(st, 19));
    }
    sk_buf_printf(b,
                  en ? "  last author: unknown\n  place: %s  grade: %s  violations: %s\n  first seen: %s  "
                       "last seen: %s\n"
                     : "  最終作成者: 不明\n  置き場所: %s  格付: %s  違反: %s\n  初検知: %s  最終検知: %s\n",
                  SK_COL_TEXT(st, 2), SK_COL_TEXT(st, 3), SK_COL_TEXT(st, 4), first, last);
    sk_buf_str(b, en ? "  same content elsewhere:" : "  同じ内容のほかの場所:");
    sqlite3_stmt *copies = sk_prepare(s, "SELECT path FROM file WHERE sha=?1 AND path<>?2 ORDER BY path LIMIT 1000");
    bool any = false;
    if (copies && sqlite3_column_bytes(st, 1) == SK_SHA256_BYTES) {
        sqlite3_bind_blob(copies, 1, sqlite3_column_blob(st, 1), SK_SHA256_BYTES, SQLITE_TRANSIENT);
        sqlite3_bind_text(copies, 2, SK_COL_TEXT(st, 0), -1, SQLITE_TRANSIENT);
        while (sqlite3_step(copies) == SQLITE_ROW) {
            sk_buf_str(b, "\n    ");
            put_path(b, copies, 0);
            any = true;
        }
    }
    sqlite3_finalize(copies);
    sk_buf_str(b, any ? "\n" : en ? " none known\n" : " 検査した範囲にはない\n");
}

static void digests_text(struct sk_store *s, bool en, struct sk_buf *b)
{
    sqlite3_stmt *st = sk_prepare(s, "SELECT tool, rules, rules_digest, policy_id, policy_version, policy_digest, "
                                     "as_of, started FROM run ORDER BY id DESC LIMIT 1");
    if (st && sqlite3_step(st) == SQLITE_ROW) {
        char rules[SK_SHA256_HEX], policy[SK_SHA256_HEX], started[32];
        hex_of(st, 2, rules);
        hex_of(st, 5, policy);
        time_text(sqlite3_column_int64(st, 7), started);
        sk_buf_printf(b,
                      en ? "Made with\n  sekisho %s\n  rules %s SHA-256 %s\n  policy %s %s SHA-256 %s\n  scan of %s\n"
                         : "作成に使ったもの\n  検査器 sekisho %s\n  規則 %s SHA-256 %s\n  方針 %s %s SHA-256 %s\n  "
                           "検査の開始 %s\n",
                      SK_COL_TEXT(st, 0), SK_COL_TEXT(st, 1), rules, SK_COL_TEXT(st, 3), SK_COL_TEXT(st, 4), policy,
                      started);
    }
    sqlite3_finalize(st);
    sk_evidence_clock(en, b);
    sk_evidence_operator(en, b);
}

static void due_text(long known, bool en, struct sk_buf *b)
{
    char day[5][11];
    static const int AFTER[] = { 0, 3, 5, 30, 60 };
    for (int i = 0; i < 5; i++)
        sk_day_text(known + AFTER[i], day[i]);
    sk_buf_printf(b,
                  en ? "Dates (counted from the day of knowing, %s; whether and to whom to report is for people to "
                       "decide)\n  preliminary report: %s to %s\n  final report: %s (60 days: %s)\n"
                     : "期日の目安(知った日 %s から数える。報告等の要否と相手は管理者が判断する)\n  速報の目安: %s ～ "
                       "%s\n  確報: %s (60日の場合: %s)\n",
                  day[0], day[1], day[2], day[3], day[4]);
}

static void insurers_text(sqlite3_stmt *st, struct sk_buf *b)
{
    const char *p = SK_COL_TEXT(st, 8);
    if (!p || !*p) {
        sk_buf_str(b, "    保険者別: 不明\n");
        return;
    }
    while (*p) {
        char number[16];
        long long min, max;
        int used = 0;
        /* NOLINTNEXTLINE(cert-err34-c) */
        if (sscanf(p, "%15[^:]:%lld:%lld%n", number, &min, &max, &used) != 3)
            break;
        sk_buf_printf(b, min == max ? "    保険者 %s: %lld人\n" : "    保険者 %s: %lld～%lld人\n", number, min, max);
        p += used;
        p += *p == ' ';
    }
}

static void nine_items(sqlite3_stmt *st, bool en, struct sk_buf *b)
{
    static const char *const UNKNOWN[][2] = { { "4 原因", "4 cause" },
                                              { "5 二次被害又はそのおそれ", "5 secondary damage" },
                                              { "6 本人への対応の実施状況", "6 response to the persons" },
                                              { "7 公表の実施状況", "7 publication" },
                                              { "8 再発防止のための措置", "8 prevention (再発防止)" },
                                              { "9 その他参考となる事項", "9 other" } };
    sk_buf_str(b, en ? "Items of the report\n  1 outline (概要): a file lies where the policy forbids it; see above\n  "
                       "2 items (項目): "
                     : "報告事項(速報様式の9項目。分からないものは不明)\n  1 概要: "
                       "方針が認めない場所にファイルがあった(上記)。外部へ出たかどうかは不明\n  2 項目: ");
    for (const char *p = SK_COL_TEXT(st, 5); p && *p;) {
        char name[64];
        long long count;
        int used = 0;
        /* NOLINTNEXTLINE(cert-err34-c) */
        if (sscanf(p, "%63[^:]:%lld%n", name, &count, &used) != 2)
            break;
        enum sk_element e = sk_element_find(name);
        sk_buf_printf(b, "%s %lld、", e == SK_EL_NONE ? name : sk_element_title(e, en), count);
        p += used;
        p += *p == ' ';
    }
    sk_buf_printf(b,
                  en ? "\n  3 number of persons (本人の数): %" PRId64 " to %" PRId64 "\n"
                     : "\n  3 本人の数: %" PRId64 "～%" PRId64 "人\n",
                  (int64_t)sqlite3_column_int64(st, 6), (int64_t)sqlite3_column_int64(st, 7));
    insurers_text(st, b);
    for (size_t i = 0; i < sizeof(UNKNOWN) / sizeof(UNKNOWN[0]); i++)
        sk_buf_printf(b, "  %s: %s\n", UNKNOWN[i][en], en ? "unknown (不明)" : "不明");
}

/* On request; its digest stands in the manifest with the others. */
static bool copy_content(sqlite3_stmt *st, int fd, const char *recipient, struct bundle *b)
{
    char hex[SK_SHA256_HEX];
    const char *why = "";
    const void *sha = sqlite3_column_bytes(st, 1) == SK_SHA256_BYTES ? sqlite3_column_blob(st, 1) : NULL;
    if (sk_evidence_copy(fd, b->folder, recipient, sha, hex, &why))
        return sk_buf_printf(&b->manifest, "%s  %s\n", hex, SK_EVIDENCE_CONTENT);
    sk_problem_add(b->problems, why, 0, 0,
                   "内容の写しを作れません(公開鍵が読めない、ファイルを開けない、または検査したときの内容と違う)。",
                   "No copy of the content could be made (no public key, the file cannot be opened, or it is not the "
                   "content that was scanned).");
    return false;
}

static bool make(struct sk_store *s, sqlite3_stmt *st, long known, const struct sk_evidence_request *q,
                 struct bundle *b)
{
    bool en = q->english;
    int fd = sk_evidence_open(s, SK_COL_TEXT(st, 0) ? SK_COL_TEXT(st, 0) : "");
    struct sk_buf facts, report;
    sk_buf_init(&facts, (size_t)16 << 20);
    sk_buf_init(&report, (size_t)16 << 20);
    if (q->drill) {
        sk_buf_str(&facts, en ? "*** DRILL ***\n" : "【訓練】\n");
        sk_buf_str(&report, en ? "*** DRILL ***\n" : "【訓練】\n");
    }
    if (q->recipient)
        sk_buf_str(&facts, en ? "Evidence (with a sealed copy of the content: " SK_EVIDENCE_CONTENT ")\n\n"
                              : "証拠の記録(内容の写しを暗号化して含む: " SK_EVIDENCE_CONTENT ")\n\n");
    else
        sk_buf_str(&facts, en ? "Evidence (no content is copied)\n\n" : "証拠の記録(内容の写しは含まない)\n\n");
    facts_text(s, st, en, &facts);
    sk_evidence_live(fd, sqlite3_column_bytes(st, 1) == SK_SHA256_BYTES ? sqlite3_column_blob(st, 1) : NULL, en,
                     &facts);
    sk_evidence_history(s, sqlite3_column_int64(st, 22), en, &facts);
    sk_buf_str(&facts, "\n");
    digests_text(s, en, &facts);
    due_text(known, en, &report);
    nine_items(st, en, &report);
    bool ok = !facts.failed && !report.failed && write_file(b, "facts.txt", facts.p, facts.n, true) &&
              write_file(b, "report.txt", report.p, report.n, true) &&
              (!q->recipient || copy_content(st, fd, q->recipient, b)) &&
              write_file(b, "SHA256SUMS", b->manifest.p, b->manifest.n, false);
    if (ok) { /* the manifest's own digest goes into the audit chain, so that the bundle cannot be made anew unnoticed
               */
        uint8_t digest[SK_SHA256_BYTES];
        char hex[SK_SHA256_HEX], line[128];
        ok = sk_sha256(b->manifest.p, b->manifest.n, digest);
        sk_hex(digest, sizeof(digest), hex);
        snprintf(line, sizeof(line), "manifest=%s", hex);
        ok = ok && sk_store_log(s, "evidence", line);
    }
    if (fd >= 0)
        close(fd);
    sk_buf_free(&facts);
    sk_buf_free(&report);
    return ok;
}

bool sk_evidence_make(struct sk_store *s, const struct sk_evidence_request *q, struct sk_problems *problems)
{
    const char *finding = q->finding, *folder = q->folder;
    char *end;
    long long id = strncmp(finding, "F-", 2) == 0 ? strtoll(finding + 2, &end, 10) : 0;
    sqlite3_stmt *st = id > 0 && !*end ? sk_prepare(s, QUERY) : NULL;
    if (st)
        sqlite3_bind_int64(st, 1, id);
    if (!st || sqlite3_step(st) != SQLITE_ROW) {
        sqlite3_finalize(st);
        sk_problem_add(problems, finding, 0, 0, "この番号の検知はありません。report nightly で番号を確かめてください。",
                       "No finding of this number. See report nightly.");
        return false;
    }
    struct bundle b = { .folder = folder, .problems = problems };
    sk_buf_init(&b.manifest, (size_t)1 << 20);
    bool ok = mkdir(folder, 0700) == 0 || errno == EEXIST || trouble(&b, folder, errno);
    ok = ok && make(s, st, q->known < 0 ? (long)sqlite3_column_int64(st, 9) : q->known, q, &b);
    sqlite3_finalize(st);
    sk_buf_free(&b.manifest);
    return ok;
}

static bool read_file(const char *folder, const char *name, struct sk_buf *out)
{
    char path[4096];
    if (snprintf(path, sizeof(path), "%s/%s", folder, name) >= (int)sizeof(path))
        return false;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return false;
    ssize_t n = 0;
    while (sk_buf_reserve(out, 65536) && (n = read(fd, out->p + out->n, 65536)) > 0)
        out->n += (size_t)n;
    close(fd);
    return n == 0 && !out->failed;
}

static bool hash_file(const char *folder, const char *name, uint8_t digest[SK_SHA256_BYTES])
{
    char path[4096];
    uint64_t bytes;
    if (snprintf(path, sizeof(path), "%s/%s", folder, name) >= (int)sizeof(path))
        return false;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    bool ok = fd >= 0 && sk_sha256_file(fd, digest, &bytes);
    if (fd >= 0)
        close(fd);
    return ok;
}

/* One line of the manifest: 64 hex digits, two spaces, name. */
static bool verify_line(const char *folder, const char *line, size_t n, struct sk_problems *problems)
{
    char name[256], hex[SK_SHA256_HEX];
    uint8_t digest[SK_SHA256_BYTES];
    bool ok = n > 66 && line[64] == ' ' && line[65] == ' ' && n - 66 < sizeof(name) && !memchr(line + 66, '/', n - 66);
    snprintf(name, sizeof(name), "%.*s", ok ? (int)(n - 66) : 0, ok ? line + 66 : "");
    ok = ok && hash_file(folder, name, digest);
    if (ok) {
        sk_hex(digest, sizeof(digest), hex);
        ok = strncmp(hex, line, 64) == 0;
    }
    if (!ok)
        sk_problem_add(problems, name[0] ? name : "SHA256SUMS", 0, 0, "作成時と違います。変更されたか、欠けています。",
                       "Not as it was written: changed or missing.");
    return ok;
}

bool sk_evidence_verify(const char *folder, struct sk_problems *problems)
{
    struct sk_buf manifest;
    sk_buf_init(&manifest, (size_t)1 << 20);
    bool ok = read_file(folder, "SHA256SUMS", &manifest) && manifest.n > 0;
    if (!ok)
        sk_problem_add(problems, folder, 0, 0, "証拠の束ではありません(SHA256SUMS がない)。",
                       "Not an evidence bundle (no SHA256SUMS).");
    size_t lines = 0;
    for (size_t at = 0; ok && at < manifest.n;) {
        const char *line = manifest.p + at, *stop = memchr(line, '\n', manifest.n - at);
        size_t n = stop ? (size_t)(stop - line) : manifest.n - at;
        ok = verify_line(folder, line, n, problems);
        at += n + 1;
        lines++;
    }
    sk_buf_free(&manifest);
    return ok && lines >= 2;
}
