#include "base/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int64_t sk_read_up_to(int fd, void *p, size_t n)
{
    size_t got = 0;
    ssize_t r = 0;
    while (got < n && ((r = read(fd, (char *)p + got, n - got)) > 0 || (r < 0 && errno == EINTR)))
        got += r > 0 ? (size_t)r : 0;
    return r < 0 ? -1 : (int64_t)got;
}

int64_t sk_read_small(const char *path, void *p, size_t n)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return -1;
    int64_t got = sk_read_up_to(fd, p, n);
    close(fd);
    return got;
}

bool sk_write_all(int fd, const void *p, size_t n)
{
    for (const char *at = p; n > 0;) {
        ssize_t w = write(fd, at, n);
        if (w < 0 && errno == EINTR)
            continue;
        if (w <= 0)
            return false;
        at += w;
        n -= (size_t)w;
    }
    return true;
}

/* A rename puts a file over another one; a link does not, so that two who make a key at once end with one key. File
 * systems without links (FAT, some shares) get a look before the rename. */
static bool put_in_place(const char *part, const char *path, bool replace)
{
    struct stat st;
    if (!replace && link(part, path) == 0)
        return true;
    if (!replace && errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS)
        return false;
    if (!replace && lstat(path, &st) == 0) {
        errno = EEXIST;
        return false;
    }
    return rename(part, path) == 0;
}

bool sk_write_pieces(const char *path, const struct sk_bytes *pieces, size_t n, bool replace)
{
    char part[4104];
    int len = snprintf(part, sizeof(part), "%s.new", path);
    if (len < 0 || (size_t)len >= sizeof(part)) {
        errno = ENAMETOOLONG;
        return false;
    }
    unlink(part);
    int fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return false;
    bool ok = true;
    for (size_t i = 0; i < n && ok; i++)
        ok = sk_write_all(fd, pieces[i].p, pieces[i].n);
    ok = ok && fsync(fd) == 0;
    ok = close(fd) == 0 && ok;
    ok = ok && put_in_place(part, path, replace);
    int e = errno;
    unlink(part); /* gone already after a rename */
    errno = e;
    return ok;
}

bool sk_write_whole(const char *path, const void *p, size_t n, bool replace)
{
    struct sk_bytes piece = sk_bytes(p, n);
    return sk_write_pieces(path, &piece, 1, replace);
}
