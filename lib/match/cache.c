#include "match/cache.h"

#include "base/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST_BYTES ((size_t)256 << 20)
#define MAGIC "SEKIHSD1"
#define HEADER (8 + SK_SHA256_BYTES)

/* Ours or root's, and nobody else may write. */
static bool trusted(const struct stat *st)
{
    return (st->st_uid == geteuid() || st->st_uid == 0) && (st->st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

static int open_folder(const char *dir)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    struct stat st;
    if (fd >= 0 && (fstat(fd, &st) != 0 || !trusted(&st))) {
        close(fd);
        fd = -1;
    }
    return fd;
}

static void file_name(const uint8_t *key, char name[SK_SHA256_HEX + 8])
{
    sk_hex(key, SK_SHA256_BYTES, name);
    memcpy(name + 2 * SK_SHA256_BYTES, ".hsdb", 6);
}

static bool read_all(int fd, char *p, size_t n)
{
    while (n) {
        ssize_t got = read(fd, p, n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        p += got;
        n -= (size_t)got;
    }
    return true;
}

static bool read_payload(int fd, struct sk_buf *payload)
{
    struct stat st;
    char header[HEADER];
    uint8_t sum[SK_SHA256_BYTES];
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || !trusted(&st) || st.st_size <= (off_t)HEADER ||
        st.st_size > (off_t)MOST_BYTES)
        return false;
    size_t n = (size_t)st.st_size - HEADER;
    if (!read_all(fd, header, HEADER) || memcmp(header, MAGIC, 8) != 0 || !sk_buf_reserve(payload, n) ||
        !read_all(fd, payload->p, n))
        return false;
    payload->n = n;
    return sk_sha256(payload->p, n, sum) && memcmp(sum, header + 8, sizeof(sum)) == 0;
}

bool sk_cache_read(const char *dir, const uint8_t key[SK_SHA256_BYTES], struct sk_buf *payload)
{
    char name[SK_SHA256_HEX + 8];
    sk_buf_init(payload, MOST_BYTES);
    int folder = open_folder(dir);
    if (folder < 0)
        return false;
    file_name(key, name);
    int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    bool ok = fd >= 0 && read_payload(fd, payload);
    if (fd >= 0)
        close(fd);
    close(folder);
    if (!ok)
        sk_buf_free(payload);
    return ok;
}

static bool write_file(int folder, const char *name, const void *payload, size_t n)
{
    char header[HEADER];
    memcpy(header, MAGIC, 8);
    if (!sk_sha256(payload, n, (uint8_t *)header + 8))
        return false;
    int fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return false;
    bool ok =
        sk_write_all(fd, header, HEADER) && sk_write_all(fd, payload, n) && fchmod(fd, 0644) == 0 && fsync(fd) == 0;
    ok = close(fd) == 0 && ok;
    if (!ok)
        unlinkat(folder, name, 0);
    return ok;
}

void sk_cache_write(const char *dir, const uint8_t key[SK_SHA256_BYTES], const void *payload, size_t n)
{
    char name[SK_SHA256_HEX + 8], aside[SK_SHA256_HEX + 64];
    struct sk_key random;
    if (n == 0 || n > MOST_BYTES - HEADER || !sk_key_random(&random))
        return;
    if (mkdir(dir, 0700) != 0 && errno != EEXIST)
        return;
    int folder = open_folder(dir);
    if (folder < 0)
        return;
    file_name(key, name);
    /* Several processes may write at once: each its own file, and the rename of a whole one cannot hurt a reader. */
    snprintf(aside, sizeof(aside), ".%.16s.%ld.%016llx", name, (long)getpid(), (unsigned long long)random.k0);
    if (write_file(folder, aside, payload, n) && renameat(folder, aside, folder, name) != 0)
        unlinkat(folder, aside, 0);
    close(folder);
}
