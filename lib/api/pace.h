/* pace.h - which files a run takes and how fast: a shard of the tree, bytes a second, the end of the time window. */
#ifndef SK_API_PACE_H
#define SK_API_PACE_H

#include "api/api.h"

#include <time.h>

struct sk_pace {
    uint64_t shard, shards; /* 1-based; shards 0: all */
    uint64_t rate, taken;   /* bytes a second, 0 = no limit; bytes given out */
    time_t until;           /* 0: no end */
    struct timespec began;
};
/* shard "2/8", until "05:30" or "05:30:00" (the next such moment); both may be NULL. */
seki_status sk_pace_set(struct sk_pace *p, const char *shard, uint64_t bytes_per_second, const char *until,
                        seki_error *err);
/* Does the file at this path below the start belong to the shard? The same answer every night and on every host. */
bool sk_pace_mine(const struct sk_pace *p, const char *below);
/* Waits until size further bytes may be read; false when cancelled says so meanwhile. Even over files, not within one.
 */
bool sk_pace_take(struct sk_pace *p, uint64_t size, bool (*cancelled)(void *ctx), void *ctx);
bool sk_pace_over(const struct sk_pace *p);

#endif
