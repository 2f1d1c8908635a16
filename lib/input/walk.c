#define _GNU_SOURCE
#include "input/walk.h"

#include "base/mem.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MAX_LEVELS 4096u
#define OPEN_LEVELS 64u /* descriptors held at once; those further up are opened again by ".." */
#define LIST_BYTES ((size_t)64 << 10)
#define MAX_PATH_BYTES ((size_t)4 << 20)
#define MAX_NAMES_BYTES ((size_t)1 << 30)

#define READ_FLAGS (O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOATIME | O_CLOEXEC | O_NOCTTY)

/* One folder that is being listed: all its names, sorted, so that it is read at one moment and its descriptor may be
 * closed. */
struct level {
    int fd; /* -1: closed for the time being */
    dev_t dev;
    ino_t ino;
    struct sk_buf names; /* NUL-terminated, one after the other */
    uint32_t *order;     /* offsets into names, by byte order */
    size_t n, next;
    size_t path_n; /* length of the folder's own path, with the final '/' */
};

struct walk {
    const struct sk_walk_options *options;
    bool (*visit)(void *ctx, const struct sk_entry *e);
    void *ctx;
    struct sk_buf path;
    struct level *levels;
    size_t n, cap;
    dev_t start_dev;
    bool no_openat2;
    int failed; /* errno that ends the walk */
};

/* ---------------------------------------------------------------- opening */

/* O_NOATIME is refused to those who do not own the file: then once more without it. */
static int open_quietly(int dir, const char *name, int flags, bool *refused)
{
    int fd = openat(dir, name, flags);
    if (fd < 0 && errno == EPERM && (flags & O_NOATIME)) {
        fd = openat(dir, name, flags & ~O_NOATIME);
        *refused = fd >= 0;
    }
    return fd;
}

static int open_regular(int dir, const char *name, bool *atime_at_risk)
{
    bool refused = false;
    int fd = open_quietly(dir, name, READ_FLAGS, &refused);
    if (atime_at_risk)
        *atime_at_risk = false;
    if (fd < 0)
        return -1;
    struct stat st;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        close(fd);
        errno = EINVAL; /* became something else since it was listed */
        return -1;
    }
    struct statvfs fs;
    if (atime_at_risk && refused)
        *atime_at_risk = fstatvfs(fd, &fs) != 0 || !(fs.f_flag & (ST_NOATIME | ST_RDONLY));
    return fd;
}

int sk_open_entry(const struct sk_entry *e, bool *atime_at_risk)
{
    return open_regular(e->dir_fd, e->name, atime_at_risk);
}

int sk_open_path(const char *path, bool *atime_at_risk)
{
    return open_regular(AT_FDCWD, path, atime_at_risk);
}

static int open_below(struct walk *w, int dir, const char *name)
{
    int flags = READ_FLAGS | O_DIRECTORY;
    for (int attempt = 0; !w->no_openat2 && attempt < 2; attempt++) {
        struct open_how how = { .flags = (uint64_t)flags, .resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS };
        long fd = syscall(SYS_openat2, dir, name, &how, sizeof(how));
        if (fd >= 0)
            return (int)fd;
        if (errno == ENOSYS || errno == E2BIG || errno == EINVAL) {
            w->no_openat2 = true;
            flags |= O_NOATIME;
        } else if (errno == EPERM && (flags & O_NOATIME)) {
            flags &= ~O_NOATIME; /* not the owner, or a filter that refuses the call: openat tells which */
        } else if (errno != EPERM) {
            return -1;
        }
    }
    bool refused;
    return open_quietly(dir, name, READ_FLAGS | O_DIRECTORY, &refused);
}

/* ---------------------------------------------------------------- listing */

static int compare_names(const void *a, const void *b, void *names)
{
    const char *base = names;
    return strcmp(base + *(const uint32_t *)a, base + *(const uint32_t *)b);
}

struct linux_dirent64 {
    uint64_t d_ino;
    int64_t d_off;
    unsigned short d_reclen;
    unsigned char d_type;
    char d_name[];
};

/* Adds the names of one answer of the kernel. */
static bool add_names(struct level *l, size_t *cap, const char *list, size_t n)
{
    for (size_t at = 0; at < n;) {
        const struct linux_dirent64 *d = (const void *)(list + at);
        at += d->d_reclen;
        if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
            continue;
        if (!sk_grow(&l->order, cap, l->n + 1, sizeof(*l->order)))
            return false;
        l->order[l->n++] = (uint32_t)l->names.n;
        if (!sk_buf_add(&l->names, d->d_name, strlen(d->d_name) + 1))
            return false;
    }
    return true;
}

