#ifndef LOCK_H
#define LOCK_H

#include <stdbool.h>
#include <stdint.h>

/* No files, sockets, processes or new code from here on; two GiB of memory and so many seconds of processor. */
bool lock_process(uint32_t seconds);

#endif
