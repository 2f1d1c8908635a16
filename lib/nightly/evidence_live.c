/*
 * evidence_live.c - what the file itself still shows when the bundle is made: owner, times, access lists, whether it is
 * as it was scanned; and, on request only, a copy of its content that only the holder of a key can open. The file is
 * opened as the scan opens it: read-only, following no link, leaving no access time.
 */
#define _GNU_SOURCE /* statx */
#include "nightly/evidence.h"

#include "base/seal.h"
#include "input/walk.h"

#include <fcntl.h>
#include <grp.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/timex.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

/* The path on this machine: the roots of the last run as shown and as they are, line by line. */
static bool real_path(struct sk_store *s, const char *shown, char out[4096])
{
    sqlite3_stmt *st =
        sk_prepare(s, "SELECT roots, real FROM run WHERE coalesce(real,'')<>'' ORDER BY id DESC LIMIT 1");
    bool found = false;
    if (st && sqlite3_step(st) == SQLITE_ROW) {
        const char *root = SK_COL_TEXT(st, 0), *real = SK_COL_TEXT(st, 1);
        while (root && real && *root && *real && !found) {
            size_t n = strcspn(root, "\n"), m = strcspn(real, "\n"), skip = n == 1 && *root == '/' ? 0 : n;
            found = strncmp(shown, root, n) == 0 && (shown[skip] == '/' || shown[skip] == '\0') &&
                    snprintf(out, 4096, "%.*s%s", m == 1 ? 0 : (int)m, real, shown + skip) < 4096;
            root += n + (root[n] == '\n');
            real += m + (real[m] == '\n');
        }
    }
    sqlite3_finalize(st);
    return found;
}

int sk_evidence_open(struct sk_store *s, const char *shown)
{
    char path[4096];
    return real_path(s, shown, path) ? sk_open_path(path, NULL) : -1;
}

static void when(struct sk_buf *b, const char *name, const struct statx_timestamp *t, bool known)
{
    struct tm tm;
    char text[32] = "不明";
    time_t at = (time_t)t->tv_sec;
    if (known && gmtime_r(&at, &tm))
        strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
    sk_buf_printf(b, "  %s: %s\n", name, text);
}

/* The lists as they are stored, in hexadecimal: what they grant depends on the server that keeps them. */
static void access_lists(int fd, bool en, struct sk_buf *b)
{
    static const char *const LISTS[] = { "system.posix_acl_access", "system.nfs4_acl", "system.cifs_acl",
                                         "system.ntfs_acl", "security.NTACL" };
    bool any = false;
    for (size_t i = 0; i < sizeof(LISTS) / sizeof(LISTS[0]); i++) {
        uint8_t list[4096];
        ssize_t n = fgetxattr(fd, LISTS[i], list, sizeof(list));
        if (n <= 0)
            continue;
        any = true;
        sk_buf_printf(b, "  ACL %s: ", LISTS[i]);
        for (ssize_t k = 0; k < n; k++)
            sk_buf_printf(b, "%02x", list[k]);
        sk_buf_str(b, "\n");
    }
    if (!any)
        sk_buf_str(b, en ? "  ACL: none beyond the mode\n" : "  ACL: 権限ビットのほかにはない\n");
}

void sk_evidence_live(int fd, const void *sha, bool en, struct sk_buf *b)
{
    struct statx x;
    uint8_t digest[SK_SHA256_BYTES];
    sk_buf_str(b, en ? "\nThe file when this was made\n" : "\n作成時のファイル\n");
    if (fd < 0 || statx(fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS | STATX_BTIME, &x) != 0) {
        sk_buf_str(b, en ? "  cannot be opened from here: unknown\n" : "  ここからは開けない: 不明\n");
        return;
    }
    struct passwd pw, *user = NULL;
    struct group gr, *group = NULL;
    char names[2][4096];
    getpwuid_r(x.stx_uid, &pw, names[0], sizeof(names[0]), &user);
    getgrgid_r(x.stx_gid, &gr, names[1], sizeof(names[1]), &group);
    sk_buf_printf(b,
                  en ? "  owner: %s (uid %u)  group: %s (gid %u)  mode: %04o\n"
                     : "  所有者: %s (uid %u)  グループ: %s (gid %u)  権限: %04o\n",
                  user ? user->pw_name : "不明", x.stx_uid, group ? group->gr_name : "不明", x.stx_gid,
                  x.stx_mode & 07777u);
    access_lists(fd, en, b);
    when(b, en ? "created" : "作成", &x.stx_btime, (x.stx_mask & STATX_BTIME) != 0);
    when(b, en ? "modified" : "更新", &x.stx_mtime, true);
    when(b, en ? "status changed" : "状態変更", &x.stx_ctime, true);
    when(b, en ? "accessed" : "参照", &x.stx_atime, (x.stx_mask & STATX_ATIME) != 0);
    uint64_t bytes;
    bool same = sha && sk_sha256_file(fd, digest, &bytes) && memcmp(digest, sha, sizeof(digest)) == 0;
    sk_buf_str(b, !sha   ? (en ? "  content: unknown\n" : "  内容: 不明\n")
                  : same ? (en ? "  content: as it was scanned\n" : "  内容: 検査したときと同じ\n")
                         : (en ? "  content: NOT as it was scanned\n" : "  内容: 検査したときと違う\n"));
}