/* All names of l->fd; 0 or errno. A folder that fails half way keeps what was read: the error is reported beside it. */
static int list_names(struct level *l)
{
    _Alignas(8) char list[LIST_BYTES];
    size_t cap = 0;
    int error = 0;
    sk_buf_init(&l->names, MAX_NAMES_BYTES);
    for (;;) {
        long n = syscall(SYS_getdents64, l->fd, list, sizeof(list));
        if (n < 0)
            error = errno;
        if (n <= 0)
            break;
        if (!add_names(l, &cap, list, (size_t)n))
            return ENOMEM;
    }
    if (l->n)
        qsort_r(l->order, l->n, sizeof(*l->order), compare_names, l->names.p);
    return error;
}

/* ---------------------------------------------------------------- levels */

static void close_level(struct level *l)
{
    if (l->fd >= 0)
        close(l->fd);
    sk_buf_free(&l->names);
    free(l->order);
}

static bool tell_folder(struct walk *w, int dir, const char *name, const struct stat *st, enum sk_reason why, int error)
{
    struct sk_entry e = {
        .path = w->path.p, .dir_fd = dir, .name = name, .why = why, .is_folder = true, .error = error
    };
    if (st)
        e.st = *st;
    if (w->visit(w->ctx, &e))
        return true;
    w->failed = ECANCELED;
    return false;
}

/* Takes fd over. w->path is the folder's path without the final '/'. */
static bool enter(struct walk *w, int fd, int dir, const char *name, const struct stat *st)
{
    if (!sk_grow(&w->levels, &w->cap, w->n + 1, sizeof(*w->levels))) {
        close(fd);
        w->failed = ENOMEM;
        return false;
    }
    struct level *l = &w->levels[w->n];
    memset(l, 0, sizeof(*l));
    l->fd = fd;
    l->dev = st->st_dev;
    l->ino = st->st_ino;
    int error = list_names(l);
    if (error == ENOMEM || (error && !tell_folder(w, dir, name, st, SK_WHY_DENIED, error))) {
        w->failed = error == ENOMEM ? ENOMEM : w->failed;
        close_level(l);
        return false;
    }
    if (w->path.n == 0 || w->path.p[w->path.n - 1] != '/')
        sk_buf_str(&w->path, "/");
    l->path_n = w->path.n;
    w->n++;
    if (w->n > OPEN_LEVELS) { /* keep the newest */
        struct level *old = &w->levels[w->n - 1 - OPEN_LEVELS];
        if (old->fd >= 0)
            close(old->fd);
        old->fd = -1;
    }
    if (w->path.failed)
        w->failed = ENOMEM;
    return !w->path.failed;
}

/* Leaves the innermost folder; its parent's descriptor is found again through "..", and must be the same folder as
 * before. */
static bool leave(struct walk *w)
{
    struct level *l = &w->levels[w->n - 1];
    struct level *up = w->n > 1 ? l - 1 : NULL;
    if (up && up->fd < 0 && l->fd >= 0) {
        bool refused;
        struct stat st;
        int fd = open_quietly(l->fd, "..", READ_FLAGS | O_DIRECTORY, &refused);
        if (fd >= 0 && (fstat(fd, &st) != 0 || st.st_dev != up->dev || st.st_ino != up->ino)) {
            close(fd);
            fd = -1;
        }
        up->fd = fd;
    }
    close_level(l);
    w->n--;
    if (!up || up->fd >= 0)
        return true;
    /* The tree was moved under us. What is left of the parent cannot be reached safely: say so. */
    up->next = up->n;
    w->path.n = up->path_n > 1 ? up->path_n - 1 : up->path_n;
    w->path.p[w->path.n] = '\0';
    const char *slash = strrchr(w->path.p, '/');
    return tell_folder(w, -1, slash ? slash + 1 : w->path.p, NULL, SK_WHY_DENIED, ESTALE);
}

/* A folder inside itself: mounted there, or a server that follows its own links. */
static bool is_above(const struct walk *w, const struct stat *st)
{
    for (size_t i = 0; i < w->n; i++)
        if (w->levels[i].ino == st->st_ino && w->levels[i].dev == st->st_dev)
            return true;
    return false;
}

