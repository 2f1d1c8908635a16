#include "api/api.h"

#include "base/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PENDING ((size_t)64 << 10)

static bool flush(struct sk_output *o)
{
    if (!o->error && !sk_write_all(o->fd, o->pending.p, o->pending.n))
        o->error = errno ? errno : EIO;
    sk_buf_clear(&o->pending);
    return !o->error;
}

static bool put(void *ctx, const void *p, size_t n)
{
    struct sk_output *o = ctx;
    if (o->error)
        return false;
    if (o->write) {
        if (!o->write(o->write_ctx, p, n))
            o->error = errno ? errno : EIO;
        return !o->error;
    }
    if (!sk_buf_add(&o->pending, p, n)) {
        o->error = ENOMEM;
        return false;
    }
    return o->pending.n < PENDING || flush(o);
}

seki_status sk_output_open(struct sk_output *o, const char *path, seki_write_fn write, void *ctx, seki_error *err)
{
    memset(o, 0, sizeof(*o));
    o->fd = -1;
    o->writer.write = put;
    o->writer.ctx = o;
    sk_buf_init(&o->pending, (size_t)64 << 20);
    if (!path) {
        if (!write)
            return sk_fail(err, SEKI_E_USAGE, 0, "出力先がありません。", "There is nowhere to write to.");
        o->write = write;
        o->write_ctx = ctx;
        return SEKI_OK;
    }
    o->path = path;
    struct stat st;
    if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) { /* a device or pipe cannot be renamed over */
        o->fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    } else {
        size_t n = strlen(path) + 32;
        o->aside = malloc(n);
        if (!o->aside)
            return sk_no_memory(err);
        snprintf(o->aside, n, "%s.%ld.part", path, (long)getpid());
        o->fd = open(o->aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    }
    if (o->fd < 0) {
        int e = errno;
        free(o->aside);
        o->aside = NULL;
        return sk_fail(err, SEKI_E_IO, e, "出力ファイル %s を作れません(%s)。フォルダと権限を確かめてください。",
                       "Cannot create the output file %s (%s). Check the folder and its permissions.", path,
                       strerror(e));
    }
    return SEKI_OK;
}

seki_status sk_output_commit(struct sk_output *o, seki_error *err)
{
    if (!o->write && o->fd >= 0) {
        flush(o);
        if (!o->error && o->aside && fsync(o->fd) != 0)
            o->error = errno;
        if (close(o->fd) != 0 && !o->error)
            o->error = errno;
        o->fd = -1;
        if (!o->error && o->aside && rename(o->aside, o->path) != 0)
            o->error = errno;
        if (!o->error) {
            free(o->aside);
            o->aside = NULL;
        }
    }
    if (o->error) {
        int e = o->error;
        return sk_fail(
            err, SEKI_E_IO, e,
            "結果を%s%sへ書けませんでした(%s)。書きかけは残していません。空き容量を確かめてもう一度実行してください。",
            "The result could not be written to %s%s (%s). Nothing half-written was kept. Check the free space and run "
            "again.",
            o->path ? o->path : "", o->path ? " " : "(stdout) ", strerror(e));
    }
    return SEKI_OK;
}

void sk_output_drop(struct sk_output *o)
{
    if (o->fd >= 0)
        close(o->fd);
    o->fd = -1;
    if (o->aside)
        unlink(o->aside);
    free(o->aside);
    o->aside = NULL;
    sk_buf_free(&o->pending);
}
