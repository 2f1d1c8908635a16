/* files.h - small files of ours, read and written whole. */
#ifndef SK_BASE_FILES_H
#define SK_BASE_FILES_H

#include "base/bytes.h"

/* Goes on after interruptions and short writes; false with errno. */
bool sk_write_all(int fd, const void *p, size_t n);
/* Writes a file of mode 0600 whole or not at all: beside it, flushed, then put in place. replace false: errno EEXIST
 * when path is there. */
bool sk_write_whole(const char *path, const void *p, size_t n, bool replace);
bool sk_write_pieces(const char *path, const struct sk_bytes *pieces, size_t n, bool replace);
/* Reads n bytes or to the end; -1 with errno. */
int64_t sk_read_up_to(int fd, void *p, size_t n);
/* Reads at most n bytes, following no link; -1 when it cannot be opened or read. */
int64_t sk_read_small(const char *path, void *p, size_t n);

#endif
