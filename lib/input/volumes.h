/*
 * volumes.h - archives split into several files of one folder (a.part1.rar, a.r00, a.7z.001, a.z01). Names only say
 * which files may belong together; whether they do is for whoever reads their bytes. A worker can open nothing, so the
 * parent gives it the whole set: as one descriptor, a socket in which those of the files lie.
 */
#ifndef SK_INPUT_VOLUMES_H
#define SK_INPUT_VOLUMES_H

#include "input/walk.h"

#define SK_VOLUMES_MAX 200u /* what one message can carry */

enum sk_volume_style { SK_VOLUME_NONE, SK_VOLUME_PARTS, SK_VOLUME_RAR, SK_VOLUME_NUMBERED, SK_VOLUME_ZIP };
struct sk_volume {
    enum sk_volume_style style;
    uint32_t order; /* 0-based place in the joined archive; of a .zip UINT32_MAX: behind all others */
    bool lead;      /* the file under whose name the archive is reported */
};
/* What a name says. */
struct sk_volume sk_volume_of(const char *name);
/* The name of another member of the same set; 0 when there is no such name or it does not fit. */
size_t sk_volume_name(const char *name, uint32_t order, char *out, size_t cap);

/* fd is that of an entry. When its name belongs to a set of which more is there: closes it and returns the set's
 * descriptor; else returns fd. alone: the others will not be asked for, so that whichever it is stands for the whole
 * archive; else only the lead does. */
int sk_volumes_bundle(int dir_fd, const char *name, int fd, bool alone);
/* The same for a file that was opened by its path, alone. */
int sk_volumes_bundle_path(const char *path, int fd);

struct sk_volumes {
    bool lead;
    uint32_t self; /* which of them was asked for */
    uint32_t n;
    /* lead: all that are there, in the order of the archive. Else the file itself and the beginning of the archive. */
    int fds[SK_VOLUMES_MAX];
    uint64_t sizes[SK_VOLUMES_MAX];
};
/* Opens what sk_volumes_bundle closed up; false when fd is no such set. fd stays the caller's, the others are to be
 * closed by sk_volumes_close. */
bool sk_volumes_take(int fd, struct sk_volumes *out);
void sk_volumes_close(struct sk_volumes *v);

#endif
