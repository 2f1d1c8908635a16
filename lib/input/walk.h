/*
 * walk.h - lists a tree and opens its files without following links and without leaving traces: openat,
 * O_RDONLY|O_NOFOLLOW|O_NONBLOCK|O_NOATIME|O_CLOEXEC, nothing is written. Names come in byte order.
 */
#ifndef SK_INPUT_WALK_H
#define SK_INPUT_WALK_H

#include "base/budget.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

struct sk_entry {
    const char *path;   /* as given by the caller + '/' + names below; raw bytes, NUL-terminated */
    int dir_fd;         /* folder that holds it, valid during the callback */
    const char *name;   /* last component */
    struct stat st;     /* lstat; zeros when it could not be had */
    enum sk_reason why; /* SK_WHY_NONE: a regular file to be read; SPECIAL: link, socket, device, FIFO; DENIED: folder
                           that cannot be listed (is_folder) or entry that cannot be examined */
    bool is_folder;     /* only with why != NONE */
    int error;          /* errno behind DENIED */
};

struct sk_walk_options {
    bool one_file_system; /* do not enter mounts below the start */
    dev_t skip_dev;
    ino_t skip_ino; /* never list this file (our own output or store); 0 = none */
};

/* Returns false from visit to stop. Regular files with more than one link are given every time. The start may itself be
 * a file. Returns 0, or the errno with which the start could not be examined (ENOENT ...), or ECANCELED. */
int sk_walk(const char *start, const struct sk_walk_options *options,
            bool (*visit)(void *ctx, const struct sk_entry *e), void *ctx);

/* Opens an entry for reading; -1 with errno. *atime_at_risk (may be NULL) is set when O_NOATIME was refused (not owner)
 * and the file system may therefore note the access. */
int sk_open_entry(const struct sk_entry *e, bool *atime_at_risk);
/* The same for a path given by a user: every component may be a link but the last may not. */
int sk_open_path(const char *path, bool *atime_at_risk);

#endif