static bool visit_folder(struct walk *w, int dir, const char *name, const struct stat *st)
{
    if (w->options->one_file_system && st->st_dev != w->start_dev)
        return tell_folder(w, dir, name, st, SK_WHY_SPECIAL, EXDEV);
    if (w->n >= MAX_LEVELS)
        return tell_folder(w, dir, name, st, SK_WHY_TOO_DEEP, ELOOP);
    int fd = open_below(w, dir, name);
    if (fd < 0)
        return tell_folder(w, dir, name, st, SK_WHY_DENIED, errno);
    struct stat now;
    if (fstat(fd, &now) != 0)
        now = *st;
    if (w->options->one_file_system &&
        now.st_dev != w->start_dev) { /* a mount point shows its own device only once it is open */
        close(fd);
        return tell_folder(w, dir, name, st, SK_WHY_SPECIAL, EXDEV);
    }
    if (is_above(w, &now)) {
        close(fd);
        return tell_folder(w, dir, name, st, SK_WHY_SPECIAL, ELOOP);
    }
    return enter(w, fd, dir, name, &now);
}

static bool visit_entry(struct walk *w, int dir, const char *name)
{
    struct sk_entry e = { .path = w->path.p, .dir_fd = dir, .name = name, .why = SK_WHY_NONE };
    if (fstatat(dir, name, &e.st, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) != 0) {
        e.error = errno;
        memset(&e.st, 0, sizeof(e.st));
        e.why = SK_WHY_DENIED;
    } else if (S_ISDIR(e.st.st_mode)) {
        return visit_folder(w, dir, name, &e.st);
    } else if (w->options->skip_ino && e.st.st_ino == w->options->skip_ino && e.st.st_dev == w->options->skip_dev) {
        return true;
    } else if (!S_ISREG(e.st.st_mode)) {
        e.why = SK_WHY_SPECIAL;
    }
    if (w->visit(w->ctx, &e))
        return true;
    w->failed = ECANCELED;
    return false;
}

/* One step: the next name of the innermost folder, or leaving it. */
static bool step(struct walk *w)
{
    struct level *l = &w->levels[w->n - 1];
    if (l->next >= l->n)
        return leave(w);
    const char *name = l->names.p + l->order[l->next++];
    w->path.n = l->path_n;
    if (!sk_buf_str(&w->path, name)) {
        w->failed = ENOMEM;
        return false;
    }
    return visit_entry(w, l->fd, name);
}

/* ---------------------------------------------------------------- the start */

static const char *last_component(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash && slash[1] ? slash + 1 : path;
}

/* The folder that holds the last component of path, for dir_fd. Needs no right to list it. */
static int open_parent(const char *path, const char *name)
{
    if (name == path)
        return open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    char *parent = sk_copy_string(path, (size_t)(name - path));
    if (!parent) {
        errno = ENOMEM;
        return -1;
    }
    int fd = open(parent, O_PATH | O_DIRECTORY | O_CLOEXEC);
    int error = errno;
    free(parent);
    errno = error;
    return fd;
}

static int start_folder(struct walk *w, const char *start, const struct stat *st)
{
    bool refused;
    int fd = open_quietly(AT_FDCWD, start, READ_FLAGS | O_DIRECTORY, &refused);
    struct stat now;
    if (fd < 0 || fstat(fd, &now) != 0) {
        int error = errno;
        if (fd >= 0)
            close(fd);
        return tell_folder(w, AT_FDCWD, start, st, SK_WHY_DENIED, error) ? 0 : w->failed;
    }
    w->start_dev = now.st_dev;
    bool more = enter(w, fd, AT_FDCWD, start, &now);
    while (more && w->n)
        more = step(w);
    return w->failed;
}

static int start_file(struct walk *w, const char *start)
{
    const char *name = last_component(start);
    int dir = open_parent(start, name);
    if (dir < 0)
        return errno;
    visit_entry(w, dir, name);
    close(dir);
    return w->failed;
}

int sk_walk(const char *start, const struct sk_walk_options *options,
            bool (*visit)(void *ctx, const struct sk_entry *e), void *ctx)
{
    static const struct sk_walk_options NONE = { 0 };
    struct walk w = { .options = options ? options : &NONE, .visit = visit, .ctx = ctx };
    struct stat st;
    if (lstat(start, &st) != 0)
        return errno;
    sk_buf_init(&w.path, MAX_PATH_BYTES);
    if (!sk_buf_str(&w.path, start))
        return ENOMEM;
    int error = S_ISDIR(st.st_mode) ? start_folder(&w, start, &st) : start_file(&w, start);
    while (w.n)
        close_level(&w.levels[--w.n]);
    free(w.levels);
    sk_buf_free(&w.path);
    return error;
}
