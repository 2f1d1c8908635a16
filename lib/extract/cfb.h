/* cfb.h - OLE2 compound files (MS-CFB): a small file system of storages and streams, read with every chain bounded. */
#ifndef SK_EXTRACT_CFB_H
#define SK_EXTRACT_CFB_H

#include "extract/extract.h"

#define SK_CFB_ROOT 0u
#define SK_CFB_NONE UINT32_MAX

struct sk_cfb_entry {
    char name[100]; /* UTF-8 */
    uint8_t type;   /* 1 storage, 2 stream, 5 root */
    uint32_t parent, start;
    uint64_t size;
    uint32_t left, right, child;
    uint32_t first, next; /* children of a storage as a list; SK_CFB_NONE ends it */
    bool reached;         /* hangs in the tree */
};

struct sk_cfb;
/* NULL: no compound file, its directory unreadable, or no memory. The source must be random and outlive it. */
struct sk_cfb *sk_cfb_open(struct sk_source *source, struct sk_budget *budget);
void sk_cfb_close(struct sk_cfb *c);
uint32_t sk_cfb_count(const struct sk_cfb *c);
const struct sk_cfb_entry *sk_cfb_at(const struct sk_cfb *c, uint32_t i);
/* Entry of that name (ASCII case ignored) in a storage; SK_CFB_NONE: none. */
uint32_t sk_cfb_find(const struct sk_cfb *c, uint32_t parent, const char *name);
/* At most max bytes of a stream into *out (initialised by the caller). False: fewer than the directory promises. */
bool sk_cfb_read(struct sk_cfb *c, uint32_t i, uint64_t max, struct sk_buf *out);

struct sk_job;
/* A file that the OLE packager packed, as a child (fmt_cfb.c). */
bool sk_packed_child(struct sk_job *job, struct sk_bytes b);

#endif