void sk_evidence_clock(bool en, struct sk_buf *b)
{
    struct timex t = { 0 };
    int state = adjtimex(&t);
    double offset = (double)t.offset * (t.status & STA_NANO ? 1e-9 : 1e-6);
    if (state < 0 || state == TIME_ERROR || (t.status & STA_UNSYNC))
        sk_buf_str(b, en ? "  clock: not synchronised, offset unknown (不明)\n"
                         : "  時計: 同期していない。標準時との差は不明\n");
    else
        sk_buf_printf(b,
                      en ? "  clock: synchronised, offset %.6f s, at most %.3f s\n"
                         : "  時計: 同期している。差 %.6f 秒、誤差は最大 %.3f 秒\n",
                      offset, (double)t.maxerror * 1e-6);
}

void sk_evidence_operator(bool en, struct sk_buf *b)
{
    struct passwd pw, *user = NULL;
    char names[4096], login[32] = "";
    getpwuid_r(getuid(), &pw, names, sizeof(names), &user);
    int fd = open("/proc/self/loginuid", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd >= 0 ? read(fd, login, sizeof(login) - 1) : -1;
    if (fd >= 0)
        close(fd);
    bool known = n > 0 && strncmp(login, "4294967295", 10) != 0;
    sk_buf_printf(
        b, en ? "  operator: %s (uid %u), logged in as uid %.*s\n" : "  操作者: %s (uid %u)、ログインした uid %.*s\n",
        user ? user->pw_name : "不明", (unsigned)getuid(), known ? (int)n : (int)strlen("不明"),
        known ? login : "不明");
}

void sk_evidence_history(struct sk_store *s, int64_t finding, bool en, struct sk_buf *b)
{
    sqlite3_stmt *st = sk_prepare(s, "SELECT day, location, grade, violations, policy FROM history WHERE finding=?1 "
                                     "ORDER BY rowid LIMIT 1000");
    sk_buf_str(b, en ? "\nHistory of the label\n" : "\n格付の経過\n");
    if (st)
        sqlite3_bind_int64(st, 1, finding);
    while (st && sqlite3_step(st) == SQLITE_ROW) {
        char day[11];
        sk_day_text((long)sqlite3_column_int64(st, 0), day);
        sk_buf_printf(b, "  %s  %s  %s  %s  (%s)\n", day, SK_COL_TEXT(st, 1), SK_COL_TEXT(st, 2), SK_COL_TEXT(st, 3),
                      SK_COL_TEXT(st, 4));
    }
    sqlite3_finalize(st);
}

bool sk_evidence_copy(int fd, const char *folder, const char *recipient, const void *expected, char hex[SK_SHA256_HEX],
                      const char **why)
{
    struct sk_signer key;
    char path[4096];
    uint8_t digest[SK_SHA256_BYTES], clear[SK_SHA256_BYTES];
    enum sk_signer_state state = sk_signer_read(recipient, &key);
    *why = recipient;
    if (state != SK_SIGNER_GOOD && state != SK_SIGNER_OPEN)
        return false;
    *why = SK_EVIDENCE_CONTENT;
    int out = snprintf(path, sizeof(path), "%s/%s", folder, SK_EVIDENCE_CONTENT) < (int)sizeof(path)
                  ? open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600)
                  : -1;
    struct sk_sha256 *sha = sk_sha256_new(), *plain = sk_sha256_new();
    bool ok = fd >= 0 && out >= 0 && sha && plain && sk_sha256_start(sha) && sk_sha256_start(plain) &&
              sk_seal(fd, out, &key, sha, plain) && sk_sha256_end(sha, digest) && sk_sha256_end(plain, clear) &&
              fsync(out) == 0;
    if (out >= 0)
        ok = close(out) == 0 && ok;
    if (ok && (!expected || memcmp(clear, expected, sizeof(clear)) != 0)) {
        *why = "SHA-256"; /* another content than the one that was found */
        ok = false;
    }
    if (!ok && out >= 0)
        unlink(path);
    if (ok)
        sk_hex(digest, sizeof(digest), hex);
    sk_sha256_free(sha);
    sk_sha256_free(plain);
    sk_signer_wipe(&key);
    return ok;
}
