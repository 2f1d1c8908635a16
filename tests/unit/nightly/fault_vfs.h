/* fault_vfs.h - SQLite's file system with faults: the n-th write or sync fails and so does all that follows, as when
 * the disk is full or the power goes. */
#ifndef TESTS_FAULT_VFS_H
#define TESTS_FAULT_VFS_H

#include <stdbool.h>

enum fault { FAULT_NONE, FAULT_FULL, FAULT_SYNC, FAULT_TORN }; /* TORN: the write that fails leaves its first half */
/* Becomes the default file system. The count begins at 1 with every call; at 0 nothing fails. */
void fault_arm(enum fault kind, long at);
bool fault_happened(void);

#endif
