/*
 * same.h - identical content is scanned once: a file whose size was met before is hashed here, and where the store
 * knows that content the result is taken over. Names count too (a name may hold a person), so another name must hold
 * nothing of its own and have the same ending.
 */
#ifndef SK_API_SAME_H
#define SK_API_SAME_H

#include "api/tree.h"

#define SK_SAME_SIZES ((size_t)1 << 20) /* bits; two sizes may share one: then a file is hashed for nothing */
struct sk_same {
    uint8_t *sizes;       /* NULL until the first file that must be read */
    uint64_t waiting[64]; /* sizes of large files given to workers whose results may not be in the store yet */
    size_t n_waiting;
};
/* fd: of the file that item tells, not moved. NULL: scan it. */
struct seki_result *sk_same_find(struct sk_same *same, struct sk_store *store, struct sk_executor *executor,
                                 const struct sk_item *item, int fd, const char *name, uint32_t full_scan_days);
/* A file of this name that gives no text would have no finding. */
bool sk_name_says_nothing(struct sk_executor *executor, const char *name);
void sk_same_free(struct sk_same *same);

#endif
